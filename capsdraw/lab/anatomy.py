"""A net as plain data: its layers and what leads where, enough to draw a picture of it. No Keras here."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from capsdraw.lab.receptive_fields import ReceptiveField

# Names that Keras makes of a class where nobody gave one, with a number that goes on from net to net. What a
# convolution or a normalisation is, its kind says better; the others are words.
_BY_KIND = re.compile(r"(?:conv2d|depthwise_conv2d|batch_normalization|(?:global_)?(?:max|average)_pooling2d|"
                      r"zero_padding2d|dense|activation|re_lu|input_layer)(?:_\d+)?")  # fmt: skip
_BY_WORD = re.compile(r"(squash|mask|length|longest|digit_capsules|flatten|reshape|dropout|softmax|whitening|add|"
                      r"concatenate|multiply|rescaling)(?:_\d+)?")  # fmt: skip

# What leaves each number, or each capsule, in its place: a class' stays that class'.
_IN_PLACE = ("softmax", "activation", "lengths", "dropout", "rescaling", "normalisation")


@dataclass(frozen=True)
class LayerInfo:
    """One layer of a net.

    Attributes:
        name: as `Heat.layer`, `Kernels.layer` and `Outputs.layer` call it: "encoder/conv1".
        group: of which part of the net it is, "encoder" or "decoder"; "" where the net has none.
        kind: "image", "whitening", "convolution", "normalisation", "pooling", "padding", "dropout", "reshape",
            "capsules" (squashed or routed), "lengths", "mask", "dense", "softmax", "rescaling", "activation", "joined"
            (of several), or "other".
        shape: of what it gives, without the batch: (rows, columns, channels), (numbers,) or (capsules, numbers).
        parameters: that training changes.
        fixed: that it does not: batch normalisation's moving means and variances, what `Whitening` learnt
            beforehand. A card's `parameters` leave them out, and so does `Anatomy.parameters`.
        says: in one phrase what it does.
        filters: whether its weights are pictures to look at (`inside.pictured`).
        maps: whether its outputs lie on places of the image.
        field: what each place sees, or None without places.
        sources: numbers of the parts that it reads.
        depth: layers on the longest way from the image, 0 for the image: a column of the drawing.
        title: what people call it, without its group: "conv1", "digit capsules", "normalisation 2".
    """

    name: str
    group: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    fixed: int
    says: str
    filters: bool
    maps: bool
    field: ReceptiveField | None
    sources: tuple[int, ...]
    depth: int
    title: str = ""


@dataclass(frozen=True)
class Anatomy:
    """A net's layers, the image first, each after all that it reads.

    Attributes:
        model: its name.
        layers: the layers.
    """

    model: str
    layers: tuple[LayerInfo, ...]

    @property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """From which part to which, by their numbers."""
        return tuple((source, index) for index, layer in enumerate(self.layers) for source in layer.sources)

    @property
    def parameters(self) -> int:
        """All that training changes, as on the model's card."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def fixed(self) -> int:
        """All that training does not change."""
        return sum(layer.fixed for layer in self.layers)

    @property
    def scores(self) -> LayerInfo:
        """What gives the classes' scores: the last layer, but of a net with a decoder."""
        return scored(self.layers)

    def find(self, name: str) -> LayerInfo:
        """The layer of that name; raises KeyError where there is none."""
        return {layer.name: layer for layer in self.layers}[name]


def scored(layers: Sequence[LayerInfo]) -> LayerInfo:
    """The layer of a net that gives the classes' scores."""
    return next((layer for layer in layers if layer.kind == "lengths"), layers[-1])


def of_classes(layers: Sequence[LayerInfo]) -> frozenset[str]:
    """Names of a net's layers that have a number, or a capsule, for each class: not of all that have as many.

    The scores, what they are made of class by class, and which of them is the largest.
    """
    layer = scored(layers)
    names, count = {layer.name}, layer.shape[0]
    largest = (one.name for one in layers if one.kind == "mask" and one.shape == (count,))
    names.update(largest)
    while layer.kind in _IN_PLACE and len(layer.sources) == 1:
        layer = layers[layer.sources[0]]
        if len(layer.shape) > 2 or layer.shape[0] != count:
            break
        names.add(layer.name)
    return frozenset(names)


def titled(layers: Iterable[LayerInfo]) -> tuple[LayerInfo, ...]:
    """The layers with titles: the names that their maker gave them, or what they are, counted within their group."""
    layers = tuple(layers)
    words = [(layer.group, _word(layer)) for layer in layers]
    alike, before = Counter(words), Counter[tuple[str, str]]()
    titles = []
    for layer, place in zip(layers, words, strict=True):
        before[place] += 1
        titles.append(replace(layer, title=place[1] if alike[place] == 1 else f"{place[1]} {before[place]}"))
    return tuple(titles)


def _word(layer: LayerInfo) -> str:
    """A layer's own name, or what it is."""
    name = layer.name.rpartition("/")[2]
    if _BY_KIND.fullmatch(name) and layer.kind != "other":
        return layer.kind
    word = _BY_WORD.fullmatch(name)
    return (word[1] if word else name).replace("_", " ")
