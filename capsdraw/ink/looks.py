"""Digits of one sketch after another: what lay there before is not drawn again."""

import numpy as np

from capsdraw.ink.found import Box
from capsdraw.ink.normalize import Digit, digit_from_raster
from capsdraw.ink.raster import Raster, adds_up, draw_line
from capsdraw.ink.sketch import PEN_WIDTH, SIDE, Sketch
from capsdraw.ink.strokes import Stroke


class Looks:
    """Makes the digits that `Sketch.digit` makes, to the bit, and remembers the last sketch for that.

    Strokes alone are drawn anew each time, for each new point moves and scales them all; over a picture they are
    drawn where they lie, and of a growing one only what is new. For one thread.
    """

    def __init__(self) -> None:
        # The last one's strokes; the ink of all of them, and of all but the last one.
        self._strokes: tuple[Stroke, ...] = ()
        self._ink = self._before = np.zeros((SIDE, SIDE), np.float32)
        self._picture: Raster | None = None
        self._box: Box | None = None
        self._placed = self._ink

    def digit(self, sketch: Sketch) -> Digit:
        """The (28, 28) digit that a net sees; raises CapsDrawError where there is no ink."""
        if sketch.picture is None or not sketch.drawing:
            return sketch.digit()
        if sketch.picture is not self._picture or sketch.box != self._box:
            self._picture, self._box, self._placed = sketch.picture, sketch.box, sketch.placed_to_read()
        self._draw(sketch.drawing.strokes)
        return digit_from_raster(np.maximum(self._ink, self._placed))

    def _draw(self, strokes: tuple[Stroke, ...]) -> None:
        # Where it fails half-way, the next look begins anew.
        last, self._strokes = self._strokes, ()
        if not last or not _same(strokes[: len(last) - 1], last[:-1]):
            last = ()
            self._ink = np.zeros((SIDE, SIDE), np.float32)
        if last and _grown(last[-1], strokes[len(last) - 1 : len(last)]):
            stroke = strokes[len(last) - 1]
            _add(self._ink, stroke, len(last[-1].points) - 1)
        elif last:
            last = last[:-1]
            self._ink = self._before.copy()
        for stroke in strokes[len(last) :]:
            self._before = self._ink.copy()
            _add(self._ink, stroke)
        self._strokes = strokes


def _same(strokes: tuple[Stroke, ...], others: tuple[Stroke, ...]) -> bool:
    return len(strokes) == len(others) and all(map(lambda one, other: one is other, strokes, others))


def _grown(before: Stroke, now: tuple[Stroke, ...]) -> bool:
    """Whether the stroke is there still, and what has come to it can be drawn by itself."""
    if not now or before is now[0]:
        return bool(now)
    stroke = now[0]
    # Nearer points are passed over when the whole is drawn, which parts cannot know of.
    return stroke.continues(before) and adds_up(before.points) and adds_up(stroke.points[len(before.points) - 1 :])


def _add(ink: Raster, stroke: Stroke, first: int = 0) -> None:
    if first == 0 or first < len(stroke.points) - 1:
        draw_line(ink, stroke.points[first:], stroke.widths(PEN_WIDTH)[first:])
