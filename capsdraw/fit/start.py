"""Which models a fit can start from: those whose weights are of the plan's form. No Keras here."""

from capsdraw.datasets.sources import SHAPES
from capsdraw.errors import CapsDrawError
from capsdraw.fit import recipes, runs
from capsdraw.fit.recipe import Recipe
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import FAMILIES


def problem(recipe: Recipe, card: Card, shape: tuple[int, ...] | None = None, classes: int | None = None) -> str:
    """Why a fit of `recipe` cannot start from the model of `card`; "" where it can, as far as is known.

    Args:
        recipe: of the fit.
        card: of the model.
        shape: (rows, columns, channels) of the images; those of a set known by name are known.
        classes: of their labels, likewise.
    """
    if recipe.data in SHAPES and shape is None:
        shape, classes = SHAPES[recipe.data]
    if shape is not None and tuple(shape) != card.input:
        return f"it reads images of {_times(card.input)}, these are {_times(shape)}"
    if classes is not None and classes != card.classes:
        return f"it knows {card.classes} classes, these images have {classes}"
    made = origin(card)
    if made is None:
        return "which net it is, is not known: the run that it comes from is gone"
    if made.family != recipe.family:
        return f"it is another net: {FAMILIES[made.family].title}"
    for option in FAMILIES[recipe.family].options:
        mine, its = (one.options.get(option.name, option.default) for one in (recipe, made))
        if option.shapes and mine != its:
            return f"its {option.words.lower()} are {its}, the plan's {mine}"
    return ""


def origin(card: Card) -> Recipe | None:
    """The recipe that made a model: bundled with it, or kept in its run; None where neither is there any more."""
    if card.family in FAMILIES:
        return Recipe(card.name, card.title, card.family, dict(card.options))
    try:
        return recipes.load(card.name) if card.bundled else runs.find(card.recipe).recipe
    except (CapsDrawError, OSError):
        return None


def _times(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape))
