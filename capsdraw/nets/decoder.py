"""The decoder in NumPy: a slider's picture does not stand in line behind a fit.

TensorFlow has one pool of threads for a process. While a fit runs in it, a decoder's three
small products wait there for the fit's large ones: 100 ms where they take less than one.
"""

from collections.abc import Callable

import keras
import numpy as np

from capsdraw.nets.reading import Floats

_ACTIVATIONS: dict[str, Callable[[Floats], Floats]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, np.float32(0)),
    # The logistic function, without overflow.
    "sigmoid": lambda x: np.float32(0.5) * (np.tanh(np.float32(0.5) * x) + np.float32(1)),
}


def in_numpy(decoder: keras.Model) -> Callable[[Floats], Floats] | None:
    """The decoder (N, C·K) → (N, rows, columns, channels) as a function of NumPy arrays, for any thread.

    None where it has other layers than dense ones and a reshape.
    """
    steps = []
    for layer in decoder.layers[1:]:
        if isinstance(layer, keras.layers.Dense) and layer.activation.__name__ in _ACTIVATIONS:
            kernel, bias = (np.asarray(one, np.float32) for one in layer.get_weights())
            steps.append((kernel, bias, _ACTIVATIONS[layer.activation.__name__]))
        elif not isinstance(layer, keras.layers.Reshape):
            return None
    shape = decoder.output_shape[1:]

    def decode(capsules: Floats) -> Floats:
        x = capsules
        for kernel, bias, activation in steps:
            x = activation(x @ kernel + bias)
        return x.reshape(len(x), *shape)

    return decode
