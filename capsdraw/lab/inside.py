"""What is inside a net: its layers, those of its parts too, as outputs of one graph that can be asked for.

A layer of the part `encoder` has an output in the encoder's own graph, which nothing joins to the
image and the answer of the whole. Here the whole is gone through once more, with the same layers
and weights, and every output on the way is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any
from weakref import WeakKeyDictionary

import keras
from keras import ops

from capsdraw.lab.receptive_fields import ReceptiveField, joined
from capsdraw.nets.layers import DigitCapsules

Tensor = Any
CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)
# Two in one: it looks at places as a convolution does, but no map of it has a kernel of its own.
SEPARABLE = keras.layers.SeparableConv2D
_POOLS = (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)
# Pixels stay pixels, in the same order.
_AS_IT_WAS = (
    keras.layers.Flatten, keras.layers.Reshape, keras.layers.Dropout, keras.layers.Rescaling, keras.layers.Identity,
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A layer where it stands in a net.

    Attributes:
        name: of the layer, after that of the part it is in: "encoder/conv1".
        layer: itself; None for the image.
        sources: numbers of the places that it reads.
        output: a symbolic tensor (B, …), in the graph that begins at `OpenedNet.image`.
    """

    name: str
    layer: keras.Layer | None
    sources: tuple[int, ...]
    output: Tensor

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the output, without the batch."""
        return tuple(self.output.shape[1:])

    @property
    def convolves(self) -> bool:
        """Whether it glides kernels over what it reads."""
        return isinstance(self.layer, (*CONVOLUTIONS, SEPARABLE))


@dataclass(frozen=True)
class OpenedNet:
    """A net laid open.

    Attributes:
        image: the symbolic input.
        places: the image first, then all layers in the order in which they answer.
        output: what the net gives, in this graph, structured as the net's own.
    """

    image: Tensor
    places: tuple[Place, ...]
    output: Any

    def find(self, name: str) -> Place:
        """The place of that name; raises KeyError where there is none."""
        return {place.name: place for place in self.places}[name]

    @cached_property
    def fields(self) -> tuple[ReceptiveField | None, ...]:
        """Of each place, as `field` has it: each once, for ways that part and meet again are many."""
        known: list[ReceptiveField | None] = []
        for place in self.places:
            known.append(_field(self.places, known, place))
        return tuple(known)


_OPENED: "WeakKeyDictionary[keras.Model, OpenedNet]" = WeakKeyDictionary()


def inside(model: keras.Model) -> OpenedNet:
    """The net laid open; done once for each model.

    Raises:
        ValueError: a model, or a part of one, that does not read one single tensor.
    """
    if model not in _OPENED:
        _OPENED[model] = _open(model)
    return _OPENED[model]


def pictured(opened: OpenedNet, place: Place) -> bool:
    """Whether its weights are pictures: kernels of a convolution, or a dense layer's that reads the image itself."""
    if not isinstance(place.layer, keras.layers.Dense):
        return isinstance(place.layer, CONVOLUTIONS)
    before = opened.places[place.sources[0]]
    while isinstance(before.layer, _AS_IT_WAS):
        before = opened.places[before.sources[0]]
    # A dense layer on an image that is not flattened mixes the colours of a pixel, no pixels.
    return before.layer is None and place.layer.kernel.shape[0] == prod(opened.places[0].shape) > before.shape[-1]


def scores(opened: OpenedNet, capsule: bool) -> Tensor:
    """What each class is given before anything makes the classes share it out: (B, C).

    Lengths of a capsule net. Of a classifier the logits, that is what enters its softmax (or other
    last activation): of a class that is all but certain, the probability itself no longer moves.
    """
    if capsule:
        return opened.output["lengths"]
    last = _last(opened)
    if last.layer is None:
        return opened.output
    before = opened.places[last.sources[0]].output
    if isinstance(last.layer, keras.layers.Dense):
        return _Linear(last.layer)(before)
    if isinstance(last.layer, (keras.layers.Softmax, keras.layers.Activation)):
        return before
    return opened.output


def last_activation(opened: OpenedNet) -> str:
    """What `scores` of a classifier go through to become its answers: "softmax", "sigmoid"; "" for nothing."""
    layer = _last(opened).layer
    if isinstance(layer, keras.layers.Softmax):
        return "softmax"
    if not isinstance(layer, (keras.layers.Dense, keras.layers.Activation)):
        return ""
    name = str(layer.activation.__name__)
    return "" if name == "linear" else name.replace("_", " ")


def _last(opened: OpenedNet) -> Place:
    """What gives a classifier's answers."""
    return next((place for place in opened.places if place.output is opened.output), opened.places[0])


def field(opened: OpenedNet, place: Place) -> ReceptiveField | None:
    """What each of the place's (rows, columns, …) outputs sees, or None where they have no places on the image."""
    return next(seen for other, seen in zip(opened.places, opened.fields, strict=True) if other is place)


def _field(places: Sequence[Place], known: Sequence[ReceptiveField | None], place: Place) -> ReceptiveField | None:
    """Of one place, from what is `known` of those before it."""
    if place.layer is None:
        return ReceptiveField()
    if len(place.shape) != 3:
        return None
    if len(place.sources) > 1:
        # What has one place only, such as the gate of a squeeze-and-excitation, says nothing of where.
        read = [source for source in place.sources if places[source].shape[:2] == place.shape[:2]]
        return joined([known[source] for source in read])
    before, seen = places[place.sources[0]], known[place.sources[0]]
    if seen is None:
        return None
    if isinstance(place.layer, (keras.layers.ZeroPadding2D, keras.layers.Cropping2D)):
        more = place.layer.padding if isinstance(place.layer, keras.layers.ZeroPadding2D) else place.layer.cropping
        sign = 1 if isinstance(place.layer, keras.layers.ZeroPadding2D) else -1
        down, across = (at - sign * add[0] * by for at, add, by in zip(seen.start, more, seen.stride, strict=True))
        return ReceptiveField((down, across), seen.stride, seen.side)
    if place.convolves or isinstance(place.layer, _POOLS):
        return ReceptiveField(
            *zip(*(_along(place.layer, axis, before.shape[axis], seen) for axis in (0, 1)), strict=True)
        )
    if isinstance(place.layer, keras.layers.Permute) and tuple(place.layer.dims) != (1, 2, 3):
        return None
    # `Whitening` mixes all pixels, but a pixel far more with its neighbours than with others.
    return seen if place.shape[:2] == before.shape[:2] else None


@dataclass(frozen=True)
class PrimaryOrigin:
    """Where the primary capsules of a net come from.

    Attributes:
        index: of the place that gives them to the digit capsules.
        grid: (rows, columns) of places on the image, with the same number of capsules each; or None
            where there is one place that sees all.
        field: what each place sees, or None where that is not known.
    """

    index: int
    grid: tuple[int, int] | None
    field: ReceptiveField | None


def ground(opened: OpenedNet) -> PrimaryOrigin | None:
    """Of the primary capsules, or None in a net without digit capsules."""
    routed = next((place for place in opened.places if isinstance(place.layer, DigitCapsules)), None)
    if routed is None:
        return None
    index = routed.sources[0]
    maps = opened.places[index]
    while len(maps.shape) != 3:
        maps = opened.places[maps.sources[0]]
    rows, columns, _ = maps.shape
    fits = rows * columns > 1 and opened.places[index].shape[0] % (rows * columns) == 0
    return PrimaryOrigin(index, (rows, columns) if fits else None, field(opened, maps))


def _along(layer: keras.Layer, axis: int, length: int, seen: ReceptiveField) -> tuple[float, float, float]:
    """Start, stride and side along one axis, after a window that glides."""
    pool = isinstance(layer, _POOLS)
    size, stride = (layer.pool_size if pool else layer.kernel_size)[axis], layer.strides[axis]
    reach = (size - 1) * (1 if pool else layer.dilation_rate[axis])
    same = layer.padding == "same"
    # As TensorFlow pads: what is odd goes behind.
    before = max((-(-length // stride) - 1) * stride + reach + 1 - length, 0) // 2 if same else 0
    first = seen.start[axis] + (reach / 2 - before) * seen.stride[axis]
    return first, seen.stride[axis] * stride, seen.side[axis] + reach * seen.stride[axis]


def _open(model: keras.Model) -> OpenedNet:
    if len(model.inputs) != 1:
        raise ValueError(f"only nets that read one image are laid open. Received: '{model.name}' with {model.inputs}")
    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs, model.outputs[0], name=model.name)
    walk = _Walk(model.inputs[0])
    again = keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=walk.call)
    walk.places[0] = Place(model.inputs[0].name, None, (), again.inputs[0])
    return OpenedNet(again.inputs[0], tuple(walk.places), again.output)


class _Walk:
    """Notes each layer as it is called on the way."""

    def __init__(self, image: Tensor) -> None:
        # The first place is the image; its tensor is not known before the walk is done.
        self.places = [Place("", None, (), image)]
        self._from: dict[int, int] = {}
        self._kept: list[Tensor] = []  # so that no other tensor gets the same id

    def call(self, layer: Any, *args: Any, **kwargs: Any) -> Any:
        tensors = [tensor for tensor in keras.tree.flatten((args, kwargs)) if isinstance(tensor, keras.KerasTensor)]
        # What no layer has made is the image.
        sources = tuple(dict.fromkeys(self._from.get(id(tensor), 0) for tensor in tensors))
        if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
            return self._part(layer, sources, args[0])
        output = layer(*args, **kwargs)
        self.places.append(Place(layer.name, layer, sources, keras.tree.flatten(output)[0]))
        self._note(output, len(self.places) - 1)
        return output

    def _part(self, submodel: keras.Model, sources: tuple[int, ...], tensor: Tensor) -> Any:
        """Call a part so that the outputs of its layers come out too."""
        opened = inside(submodel)
        outputs = keras.Model(opened.image, [place.output for place in opened.places[1:]], name=submodel.name)(tensor)
        first = len(self.places) - 1
        for place, output in zip(opened.places[1:], outputs, strict=True):
            # The part's own image is whatever it was given here.
            reads = [sources if source == 0 else (source + first,) for source in place.sources]
            flat = tuple(dict.fromkeys(index for sources_of_input in reads for index in sources_of_input))
            self.places.append(Place(f"{submodel.name}/{place.name}", place.layer, flat, output))
            self._note(output, len(self.places) - 1)
        by_id = {id(place.output): output for place, output in zip(opened.places, [tensor, *outputs], strict=True)}
        return keras.tree.map_structure(lambda end: by_id[id(end)], opened.output)

    def _note(self, output: Any, index: int) -> None:
        for tensor in keras.tree.flatten(output):
            self._from[id(tensor)] = index
            self._kept.append(tensor)


class _Linear(keras.layers.Layer):  # type: ignore[misc]
    """What another dense layer computes before its activation."""

    def __init__(self, dense: keras.layers.Dense) -> None:
        super().__init__(dtype=dense.dtype_policy)
        self._of = dense

    def call(self, inputs: Tensor) -> Tensor:
        outputs = ops.matmul(inputs, self._of.kernel)
        return outputs + self._of.bias if self._of.use_bias else outputs
