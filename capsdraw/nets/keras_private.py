"""What is used of Keras though its name begins with an underscore or its manual does not know it: all of it is here.

None of it is promised to stay. `tests/nets/test_keras_private.py` fails where a new Keras has moved one, and
pyproject.toml allows no Keras that these tests have not seen.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import prod
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


def keeps_weights() -> bool:
    """Whether a model's weights lie where they always are while it is fitted: see `sync`."""
    return bool(keras.backend.backend() != "jax")


@contextmanager
def weighing(most: int) -> Iterator[None]:
    """Weights that this thread's layers make meanwhile have `most` bytes together, or ValueError is raised.

    A file of a kilobyte may describe a layer of gigabytes, which Keras makes before it looks for its weights.
    """
    layer, here, total = keras.layers.Layer, threading.get_ident(), 0
    before = layer.add_weight

    def counted(self: Any, shape: Any = None, *arguments: Any, **named: Any) -> Any:
        nonlocal total
        if threading.get_ident() == here:
            # A backend's own shape is neither list nor tuple; one number stands for one side.
            total += 4 * (shape if isinstance(shape, int) else prod(int(side) for side in shape or ()))
            if total > most:
                raise ValueError("its layers have more weights than the file holds")
        return before(self, shape, *arguments, **named)

    layer.add_weight = counted
    try:
        yield
    finally:
        layer.add_weight = before


def leave_batches_untuned() -> None:
    """Have TensorFlow feed this process' fits without tuning how: there is one thread that makes batches, and no more.

    What tunes waits for up to a minute between two looks, and may overhear that its fit is over. The fit's iterator
    is then taken away by whichever thread collects Python's garbage, which waits for that, with all of Python.
    """
    if keras.backend.backend() != "tensorflow":
        return
    from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
    from keras.src.trainers.data_adapters.py_dataset_adapter import PyDatasetAdapter

    for adapter in (ArrayDataAdapter, PyDatasetAdapter):
        if not getattr(adapter.get_tf_dataset, "is_untuned", False):
            adapter.get_tf_dataset = _untuned(adapter.get_tf_dataset)


def _untuned(made: Any) -> Any:
    def get_tf_dataset(self: Any) -> Any:
        import tensorflow as tf

        options = tf.data.Options()
        options.autotune.enabled = False
        return made(self).with_options(options)

    get_tf_dataset.is_untuned = True  # type: ignore[attr-defined]
    return get_tf_dataset


class OneReplica:
    """Stands before an optimizer of Keras' among the bases of one that trains on one device alone.

    On TensorFlow, Keras sums the gradients over all replicas by an operation that registers a
    gradient of its own, process-wide and for good, and with it the whole graph of the training
    step: 15 MB and more that each fit left behind. Of one replica there is nothing to sum.
    """

    def _all_reduce_sum_gradients(self, grads_and_vars: Any) -> list[Any]:
        return [pair for pair in grads_and_vars if pair[0] is not None]
