"""The fits of a sweep along one of its fields, and how far chance alone moves them. No Keras here."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from capsdraw.sweep.sweep_results import FitResult, FitState
from capsdraw.sweep.varied import Value

# The field that tells fits of one plan apart by chance alone.
SEED: Final = "seed"


@dataclass(frozen=True, kw_only=True)
class SpreadPoint:
    """Fits that differ by their seed alone, or not at all.

    Attributes:
        value: of the field that the line goes along.
        numbers: of the fits in the sweep's list; errors: of each, % of the held-out images.
        finished: whether each is; the error of one that is not may still fall.
    """

    value: Value
    numbers: tuple[int, ...]
    errors: tuple[float, ...]
    finished: tuple[bool, ...]

    @property
    def counted(self) -> tuple[float, ...]:
        """The errors of those that are finished."""
        return tuple(error for error, whole in zip(self.errors, self.finished, strict=True) if whole)

    @property
    def mean(self) -> float | None:
        """Of the errors that count; None where none does."""
        return fmean(self.counted) if self.counted else None


@dataclass(frozen=True, kw_only=True)
class SpreadLine:
    """Points that differ in one field; none is empty.

    Attributes:
        values: of all other fields but the seed; points: in the order of `values_along`.
    """

    values: dict[str, Value]
    points: tuple[SpreadPoint, ...]


def values_along(field: str, results: Sequence[FitResult]) -> list[Value]:
    """The values that a field has in a sweep, each once: numbers from the least on, words in the sweep's order."""
    values = list(dict.fromkeys(result.values[field] for result in results if field in result.values))
    return values if any(isinstance(value, str) for value in values) else sorted(values)


def spread_over(field: str, results: Sequence[FitResult]) -> list[SpreadLine]:
    """The fits that have an error, along a field: a line for each combination of all others but the seed."""
    order = values_along(field, results)
    lines: dict[tuple[tuple[str, Value], ...], dict[Value, list[int]]] = {}
    for number, result in enumerate(results):
        if result.held_out_error_percent is None or field not in result.values:
            continue
        others = tuple((name, value) for name, value in result.values.items() if name not in (field, SEED))
        lines.setdefault(others, {}).setdefault(result.values[field], []).append(number)
    return [
        SpreadLine(
            values=dict(others),
            points=tuple(_point(value, numbers[value], results) for value in order if value in numbers),
        )
        for others, numbers in lines.items()
    ]


def colour_field(fields: Sequence[str]) -> str:
    """The field that tells the fits apart most: the recipe, else the first one that is not the seed."""
    if "recipe" in fields:
        return "recipe"
    return next((field for field in fields if field != SEED), SEED)


def _point(value: Value, numbers: Sequence[int], results: Sequence[FitResult]) -> SpreadPoint:
    errors = [error for number in numbers if (error := results[number].held_out_error_percent) is not None]
    finished = tuple(results[number].status == FitState.FINISHED for number in numbers)
    return SpreadPoint(value=value, numbers=tuple(numbers), errors=tuple(errors), finished=finished)
