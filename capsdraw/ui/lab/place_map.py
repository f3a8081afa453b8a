"""The map of routing, of which a place is chosen, with the scale of its colours beneath."""

from collections.abc import Collection
from typing import ClassVar, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from capsdraw.lab.steps import Votes
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Move
from capsdraw.ui.coupling_map import CouplingMap, heat_colour

Place = tuple[int, ...]
_BAR: Final = 10


class PlaceMap(CouplingMap):
    """Places are chosen by a click, or by the arrow keys, Home, End and the page keys.

    Attributes:
        marked: the places that are framed, (row, column) or (capsule,).

    Signals:
        picked(object): the place that the user chose.
    """

    picked = Signal(object)

    pointer_shape: ClassVar = Qt.CursorShape.PointingHandCursor

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marked: tuple[Place, ...] = ()
        self._most, self._name = 1.0, ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip("Click a place, or go to it by the arrow keys, to see its votes")

    def show_heat(self, digit: Floats, votes: Votes, heat: Floats, held: int, most: float, name: str) -> None:
        """Show heat as `show_step` does; 1 stands for `most`, what goes to the class called `name`."""
        self._most, self._name = most, name
        self.show_step(digit, votes, heat, held)
        if self.current is not None and self.current < self.cells.count:
            self.go(self.current)

    def mark(self, places: Collection[Place]) -> None:
        """Frame these places."""
        self.marked = tuple(places)
        self.update()

    def clicked(self, index: int) -> None:
        self.go(index)
        assert self._votes is not None
        self.picked.emit((index,) if self._votes.grid is None else divmod(index, self.cells.columns))

    def stepped(self, index: int) -> None:
        self.clicked(index)

    def start(self) -> int:
        """Keys begin where the first framed place stands."""
        if not self.marked or self._votes is None:
            return 0
        first = self.marked[0]
        return first[0] if len(first) == 1 else first[0] * self.cells.columns + first[1]

    def begin(self, move: Move, page: float) -> int | None:
        return super().begin(move, page) if self.cells.count else None

    def words(self, index: int) -> str:
        assert self._votes is not None
        assert self._heat is not None
        if self._votes.grid is None:
            return (
                f"Capsule {index + 1} gives {100 * float(self._heat[index, self._held]):.0f}% of itself to {self._name}"
            )
        row, column = divmod(index, self.cells.columns)
        sends = percent(float(self._heat[row, column]) * self._most)
        return f"Row {row + 1}, column {column + 1} sends {sends} of all activity to {self._name}"

    def tip(self, place: QPointF) -> str:
        index = self.under(place)
        return "" if index is None else self.words(index)

    def side(self, width: int, height: int) -> float:
        return max(float(min(width, height - self._scale_height())), 1.0)

    def sizeHint(self) -> QSize:
        return QSize(320, 320 + self._scale_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 180 + self._scale_height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._votes is None or self._heat is None:
            return
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.DARK.text, 2))
        for place in self.marked:
            painter.drawRect(self.place(*place).adjusted(1, 1, -1, -1))
        if self.hasFocus():
            side = self.side(self.width(), self.height())
            painter.setPen(QPen(theme.of(self).says, 2))
            painter.drawRect(QRectF(1, 1, side - 2, side - 2))
        self._paint_scale(painter)

    def _paint_scale(self, painter: QPainter) -> None:
        side = self.side(self.width(), self.height())
        bar = QRectF(0, side + theme.GRID, side, _BAR)
        painter.fillRect(bar, Qt.GlobalColor.black)
        shades = QLinearGradient(bar.topLeft(), bar.topRight())
        for part in (0.0, 1.0):
            shades.setColorAt(part, heat_colour(theme.DARK.says, part))
        painter.fillRect(bar, shades)
        colours = theme.of(self)
        painter.setFont(theme.tabular(theme.small(self)))
        painter.setPen(colours.text)
        high = painter.fontMetrics().height()
        figures = QRectF(0, bar.bottom() + 2, side, high)
        grid = self._votes is not None and self._votes.grid is not None
        for part, align in (
            (0.0, Qt.AlignmentFlag.AlignLeft),
            (0.5, Qt.AlignmentFlag.AlignHCenter),
            (1.0, Qt.AlignmentFlag.AlignRight),
        ):
            painter.drawText(figures, align, percent(part * self._most) if part else "0%")
        painter.setPen(colours.quiet)
        said = f"of all activity, to {self._name}" if grid else "capsules ↓ · classes →"
        place = figures.translated(0, high)
        painter.drawText(
            place,
            Qt.AlignmentFlag.AlignHCenter,
            painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, int(side)),
        )

    def _scale_height(self) -> int:
        return theme.GRID + _BAR + 2 + 2 * self.fontMetrics().height()


def percent(part: float) -> str:
    """A part of 1 in two figures that count: "0.37%", "4.1%", "38%"."""
    amount = 100 * part
    digits = 0 if amount >= 9.95 else 1 if amount >= 0.995 else 2
    return f"{amount:.{digits}f}%"
