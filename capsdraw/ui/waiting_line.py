"""What the user is kept waiting for, with a button that ends it."""

from collections.abc import Callable

from PySide6.QtWidgets import QToolButton, QWidget

from capsdraw.ui import theme
from capsdraw.ui.controls import button, row
from capsdraw.ui.plain_text import Label


class WaitingLine(QWidget):
    """Hidden unless there is something to wait for.

    Args:
        cancel: called when the user will wait no longer.

    Attributes:
        cancel: the button.
    """

    def __init__(self, cancel: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Label()
        self.cancel: QToolButton = button("Cancel", "Wait for it no longer")
        self.cancel.clicked.connect(cancel)
        layout = row(self._words, self.cancel)
        layout.setContentsMargins(0, 0, theme.GRID, 0)
        self.setLayout(layout)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def say(self, words: str) -> None:
        """Say what is done; "" for nothing."""
        self._words.setText(f"{words} …" if words else "")
        self.setVisible(bool(words))
