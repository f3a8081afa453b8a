"""A hand that draws on the canvas as a user would, stroke by stroke, so that one sees the bars grow."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from capsdraw.ink.sketch import SIDE
from capsdraw.ink.strokes import Drawing
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.guard import Guarded

_PRESS, _MOVE, _RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease
_EVERY: Final = 12  # milliseconds from point to point


class DrawingHand(Guarded, QObject):
    """Draws one drawing at a time.

    Signals:
        finished(): the last stroke is done.
    """

    finished = Signal()

    def __init__(self, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._steps: Iterator[tuple[QEvent.Type, QPointF]] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._step)
        self._last: QPointF | None = None  # where the pen is down

    @property
    def busy(self) -> bool:
        """Whether it is drawing."""
        return self._timer.isActive()

    def play(self, drawing: Drawing) -> None:
        """Wipe the canvas and draw that, in canvas units."""
        self.stop()
        self._canvas.installEventFilter(self)
        self._canvas.clear()
        self._steps = _events(drawing)
        self._timer.start()

    def stop(self) -> None:
        """Lift the pen where it is."""
        self._timer.stop()
        self._canvas.removeEventFilter(self)
        self._steps = iter(())
        if self._last is not None:
            self._send(_RELEASE, self._last)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Of a real mouse, a mere move is no lost release of the hand's, and a press takes the pen over."""
        if event.spontaneous() and event.type() == _PRESS:
            self.stop()
        return event.spontaneous() and event.type() == _MOVE

    def _step(self) -> None:
        step = next(self._steps, None)
        if step is None:
            self.stop()
            self.finished.emit()
        else:
            self._send(*step)

    def _send(self, kind: QEvent.Type, point: QPointF) -> None:
        self._last = None if kind == _RELEASE else point
        at = point * self._canvas.width() / SIDE
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button, down = none if kind == _MOVE else left, none if kind == _RELEASE else left
        place = QPointF(self._canvas.mapToGlobal(at.toPoint()))
        event = QMouseEvent(kind, at, place, button, down, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self._canvas, event)


def _events(drawing: Drawing) -> Iterator[tuple[QEvent.Type, QPointF]]:
    for stroke in drawing.strokes:
        points = [QPointF(float(x), float(y)) for x, y in np.asarray(stroke.points)]
        yield _PRESS, points[0]
        yield from ((_MOVE, point) for point in points[1:])
        yield _RELEASE, points[-1]
