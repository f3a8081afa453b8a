"""Adam, with a moving average of the weights, and without what a single machine would never let go of."""

from typing import Any

import keras
from keras import ops
from numpy.typing import NDArray

from capsdraw.nets.keras_private import OneReplica


@keras.saving.register_keras_serializable("capsdraw")
class Adam(OneReplica, keras.optimizers.Adam):  # type: ignore[misc]
    """Keras' Adam for one replica.

    Keras' own moving average (`use_ema`) becomes the net at the end of each call of `fit`, of which a fit that was
    stopped in mid-epoch has one more: it would not end as one that ran through. This one is only kept; `averaged`
    puts it on.

    Args:
        average: the share of the moving average that each step keeps, less in the first steps, of which there is no
            mean worth keeping; 0 for no average.
        batches: that are done, as a checkpoint keeps it where they are not as many as the steps; None where they are.
        args, kwargs: of Keras' Adam.
    """

    def __init__(self, *args: Any, average: float = 0.0, batches: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.average = average
        self.batches = batches

    def build(self, variables: list[Any]) -> None:
        """Make the optimizer's own variables, the average among them."""
        if self.built:
            return
        super().build(variables)
        if self.average:
            self.averages = self.add_optimizer_variables(variables, "average")

    def apply(self, grads: list[Any], trainable_variables: list[Any] | None = None) -> None:
        """A step, and the average of the weights after it."""
        super().apply(grads, trainable_variables)
        if not self.average:
            return
        step = ops.cast(self.iterations, "float32")  # from 1 on
        kept = ops.minimum(self.average, (step - 1.0) / (step + 9.0))
        for variable, average in zip(self._trainable_variables, self.averages, strict=True):
            average.assign(kept * average + (1.0 - kept) * variable)

    def get_config(self) -> dict[str, Any]:
        """What the optimizer is made anew from."""
        counted = {} if self.batches is None else {"batches": self.batches}
        return {**super().get_config(), "average": self.average, **counted}


def leaves_out_steps(training: keras.Model) -> bool:
    """Whether a batch may make no step: in float16, one whose gradients are too large for it is left out."""
    return hasattr(training.optimizer, "inner_optimizer")


def count_batches(training: keras.Model, done: int) -> None:
    """Keep how many batches are done with the optimizer, where its own count of steps may be another."""
    if leaves_out_steps(training):
        training.optimizer.inner_optimizer.batches = done


def batches_done(training: keras.Model) -> int:
    """As `count_batches` kept it; where nothing was kept, as many as there were steps."""
    kept = getattr(getattr(training.optimizer, "inner_optimizer", None), "batches", None)
    return int(training.optimizer.iterations if kept is None else kept)


class Averaged:
    """A net in training that has its moving average's weights for a while.

    What is not learnt by steps stays its own: batch normalisation's statistics are of the weights of the last steps.

    Args:
        training: the compiled net.
    """

    def __init__(self, training: keras.Model) -> None:
        optimizer = getattr(training.optimizer, "inner_optimizer", training.optimizer)
        kept = getattr(optimizer, "average", 0.0) and optimizer.built and int(optimizer.iterations) > 0
        self._pairs = list(zip(training.trainable_variables, optimizer.averages, strict=True)) if kept else []
        self._own: list[Any] = []

    def put_on(self) -> None:
        """The average's weights from now on; nothing where none is kept."""
        # Copies, where they lie: on JAX a variable's array is gone after the next batch, and one that comes from this
        # process' memory would be held against those of all ranks (`fit.ranks`).
        self._own = [ops.copy(variable) for variable, _ in self._pairs]
        for variable, average in self._pairs:
            variable.assign(ops.copy(average))

    def take_off(self) -> None:
        """Its own again."""
        for (variable, _), own in zip(self._pairs, self._own, strict=False):
            variable.assign(own)
        self._own = []

    def of(self, part: keras.Model) -> list[NDArray[Any]]:
        """Weights of the net, or a part of it, with the average's in place of its own; nothing is put on."""
        averages = {id(variable): average for variable, average in self._pairs}
        return [ops.convert_to_numpy(averages.get(id(weight), weight)) for weight in part.weights]
