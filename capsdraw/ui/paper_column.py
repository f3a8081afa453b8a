"""The left column's shape: whatever stands in it, the paper is as large a square as width and height leave."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

# Of the paper on screen, pixels; and of the column, that the tools need.
MIN_SIDE: Final = 288
MIN_WIDTH: Final = 392
# Pixels of the screen for one of a digit's: where there is no room for more, and where there is.
LEAST: Final = 3
_LARGEST: Final = 8


def scale_of(spare: int) -> int:
    """Pixels of the screen for one of a digit's beneath the paper, with so many pixels of height to spare."""
    return min(LEAST + max(spare, 0) // 28, _LARGEST)


class PaperColumn(Guarded, QWidget):
    """Paper, and what stands beneath it, one beneath the other."""

    def __init__(self, paper: QWidget, *beneath: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = paper
        self._parts = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        for widget in (paper, *beneath):
            layout.addWidget(widget)
        layout.addStretch()
        self._below = sum(widget.sizeHint().height() + theme.GRID for widget in beneath)
        self.setMinimumSize(MIN_WIDTH, MIN_SIDE + self._below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # No column is wider than the square that its height leaves.
        room = max(event.size().height() - self._below - theme.GRID, MIN_SIDE)
        side = min(room, event.size().width())
        self._sheet.setFixedHeight(side)
        self.spare(room - side)
        self.setMaximumWidth(max(room, MIN_WIDTH))
        super().resizeEvent(event)
        # Now: the window's first picture is painted before Qt would do it.
        self._parts.activate()

    def spare(self, height: int) -> None:
        """So many pixels of the height are left where the width keeps the paper small."""


def paint_paper(painter: QPainter, area: QRectF, colours: theme.Theme) -> None:
    """The sheet and its edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.line, 1))
    painter.setBrush(colours.paper)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def paint_words(painter: QPainter, widget: QWidget, area: QRectF, words: str) -> None:
    """What stands in the middle of an empty sheet."""
    painter.setPen(theme.of(widget).quiet)
    painter.setFont(theme.large(widget))
    side = area.width() / 8
    how = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    painter.drawText(area.adjusted(side, 0, -side, 0), how, words)
