"""A loaded model with compiled calls: what readouts, commands and measurements ask."""

import copy
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import keras
import numpy as np
from numpy.typing import NDArray

from capsdraw.ink.raster import from_bytes
from capsdraw.nets import families, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.decoder import in_numpy
from capsdraw.nets.reading import BATCH, Floats, Reading, masked

# TensorFlow takes the calls of several models for one that is traced again and again, and warns.
logging.getLogger("tensorflow").setLevel(logging.ERROR)

Made = TypeVar("Made")


class Session:
    """One model, ready to answer, on several threads at once.

    Its calls are traced while it is made, and whatever else asks its layers is made by `once`, by one thread at a
    time: only to build and to trace is not safe beside another thread, to call what is traced is.

    Attributes:
        model: what answers; card: what is known of it.
        capsule: whether it has capsules and a decoder.
        building: held by who builds or traces anything with the model's layers.
    """

    def __init__(self, model: keras.Model, card: Card) -> None:
        self.building = threading.RLock()
        self._made: dict[Callable[[Session], Any], Any] = {}
        self.card = card
        self.model = model
        self.capsule = families.is_capsule(model)
        self._shape = tuple(model.input_shape[1:])
        if self.capsule:
            capsules, lengths = model.output["capsules"], model.output["lengths"]
            self._call = compiled(keras.Model(model.input, [capsules, lengths]), self._shape)
            decoder = model.get_layer("decoder")
            self._decode = in_numpy(decoder) or compiled(decoder, decoder.input_shape[1:])
        else:
            self._call = compiled(model, self._shape)

    def under(self, card: Card) -> "Session":
        """The same model, called as that card says: nothing is loaded or traced for it."""
        other = copy.copy(self)
        other.card, other._made = card, {}
        return other

    def once(self, make: Callable[["Session"], Made]) -> Made:
        """What `make` makes of this session, made when it is first asked for: a `GradCam`, a `Router`."""
        with self.building:
            if make not in self._made:
                self._made[make] = make(self)
            return self._made[make]

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
        if not self.capsule:
            seconds = time.perf_counter() - begun
            scores = answer[0]
            return Reading(self.card.name, self.card.kind, int(scores.argmax()), scores, None, None, None, seconds)
        capsules, scores = answer[0][0], answer[1][0]
        label = int(scores.argmax())
        picture = self.decode(masked(capsules, label)[None])[0].reshape(digit.shape)
        seconds = time.perf_counter() - begun
        return Reading(
            self.card.name, self.card.kind, label, scores, capsules, picture,
            float(np.mean((picture - digit) ** 2)), seconds,
        )  # fmt: skip

    def scores(self, digits: NDArray[Any]) -> Floats:
        """Scores (N, C) of many such images, float32 in [0, 1] or uint8 up to 255."""
        return self._many(digits, 1, (self.card.classes,))

    def encode(self, digits: NDArray[Any]) -> Floats:
        """Capsules (N, C, K) of many images, float32 in [0, 1] or uint8 up to 255; of a capsule net only."""
        return self._many(digits, 0, tuple(self.model.output["capsules"].shape[1:]))

    def decode(self, capsules: Floats) -> Floats:
        """Pictures (N, rows, columns, channels) in [0, 1] of (N, C·K) capsules, all but one of them zero.

        `reading.masked` makes such rows. Of a capsule net only.
        """
        return self._decode(capsules)

    def _many(self, digits: NDArray[Any], part: int, shape: tuple[int, ...]) -> Floats:
        """One part of a capsule net's answers, or a classifier's only one."""
        found = []
        for first in range(0, len(digits), BATCH):
            some = digits[first : first + BATCH]
            scaled = from_bytes(some) if some.dtype == np.uint8 else some
            answer = self._call(scaled.reshape(len(some), *self._shape))
            found.append(answer[part] if self.capsule else answer)
        return np.concatenate(found) if found else np.empty((0, *shape), np.float32)


def compiled(model: keras.Model, shape: tuple[int, ...]) -> Callable[[Floats], Any]:
    """The model as one compiled call on NumPy arrays (N, *shape): 3 ms for an image where `predict` takes 55 to 100."""
    if keras.backend.backend() != "tensorflow":
        return lambda images: keras.tree.map_structure(keras.ops.convert_to_numpy, model(images, training=False))
    import tensorflow as tf

    signature = [tf.TensorSpec((None, *shape), tf.float32)]
    call = tf.function(lambda images: model(images, training=False), input_signature=signature)
    call(tf.zeros((1, *shape)))  # traced now, not at the first stroke
    return lambda images: keras.tree.map_structure(np.asarray, call(tf.constant(images)))
