"""A digit with its title and a few words, beside it or above and beneath."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import Label


class CaptionedDigit(QWidget):
    """Picture at the left, words at the right.

    Attributes:
        view: the picture; title, text: the words; figures: a line of them that changes with the picture.
    """

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = DigitView(title)
        self.title = Label(title)
        self.text = caption(text)
        self.figures = LiveText(theme.tabular(self.font()))
        words = QVBoxLayout()
        words.setSpacing(theme.GRID // 2)
        words.addWidget(self.title)
        words.addWidget(self.text)
        words.addWidget(self.figures)
        words.addStretch()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(self.view, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)


class StackedDigit(QWidget):
    """Title above, picture, a line of figures beneath.

    Attributes:
        view: the picture; title, text: the words.
    """

    def __init__(self, title: str, scale: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = DigitView(title, scale)
        self.title = Label(title)
        self.title.setFont(theme.small(self))
        self.text = LiveText(theme.tabular(theme.small(self)), "squared error 0.000")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID // 2)
        for widget in (self.title, self.view, self.text):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)


def caption(text: str = "") -> Label:
    """Quiet words that wrap."""
    label = Label(text)
    label.setWordWrap(True)
    label.setForegroundRole(label.palette().ColorRole.PlaceholderText)
    return label
