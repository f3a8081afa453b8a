"""What a sweep chooses of each field of a recipe: a list of values, or a range."""

import math
import random
from dataclasses import dataclass, fields
from typing import Any, Final

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.fit.recipe import Augmentation, Recipe

Value = bool | int | float | str

# Other words for entries of a recipe, as papers and people have them.
ALIASES: Final = {"routing": "options.iterations", "decoder_weight": "reconstruction"}
# Values of one field.
_MOST_VALUES: Final = 1000
# A step's end may miss the last value by so much of a step: 0.1 has no exact form.
_SLACK: Final = 1e-6
# Digits of a value that was drawn or stepped to: nobody wants a rate of 0.00031415926535.
_DIGITS: Final = 6

_RANGE_KEYS: Final = frozenset(("from", "to", "step", "log"))
_TABLES: Final = ("options", "augmentation")
_ENTRIES: Final = frozenset(entry.name for entry in fields(Recipe)) - {"name", "title", *_TABLES}
_CHANGES: Final = frozenset(entry.name for entry in fields(Augmentation))


@dataclass(frozen=True)
class ValueRange:
    """A range of values.

    Attributes:
        first, last: both may be chosen; whole numbers where both are.
        step: from one to the next; None where any value between is drawn.
        log: drawn evenly over its logarithm.
    """

    first: float
    last: float
    step: float | None = None
    log: bool = False

    def values(self) -> tuple[Value, ...]:
        """From step to step; for a span that has one."""
        assert self.step is not None
        count = math.floor((self.last - self.first) / self.step + _SLACK) + 1
        return tuple(self._tidy(self.first + index * self.step) for index in range(count))

    def draw(self, chance: random.Random) -> Value:
        """A value at random."""
        share = chance.random()  # the one call that gives the same numbers in each version of Python
        if self.step is not None:
            values = self.values()
            return values[int(share * len(values))]
        if self.log:
            drawn = math.exp(math.log(self.first) + share * (math.log(self.last) - math.log(self.first)))
            return self._tidy(round(drawn) if self._whole else drawn)
        if self._whole:
            return int(self.first + int(share * (self.last - self.first + 1)))
        return self._tidy(self.first + share * (self.last - self.first))

    @property
    def _whole(self) -> bool:
        return all(isinstance(end, int) for end in (self.first, self.last, self.step or 0))

    def _tidy(self, value: float) -> Value:
        return int(value) if self._whole else float(f"{value:.{_DIGITS}g}")


Choice = tuple[Value, ...] | ValueRange


def entry_of(field: str) -> tuple[str, str]:
    """Where a field stands in a recipe: its table ("" for the recipe itself, "options", "augmentation") and name.

    Raises:
        CapsDrawError: no recipe has such a field.
    """
    table, _, name = ALIASES.get(field, field).rpartition(".")
    if (table == "" and name in _ENTRIES) or (table == "augmentation" and name in _CHANGES):
        return table, name
    if table == "options" and name:
        return table, name
    if table == "" and name in _CHANGES:
        return "augmentation", name
    known = ", ".join(("recipe", *sorted(_ENTRIES), *ALIASES))
    raise CapsDrawError(
        f"no recipe has a field {records.abbreviated(field)}: there are {known}, options.NAME of the net, "
        "and augmentation.NAME"
    )


def flat(table: dict[str, Any]) -> dict[str, Any]:
    """A TOML table's fields by their whole names: `options.iterations` is a table in a table there."""
    named: dict[str, Any] = {}
    for key, value in table.items():
        if key in _TABLES and isinstance(value, dict):
            named |= {f"{key}.{name}": inner for name, inner in value.items()}
        else:
            named[key] = value
    return named


def choice_of(value: Any, sampled: bool) -> Choice:
    """What a field's entry in a sweep's file says.

    Raises:
        CapsDrawError: it is neither a list of values nor a range; the message does not name the field.
    """
    if isinstance(value, dict):
        return _span(value, sampled)
    if not isinstance(value, list) or not value:
        raise CapsDrawError(f"expected a list of values or a range, received {records.abbreviated(value)}")
    if len(value) > _MOST_VALUES:
        raise CapsDrawError(f"{len(value):,} values: at most {_MOST_VALUES:,} can be tried")
    strange = [item for item in value if not isinstance(item, Value)]
    if strange:
        raise CapsDrawError(f"expected numbers, words, true or false, received {records.abbreviated(strange[0])}")
    if len({(type(item), item) for item in value}) < len(value):
        raise CapsDrawError("a value is there twice: leave one of them out")
    return tuple(value)


def _span(table: dict[str, Any], sampled: bool) -> ValueRange:
    unknown = sorted(set(table) - _RANGE_KEYS)
    if unknown:
        raise CapsDrawError(f"unknown entry {records.abbreviated(unknown[0])}: a range has from, to, and step or log")
    for key in ("from", "to"):
        if key not in table:
            raise CapsDrawError(f"a range needs {key}")
    for key in ("from", "to", "step"):
        if key in table and (isinstance(table[key], bool) or not isinstance(table[key], int | float)):
            raise CapsDrawError(f"{key}: expected a number, received {records.abbreviated(table[key])}")
    log = table.get("log", False)
    if not isinstance(log, bool):
        raise CapsDrawError(f"log: expected true or false, received {records.abbreviated(log)}")
    span = ValueRange(table["from"], table["to"], table.get("step"), log)
    if span.first > span.last:
        raise CapsDrawError(f"from {span.first:g} is more than to {span.last:g}")
    if span.step is not None and (log or span.step <= 0):
        raise CapsDrawError("step must be more than 0, and goes without log")
    if span.step is None and not sampled:
        raise CapsDrawError('a grid needs a step of it: add step, or say how = "sampled"')
    if span.step is not None and (span.last - span.first) / span.step >= _MOST_VALUES:
        raise CapsDrawError(f"more than {_MOST_VALUES:,} values: choose a larger step")
    if log and span.first <= 0:
        raise CapsDrawError(f"from {span.first:g}: a range with log begins above 0")
    return span
