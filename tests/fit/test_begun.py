"""What a net started from is made again as its fit made it, and where it is not known, that is said."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit import checkpoint, recipes, runs
from capsdraw.fit.recipe import Recipe
from capsdraw.fit.start import began_with, trained_by
from capsdraw.nets import cards
from capsdraw.nets.cards import Card

IMAGES = np.zeros((2, 28, 28), np.uint8)


def made_again(card: Card) -> keras.Model:
    return checkpoint.begun(began_with(card), card.input, card.classes)


@pytest.mark.parametrize("name", ["keras-cnn", "mlp"])
def test_it_is_the_net_that_the_fit_began_with(name: str) -> None:
    again = made_again(cards.find(name)).get_weights()
    begun = checkpoint.first(recipes.load(name), IMAGES, 10).get_weights()
    assert len(again) == len(begun)
    for one, other in zip(again, begun, strict=True):
        assert np.array_equal(one, other)


def test_the_recipe_of_a_run_of_the_user_s_own_is_found_by_its_folder() -> None:
    plan = Recipe(name="mine", title="Mine", family="mlp", options={"hidden": 12}, seed=7)
    folder = runs.create(plan)
    card = replace(cards.find("mlp"), name="mine", recipe=folder.name, seed=7)
    assert trained_by(card) == plan
    first = made_again(card).get_weights()
    for one, other in zip(first, checkpoint.first(plan, IMAGES, 10).get_weights(), strict=True):
        assert np.array_equal(one, other)


def test_a_fit_that_began_with_another_model_had_that_model_s_weights_before() -> None:
    folder = runs.create(Recipe(name="on", title="On", family="mlp", start="mlp", seed=7))
    card = replace(cards.find("mlp"), name="on", recipe=folder.name, seed=7)
    first = made_again(card).get_weights()
    plan = runs.find(folder.name).recipe
    for one, other in zip(first, checkpoint.first(plan, IMAGES, 10).get_weights(), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    ("recipe", "seed", "words"),
    [
        ("", 1, "names no recipe"), ("gone", 1, "no run in 'gone'"), ("training/recipes/gone.toml", 1, "no recipe"),
        ("training/recipes/mlp.toml", 5, "was trained with seed 5, its recipe now has 1"),
    ],
)  # fmt: skip
def test_a_recipe_that_is_not_at_hand_is_named(recipe: str, seed: int, words: str) -> None:
    with pytest.raises(CapsDrawError, match=words):
        made_again(replace(cards.find("mlp"), recipe=recipe, seed=seed))


@pytest.mark.parametrize("name", ["efficient-capsnet", "capsnet", "multi-capsnet"])
def test_a_net_that_went_on_from_an_earlier_one_of_its_name_began_with_that_one_s_random_weights(name: str) -> None:
    """By its recipe it started from itself: before and after were the same."""
    card = cards.find(name)
    assert trained_by(card).start == name
    plan = began_with(card)
    assert (plan.name, plan.family, plan.start) == (name, trained_by(card).family, "")


def test_of_a_user_s_own_net_that_replaced_what_it_went_on_from_that_is_said() -> None:
    folder = runs.create(Recipe(name="on", title="On", family="mlp", start="on", seed=7))
    card = replace(cards.find("mlp"), name="on", recipe=folder.name, seed=7)
    with pytest.raises(CapsDrawError, match="went on from an earlier 'on', which it has replaced"):
        made_again(card)
