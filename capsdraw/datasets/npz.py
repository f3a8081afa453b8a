"""NPZ files, as NumPy writes them: Keras' own `mnist.npz`, and the usual names of other makers."""

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import MAX_CLASSES, Data, Split, as_split, made, require_size
from capsdraw.errors import CapsDrawError

# Names of images and labels, in the order in which they are looked for, small and capital letters alike.
_TRAIN = (("x_train", "y_train"), ("train_images", "train_labels"))
_TEST = (("x_test", "y_test"), ("test_images", "test_labels"))
_WHOLE = (("x", "y"), ("images", "labels"), ("data", "labels"), ("data", "target"))


def load_npz(path: Path, name: str) -> Data:
    """An NPZ file with `x_train`, `y_train`, `x_test`, `y_test`, or other usual names.

    `train_images`, `train_labels`, `test_images`, `test_labels` are the same; a file with `x`, `y` or
    `images`, `labels` alone is split by `data.split`, and so is one with a training part alone.
    `data.as_split` says what the arrays may hold. Nothing pickled is read. `names`, where there is one, tells
    what the classes are called: (C,) text, from class 0 on to the last one at least; any other is left aside.

    Raises:
        CapsDrawError: unreadable, arrays missing, or not of a form that fits.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename.removesuffix(".npy").lower(): member for member in archive.infolist()}
            train = _part(archive, members, _TRAIN, path)
            test = _part(archive, members, _TEST, path)
            if train is None and test is None:
                train = _part(archive, members, _WHOLE, path)
            names = _names(archive, members)
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a broken archive ends in any of a dozen
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CapsDrawError(f"cannot read data '{path}': {reason or type(error).__name__}") from None
    if train is None and test is None:
        raise CapsDrawError(
            f"cannot use '{path.name}': it holds {', '.join(members) or 'nothing'}: "
            "expected x_train, y_train, x_test, y_test, or x and y, or images and labels"
        )
    data = made(name, train, test)
    return replace(data, labels=names) if data.classes <= len(names) <= MAX_CLASSES else data


def _part(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], names: tuple[tuple[str, str], ...], path: Path
) -> Split | None:
    """The first pair of `names` that is there, or None; half a pair is refused."""
    pair = next((candidates for candidates in names if set(candidates) <= set(members)), None)
    if pair is None:
        for candidates in names:
            present = [name for name in candidates if name in members]
            if present:
                missing = next(name for name in candidates if name not in members)
                raise CapsDrawError(f"cannot use '{path.name}': it holds {present[0]} but no {missing}")
        return None
    images, labels = (array(archive, members[name], f"{name} of '{path.name}'") for name in pair)
    return as_split(images, labels, f"{pair[0]} and {pair[1]} of '{path.name}'")


def _names(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> tuple[str, ...]:
    """What the file calls its classes; () where it says nothing that could be that."""
    try:
        names = array(archive, members["names"], "names")
    except (KeyError, CapsDrawError):
        return ()
    return tuple(names.tolist()) if names.dtype.kind == "U" and names.ndim == 1 else ()


def array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> NDArray[Any]:
    """One array; its header is held against the archive's own sizes before memory is taken for it.

    Raises:
        CapsDrawError: objects, or more than is there.
    """
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = header(file)
        require_size(shape, dtype.itemsize, where)
        claimed = int(np.prod([dtype.itemsize, *shape], dtype=object))
        if dtype.hasobject or claimed > member.file_size:
            raise CapsDrawError(
                f"cannot use {where}: its header says {shape} {dtype}, {claimed:,} bytes: "
                f"the file has {member.file_size:,}"
            )
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)
