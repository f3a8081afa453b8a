"""A confusion matrix that answers the pointer: rows are true classes, columns what was read."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from capsdraw.evaluate.figures import Ints
from capsdraw.ui import theme

_HEAD: Final = 3 * theme.GRID
# A cell's side, pixels: at most, and where there is room for its number.
_MOST: Final = 48
_LEGIBLE: Final = 22
# Of a name, pixels: folders are called as their owner likes, and the cells need room, too.
_LONGEST: Final = 120

Cell = tuple[int, int]


class Matrix(QWidget):
    """Paints counts; a cell is (true class, class read).

    Attributes:
        counts: (C, C), or None; hovered, chosen: cells, or None.

    Signals:
        pointed(object): the cell under the pointer, or None; picked(int, int): a cell was clicked.
    """

    pointed = Signal(object)
    picked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: Ints | None = None
        self.hovered: Cell | None = None
        self.chosen: Cell | None = None
        self._names: Sequence[str] = ()
        self._short: list[str] = []  # as they are painted
        self._laid: tuple[QSize, tuple[float, float, float]] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Confusion matrix")

    def show_counts(self, counts: Ints | None, names: Sequence[str]) -> None:
        """Show how often each of the classes of these names was read as each."""
        self.counts, self._names = counts, names
        self.hovered = self.chosen = None
        self._laid = None
        self._shorten()
        self.update()

    def choose(self, cell: Cell | None) -> None:
        """Frame a cell."""
        self._renew(self.chosen, cell)
        self.chosen = cell

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(264, 264)

    def cell(self, true: int, read: int) -> QRectF:
        """Where a cell stands."""
        left, top, side = self._layout()
        return QRectF(left + read * side, top + true * side, side, side)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._laid = None
            self._shorten()
        super().changeEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def words(self, place: QPointF) -> str:
        """The class whose name, or the two whose cell, lies there; whole, however long."""
        cell = self._under(place)
        if self.counts is None or cell is not None:
            return "" if cell is None else f"{self._names[cell[0]]}, read as {self._names[cell[1]]}"
        left, top, side = self._layout()
        beside = self._under(QPointF(left + side / 2, place.y())) if _HEAD < place.x() < left else None
        above = self._under(QPointF(place.x(), top + side / 2)) if _HEAD < place.y() < top else None
        return self._names[beside[0]] if beside else self._names[above[1]] if above else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._under(event.position()))

    def leaveEvent(self, _: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(found)
            self.picked.emit(*found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        if self.counts is None or Qt.Key(event.key()) not in steps:
            super().keyPressEvent(event)
            return
        last = len(self.counts) - 1
        step, now = steps[Qt.Key(event.key())], self.chosen or (0, 0)
        found = (min(max(now[0] + step[0], 0), last), min(max(now[1] + step[1], 0), last))
        self.choose(found)
        self.pointed.emit(found)
        self.picked.emit(*found)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.counts is None:
            return
        painter = QPainter(self)
        painter.setFont(theme.tabular(theme.small(self)))
        left, top, _ = self._layout()
        lines = self._within(event.rect().top() - top, event.rect().bottom() - top)
        columns = self._within(event.rect().left() - left, event.rect().right() - left)
        if event.rect().left() < left or event.rect().top() < top:
            self._paint_names(painter)
        painter.setFont(self._fitting(painter.font()))
        totals = self.counts.sum(1)
        for true in lines:
            for read in columns:
                self._paint_cell(painter, true, read, int(totals[true]))
        for cell, width in ((self.hovered, 1), (self.chosen, 2)):
            if cell is not None:
                painter.setPen(QPen(theme.of(self).says, width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self.cell(*cell).adjusted(1, 1, -1, -1))

    def _paint_names(self, painter: QPainter) -> None:
        assert self.counts is not None
        colours, middle = theme.of(self), Qt.AlignmentFlag.AlignCenter
        left, top, side = self._layout()
        upright = all(painter.fontMetrics().horizontalAdvance(name) < side - 2 for name in self._short)
        painter.setPen(colours.quiet)
        size = side * len(self.counts)
        painter.drawText(QRectF(left, 0, size, _HEAD - 4), middle, "read as")
        painter.save()
        painter.translate(0, top + size)
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, size, _HEAD - 4), middle, "true")
        painter.restore()
        painter.setPen(colours.text)
        for number, name in enumerate(self._short):
            row = QRectF(_HEAD, top + number * side, left - _HEAD - 6, side)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)
            if upright:
                painter.drawText(QRectF(left + number * side, _HEAD, side, top - _HEAD), middle, name)
                continue
            painter.save()
            painter.translate(left + number * side, top - 4)
            painter.rotate(-90)
            painter.drawText(QRectF(0, 0, top - _HEAD, side), Qt.AlignmentFlag.AlignVCenter, name)
            painter.restore()

    def _paint_cell(self, painter: QPainter, true: int, read: int, total: int) -> None:
        assert self.counts is not None
        colours, place, count = theme.of(self), self.cell(true, read), int(self.counts[true, read])
        # The square root of a cell's part of its row: one misread image in a thousand is still seen.
        part = (count / total) ** 0.5 if total else 0.0
        full = colours.right if true == read else colours.wrong
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(_between(colours.paper, full, part))
        painter.drawRect(place)
        if place.width() < _LEGIBLE:
            return
        strong = part > 0.55
        painter.setPen(colours.paper if strong else colours.text if count else colours.quiet)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(count) if count else "·")

    def _fitting(self, font: QFont) -> QFont:
        """The font, smaller where the longest number would not fit into a cell."""
        assert self.counts is not None
        wide = QFontMetricsF(font).horizontalAdvance(str(self.counts.max()))
        size = QFontInfo(font).pixelSize() * min(1.0, (self._layout()[2] - 4) / wide)
        font.setPixelSize(max(1, int(size)))
        return font

    def _layout(self) -> tuple[float, float, float]:
        """Left and top of the first cell, and a cell's side; names are slow to measure, and each cell asks."""
        if self._laid is None or self._laid[0] != self.size():
            widest = max((self.fontMetrics().horizontalAdvance(name) for name in self._short), default=0)
            left = _HEAD + widest + theme.GRID
            top = _HEAD + (widest if widest > _LEGIBLE else 2 * theme.GRID) + 4
            size = 1 if self.counts is None else len(self.counts)
            side = min((self.width() - left - 2) / size, (self.height() - top - 2) / size, _MOST)
            self._laid = self.size(), (left, top, side)
        return self._laid[1]

    def _shorten(self) -> None:
        metrics = QFontMetrics(self.font())
        self._short = [metrics.elidedText(name, Qt.TextElideMode.ElideRight, _LONGEST) for name in self._names]

    def _within(self, first: float, last: float) -> range:
        """Lines, or columns, that have a part between two distances from where they begin, pixels."""
        assert self.counts is not None
        side = self._layout()[2]
        return range(max(int((first - 1) // side), 0), min(int((last + 1) // side) + 1, len(self.counts)))

    def _renew(self, *cells: Cell | None) -> None:
        """Paint these anew: all at once would take as long as there are cells."""
        for cell in cells:
            if cell is not None and self.counts is not None:
                self.update(self.cell(*cell).toAlignedRect().adjusted(-1, -1, 1, 1))

    def _under(self, place: QPointF) -> Cell | None:
        if self.counts is None:
            return None
        left, top, side = self._layout()
        true, read = int((place.y() - top) // side), int((place.x() - left) // side)
        size = len(self.counts)
        return (true, read) if 0 <= true < size and 0 <= read < size else None

    def _point(self, cell: Cell | None) -> None:
        if cell != self.hovered:
            self._renew(self.hovered, cell)
            self.hovered = cell
            self.setCursor(Qt.CursorShape.ArrowCursor if cell is None else Qt.CursorShape.PointingHandCursor)
            self.pointed.emit(cell)


def _between(empty: QColor, full: QColor, part: float) -> QColor:
    """A colour that part of the way."""
    return QColor.fromRgbF(
        *(one + (other - one) * part for one, other in zip(empty.getRgbF()[:3], full.getRgbF()[:3], strict=True))  # type: ignore[index]
    )
