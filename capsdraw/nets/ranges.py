"""The range that each number of each class' capsule really takes, over many digits of that class. NumPy only."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.nets.reading import Floats

# Percentiles that a card keeps.
PERCENTILES = (5, 50, 95)


@dataclass(frozen=True)
class Ranges:
    """Of all capsules of a net.

    Attributes:
        low, middle, high: (C, K) float32, the 5th, 50th and 95th percentile of each number
            over the digits whose label is that class.
    """

    low: Floats
    middle: Floats
    high: Floats


def of(capsules: Floats, labels: NDArray[np.integer]) -> Ranges:
    """Ranges from the capsules (N, C, K) of N labelled digits, at least one of each class."""
    percentiles = [
        np.percentile(capsules[labels == label, label], PERCENTILES, axis=0) for label in range(capsules.shape[1])
    ]
    low, middle, high = np.stack(percentiles, 1).astype(np.float32)
    return Ranges(low, middle, high)


def to_card(ranges: Ranges) -> tuple[Any, ...]:
    """What a card keeps of them: for each class and number three figures."""
    table = np.stack([ranges.low, ranges.middle, ranges.high], -1)
    return tuple(tuple(tuple(round(float(value), 4) for value in percentiles) for percentiles in row) for row in table)


def from_card(kept: tuple[Any, ...], classes: int, size: int) -> Ranges | None:
    """The ranges that a card keeps, or None where it keeps none of (classes, size) capsules."""
    try:
        table = np.asarray(kept, np.float32)
    except ValueError:  # ragged: a card written by hand
        return None
    if table.shape != (classes, size, len(PERCENTILES)):
        return None
    return Ranges(*np.moveaxis(table, -1, 0))
