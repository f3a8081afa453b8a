"""The two losses of capsule networks (Sabour 2017, eq. 4 and section 4.1), and when two digits are read right."""

from typing import Any

import keras
from keras import ops

Tensor = Any


@keras.saving.register_keras_serializable("capsdraw")
class MarginLoss(keras.losses.Loss):  # type: ignore[misc]
    """`Σ_k T_k max(0, 0.9−‖v_k‖)² + 0.5 (1−T_k) max(0, ‖v_k‖−0.1)²`, mean over the batch.

    `y_true` (B, J) is 1 for each class that is there (several may be), `y_pred` (B, J) the lengths.
    """

    def __init__(
        self, present: float = 0.9, absent: float = 0.1, down: float = 0.5, name: str = "margin", **kwargs: Any
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.present = present
        self.absent = absent
        self.down = down

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        short = ops.square(ops.maximum(0.0, self.present - y_pred))
        long = ops.square(ops.maximum(0.0, y_pred - self.absent))
        return ops.sum(y_true * short + self.down * (1.0 - y_true) * long, axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "present": self.present, "absent": self.absent, "down": self.down}


@keras.saving.register_keras_serializable("capsdraw")
class ReconstructionLoss(keras.losses.Loss):  # type: ignore[misc]
    """`weight` × the SUM of squared errors over all pixels and channels, mean over the batch.

    The sum makes the weight the same for every image size: 0.0005 is 0.392 of the mean
    squared error for 28 × 28 × 1, 0.648 for 36 × 36, 1.176 for 28 × 28 × 3.
    """

    def __init__(self, weight: float = 0.0005, name: str = "reconstruction", **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.weight = weight

    def call(self, y_true: Tensor, y_pred: Tensor) -> Tensor:
        squared = ops.square(ops.cast(y_true, y_pred.dtype) - y_pred)
        return self.weight * ops.sum(squared, axis=tuple(range(1, len(squared.shape))))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "weight": self.weight}


@keras.saving.register_keras_serializable("capsdraw")
class BothRight(keras.metrics.Mean):  # type: ignore[misc]
    """The share of images of two things whose two largest scores are those of both; of one thing, its largest.

    `y_true` (B, J) is 1 for each class that is there, two or one of them, `y_pred` (B, J) the scores.
    """

    def update_state(self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None) -> None:
        """Count a batch."""
        _, two = ops.top_k(y_pred, 2)
        true = ops.cast(y_true, "float32")
        first, second = (ops.sum(ops.one_hot(two[:, place], y_pred.shape[-1]) * true, axis=-1) for place in (0, 1))
        right = ops.where(ops.sum(true, axis=-1) > 1.5, first + second > 1.5, first > 0.5)
        super().update_state(ops.cast(right, "float32"), sample_weight)
