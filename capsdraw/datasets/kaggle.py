"""CSV files of images, as Kaggle's Digit Recognizer has them: `label,pixel0,…,pixel783`, a line an image."""

from pathlib import Path

from capsdraw.datasets import csv_rows
from capsdraw.datasets.arrays import Arrays, data_of
from capsdraw.datasets.data import Data
from capsdraw.datasets.layouts import said_by
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.errors import CapsDrawError


def read_csv(path: Path, name: str, watch: ReadMonitor = NO_MONITOR, test: Path | None = None) -> Data:
    """The images of a CSV file, split by `data.split`, or of two, the second one the test part.

    The first line may be a header, one of whose columns is then called `label`, and one perhaps `id`; without one,
    the label is the first number of each line or the last, whichever could be one. As many pixels as make a
    square follow row by row. Cells are parted by commas, semicolons, tabs or blanks; the file may be compressed.

    Raises:
        CapsDrawError: unreadable, no labels, or a line that is none of these; it is named.
    """
    return data_of(name, _read(path, watch), None if test is None else _read(test, watch))


def files_in(folder: Path) -> tuple[Path, Path | None] | None:
    """The CSV file to train on, and the one to test on where there is one with labels; None without any.

    Kaggle's own test.csv has no labels, and is left aside like its sample submission, and like hidden files.
    """
    visible = (path for path in folder.iterdir() if not path.name.startswith("."))
    files = sorted(path for path in visible if is_table(path) and path.is_file())
    training = [path for path in files if said_by(path.name) == "train"]
    if len(files) == 1 or len(training) == 1:
        chosen = training[0] if training else files[0]
        tests = [
            path for path in files if path != chosen and said_by(path.name) == "test" and csv_rows.is_labelled(path)
        ]
        return chosen, tests[0] if len(tests) == 1 else None
    if not files:
        return None
    names = ", ".join(f"'{path.name}'" for path in files[:4])
    raise CapsDrawError(f"cannot tell which file of '{folder.name}' to read ({names}): choose one of them")


def is_table(path: Path) -> bool:
    """Whether a file is a table by its name."""
    return path.name.lower().removesuffix(".gz").removesuffix(".zip").endswith(csv_rows.ENDINGS)


def _read(path: Path, watch: ReadMonitor) -> Arrays:
    table = csv_rows.read(path, watch)
    return Arrays(table.images, table.labels, f"'{path.name}'")
