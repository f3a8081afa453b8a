"""The data sets known by name, and where they lie on this machine: `CAPSDRAW_DATA`, then Keras' cache."""

import os
import string
from dataclasses import replace
from pathlib import Path

from capsdraw.datasets import idx
from capsdraw.datasets.data import Data as Data
from capsdraw.datasets.npz import load_npz as load_npz
from capsdraw.errors import CapsDrawError
from capsdraw.ink.intake import AS_THEY_ARE, DIGITS, Ground, Intake
from capsdraw.paths import data_folder, expanded

# The published data sets known by name, and the file, or MNIST's four files' folder, that holds each.
FILES = {"mnist": "mnist.npz", "cifar10": "cifar10-small.npz", "fashion-mnist": "fashion-mnist"}
# What the app draws itself, pen digits and capital letters, needs neither file nor network.
SYNTHETIC = "synthetic"
LETTERS = "synthetic-letters"
MADE = (SYNTHETIC, LETTERS)
# All names that `opening.open_data` knows.
KNOWN = (*MADE, *FILES)
# A name that is known where `CAPSDRAW_DATA` holds its file: people's pen strokes (`datasets.pen_strokes`).
PEN_STROKES = "pen-strokes"
# The user's own drawings (`collection.as_data`), alone or, "collection+mnist", beside other data.
COLLECTION = "collection"
COLLECTION_FILE = "collection.sqlite"
_BESIDE = "collection+"

# Of each known set: (rows, columns, channels) of an image, and how many classes there are.
SHAPES: dict[str, tuple[tuple[int, ...], int]] = {
    SYNTHETIC: ((28, 28, 1), 10), "mnist": ((28, 28, 1), 10), "fashion-mnist": ((28, 28, 1), 10),
    "cifar10": ((32, 32, 3), 10), PEN_STROKES: ((28, 28, 1), 10), LETTERS: ((28, 28, 1), 26),
}  # fmt: skip

# How pictures are to be made such as these sets' images are; clothes lie light on black.
PICTURES = {
    SYNTHETIC: DIGITS, "mnist": DIGITS, "fashion-mnist": Intake(ground=Ground.DARK, turned=True),
    "cifar10": AS_THEY_ARE, PEN_STROKES: DIGITS, LETTERS: DIGITS,
}  # fmt: skip

# What a CIFAR-10 label stands for.
CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
FASHION_CLASSES = (
    "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
CAPITALS = tuple(string.ascii_uppercase)
LABELS = {"cifar10": CIFAR10_CLASSES, "fashion-mnist": FASHION_CLASSES, LETTERS: CAPITALS}


def collection_beside(source: str) -> str:
    """The name of the user's drawings beside that data."""
    return f"{_BESIDE}{source}"


def other_data(source: str) -> str:
    """The data that the user's drawings stand beside; the name itself where they do not."""
    return source.removeprefix(_BESIDE)


def has_collection(source: str) -> bool:
    """Whether data of that name has the user's drawings in it."""
    return source == COLLECTION or source.startswith(_BESIDE)


def keras_cache() -> Path:
    """The folder that Keras keeps fetched data sets in."""
    named = os.environ.get("KERAS_HOME")
    return (expanded(named) if named else Path.home() / ".keras") / "datasets"


def local_file(name: str) -> Path | None:
    """The file or folder of the data set `name`, one of `FILES`, where it lies on this machine, or None."""
    return next((path for place in (data_folder(), keras_cache()) if (path := file_in(place, name))), None)


def file_in(place: Path | None, name: str) -> Path | None:
    """The file of the data set `name` in the folder `place`; or its folder, where all four files are in it.

    A folder that holds too many files, or cannot be looked into, is its folder, too: whoever reads it is told so.
    """
    if place is None:
        return None
    path = place / FILES[name]
    try:
        return path if path.is_file() or (path.is_dir() and len(idx.files_in(path)) == len(idx.FILES)) else None
    except CapsDrawError:
        return path
    except OSError:  # `place` cannot be looked into
        return None


def local_data(name: str) -> Data | None:
    """All of the data set `name` where it already lies on this machine, or None; nothing is fetched.

    Raises:
        CapsDrawError: it lies here and cannot be read.
    """
    path = local_file(name)
    return None if path is None else read_local(path, name)


def read_local(path: Path, name: str) -> Data:
    """The data set `name`, one of `FILES`, from its file or folder.

    Raises:
        CapsDrawError: it cannot be read.
    """
    data = idx.read_folder(path, name) if path.is_dir() else load_npz(path, name)
    return replace(data, labels=LABELS.get(name, ()))
