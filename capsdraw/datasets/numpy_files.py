"""NPY files: a class in each, named by its file, as QuickDraw has them; or images and labels in one each."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.arrays import Arrays, data_of, parts_of
from capsdraw.datasets.data import MAX_CLASSES, Data, require_size
from capsdraw.errors import CapsDrawError

ENDING = ".npy"
# What QuickDraw's files are called when they are fetched.
_PREFIXES = ("full_numpy_bitmap_", "full_numpy_bitmap%2F", "full%2Fnumpy_bitmap%2F")


def files_in(folder: Path) -> list[Path]:
    """The NPY files in a folder."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ENDING and not path.name.startswith("."))


def read_folder(folder: Path, name: str) -> Data:
    """All NPY files of a folder: x_train.npy, y_train.npy and so on; else a class in each, called as its file.

    Raises:
        CapsDrawError: unreadable, or of forms that do not fit together.
    """
    files = {path.stem: path for path in files_in(folder)}
    named = parts_of(files)
    if not named:
        return _classes(list(files.values()), folder, name)
    arrays = {
        part: Arrays(
            _opened(files[images])[...], _opened(files[labels[0]])[...], f"'{images}.npy' and '{labels[0]}.npy'"
        )
        for part, (images, labels) in named.items()
    }
    train = arrays.get("train", arrays.get(""))
    return data_of(name, train, arrays.get("test"), valid=arrays.get("valid"))


def read_file(path: Path, name: str) -> Data:
    """One file of images, whose labels lie in another beside it.

    Raises:
        CapsDrawError: there are no such labels; the message says what a class in each file needs.
    """
    beside = {other.stem: other for other in files_in(path.parent)}
    part = next((pair for pair in parts_of(beside).values() if path.stem in (pair[0], *pair[1])), None)
    if part is None:
        raise CapsDrawError(
            f"cannot use '{path.name}': it holds images of one class, and no labels lie beside it: choose its folder, "
            "where each file is a class, or put y.npy beside x.npy"
        )
    pair = Arrays(
        _opened(beside[part[0]])[...], _opened(beside[part[1][0]])[...], f"'{path.name}' with '{part[1][0]}.npy'"
    )
    return data_of(name, pair, None)


def _classes(files: list[Path], folder: Path, name: str) -> Data:
    if not 1 < len(files) <= MAX_CLASSES:
        raise CapsDrawError(
            f"cannot use '{folder.name}': it holds {len(files)} NPY files: expected a file for each class, 2 to "
            f"{MAX_CLASSES}"
        )
    forms = [(array.shape, array.dtype.newbyteorder("=")) for array in map(_opened, files)]
    (_, *sides), kind = forms[0][0] or (0,), forms[0][1]
    other = next((path for path, (shape, _) in zip(files, forms, strict=True) if shape[1:] != tuple(sides)), None)
    if other is not None or not sides:
        raise CapsDrawError(f"cannot use '{(other or files[0]).name}': expected images of the form of the other files")
    for path, (_, dtype) in zip(files, forms, strict=True):
        if dtype != kind and not dtype.kind == kind.kind == "f":
            raise CapsDrawError(
                f"cannot use '{folder.name}': '{files[0].name}' holds {kind} and '{path.name}' {dtype}: expected "
                "pixels of one type and range in all of its files"
            )
    kind = np.result_type(*(dtype for _, dtype in forms))
    counts = [shape[0] for shape, _ in forms]
    shape = (sum(counts), *sides)
    require_size(shape, kind.itemsize, f"'{folder.name}'")
    images, first = np.empty(shape, kind), 0
    for path, count in zip(files, counts, strict=True):
        images[first : first + count] = _opened(path)  # one at a time: what is looked at of a file takes memory, too
        first += count
    called = [_called(path.stem) for path in files]
    order = sorted(range(len(files)), key=lambda place: (called[place].casefold(), called[place]))
    labels = np.concatenate([np.full(counts[place], order.index(place)) for place in range(len(files))])
    names = tuple(called[place] for place in order)
    if all(label.isdigit() and int(label) < MAX_CLASSES for label in names):
        numbers = np.array([int(label) for label in names])
        return data_of(name, Arrays(images, numbers[labels], f"'{folder.name}'"), None)
    return data_of(name, Arrays(images, labels, f"'{folder.name}'"), None, names)


def _called(stem: str) -> str:
    for prefix in _PREFIXES:
        stem = stem.removeprefix(prefix)
    return stem.replace("%20", " ")


def _opened(path: Path) -> NDArray[Any]:
    """The array, still on the disk; its header is held against the file before anything is read."""
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CapsDrawError(f"cannot read '{path.name}': {reason.splitlines()[0][:120]}") from None
    except Exception as error:  # a damaged header ends in any of a dozen
        raise CapsDrawError(f"cannot read '{path.name}': its header is damaged ({type(error).__name__})") from None
    require_size(array.shape, array.dtype.itemsize, f"'{path.name}'")
    return array
