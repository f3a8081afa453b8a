"""The size that a folder's pictures are brought to: the net's own, where the plan knows it."""

from dataclasses import replace

from capsdraw.fit.recipe import Recipe
from capsdraw.fit.shape import wanted
from capsdraw.nets.cards import Card

PLAN = Recipe(name="cifar-cnn", title="CIFAR CNN", family="cifar-cnn", data="/pictures/of/leaves")


def test_a_net_whose_form_is_known_gets_pictures_of_that_form(colour_model: Card) -> None:
    assert wanted(PLAN) is None
    assert wanted(replace(PLAN, start=colour_model.name)) == (32, 32, 3)
    assert wanted(replace(PLAN, start="mlp")) == (28, 28, 1)
    assert wanted(replace(PLAN, options={"shape": [48, 48, 3]}, start="mlp")) == (48, 48, 3)


def test_a_set_known_by_name_is_read_once_whatever_the_net() -> None:
    assert wanted(replace(PLAN, data="mnist", start="mlp")) is None


def test_a_model_that_is_gone_leaves_the_pictures_as_they_are() -> None:
    assert wanted(replace(PLAN, start="gone")) is None
