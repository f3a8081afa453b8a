"""The digit with what each of its places sends to a class laid over it."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.lab.steps import Votes
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import image_of


class CouplingMap(QWidget):
    """The digit with what each place sends laid over it; without places, a table of capsules and classes.

    Signals:
        pointed(object): (row, column) of the place under the pointer, or (capsule,) in a table, or None.
    """

    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit: Floats | None = None
        self._votes: Votes | None = None
        self._heat: Floats | None = None
        self._at: tuple[int, ...] | None = None
        self._held = 0
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("What each place sends to the held class")

    def show_step(self, digit: Floats | None, votes: Votes | None, heat: Floats | None, held: int) -> None:
        """Show heat, (rows, columns) over the digit or (I, J) as a table, each in [0, 1]."""
        before = None if self._votes is None else (self._votes.grid, len(self._votes.activity))
        self._digit, self._votes, self._heat, self._held = digit, votes, heat, held
        if votes is None or (votes.grid, len(votes.activity)) != before:
            # What was pointed at may not be a place of this net.
            self._point(None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def minimumSizeHint(self) -> QSize:
        return QSize(196, 196)

    def place(self, *at: int) -> QRectF:
        """Where a place of the grid, or a row of the table, stands."""
        assert self._votes is not None
        frame = self._frame()
        if self._votes.grid is None:
            step = frame.height() / len(self._votes.activity)
            return QRectF(frame.left(), frame.top() + at[0] * step, frame.width(), step)
        stride, side = self._votes.field
        pixel = frame.width() / self._columns()
        middle = QPointF(stride * at[1] + side / 2, stride * at[0] + side / 2) * pixel
        return QRectF(middle.x() - stride * pixel / 2, middle.y() - stride * pixel / 2, stride * pixel, stride * pixel)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())

    def leaveEvent(self, _: QEvent) -> None:
        self._point(None)

    def paintEvent(self, _: QPaintEvent) -> None:
        colours, frame = theme.of(self), self._frame()
        painter = QPainter(self)
        if self._votes is not None and self._votes.grid is None:
            self._paint_table(painter)
            return
        painter.fillRect(frame, Qt.GlobalColor.black)
        if self._digit is not None:
            painter.drawImage(frame, image_of(0.55 * self._digit))
        painter.setPen(QPen(colours.line, 1))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if self._votes is None or self._heat is None or self._votes.grid is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for row, column in np.ndindex(self._votes.grid):
            painter.setBrush(_heat(theme.DARK.says, float(self._heat[row, column])))
            painter.drawRect(self.place(row, column).adjusted(0.5, 0.5, -0.5, -0.5))
        if self._at is not None:
            stride, side = self._votes.field
            pixel = frame.width() / self._columns()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.DARK.text, 1, Qt.PenStyle.DashLine))
            field = QRectF(stride * self._at[1] * pixel, stride * self._at[0] * pixel, side * pixel, side * pixel)
            painter.drawRect(field)
            painter.setPen(QPen(theme.DARK.text, 2))
            painter.drawRect(self.place(*self._at))

    def _paint_table(self, painter: QPainter) -> None:
        colours = theme.of(self)
        if self._heat is None:
            return
        frame = self._frame()
        capsules, classes = self._heat.shape
        wide, high = frame.width() / classes, frame.height() / capsules
        painter.fillRect(frame, Qt.GlobalColor.black)
        painter.setPen(Qt.PenStyle.NoPen)
        for capsule, label in np.ndindex(capsules, classes):
            painter.setBrush(_heat(theme.DARK.says, float(self._heat[capsule, label])))
            painter.drawRect(QRectF(label * wide + 0.5, capsule * high + 0.5, wide - 1, high - 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.says, 2))
        painter.drawRect(QRectF(self._held * wide, 0, wide, frame.height()))
        if self._at is not None:
            painter.setPen(QPen(theme.DARK.text, 2))
            painter.drawRect(self.place(*self._at))

    def _frame(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF(0, 0, side, side)

    def _columns(self) -> int:
        return 28 if self._digit is None else self._digit.shape[1]

    def _point(self, position: QPointF | None) -> None:
        found: tuple[int, ...] | None = None
        if position is not None and self._votes is not None:
            grid = self._votes.grid
            all_of_them = np.ndindex(grid) if grid else np.ndindex(len(self._votes.activity))
            found = next((at for at in all_of_them if self.place(*at).contains(position)), None)
        if found != self._at:
            self._at = found
            self.pointed.emit(found)
            self.update()


def _heat(colour: QColor, amount: float) -> QColor:
    shown = QColor(colour)
    shown.setAlphaF(min(max(amount, 0.0), 1.0) * 0.9)
    return shown
