"""The lines of a table of pixels as arrays, read in blocks: a bad line is told before a million others are read."""

import codecs
import gzip
import io
import warnings
import zipfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from capsdraw import archives
from capsdraw.datasets import csv_columns, unpacked
from capsdraw.datasets.csv_columns import Columns, cells, is_number
from capsdraw.datasets.data import MAX_CLASSES, require_size
from capsdraw.datasets.monitor import ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.ink.planes import ROUNDING

# Lines read at once.
_BLOCK = 1000
# And letters, where they are long.
_LETTERS = 1 << 22
# Bytes; a line of 256 × 256 pixels has 262,144.
_LONGEST = 1 << 20
ENDINGS = (".csv", ".tsv", ".data")


@dataclass(frozen=True)
class PixelTable:
    """A table of pixels: images (N, pixels) uint8 or float32, and labels (N,) numbers or text, or one-hot rows."""

    images: NDArray[Any]
    labels: NDArray[Any]


class _Lines:
    """The lines of an open table, counted, and how far it is read."""

    def __init__(self, file: BinaryIO, place: Callable[[], int], name: str) -> None:
        self._file, self._place, self._name = file, place, name
        self.number = 1
        self._back: list[str] = []
        self._begun = False

    @property
    def place(self) -> int:
        """Bytes of the file on the disk that are read."""
        return self._place()

    def take(self, count: int) -> list[str]:
        """The next lines, as many as there are."""
        lines, self._back = self._back[:count], self._back[count:]
        letters = sum(map(len, lines))
        while len(lines) < count and letters < _LETTERS and (line := self._next(self.number + len(lines))):
            lines.append(line)
            letters += len(line)
        if len(lines) == _BLOCK and not any(map(str.strip, lines)):
            raise CapsDrawError(f"cannot use '{self._name}': line {self.number} and {_BLOCK - 1:,} more are empty")
        self.number += len(lines)
        return lines

    def give_back(self, lines: list[str]) -> None:
        """Lines that are to be taken again."""
        self._back = lines + self._back
        self.number -= len(lines)

    def _next(self, number: int) -> str:
        line = self._file.readline(_LONGEST)
        if len(line) == _LONGEST and not line.endswith(b"\n"):
            raise CapsDrawError(
                f"cannot use '{self._name}': line {number} is longer than {_LONGEST:,} bytes: not a CSV of images"
            )
        if not self._begun:
            self._begun, line = True, line.removeprefix(BOM_UTF8)
        return line.decode("utf-8", "replace")


@contextmanager
def _open(path: Path) -> Iterator[_Lines]:
    """The lines of a table, be it compressed or the only table in a ZIP archive."""
    try:
        with path.open("rb") as raw:
            begin = raw.read(2)
            raw.seek(0)
            if begin in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                raise CapsDrawError(
                    f"cannot use '{path.name}': it is UTF-16, as some spreadsheets save it: save it as CSV in UTF-8"
                )
            if begin == b"PK":
                with archives.opened(path, "data") as archive, archive.open(_only_table(archive, path)) as member:
                    yield _Lines(cast(BinaryIO, member), cast(BinaryIO, archive.fp).tell, path.name)
            elif begin == unpacked.GZIP:
                file = unpacked.Unpacked(path, f"cannot use '{path.name}': ")
                with io.BufferedReader(file) as buffered:
                    yield _Lines(buffered, lambda: file.place, path.name)
            else:
                yield _Lines(raw, raw.tell, path.name)
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise CapsDrawError(f"cannot read '{path.name}': its compressed data is cut off or damaged ({error})") from None
    except OSError as error:
        raise CapsDrawError(f"cannot read data '{path}': {error.strerror or error}") from None


def tables_in(archive: zipfile.ZipFile) -> list[str]:
    """The tables in a ZIP archive, but for what macOS puts beside them."""
    names = [name for name in archive.namelist() if name.lower().endswith(ENDINGS)]
    return [name for name in names if not name.startswith("__MACOSX") and not name.rpartition("/")[2].startswith(".")]


def _only_table(archive: zipfile.ZipFile, path: Path) -> str:
    tables, head = tables_in(archive), f"cannot use '{path.name}': "
    if len(tables) != 1:
        held = ", ".join(f"'{table}'" for table in tables[:4]) or "none"
        raise CapsDrawError(f"{head}expected one table in it, found {held}: unpack it")
    unpacked.require_unpacked(archive.getinfo(tables[0]).file_size, path.stat().st_size, head)
    return tables[0]


def is_labelled(path: Path) -> bool:
    """Whether a file begins as a table of images with labels."""
    try:
        with _open(path) as lines:
            csv_columns.of_lines(_first(lines, path.name), path.name)
    except CapsDrawError:
        return False
    return True


def read(path: Path, watch: ReadMonitor) -> PixelTable:
    """All lines of a table.

    Raises:
        CapsDrawError: unreadable, no labels, or a line that does not fit; it is named.
    """
    with _open(path) as lines:
        size = path.stat().st_size
        columns = csv_columns.of_lines(_first(lines, path.name), path.name)
        if columns.headed:
            lines.take(1)
        if columns.label is None and not columns.one_hot:
            block = lines.take(_BLOCK)
            _Rows(columns, path.name, size).add(block, lines.number - len(block))
            columns = replace(columns, label=_label(block, columns, path, watch))
            lines.give_back(block)
        rows = _Rows(columns, path.name, size)
        while block := lines.take(_BLOCK):
            rows.add(block, lines.number - len(block))
            watch.tell(lines.place, size)
    return rows.table()


def _first(lines: _Lines, name: str) -> list[str]:
    first = lines.take(_BLOCK)
    lines.give_back(first)
    if not first:
        raise CapsDrawError(f"cannot use '{name}': there are no images in it")
    return first


def _label(block: list[str], columns: Columns, path: Path, watch: ReadMonitor) -> int:
    """Which of the first and the last column is the label: told by the first lines, else by all of them."""
    first, last = set[str](), set[str]()
    _ends(block, columns, first, last)
    if len(first) < 2 or len(last) < 2:
        with _open(path) as lines:
            while more := lines.take(_BLOCK):
                _ends(more, columns, first, last)
                watch.check()
    return csv_columns.chosen_end(columns, first, last, path.name)


def _ends(lines: list[str], columns: Columns, first: set[str], last: set[str]) -> None:
    """Take the values at both ends of the lines, as long as there are no more than could be labels."""
    for line in lines:
        if line.strip():
            row = line.split(columns.delimiter, columns.ends[0] + 1)
            for values, cell in ((first, row[columns.ends[0]]), (last, line.rsplit(columns.delimiter, 1)[-1])):
                if len(values) <= MAX_CLASSES:
                    values.add(cell.strip().strip('"'))


class _Rows:
    """Takes lines, and holds their numbers: as bytes as long as all are whole numbers from 0 to 255."""

    def __init__(self, columns: Columns, name: str, packed: int) -> None:
        self._columns, self._name, self._packed = columns, name, packed
        self._pixels = bytearray()
        self._dtype: type = np.uint8
        self._most = 0.0
        self._labels: list[Any] = []
        self._count = 0

    def add(self, lines: list[str], first_line: int) -> None:
        """Take these lines, the first of which has that number."""
        kept = [line for line in lines if line.strip()]
        if not kept:
            return
        label = self._columns.label
        if self._columns.words:
            assert label is not None
            rows = [cells(line, self._columns.delimiter) for line in kept]
            short = next((place for place, row in enumerate(rows) if len(row) != self._columns.count), None)
            if short is None:
                self._labels += [row.pop(label) for row in rows]
                kept = [",".join(row) for row in rows]
        values = self._parsed(kept, lines, first_line)
        places = np.array(self._columns.pixels) - (1 if self._columns.words and label == 0 else 0)
        if self._columns.one_hot:
            self._labels += values[:, -self._columns.one_hot :].argmax(1).tolist()
        elif not self._columns.words and label is not None:
            self._labels += values[:, label].tolist()
        self._take(values[:, places])

    def table(self) -> PixelTable:
        """All that was taken."""
        if not self._count:
            raise CapsDrawError(f"cannot use '{self._name}': there are no images in it")
        images: NDArray[Any] = np.frombuffer(self._pixels, self._dtype).reshape(self._count, -1)
        return PixelTable(images, np.array(self._labels))

    def _take(self, pixels: NDArray[Any]) -> None:
        if pixels.dtype != np.uint8 and self._dtype is np.uint8:
            self._pixels = bytearray(np.frombuffer(self._pixels, np.uint8).astype(np.float32).tobytes())
            self._dtype = np.float32
        self._count += len(pixels)
        size = np.dtype(self._dtype).itemsize
        require_size((self._count, pixels.shape[1]), size, f"'{self._name}'", self._packed)
        self._pixels += np.ascontiguousarray(pixels, self._dtype).data.cast("B")
        self._most = max(self._most, float(pixels.max(initial=0)))

    def _parsed(self, kept: list[str], lines: list[str], first_line: int) -> NDArray[Any]:
        """The numbers of these lines: (N, columns) uint8, or float32 where all are from -1 to 1."""
        delimiter = "," if self._columns.words else self._columns.delimiter
        wide = self._columns.count - (1 if self._columns.words else 0)
        reason = ""
        for kind in (np.uint8, np.float32):
            try:
                with warnings.catch_warnings():
                    # NumPy 2.2 cuts the fraction of what is to be a byte off and warns; as an error it is a ValueError.
                    warnings.simplefilter("error", DeprecationWarning)
                    rows = np.loadtxt(kept, kind, delimiter=delimiter, comments=None, quotechar='"', ndmin=2)
            except ValueError as error:
                reason = str(error)
                continue
            if rows.shape[1] == wide and (kind is np.uint8 or self._fits(rows)):
                whole = kind is np.uint8 or bool((rows == np.rint(rows)).all() and rows.min() >= 0)
                return rows.astype(np.uint8) if whole else rows
            reason = f"{rows.shape[1]} values: expected {wide}" if rows.shape[1] != wide else "other numbers"
        for offset, line in enumerate(lines):
            wrong = self._wrong(line)
            if wrong:
                raise CapsDrawError(f"cannot use '{self._name}': line {first_line + offset} {wrong}")
        last_line = first_line + len(lines) - 1
        raise CapsDrawError(f"cannot use '{self._name}': lines {first_line} to {last_line}: {reason}")

    def _fits(self, rows: NDArray[Any]) -> bool:
        """Whether all are whole numbers up to 255, or pixels from -1 to 1 as all before them were."""
        if not np.isfinite(rows).all():
            return False
        if (rows == np.rint(rows)).all() and rows.min() >= 0 and rows.max() <= 255:
            return True
        label = self._columns.label
        others = [] if self._columns.words else self._columns.ends if label is None else [label]
        pixels = np.delete(rows, others, 1)
        return bool(max(self._most, np.abs(pixels).max()) <= 1 + ROUNDING)

    def _wrong(self, line: str) -> str:
        """What is wrong with a line; empty where nothing is."""
        row = cells(line, self._columns.delimiter) if line.strip() else []
        if not row:
            return ""
        pixels = self._columns.pixels
        if len(row) != self._columns.count:
            return f"has {len(row)} values: expected a label and {len(pixels)} pixels"
        for place, cell in enumerate(row):
            if not _is_byte(cell) and not (self._columns.words and place == self._columns.label):
                what = f"pixel {pixels.index(place)}" if place in pixels else "label"
                what = what if self._columns.label is not None else f"column {place + 1}"
                return f"has '{cell[:40]}' for its {what}: expected a whole number from 0 to 255"
        return ""


def _is_byte(cell: str) -> bool:
    return is_number(cell) and 0 <= float(cell) <= 255 and float(cell).is_integer()
