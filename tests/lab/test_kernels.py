"""Filters before and after training are the net's own, and "before" is what it really started from."""

import numpy as np
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit import start
from capsdraw.lab.kernels import Filters
from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card

BUNDLED = [card for card in cards.list_cards() if card.bundled]


@pytest.mark.slow
@pytest.mark.parametrize("card", BUNDLED, ids=lambda card: card.name)
def test_what_a_bundled_net_started_from_is_seen_in_what_it_became(card: Card) -> None:
    """Training moves weights, it does not draw them anew: each convolution is still like the seed's own,
    and no more like another seed's than chance has it."""
    plan = start.began_with(card)
    assert not plan.start
    model = zoo.load(card)
    own, other = (
        Filters(model, zoo.fresh(plan.family, seed, **{"shape": card.input, **plan.options}))
        for seed in (plan.seed, plan.seed + 1000)
    )
    assert own.layers == ("hidden",) if card.name == "mlp" else len(own.layers) >= 2
    for layer in own.layers:
        learning, stranger = own.learning(layer), other.learning(layer)
        assert learning.before is not None
        assert stranger.before is not None
        alike, chance = (
            np.corrcoef(one.weights.ravel(), learning.after.weights.ravel())[0, 1]
            for one in (learning.before, stranger.before)
        )
        by_chance = 1 / np.sqrt(learning.after.weights.size)  # one standard deviation
        assert alike > 8 * by_chance
        assert abs(chance) < 5 * by_chance
        assert learning.change is not None
        assert learning.before.weights + learning.change.weights == pytest.approx(learning.after.weights, abs=1e-5)


def test_a_filter_s_pictures_are_its_weights_channel_by_channel() -> None:
    model = zoo.build("capsnet", **zoo.TINY["capsnet"])
    layer = model.get_layer("encoder").get_layer("primary")
    kernels = Filters(model).learning("encoder/primary").after
    assert kernels.weights.shape == (16, 16, 9, 9)
    assert kernels.bias == pytest.approx(np.asarray(layer.bias))
    for number, channel in ((0, 0), (3, 11)):
        assert np.array_equal(kernels.weights[number, channel], np.asarray(layer.kernel)[:, :, channel, number])


def test_a_depthwise_convolution_s_filters_see_one_channel_each() -> None:
    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"])
    kernels = Filters(model).learning("encoder/primary").after
    assert kernels.weights.shape == (32, 1, 9, 9)
    layer = model.get_layer("encoder").get_layer("primary")
    assert np.array_equal(kernels.weights[5, 0], np.asarray(layer.kernel)[:, :, 5, 0])


def test_the_units_of_a_dense_layer_that_reads_the_image_are_pictures_of_its_size() -> None:
    model = zoo.build("mlp", hidden=8)
    kernels = Filters(model).learning("hidden").after
    assert kernels.weights.shape == (8, 1, 28, 28)
    flat = np.asarray(model.get_layer("hidden").kernel)
    image = np.random.default_rng(0).random((28, 28), np.float32)
    assert (kernels.weights[:, 0] * image).sum((1, 2)) == pytest.approx(image.ravel() @ flat, rel=1e-4)
    assert Filters(model).layers == ("hidden",)


def test_a_net_of_another_recipe_is_refused_and_without_a_recipe_there_is_no_before() -> None:
    model = zoo.build("keras-cnn", **zoo.TINY["keras-cnn"])
    with pytest.raises(CapsDrawError, match="was not trained by this recipe"):
        Filters(model, zoo.fresh("keras-cnn", 1, channels=5))
    assert Filters(model).learning("conv1").before is None
    with pytest.raises(CapsDrawError, match="no layer 'hidden' to show the kernels of: there are conv1, conv2"):
        Filters(model).learning("hidden")


def test_what_was_read_does_not_change_when_the_net_learns_on() -> None:
    model = zoo.build("keras-cnn", **zoo.TINY["keras-cnn"])
    kernels = Filters(model).learning("conv1").after
    kept = kernels.weights.copy()
    layer = model.get_layer("conv1")
    layer.kernel.assign(np.asarray(layer.kernel) + 1)
    assert np.array_equal(kernels.weights, kept)
