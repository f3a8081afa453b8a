"""What of a recipe made for other data is changed to go with these: start, held-out images, pen digits. No Keras."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Final

from capsdraw.datasets.data import DIGITS, TEST_PART, Data
from capsdraw.datasets.measured import intake_of
from capsdraw.datasets.sources import KNOWN, PEN_STROKES, SYNTHETIC, other_data
from capsdraw.errors import CapsDrawError
from capsdraw.fit import shape, start
from capsdraw.fit.recipe import Recipe
from capsdraw.formatting import times
from capsdraw.ink.intake import Ground, Road
from capsdraw.nets import cards

# Given a name or path, and the form that pictures are to be brought to (None: as they are), the data.
Open = Callable[[str, tuple[int, ...] | None], Data]

# Pen digits that a recipe mixes in: the data that has the very same among its images, and what they are called.
_PEN_DIGITS = {"synthetic": (SYNTHETIC, "synthetic digits"), "strokes": (PEN_STROKES, "people's pen strokes")}
# The seed of the data "synthetic": a fit of this seed would mix in the data's own row, from its first digit on.
_ROW: Final = 0
_HELD_OUT: Final = "those that are held out would be among them"
# Of a few pictures an epoch would be a step or two, and a net learns nothing in three: so many steps show something. An
# epoch has a few of them, by smaller batches, for what is done after each epoch takes longer than a step.
LEAST_STEPS: Final = 150
_STEPS_OF_AN_EPOCH: Final = 4
_LEAST_BATCH: Final = 8
# Entries that are adapted, but in a recipe that its user wrote for its data.
FOR_ITS_DATA: Final = frozenset({"held_out", "start", "epochs", "batch"})


@dataclass(frozen=True)
class Adapted:
    """A recipe that goes with its data.

    Attributes:
        recipe: as it is trained.
        notes: what was changed, and what the data's reader did, a line each.
        problems: what was asked for and cannot be, {entry: reason}.
    """

    recipe: Recipe
    notes: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)


def opened(recipe: Recipe, open_data: Open) -> Data:
    """The data of a recipe, as it is trained on: read, and its rows and columns exchanged where the recipe says so."""
    data = open_data(recipe.data, shape.wanted(recipe))
    if data.pictures is None and len(data.train_images):
        data = replace(data, pictures=intake_of(data.train_images))
    if recipe.transposed:
        data = data.transposed()
        pictures = data.pictures
        data = data if pictures is None else replace(data, pictures=replace(pictures, transposed=True))
    return data


def adapted(recipe: Recipe, data: Data, asked: frozenset[str] = frozenset()) -> Adapted:
    """The recipe for this data.

    Where more than half of the user's own images would be held out, it is one in `TEST_PART`; a model of other images
    or classes is not started from; pen digits are mixed in only where the classes are digits and the images ink as
    MNIST's, and none that are held out; of few images there are small batches, and as many epochs as make `LEAST_STEPS`
    steps.

    Args:
        recipe: that `check` finds nothing wrong with.
        data: whose training images it is for.
        asked: entries that the user gave for this data: they are kept, or refused.
    """
    images = len(data.train_labels)
    own = recipe.data not in (*KNOWN, PEN_STROKES)
    notes = list(data.notes)
    if own and "held_out" not in asked and 2 * recipe.held_out > images > 0:
        held_out = images // TEST_PART
        notes.append(f"{held_out:,} of the {images:,} images are held out, where the recipe has {recipe.held_out:,}")
        recipe = replace(recipe, held_out=held_out)
    if recipe.start and "start" not in asked and (other := _other_start(recipe, data)):
        notes.append(f"the fit begins with random weights, not with those of '{recipe.start}': {other}")
        recipe = replace(recipe, start="")
    reason = _no_pen_digits(data) if recipe.pen_digits else ""
    refused = [entry for entry in _PEN_DIGITS if entry in asked and getattr(recipe, entry)] if reason else []
    if refused:
        return Adapted(recipe, tuple(notes), dict.fromkeys(refused, f"no pen digits can be mixed in: {reason}"))
    if reason:
        notes.append(f"no pen digits are mixed in: {reason}")
        recipe = replace(recipe, synthetic=0, strokes=0)
    seen = _with_held_out(recipe)
    refused = [entry for entry in seen if entry in asked]
    if refused:
        return Adapted(recipe, tuple(notes), dict.fromkeys(refused, f"{_HELD_OUT}: set it to 0"))
    notes += [f"no {words} are mixed in: {_HELD_OUT}" for words in seen.values()]
    synthetic, strokes = (0 if entry in seen else getattr(recipe, entry) for entry in _PEN_DIGITS)
    recipe = replace(recipe, synthetic=synthetic, strokes=strokes)
    if recipe.pen_digits and own:
        notes.append(f"{recipe.pen_digits:,} pen digits are mixed into each epoch, as classes 0 to 9")
    if own and not recipe.start:
        trained = max(min(images - recipe.held_out, recipe.limit or images) + recipe.pen_digits, 1)
        recipe, said = _of_few(recipe, trained, asked)
        notes += said
    return Adapted(recipe, tuple(notes))


def _of_few(recipe: Recipe, images: int, asked: frozenset[str]) -> tuple[Recipe, list[str]]:
    """The recipe for so many images, where they are few, and what was changed."""
    notes = []
    smaller = max(ceil(images / _STEPS_OF_AN_EPOCH), _LEAST_BATCH)
    if "batch" not in asked and smaller < min(recipe.batch, images):
        notes.append(f"batches have {smaller} of the {images:,} images, where the recipe has {recipe.batch:,}")
        recipe = replace(recipe, batch=smaller)
    longer = recipe if "epochs" in asked else with_steps(recipe, images, recipe.batch)
    if longer is not recipe:
        notes.append(f"there are {longer.epochs:,} epochs, where the recipe has {recipe.epochs:,}")
    return longer, notes


def with_steps(recipe: Recipe, images: int, batch: int) -> Recipe:
    """The recipe with as many epochs as make `LEAST_STEPS` steps; itself where it has as many.

    A cosine then falls once over all of them, and an exponential as far as it did.

    Args:
        images: of an epoch; batch: of a step.
    """
    epochs = ceil(LEAST_STEPS / max(ceil(images / batch), 1))
    if epochs <= recipe.epochs:
        return recipe
    decay = recipe.decay ** (recipe.epochs / epochs)
    # An average over thousands of steps would be that of the first weights, which know nothing.
    return replace(recipe, epochs=epochs, decay=decay, restarts=(), average=False, moving_average=0.0)


def _other_start(recipe: Recipe, data: Data) -> str:
    """Why the model that a recipe starts from is of no use for these images: their size, their classes; "" else."""
    try:
        card = cards.find(recipe.start)
    except CapsDrawError:
        return ""  # before the fit starts, `room` says so
    classes = recipe.options.get("classes", data.classes)
    if card.input == data.shape and card.classes == classes:
        return ""
    return start.problem(recipe, card, data.shape, classes)


def _with_held_out(recipe: Recipe) -> dict[str, str]:
    """Pen digits that would be mixed in with held-out ones among them, {entry: what they are called}.

    The best epoch would be chosen by images that the net was trained on.
    """
    source = other_data(recipe.data)
    return {
        entry: words
        for entry, (same, words) in _PEN_DIGITS.items()
        if recipe.held_out and getattr(recipe, entry) and source == same and (same != SYNTHETIC or recipe.seed == _ROW)
    }


def _no_pen_digits(data: Data) -> str:
    """Why pen digits are nothing like these images; "" where they are."""
    pictures = data.pictures
    if data.shape != (28, 28, 1):
        return f"they are 28 × 28 × 1, these images are {times(data.shape)}"
    if not data.are_digits:
        names = ", ".join(data.label(label) for label in range(1, min(data.classes, 4)))
        return f"they are of the classes 0 to {DIGITS - 1}, these images of others ({names}, …)"
    if pictures is not None and (pictures.road != Road.INK or pictures.ground != Ground.DARK):
        return "they are light ink on black, these images are not"
    return ""
