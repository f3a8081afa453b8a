"""The picture of a net is true: its layers, sizes and ways, and the parameters add up to the card's."""

from typing import Any

import keras
import numpy as np
import pytest

from capsdraw.lab.anatomy import Anatomy
from capsdraw.lab.dissection import dissect
from capsdraw.nets import cards, zoo

BUNDLED = [card for card in cards.list_cards() if card.bundled]


@pytest.mark.parametrize("card", BUNDLED, ids=lambda card: card.name)
def test_parameters_add_up_to_the_card_s(card: cards.Card) -> None:
    model = zoo.load(card)
    found = dissect(model, card.name)
    assert found.parameters == card.parameters
    # With those that training leaves alone, all that the file holds.
    assert found.parameters + found.fixed == model.count_params()
    assert found.model == card.name


@pytest.mark.slow
@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_every_layer_reads_what_stands_before_it_and_the_image_comes_first(family: str) -> None:
    found = dissect(zoo.build(family, **zoo.TINY[family]), family)
    first, *others = found.layers
    assert (first.kind, first.sources, first.depth, first.parameters) == ("image", (), 0, 0)
    assert len({part.name for part in found.layers}) == len(found.layers)
    for number, part in enumerate(others, 1):
        assert part.sources
        assert max(part.sources) < number
        assert part.depth == 1 + max(found.layers[source].depth for source in part.sources)
        assert part.kind != "other"
        assert part.says
        assert part.filters == (part.kind == "convolution" or (family, part.name) == ("mlp", "hidden"))
    # All but the last are read by someone.
    assert {source for source, _ in found.edges} == set(range(len(found.layers) - 1))


@pytest.mark.parametrize("family", zoo.FAMILIES)
def test_shapes_are_those_that_come_out(family: str) -> None:
    model = zoo.build(family, **zoo.TINY[family])
    found = dissect(model, family)
    shapes: dict[str, Any] = {}
    for group in ("encoder", "decoder", ""):
        part = model.get_layer(group) if group and isinstance(model.output, dict) else model
        for layer in part.layers:
            shapes[f"{group}/{layer.name}" if part is not model else layer.name] = layer
    for one in found.layers[1:]:
        assert one.shape == tuple(shapes[one.name].output.shape[1:])
        assert one.group == one.name.rpartition("/")[0]


@pytest.mark.parametrize("card", BUNDLED, ids=lambda card: card.name)
def test_layers_are_called_by_words(card: cards.Card) -> None:
    """ "batch_normalization_2" was Keras' own counting, which went on from net to net."""
    layers = dissect(zoo.load(card), card.name).layers
    assert len({(layer.group, layer.title) for layer in layers}) == len(layers)
    for layer in layers:
        assert layer.title
        assert "_" not in layer.title
        assert not layer.title.startswith(("conv2d", "batch normalization", "dense"))


def test_layers_without_names_are_counted_within_their_net() -> None:
    found = dissect(zoo.build("efficient-capsnet"), "efficient-capsnet")
    assert [layer.title for layer in found.layers if layer.kind == "normalisation"] == [
        f"normalisation {number}" for number in range(1, 5)
    ]
    assert {"primary capsules", "digit capsules", "squash", "hidden1"} <= {layer.title for layer in found.layers}


def says(found: Anatomy) -> dict[str, str]:
    return {part.name: part.says for part in found.layers}


def test_capsnet_in_words() -> None:
    found = dissect(zoo.build("capsnet"), "capsnet")
    assert (found.parameters, found.fixed) == (8_215_568, 0)
    words = says(found)
    assert words == {
        "image": "the image: 28 × 28, grey",
        "encoder/conv1": "convolution 9 × 9, 256 kernels, ReLU",
        "encoder/primary": "convolution 9 × 9, stride 2 × 2, 256 kernels",
        "encoder/primary_capsules": "primary capsules: 1,152 of 8 numbers",
        "encoder/squash": "squash: 1,152 capsules scaled to lengths below 1, directions kept",
        "encoder/digit_capsules": "digit capsules: 10 of 16 numbers, routed by agreement, 2 rounds",
        "lengths": "length of each capsule: how sure the net is of its class",
        "longest": "which capsule is the longest",
        "mask": "mask: 160 numbers, all zero but the longest capsule's",
        "decoder/hidden1": "dense: 512 units, ReLU",
        "decoder/hidden2": "dense: 1,024 units, ReLU",
        "decoder/pixels": "dense: 784 units, sigmoid",
        "decoder/picture": "as a picture: 28 × 28",
    }
    by_name = {part.name: number for number, part in enumerate(found.layers)}
    # The one place where ways part and meet: the mask reads the capsules and which of them is the longest.
    assert found.find("mask").sources == (by_name["encoder/digit_capsules"], by_name["longest"])
    assert found.find("lengths").sources == (by_name["encoder/digit_capsules"],)
    assert found.find("encoder/conv1").parameters == 81 * 256 + 256
    assert [part.name for part in found.layers if part.maps] == ["image", "encoder/conv1", "encoder/primary"]


def test_cnns_in_words() -> None:
    words = says(dissect(zoo.build("deep-convnet"), "deep-convnet"))
    assert words["conv2a"] == "convolution 3 × 3, 32 kernels, ReLU"
    assert words["padding"] == "padding: 1 pixel of zeros"
    assert words["pool1"] == "the largest of each 2 × 2"
    assert words["flatten"] == "1,024 numbers in a row"
    assert words["dropout1"] == "dropout: 50% set to zero, in training only"
    assert words["probabilities"] == "softmax: probabilities that sum to 1"
    words = says(dissect(zoo.build("cifar-cnn", whitening=64), "zca"))
    assert words["image"] == "the image: 32 × 32, colour"
    assert words["whitening"] == "ZCA whitening, 64 directions"
    words = says(dissect(zoo.build("efficient-capsnet"), "efficient-capsnet"))
    assert words["encoder/primary"] == "convolution 9 × 9, 128 kernels, one for each map"
    assert words["encoder/digit_capsules"] == "digit capsules: 10 of 16 numbers, routed by self-attention"


def test_layers_of_other_people_s_nets_in_words() -> None:
    """What `foreign.known_layers` opens, beside what the app builds itself."""
    image = x = keras.Input((12, 12, 1))
    x = keras.layers.ZeroPadding2D(((0, 1), (0, 1)), name="behind")(x)
    x = keras.layers.ZeroPadding2D((2, 1), name="more above")(x)
    x = keras.layers.SeparableConv2D(4, 3, strides=2, activation="relu", name="separable")(x)
    found = dissect(keras.Model(image, keras.layers.Flatten()(x)), "other")
    words = says(found)
    assert words["behind"] == "padding with zeros: 1 pixel below and 1 pixel right"
    assert words["more above"].endswith("2 pixels above and 2 pixels below and 1 pixel left and 1 pixel right")
    assert words["separable"] == "convolution 3 × 3, stride 2 × 2 of each map, then 4 mixtures of these, ReLU"
    part = found.find("separable")
    # Grad-CAM has places to show, but no map has a kernel of its own.
    assert (part.kind, part.maps, part.filters) == ("convolution", True, False)


def test_what_training_leaves_alone_is_counted_apart() -> None:
    found = dissect(zoo.build("efficient-capsnet"), "e")
    # A moving mean and a moving variance for each of 32 + 64 + 64 + 128 maps.
    assert (found.parameters, found.fixed) == (1_573_168, 2 * 288)
    model = zoo.build("keras-cnn", **zoo.TINY["keras-cnn"])
    before = dissect(model, "k")
    assert before.fixed == 0


def test_a_layer_that_stands_twice_is_counted_once() -> None:
    image = keras.Input((8, 8, 1))
    shared = keras.layers.Conv2D(1, 3, padding="same", name="shared")
    x = keras.layers.Add()([shared(image), shared(shared(image))])
    model = keras.Model(image, keras.layers.Dense(2)(keras.layers.GlobalMaxPooling2D()(x)))
    found = dissect(model, "twice")
    assert found.parameters == model.count_params()
    assert found.layers[-2].says == "the largest of each map"
    assert np.prod(found.layers[-1].shape) == 2
