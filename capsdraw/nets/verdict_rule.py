"""When a net's answer is doubted: a few numbers that its card keeps. NumPy only."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Of a number of a rule: beyond it nothing is weighed any more.
_FAR = 10**6
# A second score of this share of the first rivals it, where a card does not say otherwise.
RIVAL = 0.5
# A measure that is further from the usual than so many deviations is as odd as it can be.
MOST_ODD = 4.0


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """What one measure adds to doubt: linear · z + square · z², where z is how far it is from the usual.

    Attributes:
        middle, deviation: what is usual; z is in deviations from the middle, within ±MOST_ODD.
        linear, square: what that counts, in logarithms of odds.
    """

    middle: float
    deviation: float
    linear: float
    square: float

    def doubt(self, value: float) -> float:
        """Of that value of the measure."""
        odd = min(max((value - self.middle) / self.deviation, -MOST_ODD), MOST_ODD)
        return self.linear * odd + self.square * odd**2


@dataclass(frozen=True, kw_only=True)
class VerdictRule:
    """Doubt is what all measures (`nets.verdict.measures`) add up to; an answer is doubted where that is above a limit.

    Attributes:
        weights: of each measure, by its name.
        limit: doubt above it is told.
        rival: a second score of this share of the first is told, too, however small the doubt is.
        digits, digits_doubted_percent: false doubt: of so many digits kept apart so many percent are doubted; None
            where that was not measured.
        non_digits, non_digits_doubted_percent: likewise of drawings that are none; the rest of them is trusted.
    """

    weights: dict[str, Weighed]
    limit: float
    rival: float = RIVAL
    digits: int = 0
    digits_doubted_percent: float | None = None
    non_digits: int = 0
    non_digits_doubted_percent: float | None = None

    def excess(self, measures: Mapping[str, float]) -> float | None:
        """By how much doubt is above the limit, in logarithms of odds; at most 0 where an answer is believed.

        None where the rule weighs what this version does not measure: it is then no rule.
        """
        if not self.weights.keys() <= measures.keys():
            return None
        return sum(weighed.doubt(measures[name]) for name, weighed in self.weights.items()) - self.limit

    def wrong(self) -> Iterator[tuple[str, str, Any]]:
        """Entries that cannot be right though their type is: (entry, what was expected, what was received)."""
        for name, value in self._numbers():
            if not math.isfinite(value) or abs(value) > _FAR:
                yield name, f"a number within ±{_FAR:,}", value
        for name, weighed in self.weights.items():
            if weighed.deviation <= 0:
                yield f"weights.{name}.deviation", "a number above 0", weighed.deviation
        if not 0 < self.rival <= 1:
            yield "rival", "a number above 0, at most 1", self.rival
        for name in ("digits_doubted_percent", "non_digits_doubted_percent"):
            percent = getattr(self, name)
            if percent is not None and not 0 <= percent <= 100:
                yield name, "a number from 0 to 100", percent
        for name in ("digits", "non_digits"):
            if not 0 <= getattr(self, name) <= _FAR:
                yield name, f"a number from 0 to {_FAR:,}", getattr(self, name)

    def _numbers(self) -> Iterator[tuple[str, float]]:
        yield "limit", self.limit
        for name, weighed in self.weights.items():
            for what in ("middle", "deviation", "linear", "square"):
                yield f"weights.{name}.{what}", getattr(weighed, what)
