"""Data by its name or path, whatever it is: the one door to all readers."""

from pathlib import Path

from capsdraw.datasets import folders, idx, kaggle, known, pen_strokes, synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.datasets.npz import load_npz
from capsdraw.datasets.sources import KNOWN, PEN_STROKES, SYNTHETIC
from capsdraw.errors import CapsDrawError
from capsdraw.paths import expanded

_EXPECTED = (
    "an .npz file, IDX files like MNIST's (.gz too), a .csv file like Kaggle's, or a folder with a subfolder of "
    "pictures for each class"
)


def open_data(
    source: str | Path, shape: tuple[int, ...] | None = None, test_only: bool = False, watch: ReadMonitor = NO_MONITOR
) -> Data:
    """The data set of that name, or in that file or folder.

    A name of `sources.KNOWN` comes before a file of the same name, which is meant by `./mnist`.
    Where files have no test part of their own, one is split off (`data.split`).

    Args:
        source: a name of `sources.KNOWN`; a file: NPZ, IDX images with their labels beside them, CSV;
            or a folder: MNIST's four files, Kaggle's train.csv, or pictures in a folder for each class.
        shape: what a net reads, (rows, columns, 1 or 3): folders of pictures are brought to it. None, for a
            net that takes the data's form: squares of one size stay as they are, other pictures are scaled to
            28 × 28 in grey or 32 × 32 in colour (`folders.read_folder`). Other sources are given as they are.
        test_only: the training images are not needed, and may be left out where that saves time.
        watch: is told how far a download or a long read is; stops it.

    Raises:
        CapsDrawError: there is nothing there, or nothing that fits, or no memory for it; the message says
            which file or line, and what was expected. Cancelled: stopped.
    """
    try:
        return _opened(source, shape, test_only, watch)
    except MemoryError:
        raise CapsDrawError(
            f"cannot read data '{source}': there is not enough memory for all of it: "
            "close other programs, or use fewer or smaller images"
        ) from None


def _opened(source: str | Path, shape: tuple[int, ...] | None, test_only: bool, watch: ReadMonitor) -> Data:
    if source == SYNTHETIC:
        return synthetic.data(train=0, watch=watch) if test_only else synthetic.data(watch=watch)
    if source == PEN_STROKES:
        return pen_strokes.strokes().data(test_only, watch)
    if source in known.SETS:
        return known.data_set(str(source), watch)
    path = expanded(source)
    name = path.resolve().name
    try:
        if path.is_dir():
            return _folder(path, name, shape, watch)
        if path.is_file():
            return _file(path, watch)
    except OSError as error:
        raise CapsDrawError(f"cannot read data '{source}': {error.strerror or error}") from None
    names = KNOWN if pen_strokes.path() is None else (*KNOWN, PEN_STROKES)
    raise CapsDrawError(f"cannot read data '{source}': no such file or folder; known names are {', '.join(names)}")


def _file(path: Path, watch: ReadMonitor) -> Data:
    name = path.stem
    with path.open("rb") as file:
        begin = file.read(2)
    if path.suffix.lower() == ".npz" or begin == b"PK":
        return load_npz(path, name)
    if path.suffix.lower() == ".csv":
        return kaggle.read_csv(path, name, watch)
    if idx.looks_like(path):
        return idx.read_pair(path, name)
    raise CapsDrawError(f"cannot use '{path.name}': expected {_EXPECTED}")


def _folder(path: Path, name: str, shape: tuple[int, ...] | None, watch: ReadMonitor) -> Data:
    if idx.files_in(path):
        return idx.read_folder(path, name)
    if any(entry.is_dir() and not entry.name.startswith(".") for entry in path.iterdir()):
        return folders.read_folder(path, name, shape, watch)
    tables = kaggle.files_in(path)
    if tables is not None:
        return kaggle.read_csv(tables[0], name, watch, tables[1])
    raise CapsDrawError(f"cannot use the folder '{name}': expected {_EXPECTED}")
