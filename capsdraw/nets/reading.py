"""What a net says, as plain data that crosses to the window. No Keras here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsdraw.nets.catalog import NetKind

Floats = NDArray[np.float32]

# Images that a model is asked at once where there are many.
BATCH = 250


@dataclass(frozen=True)
class Reading:
    """What a net says of one digit.

    Attributes:
        model: its name.
        kind: what its scores are.
        label: the class with the largest score; second: of a net of pairs, that with the second largest.
        scores: (C,) float32: lengths of the capsules, each in [0, 1), or probabilities, summing to 1.
        capsules: (C, K) float32, or None for a classifier.
        reconstruction: float32 in [0, 1], of the image's shape, from the longest capsule, or None.
            Of a net of pairs, both parts together.
        error: mean squared error of the reconstruction over the pixels, or None.
        seconds: the answer took.
        parts: of a net of pairs with a decoder, (2, rows, columns): what it redraws from `label`'s capsule alone, and
            from `second`'s.
        drawn: of a drawing in two inks that a net of pairs read, (2, rows, columns): what it saw of each ink alone.
    """

    model: str
    kind: NetKind
    label: int
    scores: Floats
    capsules: Floats | None
    reconstruction: Floats | None
    error: float | None
    seconds: float
    second: int | None = None
    parts: Floats | None = None
    drawn: Floats | None = None

    def by_ink(self) -> tuple[int, ...]:
        """The classes read in the first ink and in the second: the way in which what is redrawn fits each better.

        Where nobody knows which ink is whose, the surer class comes first. One class of a net that reads one.
        """
        if self.second is None:
            return (self.label,)
        ways = ((self.label, self.second), (self.second, self.label))
        if self.parts is None or self.drawn is None:
            return ways[0]
        straight, crossed = (float(((self.parts - drawn) ** 2).sum()) for drawn in (self.drawn, self.drawn[::-1]))
        return ways[crossed < straight]


def masked(capsules: Floats, label: int) -> Floats:
    """Capsules (C, K) laid out flat for the decoder, (C·K,), all but number `label` zero."""
    kept = np.zeros_like(capsules)
    kept[label] = capsules[label]
    return kept.reshape(-1)


def longest(scores: Floats, count: int) -> NDArray[np.int64]:
    """(N, count) the classes with the largest of (N, C) scores, the largest first; of equals, the first."""
    return np.argsort(-scores, axis=1, kind="stable")[:, :count]


def each_masked(capsules: Floats, labels: NDArray[np.integer]) -> Floats:
    """Rows for the decoder, (N · M, C·K): for each of N images one of each of its M classes, as `masked` has it.

    Args:
        capsules: (N, C, K); labels: (N, M).
    """
    return np.stack([masked(own, label) for own, some in zip(capsules, labels, strict=True) for label in some])
