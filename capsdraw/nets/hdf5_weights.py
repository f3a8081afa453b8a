"""HDF5 files of weights, held against what they can be before anything of them is read. No Keras here.

An HDF5 file may name other files, claim more than it has, and hold whatever NumPy has a type for. Here it is held that
there are arrays of numbers and texts in it, all within the file, and no larger than it.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
from pathlib import Path
from typing import Final

import h5py

from capsdraw import records
from capsdraw.errors import CapsDrawError, first_line

# What such a file begins with.
_MARK: Final = b"\x89HDF\r\n\x1a\n"
# Objects within a file; bytes of a list of names, and pieces that a long one is kept in.
_MOST_OBJECTS: Final = 100_000
_MOST_NAMES: Final = 1 << 20
_MOST_PIECES: Final = 64


def is_hdf5(path: Path) -> bool:
    """Whether a file is HDF5 by its content, whatever its name says; False where it cannot be read."""
    try:
        with records.open_file(path) as file:
            return file.read(len(_MARK)) == _MARK
    except CapsDrawError:
        return False


def holds_data(path: Path) -> bool:
    """Whether a file is HDF5 and not of a net, by the names at its root."""
    return is_hdf5(path) and not _holds_net(path)


def _holds_net(path: Path) -> bool:
    try:
        with h5py.File(path, "r") as file:
            described = any(h5py.h5a.exists(file.id, name) for name in (b"model_config", b"layer_names"))
            return described or any(file.id.links.exists(name) for name in (b"model_weights", b"layers", b"vars"))
    except Exception:  # HDF5 raises whatever it met; whoever reads the file says what
        return False


@contextmanager
def opened(content: bytes, what: str = "its weights") -> Iterator[h5py.File]:
    """The file of that content, in which are plain arrays of numbers alone.

    Args:
        content: all of it; what: it is, for messages.

    Raises:
        CapsDrawError: it is none, or holds or claims something else; also for what HDF5 raises in the block.
    """
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            if sum(_size(dataset, what) for dataset in _datasets(file, what)) > len(content):
                raise CapsDrawError(f"{what} claim more bytes than the file has")
            yield file
    except CapsDrawError:
        raise
    except Exception as error:  # HDF5 raises whatever it met
        raise CapsDrawError(f"{what} cannot be read: {first_line(error)}") from None


def text(group: h5py.Group, name: str, most: int) -> str | None:
    """The text that an attribute holds, of at most so many bytes; None where there is none of that name."""
    values = _texts(group, name, most)
    return values[0] if values else None


def texts(group: h5py.Group, name: str) -> list[str] | None:
    """The texts of an attribute, which Keras keeps in several where they are many; None where there is none."""
    values = _texts(group, name, _MOST_NAMES)
    if values is not None:
        return values
    pieces: list[str] = []
    for number in range(_MOST_PIECES):
        piece = _texts(group, f"{name}{number}", _MOST_NAMES)
        if piece is None:
            return pieces or None
        pieces += piece
    return pieces


def _texts(group: h5py.Group, name: str, most: int) -> list[str] | None:
    if not h5py.h5a.exists(group.id, name.encode()):
        return None
    attribute = h5py.h5a.open(group.id, name.encode())
    kind, count = attribute.dtype, prod(attribute.shape or ())
    if attribute.shape is None or (count == 0 and kind.kind in "fO"):  # an empty list has the type of numbers
        return []
    if h5py.check_string_dtype(kind) is None or count * kind.itemsize > most:
        raise CapsDrawError(f"what should be names ('{name}') is something else, or more than is read")
    value = group.attrs[name]
    values = [value] if isinstance(value, str | bytes) else list(value)
    read = [entry.decode("utf-8", "replace") if isinstance(entry, bytes) else str(entry) for entry in values]
    if sum(map(len, read)) > most:
        raise CapsDrawError(f"what should be names ('{name}') has more than {most:,} characters")
    return read


def _datasets(file: h5py.File, what: str) -> Iterator[h5py.Dataset]:
    groups: list[h5py.Group] = [file]
    known: set[int] = set()
    while groups:
        group = groups.pop()
        for name in group:
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise CapsDrawError(f"{what} are a link to elsewhere")
            inner = group[name]
            address = h5py.h5o.get_info(inner.id).addr
            if address in known:
                continue
            known.add(address)
            if len(known) > _MOST_OBJECTS:
                raise CapsDrawError(f"{what} have more than {_MOST_OBJECTS:,} parts")
            if isinstance(inner, h5py.Dataset):
                yield inner
            elif isinstance(inner, h5py.Group):
                groups.append(inner)


def _size(dataset: h5py.Dataset, what: str) -> int:
    if dataset.external or dataset.is_virtual or dataset.dtype.kind not in "biuf":
        raise CapsDrawError(f"{what} are not plain arrays of numbers in the file itself")
    return int(dataset.nbytes)
