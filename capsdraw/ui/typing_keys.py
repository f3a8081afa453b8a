"""Keys that belong to what is typed in, though they are a tool's elsewhere."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_EDITORS: Final = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)


def is_typed(event: QKeyEvent, focus: QWidget | None) -> bool:
    """Whether a key belongs to what has the focus, and is no tool's."""
    if isinstance(focus, QComboBox | QAbstractItemView):
        return bool(event.text()) and event.text().isprintable()  # a letter chooses there
    # Deleting a word is Clear's key elsewhere, and Qt's editors do not claim it.
    return isinstance(focus, _EDITORS) and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)
