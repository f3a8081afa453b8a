"""A digit with its title and a few words beside it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.digit_view import DigitView


class CaptionedDigit(QWidget):
    """Picture at the left, words at the right.

    Attributes:
        view: the picture; title, text: the words.
    """

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = DigitView(title)
        self.title = QLabel(title)
        self.text = caption(text)
        words = QVBoxLayout()
        words.setSpacing(theme.GRID // 2)
        words.addWidget(self.title)
        words.addWidget(self.text)
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(self.view, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)


def caption(text: str = "") -> QLabel:
    """Quiet words that wrap."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    return label
