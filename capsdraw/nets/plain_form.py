"""A net in Keras' own layers and operations alone: the same answers, and nothing of this app's in its file.

What routes, squashes and masks is written out in `keras.ops`, which Keras keeps as operations of its own; what has
weights becomes a layer of Keras' that has them. Nothing is used that LiteRT or ONNX Runtime does not know: no `expm1`,
and not the `argmax` of Keras on TensorFlow, which looks at the bits of numbers.
"""

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from capsdraw.nets.convolution import FourierConv2D
from capsdraw.nets.layers import EPSILON, DigitCapsules, Length, Longest, Mask, Squash
from capsdraw.nets.reading import Floats
from capsdraw.nets.whitening import Whitening

Tensor = Any


def plain(model: keras.Model) -> keras.Model:
    """The net, of the same outputs, in Keras' own layers and operations; weights of plain layers are shared with it."""
    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs, model.outputs[0], name=model.name)
    return keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=_call)


def _call(layer: Any, *arguments: Any, **named: Any) -> Tensor:
    """What a layer makes of tensors, by what is Keras' own."""
    for kind, write in _WRITTEN_OUT.items():
        if isinstance(layer, kind):
            return write(layer, arguments[0])
    if isinstance(layer, keras.Model):
        return plain(layer)(*arguments)
    return layer(*arguments, **named)


def _convolution(layer: FourierConv2D, x: Tensor) -> Tensor:
    same = layers.Conv2D(
        layer.filters, layer.kernel_size, strides=layer.strides, activation=layer.activation, use_bias=layer.use_bias,
        name=layer.name,
    )  # fmt: skip
    return _with(same, x, layer.get_weights())


def _norm(s: Tensor) -> Tensor:
    return ops.sqrt(ops.sum(ops.square(s), axis=-1, keepdims=True) + EPSILON)


def _squash(s: Tensor, exponential: bool) -> Tensor:
    length = _norm(s)
    factor = (1.0 - ops.exp(-1.0 * length)) / length if exponential else length / (1.0 + ops.square(length))
    return s * factor


def _digit_capsules(layer: DigitCapsules, x: Tensor) -> Tensor:
    below, classes, _, size = layer.kernel.shape
    votes = layers.EinsumDense("bid,ijdk->bjik", (classes, below, size), name="votes")
    hat = _with(votes, x, [np.asarray(layer.kernel)])  # (B, J, I, K)
    if layer.routing == "attention":
        agreement = ops.matmul(hat, ops.expand_dims(ops.sum(hat, axis=2), 3))  # (B, J, I, 1)
        coupling = ops.squeeze(ops.softmax(agreement * float(size**-0.5), axis=1), 3)  # (B, J, I)
        shared = _Added(np.asarray(layer.prior).T, "prior")(coupling)
        return _squash(_gathered(shared, hat), exponential=True)
    # Before the first agreement all classes have the same share.
    total = ops.sum(hat, axis=2) * (1.0 / classes)
    logits = None
    bias = None if layer.bias is None else _Added(np.asarray(layer.bias), "bias")
    for _ in range(layer.iterations - 1):
        capsules = _squash(total if bias is None else bias(total), exponential=False)
        agreement = ops.squeeze(ops.matmul(hat, ops.expand_dims(capsules, 3)), 3)  # (B, J, I)
        logits = agreement if logits is None else logits + agreement
        total = _gathered(ops.softmax(logits, axis=1), hat)
    return _squash(total if bias is None else bias(total), exponential=False)


def _gathered(coupling: Tensor, votes: Tensor) -> Tensor:
    """(B, J, K) of a coupling (B, J, I) and votes (B, J, I, K)."""
    return ops.squeeze(ops.matmul(ops.expand_dims(coupling, 2), votes), 2)


class _Added:
    """Adds weights (J, N) to tensors (B, J, N): the bias of a layer whose kernel changes nothing."""

    def __init__(self, weights: Floats, name: str) -> None:
        self._weights = weights
        self._layer = layers.EinsumDense("bjn,nm->bjm", weights.shape, bias_axes="jm", name=name)

    def __call__(self, x: Tensor) -> Tensor:
        return _with(self._layer, x, [np.eye(self._weights.shape[1], dtype=np.float32), self._weights])


def _length(_: Length, x: Tensor) -> Tensor:
    return ops.squeeze(_norm(x), -1)


def _longest(_: Longest, x: Tensor) -> Tensor:
    return ops.one_hot(ops.squeeze(ops.top_k(x, 1)[1], -1), x.shape[-1])


def _mask(_: Mask, inputs: list[Tensor]) -> Tensor:
    capsules, mask = inputs
    return ops.reshape(capsules * ops.expand_dims(mask, -1), (-1, capsules.shape[1] * capsules.shape[2]))


def _whitening(layer: Whitening, x: Tensor) -> Tensor:
    """Less the mean, by a batch normalisation of variance 1; then directions with a gain of their own, and the rest."""
    mean, basis, gains, rest = (np.asarray(weight, np.float32) for weight in layer.get_weights())
    names = [f"{layer.name}_{part}" for part in ("flat", "centred", "directions", "gains", "rest", "sum", "image")]
    centre = layers.BatchNormalization(center=False, scale=False, epsilon=0.5, name=names[1])
    flat = _with(centre, layers.Flatten(name=names[0])(x), [mean, np.full_like(mean, 0.5)])
    down = _with(layers.Dense(basis.shape[1], use_bias=False, name=names[2]), flat, [basis * gains])
    up = _with(layers.Dense(basis.shape[0], use_bias=False, name=names[3]), down, [basis.T])
    whole = layers.Add(name=names[5])([up, layers.Rescaling(float(rest), name=names[4])(flat)])
    return layers.Reshape(x.shape[1:], name=names[6])(whole)


def _with(layer: keras.layers.Layer, x: Tensor, weights: list[Floats]) -> Tensor:
    """What a layer of these weights makes of `x`."""
    output = layer(x)
    layer.set_weights(weights)
    return output


_WRITTEN_OUT: dict[type[keras.layers.Layer], Any] = {
    FourierConv2D: _convolution,
    Squash: lambda layer, x: _squash(x, layer.exponential),
    DigitCapsules: _digit_capsules,
    Length: _length,
    Longest: _longest,
    Mask: _mask,
    Whitening: _whitening,
}
