"""NPZ files, as NumPy writes them: Keras' own `mnist.npz`, and the usual names of other makers."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw import archives
from capsdraw.datasets.arrays import Arrays, data_of
from capsdraw.datasets.data import MAX_CLASSES, Data, require_size
from capsdraw.errors import CapsDrawError, short

# Bytes of an array's header, and of the names of all classes.
_LONGEST_HEADER, _MOST_NAMES = 10_000, 1 << 20
# Names of arrays that a message has.
_LISTED = 8
_EXPECTED = "expected x_train, y_train, x_test, y_test, or x and y, or images and labels"

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
        with archives.opened(path, "data") as archive:
            _require_total(archive, path)
            members = {member.filename.removesuffix(".npy").lower(): member for member in archive.infolist()}
            train = _part(archive, members, _TRAIN, path)
            test = _part(archive, members, _TEST, path)
            if train is None and test is None:
                train = _part(archive, members, _WHOLE, path) or _unnamed(archive, members, path)
            names = _names(archive, members)
            packed = any(not member.filename.lower().endswith(".npy") for member in archive.infolist())
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a broken archive ends in any of a dozen
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CapsDrawError(f"cannot read data '{path}': {reason or type(error).__name__}") from None
    if train is None and test is None:
        raise CapsDrawError(
            f"cannot use '{path.name}': it holds {_few(list(members)) or 'nothing'}: "
            + ("unpack it, and choose its folder" if packed else _EXPECTED)
        )
    return data_of(name, train, test, names)


def _few(names: list[str]) -> str:
    """Some of the names, and how many more there are."""
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(map(short, names[:_LISTED])) + more


def _unnamed(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], path: Path) -> Arrays | None:
    """The two arrays of a file that were saved without names, whichever of them is the labels; else None."""
    if set(members) != {"arr_0", "arr_1"}:
        return None
    first, other = (array(archive, members[key], f"{key} of '{path.name}'") for key in ("arr_0", "arr_1"))
    images, labels = (first, other) if first.ndim > other.ndim or first.size > other.size else (other, first)
    return Arrays(images, labels, f"arr_0 and arr_1 of '{path.name}'")


def _part(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], names: tuple[tuple[str, str], ...], path: Path
) -> Arrays | None:
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
    return Arrays(images, labels, f"{pair[0]} and {pair[1]} of '{path.name}'")


def _names(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> tuple[str, ...]:
    """What the file calls its classes; () where it says nothing that could be that."""
    member = members.get("names")
    if member is None or member.file_size > _MOST_NAMES:
        return ()
    try:
        names = array(archive, member, "names")
    except CapsDrawError:
        return ()
    fits = names.dtype.kind == "U" and names.ndim == 1 and len(names) <= MAX_CLASSES
    return tuple(map(short, names.tolist())) if fits else ()


def _require_total(archive: zipfile.ZipFile, path: Path) -> None:
    """All arrays together are no more than can be unpacked of such a file; else CapsDrawError."""
    total, packed = sum(member.file_size for member in archive.infolist()), path.stat().st_size
    require_size((total,), 1, f"'{path.name}'", packed)


def array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> NDArray[Any]:
    """One array; its header is held against the archive's own sizes before memory is taken for it.

    Raises:
        CapsDrawError: objects, or more than is there.
    """
    with archive.open(member) as file:
        begin = file.read(12)
        # NumPy reads all of a header before it asks how long it is.
        if int.from_bytes(begin[8 : 10 if begin[6:7] == b"\1" else 12], "little") > _LONGEST_HEADER:
            raise CapsDrawError(f"cannot use {where}: its header is longer than {_LONGEST_HEADER:,} bytes")
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
