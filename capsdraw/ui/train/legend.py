"""What the curves of a plot are called: beneath it, where no curve is."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import tip

# Pixels of the piece of line before a name.
_SAMPLE = 3 * theme.GRID


@dataclass(frozen=True)
class LegendEntry:
    """A curve: its name, the pen that it is drawn with, and whether it is drawn with dots."""

    name: str
    pen: QPen
    dots: bool = False


class Legend(Guarded, QWidget):
    """Names with pieces of their lines, side by side and in as many rows as they need; long ones are cut.

    Attributes:
        entries: what it shows.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: list[LegendEntry] = []
        self.setFont(theme.small(self))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def names(self) -> list[str]:
        """Of the curves, in order."""
        return [entry.name for entry in self.entries]

    def show_entries(self, entries: list[LegendEntry]) -> None:
        """Show these from now on."""
        other = [entry.name for entry in entries] != self.names
        self.entries = entries
        if other:
            self.setAccessibleName("Legend: " + ", ".join(self.names))
            self.setToolTip(tip("\n".join(self.names)))
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40 * theme.GRID, self.heightForWidth(40 * theme.GRID))

    def heightForWidth(self, width: int) -> int:
        """Of all rows; of one where it is empty, so that the first curve moves nothing."""
        return max((place.bottom() + 1 for place in self._places(width)), default=self._line())

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now, metrics = theme.of(self), painter.fontMetrics()
        for entry, place in zip(self.entries, self._places(self.width()), strict=True):
            middle = place.center().y() + 0.5
            painter.setPen(entry.pen)
            painter.drawLine(QPointF(place.left(), middle), QPointF(place.left() + _SAMPLE, middle))
            if entry.dots:
                painter.setBrush(entry.pen.color())
                painter.drawEllipse(QPointF(place.left() + _SAMPLE / 2, middle), 2.5, 2.5)
            painter.setPen(now.text)
            words = place.adjusted(_SAMPLE + theme.GRID // 2, 0, 0, 0)
            cut = metrics.elidedText(entry.name, Qt.TextElideMode.ElideRight, words.width())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, cut)
        painter.end()

    def _places(self, width: int) -> list[QRect]:
        """Where each name stands, with its piece of line."""
        metrics, line = QFontMetrics(self.font()), self._line()
        places, left, top = [], 0, 0
        for entry in self.entries:
            wide = min(_SAMPLE + theme.GRID // 2 + metrics.horizontalAdvance(entry.name) + 2, width)
            if left and left + wide > width:
                left, top = 0, top + line
            places.append(QRect(left, top, wide, line))
            left += wide + 2 * theme.GRID
        return places

    def _line(self) -> int:
        return QFontMetrics(self.font()).lineSpacing() + 2
