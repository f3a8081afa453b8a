"""What every reader gives: images with labels. And what every reader checks before it gives them."""

from dataclasses import dataclass, replace
from math import isqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw import archives
from capsdraw.errors import CapsDrawError, short
from capsdraw.formatting import class_name, times
from capsdraw.ink.intake import Intake
from capsdraw.ink.planes import ROUNDING

Bytes = NDArray[np.uint8]

# Pixels; the smallest digits in common use (scikit-learn's) have 8 a side.
MIN_SIDE = 8
# Of pixels as a file holds them. Beyond it lies a broken header, or more than a machine can train on.
MAX_BYTES = 4 << 30
# Labels are bytes.
MAX_CLASSES = 256
# Up to here labels are taken for digits, of which some may be missing: a 7 is a 7 even where there are no others.
DIGITS = 10
# Where a source has no test images of its own, one in so many of each class is kept for them.
TEST_PART = 6
# Bytes of images that are not copied to be put in another order, and of each that are moved at once then.
_LARGE, _STRIPE = 1 << 27, 64
# Values that are looked at or converted at once: eight bytes each, and three of each.
_BLOCK = 1 << 21


@dataclass(frozen=True)
class Data:
    """Images with labels, in a training and a test part.

    The parts are their makers' own where they made them, else `split`. The training part is
    empty where only test images were given.

    Attributes:
        name: for people.
        train_images, test_images: (N, rows, columns) uint8, ink is 255, or (N, rows, columns, 3) in colour.
        train_labels, test_labels: (N,) uint8, the class numbers as they stand in the source.
        labels: what each class number is called, from 0 on; () where the numbers speak for themselves.
        pictures: how they became these images, where their reader knows it.
        notes: what was done to them that the user may not expect, a line each.
    """

    name: str
    train_images: Bytes
    train_labels: Bytes
    test_images: Bytes
    test_labels: Bytes
    labels: tuple[str, ...] = ()
    pictures: Intake | None = None
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, columns, channels) of an image."""
        shape = self.test_images.shape[1:]
        return shape if len(shape) == 3 else (*shape, 1)

    @property
    def classes(self) -> int:
        """The largest class number, or name, and one."""
        parts = (self.train_labels, self.test_labels)
        return max(len(self.labels), *(int(labels.max(initial=0)) + 1 for labels in parts))

    @property
    def are_digits(self) -> bool:
        """Whether the classes can be the digits 0 to 9, called by their numbers."""
        names = set(self.labels)
        return self.classes <= DIGITS and names <= {str(digit) for digit in range(DIGITS)}

    def transposed(self) -> "Data":
        """The same with rows and columns of all images exchanged; its arrays are views of these."""
        return replace(self, train_images=self.train_images.swapaxes(1, 2), test_images=self.test_images.swapaxes(1, 2))

    def label(self, label: int) -> str:
        """What class `label` is called; its number where it has no name."""
        return class_name(self.labels, label)


@dataclass(frozen=True)
class Split:
    """Images (N, rows, columns[, 3]) uint8 and their labels (N,) uint8, checked."""

    images: Bytes
    labels: Bytes

    def chosen(self, index: NDArray[Any]) -> "Split":
        """The images and labels at `index`."""
        return Split(self.images[index], self.labels[index])

    def first(self, count: int) -> "Split":
        """The first ones, as views."""
        return Split(self.images[:count], self.labels[:count])

    def last(self, count: int) -> "Split":
        """The last ones, as views."""
        return Split(self.images[len(self.labels) - count :], self.labels[len(self.labels) - count :])


def as_split(images: NDArray[Any], labels: NDArray[Any], where: str) -> Split:
    """Images and labels of whatever form a file holds them in, in ours.

    Args:
        images: (N, side, side), (N, side, side, 1), (N, side, side, 3) or (N, side²); whole numbers
            from 0 to 255, or any numbers from 0 to 1 (bool too), which are made 255 times as large.
        labels: (N,) or (N, 1) whole numbers from 0 to 255, or (N, classes) with one 1 in each row.
        where: how an error calls them.

    Raises:
        CapsDrawError: they are of no such form; the message says which image or label is not.
    """
    fit = _bytes(_square(images, where), where)
    return Split(fit, _labels(labels, len(fit), where))


def made(name: str, train: Split | None, test: Split | None, labels: tuple[str, ...] = ()) -> Data:
    """Data of the parts that a source has: where the test part is missing, it is split off.

    Training images that come sorted by class are shuffled (seed 0): a fit holds out the last of
    them, which would all be of one class.

    Raises:
        CapsDrawError: training and test images have different forms, or too few to split.
    """
    if test is None:
        assert train is not None
        trained, tested = _split_places(train, name)
        if _is_sorted(train.labels[trained]):
            trained = trained[np.random.default_rng(0).permutation(len(trained))]
        whole = arranged(train, np.concatenate([trained, tested]))
        train, test = whole.first(len(trained)), whole.last(len(tested))
    elif train is None:
        train = test.first(0)
    elif _is_sorted(train.labels):
        train = arranged(train, np.random.default_rng(0).permutation(len(train.labels)))
    if train.images.shape[1:] != test.images.shape[1:]:
        raise CapsDrawError(
            f"cannot use '{name}': its training images are {times(train.images.shape[1:])} pixels, "
            f"its test images {times(test.images.shape[1:])}: expected the same"
        )
    return Data(name, train.images, train.labels, test.images, test.labels, tuple(map(short, labels)))


def label_problem(labels: Bytes, classes: int | None = None) -> str:
    """Why no net can be trained on images with these labels; "" where one can.

    Labels up to 9 are digits, and any of them may be missing. Beyond, a single wrong label would make a
    net of a hundred classes, most of which no image has: there, numbers go without a gap from 0 or, as
    EMNIST's letters do, from 1 on.

    Args:
        labels: (N,) class numbers of the images to train on.
        classes: that the net has, where that was said; then any of them may be missing.
    """
    present = np.unique(labels)
    if not len(present):
        return "there are no images to train on"
    most = int(present[-1])
    if classes is not None:
        return "" if most < classes else f"an image has class {most}, the net's classes are 0 to {classes - 1}"
    if not most:  # the net's one score would always be 1
        return "all images are of class 0, and one class is nothing to tell apart: add images of another"
    missing = np.setdiff1d(np.arange(1, most), present)
    if most < DIGITS or not len(missing):
        return ""
    return (
        f"no image has class {missing[0]}, though there is a class {most} ({np.count_nonzero(labels == most):,} of "
        f"{len(labels):,} images): expected class numbers without gaps, starting at 0 or 1"
    )


def split(data: Split, name: str, seed: int = 0) -> tuple[Split, Split]:
    """A training and a test part, the test part one in `TEST_PART` of each class (rounded, at least one).

    Which ones depends on the seed, on how many images a class has and on their order in it alone.
    A class with a single image stays in the training part. Both parts keep the order of the whole.

    Raises:
        CapsDrawError: no class has two images.
    """
    trained, tested = _split_places(data, name, seed)
    return data.chosen(trained), data.chosen(tested)


def arranged(split: Split, order: NDArray[np.int64]) -> Split:
    """All images and labels in another order; many are moved where they lie, for want of room for all of them twice.

    Args:
        split: whose images are not used otherwise; order: (N,) each place once.
    """
    images = split.images
    if images.nbytes < _LARGE or not (images.flags.c_contiguous and images.flags.writeable):
        return split.chosen(order)
    pixels = images.reshape(len(order), -1)
    for first in range(0, pixels.shape[1], _STRIPE):
        stripe = slice(first, first + _STRIPE)
        pixels[:, stripe] = pixels[order, stripe]
    return Split(images, split.labels[order])


def _is_sorted(labels: Bytes) -> bool:
    return bool((np.diff(labels.astype(np.int16)) >= 0).all())


def _split_places(data: Split, name: str, seed: int = 0) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the images of both parts of `split` stand."""
    tested = np.zeros(len(data.labels), bool)
    for label in np.unique(data.labels):
        own = np.flatnonzero(data.labels == label)
        count = min(max(1, round(len(own) / TEST_PART)), len(own) - 1)
        tested[np.random.default_rng((seed, int(label))).permutation(own)[:count]] = True
    if not tested.any():
        raise CapsDrawError(f"cannot use '{name}': no class has two images, one to train on and one to test on")
    return np.flatnonzero(~tested), np.flatnonzero(tested)


def require_size(shape: tuple[int, ...], itemsize: int, where: str, packed: int | None = None) -> None:
    """Before anything is allocated for it: an array of that shape is one that can be read.

    Args:
        shape, itemsize: of the array; where: how an error calls it.
        packed: bytes of the file that it is unpacked from.

    Raises:
        CapsDrawError: it is larger than `MAX_BYTES`, or than a file of that size can hold.
    """
    size = itemsize
    for side in shape:
        size *= int(side)
    if packed is not None and archives.most(packed) < size <= MAX_BYTES:
        raise CapsDrawError(
            f"cannot use {where}: it claims {times(shape)} values, {size >> 20:,} MiB, from a file of "
            f"{max(packed >> 20, 1):,}: at most {archives.most(packed) >> 20:,} MiB are unpacked of it"
        )
    if size > MAX_BYTES:
        raise CapsDrawError(
            f"cannot use {where}: it claims {times(shape)} values, {size / 2**30:,.0f} GiB; "
            f"at most {MAX_BYTES >> 30} GiB can be read"
        )


def _square(images: NDArray[Any], where: str) -> NDArray[Any]:
    """(N, side, side) or (N, side, side, 3), or refused."""
    shape = images.shape
    if images.ndim == 2 and isqrt(shape[1]) ** 2 == shape[1]:
        images = images.reshape(shape[0], isqrt(shape[1]), -1)
    elif images.ndim == 4 and shape[3] == 1:
        images = images[..., 0]
    if not (images.ndim == 3 or (images.ndim == 4 and shape[3] == 3)) or images.dtype.kind not in "buif":
        raise CapsDrawError(
            f"cannot use {where}: expected images (N, side, side), (N, side, side, 3) or (N, side²) of numbers, "
            f"received {shape} {images.dtype}"
        )
    if not len(images):
        raise CapsDrawError(f"cannot use {where}: there are no images")
    rows, columns = images.shape[1:3]
    if rows != columns or rows < MIN_SIDE:
        wrong = "not square" if rows != columns else "too small"
        raise CapsDrawError(
            f"cannot use {where}: its images are {rows} × {columns}, {wrong}: "
            f"expected squares of at least {MIN_SIDE} × {MIN_SIDE}"
        )
    return images


def _bytes(images: NDArray[Any], where: str) -> Bytes:
    """The same pixels from 0 to 255, or refused."""
    low, high = float(images.min()), float(images.max())
    if not np.isfinite([low, high]).all():
        first = next(n for n, image in enumerate(images) if not np.isfinite(image).all())
        raise CapsDrawError(f"cannot use {where}: image {first} (from 0) has pixels that are not numbers (NaN, inf)")
    if low < -ROUNDING or high > 255 + ROUNDING:
        raise CapsDrawError(
            f"cannot use {where}: its pixels go from {low:g} to {high:g}: "
            "expected whole numbers from 0 to 255, or numbers from 0 to 1"
        )
    if images.dtype == np.uint8 and high > 1:
        return np.ascontiguousarray(images)
    unit = high <= 1 + ROUNDING
    values, result = images.reshape(-1), np.empty(images.size, np.uint8)
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK].astype(np.float64)
        scaled = block * 255 if unit else block
        rounded = np.rint(scaled)
        if not unit and (wrong := np.abs(rounded - scaled) > ROUNDING).any():
            first = (start + int(np.flatnonzero(wrong)[0])) // (len(values) // len(images))
            raise CapsDrawError(
                f"cannot use {where}: image {first} (from 0) has fractions above 1: "
                "expected whole numbers from 0 to 255, or numbers from 0 to 1"
            )
        result[start : start + _BLOCK] = rounded
    return result.reshape(images.shape)


def _labels(labels: NDArray[Any], count: int, where: str) -> Bytes:
    if labels.dtype.kind not in "buif" or labels.ndim not in (1, 2) or len(labels) != count:
        raise CapsDrawError(
            f"cannot use {where}: expected {count} labels, one for each image, as whole numbers or one-hot rows, "
            f"received {labels.shape} {labels.dtype}"
        )
    if labels.ndim == 2:
        labels = labels[:, 0] if labels.shape[1] == 1 else _from_one_hot(labels, where)
    fits = (labels >= 0) & (labels < MAX_CLASSES) & (labels == np.rint(labels))
    if not fits.all():
        first = int(np.flatnonzero(~fits)[0])
        raise CapsDrawError(
            f"cannot use {where}: label {first} (from 0) is {labels[first]}: expected whole numbers from 0 to 255"
        )
    return labels.astype(np.uint8)


def _from_one_hot(rows: NDArray[Any], where: str) -> NDArray[np.int64]:
    fits = ((rows == 0) | (rows == 1)).all(1) & ((rows == 1).sum(1) == 1)
    if not fits.all():
        first = int(np.flatnonzero(~fits)[0])
        raise CapsDrawError(f"cannot use {where}: label row {first} (from 0) is not one-hot: expected one 1 among 0s")
    return rows.argmax(1)
