"""The digit with what each of its places sends to a class laid over it."""

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.lab.steps import Votes
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Table
from capsdraw.ui.cell_view import CellPicker
from capsdraw.ui.digit_view import image_of, paint_empty


class CouplingMap(CellPicker[Table]):
    """The digit with what each place sends laid over it; without places, a table of capsules and classes.

    It is only looked at: a click means nothing, and it takes no keys.

    Signals:
        pointed(object): (row, column) of the place under the pointer, or (capsule,) in a table, or None.
    """

    pointed = Signal(object)

    pointer_shape: ClassVar = Qt.CursorShape.ArrowCursor

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What each place sends to the selected class", parent)
        self._digit: Floats | None = None
        self._votes: Votes | None = None
        self._heat: Floats | None = None
        self._held = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_step(self, digit: Floats | None, votes: Votes | None, heat: Floats | None, held: int) -> None:
        """Show heat, (rows, columns) over the digit or (I, J) as a table, each in [0, 1]."""
        before = None if self._votes is None else (self._votes.grid, len(self._votes.activity))
        self._digit, self._votes, self._heat, self._held = digit, votes, heat, held
        if votes is None or (votes.grid, len(votes.activity)) != before:
            # What was pointed at may not be a place of this net.
            self.point(None)
        self.shown_anew()

    def sizeHint(self) -> QSize:
        return QSize(280, 280)

    def minimumSizeHint(self) -> QSize:
        return QSize(196, 196)

    def place(self, *at: int) -> QRectF:
        """Where a place of the grid, or a row of the table, stands."""
        return QRectF(*self.cells.box(at[0] * self.cells.columns + at[-1] if len(at) > 1 else at[0]))

    def clicked(self, index: int) -> None:
        """As it is only looked at."""

    def lay_out(self, width: int, height: int) -> Table:
        if self._votes is None:
            return Table.empty()
        frame = self.side(width, height)
        if self._votes.grid is None:
            capsules = len(self._votes.activity)
            return Table.without_gaps(capsules, 1, frame, frame / capsules)
        stride, side = self._votes.field
        rows, columns = self._votes.grid
        across, down = self._pixel(frame)
        # A place's middle is that of the window through which it looks.
        first = (side - stride) / 2
        return Table.without_gaps(rows * columns, columns, stride * across, stride * down, first * across, first * down)

    def tip(self, place: QPointF) -> str:  # noqa: ARG002
        # What is pointed at is told beside the map, at once.
        return ""

    def entered(self, before: int | None) -> None:  # noqa: ARG002
        self.pointed.emit(self._at)
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        colours, frame = theme.of(self), self._frame()
        painter = QPainter(self)
        if self._votes is not None and self._votes.grid is None:
            self._paint_table(painter)
            return
        if self._digit is None:
            paint_empty(painter, self, frame, "Draw something to see what the capsules send")
            return
        painter.fillRect(frame, Qt.GlobalColor.black)
        painter.drawImage(frame, image_of(0.55 * self._digit))
        painter.setPen(QPen(colours.line, 1))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if self._votes is None or self._heat is None or self._votes.grid is None:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        for row, column in np.ndindex(self._votes.grid):
            painter.setBrush(heat_colour(theme.DARK.says, float(self._heat[row, column])))
            painter.drawRect(self.place(row, column).adjusted(0.5, 0.5, -0.5, -0.5))
        if self._at is not None:
            stride, side = self._votes.field
            across, down = self._pixel(frame.width())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.DARK.text, 1, Qt.PenStyle.DashLine))
            row, column = self._at
            painter.drawRect(QRectF(stride * column * across, stride * row * down, side * across, side * down))
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
            painter.setBrush(heat_colour(theme.DARK.says, float(self._heat[capsule, label])))
            painter.drawRect(QRectF(label * wide + 0.5, capsule * high + 0.5, wide - 1, high - 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.says, 2))
        painter.drawRect(QRectF(self._held * wide, 0, wide, frame.height()))
        if self._at is not None:
            painter.setPen(QPen(theme.DARK.text, 2))
            painter.drawRect(self.place(*self._at))

    @property
    def _at(self) -> tuple[int, ...] | None:
        """The place that is pointed at, as `pointed` has it."""
        if self.over is None or self._votes is None:
            return None
        return (self.over,) if self._votes.grid is None else divmod(self.over, self.cells.columns)

    def side(self, width: int, height: int) -> float:
        """Of the square that the map fills in a widget of that size."""
        return float(min(width, height))

    def _frame(self) -> QRectF:
        side = self.side(self.width(), self.height())
        return QRectF(0, 0, side, side)

    def _pixel(self, frame: float) -> tuple[float, float]:
        """How wide and how high a pixel of the digit is: what is no square fills the square frame, too."""
        rows, columns = (28, 28) if self._digit is None else self._digit.shape[:2]
        return frame / columns, frame / rows


def heat_colour(colour: QColor, amount: float) -> QColor:
    """What is laid over the digit for an amount from 0 to 1: the colour, the more the less transparent."""
    shaded = QColor(colour)
    shaded.setAlphaF(min(max(amount, 0.0), 1.0) * 0.9)
    return shaded
