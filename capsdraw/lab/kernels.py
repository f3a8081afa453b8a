"""Reads the kernels of a net, and of the net that its training started from."""

from typing import Any

import keras
import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.lab.filters import LayerKernels, Learning
from capsdraw.lab.inside import Place, inside, pictured
from capsdraw.nets.reading import Floats


class Filters:
    """The convolutions of a net, before and after training; and a dense layer that reads the image itself.

    Args:
        model: the trained net.
        started: the net its training started from, `zoo.fresh` of its recipe's family, seed and options;
            None where the recipe is not known.

    Attributes:
        layers: names of these, in the order in which they answer.

    Raises:
        CapsDrawError: `started` is another kind of net.
    """

    def __init__(self, model: keras.Model, started: keras.Model | None = None) -> None:
        self._image = inside(model).places[0].shape
        self._after = _pictured(model)
        # By order: a new net's layers may have other names than those in a file.
        self._before = None if started is None else _pictured(started)
        if self._before is not None and _sizes(self._before) != _sizes(self._after):
            raise CapsDrawError(
                f"'{model.name}' was not trained by this recipe: its kernels are {_sizes(self._after)}, "
                f"the recipe's {_sizes(self._before)}"
            )
        self.layers = tuple(place.name for place in self._after)

    def learning(self, layer: str) -> Learning:
        """The kernels of one layer; raises CapsDrawError where there is none of that name."""
        if layer not in self.layers:
            names = ", ".join(self.layers) or "none"
            raise CapsDrawError(f"no layer '{layer}' to show the kernels of: there are {names}")
        index = self.layers.index(layer)
        before = None if self._before is None else _kernels(self._before[index], layer, self._image)
        return Learning(before, _kernels(self._after[index], layer, self._image))


def _pictured(model: keras.Model) -> list[Place]:
    opened = inside(model)
    return [place for place in opened.places if pictured(opened, place)]


def _sizes(places: list[Place]) -> list[tuple[int, ...]]:
    return [tuple(place.layer.kernel.shape) for place in places if place.layer is not None]


def _kernels(place: Place, name: str, image: tuple[int, ...]) -> LayerKernels:
    layer = place.layer
    assert layer is not None
    weights = _copy(layer.kernel)  # (rows, columns, C, F); depthwise (rows, columns, C, times)
    if isinstance(layer, keras.layers.Dense):
        weights = weights.reshape(*image, -1)
    if isinstance(layer, keras.layers.DepthwiseConv2D):
        weights = weights.reshape(*weights.shape[:2], 1, -1)
    bias = _copy(layer.bias) if layer.use_bias else None
    return LayerKernels(name, np.ascontiguousarray(weights.transpose(3, 2, 0, 1)), bias)


def _copy(weight: Any) -> Floats:
    """What a weight is now: the net may learn on."""
    return keras.ops.convert_to_numpy(weight).astype(np.float32)
