"""The decoder in NumPy: a slider's picture waits for no library, and does not stand in line behind a fit.

TensorFlow has one pool of threads for a process. While a fit runs in it, a decoder's three
small products wait there for the fit's large ones: 100 ms where they take less than one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from capsdraw.nets.reading import Floats

Activation = Literal["linear", "relu", "sigmoid"]
ACTIVATIONS: dict[Activation, Callable[[Floats], Floats]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, np.float32(0)),
    # The logistic function, without overflow.
    "sigmoid": lambda x: np.float32(0.5) * (np.tanh(np.float32(0.5) * x) + np.float32(1)),
}


@dataclass(frozen=True)
class Dense:
    """A dense layer.

    Attributes:
        kernel: (inputs, units) float32; bias: (units,) float32.
        activation: a name of `ACTIVATIONS`.
    """

    kernel: Floats
    bias: Floats
    activation: Activation


def in_numpy(layers: Sequence[Dense], shape: tuple[int, ...]) -> Callable[[Floats], Floats]:
    """Capsules (N, C·K) to pictures (N, *shape) through `layers`: a function of NumPy arrays, for any thread."""

    def decode(capsules: Floats) -> Floats:
        x = capsules
        for layer in layers:
            x = ACTIVATIONS[layer.activation](x @ layer.kernel + layer.bias)
        return x.reshape(len(x), *shape)

    return decode
