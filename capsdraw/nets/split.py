"""Where a net is taken apart so that NumPy computes a convolution with a large kernel (`large_convolution`)."""

from dataclasses import dataclass
from math import prod
from typing import Final

import keras
import numpy as np

from capsdraw.nets.decoder import ACTIVATIONS, Dense
from capsdraw.nets.families import is_capsule

# Bytes of a kernel, and places of its maps: a smaller kernel stays in a core's caches, and a net that looks at few
# places reads its weights once in LiteRT, too.
LARGE: Final = 4_000_000
_MANY: Final = 8


@dataclass(frozen=True)
class SplitNet:
    """The answering part of a net, taken apart.

    Attributes:
        before: the image to the convolution's input; behind: its output to what the net answers.
        layer: the convolution's weights, its kernel (rows · columns · channels, outputs).
        window: rows and columns of the kernel; strides: from place to place.
    """

    before: keras.Model
    behind: keras.Model
    layer: Dense
    window: tuple[int, int]
    strides: tuple[int, int]


def split(model: keras.Model) -> SplitNet | None:
    """The net in two at its convolution with the largest kernel, or None where none is large."""
    body = model.get_layer("encoder") if is_capsule(model) else model
    large = [layer for layer in body.layers if _is_large(layer)]
    if not large:
        return None
    chosen = max(large, key=_size)
    try:
        before, behind = keras.Model(body.input, chosen.input), keras.Model(chosen.output, body.output)
        if is_capsule(model):
            behind = keras.Model(behind.input, [behind.output, model.get_layer("lengths")(behind.output)])
    except ValueError:  # there is another way past it
        return None
    kernel, bias = (np.asarray(weights, np.float32) for weights in chosen.get_weights())
    layer = Dense(kernel.reshape(-1, kernel.shape[-1]), bias, chosen.activation.__name__)
    return SplitNet(before, behind, layer, tuple(chosen.kernel_size), tuple(chosen.strides))


def _is_large(layer: keras.Layer) -> bool:
    """Whether it is a convolution that `LargeConvolution` can compute, and is worth it."""
    if not isinstance(layer, keras.layers.Conv2D) or isinstance(layer, keras.layers.DepthwiseConv2D):
        return False
    plain = (
        (layer.padding, layer.groups, tuple(layer.dilation_rate), layer.data_format)
        == ("valid", 1, (1, 1), "channels_last")
        and layer.use_bias
        and layer.activation.__name__ in ACTIVATIONS
    )
    places = layer.output.shape[1] * layer.output.shape[2] if plain else 0
    return places >= _MANY and _size(layer) >= LARGE


def _size(layer: keras.Layer) -> int:
    """Bytes of its kernel."""
    return 4 * prod(layer.kernel.shape)
