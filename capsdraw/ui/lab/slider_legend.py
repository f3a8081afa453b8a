"""What the marks on a slider mean: the marks themselves, small, each with its words."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

_MARK: Final = 2.5 * theme.GRID
_BETWEEN: Final = 1.5 * theme.GRID
WORDS: Final = ("as read", "moved by you", "usual range", "effect", "↑ grows, ↓ falls to the right")
_READ, _MOVED, _RANGE, _EFFECT, _ARROWS = range(len(WORDS))


class SliderLegend(Guarded, QWidget):
    """As many lines as the width asks for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(theme.small(self))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What the marks on the sliders mean")
        self.setAccessibleDescription(", ".join(WORDS))
        self.setToolTip(
            "The effect says how much of the picture a number changes over its usual range; sliders are sorted by it. "
            "The pictures at both ends are what the decoder draws there: click one to go to it"
        )

    def height_for(self, width: int) -> int:
        """Of all its lines where it is so wide, pixels."""
        metrics = QFontMetrics(self.font())
        return int(self._places(width)[-1].bottom()) + 1 if width > 0 else metrics.height()

    def sizeHint(self) -> QSize:
        return QSize(40 * theme.GRID, self.height_for(40 * theme.GRID))

    def _places(self, width: int) -> list[QRectF]:
        """Where each mark with its words stands."""
        metrics = QFontMetrics(self.font())
        left = top = 0.0
        places = []
        for index, words in enumerate(WORDS):
            across = metrics.horizontalAdvance(words) + (0 if index == _ARROWS else _MARK)
            if left and left + across > width:
                left, top = 0.0, top + metrics.height()
            places.append(QRectF(left, top, across, metrics.height()))
            left += across + _BETWEEN
        return places

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, place in enumerate(self._places(self.width())):
            mark = QRectF(place.left(), place.top(), 0 if index == _ARROWS else _MARK, place.height())
            self._paint_mark(painter, index, mark.center())
            painter.setPen(theme.of(self).quiet)
            painter.drawText(
                place.adjusted(mark.width(), 0, theme.GRID, 0), Qt.AlignmentFlag.AlignVCenter, WORDS[index]
            )

    def _paint_mark(self, painter: QPainter, index: int, middle: QPointF) -> None:
        colours = theme.of(self)
        across = QRectF(middle.x() - 8, middle.y() - 4, 14, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        if index == _READ:
            painter.setPen(QPen(colours.says, 2))
            painter.drawLine(middle - QPointF(0, 6), middle + QPointF(0, 6))
        elif index == _MOVED:
            painter.setBrush(colours.changed)
            painter.drawEllipse(middle, 4.5, 4.5)
        elif index == _RANGE:
            painter.setBrush(colours.line)
            painter.drawRoundedRect(across, 2, 2)
        elif index == _EFFECT:
            painter.setBrush(colours.quiet)
            painter.drawRect(across.adjusted(0, 2, 0, -3))
