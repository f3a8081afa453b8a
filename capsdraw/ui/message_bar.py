"""One line that says what went wrong, above everything else, until it is closed or outdated."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from capsdraw.ui import theme


class MessageBar(QFrame):
    """Hidden until there is something to say.

    Attributes:
        text: what it says.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Close this message")
        close.setAccessibleName("Close this message")
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * theme.GRID, theme.GRID // 2, theme.GRID, theme.GRID // 2)
        layout.addWidget(self._label, 1)
        layout.addWidget(close)
        self.setObjectName("message")
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def say(self, text: str) -> None:
        """Show one line."""
        colour = theme.of(self).wrong.name()
        self.setStyleSheet(f"#message {{ border: 1px solid {colour}; border-radius: 4px; }}")
        self._label.setText(text)
        self.setAccessibleName(text)
        self.show()
        # Read out wherever the focus is.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
