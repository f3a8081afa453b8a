"""Tables and lists that say of which class pictures are: `filename,label` beside a folder of them, `path label`."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from capsdraw.datasets.layouts import PARTS, ClassImage, labelled, part_in, said_by, visible
from capsdraw.errors import CapsDrawError, short
from capsdraw.ink.endings import ENDINGS

_ENDINGS = (".csv", ".tsv", ".txt", ".lst", ".list")
# Bytes of a table, and of a line of it: longer ones hold pixels, and so do those of more columns.
_LARGEST, _LONGEST, _COLUMNS = 64 << 20, 4096, 32
# How deep within the table's folder its pictures lie at most.
_DEPTH = 4
_DELIMITERS = (",", ";", "\t", "|", " ")
_LABELS = (
    "label", "labels", "class", "classes", "target", "y", "digit", "category", "class_id", "classid", "label_id",
    "character", "diagnosis", "species", "breed",
)  # fmt: skip
_PARTS = ("split", "set", "part", "subset", "usage", "partition", "fold_name", "data set")


@dataclass(frozen=True)
class LabelTable:
    """What a table says.

    Attributes:
        images: of each row; all: how many pictures lie in the folder.
        names: of the files that say it.
    """

    images: tuple[ClassImage, ...]
    all: int
    names: tuple[str, ...]

    @property
    def covers_most(self) -> bool:
        """Whether half of the pictures or more are in it: others are of a test part without labels."""
        return 2 * len(self.images) >= self.all


def find(folder: Path, only: Path | None = None) -> LabelTable | None:
    """The tables in a folder whose rows name pictures in it, and give each a label; None where there is none.

    Tables without labels, and sample submissions, are left aside. A table called test is of the test part, one called
    valid is held out; else a column `split` may say so.

    Raises:
        CapsDrawError: a table names pictures that are not there, or leaves open which column is the label.
    """
    tables = [only] if only else visible(folder)
    tables = [path for path in tables if path.suffix.lower() in _ENDINGS and path.is_file()]
    tables = [path for path in tables if "submission" not in path.name.lower() and path.stat().st_size <= _LARGEST]
    tables = [path for path in tables if _is_narrow(path)]
    if not tables:
        return None
    shelf = _Shelf(folder)
    images: list[ClassImage] = []
    names: list[str] = []
    for path in tables:
        rows = _rows(path) if shelf.paths else []
        of_table = _images(path, rows, shelf) if rows else []
        images += of_table
        names += [path.name] if of_table else []
    if not images:
        return None
    ordered = sorted(_once(images, names), key=lambda image: (image.test, image.valid))
    return LabelTable(tuple(ordered), len(shelf.paths), tuple(names))


def _once(images: list[ClassImage], names: list[str]) -> list[ClassImage]:
    """Each picture once: twice it could be learnt from and tested on. A row that puts it into the test part decides."""
    kept: dict[Path | bytes, ClassImage] = {}
    tables = "', '".join(names)
    for image in images:
        other = kept.setdefault(image.source, image)
        if other.folder != image.folder:
            raise CapsDrawError(
                f"cannot use '{tables}': '{Path(str(image.source)).name}' is in "
                f"class '{short(other.folder)}' and in class '{short(image.folder)}': expected one class for a picture"
            )
        if (image.test, image.valid) > (other.test, other.valid):
            kept[image.source] = image
    return list(kept.values())


class _Shelf:
    """The pictures of a folder, to be found by what a table calls them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.paths = sorted(path for path in _files(folder, _DEPTH) if path.suffix.lower() in ENDINGS)
        self._by_name: dict[str, list[Path]] = {}
        for path in self.paths:
            relative = path.relative_to(folder)
            for name in {relative.as_posix(), path.name, path.stem, relative.with_suffix("").as_posix()}:
                self._by_name.setdefault(name, []).append(path)

    def find(self, called: str, part: str) -> Path | None:
        """The picture that a row calls so; of several, the one in the folder of that part."""
        name = called.strip().replace("\\", "/").removeprefix("./")
        found = self._by_name.get(name) or self._by_name.get(name.rpartition("/")[2]) or []
        if len(found) > 1:
            folders = {path: path.relative_to(self.folder).parts[:-1] for path in found}
            found = [path for path in found if said_by(part) in map(said_by, folders[path])] or found
        return found[0] if len(found) == 1 else None


def _images(path: Path, rows: list[list[str]], shelf: _Shelf) -> list[ClassImage]:
    """The pictures of one table; [] where its rows name none."""
    part = part_in(path.name)
    width = Counter(map(len, rows)).most_common(1)[0][0]
    body = next(
        (rows[first:] for first in (0, 1) if len(rows) > first and _file_column(rows[first], shelf, part) >= 0), None
    )
    if body is None or width < 2:
        return []
    header = [cell.strip().lower() for cell in rows[0]] if len(body) < len(rows) else []
    files = _file_column(body[0], shelf, part)
    label = _label_column(path, header, body, files)
    if label < 0:
        return []
    split = next((place for place, name in enumerate(header) if name in _PARTS), -1)
    images = []
    for number, row in enumerate(body, len(rows) - len(body) + 1):
        if len(row) != width:
            raise CapsDrawError(f"cannot use '{path.name}': line {number} has {len(row)} values: expected {width}")
        if not row[label].strip():
            raise CapsDrawError(
                f"cannot use '{path.name}': line {number} has no label: write one, or take the line out"
            )
        own = row[split].strip().lower() if split >= 0 and row[split].strip().lower() in PARTS else part
        picture = shelf.find(row[files], own)
        if picture is None:
            raise CapsDrawError(
                f"cannot use '{path.name}': line {number} names '{row[files][:60]}': expected the name of one picture "
                f"in '{shelf.folder.name}'"
            )
        images.append(labelled(picture, _plain(row[label]), own))
    return images


def _file_column(row: list[str], shelf: _Shelf, part: str) -> int:
    """Which cell of a row names a picture; one with an ending before one without, as a number; -1 where none does."""
    named = [place for place, cell in enumerate(row) if shelf.find(cell, part) is not None]
    return next((place for place in named if "." in row[place]), named[0] if named else -1)


def _label_column(path: Path, header: list[str], body: list[list[str]], files: int) -> int:
    """Which column is the label; -1 where there is none."""
    known = [place for place, name in enumerate(header) if name in _LABELS and place != files]
    if known:
        return known[0]
    others = [place for place in range(len(body[0])) if place != files]
    others = [place for place in others if not header or header[place] not in (*_PARTS, "", "id", "index")]
    if len(others) > 1:
        names = ", ".join(f"'{header[place]}'" for place in others[:4]) if header else f"{len(others)} of them"
        raise CapsDrawError(
            f"cannot tell which column of '{path.name}' is the label ({names}): call it 'label' in the first line"
        )
    return others[0] if others else -1


def _plain(label: str) -> str:
    """ "7.0" is class 7."""
    text = label.strip()
    whole, point, fraction = text.partition(".")
    return whole if point and whole.isdigit() and not fraction.strip("0") else text


def _is_narrow(path: Path) -> bool:
    """Whether a table has few columns, by its first line: one of pixels has more."""
    with path.open("rb") as file:
        line = file.readline(_LONGEST)
    return len(line) < _LONGEST and all(line.count(mark.encode()) < _COLUMNS for mark in _DELIMITERS[:-1])


def _files(folder: Path, depth: int) -> Iterator[Path]:
    """The files in a folder and those within it, but for hidden ones."""
    for path in visible(folder):
        if not path.is_dir():
            yield path
        elif depth:
            yield from _files(path, depth - 1)


def _rows(path: Path) -> list[list[str]]:
    """The cells of all lines that are not empty, parted by what parts the first lines alike."""
    lines = [line for line in _text(path).splitlines() if line.strip()]
    # A quotation mark that nothing closes would make all that follows one cell: then it is a sign as any other.
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        for delimiter in _DELIMITERS:
            begin = csv.reader(lines[:20], delimiter=delimiter, skipinitialspace=True, quoting=quoting)
            counts = {len(row) for row in begin}
            if len(counts) == 1 and counts != {1}:
                with suppress(csv.Error):
                    return list(
                        csv.reader(lines, delimiter=delimiter, skipinitialspace=True, quoting=quoting, strict=True)
                    )
    return []


def _text(path: Path) -> str:
    """What a table says, in whichever of the encodings that spreadsheets save; "" where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError:
        return ""
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
