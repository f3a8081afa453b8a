"""How often a model is wrong, and what for what."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from capsdraw.nets.reading import Floats


class Model(Protocol):
    """What can be measured: a `Session`, or several as one."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def classes(self) -> int:
        """How many it tells apart."""

    def scores(self, images: NDArray[Any], /) -> Floats:
        """(N, C) of N images, the largest of a row is the answer."""


@dataclass(frozen=True)
class Evaluation:
    """A model measured on labelled images.

    Attributes:
        model, data: their names.
        images: how many; errors: how many were misread.
        confusion: (C, C) int, true class down, class read across.
    """

    model: str
    data: str
    images: int
    errors: int
    confusion: NDArray[np.int64]

    @property
    def error_percent(self) -> float:
        """Errors in a hundred images."""
        return 100 * self.errors / self.images


def evaluate(model: Model, images: NDArray[np.uint8] | Floats, labels: NDArray[np.integer], data: str) -> Evaluation:
    """Read all images, as `Session.scores` takes them, and count against their labels (N,)."""
    read = model.scores(images).argmax(1)
    classes = model.classes
    confusion = np.bincount(labels.astype(np.int64) * classes + read, minlength=classes**2)
    return Evaluation(model.name, data, len(labels), int((read != labels).sum()), confusion.reshape(classes, classes))
