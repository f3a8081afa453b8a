"""A sweep as a TOML file: a recipe, and for some of its fields lists or ranges of values."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.fit import recipes
from capsdraw.fit.recipe import Recipe
from capsdraw.paths import expanded, resource
from capsdraw.sweep.varied import Choice, Value, choice_of, entry_of, flat

# Fits of one sweep.
MOST_FITS: Final = 1000
_MOST_THREADS: Final = 256
_MOST_MINUTES: Final = 60 * 24 * 365
# A folder's name on every system.
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class SweepKind(StrEnum):
    """Whether all combinations of the values are tried, or some drawn at random."""

    GRID = "grid"
    SAMPLED = "sampled"


@dataclass(frozen=True, kw_only=True)
class EarlyStopping:
    """When hopeless fits are stopped (ASHA, Li et al. 2020, arXiv:1810.05934).

    Attributes:
        first: epochs that each fit has at least.
        factor: one fit in so many goes on from there, to `factor` times as many epochs, and so on.
    """

    first: int
    factor: int = 3


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """What a sweep's file says.

    Attributes:
        name: of its folder and of its fits' folders; title: for people.
        bases: the recipes that are varied, by what the file calls them; "" is the one outside of `over`.
        own: of them, those that were written by the user.
        over: for each field that varies its values, in the file's order.
        fixed: what is changed of each recipe.
        how: all combinations, or some at random: `samples` of them, drawn by `seed`.
        threads: that each fit computes in: the last digits of a net's weights depend on their number.
        budget_minutes: after so long nothing more is started, and what runs is stopped; 0 for no limit.
        early_stopping: or None.
    """

    name: str
    title: str
    bases: dict[str, Recipe]
    own: frozenset[str] = frozenset()
    over: dict[str, Choice]
    fixed: dict[str, Value] = field(default_factory=dict)
    how: SweepKind = SweepKind.GRID
    samples: int = 0
    seed: int = 1
    threads: int = 1
    budget_minutes: float = 0.0
    early_stopping: EarlyStopping | None = None


@dataclass(frozen=True, kw_only=True)
class _Document:
    """The file's entries, each of its type."""

    name: str
    title: str = ""
    recipe: str | dict[str, Any] = ""
    over: dict[str, Any]
    fixed: dict[str, Any] = field(default_factory=dict)
    how: SweepKind = SweepKind.GRID
    samples: int = 0
    seed: int = 1
    threads: int = 1
    budget_minutes: float = 0.0
    early_stopping: EarlyStopping | None = None


def names() -> list[str]:
    """Of all bundled sweeps."""
    return sorted(path.stem for path in _bundled().glob("*.toml"))


def load(name_or_path: str) -> SweepPlan:
    """The bundled sweep of that name, or the one of that TOML file.

    Raises:
        CapsDrawError: there is none, or it is not one; the message says which entry is wrong.
    """
    path = path_of(name_or_path)
    return parse(records.read_toml(path, dict[str, Any], "sweep"), path.name, path.parent)


def path_of(name_or_path: str) -> Path:
    """The file that `load` reads; raises CapsDrawError where there is none."""
    is_file = name_or_path.endswith(".toml")
    path = expanded(name_or_path) if is_file else _bundled() / f"{name_or_path}.toml"
    if not is_file and os.path.isfile(expanded(name_or_path)) and not path.is_file():  # noqa: PTH113
        raise CapsDrawError(f"no sweep {records.abbreviated(name_or_path)}: its name must end in .toml")
    if not is_file and (not _NAME.fullmatch(name_or_path) or not path.is_file()):
        raise CapsDrawError(
            f"no sweep {records.abbreviated(name_or_path)}: available are {', '.join(names())}, or a FILE.toml of yours"
        )
    return path


def require_name(name: str) -> str:
    """The name, if a folder can have it on every system; else CapsDrawError."""
    if not _NAME.fullmatch(name) or name.endswith("."):
        raise CapsDrawError(
            f"name {records.abbreviated(name)}: expected at most 40 letters without accents, digits, dots, dashes"
        )
    return name


def parse(entries: dict[str, Any], what: str, folder: Path | None = None) -> SweepPlan:
    """The sweep of a file's entries.

    Args:
        entries: as `load` reads them.
        what: errors call the file.
        folder: that recipes named by a relative path lie in; None for the current one.

    Raises:
        CapsDrawError: they are none; the message says which entry is wrong.
    """
    _require_known(entries, _Document, "", what)
    if isinstance(entries.get("early_stopping"), dict):
        _require_known(entries["early_stopping"], EarlyStopping, "early_stopping.", what)
    document = records.convert(entries, _Document, what, "sweep")
    try:
        plan = _plan(document, folder or Path())
        _require_sound(plan)
    except CapsDrawError as error:
        raise CapsDrawError(f"sweep '{what}': {error}") from None
    return plan


def _bundled() -> Path:
    return resource("recipes") / "sweeps"


def _require_known(table: dict[str, Any], kind: type, before: str, what: str) -> None:
    unknown = sorted(set(table) - {entry.name for entry in fields(kind)})
    if unknown:
        raise CapsDrawError(f"sweep '{what}': unknown entry {before}{records.one_line(unknown[0])[:60]}")


def _plan(document: _Document, folder: Path) -> SweepPlan:
    over: dict[str, Choice] = {}
    for name, value in flat(document.over).items():
        if name != "recipe":
            entry_of(name)
        try:
            over[name] = choice_of(value, document.how == SweepKind.SAMPLED)
        except CapsDrawError as error:
            raise CapsDrawError(f"over.{name}: {error}") from None
    fixed = flat(document.fixed)
    for name, value in fixed.items():
        entry_of(name)
        if not isinstance(value, Value):
            raise CapsDrawError(f"fixed.{name}: expected one value, received {records.abbreviated(value)}")
    bases, own = _bases(document.recipe, over.get("recipe"), folder)
    return SweepPlan(
        name=document.name, title=document.title or document.name, bases=bases, own=own, over=over, fixed=fixed,
        how=document.how, samples=document.samples, seed=document.seed, threads=document.threads,
        budget_minutes=document.budget_minutes, early_stopping=document.early_stopping,
    )  # fmt: skip


def _bases(
    recipe: str | dict[str, Any], several: Choice | None, folder: Path
) -> tuple[dict[str, Recipe], frozenset[str]]:
    """The recipes by their names in the file, and which of them are the user's own."""
    if several is None and not recipe:
        raise CapsDrawError('recipe is missing: name one, as recipe = "mlp", or several in over')
    if several is not None and recipe:
        raise CapsDrawError("recipe and over.recipe are both there: leave one of them out")
    if isinstance(recipe, dict):
        return {"": recipes.parse({"name": "own", "title": "Own", **recipe}, "recipe")}, frozenset(("",))
    named: Sequence[Value] = (recipe,) if several is None else several if isinstance(several, tuple) else ()
    if not named or not all(isinstance(name, str) for name in named):
        raise CapsDrawError("over.recipe: expected a list of recipes' names or files")
    bases, own = {}, set()
    for name in map(str, named):
        key = "" if several is None else name
        if name.endswith(".toml"):
            own.add(key)
            bases[key] = recipes.load(str(folder / expanded(name)))
        else:
            bases[key] = recipes.for_this_machine(recipes.load(name))
    return bases, frozenset(own)


def _require_sound(plan: SweepPlan) -> None:
    """What each entry may be, whatever the recipes; raises CapsDrawError."""
    require_name(plan.name)
    if not plan.over:
        raise CapsDrawError("over has no field: name one with several values, as seed = [1, 2, 3]")
    places = [name if name == "recipe" else ".".join(entry_of(name)) for name in (*plan.over, *plan.fixed)]
    twice = next((name for name in places if places.count(name) > 1), "")
    if twice:
        raise CapsDrawError(f"{twice.strip('.')} is there twice, under two names or in over and fixed: leave one out")
    limits = {
        "threads": (plan.threads, 1, _MOST_THREADS), "budget_minutes": (plan.budget_minutes, 0, _MOST_MINUTES),
        "seed": (plan.seed, 0, 2**31 - 1),
    }  # fmt: skip
    if plan.how == SweepKind.SAMPLED:
        limits["samples"] = (plan.samples, 1, MOST_FITS)
    elif plan.samples:
        raise CapsDrawError('samples goes with how = "sampled": a grid tries all')
    if plan.early_stopping is not None:
        limits["early_stopping.first"] = (plan.early_stopping.first, 1, 10_000)
        limits["early_stopping.factor"] = (plan.early_stopping.factor, 2, 100)
    for name, (value, least, most) in limits.items():
        if not least <= value <= most:
            raise CapsDrawError(f"{name} {value:g} is not between {least:,} and {most:,}")
