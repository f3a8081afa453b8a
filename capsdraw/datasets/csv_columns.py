"""Which column of a table of pixels is what: the label, first or last; an index; as many pixels as make a square."""

import re
from dataclasses import dataclass
from math import isqrt

from capsdraw.errors import CapsDrawError

LABELS = ("label", "labels", "class", "target", "y", "digit", "category", "character", "letter")
_INDEX = ("", "id", "index", "idx", "no", "unnamed: 0", "imageid", "image_id")
# As None, whatever blanks there are.
_DELIMITERS = (",", ";", "\t", None)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
# Labels told apart by a row of numbers, one of them 1, where that is what a table ends in.
_MOST_ONE_HOT = 62


@dataclass(frozen=True)
class Columns:
    """The columns of a table.

    Attributes:
        delimiter: between cells; None for blanks.
        count: of all of them.
        label: which one is the label, from 0; None where that is not known yet: the first or the last of the rest.
        index: which one only counts the lines, or None.
        one_hot: so many at the end are the label, one of them 1; 0 for a label of its own.
        headed: whether the first line names them.
        words: whether labels are words.
    """

    delimiter: str | None
    count: int
    label: int | None
    index: int | None = None
    one_hot: int = 0
    headed: bool = False
    words: bool = False

    @property
    def pixels(self) -> list[int]:
        """Which ones are pixels; the label is known."""
        others = {self.label, self.index}
        return [place for place in range(self.count - self.one_hot) if place not in others]

    @property
    def ends(self) -> tuple[int, int]:
        """The two columns that could be the label."""
        return 1 if self.index == 0 else 0, self.count - 1


def of_lines(lines: list[str], name: str) -> Columns:
    """The columns that a table's first lines speak of.

    Args:
        lines: the first ones, at least one; name: of the file.

    Raises:
        CapsDrawError: no label, or not as many pixels as make a square.
    """
    delimiter = max(_DELIMITERS, key=lambda mark: (len(cells(lines[0], mark)), mark is not None))
    first = cells(lines[0], delimiter)
    second = cells(lines[1], delimiter) if len(lines) > 1 else []
    words = [place for place, cell in enumerate(first) if not is_number(cell)]
    label_only = len(words) == 1 and words[0] in (0, len(first) - 1) and len(second) == len(first)
    if label_only and not is_number(second[words[0]]) and first[words[0]].lower() not in LABELS:
        return _square(Columns(delimiter, len(first), words[0], words=True), name)
    if words:
        return _named(first, second, delimiter, name)
    return _unnamed(lines, len(first), delimiter, name)


def cells(line: str, delimiter: str | None) -> list[str]:
    """The cells of a line, without quotes and blanks around them."""
    return [cell.strip().strip('"').strip() for cell in line.strip("\r\n").split(delimiter)]


def is_number(cell: str) -> bool:
    """Whether a cell is a number."""
    return bool(_NUMBER.fullmatch(cell))


def chosen_end(columns: Columns, first: set[str], last: set[str], name: str) -> int:
    """Which of the first and the last column is the label, by all values that they have.

    A label has two values or more; where both could be it, it is the one whose numbers go without a gap from 0 or 1.

    Raises:
        CapsDrawError: neither is, or nobody knows.
    """
    could = [end for end, values in zip(columns.ends, (first, last), strict=True) if len(values) > 1]
    if len(could) == 2:
        gapless = [end for end, values in zip(columns.ends, (first, last), strict=True) if _is_gapless(values)]
        could = gapless if len(gapless) == 1 else could
    if len(could) == 1:
        return could[0]
    what = (
        f"its first and its last column have one value each ({min(first)}, {min(last)}), and a label has two or more"
        if not could
        else "its first and its last column could both be the label"
    )
    raise CapsDrawError(f"cannot use '{name}': {what}: name the columns in a first line, 'label' among them")


def _is_gapless(values: set[str]) -> bool:
    if not all(value.isdigit() for value in values):
        return False
    numbers = sorted({int(value) for value in values})
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _named(first: list[str], second: list[str], delimiter: str | None, name: str) -> Columns:
    """As the first line calls them."""
    lowered = [cell.lower() for cell in first]
    label = next((place for place, cell in enumerate(lowered) if cell in LABELS), None)
    if label is None:
        raise CapsDrawError(
            f"cannot use '{name}': its first column is '{first[0][:40]}': expected 'label', then the pixels; "
            "a file without labels, as Kaggle's test.csv, cannot be used for training or testing"
        )
    index = next((place for place, cell in enumerate(lowered) if cell in _INDEX and place != label), None)
    words = label < len(second) and not is_number(second[label])
    return _square(Columns(delimiter, len(first), label, index, headed=True, words=words), name)


def _unnamed(lines: list[str], count: int, delimiter: str | None, name: str) -> Columns:
    """By what would leave a square of pixels."""
    if _is_square(count - 1):
        return Columns(delimiter, count, None)
    rows = [cells(line, delimiter) for line in lines if line.strip()]
    if _is_square(count - 2) and _counts([row[0] for row in rows]):
        return Columns(delimiter, count, None, 0)
    for one_hot in range(2, _MOST_ONE_HOT + 1):
        if _is_square(count - one_hot) and all(_is_one_hot(row[-one_hot:]) for row in rows):
            return Columns(delimiter, count, None, one_hot=one_hot)
    return _square(Columns(delimiter, count, 0), name)


def _square(columns: Columns, name: str) -> Columns:
    """These, where their pixels make a square."""
    pixels = len(columns.pixels)
    if not _is_square(pixels):
        raise CapsDrawError(
            f"cannot use '{name}': line 1 has a label and {pixels} pixels: expected a square image, as 28 × 28 = 784"
        )
    return columns


def _is_square(pixels: int) -> bool:
    return pixels >= 4 and isqrt(pixels) ** 2 == pixels


def _counts(column: list[str]) -> bool:
    """Whether a column counts the lines, from 0 or 1."""
    numbers = [int(cell) if cell.isdigit() else -1 for cell in column]
    return len(numbers) > 1 and numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _is_one_hot(row: list[str]) -> bool:
    values = [float(cell) if is_number(cell) else -1.0 for cell in row]
    return sorted(values) == [0.0] * (len(values) - 1) + [1.0]
