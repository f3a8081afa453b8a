"""Data by its name or path, whatever it is: the one door to all readers."""

from dataclasses import replace
from pathlib import Path

from capsdraw import archives
from capsdraw.datasets import (
    cifar,
    csv_rows,
    emnist,
    folders,
    hdf5,
    idx,
    kaggle,
    known,
    label_tables,
    layouts,
    letters,
    mat,
    mnist_pickle,
    numpy_files,
    parquet,
    pen_strokes,
    synthetic,
)
from capsdraw.datasets.data import MAX_CLASSES, Data
from capsdraw.datasets.measured import intake_of
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.datasets.npz import load_npz
from capsdraw.datasets.sources import KNOWN, LETTERS, PEN_STROKES, PICTURES, SYNTHETIC
from capsdraw.errors import CapsDrawError, refusal
from capsdraw.ink.intake import Intake
from capsdraw.paths import expanded, whole

_EXPECTED = (
    "an .npz file, IDX files like MNIST's (.gz too), a .csv file like Kaggle's, a .mat, .h5, .npy, .parquet or .pkl.gz "
    "file, CIFAR's batches, or a folder with a subfolder of pictures for each class"
)


def open_data(
    source: str | Path, shape: tuple[int, ...] | None = None, test_only: bool = False,
    watch: ReadMonitor = NO_MONITOR, intake: Intake | None = None,
) -> Data:  # fmt: skip
    """The data set of that name, or in that file or folder.

    A name of `sources.KNOWN` comes before a file of the same name, which is meant by `./mnist`.
    Where files have no test part of their own, one is split off (`data.split`).

    Args:
        source: a name of `sources.KNOWN`; a file: NPZ, IDX images with their labels beside them, a table of pixels
            or of file names, MATLAB's, HDF5, Parquet, a pickle of arrays, CIFAR's archives; or a folder: of IDX files
            (of several sets in one, the folder and how the names of one set's files begin), CIFAR's batches, NPY or
            Parquet files, or pictures, whose classes folders, a table or their names tell.
        shape: what a net reads, (rows, columns, 1 or 3): folders of pictures are brought to it. None, for a
            net that takes the data's form: squares of one size stay as they are, other pictures are scaled to
            28 × 28 in grey or 32 × 32 in colour (`folders.read_folder`). Other sources are given as they are.
        test_only: the training images are not needed, and may be left out where that saves time.
        watch: is told how far a download or a long read is; stops it.
        intake: how the net of that shape reads pictures, where there is one already: so folders of them are read.

    Raises:
        CapsDrawError: there is nothing there, or nothing that fits, or no memory for it; the message says
            which file or line, and what was expected. Cancelled: stopped.
    """
    try:
        data = _opened(source, shape, test_only, watch, intake)
        if data.pictures is not None:
            return data
        images = data.train_images if len(data.train_images) else data.test_images
        return replace(data, pictures=PICTURES.get(str(source)) or intake_of(images))
    except MemoryError:
        raise CapsDrawError(
            f"cannot read data '{source}': there is not enough memory for all of it: "
            "close other programs, or use fewer or smaller images"
        ) from None


def _opened(
    source: str | Path, shape: tuple[int, ...] | None, test_only: bool, watch: ReadMonitor, intake: Intake | None
) -> Data:
    if source in (SYNTHETIC, LETTERS):
        made = synthetic.data if source == SYNTHETIC else letters.data
        return made(train=0, watch=watch) if test_only else made(watch=watch)
    if source == PEN_STROKES:
        return pen_strokes.strokes().data(test_only, watch)
    if source in known.SETS:
        return known.data_set(str(source), watch)
    path = expanded(source)
    name = whole(path).name
    # "." has no name that a message could say.
    path = path if path.name else whole(path)
    try:
        if path.is_dir():
            return _folder(path, name, shape, watch, intake)
        if path.is_file():
            return _file(path, shape, watch, intake)
        if path.parent.is_dir() and path.name in emnist.sets_in(path.parent):
            return _idx(path.parent, path.name, path.name)
    except OSError as error:
        raise CapsDrawError(f"cannot read data '{source}': {refusal(error)}") from None
    names = KNOWN if pen_strokes.path() is None else (*KNOWN, PEN_STROKES)
    raise CapsDrawError(f"cannot read data '{source}': no such file or folder; known names are {', '.join(names)}")


def _file(path: Path, shape: tuple[int, ...] | None, watch: ReadMonitor, intake: Intake | None) -> Data:
    name, suffix = path.stem, path.suffix.lower()
    with path.open("rb") as file:
        begin = file.read(8)
    if cifar.looks_like_archive(path):
        return cifar.read_archive(path, path.name.partition(".")[0])
    if begin[:2] == b"PK" and _is_table_archive(path):
        return kaggle.read_csv(path, name, watch)
    if suffix == ".npz" or begin[:2] == b"PK":
        return load_npz(path, name)
    if kaggle.is_table(path):
        table = label_tables.find(path.parent, only=path)
        if table is not None:
            return folders.read_images(list(table.images), path.name, name, shape, watch, intake)
        return kaggle.read_csv(path, name.removesuffix(".csv"), watch)
    if mnist_pickle.looks_like(path):
        return mnist_pickle.read(path, path.name.partition(".")[0])
    if suffix == mat.ENDING:
        return mat.read(path, name)
    if suffix in hdf5.ENDINGS or begin == hdf5.MAGIC:
        return hdf5.read(path, name)
    if suffix == numpy_files.ENDING:
        return numpy_files.read_file(path, name)
    if suffix == parquet.ENDING:
        return parquet.read([path], name, shape, watch, intake)
    if idx.looks_like(path):
        return idx.read_pair(path, name)
    raise CapsDrawError(f"cannot use '{path.name}': expected {_EXPECTED}")


def _is_table_archive(path: Path) -> bool:
    try:
        with archives.opened(path, "data") as archive:
            return bool(csv_rows.tables_in(archive))
    except CapsDrawError:
        return False


def _folder(path: Path, name: str, shape: tuple[int, ...] | None, watch: ReadMonitor, intake: Intake | None) -> Data:
    if cifar.looks_like_folder(path):
        return cifar.read_folder(path, name)
    sets = emnist.sets_in(path)
    if len(sets) > 1:
        raise emnist.refuse(path, sets)
    if sets:
        return _idx(path, name, sets[0])
    if numpy_files.files_in(path):
        return numpy_files.read_folder(path, name)
    parquets = parquet.files_in(path)
    if parquets:
        return parquet.read(parquets, name, shape, watch, intake)
    inside = layouts.visible(path)
    if any(entry.is_dir() for entry in inside) or layouts.pictures_in(path):
        return folders.read_folder(path, name, shape, watch, intake)
    tables = kaggle.files_in(path)
    if tables is not None:
        return kaggle.read_csv(tables[0], name, watch, tables[1])
    matlab = [entry for entry in inside if entry.suffix.lower() == mat.ENDING]
    if len(matlab) == 2:
        return mat.read_folder(matlab, name)
    only = [entry for entry in inside if entry.suffix.lower() in (".npz", mat.ENDING, *hdf5.ENDINGS)]
    only += [entry for entry in inside if mnist_pickle.looks_like(entry) or cifar.looks_like_archive(entry)]
    if len(only) == 1:
        return _file(only[0], shape, watch, intake)
    raise CapsDrawError(f"cannot use the folder '{name}': expected {_EXPECTED}")


def _idx(folder: Path, name: str, prefix: str) -> Data:
    """One set of a folder of IDX files."""
    data = idx.read_folder(folder, name, prefix)
    names = emnist.names_beside(folder, prefix)
    return replace(data, labels=names) if data.classes <= len(names) <= MAX_CLASSES else data
