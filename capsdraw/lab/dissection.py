"""Makes the anatomy of a Keras model: what each layer is, in words."""

from collections.abc import Callable
from math import prod
from typing import Any

import keras
from keras import layers

from capsdraw.formatting import many, times
from capsdraw.lab.anatomy import Anatomy, LayerInfo, titled
from capsdraw.lab.inside import OpenedNet, Place, field, inside, pictured
from capsdraw.nets.layers import DigitCapsules, Length, Longest, Mask, Squash
from capsdraw.nets.whitening import Whitening

_ACTIVATIONS = {"relu": ", ReLU", "sigmoid": ", sigmoid", "softmax": ", softmax", "tanh": ", tanh"}


def dissect(model: keras.Model, name: str) -> Anatomy:
    """The anatomy of a net that its card calls `name`; raises ValueError as `inside.inside` does."""
    opened = inside(model)
    parts: list[LayerInfo] = []
    counted: set[int] = set()
    for place in opened.places:
        parts.append(_part(opened, place, parts, counted))
        counted.add(id(place.layer))
    return Anatomy(name, titled(parts))


def _part(opened: OpenedNet, place: Place, before: list[LayerInfo], counted: set[int]) -> LayerInfo:
    kind, says = _describe(place)
    # A layer that stands at two places has its weights once.
    trained, fixed = (0, 0) if place.layer is None or id(place.layer) in counted else _counts(place.layer)
    group = place.name.rpartition("/")[0]
    seen = field(opened, place)
    return LayerInfo(
        place.name, group, kind, place.shape, trained, fixed, says, pictured(opened, place), seen is not None, seen,
        place.sources, 1 + max((before[source].depth for source in place.sources), default=-1),
    )  # fmt: skip


def _counts(layer: keras.layers.Layer) -> tuple[int, int]:
    """Numbers that training changes, and numbers that it does not."""
    trained, fixed = (
        sum(prod(weight.shape) for weight in layer.weights if weight.trainable is wanted) for wanted in (True, False)
    )
    return trained, fixed


def _describe(place: Place) -> tuple[str, str]:
    """Kind and phrase."""
    if place.layer is None:
        return "image", f"the image: {times(place.shape[:2])}, {_channels(place.shape[-1])}"
    for kinds, describe in _WORDS:
        if isinstance(place.layer, kinds):
            return describe(place.layer, place.shape)
    return "other", type(place.layer).__name__


def _convolution(layer: Any, shape: tuple[int, ...]) -> tuple[str, str]:
    stride = "" if set(layer.strides) == {1} else f", stride {times(layer.strides)}"
    each = ", one for each map" if isinstance(layer, layers.DepthwiseConv2D) else ""
    return "convolution", (
        f"convolution {times(layer.kernel_size)}{stride}, {many(shape[-1], 'kernel')}{each}{_activation(layer)}"
    )


def _separable(layer: Any, shape: tuple[int, ...]) -> tuple[str, str]:
    stride = "" if set(layer.strides) == {1} else f", stride {times(layer.strides)}"
    return "convolution", (
        f"convolution {times(layer.kernel_size)}{stride} of each map, then {many(shape[-1], 'mixture')} of these"
        f"{_activation(layer)}"
    )


def _pooling(layer: Any, _: tuple[int, ...]) -> tuple[str, str]:
    what = "the largest" if isinstance(layer, layers.MaxPooling2D) else "the mean"
    return "pooling", f"{what} of each {times(layer.pool_size)}"


def _global_pooling(layer: Any, _: tuple[int, ...]) -> tuple[str, str]:
    return "pooling", f"{'the largest' if isinstance(layer, layers.GlobalMaxPooling2D) else 'the mean'} of each map"


def _normalisation(_: Any, __: tuple[int, ...]) -> tuple[str, str]:
    return "normalisation", "batch normalisation: each map centred and scaled as it was in training"


def _dropout(layer: Any, _: tuple[int, ...]) -> tuple[str, str]:
    return "dropout", f"dropout: {layer.rate:.0%} set to zero, in training only"


def _padding(layer: Any, _: tuple[int, ...]) -> tuple[str, str]:
    sides = dict(zip(("above", "below", "left", "right"), (*layer.padding[0], *layer.padding[1]), strict=True))
    if len(set(sides.values())) == 1:
        return "padding", f"padding: {many(sides['above'], 'pixel')} of zeros"
    some = " and ".join(f"{many(wide, 'pixel')} {side}" for side, wide in sides.items() if wide)
    return "padding", f"padding with zeros: {some}"


def _flatten(_: Any, shape: tuple[int, ...]) -> tuple[str, str]:
    return "reshape", f"{shape[0]:,} numbers in a row"


def _reshape(layer: Any, shape: tuple[int, ...]) -> tuple[str, str]:
    if len(shape) == 2:
        called = "primary capsules" if layer.name == "primary_capsules" else "capsules"
        return "reshape", f"{called}: {shape[0]:,} of {shape[1]} numbers"
    return "reshape", f"as a picture: {times(shape[:2])}" if len(shape) == 3 else f"as {times(shape)} numbers"


def _squash(_: Any, shape: tuple[int, ...]) -> tuple[str, str]:
    return "capsules", f"squash: {shape[0]:,} capsules scaled to lengths below 1, directions kept"


def _digit_capsules(layer: Any, shape: tuple[int, ...]) -> tuple[str, str]:
    rounds = many(layer.iterations - 1, "round")  # as Routing counts them: between two iterations
    how = "self-attention" if layer.routing == "attention" else f"agreement, {rounds}"
    return "capsules", f"digit capsules: {shape[0]} of {shape[1]} numbers, routed by {how}"


def _length(_: Any, __: tuple[int, ...]) -> tuple[str, str]:
    return "lengths", "length of each capsule: how sure the net is of its class"


def _longest(_: Any, __: tuple[int, ...]) -> tuple[str, str]:
    return "mask", "which capsule is the longest"


def _mask(_: Any, shape: tuple[int, ...]) -> tuple[str, str]:
    return "mask", f"mask: {shape[0]} numbers, all zero but the longest capsule's"


def _dense(layer: Any, _: tuple[int, ...]) -> tuple[str, str]:
    return "dense", f"dense: {many(layer.units, 'unit')}{_activation(layer)}"


def _softmax(_: Any, __: tuple[int, ...]) -> tuple[str, str]:
    return "softmax", "softmax: probabilities that sum to 1"


def _rescaling(_: Any, __: tuple[int, ...]) -> tuple[str, str]:
    return "rescaling", "rescaling: pixels brought to the range that the net learnt from"


def _function(layer: Any, _: tuple[int, ...]) -> tuple[str, str]:
    name = layer.activation.__name__ if isinstance(layer, layers.Activation) else type(layer).__name__
    return "activation", f"activation: {name}"


def _joined(layer: Any, _: tuple[int, ...]) -> tuple[str, str]:
    return "joined", "joined: laid one after the other" if isinstance(layer, layers.Concatenate) else "joined: summed"


def _whitening(layer: Any, _: tuple[int, ...]) -> tuple[str, str]:
    return "whitening", f"ZCA whitening, {many(layer.basis.shape[1], 'direction')}"


def _activation(layer: Any) -> str:
    name = layer.activation.__name__
    return _ACTIVATIONS.get(name, "" if name == "linear" else f", {name}")


def _channels(count: int) -> str:
    return {1: "grey", 3: "colour"}.get(count, many(count, "channel"))


_WORDS: tuple[tuple[Any, Callable[[Any, tuple[int, ...]], tuple[str, str]]], ...] = (
    ((layers.Conv2D, layers.DepthwiseConv2D), _convolution), (layers.SeparableConv2D, _separable),
    ((layers.MaxPooling2D, layers.AveragePooling2D), _pooling),
    ((layers.GlobalMaxPooling2D, layers.GlobalAveragePooling2D), _global_pooling),
    (layers.BatchNormalization, _normalisation), (layers.Dropout, _dropout), (layers.ZeroPadding2D, _padding),
    (layers.Flatten, _flatten), (layers.Reshape, _reshape), (Squash, _squash), (DigitCapsules, _digit_capsules),
    (Length, _length), (Longest, _longest), (Mask, _mask), (layers.Dense, _dense), (layers.Softmax, _softmax),
    (Whitening, _whitening), (layers.Rescaling, _rescaling),
    ((layers.Activation, layers.ReLU, layers.LeakyReLU, layers.ELU), _function),
    ((layers.Add, layers.Concatenate), _joined),
)  # fmt: skip
