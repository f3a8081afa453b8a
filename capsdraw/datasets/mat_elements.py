"""What MATLAB's files of version 5 say they hold, gone through element by element before SciPy makes anything of it."""

import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np

from capsdraw.datasets.unpacked import require_unpacked
from capsdraw.errors import CapsDrawError

# Before its first element; and before each one of these.
_HEADER, _TAG = 128, 8
_MATRIX, _COMPRESSED = 14, 15
_CHUNK = 1 << 20
# Arrays in a file, each a Python object, and entries of a cell or structure, likewise.
_MOST: Final = 10_000
# Classes of arrays: cells, structures and objects, whose entries are arrays themselves; and what stands between an
# array's axes and these, or are its values: its name, names of fields, numbers.
_NESTED: Final = (1, 2, 3)
_OPAQUE, _COMPLEX = 17, 0x0800
_NUMBERS_OF: Final = {1: 1, 2: 3, 3: 4, 5: 4, 16: 1, **dict.fromkeys((4, *range(6, 16)), 2)}
# Kinds of elements: whole numbers, fractions, texts; flags and axes; and all that there are.
_NUMERIC: Final = frozenset((1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 16, 17, 18))
_FLAGS, _AXES = 6, (5, 6)
# Bytes of an array's axes.
_LONGEST_AXES = 256


def require_whole(path: Path) -> None:
    """Refuse a file whose elements say they are longer than it, or hold more than such a file can, before any is read.

    Raises:
        CapsDrawError: that, or it is no such file.
    """
    size, held = path.stat().st_size, 0
    with path.open("rb") as file:
        header = file.read(_HEADER)
        if len(header) < _HEADER or header[126:128] not in (b"IM", b"MI"):
            raise CapsDrawError(f"cannot read '{path.name}': not a MATLAB file of version 5 or later")
        order = "<u4" if header[126:128] == b"IM" else ">u4"
        inside = _Inside(order, path.name)
        while len(tag := file.read(_TAG)) == _TAG:
            kind, count = np.frombuffer(tag, order).tolist()
            inside.begin()
            if kind & 0xFFFF0000 or count > size - file.tell():
                raise CapsDrawError(f"cannot read '{path.name}': it is cut off: an element claims {count:,} bytes")
            if kind == _COMPRESSED:
                held = _unpack(file, count, path, inside, held)
                continue
            held += count
            inside.take(tag)
            left = count + -count % 8
            while left > 0 and (chunk := file.read(min(_CHUNK, left))):
                inside.take(chunk)
                left -= len(chunk)


def _unpack(file: Any, count: int, path: Path, inside: "_Inside", held: int) -> int:
    """Go through a compressed element; how many bytes there are so far."""
    stream, size = zlib.decompressobj(), path.stat().st_size
    while count > 0:
        chunk = file.read(min(_CHUNK, count))
        count -= len(chunk)
        while chunk:
            part = stream.decompress(chunk, _CHUNK)
            held += len(part)
            require_unpacked(held, size, f"cannot use '{path.name}': ")
            inside.take(part)
            chunk = stream.unconsumed_tail
    if not stream.eof:
        raise CapsDrawError(f"cannot read '{path.name}': its compressed data is cut off")
    return held


class _Inside:
    """Is given all bytes of all elements in pieces, and looks at those that say how much there is.

    An array is a matrix element, within which stand its flags, its axes, its name, and its values: numbers, or, of
    cells and structures, more matrix elements. So it is enough to step into each matrix, and over all else. SciPy looks
    kinds up in tables of its own without asking whether they are there: what is damaged would end the process.
    """

    def __init__(self, order: str, name: str) -> None:
        self._order, self._name = order, name
        self._arrays = 0
        self.begin()

    def begin(self) -> None:
        """Another outermost element comes, however the one before ended."""
        self._skip = 0
        self._begun = b""
        # How many of a matrix' first two elements, flags and axes, are still to come; its class; and how many elements
        # that are none themselves follow these.
        self._wanted, self._kind, self._due = 0, 0, 0

    def take(self, piece: bytes) -> None:
        """The next bytes."""
        at = 0
        while at < len(piece):
            if self._skip:
                step = min(self._skip, len(piece) - at)
                self._skip -= step
                at += step
                continue
            need = self._need() - len(self._begun)
            self._begun += piece[at : at + need]
            at += need
            if len(self._begun) == self._need():
                self._element()

    def _need(self) -> int:
        """Bytes of the element that is begun which are looked at."""
        if len(self._begun) < _TAG or not self._wanted or self._small():
            return _TAG
        return _TAG + self._size()

    def _small(self) -> bool:
        return bool(self._numbers(self._begun[:4])[0] >> 16)

    def _size(self) -> int:
        """Bytes of its content and what fills them up to eight."""
        count = self._numbers(self._begun[4:8])[0]
        if self._wanted and count > _LONGEST_AXES:
            raise CapsDrawError(f"cannot use '{self._name}': an array in it says it has {count // 4:,} axes")
        return count + -count % 8

    def _element(self) -> None:
        """The element that is begun is there, as far as it is looked at."""
        data, small = self._begun, self._small()
        tag = self._numbers(data[:4])[0]
        kind, count = (tag & 0xFFFF, tag >> 16) if small else (tag, self._numbers(data[4:8])[0])
        self._require(not small or count <= 4)
        if self._wanted:
            values = self._numbers(data[4 : 4 + count] if small else data[8 : 8 + count])
            (self._take_flags if self._wanted == 2 else self._take_axes)(kind, count, values)
        elif kind == _MATRIX and not small and not self._due:
            self._take_matrix(count)
        else:
            self._require(kind in _NUMERIC)
            self._due -= self._due > 0
            self._skip = 0 if small else self._size()
        self._begun = b""

    def _take_matrix(self, count: int) -> None:
        self._arrays += 1
        if self._arrays > _MOST:
            raise CapsDrawError(
                f"cannot use '{self._name}': it holds more than {_MOST:,} arrays: not images with labels"
            )
        self._wanted = 2 if count else 0

    def _take_flags(self, kind: int, count: int, values: list[int]) -> None:
        self._require((kind, count) == (_FLAGS, 8))
        self._kind, is_complex = values[0] & 0xFF, bool(values[0] & _COMPLEX)
        self._require(self._kind == _OPAQUE or self._kind in _NUMBERS_OF)
        # What is opaque has no axes.
        self._wanted = 0 if self._kind == _OPAQUE else 1
        self._due = _NUMBERS_OF.get(self._kind, 0) + is_complex

    def _take_axes(self, kind: int, count: int, values: list[int]) -> None:
        self._require(kind in _AXES and count % 4 == 0)
        self._wanted = 0
        if self._kind in _NESTED and (entries := _product(values)) > _MOST:
            raise CapsDrawError(f"cannot use '{self._name}': a cell or structure in it has {entries:,} entries")

    def _require(self, sound: bool) -> None:
        if not sound:
            raise CapsDrawError(f"cannot read '{self._name}': an array in it is damaged")

    def _numbers(self, data: bytes) -> list[int]:
        whole: list[int] = np.frombuffer(data[: len(data) // 4 * 4], self._order).tolist()
        return whole


def _product(axes: list[int]) -> int:
    product = 1
    for side in axes:
        product *= max(side, 1)
    return product
