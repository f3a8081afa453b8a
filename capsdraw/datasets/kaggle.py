"""CSV files of images, as Kaggle's Digit Recognizer has them: `label,pixel0,…,pixel783`, a line an image."""

from codecs import BOM_UTF8
from math import isqrt
from pathlib import Path
from typing import BinaryIO

import numpy as np

from capsdraw.datasets.data import Bytes, Data, Split, as_split, made, require_size
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.errors import CapsDrawError

# Lines read at once: a bad line is told as soon as its block is read, not after a million others.
_BLOCK = 1000
# Bytes; a line of 256 × 256 pixels has 262,144.
_LONGEST = 1 << 20


def read_csv(path: Path, name: str, watch: ReadMonitor = NO_MONITOR, test: Path | None = None) -> Data:
    """The images of a CSV file, split by `data.split`, or of two, the second one the test part.

    The first line may be a header, whose first column is then called `label`; without one, the
    first number of each line is the label. As many pixels as make a square, whole numbers from
    0 to 255, follow row by row.

    Raises:
        CapsDrawError: unreadable, no labels, or a line that is none of these; it is named.
    """
    return made(name, _read(path, watch), None if test is None else _read(test, watch))


def files_in(folder: Path) -> tuple[Path, Path | None] | None:
    """The CSV file to train on, and the one to test on where there is one with labels; None without any.

    Kaggle's own test.csv has no labels, and is left aside like its sample submission, and like hidden files.
    """
    visible = (path for path in folder.iterdir() if not path.name.startswith("."))
    files = sorted(path for path in visible if path.suffix.lower() == ".csv" and path.is_file())
    training = [path for path in files if "train" in path.name.lower()]
    if len(files) == 1 or len(training) == 1:
        chosen = training[0] if training else files[0]
        tests = [path for path in files if path != chosen and "test" in path.name.lower() and _is_labelled(path)]
        return chosen, tests[0] if len(tests) == 1 else None
    if not files:
        return None
    names = ", ".join(f"'{path.name}'" for path in files[:4])
    raise CapsDrawError(f"cannot tell which file of '{folder.name}' to read ({names}): choose one of them")


def _is_labelled(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            _begin(file, path.name)
    except (OSError, CapsDrawError):
        return False
    return True


def _read(path: Path, watch: ReadMonitor) -> Split:
    try:
        with path.open("rb") as file:
            rows = _rows(file, path, watch)
    except OSError as error:
        raise CapsDrawError(f"cannot read data '{path}': {error.strerror or error}") from None
    return as_split(rows[:, 1:], rows[:, 0], f"'{path.name}'")


def _rows(file: BinaryIO, path: Path, watch: ReadMonitor) -> Bytes:
    """All lines: (N, 1 + pixels), the label first."""
    columns, line_number = _begin(file, path.name)
    size = path.stat().st_size
    blocks: list[Bytes] = []
    done = 0
    while lines := _lines(file, line_number, path.name):
        block = _block(lines, line_number, columns, path.name)
        done += len(block)
        require_size((done, columns), 1, f"'{path.name}'")
        blocks.append(block)
        line_number += len(lines)
        watch.tell(file.tell(), size)
    if not done:
        raise CapsDrawError(f"cannot use '{path.name}': there are no images in it")
    return np.concatenate(blocks)


def _begin(file: BinaryIO, name: str) -> tuple[int, int]:
    """How many columns there are, and the number of the first line of values, where `file` then stands."""
    start = len(BOM_UTF8) if file.read(len(BOM_UTF8)) == BOM_UTF8 else 0
    file.seek(start)
    line = _line(file, 1, name)
    cells = [cell.strip().strip('"') for cell in line.split(",")]
    headed = not _is_byte(cells[0])
    if headed and cells[0].lower() != "label":
        raise CapsDrawError(
            f"cannot use '{name}': its first column is '{cells[0][:40]}': expected 'label', then the pixels; "
            "a file without labels, as Kaggle's test.csv, cannot be used for training or testing"
        )
    pixels = len(cells) - 1
    if pixels < 1 or isqrt(pixels) ** 2 != pixels:
        raise CapsDrawError(
            f"cannot use '{name}': line 1 has a label and {pixels} pixels: expected a square image, as 28 × 28 = 784"
        )
    if not headed:
        file.seek(start)
    return len(cells), 2 if headed else 1


def _lines(file: BinaryIO, first_line: int, name: str) -> list[str]:
    lines = []
    for offset in range(_BLOCK):
        line = _line(file, first_line + offset, name)
        if not line:
            break
        lines.append(line)
    return lines


def _line(file: BinaryIO, line_number: int, name: str) -> str:
    """The next line with its end; empty at the end of the file."""
    line = file.readline(_LONGEST)
    if len(line) == _LONGEST and not line.endswith(b"\n"):
        raise CapsDrawError(
            f"cannot use '{name}': line {line_number} is longer than {_LONGEST:,} bytes: not a CSV of images"
        )
    return line.decode("utf-8", "replace")


def _block(lines: list[str], first_line: int, columns: int, name: str) -> Bytes:
    if not any(line.strip() for line in lines):
        return np.empty((0, columns), np.uint8)
    try:
        rows = np.loadtxt(lines, np.uint8, delimiter=",", comments=None, quotechar='"', ndmin=2)
        if rows.shape[1] == columns:
            return rows
        reason = f"{rows.shape[1]} values: expected {columns}"
    except ValueError as error:
        reason = str(error)
    for offset, line in enumerate(lines):
        wrong = _wrong(line, columns)
        if wrong:
            raise CapsDrawError(f"cannot use '{name}': line {first_line + offset} {wrong}")
    raise CapsDrawError(f"cannot use '{name}': lines {first_line} to {first_line + len(lines) - 1}: {reason}")


def _wrong(line: str, columns: int) -> str:
    """What is wrong with a line; empty where nothing is."""
    cells = line.strip().split(",")
    if cells == [""]:
        return ""
    if len(cells) != columns:
        return f"has {len(cells)} values: expected a label and {columns - 1} pixels"
    for place, cell in enumerate(cells):
        if not _is_byte(cell.strip().strip('"')):
            what = "label" if place == 0 else f"pixel {place - 1}"
            return f"has '{cell[:40]}' for its {what}: expected a whole number from 0 to 255"
    return ""


def _is_byte(cell: str) -> bool:
    return cell.isascii() and cell.isdigit() and int(cell[:9]) <= 255
