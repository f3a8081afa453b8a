"""What is inside a net: its layers, those of its parts too, as outputs of one graph that can be asked for.

A layer of the part `encoder` has an output in the encoder's own graph, which nothing joins to the
image and the answer of the whole. Here the whole is gone through once more, with the same layers
and weights, and every output on the way is kept.
"""

from dataclasses import dataclass
from math import prod
from typing import Any
from weakref import WeakKeyDictionary

import keras
from keras import ops

from capsdraw.lab.fields import Field
from capsdraw.nets.layers import DigitCapsules

Tensor = Any
CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)
_POOLS = (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)


@dataclass(frozen=True)
class Place:
    """A layer where it stands in a net.

    Attributes:
        name: of the layer, after that of the part it is in: "encoder/conv1".
        layer: itself; None for the image.
        sources: numbers of the places that it reads.
        output: a symbolic tensor (B, …), in the graph that begins at `Inside.image`.
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
        return isinstance(self.layer, CONVOLUTIONS)


@dataclass(frozen=True)
class Inside:
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


_OPENED: "WeakKeyDictionary[keras.Model, Inside]" = WeakKeyDictionary()


def inside(model: keras.Model) -> Inside:
    """The net laid open; done once for each model.

    Raises:
        ValueError: a model, or a part of one, that does not read one single tensor.
    """
    if model not in _OPENED:
        _OPENED[model] = _open(model)
    return _OPENED[model]


def pictured(found: Inside, place: Place) -> bool:
    """Whether its weights are pictures: kernels of a convolution, or a dense layer's that reads the image itself."""
    if not isinstance(place.layer, keras.layers.Dense):
        return place.convolves
    before = found.places[place.sources[0]]
    while isinstance(before.layer, (keras.layers.Flatten, keras.layers.Reshape, keras.layers.Dropout)):
        before = found.places[before.sources[0]]
    # A dense layer on an image that is not flattened mixes the colours of a pixel, no pixels.
    return before.layer is None and place.layer.kernel.shape[0] == prod(found.places[0].shape) > before.shape[-1]


def scores(found: Inside, capsule: bool) -> Tensor:
    """What each class is given before anything makes the classes share it out: (B, C).

    Lengths of a capsule net. Of a classifier the logits, that is what enters its softmax (or other
    last activation): of a class that is all but certain, the probability itself no longer moves.
    """
    if capsule:
        return found.output["lengths"]
    last = next((place for place in found.places if place.output is found.output), found.places[0])
    if last.layer is None:
        return found.output
    before = found.places[last.sources[0]].output
    if isinstance(last.layer, keras.layers.Dense):
        return _Linear(last.layer)(before)
    if isinstance(last.layer, (keras.layers.Softmax, keras.layers.Activation)):
        return before
    return found.output


def field(found: Inside, place: Place) -> Field | None:
    """What each of the place's (rows, columns, …) outputs sees, or None where they have no places on the image."""
    if place.layer is None:
        return Field()
    before = found.places[place.sources[0]]
    seen = field(found, before)
    if seen is None or len(place.shape) != 3:
        return None
    if isinstance(place.layer, (keras.layers.ZeroPadding2D, keras.layers.Cropping2D)):
        more = place.layer.padding if isinstance(place.layer, keras.layers.ZeroPadding2D) else place.layer.cropping
        sign = 1 if isinstance(place.layer, keras.layers.ZeroPadding2D) else -1
        down, across = (at - sign * add[0] * by for at, add, by in zip(seen.start, more, seen.stride, strict=True))
        return Field((down, across), seen.stride, seen.side)
    if isinstance(place.layer, (*CONVOLUTIONS, *_POOLS)):
        return Field(*zip(*(_along(place.layer, axis, before.shape[axis], seen) for axis in (0, 1)), strict=True))
    # `Whitening` mixes all pixels, but a pixel far more with its neighbours than with others.
    return seen if place.shape[:2] == before.shape[:2] else None


@dataclass(frozen=True)
class Ground:
    """Where the primary capsules of a net come from.

    Attributes:
        number: of the place that gives them to the digit capsules.
        grid: (rows, columns) of places on the image, with the same number of capsules each; or None
            where there is one place that sees all.
        field: what each place sees, or None where that is not known.
    """

    number: int
    grid: tuple[int, int] | None
    field: Field | None


def ground(found: Inside) -> Ground | None:
    """Of the primary capsules, or None in a net without digit capsules."""
    routed = next((place for place in found.places if isinstance(place.layer, DigitCapsules)), None)
    if routed is None:
        return None
    number = routed.sources[0]
    maps = found.places[number]
    while len(maps.shape) != 3:
        maps = found.places[maps.sources[0]]
    rows, columns, _ = maps.shape
    fits = rows * columns > 1 and found.places[number].shape[0] % (rows * columns) == 0
    return Ground(number, (rows, columns) if fits else None, field(found, maps))


def _along(layer: keras.Layer, axis: int, length: int, seen: Field) -> tuple[float, float, float]:
    """Start, stride and side along one axis, after a window that glides."""
    pool = isinstance(layer, _POOLS)
    size, stride = (layer.pool_size if pool else layer.kernel_size)[axis], layer.strides[axis]
    reach = (size - 1) * (1 if pool else layer.dilation_rate[axis])
    same = layer.padding == "same"
    # As TensorFlow pads: what is odd goes behind.
    before = max((-(-length // stride) - 1) * stride + reach + 1 - length, 0) // 2 if same else 0
    first = seen.start[axis] + (reach / 2 - before) * seen.stride[axis]
    return first, seen.stride[axis] * stride, seen.side[axis] + reach * seen.stride[axis]


def _open(model: keras.Model) -> Inside:
    if len(model.inputs) != 1:
        raise ValueError(f"only nets that read one image are laid open. Received: '{model.name}' with {model.inputs}")
    if isinstance(model, keras.Sequential):
        model = keras.Model(model.inputs, model.outputs[0], name=model.name)
    walk = _Walk(model.inputs[0])
    again = keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=walk.call)
    walk.places[0] = Place(model.inputs[0].name, None, (), again.inputs[0])
    return Inside(again.inputs[0], tuple(walk.places), again.output)


class _Walk:
    """Notes each layer as it is called on the way."""

    def __init__(self, image: Tensor) -> None:
        # The first place is the image; its tensor is not known before the walk is done.
        self.places = [Place("", None, (), image)]
        self._from: dict[int, int] = {}
        self._kept: list[Tensor] = []  # so that no other tensor gets the same id

    def call(self, layer: Any, *args: Any, **kwargs: Any) -> Any:
        given = [one for one in keras.tree.flatten((args, kwargs)) if isinstance(one, keras.KerasTensor)]
        # What no layer has made is the image.
        sources = tuple(dict.fromkeys(self._from.get(id(one), 0) for one in given))
        if isinstance(layer, keras.Model) and getattr(layer, "inputs", None):
            return self._part(layer, sources, args[0])
        made = layer(*args, **kwargs)
        self.places.append(Place(layer.name, layer, sources, keras.tree.flatten(made)[0]))
        self._note(made, len(self.places) - 1)
        return made

    def _part(self, part: keras.Model, sources: tuple[int, ...], given: Tensor) -> Any:
        """Call a part so that the outputs of its layers come out too."""
        found = inside(part)
        made = keras.Model(found.image, [place.output for place in found.places[1:]], name=part.name)(given)
        first = len(self.places) - 1
        for place, output in zip(found.places[1:], made, strict=True):
            # The part's own image is whatever it was given here.
            reads = [sources if number == 0 else (number + first,) for number in place.sources]
            flat = tuple(dict.fromkeys(number for some in reads for number in some))
            self.places.append(Place(f"{part.name}/{place.name}", place.layer, flat, output))
            self._note(output, len(self.places) - 1)
        by_id = {id(place.output): output for place, output in zip(found.places, [given, *made], strict=True)}
        return keras.tree.map_structure(lambda end: by_id[id(end)], found.output)

    def _note(self, made: Any, number: int) -> None:
        for one in keras.tree.flatten(made):
            self._from[id(one)] = number
            self._kept.append(one)


class _Linear(keras.layers.Layer):  # type: ignore[misc]
    """What another dense layer computes before its activation."""

    def __init__(self, dense: keras.layers.Dense) -> None:
        super().__init__(dtype=dense.dtype_policy)
        self._of = dense

    def call(self, inputs: Tensor) -> Tensor:
        found = ops.matmul(inputs, self._of.kernel)
        return found + self._of.bias if self._of.use_bias else found
