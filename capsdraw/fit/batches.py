"""Training batches: data and synthetic digits, shuffled and moved, the same for a seed."""

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import overlaid, pen_strokes, synthetic
from capsdraw.fit.augment import augment, moved, softened
from capsdraw.fit.drawn import Drawn
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.raster import from_bytes

# The class of a digit that is not there.
NOBODY: Final = -1


class Batches(keras.utils.PyDataset):  # type: ignore[misc]
    """What a fit reads: batch `b` of epoch `e` depends on the recipe's seed, `e` and `b` alone.

    So a fit that was stopped and resumed sees what one that ran through sees. Pen digits are drawn
    with the batch that they are in, by the loader's thread, which is some batches ahead of the fit,
    and kept; each epoch, a fifth of them give way to new ones.

    Args:
        images, labels: (N, …) uint8 and (N,).
        recipe: of the fit.
        capsule: whether the net takes a capsule net's training form.
        classes: how many.
        epoch: the first, from 0; skip: batches of it that were done before.
        stopped: asked while digits are drawn; where it says yes, `Cancelled` is raised.
    """

    def __init__(
        self, images: NDArray[np.uint8], labels: NDArray[np.integer], recipe: Recipe, capsule: bool, classes: int,
        epoch: int = 0, skip: int = 0, stopped: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=8)
        self._images = images
        self._labels = labels
        self._recipe = recipe
        self._capsule = capsule
        self._classes = classes
        self._skip = skip
        self._pools = [
            Drawn(count, draw, stopped)
            for count, draw in ((recipe.synthetic, self._synthetic), (recipe.strokes, self._people))
            if count
        ]
        if recipe.strokes:
            pen_strokes.strokes()  # where they are not here, that is said before the first batch
        self._start(epoch)

    @property
    def broken_off(self) -> bool:
        """Whether a batch was left half made because the fit was stopped."""
        return any(pool.broken_off for pool in self._pools)

    def __len__(self) -> int:
        return -(-len(self._order) // self._recipe.batch) - self._skip

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        index += self._skip
        random = np.random.default_rng((self._recipe.seed, self._epoch, index))
        chosen = self._order[index * self._recipe.batch : (index + 1) * self._recipe.batch]
        if self._recipe.overlaid:
            return self._pairs(chosen, random)
        images, labels = self._digits(chosen)
        return pack(augment(images, self._recipe.augmentation, random), labels, self._classes, self._capsule)

    def _pairs(self, chosen: NDArray[np.integer], random: np.random.Generator) -> tuple[Any, Any]:
        """Each of the chosen digits with another one of another class over it."""
        shift, how = self._recipe.overlaid, self._recipe.augmentation
        images, labels = self._digits(chosen)
        others, other_labels = self._partners(labels, random)
        both = moved(np.concatenate([images, others]), how, random).reshape(2, *images.shape).swapaxes(0, 1)
        parts = overlaid.placed(both, overlaid.offsets(len(labels), shift, random), shift)
        alone = random.random(len(labels)) < self._recipe.alone
        parts[alone, 1] = 0
        seen = softened(overlaid.together(parts), how, random)
        both_labels = np.stack([labels, np.where(alone, NOBODY, other_labels)], 1)
        return pack_pairs(seen, parts, both_labels, self._classes, self._capsule)

    def _partners(
        self, labels: NDArray[np.integer], random: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.integer]]:
        """Digits of other classes than these, from all of the epoch; `room` has seen to it that there are some."""
        chosen = random.integers(0, len(self._order), len(labels))
        images, others = self._digits(chosen)
        while len(same := np.flatnonzero(others == labels)):
            images[same], others[same] = self._digits(random.integers(0, len(self._order), len(same)))
        return images, others

    def _digits(self, chosen: NDArray[np.integer]) -> tuple[NDArray[np.float32], NDArray[np.integer]]:
        """Images (B, rows, columns, channels) float32 in [0, 1] of these numbers, and their labels."""
        pixels, labels = self._take(chosen)
        images = from_bytes(pixels)
        return images.reshape(*images.shape[:3], -1), labels

    def on_epoch_end(self) -> None:
        """Keras calls this after each epoch: shuffle anew, and some new pen digits from now on."""
        self._start(self._epoch + 1)

    def _start(self, epoch: int) -> None:
        self._epoch = epoch
        count = len(self._labels) + self._recipe.pen_digits
        self._order = np.random.default_rng((self._recipe.seed, epoch)).permutation(count)

    def _take(self, chosen: NDArray[np.integer]) -> tuple[NDArray[np.uint8], NDArray[np.integer]]:
        """Images and labels of these numbers: those of the data come first, then the epoch's pen digits."""
        end = len(self._labels)
        images = np.empty((len(chosen), *self._images.shape[1:]), np.uint8)
        labels = np.empty(len(chosen), np.int64)
        from_data = np.flatnonzero(chosen < end)
        images[from_data], labels[from_data] = self._images[chosen[from_data]], self._labels[chosen[from_data]]
        for pool in self._pools:
            here = np.flatnonzero((chosen >= end) & (chosen < end + pool.count))
            pixels, labels[here] = pool.take(chosen[here] - end, self._epoch)
            images[here] = pixels.reshape(len(here), *images.shape[1:])
            end += pool.count
        return images, labels

    def _synthetic(self, numbers: NDArray[np.integer]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        return synthetic.digits_at(numbers, self._recipe.seed)

    def _people(self, numbers: NDArray[np.integer]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        return pen_strokes.strokes().digits_at(numbers, self._recipe.seed)


def pack(images: NDArray[np.float32], labels: NDArray[np.integer], classes: int, capsule: bool) -> tuple[Any, Any]:
    """Inputs and targets in the form that `families.training_form` takes."""
    wanted = np.eye(classes, dtype=np.float32)[labels]
    if capsule:
        return {"image": images, "label": wanted}, {"lengths": wanted, "reconstruction": images}
    return images, wanted


def pack_pairs(
    images: NDArray[np.float32],
    parts: NDArray[np.float32],
    labels: NDArray[np.integer],
    classes: int,
    capsule: bool,
) -> tuple[Any, Any]:
    """As `pack`, of two digits over one another.

    Args:
        images: (B, rows, columns, channels) both together; parts: (B, 2, …) each alone; labels: (B, 2), the second
            `NOBODY` where there is no other digit.
        classes: how many; capsule: whether for a capsule net's training form.
    """
    each = np.eye(classes + 1, classes, dtype=np.float32)[labels]  # `NOBODY` is the last row, of zeros
    wanted = each.sum(1)
    if capsule:
        inputs = {"image": images, "label": each[:, 0], "second": each[:, 1]}
        return inputs, {"lengths": wanted, "reconstruction": parts}
    return images, wanted
