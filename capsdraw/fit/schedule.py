"""What the learning rate does, batch by batch."""

import math
from typing import Any

import keras
from keras import ops

from capsdraw.fit.recipe import RateSchedule, Recipe


@keras.saving.register_keras_serializable("capsdraw")
class Schedule(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """The learning rate of a recipe.

    A cosine falls from `peak` to 0 over all epochs, or over those from one restart to the
    next (SGDR, Loshchilov and Hutter 2017). An exponential falls by `decay` after each epoch.

    Args:
        kind: a name of `RateSchedule`.
        peak: the first rate.
        steps: batches an epoch.
        epochs: in all.
        decay: of an exponential.
        restarts: epochs, rising, after which a cosine starts anew.
    """

    def __init__(
        self, kind: str, peak: float, steps: int, epochs: int, decay: float = 0.9, restarts: tuple[int, ...] = ()
    ) -> None:
        super().__init__()
        self.kind, self.peak, self.steps, self.epochs = kind, peak, steps, epochs
        self.decay, self.restarts = decay, tuple(restarts)

    @classmethod
    def of(cls, recipe: Recipe, steps: int) -> "Schedule":
        """The recipe's, for epochs of `steps` batches."""
        # A plain word: a checkpoint's file holds it.
        kind = str(recipe.schedule)
        return cls(kind, recipe.learning_rate, steps, recipe.epochs, recipe.decay, recipe.restarts)

    def __call__(self, step: Any) -> Any:
        """The rate of batch `step`, counted over all epochs."""
        epoch = ops.cast(step, "float32") / self.steps
        if self.kind == RateSchedule.CONSTANT:
            return ops.convert_to_tensor(self.peak, "float32")
        if self.kind == RateSchedule.EXPONENTIAL:
            # A batch's share of rounding, or the last epoch's rate would be the first's of the next.
            return self.peak * ops.power(self.decay, ops.floor(epoch + 0.5 / self.steps))
        starts = (0, *self.restarts)
        rate = ops.convert_to_tensor(self.peak, "float32")
        for start, end in zip(starts, (*self.restarts, self.epochs), strict=True):
            progress = ops.clip((epoch - start) / max(end - start, 1), 0.0, 1.0)
            rate = ops.where(epoch >= start, 0.5 * self.peak * (1 + ops.cos(progress * math.pi)), rate)
        return rate

    def get_config(self) -> dict[str, Any]:
        """What `from_config` takes."""
        names = ("kind", "peak", "steps", "epochs", "decay", "restarts")
        return {name: getattr(self, name) for name in names}
