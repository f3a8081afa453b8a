"""The left column: canvas, tools, and beneath them the digit that the net sees."""

from typing import Final

import numpy as np
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.ink.normalize import Digit
from capsdraw.ui import theme
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.captioned_digit import CaptionedDigit
from capsdraw.ui.tools import Tools

# Of the canvas on screen, pixels; and of the column, that the tools need.
MIN_SIDE: Final = 288
MAX_SIDE: Final = 560
MIN_WIDTH: Final = 392

_SEES = (
    "28 × 28 pixels, like MNIST's digits: the ink scaled to 20 pixels, "
    "centred by its mass, drawn with MNIST's pen width."
)
_OTHER = "The canvas centred and scaled it: the net does not see exactly the test image."


class DrawingPanel(QWidget):
    """Where the user draws.

    Attributes:
        canvas: the paper.
        tools: beneath it.
        sees: the digit that the net sees; about: what that is, in words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self.setMinimumHeight(MIN_SIDE + 32 * theme.GRID)
        self.setFixedWidth(MIN_WIDTH)
        self.tools = Tools(self.canvas)
        below = CaptionedDigit("What the net sees", _SEES)
        self.sees, self.about = below.view, below.text
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.canvas)
        layout.addWidget(self.tools)
        layout.addStretch()
        layout.addWidget(below)

    def show_digit(self, digit: Digit | None) -> None:
        """Show what the net sees; an image of known class that came out as another picture is said to have."""
        self.sees.show_digit(digit)
        sketch = self.canvas.sketch
        image = None if sketch.label is None else sketch.picture
        other = digit is not None and image is not None and not np.array_equal(image, digit)
        self.about.setText(_OTHER if other else _SEES)
        role = QPalette.ColorRole
        self.about.setForegroundRole(role.WindowText if other else role.PlaceholderText)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # The canvas is as large a square as the height leaves beside tools and digit.
        below = self.tools.sizeHint().height() + self.sees.sizeHint().height() + 4 * theme.GRID
        side = min(max(event.size().height() - below, MIN_SIDE), MAX_SIDE)
        self.canvas.setFixedHeight(side)
        self.setFixedWidth(max(side, MIN_WIDTH))
        super().resizeEvent(event)
