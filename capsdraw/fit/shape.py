"""What form a fit's images must have, as far as its plan says so. No Keras here."""

from capsdraw.datasets.sources import KNOWN, PEN_STROKES
from capsdraw.errors import CapsDrawError
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import cards


def wanted(recipe: Recipe) -> tuple[int, ...] | None:
    """(rows, columns, 1 or 3) that `opening.open_data` is to bring pictures to; None: its own choice.

    The net's own `shape` where the recipe gives one, else that of the model that the fit starts from.
    Sets known by name have the form that they have.
    """
    if recipe.data in (*KNOWN, PEN_STROKES):
        return None
    shape = recipe.options.get("shape")
    if isinstance(shape, list | tuple) and len(shape) == 3:  # else `check` says what is wrong
        return tuple(shape)
    try:
        return cards.find(recipe.start).input if recipe.start else None
    except CapsDrawError:
        return None  # before the fit starts, `room` says so
