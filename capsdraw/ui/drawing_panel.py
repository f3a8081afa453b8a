"""The left column: canvas, tools, and beneath them the digit that the net sees."""

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.captioned_digit import CaptionedDigit
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
        below = CaptionedDigit("What the net sees", _SEES)
        self.sees = below.view
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.canvas)
        layout.addWidget(self.tools)
        layout.addStretch()
        layout.addWidget(below)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The canvas is as large a square as the height leaves beside tools and digit.
        below = self.tools.sizeHint().height() + self.sees.sizeHint().height() + 4 * theme.GRID
        side = min(max(event.size().height() - below, MIN_SIDE), MAX_SIDE)
        self.canvas.setFixedHeight(side)
        self.setFixedWidth(max(side, MIN_WIDTH))
        super().resizeEvent(event)
