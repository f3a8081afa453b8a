"""MATLAB files (.mat), as affNIST, EMNIST and SVHN are published in; SciPy reads them, of version 7.3 h5py."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import emnist, hdf5, mat_elements
from capsdraw.datasets.arrays import Arrays, data_of, parts_of
from capsdraw.datasets.axes import image_after_image
from capsdraw.datasets.data import Data
from capsdraw.datasets.extras import library
from capsdraw.datasets.layouts import part_in
from capsdraw.errors import CapsDrawError

ENDING = ".mat"
# Structures within structures.
_DEPTH = 4
# SVHN's zeros are a class of their own.
_SVHN_ZERO = 10


def read(path: Path, name: str) -> Data:
    """The images and labels of a MATLAB file.

    Structures within it may say part and content, as EMNIST's `dataset.train.images`; so may the file's own name, as
    SVHN's `test_32x32.mat`. Images may be its rows, its columns (affNIST) or lie along its last axis (SVHN).

    Raises:
        CapsDrawError: unreadable, or no such arrays.
    """
    with path.open("rb") as file:
        begin = file.read(520)
    if hdf5.MAGIC in (begin[:8], begin[512:]):
        return hdf5.read(path, name, reverse=True)
    train, test, names = parts(path)
    return data_of(name, train, test, names)


def read_folder(files: list[Path], name: str) -> Data:
    """A file for each part, as SVHN's train_32x32.mat and test_32x32.mat: two of them.

    Raises:
        CapsDrawError: as `read`; or both are the same part.
    """
    whole = [parts(path) for path in files]
    train = next((part for part, _, _ in whole if part is not None), None)
    test = next((part for _, part, _ in whole if part is not None), None)
    if train is None or test is None:
        raise CapsDrawError(f"cannot tell which of {', '.join(repr(path.name) for path in files)} to read: choose one")
    return data_of(name, train, test)


def parts(path: Path) -> tuple[Arrays | None, Arrays | None, tuple[str, ...]]:
    """The training and the test part of a file, and what its classes are called."""
    scipy = library("scipy.io", "SciPy", f"'{path.name}'")
    try:
        mat_elements.require_whole(path)
        found = dict(_flat(scipy.loadmat(path, struct_as_record=True, squeeze_me=False), "", _DEPTH))
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a damaged file ends in any of a dozen
        text = (str(error).splitlines() or [type(error).__name__])[0]
        raise CapsDrawError(f"cannot read '{path.name}': not a whole MATLAB file ({text[:100]})") from None
    named = parts_of(found)
    if not named:
        raise CapsDrawError(
            f"cannot use '{path.name}': it holds {', '.join(list(found)[:8]) or 'no arrays'}: expected images and "
            "labels, as dataset.train.images and dataset.train.labels, or X and y"
        )
    names = emnist.names_of(next((value for key, value in found.items() if key.rpartition(".")[2] == "mapping"), None))
    read_parts = {part: _part(found, images, labels, path) for part, (images, labels) in named.items()}
    whole = read_parts.get("")
    if whole is not None and part_in(path.name) == "test":
        return None, whole, names
    return read_parts.get("train", whole), read_parts.get("test"), names


def _flat(value: Any, prefix: str, depth: int) -> Iterator[tuple[str, NDArray[Any]]]:
    """All arrays of numbers in structures, by the names on the way to them, with dots between."""
    entries: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        entries = [(key, entry) for key, entry in value.items() if not key.startswith("__")]
    elif isinstance(value, np.ndarray) and value.dtype.names and value.size == 1:
        entries = [(key, value.reshape(-1)[0][key]) for key in value.dtype.names]
    elif isinstance(value, np.ndarray) and value.dtype.kind in "buif":
        yield prefix.removesuffix("."), value
    if depth:
        for key, entry in entries:
            yield from _flat(entry, f"{prefix}{key}.", depth - 1)


def _part(found: dict[str, NDArray[Any]], images: str, labels: list[str], path: Path) -> Arrays:
    pixels = found[images]
    named, key = _labels(found, labels)
    count = len(named)
    where = f"{images} and {key} of '{path.name}'"
    if pixels.ndim == 2 and pixels.shape[0] != count and pixels.shape[1] == count:
        pixels = pixels.T
    elif pixels.ndim in (3, 4) and pixels.shape[-1] == count and pixels.shape[0] != count:
        pixels = np.moveaxis(pixels, -1, 0)
    if pixels.ndim == 4 and set(np.unique(named).tolist()) == set(range(1, _SVHN_ZERO + 1)):
        named = np.where(named == _SVHN_ZERO, 0, named)
    del found[images]  # nobody else looks at it
    return Arrays(image_after_image(pixels), named, where)


def _labels(found: dict[str, NDArray[Any]], candidates: list[str]) -> tuple[NDArray[Any], str]:
    """The first candidate that is one number for each image."""
    for key in candidates:
        array = found[key]
        if array.size and array.size == max(array.shape):
            return array.reshape(-1), key
    return found[candidates[0]], candidates[0]
