"""Adam, without what a single machine does not need and would never let go of."""

from typing import Any

import keras


@keras.saving.register_keras_serializable("capsdraw")
class Adam(keras.optimizers.Adam):  # type: ignore[misc]
    """Keras' Adam for one replica.

    On TensorFlow, Keras sums the gradients over all replicas by an operation that registers a
    gradient of its own, process-wide and for good, and with it the whole graph of the training
    step: 15 MB and more that each fit left behind. Of one replica there is nothing to sum.
    """

    def _all_reduce_sum_gradients(self, grads_and_vars: Any) -> list[Any]:
        return [pair for pair in grads_and_vars if pair[0] is not None]
