"""Parts of a data set: class-balanced sets drawn at random, and a set as data of its own."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError
from capsdraw.paths import saving

Ints = NDArray[np.int64]
# Sets drawn at once.
_CHUNK = 200


def draw(labels: NDArray[np.integer], each: int, count: int, seed: int) -> Ints:
    """Class-balanced sets, each drawn from the whole pool without putting back within it.

    Args:
        labels: (N,) of the pool.
        each: images of each class that the pool has; count: of sets.
        seed: decides all.

    Returns:
        (count, classes · each) indices into the pool, class after class.

    Raises:
        CapsDrawError: a class has fewer images, or nothing is to be drawn.
    """
    if each < 1 or count < 1:
        raise CapsDrawError(f"cannot draw {count} sets of {each} images of each class: both must be at least 1")
    classes, sizes = np.unique(labels, return_counts=True)
    if each > sizes.min():
        label = classes[sizes.argmin()]
        raise CapsDrawError(
            f"cannot draw {each} images of each class: class {label} has {sizes.min()} images; draw smaller sets"
        )
    random = np.random.default_rng(seed)
    sets = np.empty((count, len(classes) * each), np.int64)
    for place, label in enumerate(classes):
        own = np.flatnonzero(labels == label)
        for first in range(0, count, _CHUNK):
            rows = slice(first, min(first + _CHUNK, count))
            # The places of the smallest of random numbers are a random choice.
            keys = random.random((rows.stop - rows.start, len(own)), np.float32)
            chosen = keys.argpartition(each - 1, axis=1)[:, :each]
            sets[rows, place * each : (place + 1) * each] = own[chosen]
    return sets


def save(data: Data, chosen: Ints, path: Path) -> None:
    """Write a set as data that can be used wherever data can: NPZ as `datasets.npz.load_npz` reads it.

    Its test images are the set's. Its training images are those of the data that the set was drawn from, or, where
    that has none, the rest of the pool: so what is trained on it has not seen the set. Where nothing is left, it has a
    test part alone. `index` holds the set's places in the pool, for whoever wants to draw on it; `names` those
    of the classes, where they have any.

    Args:
        data: whose test images are the pool.
        chosen: (S,) indices into them.
        path: ends in .npz; an old file is replaced whole.

    Raises:
        CapsDrawError: another ending, or it cannot be written.
    """
    images, labels = data.train_images, data.train_labels
    if not len(labels):
        rest = np.setdiff1d(np.arange(len(data.test_labels)), chosen)
        images, labels = data.test_images[rest], data.test_labels[rest]
    arrays: dict[str, Any] = {"x_test": data.test_images[chosen], "y_test": data.test_labels[chosen], "index": chosen}
    if len(labels):
        arrays |= {"x_train": images, "y_train": labels}
    if data.labels:
        arrays["names"] = np.array(data.labels)
    with saving(path, ".npz") as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, **arrays)
