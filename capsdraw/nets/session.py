"""The heavy half of a session: a loaded Keras model with compiled calls, which can be asked about its inside too."""

import logging
import threading
from collections.abc import Callable
from typing import Any, Self, TypeVar

import keras
import numpy as np

from capsdraw.nets import families, zoo
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.decoder import ACTIVATIONS, Dense, in_numpy
from capsdraw.nets.reading import Floats

# TensorFlow takes the calls of several models for one that is traced again and again, and warns.
logging.getLogger("tensorflow").setLevel(logging.ERROR)

Made = TypeVar("Made")


class Session(Answering):
    """One model, ready to answer, on several threads at once.

    Its calls are traced while it is made, and whatever else asks its layers is made by `once`, by one thread at a
    time: only to build and to trace is not safe beside another thread, to call what is traced is.

    Attributes:
        model: what answers.
        building: held by who builds or traces anything with the model's layers.
    """

    def __init__(self, model: keras.Model, card: Card) -> None:
        self.building = threading.RLock()
        self._made: dict[Callable[[Session], Any], Any] = {}
        self.model = model
        shape = tuple(model.input_shape[1:])
        capsule = families.is_capsule(model)
        super().__init__(card, shape, model.output["capsules"].shape[-1] if capsule else 0)
        self._call = compiled(answering_part(model), shape)
        if capsule:
            decoder = model.get_layer("decoder")
            layers, inputs = dense_layers(decoder), tuple(decoder.input_shape[1:])
            self._decode = in_numpy(layers, decoder.output_shape[1:]) if layers else compiled(decoder, inputs)

    @classmethod
    def open(cls, card: Card) -> "Session":
        """Load the card's model; raises CapsDrawError as `zoo.load` does."""
        return cls(zoo.load(card), card)

    def under(self, card: Card) -> Self:
        """As `Answering.under`."""
        other = super().under(card)
        other._made = {}
        return other

    def once(self, make: Callable[["Session"], Made]) -> Made:
        """What `make` makes of this session, made when it is first asked for: a `GradCam`, a `Router`."""
        with self.building:
            if make not in self._made:
                self._made[make] = make(self)
            return self._made[make]

    def answer(self, images: Floats) -> tuple[Floats | None, Floats]:
        """As `Answering.answer`, in one call."""
        answer = self._call(images)
        return (answer[0], answer[1]) if self.capsule else (None, answer)

    def decode(self, capsules: Floats) -> Floats:
        """As `Answering.decode`, on any thread where the decoder has dense layers only."""
        return self._decode(capsules)


def answering_part(model: keras.Model) -> keras.Model:
    """Image → [capsules, lengths] of a capsule net, without its decoder; a classifier as it is."""
    if not families.is_capsule(model):
        return model
    return keras.Model(model.input, [model.output["capsules"], model.output["lengths"]])


def dense_layers(decoder: keras.Model) -> list[Dense] | None:
    """A decoder's layers for `decoder.in_numpy`; None where it has other layers than dense ones and a reshape."""
    layers = []
    for layer in decoder.layers[1:]:
        if isinstance(layer, keras.layers.Dense) and layer.activation.__name__ in ACTIVATIONS:
            kernel, bias = (np.asarray(weights, np.float32) for weights in layer.get_weights())
            layers.append(Dense(kernel, bias, layer.activation.__name__))
        elif not isinstance(layer, keras.layers.Reshape):
            return None
    return layers


def compiled(model: keras.Model, shape: tuple[int, ...]) -> Callable[[Floats], Any]:
    """The model as one compiled call on NumPy arrays (N, *shape): 3 ms for an image where `predict` takes 55 to 100."""
    if keras.backend.backend() != "tensorflow":
        return lambda images: keras.tree.map_structure(keras.ops.convert_to_numpy, model(images, training=False))
    import tensorflow as tf

    signature = [tf.TensorSpec((None, *shape), tf.float32)]
    call = tf.function(lambda images: model(images, training=False), input_signature=signature)
    call(tf.zeros((1, *shape)))  # traced now, not at the first stroke
    return lambda images: keras.tree.map_structure(np.asarray, call(tf.constant(images)))
