"""Recipes as TOML files: those that come with the app, the user's, and a run's `config.toml`."""

import json
import os
from collections.abc import Callable, Container
from copy import deepcopy
from dataclasses import asdict, fields, replace
from enum import StrEnum
from reprlib import repr as short_repr
from typing import Any

from capsdraw import records
from capsdraw.datasets import pen_strokes
from capsdraw.datasets.moves import Border
from capsdraw.datasets.sources import KNOWN
from capsdraw.errors import CapsDrawError
from capsdraw.fit import processor
from capsdraw.fit.check import problems
from capsdraw.fit.recipe import Augmentation, Precision, RateSchedule, Recipe
from capsdraw.paths import expanded, resource, whole


def names() -> list[str]:
    """Of all bundled recipes."""
    return sorted(path.stem for path in resource("recipes").glob("*.toml"))


def load(name_or_path: str) -> Recipe:
    """The recipe of that name, bundled with the app, or of that TOML file.

    Raises:
        CapsDrawError: there is none, or it is not one; the message says which entry is wrong.
    """
    is_file = name_or_path.endswith(".toml")
    path = expanded(name_or_path) if is_file else resource("recipes") / f"{name_or_path}.toml"
    try:
        document = records.read_toml(path, dict[str, Any], "recipe")
    except records.MissingFileError:
        if is_file:
            raise
        # As `Path.is_file`, which raises where a name is too long for the system.
        if os.path.isfile(expanded(name_or_path)):  # noqa: PTH113
            raise _refused(name_or_path, "its name must end in .toml") from None
        available = ", ".join(names())
        raise CapsDrawError(records.one_line(f"no recipe '{name_or_path}': available are {available}")) from None
    return _parse(document, path.name)


def parse(entries: dict[str, Any], what: str) -> Recipe:
    """The recipe of a file's entries, as `load` reads them; `what` errors call it.

    Raises:
        CapsDrawError: they are none.
    """
    return _parse(deepcopy(entries), what)


def for_this_machine(
    recipe: Recipe, asked: Container[str] = (), tell: Callable[[str], object] = lambda _: None
) -> Recipe:
    """A bundled recipe, which is for every machine, as it is best for this one.

    That is without pen strokes where there are none, and in float32 where the processor has no bfloat16.

    Args:
        recipe: a bundled one.
        asked: names of entries that are left as they are, for somebody set them.
        tell: told in words of each difference.
    """
    if recipe.strokes and "strokes" not in asked and pen_strokes.path() is None:
        tell(f"without pen strokes: CAPSDRAW_DATA names no folder with {pen_strokes.FILE}")
        recipe = replace(recipe, strokes=0)
    bfloat16 = recipe.precision == Precision.MIXED_BFLOAT16 and "precision" not in asked
    if bfloat16 and not processor.computes_bfloat16():
        tell("in float32: this processor has no instructions for bfloat16, in which the recipe would take longer")
        recipe = replace(recipe, precision=Precision.FLOAT32)
    return recipe


def from_any_folder(recipe: Recipe) -> Recipe:
    """The recipe, its data named by their whole path where they are a file or folder: a run may resume elsewhere."""
    place = expanded(recipe.data)
    if recipe.data not in KNOWN and (place.exists() or (place.name != recipe.data and place.parent.exists())):
        return replace(recipe, data=str(whole(place)))
    return recipe


def with_epochs(recipe: Recipe, epochs: int) -> Recipe:
    """The recipe with other epochs; restarts and average, which were chosen for their number, are left out."""
    return replace(recipe, epochs=epochs, restarts=(), average=False)


def to_toml(recipe: Recipe) -> str:
    """The recipe as a TOML file that `load` reads."""
    return in_toml(asdict(recipe))


def in_toml(entries: dict[str, Any]) -> str:
    """A TOML file of these entries, the tables last; names with dots in a table are read as tables in it.

    Args:
        entries: each value a text, a number, a list of these, or a table of all that.
    """
    tables = {name: value for name, value in entries.items() if isinstance(value, dict)}
    lines = [f"{name} = {_toml(value)}" for name, value in entries.items() if name not in tables]
    for title, table in tables.items():
        lines += ["", f"[{title}]", *(f"{name} = {_toml(value)}" for name, value in table.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """A value as TOML has it: JSON's form, but characters stand as they are; DEL alone is escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _parse(document: dict[str, Any], file: str) -> Recipe:
    moves = document.pop("augmentation", {})
    for entry, table in (("augmentation", moves), ("options", document.get("options", {}))):
        if not isinstance(table, dict):
            raise _refused(file, f"{entry} {short_repr(table)} is not a table")
    for entries, kind in ((document, Recipe), (moves, Augmentation)):
        unknown = set(entries) - {field.name for field in fields(kind)}
        if unknown:
            raise _refused(file, f"unknown entry {', '.join(sorted(unknown))}")
    missing = {"name", "title", "family"} - set(document)
    if missing:
        raise _refused(file, f"{', '.join(sorted(missing))} is missing")
    if isinstance(document.get("restarts"), list):
        document["restarts"] = tuple(document["restarts"])
    _choose(document, "schedule", RateSchedule)
    _choose(document, "precision", Precision)
    _choose(moves, "border", Border)
    plan = Recipe(**document, augmentation=Augmentation(**moves))
    for entry, reason in problems(plan).items():
        raise _refused(file, f"{entry} {reason}")
    return plan


def _choose(table: dict[str, Any], entry: str, kind: type[StrEnum]) -> None:
    """The choice that a word stands for; what stands for none is left to `problems`."""
    if table.get(entry) in list(kind):
        table[entry] = kind(table[entry])


def _refused(file: str, why: str) -> CapsDrawError:
    return CapsDrawError(records.one_line(f"recipe '{file}': {why}"))
