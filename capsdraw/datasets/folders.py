"""A folder of pictures whose classes folders, a table or file names tell (`layouts`, `label_tables`).

Classes named 0 to 9 hold digits: they take the road of every digit from ink to net (`ink.intake`), whatever their
size, and whether they are dark on light or light on dark. So a net sees a scanned digit as it sees a drawn one.
Classes with other names, and digits for a net of colour pictures, hold pictures: they are scaled at most, and nothing
in them is turned round. For a net that was trained already, pictures become what that net sees, as in `classify`.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from capsdraw.datasets import label_tables, layouts
from capsdraw.datasets.data import MAX_CLASSES, Bytes, Data, Split, arranged, as_split, made, require_size
from capsdraw.datasets.layouts import ClassImage
from capsdraw.datasets.measured import ground_of_all
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import times
from capsdraw.ink.images import lightest, opened, read_pixels
from capsdraw.ink.intake import AS_THEY_ARE, DIGITS, Intake, Road, in_colours, of_file
from capsdraw.ink.normalize import SIDE
from capsdraw.ink.planes import white_for

# Pixels a side of squares that stay as they are where no net asks for a size; a photograph's own size is no net's.
LARGEST = 64
# What other pictures are scaled to then: MNIST's size where all are grey, CIFAR-10's where any has colours.
GREY, COLOUR = (SIDE, SIDE), (32, 32)


def read_folder(
    folder: Path, name: str, shape: tuple[int, ...] | None = None, watch: ReadMonitor = NO_MONITOR,
    intake: Intake | None = None,
) -> Data:  # fmt: skip
    """All pictures of a folder, with the classes that folders, a table or their names give them.

    Classes whose names are whole numbers from 0 to 255 give their number as label, so that a 7 is
    a 7 even where there are no others; other names are numbered from 0 on in alphabetical order.
    `train` and `test` are the parts of the data, `valid` the end of its training part; without a test part
    one is split off by `data.split`.

    Args:
        folder: of the pictures; hidden files are left aside.
        name: of the data.
        shape: (rows, columns, 1 or 3) that pictures are scaled to, their middle cut to its form,
            in grey or in colour. None: (28, 28, 1) for digits; other pictures stay as they are where all are
            squares of one size, at most `LARGEST` a side; else they are scaled to `COLOUR` if any has
            colours, to `GREY` if none has.
        watch: is told of pictures.
        intake: how the net of that shape reads pictures, where it was trained already.

    Raises:
        CapsDrawError: a file that is no picture, a class without pictures, or no classes at all;
            the message names it.
    """
    return read_images(_pictures(folder), folder.name, name, shape, watch, intake)


def read_images(
    pictures: Sequence[ClassImage], where: str, name: str, shape: tuple[int, ...] | None = None,
    watch: ReadMonitor = NO_MONITOR, intake: Intake | None = None, labels: tuple[str, ...] = (),
) -> Data:  # fmt: skip
    """These pictures as data; the rest is as for `read_folder`.

    Args:
        pictures: those of training first, of the test part last.
        where: what an error calls their place.
        labels: what their classes are called, where these are named by numbers.
    """
    numbers, own = _numbered(pictures)
    digits = not own and not labels and max(numbers.values()) < 10 and shape in (None, (SIDE, SIDE, 1))
    intake = intake or (DIGITS if digits else AS_THEY_ARE)
    if intake.road == Road.PIXELS and not intake.white:
        intake = replace(intake, white=_white(pictures, watch))
    white = intake.white
    if intake.road == Road.INK or intake.turned:
        images = _for_net(pictures, shape or (SIDE, SIDE, 1), intake, watch)
    else:
        images = _pixels(pictures, shape, white, watch)
        if images.ndim == 3 and intake == replace(AS_THEY_ARE, white=white):
            intake = replace(intake, ground=ground_of_all(images))
    split = as_split(images, np.array([numbers[picture.folder] for picture in pictures]), f"'{where}'")
    return replace(_parts(pictures, split, name, own or labels), pictures=intake)


def read_picture(path: Path, shape: tuple[int, ...]) -> Bytes:
    """One picture as `read_folder` reads it for a net of `shape`, (rows, columns, 1 or 3): (rows, columns[, 3]).

    Raises:
        CapsDrawError: no picture; the message names it.
    """
    return in_colours(read_pixels(path, (shape[0], shape[1])), shape[2] == 3)


def are_of_side(pictures: Sequence[ClassImage], shape: tuple[int, ...] | None) -> bool:
    """Whether all pictures are squares of a net's size already."""
    return shape is not None and all(_side(picture.source) == shape[0] for picture in pictures)


def _pictures(folder: Path) -> list[ClassImage]:
    """Of all classes; those of training before those of the test part."""
    table = label_tables.find(folder)
    if table is None:
        return layouts.in_folders(folder)
    if table.covers_most:
        return list(table.images)
    try:
        return layouts.in_folders(folder)
    except CapsDrawError:
        return list(table.images)


def _parts(pictures: Sequence[ClassImage], split: Split, name: str, labels: tuple[str, ...]) -> Data:
    """The parts that the pictures have; those to be held out are the last of training, each part in random order."""
    tested, valid = (np.array([getattr(picture, part) for picture in pictures]) for part in ("test", "valid"))
    training = np.flatnonzero(~tested & ~valid)
    if valid.any():
        shuffled = [
            np.random.default_rng(seed).permutation(places)
            for seed, places in enumerate((training, np.flatnonzero(valid)))
        ]
        training = np.concatenate(shuffled)
    if not tested.any():
        if _is_all_single(split):
            return made(name, None, split, labels)
        return made(name, split.chosen(training) if valid.any() else split, None, labels)
    tests = np.flatnonzero(tested)
    whole = arranged(split, np.concatenate([training, tests]))
    train = whole.first(len(training)) if len(training) else None
    return made(name, train, whole.last(len(tests)), labels)


def _is_all_single(split: Split) -> bool:
    """Whether no class has a second image: ten files 0 to 9, say, which can be tested on alone."""
    return len(np.unique(split.labels)) == len(split.labels) > 1


def _numbered(pictures: Sequence[ClassImage]) -> tuple[dict[str, int], tuple[str, ...]]:
    """The number of each class, and what the numbers are called: () where they are the names."""
    names = {picture.folder for picture in pictures}
    unknown = sorted(names - {picture.folder for picture in pictures if not picture.test})
    if unknown and any(not picture.test for picture in pictures):
        raise CapsDrawError(
            f"class '{unknown[0]}' has test pictures but no training pictures: expected both or neither"
        )
    if len(names) > MAX_CLASSES:
        raise CapsDrawError(
            f"{len(names)} class folders ('{min(names)}' and others): at most {MAX_CLASSES} can be read"
        )
    if all(name.isascii() and name.isdigit() and int(name[:9]) < MAX_CLASSES for name in names):
        numbers = {name: int(name) for name in sorted(names)}
        twice = next((name for name in numbers if str(numbers[name]) != name and str(numbers[name]) in names), None)
        if twice is not None:
            raise CapsDrawError(f"class folders '{twice}' and '{numbers[twice]}' are the same class: merge them")
        return numbers, ()
    ordered = sorted(names, key=lambda name: (name.casefold(), name))
    return {name: label for label, name in enumerate(ordered)}, tuple(ordered)


def _for_net(pictures: Sequence[ClassImage], shape: tuple[int, ...], intake: Intake, watch: ReadMonitor) -> Bytes:
    """(N, rows, columns[, 3]): each as the net sees it."""
    sides = shape[:2] if shape[2] == 1 else shape
    require_size((len(pictures), *sides), 1, f"{len(pictures):,} pictures")
    images = np.empty((len(pictures), *sides), np.uint8)
    for index, picture in enumerate(pictures):
        images[index] = np.rint(of_file(picture.source, shape, intake, picture.called) * 255)
        watch.tell(index + 1, len(pictures))
    return images


def _white(pictures: Sequence[ClassImage], watch: ReadMonitor) -> float:
    """The white of all pictures of deep greys: by one of its own, a dark picture would be as light as the others."""
    tops = []
    for picture in pictures:
        watch.check()
        top = lightest(picture.source, picture.called)
        tops += [] if top is None else [top]
    return white_for(max(tops)) if tops else 0.0


def _pixels(pictures: Sequence[ClassImage], shape: tuple[int, ...] | None, white: float, watch: ReadMonitor) -> Bytes:
    """(N, rows, columns) or, as `shape` says or where any picture has colours, (N, rows, columns, 3)."""
    if shape is not None:
        return _read(pictures, (shape[0], shape[1]), shape[2] == 3, white, watch)
    alike = _are_alike(pictures, watch)
    images = _read(pictures, None if alike else COLOUR, None, white, watch)
    if not alike and images.ndim == 3:
        images = _read(pictures, GREY, None, white, watch)
    return images


def _read(
    pictures: Sequence[ClassImage], size: tuple[int, int] | None, colour: bool | None, white: float,
    watch: ReadMonitor,
) -> Bytes:  # fmt: skip
    """Each of that size, or of its own where there is none; in colour, in grey, or (None) in colour if any has some."""
    images: Bytes | None = None
    for index, picture in enumerate(pictures):
        image = read_pixels(picture.source, size, picture.called, white)
        if images is None:
            require_size((len(pictures), *image.shape), 1, f"{len(pictures):,} pictures")
            images = np.empty((len(pictures), *image.shape[:2], *((3,) if colour else ())), np.uint8)
        elif image.shape[:2] != images.shape[1:3]:
            raise CapsDrawError(
                f"cannot use '{picture.called}': it is {times(image.shape[:2])} pixels, the ones before it are "
                f"{times(images.shape[1:3])}: its header does not match its pixels"
            )
        if colour is None and image.ndim == 3 and images.ndim == 3:
            require_size((len(pictures), *image.shape), 1, f"{len(pictures):,} pictures")
            images = np.repeat(images[..., None], 3, axis=3)
        images[index] = in_colours(image, images.ndim == 4)
        watch.tell(index + 1, len(pictures))
    assert images is not None
    return images


def _are_alike(pictures: Sequence[ClassImage], watch: ReadMonitor) -> bool:
    """Whether all are squares of one size that a net can have; by their headers alone."""
    first = _side(pictures[0].source)
    for picture in pictures:
        watch.check()
        if not 0 < first <= LARGEST or _side(picture.source) != first:
            return False
    return True


def _side(source: Path | bytes) -> int:
    """Of a square picture, in pixels; 0 for any other, and for what is no picture, which reading it will say."""
    try:
        with opened(source) as image:
            return image.width if image.width == image.height else 0
    except Exception:  # Pillow's many readers raise whatever they met
        return 0
