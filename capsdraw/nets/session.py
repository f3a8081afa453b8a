"""A loaded model with compiled calls: what readouts, commands and measurements ask."""

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import Floats, Reading

# Images read at once when there are many.
_BATCH = 250


class Session:
    """One model, ready to answer. Not for two threads at once."""

    def __init__(self, model: keras.Model, card: Card) -> None:
        self.card = card
        self._shape = tuple(model.input_shape[1:])
        self._capsule = families.is_capsule(model)
        self._call = _compiled(model, self._shape)

    @property
    def name(self) -> str:
        """Of the model."""
        return self.card.name

    @property
    def classes(self) -> int:
        """How many it knows."""
        return self.card.classes

    @classmethod
    def open(cls, card: Card) -> "Session":
        """Load the card's model; raises CapsDrawError as `zoo.load` does."""
        return cls(zoo.load(card), card)

    def read(self, digit: Floats) -> Reading:
        """What the net says of one digit, (rows, columns) float32 in [0, 1], or (rows, columns, 3) in colour."""
        begun = time.perf_counter()
        answer = self._call(digit.reshape(1, *self._shape))
        seconds = time.perf_counter() - begun
        if not self._capsule:
            scores = np.asarray(answer)[0]
            return Reading(self.card.name, self.card.kind, int(scores.argmax()), scores, None, None, None, seconds)
        scores = np.asarray(answer["lengths"])[0]
        picture = np.asarray(answer["reconstruction"])[0].reshape(digit.shape)
        return Reading(
            self.card.name, self.card.kind, int(scores.argmax()), scores, np.asarray(answer["capsules"])[0],
            picture, float(np.mean((picture - digit) ** 2)), seconds,
        )  # fmt: skip

    def scores(self, digits: NDArray[Any]) -> Floats:
        """Scores (N, C) of many such images, float32 in [0, 1] or uint8 up to 255."""
        parts = []
        for first in range(0, len(digits), _BATCH):
            part = digits[first : first + _BATCH]
            scaled = from_bytes(part) if part.dtype == np.uint8 else part
            answer = self._call(scaled.reshape(len(part), *self._shape))
            parts.append(np.asarray(answer["lengths"] if self._capsule else answer))
        return np.concatenate(parts) if parts else np.empty((0, self.card.classes), np.float32)


def _compiled(model: keras.Model, shape: tuple[int, ...]) -> Callable[[Floats], Any]:
    """The model as one compiled call: 3 ms for an image where `predict` takes 55 to 100."""
    if keras.backend.backend() != "tensorflow":
        return lambda images: keras.tree.map_structure(keras.ops.convert_to_numpy, model(images, training=False))
    import tensorflow as tf

    signature = [tf.TensorSpec((None, *shape), tf.float32)]
    call = tf.function(lambda images: model(images, training=False), input_signature=signature)
    call(tf.zeros((1, *shape)))  # traced now, not at the first stroke
    return lambda images: call(tf.constant(images))
