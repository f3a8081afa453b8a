"""ZCA whitening as a layer, so that a net carries it along to wherever it answers."""

from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

Tensor = Any

# Added to each variance: directions that are nearly empty are not blown up to noise.
EPSILON = 1e-2


@keras.saving.register_keras_serializable("capsdraw")
class Whitening(keras.layers.Layer):  # type: ignore[misc]
    """Centre images and whiten them by ZCA: `(x − mean) · U diag(1/√(λ + ε)) Uᵀ`.

    λ and U are the variances and directions of the training images. A full matrix of
    32 × 32 × 3 would weigh 38 MB: the `directions` with the largest variance have a gain each,
    all others share one, that of their mean variance.

    Args:
        directions: how many have a gain of their own.

    Input shape: (B, rows, columns, channels). Output shape: the same. Does nothing before `adapt`.
    """

    def __init__(self, directions: int, **kwargs: Any) -> None:
        # Small differences of large numbers: never in half precision.
        super().__init__(**{"dtype": "float32", **kwargs})
        if directions < 1:
            raise ValueError(f"directions must be at least 1. Received: {directions}")
        self.directions = directions

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        size = int(np.prod([side for side in input_shape[1:] if side]))
        weight = {"trainable": False, "initializer": "zeros"}
        self.mean = self.add_weight(shape=(size,), name="mean", **weight)
        self.basis = self.add_weight(shape=(size, min(self.directions, size)), name="basis", **weight)
        self.gains = self.add_weight(shape=self.basis.shape[1:], name="gains", **weight)
        self.rest = self.add_weight(shape=(), name="rest", trainable=False, initializer="ones")

    def adapt(self, images: NDArray[np.float32]) -> None:
        """Learn mean, directions and gains from images (N, rows, columns, channels) in [0, 1]."""
        flat = images.reshape(len(images), -1).astype(np.float64)
        mean = flat.mean(0)
        # One image varies in nothing: divided by how many there are, not by one less.
        variance, directions = np.linalg.eigh(np.cov(flat, rowvar=False, bias=len(flat) < 2))
        own = self.basis.shape[1]
        rest = variance[:-own]
        shared = 1 / np.sqrt(max(rest.mean(), 0) + EPSILON) if len(rest) else 0.0
        self.mean.assign(mean)
        self.basis.assign(directions[:, -own:])
        self.gains.assign(1 / np.sqrt(np.maximum(variance[-own:], 0) + EPSILON) - shared)
        self.rest.assign(shared)

    def call(self, inputs: Tensor) -> Tensor:
        flat = ops.reshape(inputs, (-1, self.mean.shape[0])) - ops.cast(self.mean, inputs.dtype)
        own = ops.matmul(ops.matmul(flat, self.basis) * self.gains, ops.transpose(self.basis))
        return ops.reshape(own + self.rest * flat, (-1, *inputs.shape[1:]))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "directions": self.directions}
