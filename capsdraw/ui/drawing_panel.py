"""The left column: canvas, tools, and beneath them the digit that the net sees."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.tools import Tools

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
        self.tools = Tools(self.canvas)
        self.sees = DigitView("What the net sees")
        text = QLabel(_SEES)
        text.setWordWrap(True)
        text.setForegroundRole(text.palette().ColorRole.PlaceholderText)
        words = QVBoxLayout()
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
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.tools)
        layout.addSpacing(theme.GRID)
        layout.addLayout(below)
        self.setFixedWidth(392)
