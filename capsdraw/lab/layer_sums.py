"""Reads from a net how one value of a map came about. The plain results stand in `arithmetic`."""

from typing import Any

import keras
import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import Digit
from capsdraw.lab.activity import Activity
from capsdraw.lab.arithmetic import ValueSum, cut_patch, strongest_place
from capsdraw.lab.inside import CONVOLUTIONS, Place, inside
from capsdraw.nets.reading import Floats
from capsdraw.nets.session import Session


class LayerSums:
    """The arithmetic of one net's convolutions."""

    def __init__(self, session: Session) -> None:
        self._places = inside(session.model).places
        self._shape = session.card.input

    def of(self, seen: Activity, digit: Digit, layer: str, index: int, at: tuple[int, int] | None) -> ValueSum:
        """How one value came about.

        Args:
            seen: what the net made of the digit, of `LayerProbe.look`.
            digit: that was looked at.
            layer: a convolution; index: of its map, from 0.
            at: row and column of the value; None for the largest one of the map.

        Raises:
            CapsDrawError: a layer that is no convolution, or one whose maps are computed in groups.
        """
        place = next((place for place in self._places if place.name == layer), None)
        if place is None or not isinstance(place.layer, CONVOLUTIONS):
            raise CapsDrawError(f"'{layer}' is no convolution: the arithmetic is shown of convolutions")
        if getattr(place.layer, "groups", 1) != 1:
            raise CapsDrawError(f"'{layer}' computes its maps in groups, of which the arithmetic is not shown")
        values = seen.of(layer).values
        row, column = strongest_place(values[index]) if at is None else at
        source = self._source(seen, digit, place)
        corner = _corner(place.layer, source.shape[1:], (row, column))
        weights, inputs = _weights(place.layer, index)
        patch = cut_patch(source[list(inputs)], corner, weights.shape[1:], place.layer.dilation_rate)
        bias = float(_copy(place.layer.bias)[index]) if place.layer.use_bias else 0.0
        activation = place.layer.activation.__name__
        value = float(values[index, row, column])
        of_image = place.sources[0] == 0
        return ValueSum(layer, index, row, column, patch, weights, inputs, corner, of_image, bias, activation, value)

    def _source(self, seen: Activity, digit: Digit, place: Place) -> Floats:
        """(C, rows, columns): what the layer reads."""
        number = place.sources[0]
        if number == 0:
            return np.ascontiguousarray(digit.reshape(self._shape).transpose(2, 0, 1), np.float32)
        return seen.of(self._places[number].name).values


def _corner(layer: Any, source: tuple[int, ...], at: tuple[int, int]) -> tuple[int, int]:
    """Row and column of the first value under the kernel."""
    down, across = (_first(layer, axis, source[axis], at[axis]) for axis in (0, 1))
    return down, across


def _first(layer: Any, axis: int, length: int, at: int) -> int:
    stride = layer.strides[axis]
    reach = (layer.kernel_size[axis] - 1) * layer.dilation_rate[axis]
    if layer.padding != "same":
        return at * stride
    # As TensorFlow pads: what is odd goes behind.
    before = max((-(-length // stride) - 1) * stride + reach + 1 - length, 0) // 2
    return at * stride - before


def _weights(layer: Any, index: int) -> tuple[Floats, tuple[int, ...]]:
    """(C, rows, columns) of one map's kernel, and which of the maps beneath it reads."""
    kernel = _copy(layer.kernel)  # (rows, columns, C, F); depthwise (rows, columns, C, times)
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        channel, which = divmod(index, kernel.shape[3])
        return np.ascontiguousarray(kernel[None, :, :, channel, which]), (channel,)
    return np.ascontiguousarray(kernel[..., index].transpose(2, 0, 1)), tuple(range(kernel.shape[2]))


def _copy(weight: Any) -> Floats:
    return keras.ops.convert_to_numpy(weight).astype(np.float32)
