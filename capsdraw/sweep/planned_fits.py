"""The fits of a sweep, each with its values, its whole recipe and the name of its run's folder."""

import hashlib
import json
import math
import random
from collections.abc import Iterator
from dataclasses import MISSING, asdict, dataclass, fields
from itertools import islice, product
from typing import Any, Final

from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import recipes
from capsdraw.fit.adapt import FOR_ITS_DATA
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.sweep.sweep_file import MOST_FITS, SweepKind, SweepPlan
from capsdraw.sweep.varied import Value, ValueRange, entry_of

# Times as many draws as fits are wanted: where few combinations are left, one that is new comes seldom.
_PATIENCE: Final = 20
# Characters of the hash in a run's name: among a thousand fits, two of the same are one in a billion.
_DIGEST: Final = 10
# Entries of a recipe that say nothing of how it is trained.
_WORDS: Final = ("name", "title")


@dataclass(frozen=True, kw_only=True)
class PlannedFit:
    """One fit of a sweep, as its list keeps it and a process is given it.

    Attributes:
        run: name of its run's folder: made from the sweep's name and all that decides the fit, so that the same fit has
            the same one.
        title: its values in words.
        values: of the fields that differ, by the names in the sweep's file.
        entries: of its recipe, as `recipes.parse` reads them.
        asked: entries that are not adapted to the data (`fit.launch.Order`).
        threads: that it computes in.
    """

    run: str
    title: str
    values: dict[str, Value]
    entries: dict[str, Any]
    asked: tuple[str, ...] = ()
    threads: int = 1

    @property
    def recipe(self) -> Recipe:
        """How it is trained; raises CapsDrawError where its entries are no recipe's."""
        return recipes.parse(self.entries, self.run)


def fits_of(plan: SweepPlan) -> tuple[PlannedFit, ...]:
    """All fits of a sweep, none twice, in the order of its file: the last field changes first.

    Raises:
        CapsDrawError: too many; or one that no recipe can be, with the values and the reason.
    """
    combinations = _grid(plan) if plan.how == SweepKind.GRID else _sampled(plan)
    fits: dict[str, PlannedFit] = {}
    for values in combinations:
        fit = _fit(plan, values)
        fits.setdefault(fit.run, fit)
    return tuple(fits.values())


def in_words(values: dict[str, Value]) -> str:
    """Values as a title has them: "routing 3, seed 1"; words stand by themselves."""
    return ", ".join(_said(name, value) for name, value in values.items())


def _said(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return name if value else f"no {name}"
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return shown if name in ("recipe", "family") else f"{name.rpartition('.')[2].replace('_', ' ')} {shown}"


def _grid(plan: SweepPlan) -> Iterator[dict[str, Value]]:
    lists = [choice.values() if isinstance(choice, ValueRange) else choice for choice in plan.over.values()]
    count = math.prod(map(len, lists))
    if count > MOST_FITS:
        raise CapsDrawError(
            f"the sweep '{plan.name}' has {count:,} fits: at most {MOST_FITS:,} can be; leave values out, or say "
            'how = "sampled" and samples'
        )
    return (dict(zip(plan.over, values, strict=True)) for values in product(*lists))


def _sampled(plan: SweepPlan) -> Iterator[dict[str, Value]]:
    """So many as are wanted, none twice; fewer where there are no more."""
    chance = random.Random(plan.seed)
    drawn = (
        {
            name: choice.draw(chance) if isinstance(choice, ValueRange) else choice[int(chance.random() * len(choice))]
            for name, choice in plan.over.items()
        }
        for _ in range(_PATIENCE * plan.samples)
    )
    new = {json.dumps(values): values for values in drawn}
    return islice(iter(new.values()), plan.samples)


def _fit(plan: SweepPlan, values: dict[str, Value]) -> PlannedFit:
    key = str(values.get("recipe", ""))
    base = plan.bases[key]
    title = in_words(values)
    changes = plan.fixed | {name: value for name, value in values.items() if name != "recipe"}
    entries = _entries(base)
    for name, value in changes.items():
        table, entry = entry_of(name)
        (entries[table] if table else entries)[entry] = value
        if (table, entry) == ("", "epochs"):
            entries |= {"restarts": (), "average": False}  # chosen for another number of epochs
    entries["title"] = f"{plan.title}: {title}"
    try:
        recipe = recipes.from_any_folder(recipes.parse(entries, title))
    except CapsDrawError as error:
        raise CapsDrawError(f"the sweep '{plan.name}' cannot be: {error}") from None
    except TypeError as error:  # a value of a kind that a check does not expect
        raise CapsDrawError(f"the sweep '{plan.name}' cannot be: {title}: {first_line(error)}") from None
    asked = {entry for table, entry in map(entry_of, changes) if not table}
    # A recipe of one's own was written for its data.
    asked |= FOR_ITS_DATA if key in plan.own and "data" not in asked else set()
    return PlannedFit(
        run=f"{plan.name}-{_digest(recipe)}", title=title, values=values, entries=_entries(recipe),
        asked=tuple(sorted(asked)), threads=plan.threads,
    )  # fmt: skip


def _entries(recipe: Recipe) -> dict[str, Any]:
    """As JSON has them."""
    entries: dict[str, Any] = json.loads(json.dumps(asdict(recipe)))
    return entries


def _digest(recipe: Recipe) -> str:
    """Of all that decides the fit. What is as by default is left out: so are entries that later versions know."""
    entries = _entries(recipe)
    told = {name: value for name, value in entries.items() if name not in _WORDS and value != _default(name)}
    plain = asdict(Augmentation())
    told["augmentation"] = {name: value for name, value in entries["augmentation"].items() if value != plain[name]}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:_DIGEST]


def _default(name: str) -> Any:
    default = next(entry.default for entry in fields(Recipe) if entry.name == name)
    if default is MISSING:
        return None
    return [] if default == () else default
