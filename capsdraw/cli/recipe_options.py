"""Options of a command for what a recipe decides: a name and an amount for each of its entries."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from capsdraw.datasets.moves import BORDERS
from capsdraw.errors import CapsDrawError
from capsdraw.fit.check import LIMITS
from capsdraw.fit.recipe import PRECISIONS, SCHEDULES, Augmentation, Recipe

Word = TypeVar("Word", bound=StrEnum)

# Entries of a recipe with a number, and what it is.
_NUMBERS: dict[str, tuple[type, str]] = {
    "held_out": (int, "hold so many of the last training images out, to check on"),
    "synthetic": (int, "mix so many synthetic pen digits into each epoch"),
    "strokes": (int, "mix so many drawings of people's pen strokes into each epoch"),
    "batch": (int, "images of a step"),
    "learning_rate": (float, "the peak of the learning rate"),
    "decay": (float, "factor of an exponential schedule, an epoch"),
    "seed": (int, "decides weights, order and changes of images"),
    "reconstruction": (float, "weight of the reconstruction loss, of capsule nets"),
    "moving_average": (float, "share of a moving average of the weights that each step keeps"),
    "overlaid": (int, "lay two digits over one another, each shifted by up to so many pixels; 4 is the paper's"),
    "alone": (float, "of images of two digits, the share that has one all the same"),
}
_CHOICES = {"schedule": (SCHEDULES, "of the learning rate"), "precision": (PRECISIONS, "to compute in")}


def add_recipe_options(parser: argparse.ArgumentParser) -> None:
    """An option for each entry of a recipe that a number or a word decides."""
    group = parser.add_argument_group("of the recipe", "instead of what the net's recipe says")
    for name, (kind, words) in _NUMBERS.items():
        group.add_argument(_option(name), type=kind, metavar="N" if kind is int else "X", help=words)
    for name, (choices, words) in _CHOICES.items():
        group.add_argument(_option(name), type=_one_of(choices), metavar="|".join(choices), help=words)
    group.add_argument("--start", metavar="NAME", help="begin with the weights of this model")
    group.add_argument(
        "--transposed",
        action=argparse.BooleanOptionalAction,
        help="exchange rows and columns of the data's images, as EMNIST's need it; --no-transposed: they are right",
    )
    group.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=N",
        help="a number of the net, as channels=16; several times",
    )
    changes = parser.add_argument_group("changes of each image, at random", "up to, instead of what the recipe says")
    for entry in fields(Augmentation):
        if entry.name == "flip":
            changes.add_argument("--flip", action=argparse.BooleanOptionalAction, help="mirror half of the images")
        elif entry.name == "border":
            changes.add_argument("--border", type=_one_of(BORDERS), metavar="|".join(BORDERS), help="what comes in")
        else:
            least, most = LIMITS[entry.name]
            number = type(entry.default)
            changes.add_argument(_option(entry.name), type=number, metavar="X", help=f"from {least:g} to {most:g}")


def with_options(recipe: Recipe, options: argparse.Namespace) -> tuple[Recipe, frozenset[str]]:
    """The recipe with what the options say, and the names of the entries that they gave.

    Raises:
        CapsDrawError: a number of the net is none.
    """
    given = _given(options)
    moves = {entry.name: given.pop(entry.name) for entry in fields(Augmentation) if entry.name in given}
    numbers = dict(map(_number, options.option))
    changed = replace(
        recipe, **given, options=recipe.options | numbers, augmentation=replace(recipe.augmentation, **moves)
    )
    return changed, frozenset(given)


def given_options(options: argparse.Namespace) -> list[str]:
    """The options of the recipe that were given, as they are typed."""
    return [_option(name) for name in _given(options)] + ["--option"] * bool(options.option)


def _given(options: argparse.Namespace) -> dict[str, Any]:
    names = [*_NUMBERS, *_CHOICES, "start", "transposed", *(entry.name for entry in fields(Augmentation))]
    return {name: value for name in names if (value := getattr(options, name)) is not None}


def _one_of(choices: Sequence[Word]) -> Callable[[str], Word]:
    """A word of these, for argparse, which itself would name the class of what is refused and no choice."""

    def chosen(text: str) -> Word:
        for choice in choices:
            if text == choice:
                return choice
        raise argparse.ArgumentTypeError(f"expected {' or '.join(choices)}, not '{text}'")

    return chosen


def _number(text: str) -> tuple[str, int]:
    name, _, value = text.partition("=")
    if not (name and value.removeprefix("-").isdecimal() and len(value) < 10):
        raise CapsDrawError(f"--option {text}: expected a name and a whole number, as channels=16")
    return name, int(value)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
