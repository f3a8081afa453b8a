"""The canvas' picture of a sketch: what is new is painted on top of what is there, for so long as a frame allows."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import Final

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import PEN_WIDTH, SIDE, Sketch, placement
from capsdraw.ink.strokes import Points, Stroke
from capsdraw.ui.digit_view import image_of_bytes
from capsdraw.ui.paint import ink_image, paint_stroke
from capsdraw.ui.theme import Theme

# Seconds for each call of `show`: a frame has 16 ms.
_FRAME: Final = 0.006
# A stroke is painted in runs of at most so many points, and, so that no run is slow, about so long: canvas units.
_POINTS: Final = 32
_LONG: Final = 48.0
# Where runs meet, the edge is painted twice, and is darker there: a stroke that is done is painted in one go. One of
# more points, or longer, canvas units, would take longer than a frame: the more often it crosses itself, the longer.
_WHOLE: Final = 300
_WHOLE_LONG: Final = 1800.0


class PaintedSketch:
    """A picture of finished strokes and of all whole runs of a growing one.

    Attributes:
        image: as far as it is painted.
        complete: whether all of the sketch is there, but for the rest of a growing stroke.
    """

    def __init__(self) -> None:
        self.image = QImage()
        self.complete = True
        self._key: tuple[object, ...] = ()
        self._sketch = Sketch()
        self._inks = (QColor(), QColor())
        # Painted so far: whole strokes, and points of the next one, or within an area parts of it.
        self._strokes = self._points = self._parts = 0
        # Of an erased sketch, the area that is painted anew, canvas units; None where all of it is.
        self._area: QRectF | None = None
        # What lies beneath the stroke that grows; None where there is none.
        self._beneath: QImage | None = None

    def show(self, sketch: Sketch, side: int, ratio: float, inks: tuple[QColor, QColor], growing: bool = False) -> None:
        """Paint of `sketch` what is not there yet, for some milliseconds; `complete` says whether to call again.

        Args:
            sketch: what lies on the canvas.
            side: of the picture, in pixels of the screen; ratio: of these to Qt's; inks: the strokes' colours.
            growing: whether the last stroke is under way.
        """
        key = (side, ratio, *(ink.rgba() for ink in inks))
        if self._key != key:
            self._key, self._inks = key, (QColor(inks[0]), QColor(inks[1]))
            self.image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
            self.image.setDevicePixelRatio(ratio)
            self._begin(sketch, None)
        elif not self._continues(sketch):
            self._begin(sketch, None)
        self._sketch = sketch
        painter = self._painter()
        # Of this thread's own time: a busy machine must not stop it in the middle.
        until = time.thread_time() + _FRAME
        self.complete = not any(time.thread_time() > until for _ in self._paint(painter, growing))
        painter.end()
        if self.complete:
            self._area = None

    def rub(self, sketch: Sketch, box: QRectF) -> None:
        """`sketch` is what lay there, but for ink within `box`, canvas units: only there it is painted anew."""
        whole = self.complete and not self._points and self._strokes == len(self._sketch.drawing.strokes)
        if self._key and (whole or self._area is not None):
            self._begin(sketch, box if self._area is None else self._area.united(box))
        else:
            self._key = ()

    def paint_rest(self, painter: QPainter) -> None:
        """Paint, in canvas units, what a growing stroke has beyond its whole runs."""
        strokes = self._sketch.drawing.strokes
        if self.complete and self._strokes < len(strokes):
            self._finish(painter, strokes[self._strokes])

    def _continues(self, sketch: Sketch) -> bool:
        """Whether all that is painted is part of the sketch."""
        if sketch is self._sketch:
            return True
        now, before = sketch.drawing.strokes, self._sketch.drawing.strokes
        if (
            sketch.picture is not self._sketch.picture
            or sketch.colours is not self._sketch.colours
            or len(now) < self._strokes + bool(self._points)
        ):
            return False
        if any(one is not other for one, other in zip(now[: self._strokes], before, strict=False)):
            return False
        return not self._points or now[self._strokes].continues(before[self._strokes])

    def _begin(self, sketch: Sketch, area: QRectF | None) -> None:
        """Take away what is to be painted anew, and paint the picture that lies beneath the strokes."""
        self._sketch, self._area, self.complete = sketch, area, False
        self._strokes = self._points = self._parts = 0
        self._beneath = None
        painter = self._painter()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(QRectF(0, 0, SIDE, SIDE), Qt.GlobalColor.transparent)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if sketch.colours is not None:
            painter.drawImage(QRectF(0, 0, SIDE, SIDE), image_of_bytes(sketch.colours))
        elif sketch.picture is not None:
            place, part = _within(sketch.picture, area)
            painter.drawImage(place, ink_image(part, self._inks[0]))
        painter.end()

    def _painter(self) -> QPainter:
        painter = QPainter(self.image)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        scale = self.image.width() / self.image.devicePixelRatio() / SIDE
        painter.scale(scale, scale)
        if self._area is not None:
            # On whole pixels: half of one would be painted over and over.
            pixels = QRectF(painter.transform().mapRect(self._area).toAlignedRect())
            painter.setClipRect(painter.transform().inverted()[0].mapRect(pixels))
        return painter

    def _paint(self, painter: QPainter, growing: bool) -> Iterator[None]:
        """Paint one run after another."""
        strokes = self._sketch.drawing.strokes
        while self._strokes < len(strokes):
            stroke = strokes[self._strokes]
            if self._area is not None:
                for first, end in islice(_near(stroke, self._area), self._parts, None):
                    paint_stroke(painter, _part(stroke, first, end), self._inks[stroke.ink])
                    self._parts += 1
                    yield
            else:
                grows = growing and self._strokes == len(strokes) - 1
                if not grows and self._clear(painter, stroke):
                    paint_stroke(painter, stroke, self._inks[stroke.ink])
                else:
                    yield from self._paint_runs(painter, stroke, grows)
                if grows:
                    return
                self._beneath = None
            self._strokes, self._points, self._parts = self._strokes + 1, 0, 0
            yield

    def _paint_runs(self, painter: QPainter, stroke: Stroke, grows: bool) -> Iterator[None]:
        """Paint what there is of a stroke beyond the runs that are there."""
        if grows and self._points == 0 and self._beneath is None:
            self._beneath = self.image.copy()
        for first, end in _runs(stroke, self._points):
            paint_stroke(painter, _part(stroke, first, end), self._inks[stroke.ink])
            self._points = end - 1
            yield
        if not grows:
            self._finish(painter, stroke)

    def _clear(self, painter: QPainter, stroke: Stroke) -> bool:
        """Take away the runs of a stroke that is done, so that it can be painted in one go; whether it is to be."""
        if not _is_short(stroke) or (self._points and self._beneath is None):
            return False
        if self._beneath is not None:
            painter.save()
            painter.resetTransform()
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(0, 0, self._beneath)
            painter.restore()
        return True

    def _finish(self, painter: QPainter, stroke: Stroke) -> None:
        """Paint what of a stroke is beyond its whole runs."""
        # The last run has its end already.
        if self._points == 0 or self._points < len(stroke.points) - 1:
            paint_stroke(painter, _part(stroke, self._points, len(stroke.points)), self._inks[stroke.ink])


def _runs(stroke: Stroke, first: int) -> Iterator[tuple[int, int]]:
    """Whole runs from that point on, as slices; each begins with the last point of the one before.

    Where they end does not change as the stroke grows; `first` is 0 or the last point of one of them.
    """
    while True:
        lengths = np.hypot(*np.diff(stroke.points[first : first + _POINTS + 1], axis=0).T).cumsum()
        steps = min(int(np.searchsorted(lengths, _LONG)) + 1, _POINTS)
        if len(lengths) < steps:
            return
        yield first, first + steps + 1
        first += steps


def _is_short(stroke: Stroke) -> bool:
    """Whether a stroke of one width can be painted in one go."""
    if stroke.pressure is not None or len(stroke.points) > _WHOLE:
        return False
    return float(np.hypot(*np.diff(stroke.points, axis=0).T).sum()) <= _WHOLE_LONG


def _near(stroke: Stroke, area: QRectF) -> Iterator[tuple[int, int]]:
    """Parts of a stroke whose ink may lie in that area, as slices of its points."""
    reach = (stroke.width or PEN_WIDTH) / 2 + 1
    low = np.array([area.left(), area.top()]) - reach
    high = np.array([area.right(), area.bottom()]) + reach
    left, top, right, bottom = stroke.box
    if right < low[0] or left > high[0] or bottom < low[1] or top > high[1]:
        return
    points = stroke.points if len(stroke.points) > 1 else np.repeat(stroke.points, 2, 0)
    ends = points[:-1], points[1:]
    near = np.flatnonzero(((np.maximum(*ends) >= low) & (np.minimum(*ends) <= high)).all(1))
    for steps in np.split(near, np.flatnonzero(np.diff(near) > 1) + 1):
        for first in range(0, len(steps), _POINTS):
            run = steps[first : first + _POINTS]
            yield int(run[0]), int(run[-1]) + 2


def _part(stroke: Stroke, first: int, end: int) -> Stroke:
    pressure = None if stroke.pressure is None else stroke.pressure[first:end]
    return Stroke(stroke.points[first:end], stroke.width, pressure, stroke.ink)


def _within(picture: Raster, area: QRectF | None) -> tuple[QRectF, Raster]:
    """Where a picture lies on the canvas, and it; of one as large as the canvas no more than that area needs."""
    if area is None or picture.shape != (SIDE, SIDE):
        return QRectF(*placement(picture)), picture
    box = area.toAlignedRect().adjusted(-2, -2, 2, 2).intersected(QRect(0, 0, SIDE, SIDE))
    return QRectF(box), picture[box.top() : box.top() + box.height(), box.left() : box.left() + box.width()]


def around(path: Points, reach: float) -> QRectF:
    """The box around points (N, 2), wider by so much on each side."""
    (left, top), (right, bottom) = path.min(0).tolist(), path.max(0).tolist()
    return QRectF(left, top, right - left, bottom - top).adjusted(-reach, -reach, reach, reach)


def inks_of(sketch: Sketch, colours: Theme, two: bool = False) -> tuple[QColor, QColor]:
    """The colours of both inks: two of them only where `two` are offered, or were drawn with."""
    used = two or any(stroke.ink for stroke in sketch.drawing.strokes)
    return (colours.first, colours.second) if used else (colours.ink, colours.ink)
