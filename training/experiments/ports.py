"""How well-known ports build their capsule layers, written anew: what the training speed is measured against.

The same nets with the same numbers of parameters; only the way they are computed differs.
"""

from typing import Any

import keras
import tensorflow as tf
from keras import layers, ops

from capsdraw.nets import families
from capsdraw.nets.layers import Squash


class TiledDigitCapsules(keras.layers.Layer):  # type: ignore[misc]
    """Votes sample by sample in a `map_fn`, over inputs tiled for each class; routing by batched products."""

    def __init__(self, classes: int = 10, size: int = 16, iterations: int = 3) -> None:
        super().__init__()
        self.classes, self.size, self.iterations = classes, size, iterations

    def build(self, shape: tuple[int, ...]) -> None:
        """(B, I, 8)."""
        self.kernel = self.add_weight(shape=(self.classes, shape[1], self.size, shape[2]), name="kernel")

    def call(self, primary: Any) -> Any:
        """(B, I, 8) to (B, J, K)."""
        tiled = tf.tile(primary[:, None, :, :, None], [1, self.classes, 1, 1, 1])  # (B, J, I, 8, 1)
        votes = tf.map_fn(
            lambda tiled_input: tf.squeeze(tf.matmul(self.kernel, tiled_input), -1), tiled
        )  # (B, J, I, K)
        logits = tf.zeros(tf.shape(votes)[:3])
        for step in range(self.iterations):
            coupling = tf.nn.softmax(logits, 1)
            out = _squash(tf.squeeze(tf.matmul(coupling[:, :, None], votes), 2))  # (B, J, K)
            if step < self.iterations - 1:
                logits += tf.squeeze(tf.matmul(votes, out[..., None]), -1)
        return out


def capsnet() -> keras.Model:
    """CapsNet as the best-known Keras port computes it."""
    image = keras.Input((28, 28, 1))
    x = layers.Conv2D(256, 9, activation="relu")(image)
    x = layers.Conv2D(256, 9, strides=2)(x)
    x = Squash()(layers.Reshape((-1, 8))(x))
    return families.with_decoder(keras.Model(image, TiledDigitCapsules()(x), name="encoder"), "port_of_capsnet")


def efficient_capsnet() -> keras.Model:
    """Efficient-CapsNet as its authors compute it: the primary capsules by a grouped convolution."""
    ours = families.efficient_capsnet()
    encoder = ours.get_layer("encoder")
    before = encoder.get_layer("primary").input
    x = layers.Conv2D(128, 9, groups=128)(before)
    x = Squash(exponential=True)(layers.Reshape((-1, 8))(x))
    x = encoder.get_layer("digit_capsules")(x)
    return families.with_decoder(keras.Model(encoder.input, x, name="encoder"), "port_of_efficient_capsnet")


def _squash(vectors: Any) -> Any:
    squared = ops.sum(ops.square(vectors), -1, keepdims=True)
    return vectors * ops.sqrt(squared + 1e-7) / (1 + squared)
