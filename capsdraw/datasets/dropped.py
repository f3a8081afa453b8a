"""What was dropped on the window: pictures to look at, or data to train on and to measure models on."""

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from capsdraw import records
from capsdraw.datasets import file_names
from capsdraw.errors import CapsDrawError, short
from capsdraw.ink.endings import ENDINGS
from capsdraw.paths import home

# Endings of files that hold data, and no picture.
_DATA = (
    ".npz", ".npy", ".csv", ".tsv", ".data", ".gz", ".tgz", ".tar", ".zip", ".mat", ".h5", ".hdf5", ".hdf", ".parquet",
    ".pkl", ".pickle",
)  # fmt: skip
# Pictures that are put together as a set of their own.
_MOST = 1000


def is_data(path: Path) -> bool:
    """Whether a path is that of data, by its name: a folder, or a file that holds no picture."""
    return path.is_dir() or path.suffix.lower() in _DATA or "ubyte" in path.name.lower()


def are_labelled(paths: Sequence[Path]) -> bool:
    """Whether these are pictures whose names say their classes, so that models can be measured on them."""
    try:
        file_names.classes([path.stem for path in paths], "these pictures")
    except CapsDrawError:
        return False
    return 1 < len(paths) <= _MOST and all(path.suffix.lower() in ENDINGS for path in paths)


def as_set(paths: Sequence[Path]) -> Path:
    """A folder of its own with copies of these pictures, as data; what was there before is replaced.

    Raises:
        CapsDrawError: it cannot be written, or two pictures from different folders have one name, which says the class.
    """
    names = Counter(path.name.casefold() for path in paths)
    twice = next((path.name for path in paths if names[path.name.casefold()] > 1), None)
    if twice is not None:
        raise CapsDrawError(f"two of these pictures are called '{short(twice)}': rename one, or put each into a folder")
    folder = home() / "dropped"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in paths:
            # Of a link to a device, a copy would have no end.
            with records.open_file(path) as source, (folder / path.name).open("xb") as target:
                shutil.copyfileobj(source, target)
    except OSError as error:
        raise CapsDrawError(f"cannot put these pictures together: {error.strerror or error}") from None
    return folder
