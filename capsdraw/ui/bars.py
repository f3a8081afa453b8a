"""A bar a class: the length of each class' capsule, or each class' probability."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.formatting import class_name
from capsdraw.ui import theme
from capsdraw.ui.pair_colours import bar_colour
from capsdraw.ui.placed_tips import PlacedTips

_LABEL: Final = 3 * theme.GRID
_NUMBER: Final = 6 * theme.GRID
# Of a narrow view, pixels, and what the numbers have in it.
_NARROW: Final = 20 * theme.GRID
_NARROW_NUMBER: Final = 9 * theme.GRID // 2
_AXIS: Final = 3 * theme.GRID
# Of a bar, where there are several columns, and between two of these.
_LEAST: Final = 8 * theme.GRID
_BETWEEN: Final = 2 * theme.GRID


@dataclass(frozen=True)
class Tick:
    """A mark on the axis: at `value`, written as `text`."""

    value: float
    text: str


CAPSULE_TICKS: Final = (Tick(0.1, "0.1"), Tick(0.9, "0.9"))
CLASSIFIER_TICKS: Final = (Tick(0.0, "0"), Tick(0.5, "0.5"), Tick(1.0, "1"))


class Bars(PlacedTips):
    """One bar a class, from 0 to 1, in the classes' own order, in columns where they are many; the winner stands out.

    Attributes:
        scores: (C,) float32, or None when there is nothing to show.
        reference: (C,) float32 to compare with, a mark on each bar, or None.
        winner: the class that stands out, or None; second: of two digits over one another, the other one.
        request: of the request that the scores answer.

    Signals:
        painted(int): the bars are on screen; the number of the request they answer.
    """

    painted = Signal(int)

    def __init__(self, classes: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scores: NDArray[np.float32] | None = None
        self.reference: NDArray[np.float32] | None = None
        self.winner: int | None = None
        self.second: int | None = None
        self.request = 0
        self._classes = classes
        self._names: tuple[str, ...] = ()
        self._ticks: tuple[Tick, ...] = CAPSULE_TICKS
        self.setMinimumSize(240, 10 * 20 + _AXIS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Scores of the classes")

    def show_scores(
        self, scores: NDArray[np.float32] | None, winner: int | None, request: int, second: int | None = None
    ) -> None:
        """Show scores (C,), or empty bars for None."""
        self.scores = scores
        self.winner, self.second = winner, second
        self.request = request
        if scores is not None:
            self._classes = len(scores)
        best = [] if scores is None else [label for label in (winner, second) if label is not None]
        said = [f"{self.name(label)}, {scores[label]:.2f}" for label in best if scores is not None]
        self.setAccessibleDescription("; ".join(said) or "nothing drawn")
        self.update()

    def set_reference(self, scores: NDArray[np.float32] | None) -> None:
        """Mark scores (C,) to compare with, or none."""
        self.reference = scores
        self.update()

    def set_names(self, names: tuple[str, ...]) -> None:
        """What the classes are called; () for their numbers."""
        self._names = names
        self.update()

    def name(self, index: int) -> str:
        """What class `index` is called."""
        return class_name(self._names, index)

    def set_ticks(self, ticks: tuple[Tick, ...]) -> None:
        """The marks on the axis."""
        self._ticks = ticks
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(560, 10 * 32 + _AXIS)

    def tip(self, place: QPoint) -> str:
        """The class whose bar lies there, in full, and its score; the widget's own words where none does."""
        at = QPointF(place)
        index = next((index for index, row in enumerate(self._rows()) if row.contains(at)), None)
        if index is None:
            return self.toolTip()
        score = "" if self.scores is None else f": {self.scores[index]:.2f}"
        return f"{self.name(index)}{score}"

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, words = self._rows(), self._words()
        for index, row in enumerate(rows):
            self._paint_row(painter, index, row, words)
        for left in dict.fromkeys(row.left() for row in rows):
            self._paint_axis(painter, QRectF(left, 0, rows[0].width(), self.height() - _AXIS), words)
        painter.end()
        if self.scores is not None:
            self.painted.emit(self.request)

    def _rows(self) -> list[QRectF]:
        """Where each class' line stands: in as many columns as it takes to write the names of all, if there is room."""
        high, least = self.height() - _AXIS, self._words() + self._number() + _LEAST
        most = max(int((self.width() + _BETWEEN) // (least + _BETWEEN)), 1)
        enough = (columns for columns in range(1, most + 1) if high * columns / self._classes >= self._legible())
        columns = next(enough, 1)
        down = -(-self._classes // columns)
        wide = (self.width() - (columns - 1) * _BETWEEN) / columns
        places = (divmod(index, down) for index in range(self._classes))
        return [QRectF(column * (wide + _BETWEEN), row * high / down, wide, high / down) for column, row in places]

    def _legible(self) -> int:
        """The height of a line that has room for words."""
        return QFontMetrics(self.font()).height() - 4

    def _track(self, row: QRectF, words: float) -> QRectF:
        thick = min(row.height() * 0.6, 2.5 * theme.GRID)
        return QRectF(row.left() + words, row.center().y() - thick / 2, row.width() - words - self._number(), thick)

    def _words(self) -> float:
        """Width of the names' column."""
        if not self._names:
            return _LABEL
        metrics = QFontMetrics(self._font(True))
        wide = max((metrics.horizontalAdvance(name) for name in self._names), default=0) + theme.GRID
        return min(max(_LABEL, wide), self.width() / 3)

    def _number(self) -> int:
        """Width of the numbers' column."""
        return _NUMBER if self.width() >= _NARROW else _NARROW_NUMBER

    def _paint_row(self, painter: QPainter, index: int, row: QRectF, wide: float) -> None:
        colours = theme.of(self)
        won = index in (self.winner, self.second)
        font = self._font(won)
        if row.height() < painter.fontMetrics().height():
            font.setPointSizeF(theme.small(self).pointSizeF())  # lines that would touch
        painter.setFont(font)
        painter.setPen(colours.text if won else colours.quiet)
        middle = Qt.AlignmentFlag.AlignVCenter
        # Where rows are too low for words, only the winner has some.
        words = won or row.height() >= self._legible()
        # Those of a low row at an edge stand within.
        top = min(max(row.center().y(), theme.GRID), self.height() - theme.GRID) - theme.GRID
        if words:
            place = QRectF(row.left(), top, wide - theme.GRID / 2, 2 * theme.GRID)
            name = self.name(index)
            if self._names:
                name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, middle, name)
        track = self._track(row, wide)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.track)
        painter.drawRoundedRect(track, 3, 3)
        if self.scores is None:
            return
        score = float(self.scores[index])
        painter.setBrush(bar_colour(self, index, self.winner, self.second))
        bar = QRectF(track)
        bar.setWidth(track.width() * min(max(score, 0.0), 1.0))
        painter.drawRoundedRect(bar, 3, 3)
        if self.reference is not None and len(self.reference) == len(self.scores):
            x = track.left() + track.width() * min(max(float(self.reference[index]), 0.0), 1.0)
            beyond = min(2.0, (row.height() - track.height()) / 4)  # marks of low rows do not run into one another
            painter.setPen(QPen(colours.text, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(x, track.top() - beyond), QPointF(x, track.bottom() + beyond))
        painter.setPen(colours.text if won else colours.quiet)
        if not words:
            return
        place_of_number = QRectF(row.right() - self._number(), top, self._number(), 2 * theme.GRID)
        painter.drawText(place_of_number, middle | Qt.AlignmentFlag.AlignRight, f"{score:.2f}")

    def _paint_axis(self, painter: QPainter, column: QRectF, words: float) -> None:
        colours, bottom = theme.of(self), column.bottom()
        track = self._track(column, words)
        painter.setFont(theme.small(self))
        for tick in self._ticks:
            x = track.left() + track.width() * tick.value
            painter.setPen(QPen(colours.quiet, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom + 4))
            painter.setPen(colours.quiet)
            painter.drawText(QRectF(x - 24, bottom + 4, 48, _AXIS - 4), Qt.AlignmentFlag.AlignCenter, tick.text)

    def _font(self, bold: bool) -> QFont:
        font = theme.tabular(QFont(self.font()))
        font.setBold(bold)
        return font
