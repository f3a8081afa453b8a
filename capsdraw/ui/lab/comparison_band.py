"""What the redrawn digit is held against: the digit that was read, their difference, and what is read again."""

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, Bars
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import Label

_BARS_WIDE: Final = 11 * theme.GRID
_BARS_HIGH: Final = 12 * theme.GRID
# Of a picture, pixels.
_LEAST: Final = 7 * theme.GRID
_LARGEST: Final = 28 * theme.GRID


class ComparisonBand(Guarded, QWidget):
    """Two pictures and the bars, side by side, each under its title.

    Attributes:
        seen, difference: the pictures; again: the bars; again_words: their title.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        font = theme.small(self)
        self.seen, self.difference = DigitView("What the net sees", 1), DigitView("Difference", 1)
        self.again, self.again_words = Bars(), LiveText(font)
        self.again.setMinimumSize(_BARS_WIDE, _BARS_HIGH)
        self.again.set_ticks(CAPSULE_TICKS)
        self.again_words.setToolTip(
            "What the net says of the redrawn picture; the marks are the lengths of your drawing"
        )
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(theme.GRID)
        layout.setVerticalSpacing(theme.GRID // 2)
        layout.setColumnStretch(2, 1)
        layout.setRowStretch(2, 1)
        for column, (title, view) in enumerate((("Net sees", self.seen), ("Difference", self.difference))):
            words = Label(title)
            words.setFont(font)
            layout.addWidget(words, 0, column)
            layout.addWidget(view, 1, column, Qt.AlignmentFlag.AlignTop)
        marks = Label("▏on the bars: as drawn")
        marks.setFont(font)
        marks.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout.addWidget(marks, 2, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.again_words, 0, 2)
        layout.addWidget(self.again, 1, 2, 2, 1)

    def height_for(self, width: int) -> int:
        """How much it needs where it is so wide, pixels."""
        return self._title() + max(self._side(width) + self._title(), _BARS_HIGH)

    def minimumSizeHint(self) -> QSize:
        # Whatever size its pictures have now.
        across = 2 * (self._side(0) + theme.GRID) + _BARS_WIDE
        return QSize(across, self.height_for(across))

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = self._side(event.size().width())
        for view in (self.seen, self.difference):
            view.setFixedSize(side, side)
        super().resizeEvent(event)

    def _title(self) -> int:
        return QFontMetrics(self.again_words.font()).height() + theme.GRID // 2

    def _side(self, width: int) -> int:
        least = max(_LEAST, QFontMetrics(self.again_words.font()).horizontalAdvance("Difference"))
        return min(max((width - 2 * theme.GRID) // 4, least), _LARGEST)
