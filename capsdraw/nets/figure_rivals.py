"""What else could be made of a figure's ink: it may be split, or held in a larger figure; and what lies beside it.

A figure that is a likely digit by itself is none where half of it and the next figure's are likelier. The row of the
least cost knows of that only what costs say of each figure alone.
"""

import math
from collections.abc import Sequence
from typing import Final

from capsdraw.ink.slices import Row

# A cost beyond which a rival is none.
_FAR: Final = 8.0

Spans = dict[tuple[int, int], float]


def rivals_of(row: Row, costs: Sequence[float]) -> list[dict[str, float]]:
    """Of each figure its own cost, and those of its rivals, by name, in logarithms from 0 to 8.

    "split": of its slices as two figures or more. "held": of a larger figure that holds it. "before", "after": of the
    cheapest figure beside it; 0 at the row's ends, and 8 where there is none.

    Args:
        row: of figures; costs: of each, by itself.
    """
    own = {(figure.first, figure.last): cost for figure, cost in zip(row.figures, costs, strict=True)}
    split = _splits(row, own)
    last = len(row.slices) - 1
    ends, begins = [math.inf] * (last + 1), [math.inf] * (last + 1)
    for (first, end), cost in own.items():
        ends[end], begins[first] = min(ends[end], cost), min(begins[first], cost)
    return [
        {
            "alone": min(cost, _FAR),
            "split": min(split.get((figure.first, figure.last), math.inf), _FAR),
            "held": min(_held(own, figure.first, figure.last), _FAR),
            "before": min(ends[figure.first - 1], _FAR) if figure.first else 0.0,
            "after": min(begins[figure.last + 1], _FAR) if figure.last < last else 0.0,
        }
        for figure, cost in zip(row.figures, costs, strict=True)
    ]  # fmt: skip


def _splits(row: Row, own: Spans) -> Spans:
    """The least cost of the slices from one to another as two figures or more, of all that may be a figure."""
    widest = max((last - first for first, last in own), default=0)
    least: Spans = {}
    split: Spans = {}
    for wide in range(widest + 1):
        for first in range(len(row.slices) - wide):
            span = first, first + wide
            parts = [least[first, cut] + least[cut + 1, first + wide] for cut in range(first, first + wide)]
            split[span] = min(parts, default=math.inf)
            least[span] = min(split[span], own.get(span, math.inf))
    return split


def _held(own: Spans, first: int, last: int) -> float:
    larger = (
        cost for (begin, end), cost in own.items() if begin <= first and last <= end and (begin, end) != (first, last)
    )
    return min(larger, default=math.inf)
