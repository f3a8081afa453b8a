"""What can be varied in many fits, in the window: fields by plain names, values as they are typed. No Qt here."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Final

from capsdraw.errors import CapsDrawError, short
from capsdraw.fit import check, recipes
from capsdraw.fit.recipe import PRECISIONS, SCHEDULES, Recipe
from capsdraw.nets.catalog import FAMILIES, NetKind
from capsdraw.sweep import sweep_file
from capsdraw.sweep.planned_fits import PlannedFit, fits_of
from capsdraw.sweep.sweep_folder import BegunSweep
from capsdraw.sweep.varied import Value, entry_of
from capsdraw.ui.train import entries

# What is left out of the nets' own recipes: fits begin with random weights, and see the images that were chosen.
_PLAIN: Final[dict[str, Value]] = {"start": "", "synthetic": 0, "strokes": 0, "moving_average": 0.0}
# A whole number of thousands, as the app itself writes them: here the comma stands between two values.
_THOUSANDS: Final = re.compile(r"(?:^|[ ,])\d{1,3},0\d\d(?:,|$)")
_SPAN: Final = re.compile(r"(-?\d+)\s*(?:to|–|…)\s*(-?\d+)")
# Values of one field.
_MOST: Final = 100
_SWITCH: Final = ("no", "yes")
# Characters of the hash in a sweep's name.
_DIGEST: Final = 8
NET: Final = "recipe"


@dataclass(frozen=True, kw_only=True)
class VariedField:
    """A field whose values can be chosen.

    Attributes:
        name: as a sweep's file has it; words: in the window; sentence: what it does.
        whole: its values are whole numbers; choices: the words that it can be, () where it is a number.
    """

    name: str
    words: str
    sentence: str
    whole: bool = False
    choices: tuple[str, ...] = ()


def fields_for(nets: Sequence[str]) -> list[VariedField]:
    """All that can be varied of these families of nets, as the training form calls it."""
    options = [FAMILIES[net].options for net in nets]
    common = [option for option in options[0] if all(option.name in [o.name for o in other] for other in options)]
    own = [
        VariedField(name=f"options.{one.name}", words=one.words, sentence=entries.OPTIONS[one.name], whole=True)
        for one in common
    ]
    if any(FAMILIES[net].kind == NetKind.CAPSULE for net in nets):
        own.append(VariedField(name="reconstruction", words="Decoder weight", sentence=entries.DECODER))
    return [
        *_numbers(entries.DATA),
        *_numbers(entries.HOW),
        VariedField(name="schedule", words="Schedule", sentence=entries.SCHEDULE, choices=SCHEDULES),
        VariedField(name="decay", words="Factor per epoch", sentence=entries.DECAY),
        VariedField(name="precision", words="Precision", sentence=entries.PRECISION, choices=PRECISIONS),
        *own,
        *_numbers(entries.CHANGES),
        VariedField(name="flip", words="Mirror half of them", sentence=entries.FLIP, choices=_SWITCH),
    ]


def values_of(field: VariedField, text: str) -> tuple[Value, ...]:
    """The values that are typed, with commas between them; of whole numbers also "1 to 5".

    Raises:
        CapsDrawError: why they are none.
    """
    if field.whole and _THOUSANDS.search(text):
        raise CapsDrawError("a comma stands between two values: write 5000, not 5,000")
    texts = [part.strip() for part in text.split(",")]
    if not all(texts):
        raise CapsDrawError("write a value, or several with commas between them")
    values = [value for part in texts for value in _values(field, part)]
    if len(values) > _MOST:
        raise CapsDrawError(f"{len(values):,} values: at most {_MOST} can be tried")
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise CapsDrawError(f"{value_words(field.name, twice)} is there twice")
    return tuple(values)


@lru_cache(maxsize=64)  # asked again of all rows with each key
def wrong_with(nets: tuple[str, ...], field: VariedField, values: tuple[Value, ...]) -> str:
    """Why one of the values cannot be, with one of the nets; "" where all can."""
    for net in nets:
        for value in values:
            reason = _problem(_recipe(net), field.name, value)
            if reason:
                return reason
    return ""


def entries_of(nets: Sequence[str], data: str, rows: Mapping[str, Sequence[Value]]) -> dict[str, Any]:
    """What is chosen as a sweep's file has it; one value is the same in all fits, several are tried.

    The name follows from the rest: who chooses the same again goes on with what is there.

    Args:
        nets: families, one at least; data: that all learn from.
        rows: values by the names of the fields, one at least of each.
    """
    over: dict[str, Any] = {NET: list(nets)} if len(nets) > 1 else {}
    over |= {name: list(values) for name, values in rows.items() if len(values) > 1}
    single = {name: values[0] for name, values in rows.items() if len(values) == 1}
    fixed = {name: value for name, value in _PLAIN.items() if name not in rows} | {"data": data} | single
    chosen = {**({} if len(nets) > 1 else {NET: nets[0]}), "over": over, "fixed": fixed}
    digest = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:_DIGEST]
    return {"name": f"several-{digest}", "title": _title(nets, [name for name in over if name != NET]), **chosen}


def count_of(nets: Sequence[str], rows: Mapping[str, Sequence[Value]]) -> int:
    """How many fits that is."""
    count = len(nets)
    for values in rows.values():
        count *= len(values)
    return count


def planned(chosen: dict[str, Any]) -> BegunSweep:
    """The sweep of such entries, with all of its fits; raises CapsDrawError where it cannot be."""
    plan = sweep_file.parse(chosen, chosen["title"])
    return BegunSweep.of(plan, fits_of(plan))


def heading(name: str) -> str:
    """What a field of a sweep is called in the window."""
    if name == NET:
        return "Net"
    by_entry = {entry_of(field.name): field.words for field in _all_fields()}
    entry = _entry(name)
    # What stands in brackets explains what is typed.
    return by_entry[entry].partition(" (")[0] if entry in by_entry else name


def value_words(name: str, value: Value) -> str:
    """A value as the window shows it."""
    if isinstance(value, bool):
        return _SWITCH[value]
    if name in (NET, "family"):
        return FAMILIES[str(value)].title if value in FAMILIES else short(str(value))
    if isinstance(value, str):
        return short(value.replace("_", " "))
    return f"{value:g}" if isinstance(value, float) else str(value)


def words_of(fit: PlannedFit) -> str:
    """All values of a fit that differ: "MLP, seed 1"."""
    said = (
        value_words(name, value) if name == NET else f"{heading(name).lower()} {value_words(name, value)}"
        for name, value in fit.values.items()
    )
    return ", ".join(said)


def _numbers(numbers: Sequence[entries.NumberEntry]) -> Iterator[VariedField]:
    for number in numbers:
        yield VariedField(name=number.name, words=number.words, sentence=number.sentence, whole=number.whole)


def _values(field: VariedField, text: str) -> list[Value]:
    if field.choices:
        words = text.lower().replace(" ", "_")
        if words not in field.choices:
            raise CapsDrawError(f"{short(text)}: it can be {', '.join(field.choices).replace('_', ' ')}")
        return [words == _SWITCH[1] if field.choices == _SWITCH else words]
    span = _SPAN.fullmatch(text) if field.whole else None
    try:
        if span is not None:
            first, last = int(span[1]), int(span[2])
            if not 0 <= last - first < _MOST:
                raise CapsDrawError(f"{short(text)}: write the smaller one first, for at most {_MOST} values")
            return list(range(first, last + 1))
        return [int(text) if field.whole else float(text)]
    except ValueError:
        raise CapsDrawError(f"{short(text)} is not a {'whole ' if field.whole else ''}number") from None


def _problem(recipe: Recipe, name: str, value: Any) -> str:
    table, entry = entry_of(name)
    if table == "options":
        return FAMILIES[recipe.family].problems({**recipe.options, entry: value}).get(entry, "")
    if table == "augmentation":
        changed = replace(recipe, augmentation=replace(recipe.augmentation, **{entry: value}))
    elif entry == "epochs":
        changed = replace(recipe, epochs=value, restarts=(), average=False)
    else:
        changed = replace(recipe, **{entry: value})
    return check.problems(changed).get(entry, "")


@cache
def _recipe(net: str) -> Recipe:
    return recipes.load(net)


@cache
def _all_fields() -> tuple[VariedField, ...]:
    return tuple(field for net in FAMILIES for field in fields_for([net]))


def _entry(name: str) -> tuple[str, str]:
    try:
        return entry_of(name)
    except CapsDrawError:  # from a later version's sweep
        return "", name


def _title(nets: Sequence[str], varied: Sequence[str]) -> str:
    titles = [FAMILIES[net].title for net in nets]
    shown = ", ".join(titles) if len(titles) < 4 else f"{len(titles)} nets"
    return f"{shown}: {', '.join(heading(name).lower() for name in varied)}" if varied else shown
