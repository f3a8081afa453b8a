"""A look at the net while it is trained, taken by the fit's own thread between two batches."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import overlaid
from capsdraw.datasets.data import Split
from capsdraw.fit.events import Floats, Snapshot
from capsdraw.fit.plan import Plan
from capsdraw.ink import pair
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families
from capsdraw.nets.reading import each_masked, longest
from capsdraw.nets.session import compiled

# Seconds between two looks within an epoch: at least so many, and so many times what a look takes.
# A new drawing of the user's is looked at sooner.
_EVERY, _SHARE = 3.0, 50.0
_SOON, _SOON_SHARE = 0.25, 25.0

# Where no images are held out, the classes are looked for among so many of the first.
_FIRST = 200

# A primary capsule is dead when no digit that is looked at makes it longer than this.
DEAD = 0.01


@dataclass(frozen=True)
class SnapshotSubject:
    """What to look at.

    Attributes:
        digits: (N, rows, columns, channels) float32 in [0, 1], the same all the time.
        labels: (N,) their classes.
        own: called for the user's own digit (rows, columns) float32, or None where nothing is drawn.
        others: (N,) the second class of each, where they are two digits over one another.
    """

    digits: Floats
    labels: NDArray[np.integer]
    own: Callable[[], Floats | None]
    others: NDArray[np.int64] | None = None


def at(plan: Plan, own: Callable[[], Floats | None]) -> SnapshotSubject:
    """One digit of each class that the fit does not train on, where none is held out of the first ones; and `own`.

    Where the fit lays two over one another, each of them lies over the next.
    """
    split = plan.held_out if len(plan.held_out.labels) else plan.training
    most = None if split is plan.held_out else _FIRST
    digits, labels = one_of_each(split.images[:most], split.labels[:most])
    if plan.recipe.overlaid:
        both = overlaid.in_turn(Split(digits, labels.astype(np.uint8)), plan.recipe.overlaid)
        first, second = both.labels.T
        return SnapshotSubject(both.images(), first, own, second.astype(np.int64))
    return SnapshotSubject(from_bytes(digits).reshape(len(digits), *plan.shape), labels, own)


def one_of_each(
    images: NDArray[Any], labels: NDArray[np.integer], most: int = 10
) -> tuple[NDArray[Any], NDArray[np.integer]]:
    """The first image (N, …) of each class, or of so many classes spread over all, and their labels."""
    present = np.unique(labels)
    some = present[np.linspace(0, len(present) - 1, min(len(present), most)).round().astype(int)]
    chosen = [int(np.flatnonzero(labels == label)[0]) for label in some]
    return images[chosen], labels[chosen]


class Snapshotter:
    """Looks at a model that a fit trains.

    Args:
        training: the training form that is fitted.
        watch: what at.
    """

    def __init__(self, training: keras.Model, watch: SnapshotSubject) -> None:
        self._watch = watch
        self._capsule = families.is_capsule(training)
        self._encoder = training.get_layer("encoder") if self._capsule else training
        shape = self._encoder.input_shape[1:]
        outputs = self._encoder.output
        if self._capsule:
            outputs = [outputs, self._encoder.get_layer("squash").output]
            decoder = training.get_layer("decoder")
            self._decode = compiled(decoder, decoder.input_shape[1:])
        self._call = compiled(keras.Model(self._encoder.input, outputs), shape)
        self._shape = shape
        self._seen: Floats | None = None
        self._last = -np.inf
        self._cost = 0.0

    @property
    def due(self) -> bool:
        """Whether it is time to look within an epoch."""
        since = time.monotonic() - self._last
        if since >= max(_SOON, _SOON_SHARE * self._cost) and self.changed:
            return True
        return since >= max(_EVERY, _SHARE * self._cost)

    def look(self, epoch: int, batch: int, batches: int) -> Snapshot:
        """Look now, after `batch` of `batches` in epoch `epoch`."""
        begun = time.monotonic()
        own = self._seen = self._watch.own()
        digits, labels, others = self._watch.digits, np.asarray(self._watch.labels, np.int64), self._watch.others
        fits = own is not None and own.size == np.prod(self._shape)
        if own is not None and fits:
            digits = np.concatenate([digits, own.reshape(1, *self._shape)])
            labels = np.append(labels, -1)
            others = None if others is None else np.append(others, -1)
        answer = self._call(digits)
        pictures, dead, primary = None, None, None
        if not self._capsule:
            scores = np.asarray(answer, np.float32)
        else:
            capsules = np.asarray(answer[0], np.float32)
            scores = np.linalg.norm(capsules, axis=-1)
            pictures = self._redrawn(capsules, scores, 1 if others is None else 2)
            moved = np.linalg.norm(np.asarray(answer[1], np.float32), axis=-1).max(0)
            dead, primary = int((moved < DEAD).sum()), len(moved)
        self._last = time.monotonic()
        self._cost = self._last - begun
        filters = first_filters(self._encoder)
        return Snapshot(
            epoch, batch, batches, digits, fits, labels, scores, pictures, filters, dead, primary, self._cost, others
        )

    def _redrawn(self, capsules: Floats, lengths: Floats, count: int) -> Floats:
        """What the decoder draws from each longest capsule alone, or from each of the two longest, together."""
        labels = longest(lengths, count)
        drawn = np.asarray(self._decode(each_masked(capsules, labels)), np.float32)
        parts = drawn.reshape(*labels.shape, *drawn.shape[1:])
        return parts[:, 0] if count == 1 else pair.together(parts.swapaxes(0, 1))

    @property
    def changed(self) -> bool:
        """Whether the user has drawn something else since the last look."""
        return self._watch.own() is not self._seen


def is_watchable() -> bool:
    """Whether a net can be looked at within an epoch: on JAX its weights are elsewhere until the epoch ends."""
    return bool(keras.backend.backend() == "tensorflow")


def first_filters(net: keras.Model) -> Floats | None:
    """Kernels of a net's first convolution, (F, rows, columns), mean over its inputs; None where it has none."""
    first = next((layer for layer in net.layers if isinstance(layer, keras.layers.Conv2D)), None)
    if first is None:
        return None
    kernel = np.asarray(keras.ops.convert_to_numpy(first.kernel), np.float32)
    return kernel.mean(2).transpose(2, 0, 1)
