"""What a loaded net answers, whichever library computes it. NumPy only.

A session has two halves. The light one (`light`) answers with LiteRT and NumPy within a tenth of a second
of its import; the heavy one (`session`) needs Keras, and is what can be asked about a net's inside.
"""

import copy
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from capsdraw.ink.pair import together
from capsdraw.ink.raster import from_bytes
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import BATCH, Floats, Reading, each_masked, longest


class Answering(ABC):
    """One net, ready to answer.

    Attributes:
        card: what is known of it.
        capsule: whether it has capsules and a decoder.
        capsule_size: numbers in each capsule; 0 of a classifier.
    """

    def __init__(self, card: Card, shape: tuple[int, ...], capsule_size: int) -> None:
        """For images of `shape`, (rows, columns, channels)."""
        self.card = card
        self.capsule = capsule_size > 0
        self._shape = shape
        self.capsule_size = capsule_size

    @property
    def name(self) -> str:
        """Of the model."""
        return self.card.name

    @property
    def classes(self) -> int:
        """How many it knows."""
        return self.card.classes

    def under(self, card: Card) -> Self:
        """The same net, called as that card says: nothing is loaded or traced for it."""
        other = copy.copy(self)
        other.card = card
        return other

    @abstractmethod
    def answer(self, images: Floats) -> tuple[Floats | None, Floats]:
        """Capsules (N, C, K), None of a classifier, and scores (N, C), of images (N, rows, columns, channels)."""

    @abstractmethod
    def decode(self, capsules: Floats) -> Floats:
        """Pictures (N, rows, columns, channels) in [0, 1] of (N, C·K) capsules, all but one of them zero.

        `reading.masked` makes such rows. Of a capsule net only.
        """

    def read(self, digit: Floats) -> Reading:
        """What the net says of one digit, (rows, columns) float32 in [0, 1], or (rows, columns, 3) in colour."""
        (reading,) = self.read_each(digit[None])
        return reading

    def read_each(self, digits: Floats) -> list[Reading]:
        """What the net says of each of some digits, (N, …), N ≥ 1, each as `read` takes it and in an equal time."""
        begun = time.perf_counter()
        capsules, scores = self.answer(digits.reshape(len(digits), *self._shape))
        labels = longest(scores, 2 if self.card.reads_pairs else 1)
        parts = None
        if capsules is not None:
            parts = self.decode(each_masked(capsules, labels)).reshape(*labels.shape, *digits.shape[1:])
        seconds = (time.perf_counter() - begun) / len(digits)
        return [
            self._reading(digit, labels[place].tolist(), scores[place], None if capsules is None else capsules[place],
                          None if parts is None else parts[place], seconds)
            for place, digit in enumerate(digits)
        ]  # fmt: skip

    def _reading(
        self,
        digit: Floats,
        labels: list[int],
        scores: Floats,
        capsules: Floats | None,
        parts: Floats | None,
        took: float,
    ) -> Reading:
        """Of one digit: its best label or two, and what is redrawn from the capsule of each."""
        label, second = labels[0], labels[1] if len(labels) > 1 else None
        if parts is None:
            return Reading(self.name, self.card.kind, label, scores, None, None, None, took, second)
        picture = parts[0] if second is None else together(parts)
        error = float(np.mean((picture - digit) ** 2))
        return Reading(
            self.name, self.card.kind, label, scores, capsules, picture, error, took,
            second, None if second is None else parts,
        )  # fmt: skip

    def scores(self, digits: NDArray[Any]) -> Floats:
        """Scores (N, C) of many such images, float32 in [0, 1] or uint8 up to 255."""
        batches = [self.answer(batch)[1] for batch in self._batches(digits)]
        return np.concatenate(batches) if batches else np.empty((0, self.classes), np.float32)

    def encode(self, digits: NDArray[Any]) -> Floats:
        """Capsules (N, C, K) of many images, float32 in [0, 1] or uint8 up to 255; of a capsule net only."""
        batches = [capsules for batch in self._batches(digits) if (capsules := self.answer(batch)[0]) is not None]
        return np.concatenate(batches) if batches else np.empty((0, self.classes, self.capsule_size), np.float32)

    def _batches(self, digits: NDArray[Any]) -> Iterator[Floats]:
        """The images as the net takes them, (N, rows, columns, channels) float32, a few hundred at a time."""
        for first in range(0, len(digits), BATCH):
            batch = digits[first : first + BATCH]
            scaled = from_bytes(batch) if batch.dtype == np.uint8 else batch
            yield scaled.reshape(len(batch), *self._shape)
