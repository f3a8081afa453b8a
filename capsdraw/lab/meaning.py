"""What a number of a capsule means: how the ink changes as it is turned."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsdraw.lab import perturbation
from capsdraw.lab.measures import NAMES, measure
from capsdraw.lab.perturbation import Decode
from capsdraw.nets.ranges import Ranges
from capsdraw.nets.reading import Floats, masked

# What counts as a change worth naming, in the units of `measures`: a stroke half a pixel thicker, a
# slant of 6 degrees, 1.5 pixels in width or height, a twentieth of the box, a pixel of position.
_WORTH = np.array([0.5, 0.1, 1.5, 1.5, 0.05, 1.0, 1.0])
# The strongest change must be so many times as strong as the next one to give its name alone.
_CLEAR = 1.25
_SWEEP = 9
# Of what a measure is counted in, in the order of `measures.NAMES`; the loop in hundredths of its box.
_UNITS = ("pixels", "pixels a row", "pixels", "pixels", "% of the ink's box", "pixels", "pixels")
_HUNDREDTHS = NAMES.index("loop")


@dataclass(frozen=True)
class Meaning:
    """What one number does.

    Attributes:
        name: the measure of the ink that it changes most clearly, or None where none stands out.
        strength: its change over the number's range, in changes worth naming: 1 is just visible.
        rises: whether the measure grows with the number.
        changes: of every measure over the range, in their own units, in the order of `measures.NAMES`.
        effect: how much of the picture changes over the range, from 0 to 1: the mean over its pixels of
            the difference between their lightest and their darkest.
    """

    name: str | None
    strength: float
    rises: bool
    changes: tuple[float, ...]
    effect: float = 0.0

    def sentence(self) -> str:
        """Name, direction, change and strength in words."""
        if self.name is None:
            return "No single property of the ink stands out over its range"
        measure = NAMES.index(self.name)
        change = abs(self.changes[measure]) * (100 if measure == _HUNDREDTHS else 1)
        figure = f"{change:.0f}" if measure == _HUNDREDTHS else f"{change:.1f}" if change >= 0.95 else f"{change:.2f}"
        return (
            f"{self.name.capitalize()} {'grows' if self.rises else 'falls'} by {figure} {_UNITS[measure]} "
            f"over its range: {self.strength:.1f} times a just visible change"
        )


def meanings(decode: Decode, capsules: Floats, label: int, ranges: Ranges | None) -> list[Meaning]:
    """The meaning of each number of capsule `label`, around the digit that `capsules` (C, K) describes.

    Each number is led through the range it takes over digits of that class (the paper's ±0.25
    where it is not known), the others staying as they are; a straight line through the measures
    of the ink gives the changes.
    """
    size = capsules.shape[1]
    if ranges is None:
        amounts = np.tile(perturbation.steps(count=_SWEEP), (size, 1))
    else:
        amounts = np.linspace(ranges.low[label], ranges.high[label], _SWEEP, axis=1) - capsules[label][:, None]
    rows = np.stack([
        masked(perturbation.moved(capsules, label, np.eye(size)[dimension] * amount), label)
        for dimension in range(size)
        for amount in amounts[dimension]
    ])  # fmt: skip
    pictures = decode(rows).mean(-1)
    measured = measure(pictures).reshape(size, _SWEEP, len(NAMES))
    effects = np.ptp(pictures.reshape(size, _SWEEP, -1), axis=1).mean(-1)
    return [_meaning(swept, float(effect)) for swept, effect in zip(measured, effects, strict=True)]


def of_class(decode: Decode, capsules: Floats, label: int, ranges: Ranges | None) -> list[Meaning]:
    """`meanings` around the typical digit of the class; where that is not known, around the one of `capsules`."""
    return meanings(decode, capsules if ranges is None else ranges.middle, label, ranges)


def _meaning(measured: NDArray[np.float64], effect: float = 0.0) -> Meaning:
    """From measures (S, M) along a sweep, and how much of the picture changes along it."""
    along = np.linspace(-0.5, 0.5, len(measured))
    changes = along @ (measured - measured.mean(0)) / (along @ along)
    strengths = np.abs(changes) / _WORTH
    first, second = np.argsort(strengths)[::-1][:2]
    clear = strengths[first] >= 1 and strengths[first] >= _CLEAR * strengths[second]
    return Meaning(
        NAMES[first] if clear else None, float(strengths[first]), bool(changes[first] > 0),
        tuple(float(change) for change in changes), effect,
    )  # fmt: skip
