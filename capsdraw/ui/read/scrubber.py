"""The pen's way as a track, a piece for each stroke, and the knob that goes along it from moment to moment."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from capsdraw.lab.timeline import Shares
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

_KNOB: Final = 7.0
_THICK: Final = 6.0
# Between two strokes, pixels.
_GAP: Final = 2.0


class Scrubber(Guarded, QAbstractSlider):
    """Chooses a moment; its value is the moment's number, and the knob stands where that moment lies.

    Arrow keys go to the next, Page keys by ten, Home and End to the first and the last; so do mouse and wheel.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: Shares = np.array([1.0])
        self._ends: Shares = np.array([1.0])
        self._edges = 0, 0
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setPageStep(10)
        self.setRange(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Moment of the drawing")
        self.setToolTip("Drag, or press ← and →, to go back through the strokes")

    def show_way(self, shares: Shares, ends: Shares) -> None:
        """There are these moments, and strokes that end there; who looked at the end goes on to do so.

        Args:
            shares: (N,) in (0, 1], rising; ends: (S,) likewise.
        """
        at_end, share = self.value() == self.maximum(), self.share
        self._shares, self._ends = shares, ends
        last = len(shares) - 1
        with QSignalBlocker(self):
            self.setRange(0, last)
            self.setValue(last if at_end else self._nearest(share))
        self.update()

    @property
    def share(self) -> float:
        """Where the moment lies that is chosen."""
        return float(self._shares[min(self.value(), len(self._shares) - 1)])

    def choose(self, share: float) -> None:
        """Go to the moment nearest to that share."""
        self.setValue(self._nearest(share))

    def align(self, left: int, right: int) -> None:
        """Let the way go from `left` to `right`, pixels from this widget's left edge."""
        self._edges = left, right
        self.update()

    def place(self, share: float) -> QPointF:
        """Where that share of the way lies."""
        first, last = self._track()
        return QPointF(first + share * (last - first), self.height() / 2)

    def sizeHint(self) -> QSize:
        return QSize(20 * theme.GRID, 3 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(8 * theme.GRID, 3 * theme.GRID)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.maximum():
            self.setSliderDown(True)
            self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Up is back, as one scrolls back through what was before.
        self.setValue(self.value() - (1 if event.angleDelta().y() > 0 else -1))
        event.accept()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        here, start = self.place(self.share).x() if self.isEnabled() else 0.0, 0.0
        for end in self._ends.tolist():
            left, right = self.place(start).x(), self.place(end).x()
            piece = QRectF(left, (self.height() - _THICK) / 2, max(right - left - _GAP, 1.0), _THICK)
            painter.fillRect(piece, colours.track)
            done = min(here, piece.right()) - piece.left()
            if done > 0:
                painter.fillRect(QRectF(piece.left(), piece.top(), done, _THICK), colours.quiet)
            start = end
        if self.isEnabled():
            painter.setBrush(colours.changed)
            painter.setPen(QPen(colours.paper, 1.5))
            painter.drawEllipse(self.place(self.share), _KNOB, _KNOB)

    def _drag(self, event: QMouseEvent) -> None:
        first, last = self._track()
        self.choose((event.position().x() - first) / max(last - first, 1.0))

    def _nearest(self, share: float) -> int:
        return int(np.abs(self._shares - share).argmin())

    def _track(self) -> tuple[float, float]:
        """Where the way begins and ends, pixels from the left edge."""
        left, right = self._edges
        if 0 <= left < right <= self.width():
            return float(left), float(right)
        return _KNOB, max(self.width() - _KNOB, _KNOB + 1)  # as long as there is no plot
