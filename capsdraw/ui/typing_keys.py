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

_HELD: Final = Qt.KeyboardModifier
_EDITORS: Final = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)


def is_typed(event: QKeyEvent, focus: QWidget | None) -> bool:
    """Whether a key belongs to what has the focus, and is no tool's."""
    if isinstance(focus, QComboBox | QAbstractItemView):
        return writes(event) and event.text().isprintable()  # a letter chooses there
    # Deleting a word is Clear's key elsewhere, and Qt's editors do not claim it.
    return isinstance(focus, _EDITORS) and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


def writes(event: QKeyEvent) -> bool:
    """Whether a key writes something; with Ctrl or Alt held it does not, though most systems give it a text then."""
    held = event.modifiers() & (_HELD.ControlModifier | _HELD.AltModifier | _HELD.MetaModifier)
    # Both together are how Windows tells of AltGr, which some keyboards need for a letter.
    return bool(event.text()) and held in (_HELD.NoModifier, _HELD.ControlModifier | _HELD.AltModifier)
