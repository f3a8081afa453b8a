"""What is used of Keras though its name begins with an underscore or its manual does not know it: all of it is here.

None of it is promised to stay. `tests/nets/test_keras_private.py` fails where a new Keras has moved one, and
pyproject.toml allows no Keras that these tests have not seen.
"""

from typing import Any

import keras


def layers(model: keras.Model) -> list[keras.Layer]:
    """All layers of a model, those of the models among them too; Keras' own `layers` has the outermost only."""
    return list(model._flatten_layers(include_self=False))


def sync(training: keras.Model) -> None:
    """Bring a model's weights and its optimizer's to where they can be read while it is fitted.

    On JAX they are elsewhere as long as an epoch runs; on other backends they are where they always are.
    """
    if keras.backend.backend() == "jax":
        training.jax_state_sync()


class OneReplica:
    """Stands before an optimizer of Keras' among the bases of one that trains on one device alone.

    On TensorFlow, Keras sums the gradients over all replicas by an operation that registers a
    gradient of its own, process-wide and for good, and with it the whole graph of the training
    step: 15 MB and more that each fit left behind. Of one replica there is nothing to sum.
    """

    def _all_reduce_sum_gradients(self, grads_and_vars: Any) -> list[Any]:
        return [pair for pair in grads_and_vars if pair[0] is not None]
