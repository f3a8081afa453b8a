"""A drawing along the pen's way: what a net says of it while it grows, and from when on it knew.

Drawings keep no clock. Time is the way that the pen went with ink, stroke after stroke, as a share of all of it. At
each moment the drawing is read as the canvas would have read it then: what was there so far, by itself. NumPy only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from capsdraw.ink.intake import of_sketch
from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets.answering import Answering
from capsdraw.nets.reading import Floats, Reading
from capsdraw.nets.verdict import Kind, Verdict, verdict_of

# Moments at most, and stroke by stroke at least one each.
MOMENTS = 60
# The least share of all lengths that a stroke counts for: a dot has no length, and is a stroke all the same.
_LEAST = 0.02

Shares = NDArray[np.float64]
Label = TypeVar("Label", int, tuple[int, ...])


class PenWay:
    """The way that the pen went with ink through a drawing, as shares of all of it.

    Args:
        drawing: at least one stroke, any unit.

    Attributes:
        ends: (S,) float64 in (0, 1], rising: where each stroke ends; the last is 1.
    """

    def __init__(self, drawing: Drawing) -> None:
        self._drawing = drawing
        lengths = np.array([_along(stroke)[-1] for stroke in drawing.strokes])
        spans = np.maximum(lengths, _LEAST * lengths.sum() or 1.0)
        self.ends: Shares = spans.cumsum() / spans.sum()
        self.ends[-1] = 1.0

    def moments(self, most: int = MOMENTS) -> Shares:
        """Moments to look at the drawing: one at the end of each stroke, the others evenly between.

        Args:
            most: of them, 1 or more; of more strokes than that, evenly chosen ones, the last among them.

        Returns:
            (N,) float64 in (0, 1], rising, the last 1; no more than the drawing has points.
        """
        ends = self.ends
        if len(ends) > most:
            ends = ends[np.linspace(0, len(ends) - 1, most + 1).round().astype(np.int64)[1:]]
        points = sum(len(stroke.points) for stroke in self._drawing.strokes)
        more = max(min(most, points) - len(ends), 0)
        return np.unique(np.concatenate([np.arange(1, more + 1) / (more + 1), ends]))

    def until(self, share: float) -> Drawing:
        """The drawing as far as it had come then; what was finished are the same strokes.

        Args:
            share: of the way; at 0 there is the first point, from 1 on all of it.
        """
        if share >= 1:
            return self._drawing
        under_way = int(np.searchsorted(self.ends, share))
        start = float(self.ends[under_way - 1]) if under_way else 0.0
        part = (share - start) / (float(self.ends[under_way]) - start)
        strokes = self._drawing.strokes
        return replace(self._drawing, strokes=(*strokes[:under_way], _begun(strokes[under_way], part)))

    def stroke_at(self, share: float) -> int:
        """Which stroke, from 0, the pen is in then."""
        return min(int(np.searchsorted(self.ends, share)), len(self.ends) - 1)


@dataclass(frozen=True, eq=False)
class Moment:
    """The drawing at one moment, and what the net says of it.

    Attributes:
        share: of the pen's way, in (0, 1].
        sketch: what lay on the canvas then.
        seen: what the net was shown of it, as `of_sketch` gives it.
        reading: what it says; verdict: whether to believe that.
    """

    share: float
    sketch: Sketch
    seen: Raster
    reading: Reading
    verdict: Verdict

    @property
    def says(self) -> tuple[int, ...]:
        """The class that is read, or, of two digits over one another, both in their order."""
        second = self.verdict.second if self.verdict.kind == Kind.PAIR else None
        return (self.reading.label,) if second is None else tuple(sorted((self.verdict.label, second)))


@dataclass(frozen=True, eq=False)
class Timeline:
    """A net's answers along a drawing.

    Attributes:
        moments: one or more, in order; the last is the whole drawing.
        way: the pen's.
    """

    moments: tuple[Moment, ...]
    way: PenWay

    @cached_property
    def shares(self) -> Shares:
        """(N,) float64 in (0, 1], rising: where the moments lie."""
        return np.array([moment.share for moment in self.moments])

    @cached_property
    def scores(self) -> Floats:
        """(N, C) float32: lengths or probabilities."""
        return np.stack([moment.reading.scores for moment in self.moments])

    @property
    def last(self) -> Moment:
        """The whole drawing."""
        return self.moments[-1]

    @property
    def settled(self) -> Moment:
        """The first moment since which the answer is what it is in the end."""
        return self.moments[self.said[-1][1]]

    @cached_property
    def said(self) -> list[tuple[tuple[int, ...], int]]:
        """What it said, one after the other (`Moment.says`), each with the number of its first moment (`runs`)."""
        return runs([moment.says for moment in self.moments])

    @cached_property
    def answers(self) -> list[tuple[int, int]]:
        """The classes that were read, one after the other, each with the number of its first moment (`runs`)."""
        return runs([moment.reading.label for moment in self.moments])

    @property
    def rival(self) -> int | None:
        """The class that, after the one read in the end, scored most along the way; None where there is but one.

        Of two digits over one another, the other one.
        """
        others = set(self.last.says) - {self.last.reading.label}
        if others:
            return others.pop()
        means = self.scores.mean(0, dtype=np.float64)
        if len(means) < 2:
            return None
        means[self.last.reading.label] = -np.inf
        return int(means.argmax())


def runs(labels: Sequence[Label]) -> list[tuple[Label, int]]:
    """Equal labels in a row as one: each with the index at which its run begins; the last is the settled answer."""
    return [(label, index) for index, label in enumerate(labels) if index == 0 or labels[index - 1] != label]


def moment(session: Answering, sketch: Sketch, way: PenWay, share: float) -> Moment:
    """What a net says of a sketch as far as its drawing had come at that share of the pen's way, from 1 on of all.

    A picture beneath the strokes was there before them.

    Raises:
        CapsDrawError: there is no ink that the net could read.
    """
    then = sketch if share >= 1 else replace(sketch, drawing=way.until(share))
    seen = of_sketch(then, session.card.input, session.card.intake)
    reading = session.read(seen)
    return Moment(float(share), then, seen, reading, verdict_of(reading, seen, session.card))


def timeline(session: Answering, sketch: Sketch, most: int = MOMENTS) -> Timeline:
    """What a net says of a sketch at up to `most` moments of its drawing, which has at least one stroke.

    Raises:
        CapsDrawError: as `moment` does.
    """
    way = PenWay(sketch.drawing)
    return Timeline(tuple(moment(session, sketch, way, share) for share in way.moments(most).tolist()), way)


def _along(stroke: Stroke) -> Shares:
    """How far the pen had gone at each point, (N,), in the stroke's unit."""
    return np.concatenate([[0.0], np.hypot(*np.diff(stroke.points, axis=0).T).cumsum()])


def _begun(stroke: Stroke, part: float) -> Stroke:
    """A stroke as far as that part of its length, in [0, 1]; point and pressure at the cut are interpolated.

    A dot is there at once.
    """
    along = _along(stroke)
    wanted = part * float(along[-1])
    if wanted >= along[-1]:
        return stroke
    # Points passed by then, the first always.
    count = int(np.searchsorted(along, wanted, side="right"))
    between = (wanted - float(along[count - 1])) / float(along[count] - along[count - 1])

    def cut(values: NDArray[np.float64]) -> NDArray[np.float64]:
        if not between:
            return values[:count]
        end = values[count - 1] + between * (values[count] - values[count - 1])
        return np.concatenate([values[:count], end[None]])

    return replace(
        stroke, points=cut(stroke.points), pressure=None if stroke.pressure is None else cut(stroke.pressure)
    )
