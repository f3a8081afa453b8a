"""Pages of Parquet files: what each says it unpacks to, read from its own head, for the file's directory may say less.

Heads are Thrift's compact form (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md); of
a head only three fields are of use, and all others are gone over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from capsdraw.errors import CapsDrawError

# Bytes of a page's head, within which statistics may stand; pages of a column.
_LONGEST_HEAD: Final = 1 << 17
_MOST_PAGES: Final = 100_000
_DICTIONARY: Final = 2
# Kinds of Thrift's values.
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 12
_WHOLE: Final = (4, 5, 6)
_DEEPEST: Final = 8


@dataclass(frozen=True)
class Page:
    """Bytes of a page: packed, and as it says, unpacked; and whether it is the dictionary that others point into."""

    packed: int
    unpacked: int
    dictionary: bool


def pages(file: BinaryIO, begin: int, length: int) -> Iterator[Page]:
    """The pages that stand in a file from byte `begin` on, which take `length` bytes with their heads.

    Raises:
        CapsDrawError: they are none; what is wrong, to be put behind the file's name.
    """
    at, end = begin, begin + length
    for _ in range(_MOST_PAGES):
        if at >= end:
            return
        file.seek(at)
        head = _Head(file.read(min(_LONGEST_HEAD, end - at)))
        fields = head.numbers()
        page = Page(fields.get(3, -1), fields.get(2, -1), fields.get(1) == _DICTIONARY)
        if page.packed < 0 or page.unpacked < 0 or at + head.at + page.packed > end:
            raise CapsDrawError("a page of it is longer than its column")
        at += head.at + page.packed
        yield page
    raise CapsDrawError(f"a column of it has more than {_MOST_PAGES:,} pages")


class _Head:
    """A page's head, gone over from its first byte; `at` is behind its last one then."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def numbers(self) -> dict[int, int]:
        """The whole numbers of the outermost struct, by their field."""
        try:
            return self._struct(0)
        except IndexError:
            raise CapsDrawError("a page's head is cut off") from None

    def _struct(self, depth: int) -> dict[int, int]:
        if depth > _DEEPEST:
            raise CapsDrawError("a page's head is damaged")
        fields, name = {}, 0
        while (first := self._byte()) != _STOP:
            name = name + (first >> 4) if first >> 4 else self._signed()
            value = self._value(first & 15, depth)
            if value is not None:
                fields[name] = value
        return fields

    def _value(self, kind: int, depth: int) -> int | None:
        """A whole number, or None for anything else, which is gone over."""
        if kind in _WHOLE:
            return self._signed()
        if kind == _STRUCT:
            self._struct(depth + 1)
        elif kind == _BINARY:
            self._over(self._unsigned())
        elif kind in (_BYTE, _DOUBLE):
            self._over(1 if kind == _BYTE else 8)
        elif kind in (_LIST, _SET):
            first = self._byte()
            many = first >> 4 if first >> 4 < 15 else self._unsigned()
            for _ in range(many):
                self._over(1) if first & 15 in (_TRUE, _FALSE) else self._value(first & 15, depth + 1)
        elif kind not in (_TRUE, _FALSE):
            raise CapsDrawError("a page's head is damaged")
        return None

    def _byte(self) -> int:
        byte = self._data[self.at]
        self.at += 1
        return byte

    def _over(self, count: int) -> None:
        self.at += count
        if self.at > len(self._data):
            raise IndexError

    def _unsigned(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise CapsDrawError("a page's head is damaged")
        return value | byte << shift

    def _signed(self) -> int:
        value = self._unsigned()
        return value >> 1 ^ -(value & 1)
