"""A confusion matrix that answers the pointer: rows are true classes, columns what was read."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.evaluate.metrics import Ints
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Move, Table
from capsdraw.ui.cell_view import CellPicker

_HEAD: Final = 3 * theme.GRID
# A cell's side, pixels: at most, and where there is room for its number.
_MOST: Final = 112
_LEGIBLE: Final = 22
# Of a cell, to which its number's size belongs as it is; larger cells have larger numbers, up to so much.
_USUAL: Final = 48
_LARGER: Final = 1.7
# Share of a class' images that a cell is red all through at.
_RED: Final = 0.05
# Of a name, pixels: folders are called as their owner likes, and the cells need room, too.
_LONGEST: Final = 120
_SMALLEST: Final = 8

Cell = tuple[int, int]


class MatrixView(CellPicker[Table]):
    """Paints counts; a cell is (true class, class read).

    Attributes:
        counts: (C, C), or None.

    Signals:
        pointed(object): the cell under the pointer, or None; picked(int, int): a cell was clicked.
    """

    pointed = Signal(object)
    picked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Confusion matrix", parent)
        self.counts: Ints | None = None
        self._names: Sequence[str] = ()
        self._short: list[str] = []  # as they are painted
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def hovered(self) -> Cell | None:
        """The cell under the pointer, or None."""
        return self._cell(self.over)

    @property
    def chosen(self) -> Cell | None:
        """The cell that is framed, or None."""
        return self._cell(self.current)

    def show_counts(self, counts: Ints | None, names: Sequence[str]) -> None:
        """Show how often each of the classes of these names was read as each."""
        self.counts, self._names = counts, names
        self.over = self.current = None
        self._shorten()
        self.shown_anew()

    def choose(self, cell: Cell | None) -> None:
        """Frame a cell."""
        self.go(None if cell is None else cell[0] * self.cells.columns + cell[1])

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(264, 264)

    def cell(self, true: int, read: int) -> QRectF:
        """Where a cell stands."""
        return QRectF(*self.cells.box(true * self.cells.columns + read))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._shorten()
            self.shown_anew()
        super().changeEvent(event)

    def lay_out(self, width: int, height: int) -> Table:
        """Names are slow to measure: once for all cells."""
        widest = max((self.fontMetrics().horizontalAdvance(name) for name in self._short), default=0)
        left = _HEAD + widest + theme.GRID
        top = _HEAD + (widest if widest > _LEGIBLE else 2 * theme.GRID) + 4
        classes = 0 if self.counts is None else len(self.counts)
        columns = max(classes, 1)
        side = max(min((width - left - 2) / columns, (height - top - 2) / columns, _MOST), 1)
        return Table.without_gaps(classes**2, columns, side, side, left, top)

    def words(self, index: int) -> str:
        true, read = divmod(index, self.cells.columns)
        return f"{self._names[true]}, read as {self._names[read]}"

    def tip(self, place: QPointF) -> str:
        """The class whose name, or the two whose cell, lies there; whole, however long."""
        cells = self.cells
        beside = cells.at(cells.left, place.y()) if _HEAD < place.x() < cells.left else None
        above = cells.at(place.x(), cells.top) if _HEAD < place.y() < cells.top else None
        if beside is not None:
            return self._names[beside // cells.columns]
        return super().tip(place) if above is None else self._names[above]

    def entered(self, before: int | None) -> None:
        self.renew(before, self.over)
        self.pointed.emit(self.hovered)

    def clicked(self, index: int) -> None:
        self.go(index)
        self.picked.emit(*divmod(index, self.cells.columns))

    def stepped(self, index: int) -> None:
        self.go(index)
        self.pointed.emit(self.chosen)
        self.clicked(index)

    def begin(self, move: Move, page: float) -> int | None:
        return self.cells.after(0, move, page)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.counts is None:
            return
        painter = QPainter(self)
        painter.setFont(theme.tabular(theme.small(self)))
        cells = self.cells
        if event.rect().left() < cells.left or event.rect().top() < cells.top:
            self._paint_names(painter)
        painter.setFont(self._fitting(painter.font()))
        totals, colours = self.counts.sum(1), theme.of(self)
        for index in self.in_sight(event.rect()):
            true, read = divmod(index, cells.columns)
            count = int(self.counts[true, read])
            _paint_cell(painter, QRectF(*cells.box(index)), count, int(totals[true]), true == read, colours)
        for cell, width in ((self.over, 1), (self.current, 2)):
            if cell is not None:
                painter.setPen(QPen(colours.says, width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(*cells.box(cell)).adjusted(1, 1, -1, -1))

    def _paint_names(self, painter: QPainter) -> None:
        assert self.counts is not None
        colours, middle = theme.of(self), Qt.AlignmentFlag.AlignCenter
        left, top, side = self.cells.left, self.cells.top, self.cells.across
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
        painter.setFont(named := self._legible(painter.font()))
        # Where rows are lower than that, the status line and tool tips name the others.
        every = ceil(QFontInfo(named).pixelSize() / side)
        for index, name in list(enumerate(self._short))[::every]:
            row = QRectF(_HEAD, top + index * side, left - _HEAD - 6, side).adjusted(0, -4, 0, 4)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)
            if upright:
                painter.drawText(QRectF(left + index * side, _HEAD, side, top - _HEAD), middle, name)
                continue
            painter.save()
            painter.translate(left + index * side, top - 4)
            painter.rotate(-90)
            painter.drawText(QRectF(0, -4, top - _HEAD, side + 8), Qt.AlignmentFlag.AlignVCenter, name)
            painter.restore()

    def _fitting(self, font: QFont) -> QFont:
        """The font, larger in large cells, smaller where the longest number would not fit into one."""
        assert self.counts is not None
        wide = QFontMetricsF(font).horizontalAdvance(str(self.counts.max()))
        larger = min(max(self.cells.across / _USUAL, 1.0), _LARGER)
        size = QFontInfo(font).pixelSize() * min(larger, (self.cells.across - 4) / wide)
        font.setPixelSize(max(1, int(size)))
        return font

    def _legible(self, font: QFont) -> QFont:
        """The font, smaller where rows are low: as small as can be read, at most."""
        font.setPixelSize(min(QFontInfo(font).pixelSize(), max(_SMALLEST, int(self.cells.across))))
        return font

    def _cell(self, index: int | None) -> Cell | None:
        return None if index is None else divmod(index, self.cells.columns)

    def _shorten(self) -> None:
        metrics = QFontMetrics(self.font())
        self._short = [metrics.elidedText(name, Qt.TextElideMode.ElideRight, _LONGEST) for name in self._names]


def _paint_cell(painter: QPainter, place: QRectF, count: int, total: int, right: bool, colours: theme.Theme) -> None:
    """A count of the `total` of its row: the greener or redder, the more often."""
    fill = _between(colours.paper, colours.right if right else colours.wrong, depth(count, total, right))
    painter.setPen(QPen(colours.line, 1))
    painter.setBrush(fill)
    painter.drawRect(place)
    if place.width() < _LEGIBLE:
        return
    painter.setPen(max((colours.paper, colours.text), key=lambda words: _contrast(words, fill)))
    if not count:
        painter.setPen(colours.quiet)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(count) if count else "·")


def depth(count: int, total: int, right: bool) -> float:
    """How much of its colour a cell has, 0 to 1: none where its count is 0; all at 100% right, or from 5% wrong on.

    A single misread image is seen to be red: what was misread is what one looks for.
    """
    if not count or not total:
        return 0.0
    share = count / total
    return float(share**0.5) if right else min(1.0, 0.2 + 0.8 * (share / _RED) ** 0.5)


def _contrast(one: QColor, other: QColor) -> float:
    """Between two colours, 1 to 21 (WCAG 2)."""
    lights = []
    for colour in (one, other):
        red, green, blue = (part**2.2 for part in colour.getRgbF()[:3])  # type: ignore[index]
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    return float(max(lights) / min(lights))


def _between(empty: QColor, full: QColor, share: float) -> QColor:
    """A colour that part of the way."""
    return QColor.fromRgbF(
        *(start + (other - start) * share for start, other in zip(empty.getRgbF()[:3], full.getRgbF()[:3], strict=True))  # type: ignore[index]
    )
