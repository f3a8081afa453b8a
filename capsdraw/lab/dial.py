"""A digit turned by a dial, and what each model says of it along the way: where does each break?

What is turned is the picture that a net sees, not the strokes: strokes that were shifted or scaled
would be brought back to their place by the road from ink to digit. NumPy only.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import moves
from capsdraw.datasets.moves import MoveKind
from capsdraw.nets.reading import Floats

# (P, rows, columns) images to (P, C) scores: `nets.session.Session.scores`.
Scores = Callable[[Floats], Floats]
# Positions of a dial from end to end.
POSITIONS = 61


@dataclass(frozen=True)
class Sweep:
    """One digit at each position of a dial.

    Attributes:
        kind: what is turned.
        positions: (P,) float32 amounts, rising; the kind's still amount is one of them.
        start: which of them is the still one: there the digit is as it was drawn.
        digits: (P, rows, columns) or (P, rows, columns, 3) float32 in [0, 1].
    """

    kind: MoveKind
    positions: Floats
    start: int
    digits: Floats


@dataclass(frozen=True)
class Curve:
    """What one model says along a dial.

    Attributes:
        model: its name; label: the class that is asked for.
        scores: (P,) float32, of that class.
        answers: (P,) the class that the model reads.
        below, above: the first position down and up from the start where the model reads another
            class, or None where it does not to the end. Both are the start's own where it is
            misread already there.
    """

    model: str
    label: int
    scores: Floats
    answers: NDArray[np.int64]
    below: float | None
    above: float | None

    @property
    def holds(self) -> bool:
        """Whether the model reads the class wherever the dial stands."""
        return self.below is None and self.above is None


def positions(kind: MoveKind, count: int = POSITIONS) -> tuple[Floats, int]:
    """At least `count` (3 or more) amounts over the kind's range, ends and still amount exact, and where that stands.

    The steps are alike on either side of the still amount, and nearly alike on both.
    """
    share = (kind.still - kind.low) / (kind.high - kind.low)
    # None below where the still amount is the least.
    below = max(1, round(share * (count - 1))) if share else 0
    above = max(1, count - 1 - below)
    down, up = np.linspace(kind.low, kind.still, below + 1), np.linspace(kind.still, kind.high, above + 1)
    return np.concatenate([down, up[1:]]).astype(np.float32), below


def sweep(digit: Floats, kind: MoveKind, angle: float = 0.0, count: int = POSITIONS) -> Sweep:
    """The digit at each position of the dial.

    Args:
        digit: (rows, columns) float32 in [0, 1], or (rows, columns, 3) in colour.
        kind: one of `moves.KINDS`.
        angle: degrees counter-clockwise from the right, the way that a shift goes and an uneven ground darkens; it
            means nothing to other kinds.
        count: of positions, 3 or more.
    """
    amounts, start = positions(kind, count)
    way = np.radians(angle)
    direction = np.tile([np.cos(way), -np.sin(way)], (len(amounts), 1))  # y goes down
    images = np.repeat(digit.reshape(1, *digit.shape[:2], -1), len(amounts), axis=0)
    # A photograph has no black paper around it.
    border = "black" if digit.ndim == 2 else "edge"
    turned = moves.changed(images, kind.name, amounts.astype(np.float64), direction, border)
    digits = np.clip(turned, 0, 1).astype(np.float32).reshape(-1, *digit.shape)
    digits[start] = digit
    return Sweep(kind, amounts, start, digits)


def curve(model: str, scores: Scores, along: Sweep, label: int) -> Curve:
    """What a model says of class `label` along the dial; `scores` is asked once, of all positions together.

    Raises:
        ValueError: `scores` gave something else than (P, C), or knows no class `label`.
    """
    predicted = np.asarray(scores(along.digits), np.float32)
    if predicted.ndim != 2 or len(predicted) != len(along.digits) or not 0 <= label < predicted.shape[1]:
        raise ValueError(
            f"expected scores ({len(along.digits)}, C) with a class {label}, received {predicted.shape} of '{model}'"
        )
    answers = predicted.argmax(1)
    below, above = _breaks(along, answers != label)
    return Curve(model, label, predicted[:, label].copy(), answers, below, above)


def _breaks(along: Sweep, wrong: NDArray[np.bool_]) -> tuple[float | None, float | None]:
    """The first wrong position from the start on down, and on up."""
    down, up = np.flatnonzero(wrong[: along.start + 1]), np.flatnonzero(wrong[along.start :])
    return (
        float(along.positions[down[-1]]) if len(down) else None,
        float(along.positions[along.start + up[0]]) if len(up) else None,
    )
