"""One line that says what went wrong, above everything else, until it is closed or outdated."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from capsdraw.errors import plain
from capsdraw.ui import theme
from capsdraw.ui.plain_text import Label


class MessageBar(QFrame):
    """Hidden until there is something to say.

    Attributes:
        text: what it says.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = Label()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._report = ""
        self._copy = QPushButton("Copy")
        self._copy.setToolTip("Copy what the file holds of this fault, to report it")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._report))
        self._copy.hide()
        close = QToolButton()
        close.setText("✕")
        close.setAutoRaise(True)
        close.setToolTip("Close this message")
        close.setAccessibleName("Close this message")
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * theme.GRID, theme.GRID // 2, theme.GRID, theme.GRID // 2)
        layout.addWidget(self._label, 1)
        layout.addWidget(self._copy)
        layout.addWidget(close)
        self.setObjectName("message")
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def say(self, text: str, report: str = "") -> None:
        """Show one line; of a fault of the app's own also a button that copies the report of it."""
        self._report = report
        self._copy.setVisible(bool(report))
        colour = theme.of(self).wrong.name()
        self.setStyleSheet(f"#message {{ border: 1px solid {colour}; border-radius: 4px; background: palette(base); }}")
        self._label.setText(plain(text))
        self.setAccessibleName(text)
        self.show()
        # Read out wherever the focus is.
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def outdate(self) -> None:
        """What it says is over, unless it is a fault of the app's own: that stays until it is closed."""
        if not self._report:
            self.hide()
