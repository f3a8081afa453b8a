"""HDF5 files (.h5), as USPS is handed out: groups or names say part and content; also MATLAB's files of version 7.3."""

from pathlib import Path
from typing import Any

import numpy as np

from capsdraw import archives
from capsdraw.datasets import hdf5_chunks
from capsdraw.datasets.arrays import Arrays, data_of, parts_of
from capsdraw.datasets.data import Data, require_size
from capsdraw.datasets.extras import library
from capsdraw.errors import CapsDrawError

ENDINGS = (".h5", ".hdf5", ".hdf")
# How HDF5 begins; MATLAB puts 512 bytes of its own before it.
MAGIC = b"\x89HDF\r\n\x1a\n"
# Groups within groups, and arrays, that are looked at.
_DEPTH, _MOST = 4, 500
_KINDS = "buifS"
# Labels that are texts: how many are read at once, and the characters of one.
_TEXTS, _LONGEST_TEXT = 10_000, 200


def read(path: Path, name: str, reverse: bool = False) -> Data:
    """The images and labels of an HDF5 file, found by the names of arrays and groups: `train/data`, `train/target`, …

    Args:
        path: of the file; name: of the data.
        reverse: whether axes lie in MATLAB's order.

    Raises:
        CapsDrawError: unreadable, or no such arrays.
    """
    h5py = library("h5py", "h5py", f"'{path.name}'")
    try:
        with h5py.File(path, "r") as file:
            found = _arrays(file, h5py)
            parts = parts_of(found)
            if not parts:
                names = ", ".join(list(found)[:8]) or "no arrays"
                raise CapsDrawError(
                    f"cannot use '{path.name}': it holds {names}: expected images and labels, as train/data and "
                    "train/target"
                )
            _require_together({key: found[key] for pair in parts.values() for key in (pair[0], pair[1][0])}, path)
            read_parts = {part: _part(found, images, labels, path, reverse) for part, (images, labels) in parts.items()}
    except (CapsDrawError, MemoryError):
        raise
    except Exception as error:  # a damaged file ends in any of a dozen
        text = (str(error).splitlines() or [type(error).__name__])[0]
        raise CapsDrawError(f"cannot read '{path.name}': not a whole HDF5 file ({text[:100]})") from None
    train = read_parts.get("train", read_parts.get(""))
    return data_of(name, train, read_parts.get("test"), valid=read_parts.get("valid"))


def _arrays(file: Any, h5py: Any) -> dict[str, Any]:
    """All arrays of numbers or text in a file itself, by the names of their groups and their own."""
    arrays: dict[str, Any] = {}

    def walk(group: Any, prefix: str, depth: int) -> None:
        for key in list(group)[:_MOST]:
            # A link leads to another file, which nobody has chosen.
            if not isinstance(group.get(key, getlink=True), h5py.HardLink) or len(arrays) >= _MOST:
                continue
            entry = group.get(key)
            if isinstance(entry, h5py.Dataset):
                if entry.dtype.kind in _KINDS or h5py.check_string_dtype(entry.dtype) is not None:
                    arrays[f"{prefix}{key}"] = entry
            elif depth and isinstance(entry, h5py.Group):
                walk(entry, f"{prefix}{key}/", depth - 1)

    walk(file, "", _DEPTH)
    return arrays


def _part(found: dict[str, Any], images: str, labels: list[str], path: Path, reverse: bool) -> Arrays:
    where = f"{images} and {labels[0]} of '{path.name}'"
    pixels = _whole(found[images], images, path)
    named = _whole(found[labels[0]], labels[0], path)
    if reverse:
        pixels, named = pixels.T, named.T
        if pixels.shape[-1] == named.size != pixels.shape[0]:
            pixels = np.moveaxis(pixels, -1, 0)
    return Arrays(pixels, named[:, 0] if named.ndim == 2 and named.shape[1] == 1 else named, where)


def _require_together(arrays: dict[str, Any], path: Path) -> None:
    """Each array that will be read, and all of them, are no more than such a file can hold; else CapsDrawError."""
    claimed = 0
    for key, entry in arrays.items():
        require_size(entry.shape, entry.dtype.itemsize, f"{key} of '{path.name}'")
        claimed += entry.size * entry.dtype.itemsize
    require_size((claimed,), 1, f"'{path.name}'", path.stat().st_size)


def _whole(entry: Any, key: str, path: Path) -> Any:
    """An array, where the file is as large as it says, or so well compressed as it can be."""
    where, size = f"{key} of '{path.name}'", path.stat().st_size
    if entry.external or entry.is_virtual:
        raise CapsDrawError(f"cannot use {where}: it lies in another file")
    claimed, stored = entry.size * entry.dtype.itemsize, entry.id.get_storage_size()
    if claimed and not stored:
        raise CapsDrawError(f"cannot use {where}: it says {entry.shape}, and the file holds nothing of it")
    if stored > size or (entry.chunks is None and claimed > stored):
        raise CapsDrawError(f"cannot use {where}: it claims {claimed:,} bytes: the file has {size:,}")
    if entry.chunks is not None:
        hdf5_chunks.require_sound(entry, where)
    return _texts(entry, where, size) if entry.dtype.kind == "O" else entry[...]


def _texts(entry: Any, where: str, size: int) -> Any:
    """Labels that are texts, so many at once that they fit into memory even if each were as long as the file."""
    if entry.ndim != 1:
        raise CapsDrawError(f"cannot use {where}: expected a text for each image, received {entry.shape}")
    texts: list[str] = []
    step = min(max(archives.SMALL // (4 * max(size, 1)), 1), _TEXTS)
    for first in range(0, len(entry), step):
        part = entry.asstr()[first : first + step].tolist()
        if max(map(len, part), default=0) > _LONGEST_TEXT:
            raise CapsDrawError(f"cannot use {where}: a label in it has more than {_LONGEST_TEXT:,} characters")
        texts += part
    return np.array(texts)
