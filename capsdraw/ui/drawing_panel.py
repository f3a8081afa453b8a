"""The left column: canvas, tools, and beneath them the digit that the net sees."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.tools import Tools

# Of the canvas on screen, pixels; and of the column, that the tools need.
MIN_SIDE: Final = 288
MAX_SIDE: Final = 560
MIN_WIDTH: Final = 392

_SEES = (
    "28 × 28 pixels, made as MNIST's digits were: the ink scaled to 20 pixels, "
    "its mass in the centre, drawn with MNIST's pen."
)


class DrawingPanel(QWidget):
    """Where the user draws.

    Attributes:
        canvas: the paper.
        tools: beneath it.
        sees: the digit that the net sees.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self.setMinimumHeight(MIN_SIDE + 32 * theme.GRID)
        self.setFixedWidth(MIN_WIDTH)
        self.tools = Tools(self.canvas)
        self.sees = DigitView("What the net sees")
        text = QLabel(_SEES)
        text.setWordWrap(True)
        text.setForegroundRole(text.palette().ColorRole.PlaceholderText)
        words = QVBoxLayout()
        words.setSpacing(theme.GRID // 2)
        words.addWidget(QLabel("What the net sees"))
        words.addWidget(text)
        words.addStretch()
        below = QHBoxLayout()
        below.setSpacing(2 * theme.GRID)
        below.addWidget(self.sees, 0, Qt.AlignmentFlag.AlignTop)
        below.addLayout(words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.canvas)
        layout.addWidget(self.tools)
        layout.addStretch()
        layout.addLayout(below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The canvas is as large a square as the height leaves beside tools and digit.
        below = self.tools.sizeHint().height() + self.sees.height() + 4 * theme.GRID
        side = min(max(event.size().height() - below, MIN_SIDE), MAX_SIDE)
        self.canvas.setFixedHeight(side)
        self.setFixedWidth(max(side, MIN_WIDTH))
        super().resizeEvent(event)
