"""What a model was made by, and which models a fit can start from: those of the plan's form. No Keras here."""

from pathlib import Path

from capsdraw.datasets.sources import SHAPES
from capsdraw.errors import CapsDrawError
from capsdraw.fit import recipes, runs
from capsdraw.fit.plan import seen
from capsdraw.fit.recipe import Recipe
from capsdraw.formatting import times
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import FAMILIES
from capsdraw.paths import resource


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
    if shape is not None and seen(recipe, shape) != card.input:
        return f"it reads images of {times(card.input)}, these are {times(seen(recipe, shape))}"
    if classes is not None and classes != card.classes:
        return f"it knows {card.classes} classes, these images have {classes}"
    start_recipe = origin(card)
    if start_recipe is None:
        return "its family is unknown: the run that it came from is gone"
    if start_recipe.family != recipe.family:
        return f"it is a different net: {FAMILIES[start_recipe.family].title}"
    for option in FAMILIES[recipe.family].options:
        planned, actual = (net_recipe.options.get(option.name, option.default) for net_recipe in (recipe, start_recipe))
        if option.shapes and planned != actual:
            return f"its {option.words.lower()} are {actual}, the plan has {planned}"
    return ""


def origin(card: Card) -> Recipe | None:
    """The recipe of a model's net: as its card says, or as that of its fit does; None where neither is known."""
    if card.family in FAMILIES:
        return Recipe(name=card.name, title=card.title, family=card.family, options=dict(card.options))
    try:
        return trained_by(card)
    except (CapsDrawError, OSError):
        return None


def trained_by(card: Card) -> Recipe:
    """The recipe that a model was trained by: one that came with the app, or that of the user's own run.

    Raises:
        CapsDrawError: it is not at hand.
    """
    if not card.recipe:
        raise CapsDrawError(f"the card of '{card.name}' names no recipe")
    bundled = card.recipe.endswith(".toml")
    recipe = recipes.load(Path(card.recipe).stem) if bundled else runs.find(card.recipe).recipe
    if recipe.seed != card.seed:
        raise CapsDrawError(f"'{card.name}' was trained with seed {card.seed}, its recipe now has {recipe.seed}")
    return recipe


def began_with(card: Card) -> Recipe:
    """The recipe of what a model's training began with.

    That of its fit; where this went on from an earlier model of the same name, which it has replaced, the first one's.

    Raises:
        CapsDrawError: it is not at hand.
    """
    recipe = trained_by(card)
    if recipe.start != card.name:
        return recipe
    first = resource("recipes") / "first" / f"{recipe.name}.toml"
    if not card.bundled or not first.exists():
        raise CapsDrawError(f"it went on from an earlier '{card.name}', which it has replaced")
    return recipes.load(str(first))
