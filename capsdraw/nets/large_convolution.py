"""A convolution with a kernel of many megabytes, for one image, as one matrix product. NumPy only.

LiteRT goes through the kernel again for every few places of the image; a kernel that no cache of a core holds comes
from memory each time. A matrix product of BLAS reads it once, if it lies column by column.
"""

from math import prod

import numpy as np

from capsdraw.nets.decoder import ACTIVATIONS, Dense
from capsdraw.nets.reading import Floats


class LargeConvolution:
    """A valid convolution of maps (1, rows, columns, channels).

    Args:
        layer: its kernel (rows · columns · channels, outputs), bias and activation.
        window: rows and columns of the kernel.
        strides: from place to place, down and across.
    """

    def __init__(self, layer: Dense, window: tuple[int, int], strides: tuple[int, int]) -> None:
        self._layer = Dense(np.asfortranarray(layer.kernel), layer.bias, layer.activation)
        self._window, self._strides = window, strides

    def gives(self, maps: tuple[int, ...]) -> tuple[int, ...] | None:
        """The shape of its maps for maps (rows, columns, channels), or None where it does not take these."""
        inputs, outputs = self._layer.kernel.shape
        if len(maps) != 3 or prod(self._window) * maps[2] != inputs:
            return None
        spans = zip(maps[:2], self._window, self._strides, strict=True)
        rows, columns = ((size - window) // stride + 1 for size, window, stride in spans)
        return (rows, columns, outputs) if min(rows, columns) > 0 else None

    def run(self, maps: Floats) -> Floats:
        """Its maps (1, rows, columns, outputs) float32."""
        down, across = self._strides
        windows = np.lib.stride_tricks.sliding_window_view(maps[0], self._window, axis=(0, 1))[::down, ::across]
        rows, columns = windows.shape[:2]
        places = windows.transpose(0, 1, 3, 4, 2).reshape(rows * columns, -1)
        values = ACTIVATIONS[self._layer.activation](places @ self._layer.kernel + self._layer.bias)
        return values.reshape(1, rows, columns, -1)
