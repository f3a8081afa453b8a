"""Numbers of several digits, composed from digits that were drawn one by one; the same for a seed.

Digits of one number are one writer's. Their heights, baselines and gaps vary as in handwriting; in a number that
touches, at least two neighbours do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.pen_strokes import PenStrokes
from capsdraw.ink.resampled import resampled
from capsdraw.ink.strokes import Drawing, Stroke

# Units: the usual height of a digit.
HEIGHT: Final = 100.0
# The pen's width in heights, thin to thick.
PENS: Final = (0.06, 0.11)
# Of heights and baselines, deviations in heights; of gaps between boxes, the least and the most.
_HEIGHTS, _BASELINES, _GAPS = 0.07, 0.04, (0.05, 0.45)
# Ink that is apart is so far away at least, in heights; where it touches, lines' middles are so many pens away.
_APART, _TOUCHING = 0.04, (0.4, 0.9)
# Of neighbours in a number that touches, so many do, beside the one pair that is sure to.
_MORE = 0.3
_STEP = 3.0

Edges = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Composed:
    """A number.

    Attributes:
        drawing: its strokes, HEIGHT units high or so, with the pen's width.
        text: its digits; edges: left, top, right and bottom of the points of each.
        touching: whether digits touch.
    """

    drawing: Drawing
    text: str
    edges: tuple[Edges, ...]
    touching: bool


def numbers(pen: PenStrokes, writers: range, count: int, seed: int, touching: float = 0.2) -> Iterator[Composed]:
    """`count` numbers of 2 to 6 digits by those writers.

    Args:
        pen, writers: whose strokes.
        count, seed: how many, and which.
        touching: the share of numbers in which digits touch.
    """
    by_writer = {writer: np.flatnonzero(pen.writers == writer) for writer in writers}
    for place in range(count):
        random = np.random.default_rng((seed, place))
        own = by_writer[int(random.choice(list(writers)))]
        chosen = random.choice(own, 2 + place % 5)
        text = "".join(str(int(pen.labels[index])) for index in chosen)
        yield composed([pen.drawing(int(index)) for index in chosen], text, random, bool(random.random() < touching))


def composed(drawings: Sequence[Drawing], text: str, random: np.random.Generator, touching: bool) -> Composed:
    """These drawings side by side, each `HEIGHT` units high or so."""
    pen = HEIGHT * random.uniform(*PENS)
    pairs = random.random(len(drawings) - 1) < _MORE
    if len(pairs):
        pairs[int(random.integers(len(pairs)))] = True
    digits: list[list[NDArray[np.float64]]] = []
    for place, drawing in enumerate(drawings):
        lines = _scaled(drawing, random)
        if digits:
            close = touching and bool(pairs[place - 1])
            away = pen * random.uniform(*_TOUCHING) if close else pen + HEIGHT * _APART
            lines = _beside(lines, digits, HEIGHT * random.uniform(*_GAPS), away, close)
        digits.append(lines)
    strokes = tuple(Stroke(line, pen) for lines in digits for line in lines)
    return Composed(Drawing(strokes), text, tuple(_edges(lines) for lines in digits), touching)


def _scaled(drawing: Drawing, random: np.random.Generator) -> list[NDArray[np.float64]]:
    """The strokes as high as a digit, on a baseline at 0."""
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    scale = HEIGHT * max(1 + random.normal(0, _HEIGHTS), 0.7) / max(float((high - low)[1]), 1.0)
    # What is drawn far too wide for its height was drawn low: it stays so.
    scale = min(scale, 1.6 * HEIGHT / max(float((high - low)[0]), 1.0))
    base = np.array([low[0], high[1]])
    return [
        (stroke.points - base) * scale + np.array([0, HEIGHT * random.normal(0, _BASELINES)])
        for stroke in drawing.strokes
    ]


def _beside(
    lines: list[NDArray[np.float64]], before: list[list[NDArray[np.float64]]], gap: float, away: float, close: bool
) -> list[NDArray[np.float64]]:
    """The lines at the right of those before, at a gap between boxes; no nearer than `away`, or just as near."""
    start = _edges(before[-1])[2] + gap - _edges(lines)[0]
    fixed, moved = _fine([line for of_digit in before for line in of_digit]), _fine(lines) + np.array([start, 0])
    # How far each point has to be moved to the right of each other one to be so far away from it.
    down = np.minimum(np.abs(fixed[:, None, 1] - moved[None, :, 1]), away)
    by = fixed[:, None, 0] + np.sqrt(np.maximum(away**2 - down**2, 0)) - moved[None, :, 0]
    least = float(by[down < away].max(initial=-np.inf))
    if least > 0 or (close and np.isfinite(least)):
        start += least
    return [line + np.array([start, 0]) for line in lines]


def _fine(lines: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate([resampled(Stroke(line), _STEP)[0] for line in lines])


def _edges(lines: list[NDArray[np.float64]]) -> Edges:
    points = np.concatenate(lines)
    (left, top), (right, bottom) = points.min(0).tolist(), points.max(0).tolist()
    return left, top, right, bottom
