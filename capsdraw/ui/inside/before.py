"""What a model's training started from, as far as it is known."""

from pathlib import Path
from typing import TYPE_CHECKING

from capsdraw.errors import CapsDrawError
from capsdraw.fit import recipes, runs
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import cards
from capsdraw.nets.cards import Card

if TYPE_CHECKING:
    import keras


def recipe_of(card: Card) -> Recipe:
    """The recipe that a model was trained by: one that came with the app, or that of the user's own run.

    Raises:
        CapsDrawError: it is not at hand.
    """
    if not card.recipe:
        raise CapsDrawError(f"the card of '{card.name}' names no recipe")
    bundled = card.recipe.endswith(".toml")
    found = recipes.load(Path(card.recipe).stem) if bundled else runs.find(card.recipe).recipe
    if found.seed != card.seed:
        raise CapsDrawError(f"'{card.name}' was trained with seed {card.seed}, its recipe now has {found.seed}")
    return found


def made_again(card: Card) -> "keras.Model":
    """The net before its first batch, as `fit.checkpoint.first` makes it, but for what a `Whitening` learns.

    Raises:
        CapsDrawError: the recipe, or the model that it starts from, is not at hand.
    """
    from capsdraw.nets import zoo

    recipe = recipe_of(card)
    if recipe.start:
        return zoo.load(cards.find(recipe.start))
    options = {"shape": card.input, "classes": card.classes} | recipe.options
    return zoo.fresh(recipe.family, recipe.seed, **options)
