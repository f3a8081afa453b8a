"""How many float32 operations a net takes, counted from its layers."""

from math import prod

import keras

from capsdraw.nets.families import is_capsule
from capsdraw.nets.layers import DigitCapsules


def forward(model: keras.Model, decoder: bool = False) -> int:
    """Of one image's answer, product and sum counted as two: of convolutions, dense layers, votes and their routing.

    What is done once for each number (biases, activations, squash, pooling) is left out; of a capsule net the decoder
    too, unless it is asked for.
    """
    if not is_capsule(model):
        return _all_products(model)
    names = ("encoder", "decoder") if decoder else ("encoder",)
    return sum(_all_products(model.get_layer(name)) for name in names)


def step(model: keras.Model) -> int:
    """Of one image in a step of training: the answer and its decoder, and twice as many for the gradients."""
    return 3 * forward(model, decoder=is_capsule(model))


def _all_products(part: keras.Model) -> int:
    return sum(_products(layer) for layer in part.layers)


def _products(layer: keras.Layer) -> int:
    if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
        places = prod(layer.output.shape[1:3])
        return 2 * prod(layer.kernel.shape) * places
    if isinstance(layer, keras.layers.Dense):
        return 2 * prod(layer.kernel.shape)
    if isinstance(layer, DigitCapsules):
        below, capsules, _, size = layer.kernel.shape
        # Dynamic routing goes through the votes twice in each iteration but the last, attention once for all pairs.
        through = 2 * layer.iterations - 1 if layer.routing == "dynamic" else below + 1
        return 2 * prod(layer.kernel.shape) + 2 * through * below * capsules * size
    return 0
