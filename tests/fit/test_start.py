"""What a fit can start from: a model whose weights fit, and no other, is offered."""

from dataclasses import replace

import pytest

from capsdraw.fit import recipes, runs, start
from capsdraw.fit.adopt import card_of
from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card

MLP = replace(recipes.load("mlp"), data="synthetic")


@pytest.mark.parametrize("name", [card.name for card in cards.list_cards()])
def test_each_bundled_model_can_be_gone_on_with_as_it_was_made_and_by_no_other_net(name: str) -> None:
    recipe = recipes.load(name)
    for card in cards.list_cards():
        assert (start.problem(recipe, card) == "") == (card.name == name), card.name


def test_what_is_offered_is_what_the_weights_say() -> None:
    """The rule goes by recipes; the weights themselves have the last word."""
    for options in ({}, {"hidden": 20}):
        recipe = replace(MLP, options=options)
        mine = [tuple(one.shape) for one in zoo.build("mlp", **options).weights]
        its = [one.shape for one in zoo.load(cards.find("mlp")).get_weights()]
        assert (start.problem(recipe, cards.find("mlp")) == "") == (mine == its)


def test_reasons_say_what_is_another() -> None:
    card = cards.find("mlp")
    assert start.problem(replace(MLP, options={"hidden": 20}), card) == "its hidden units are 50, the plan has 20"
    assert start.problem(replace(MLP, family="keras-cnn"), card) == "it is a different net: MLP"
    assert start.problem(replace(MLP, data="cifar10"), card) == "it reads images of 28 × 28 × 1, these are 32 × 32 × 3"
    assert start.problem(replace(MLP, data="./letters"), card, (28, 28, 1), 26) == (
        "it knows 10 classes, these images have 26"
    )


def test_routing_iterations_have_no_weights() -> None:
    recipe = recipes.load("capsnet")
    card = card_of(recipe, zoo.build("capsnet", channels=8))
    assert start.problem(replace(recipe, options={**recipe.options, "iterations": 1}), card) == ""


def test_a_model_of_ones_own_is_known_without_its_run() -> None:
    recipe = replace(MLP, options={"hidden": 8})
    card = card_of(recipe, zoo.build("mlp", hidden=8))
    assert start.problem(recipe, card) == ""
    assert start.problem(MLP, card) != ""


def test_a_card_of_an_earlier_version_is_known_by_its_run_as_long_as_that_is_there() -> None:
    recipe = replace(MLP, options={"hidden": 8})
    folder = runs.create(recipe)
    older: Card = replace(card_of(recipe, zoo.build("mlp", hidden=8)), recipe=folder.name, family="", options={})
    assert start.problem(recipe, older) == ""
    for path in folder.iterdir():
        path.unlink()
    assert "the run that it came from is gone" in start.problem(recipe, older)
