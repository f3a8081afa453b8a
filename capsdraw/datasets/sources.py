"""Where images come from on this machine: `CAPSDRAW_DATA`, then Keras' cache."""

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.paths import data_folder

# The data sets known by name, and the file that holds each.
FILES = {"mnist": "mnist.npz", "cifar10": "cifar10-small.npz"}

# What a CIFAR-10 label stands for.
CIFAR10_CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@dataclass(frozen=True)
class Data:
    """Images with labels, split as their makers split them.

    Attributes:
        name: for people.
        train_images, test_images: (N, rows, columns) uint8, ink is 255, or (N, rows, columns, 3) in colour.
        train_labels, test_labels: (N,) uint8.
    """

    name: str
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, columns, channels) of an image."""
        shape = self.test_images.shape[1:]
        return shape if len(shape) == 3 else (*shape, 1)


def local_file(name: str) -> Path | None:
    """The file of the data set `name`, one of `FILES`, where it lies on this machine, or None."""
    keras_home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    places = [data_folder(), keras_home / "datasets"]
    return next((place / FILES[name] for place in places if place and (place / FILES[name]).is_file()), None)


def local_data(name: str) -> Data | None:
    """All of the data set `name` where it already lies on this machine, or None; nothing is fetched."""
    path = local_file(name)
    return None if path is None else load_npz(path, name)


def load_npz(path: Path, name: str) -> Data:
    """An NPZ file with `x_train`, `y_train`, `x_test`, `y_test`, as Keras' own `mnist.npz`.

    Raises:
        CapsDrawError: unreadable, arrays missing, or shapes that do not fit.
    """
    try:
        # Opened here: NumPy leaves a file that is no archive open.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            arrays = [file[key] for key in ("x_train", "y_train", "x_test", "y_test")]
    except KeyError as error:
        raise CapsDrawError(f"cannot read '{path.name}': {error.args[0]!s}") from None
    except (OSError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise CapsDrawError(f"cannot read data '{path}': {error}") from None
    for images, labels in (arrays[:2], arrays[2:]):
        fits = images.ndim in (3, 4) and images.dtype == np.uint8 and labels.shape == images.shape[:1]
        if not (fits and len(labels) and np.issubdtype(labels.dtype, np.integer) and labels.min() >= 0):
            raise CapsDrawError(
                f"cannot use '{path.name}': expected images (N, rows, columns) or (N, rows, columns, channels) uint8 "
                f"with N labels from 0 on, received {images.shape} {images.dtype} with labels {labels.shape}"
            )
    return Data(name, *arrays)
