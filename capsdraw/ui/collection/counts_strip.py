"""How many drawings each class has, in one strip; which need more."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.formatting import many
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Flow
from capsdraw.ui.cell_view import CellPicker, CellScroll
from capsdraw.ui.collection.listing import ENOUGH, classes

# Pixels of a class, at least; and rows that are seen at once.
_WIDE: Final = 44
_ROWS: Final = 3


class CountsStrip(CellPicker[Flow]):
    """A cell a class: its name, how many drawings, and a bar that is full with enough.

    Attributes:
        counts: by class; names: of the classes, those of the model first; marked: the class that stands out, or None.

    Signals:
        picked(str): a class was clicked.
    """

    picked = Signal(str)

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.counts: dict[str, int] = {}
        self.names: tuple[str, ...] = ()
        self.marked: str | None = None
        self._needed: frozenset[str] = frozenset()
        self._hint = hint
        self._small, self._bold = theme.tabular(theme.small(self)), theme.tabular(theme.small(self))
        self._bold.setBold(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_counts(self, names: tuple[str, ...], counts: dict[str, int], marked: str | None = None) -> None:
        """Show the model's classes, and whatever others there are."""
        self.names, self.counts, self.marked = classes(names, counts), counts, marked
        self._needed = frozenset(names)
        if self.current is not None and self.current >= len(self.names):
            self.current = None
        self.updateGeometry()
        self.shown_anew()

    def high(self) -> int:
        """Of a cell, pixels."""
        return 2 * self.fontMetrics().height() + theme.GRID

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(1, self.lay_out(width, 0).rows) * self.high()

    def sizeHint(self) -> QSize:
        return QSize(10 * _WIDE, self.high())

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDE, self.high())

    def lay_out(self, width: int, height: int) -> Flow:  # noqa: ARG002
        columns = min(max(1, width // _WIDE), max(len(self.names), 1))
        across = min(width / columns, 2.2 * _WIDE)
        return Flow.without_gaps(len(self.names), columns, across, self.high())

    def words(self, index: int) -> str:
        name = self.names[index]
        count = self.counts.get(name, 0)
        more = f": {ENOUGH - count} more to learn from" if name in self._needed and count < ENOUGH else ""
        return f"Class {name}, {many(count, 'drawing')}{more}. {self._hint}".strip()

    def clicked(self, index: int) -> None:
        self.picked.emit(self.names[index])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        for index in self.in_sight(event.rect()):
            name, place = self.names[index], QRectF(*self.cells.box(index)).adjusted(1, 1, -theme.GRID // 2, -2)
            count = self.counts.get(name, 0)
            lacks = name in self._needed and count < ENOUGH
            if name == self.marked:
                painter.fillRect(place, colours.track)
            painter.setFont(self.font())
            metrics, line = painter.fontMetrics(), place.adjusted(4, 1, -4, 0)
            painter.setPen(colours.text)
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(line.width() - 14))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, words)
            painter.setFont(self._bold if lacks else self._small)
            painter.setPen(colours.text if lacks else colours.quiet)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, f"{count:,}")
            bar = QRectF(line.left(), line.top() + metrics.height() + 4, line.width(), 4)
            painter.fillRect(bar, colours.track if name != self.marked else colours.line)
            bar.setWidth(bar.width() * min(count / ENOUGH, 1.0))
            painter.fillRect(bar, colours.quiet if lacks else colours.says)
            if index == self.current and self.hasFocus():
                painter.setPen(QPen(colours.says, 1, Qt.PenStyle.DashLine))
                painter.drawRect(place)


class CountsScroll(CellScroll):
    """The strip; of more than some rows, the others are scrolled to."""

    def __init__(self, strip: CountsStrip, parent: QWidget | None = None) -> None:
        super().__init__(strip, parent)
        self._strip = strip
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def fit(self) -> None:
        """As high as its rows, and no higher than three."""
        rows = self._strip.heightForWidth(max(self.width(), _WIDE)) // self._strip.high()
        self.setFixedHeight(min(rows, _ROWS) * self._strip.high() + 2)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.fit()
