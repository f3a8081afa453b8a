"""Training batches: data and synthetic digits, shuffled and moved, the same for a seed."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import synthetic
from capsdraw.fit.augment import augment
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.raster import from_bytes


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """What a fit reads: batch `b` of epoch `e` depends on the recipe's seed, `e` and `b` alone.

    So a fit that was stopped and resumed sees what one that ran through sees.

    Args:
        images, labels: (N, …) uint8 and (N,).
        recipe: of the fit.
        capsule: whether the net takes a capsule net's training form.
        classes: how many.
        epoch: the first, from 0; skip: batches of it that were done before.
    """

    def __init__(
        self, images: NDArray[np.uint8], labels: NDArray[np.integer], recipe: Recipe, capsule: bool, classes: int,
        epoch: int = 0, skip: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=8)
        self._images = images
        self._labels = labels
        self._recipe = recipe
        self._capsule = capsule
        self._classes = classes
        self._skip = skip
        self._start(epoch)

    def __len__(self) -> int:
        return -(-len(self._order) // self._recipe.batch) - self._skip

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        index += self._skip
        random = np.random.default_rng((self._recipe.seed, self._epoch, index))
        chosen = self._order[index * self._recipe.batch : (index + 1) * self._recipe.batch]
        images = from_bytes(self._pool[0][chosen])
        images = augment(images.reshape(*images.shape[:3], -1), self._recipe.augmentation, random)
        return pack(images, self._pool[1][chosen], self._classes, self._capsule)

    def on_epoch_end(self) -> None:
        """Keras calls this after each epoch: shuffle anew, draw new synthetic digits."""
        self._start(self._epoch + 1)

    def _start(self, epoch: int) -> None:
        self._epoch = epoch
        images, labels = self._images, self._labels
        if self._recipe.synthetic:
            first = epoch * self._recipe.synthetic
            drawn, named = synthetic.digits(self._recipe.synthetic, self._recipe.seed, first)
            images, labels = np.concatenate([images, drawn]), np.concatenate([labels, named])
        self._pool = (images, labels)
        self._order = np.random.default_rng((self._recipe.seed, epoch)).permutation(len(labels))


def pack(images: NDArray[np.float32], labels: NDArray[np.integer], classes: int, capsule: bool) -> tuple[Any, Any]:
    """Inputs and targets in the form that `families.training_form` takes."""
    wanted = np.eye(classes, dtype=np.float32)[labels]
    if capsule:
        return {"image": images, "label": wanted}, {"lengths": wanted, "reconstruction": images}
    return images, wanted
