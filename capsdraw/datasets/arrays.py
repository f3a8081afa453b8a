"""Arrays of images and labels as people publish them, in the one form that `Data` has.

What can be told from the arrays is done, and noted where it could surprise: channels first, pixels from −1 to 1 or
0 to 16, labels in words. What cannot be told is refused by `data.as_split`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import MAX_CLASSES, Bytes, Data, Split, as_split, made
from capsdraw.errors import CapsDrawError
from capsdraw.ink.planes import DEEP, ROUNDING

# How far pixels go on either side of 0, the lowest of them within so much: other ones had their mean taken off.
_SIGNED, _NEAR = (1.0, 0.5), 0.01
# Images converted at once.
_BLOCK = 1024
_IMAGES = {"x", "data", "images", "image", "imgs", "img", "features", "pixels"}
_LABELS = {"y", "labels", "label", "target", "targets", "class", "classes"}
_PARTS = {
    "train": "train", "training": "train", "test": "test", "testing": "test", "valid": "valid", "val": "valid",
    "validation": "valid", "dev": "valid",
}  # fmt: skip


@dataclass(frozen=True)
class Arrays:
    """One part of a data set as its file has it.

    Attributes:
        images: (N, …) numbers; labels: (N,), (N, 1) or one-hot rows, numbers or text.
        where: how an error calls them.
    """

    images: NDArray[Any]
    labels: NDArray[Any]
    where: str


@dataclass(frozen=True)
class _Scale:
    """How pixels become bytes: what is added first, then by how much they are multiplied; and what to say of it."""

    add: float
    times: float
    note: str


def data_of(
    name: str, train: Arrays | None, test: Arrays | None, names: tuple[str, ...] = (), valid: Arrays | None = None
) -> Data:
    """Data of these parts; where the test part is missing, it is split off (`data.made`).

    Args:
        name: of the data; names: of its classes, from 0 on; left aside where they are not all of them.
        train, test, valid: the parts; valid is the end of training, which a fit holds out.

    Raises:
        CapsDrawError: they are of no form that fits; the message says which array, and which image or label.
    """
    parts = [part for part in (train, valid, test) if part is not None]
    parts, words = _numbered(parts)
    images, notes = _channels_last(parts)
    scale = _scale(images)
    if scale is not None:
        images = [_scaled(array, scale) for array in images]
        notes.append(scale.note)
    splits = iter([as_split(array, part.labels, part.where) for array, part in zip(images, parts, strict=True)])
    by_part = [None if part is None else next(splits) for part in (train, valid, test)]
    data = made(name, _joined(by_part[0], by_part[1]), by_part[2])
    called = words or names
    fits = data.classes <= len(called) <= MAX_CLASSES
    return replace(data, labels=called if fits else (), notes=tuple(notes))


def parts_of(names: Iterable[str]) -> dict[str, tuple[str, list[str]]]:
    """Which of a file's arrays are images, and which could be their labels, by part: "train", "test", "valid" or "".

    Args:
        names: of arrays, with those of the groups that they lie in: "train/data", "x_test", "label_int".
    """
    images: dict[str, str] = {}
    labels: dict[str, list[str]] = {}
    for name in names:
        words = {word.lower() for word in re.split(r"[/_.\-\s]+|(?<=[a-z])(?=[A-Z])", name)}
        part = next((_PARTS[word] for word in sorted(words) if word in _PARTS), "")
        if words & _LABELS:
            labels.setdefault(part, []).append(name)
        elif words & _IMAGES:
            images.setdefault(part, name)
    return {part: (image, labels[part]) for part, image in images.items() if part in labels}


def text_labels(labels: NDArray[Any]) -> NDArray[Any]:
    """Labels (N,) or (N, 1) in words as (N,) text; numbers as they are."""
    if labels.ndim == 2 and labels.shape[1] == 1 and labels.dtype.kind in "SU":
        labels = labels[:, 0]
    return np.char.decode(labels, "utf-8", "replace") if labels.dtype.kind == "S" else labels


def _numbered(parts: list[Arrays]) -> tuple[list[Arrays], tuple[str, ...]]:
    """The parts with words for labels replaced by numbers, and what these are called; () where they were numbers."""
    parts = [replace(part, labels=text_labels(part.labels)) for part in parts]
    if not parts or any(part.labels.dtype.kind != "U" or part.labels.ndim != 1 for part in parts):
        return parts, ()
    words = np.unique(np.concatenate([part.labels for part in parts]))
    if all(word.isascii() and word.isdigit() and len(word) < 4 for word in words.tolist()):
        return [replace(part, labels=part.labels.astype(np.int64)) for part in parts], ()
    if len(words) > MAX_CLASSES:
        raise CapsDrawError(
            f"cannot use {parts[0].where}: its labels are {len(words):,} different words: at most {MAX_CLASSES} can "
            "be read"
        )
    ordered = sorted(words.tolist(), key=lambda word: (word.casefold(), word))
    number = {word: place for place, word in enumerate(ordered)}
    return [replace(part, labels=np.array([number[word] for word in part.labels.tolist()])) for part in parts], tuple(
        ordered
    )


def _channels_last(parts: list[Arrays]) -> tuple[list[NDArray[Any]], list[str]]:
    """The images with their channels last, and a note where they came first."""
    images, notes = [], []
    for part in parts:
        array = part.images
        if array.ndim == 4 and array.shape[1] in (1, 3) and array.shape[3] not in (1, 3):
            array = array[:, 0] if array.shape[1] == 1 else array.transpose(0, 2, 3, 1)
            notes = ["its channels, which come first, were put last"]
        images.append(array)
    return images, notes


def _scale(images: list[NDArray[Any]]) -> _Scale | None:
    """What brings pixels of all parts from their own range to bytes; None where `as_split` knows it, or nobody does.

    Raises:
        CapsDrawError: the range could be several.
    """
    if not images or any(array.dtype.kind not in "uif" or not array.size for array in images):
        return None
    low, high = min(float(array.min()) for array in images), max(float(array.max()) for array in images)
    for most in _SIGNED:
        if -ROUNDING <= low + most <= _NEAR and 0 < high <= most + ROUNDING:
            return _Scale(most, 127.5 / most, f"its pixels, from {-most:g} to {most:g}, were brought to 0 to 255")
    if low < -ROUNDING or not 1 + ROUNDING < high < 65536:
        return None
    whole = round(high)
    if whole in (15, 16) and max(abs(high - whole), abs(low)) <= ROUNDING:
        return _Scale(0, 255 / whole, f"its pixels, from 0 to {whole}, were brought to 0 to 255")
    if high < 15:
        raise CapsDrawError(
            f"cannot use these images: their pixels go from {low:g} to {high:g}: expected 0 to 255, 0 to 1, -1 to 1 or "
            "0 to 16; multiply them so that full ink is 255"
        )
    if high > 255 and all(array.dtype == np.uint16 for array in images):
        full = next(limit for limit in DEEP if high <= limit)
        bits = int(full).bit_length()
        return _Scale(0, 255 / full, f"its pixels, of {bits} bits, were brought to 0 to 255")
    return None


def _scaled(images: NDArray[Any], scale: _Scale) -> Bytes:
    result = np.empty(images.shape, np.uint8)
    for first in range(0, len(images), _BLOCK):
        block = images[first : first + _BLOCK].astype(np.float64)
        result[first : first + _BLOCK] = np.rint((block + scale.add) * scale.times)
    return result


def _joined(train: Split | None, valid: Split | None) -> Split | None:
    """Training images, and those to be held out behind them."""
    if train is None or valid is None:
        return train or valid
    if train.images.shape[1:] != valid.images.shape[1:]:
        return train
    return Split(*(np.concatenate([getattr(split, key) for split in (train, valid)]) for key in ("images", "labels")))
