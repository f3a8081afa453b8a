"""What a recipe cannot be, whatever its data, entry by entry, each with the reason. No Keras here."""

from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from reprlib import repr as short_repr
from typing import Any

from capsdraw import records
from capsdraw.datasets.data import DIGITS
from capsdraw.datasets.moves import BORDERS
from capsdraw.datasets.sources import KNOWN, PEN_STROKES, has_collection
from capsdraw.fit.recipe import PRECISIONS, SCHEDULES, Recipe
from capsdraw.nets.catalog import FAMILIES, reads_pairs

# The least and the most that an entry can be.
LIMITS: dict[str, tuple[float, float]] = {
    "seed": (0, 2**31 - 1), "held_out": (0, 10**7), "synthetic": (0, 10**6), "strokes": (0, 10**6),
    "epochs": (1, 10_000), "batch": (1, 8192), "learning_rate": (1e-7, 1.0), "decay": (0.1, 1.0),
    "reconstruction": (0.0, 1.0), "limit": (0, 10**7),
    "moving_average": (0, 0.99999), "overlaid": (0, 14), "alone": (0, 0.9),
    "rotation": (0, 180), "shift": (0, 14), "zoom": (0, 0.9), "shear": (0, 1), "elastic": (0, 5),
    "thickness": (0, 3), "erase": (0, 20), "channel_shift": (0, 1),
    "blur": (0, 5), "resampling": (1, 4), "contrast": (0, 0.95), "gamma": (0, 3), "ground": (0, 0.8),
    "noise": (0, 0.6), "softened": (0, 1),
}  # fmt: skip


def problems(recipe: Recipe) -> dict[str, str]:
    """Why each entry that cannot be used cannot be: {entry: reason}; empty where all is well.

    What only its data can say against a recipe, `room` says.
    """
    return dict(_of(recipe))


def _of(recipe: Recipe) -> Iterator[tuple[str, str]]:
    wrong = dict(_types(recipe)) | dict(_types(recipe.augmentation))
    yield from wrong.items()
    for name, (least, most) in LIMITS.items():
        amount: float = getattr(recipe if hasattr(recipe, name) else recipe.augmentation, name)
        if name not in wrong and not least <= amount <= most:
            wrong[name] = f"{_figure(amount)} is not between {_figure(least)} and {_figure(most)}"
            yield name, wrong[name]
    for name, value, allowed in (
        ("schedule", recipe.schedule, SCHEDULES),
        ("precision", recipe.precision, PRECISIONS),
        ("border", recipe.augmentation.border, BORDERS),
        ("family", recipe.family, tuple(FAMILIES)),
    ):
        if name not in wrong and value not in allowed:
            wrong[name] = f"'{value}' is not one of {', '.join(allowed)}"
            yield name, wrong[name]
    if "data" not in wrong and not is_known_or_path(recipe.data):
        yield "data", f"'{recipe.data}' is not one of {', '.join(KNOWN)}, and not a file or folder"
    if not {"family", "synthetic", "strokes"} & set(wrong):
        yield from too_few(recipe, recipe.options.get("classes"))
    if not {"family", "overlaid"} & set(wrong) and recipe.overlaid and not reads_pairs(recipe.family):
        yield "overlaid", f"{FAMILIES[recipe.family].title} says one class of an image: set it to 0"
    if not {"restarts", "epochs"} & set(wrong) and not _rising(recipe.restarts, recipe.epochs):
        yield "restarts", f"{list(recipe.restarts)} are not increasing numbers of epochs below {recipe.epochs}"
    if recipe.average is True and recipe.moving_average:
        yield "moving_average", "the mean over the cosines' ends is taken already: set it to 0, or average to false"
    if "family" not in wrong:
        yield from FAMILIES[recipe.family].problems(recipe.options).items()


def too_few(recipe: Recipe, classes: Any) -> Iterator[tuple[str, str]]:
    """Entries that mix pen digits, which are of ten classes, into the images of a net that has fewer."""
    for entry in ("synthetic", "strokes"):
        if getattr(recipe, entry) and isinstance(classes, int) and classes < DIGITS:
            yield entry, f"pen digits are of {DIGITS} classes, this net has {classes}: set it to 0"


def _types(record: Any) -> Iterator[tuple[str, str]]:
    """Entries of another type than their default's; a whole number may stand for a broken one."""
    for entry in fields(record):
        value, default = getattr(record, entry.name), entry.default
        # Only the name, title and family have no default: they are words, as are the choices.
        kind = type(default) if isinstance(default, bool | int | float | tuple) else str
        if entry.name in ("options", "augmentation"):
            continue
        fits = isinstance(value, (int, float) if kind is float else kind) and (kind is bool or value is not True)
        if not fits or (isinstance(value, bool) and kind is not bool):
            yield entry.name, f"{short_repr(value)} is not {_NAMES[kind]}"
        elif isinstance(value, str) and value != records.writable(value):
            # A file's name may have any bytes, a recipe's file may not.
            yield entry.name, f"'{value}' has bytes in it that are no UTF-8: rename it"


_NAMES = {bool: "true or false", int: "a whole number", float: "a number", str: "text", tuple: "a list"}


def is_known_or_path(data: str) -> bool:
    """Whether `data` names a known set, or could be the path of a file or folder."""
    return (
        data in (*KNOWN, PEN_STROKES)
        or has_collection(data)
        or ("\0" not in data and any(mark in data for mark in "/\\."))
    )


def _figure(amount: float) -> str:
    if isinstance(amount, float):
        return f"{amount:g}"
    return f"{amount:,}" if abs(amount) < 10**12 else str(amount)[:20]


def _rising(restarts: tuple[int, ...], epochs: int) -> bool:
    row = (0, *restarts, epochs)
    return all(isinstance(epoch, int) for epoch in restarts) and all(a < b for a, b in pairwise(row))
