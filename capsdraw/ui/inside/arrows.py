"""Primary capsules as arrows: on their grid over the digit, or side by side where they have none."""

from math import ceil, sqrt
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.lab.activity import Primary
from capsdraw.lab.receptive_fields import ReceptiveField
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.capsule_arrow import UnitCircle, paint_capsule
from capsdraw.ui.cell_layout import Grid
from capsdraw.ui.cell_view import CellView
from capsdraw.ui.digit_view import image_of

# Strides of paper round the outermost places.
_MARGIN: Final = 1.0
# Where a place has many capsules, the length 1 in its cell's widths: they may reach beyond it.
_REACH: Final = 0.8
_BENEATH: Final = np.float32(0.35)


class Arrows(CellView[Grid]):
    """Paints capsules; of each a disc as large as it is long, and an arrow for its two main directions.

    Attributes:
        primary: the capsules, or None; kind: number of the type that is shown, or None for all.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Primary capsules", parent)
        self.primary: Primary | None = None
        self.kind: int | None = None
        self._digit: Floats | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_capsules(self, primary: Primary | None, digit: Floats | None, kind: int | None) -> None:
        """Show the capsules of a digit: those of one type, or all."""
        self.primary, self._digit, self.kind = primary, digit, kind
        self.shown_anew()

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    def cell(self, row: int, column: int) -> QRectF:
        """Where a place of the grid stands; without a grid, where capsule `column` does."""
        return QRectF(*self.cells.box(row * self.cells.columns + column))

    def lay_out(self, width: int, height: int) -> Grid:
        if self.primary is None:
            return Grid.empty()
        frame, field = float(min(width, height)), self.primary.field
        rows, columns, kinds = self.primary.lengths.shape
        if field is None:
            columns = ceil(sqrt(kinds))
            return Grid.without_gaps(kinds, columns, frame / columns, frame / columns)
        seen = _region(field, self.primary.lengths.shape)
        # Of the image's pixels: what is no square fills the square frame, too.
        wide, high = frame / seen.width(), frame / seen.height()
        across, down = field.stride[1] * wide, field.stride[0] * high
        return Grid(
            count=rows * columns, columns=columns, across=across, down=down, width=across, height=down,
            left=(field.start[1] - seen.left()) * wide - across / 2,
            top=(field.start[0] - seen.top()) * high - down / 2,
        )  # fmt: skip

    def words(self, index: int) -> str:
        assert self.primary is not None
        _, columns, kinds = self.primary.lengths.shape
        if self.primary.field is None:
            return f"Capsule {index + 1}: length {self.primary.lengths[0, 0, index]:.2f}"
        row, column = divmod(index, columns)
        lengths, side = self.primary.lengths[row, column], self.primary.field.side
        best = int(lengths.argmax())
        return (
            f"Row {row + 1}, column {column + 1}: the longest of its {kinds} capsules is of type {best + 1}, "
            f"{lengths[best]:.2f}; they see {side[0]:.0f} × {side[1]:.0f} pixels round this place"
        )

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, frame = QPainter(self), self._frame()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.of(self).line, 1))
        painter.setBrush(Qt.GlobalColor.black)
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if self.primary is None:
            return
        if self.primary.field is not None and self._digit is not None:
            seen = _region(self.primary.field, self.primary.lengths.shape)
            # 0 is the middle of the first pixel.
            painter.drawImage(frame, image_of(_BENEATH * self._digit), seen.translated(0.5, 0.5))
        rows, columns, kinds = self.primary.lengths.shape
        if self.primary.field is None:
            painter.setFont(theme.small(self))
            for kind in range(kinds):
                self._paint(painter, self.cell(0, kind), (0, 0, kind))
                painter.setPen(theme.DARK.quiet)
                painter.drawText(self.cell(0, kind).adjusted(6, 4, 0, 0), Qt.AlignmentFlag.AlignTop, str(kind + 1))
        elif self.kind is None:
            self._paint_all(painter)
        else:
            for row, column in np.ndindex(rows, columns):
                self._paint(painter, self.cell(row, column), (row, column, self.kind))

    def _paint(self, painter: QPainter, cell: QRectF, at: tuple[int, int, int]) -> None:
        """One capsule; its cell's circle is the length 1."""
        assert self.primary is not None
        x, y = self.primary.arrows[at].tolist()
        length = float(self.primary.lengths[at])
        circle = UnitCircle(cell.center(), 0.46 * min(cell.width(), cell.height()))
        paint_capsule(painter, circle, (x, y), length, theme.DARK.line, theme.DARK.says, 2)

    def _paint_all(self, painter: QPainter) -> None:
        """All capsules of all places, as lines: over a thousand, so Qt gets them at once."""
        assert self.primary is not None
        rows, columns, _ = self.primary.lengths.shape
        first, last = self.cell(0, 0).center(), self.cell(rows - 1, columns - 1).center()
        one = self.cell(0, 0)
        radius = _REACH * min(one.width(), one.height())
        ends = (self.primary.arrows * np.array([radius, -radius], np.float32)).tolist()
        lines = []
        for row, y in enumerate(np.linspace(first.y(), last.y(), rows).tolist()):
            for column, x in enumerate(np.linspace(first.x(), last.x(), columns).tolist()):
                lines += [QLineF(x, y, x + across, y + down) for across, down in ends[row][column]]
        blue = QColor(theme.DARK.says)
        blue.setAlphaF(0.75)
        painter.setPen(QPen(blue, 1.5))
        painter.drawLines(lines)

    def _frame(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF(0, 0, side, side)


def _region(field: ReceptiveField, shape: tuple[int, ...]) -> QRectF:
    """The part of the image round the centres of the places, in pixels; 0 is the middle of the first one."""
    top, left = (first - (0.5 + _MARGIN) * step for first, step in zip(field.start, field.stride, strict=True))
    high, wide = ((count + 2 * _MARGIN) * step for count, step in zip(shape[:2], field.stride, strict=True))
    return QRectF(left, top, wide, high)
