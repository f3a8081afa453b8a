"""Several models that answer as one: the mean of what they say. No Keras here."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.evaluate.error import Model
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import Floats

# Of the ensemble that is measured as `cards.ENSEMBLE`, chosen on the training images that all recipes
# hold out: `training/results/ensembles.json`.
MEMBERS = ("capsnet", "efficient-capsnet")


class Ensemble:
    """Some models of the same images and classes, asked together.

    Lengths of capsules need not sum to 1: each member's scores are first divided by their sum,
    so that each has one voice.

    Attributes:
        name: of all together.
        classes: how many they know.
        members: the models.
    """

    def __init__(self, name: str, members: Sequence[Model]) -> None:
        self.name = name
        self.members = tuple(members)
        self.classes = members[0].classes

    def scores(self, images: NDArray[np.generic]) -> Floats:
        """Scores (N, C) of many images, each row summing to 1; images as `Session.scores` takes them."""
        return np.mean([voice(member.scores(images)) for member in self.members], axis=0, dtype=np.float32)


def voice(scores: Floats) -> Floats:
    """Scores (N, C), none negative, divided so that each row sums to 1."""
    return scores / np.maximum(scores.sum(1, keepdims=True), np.float32(1e-9))


def find(name: str) -> list[Card]:
    """The cards of `name`: one model's, "A+B+C"'s, or those of the ensemble of `MEMBERS`.

    Raises:
        CapsDrawError: one is unknown, or they do not read the same images into the same classes.
    """
    members = [cards.find(member) for member in (MEMBERS if name == cards.ENSEMBLE else name.split("+"))]
    for card in members:
        if members.count(card) > 1:
            raise CapsDrawError(f"'{name}' names '{card.name}' twice: each model has one voice")
    first = members[0]
    for card in members[1:]:
        if (card.input, card.classes) != (first.input, first.classes):
            raise CapsDrawError(
                f"'{first.name}' and '{card.name}' cannot be combined: they read {first.input} into {first.classes} "
                f"classes and {card.input} into {card.classes}"
            )
        if card.names != first.names:
            expected, received = next(pair for pair in zip(first.names, card.names, strict=True) if pair[0] != pair[1])
            raise CapsDrawError(
                f"'{first.name}' and '{card.name}' cannot be combined: what is '{expected}' for one is '{received}' "
                "for the other; choose models of the same classes"
            )
    return members


def require_one(name: str, members: Sequence[Card]) -> None:
    """`name` is that of a single model, its card `members`; else CapsDrawError: several have no capsules in common."""
    if len(members) > 1:
        raise CapsDrawError(
            f"'{name}' is {len(members)} models together, and each has its own capsules: choose one of them"
        )
