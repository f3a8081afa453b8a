"""Fields of forms: each knows its value, and shows beneath it why it cannot be that."""

import re
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import Label

# A whole number of thousands: 60,000.
_THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3})+")

# In a closed list each of these would choose at once.
_STEPS: Final = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End,
)  # fmt: skip


class FormField(Guarded, QWidget):
    """A value of a recipe.

    Attributes:
        entry: its name in the recipe; reason: why it cannot be used, or "".
        reason_label: the label that says so, beneath the editor; a form may give it a wider place.

    Signals:
        changed(): by the user.
    """

    changed = Signal()

    def __init__(self, entry: str, words: str, editor: QWidget) -> None:
        super().__init__()
        self.entry, self.words, self.editor = entry, words, editor
        self.reason_label = Label()
        self.reason_label.setFont(theme.small(self))
        self.reason_label.setWordWrap(True)
        self.reason_label.hide()
        editor.setAccessibleName(words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(editor)
        layout.addWidget(self.reason_label)

    def value(self) -> Any:
        """What is chosen."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    @property
    def reason(self) -> str:
        """Why its value cannot be used; "" where it can."""
        return "" if self.reason_label.isHidden() else self.reason_label.text()

    def refuse(self, reason: str) -> None:
        """Say why the value cannot be used; "" takes it back."""
        self.reason_label.setText(reason)
        self.reason_label.setVisible(bool(reason))
        self.editor.setAccessibleDescription(reason)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.reason:
            self._colour()

    def _colour(self) -> None:
        colour = theme.of(self).wrong.name()
        for widget, sheet in ((self.reason_label, f"color: {colour};"), (self.editor, f"border: 1px solid {colour};")):
            wanted = sheet if self.reason else ""
            if widget.styleSheet() != wanted:
                widget.setStyleSheet(wanted)


class NumberField(FormField):
    """A number, typed; what is no number is handed on as the text that it is, for the check to refuse."""

    def __init__(self, entry: str, words: str, whole: bool) -> None:
        self._edit = QLineEdit()
        self._whole = whole
        super().__init__(entry, words, self._edit)
        self._edit.textEdited.connect(lambda _: self.changed.emit())

    def value(self) -> Any:
        """The number, or the text that is none.

        A comma stands in a whole number between thousands, as the app itself writes them, and nowhere
        else; in a broken one, none of which here goes into the thousands, it is a decimal comma.
        """
        text = self._edit.text().strip()
        if self._whole and _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        try:
            return int(text) if self._whole else float(text.replace(",", "."))
        except ValueError:
            return self._edit.text()

    def put(self, value: Any) -> None:
        """Show a value."""
        self._edit.setText(f"{value:d}" if isinstance(value, int) else f"{value:g}")


class _Box(Guarded, QComboBox):
    """A list where a choice is meant: it is made in the open list, never on the way past it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # for whatever scrolls around it

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text() if event.text().isprintable() and event.text() != " " else ""
        if event.key() not in _STEPS and not letter:
            super().keyPressEvent(event)
            return
        self.showPopup()
        if letter:
            self.view().keyboardSearch(letter)


class ChoiceField(FormField):
    """One of some values."""

    def __init__(self, entry: str, words: str, choices: Sequence[tuple[str, str]] = ()) -> None:
        self.box = _Box()
        # A long name must not make its column wide.
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(13)
        super().__init__(entry, words, self.box)
        self.offer(choices)
        self.box.activated.connect(lambda _: self._chosen())

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """What can be chosen: (value, words); the choice stays where it still is one."""
        now = self.value()
        self.box.clear()
        for value, words in choices:
            self.box.addItem(words, value)
        self.box.setCurrentIndex(max(self.box.findData(now), 0))

    def value(self) -> str:
        """The value chosen."""
        return str(self.box.currentData() or "")

    def _chosen(self) -> None:
        """The user has chosen."""
        self.changed.emit()

    def put(self, value: Any) -> None:
        """Choose a value; one that is not offered is added."""
        if self.box.findData(value) < 0:
            self.box.addItem(value, value)
        self.box.setCurrentIndex(self.box.findData(value))


class SwitchField(FormField):
    """Yes or no."""

    def __init__(self, entry: str, words: str) -> None:
        self._box = QCheckBox()
        super().__init__(entry, words, self._box)
        self._box.clicked.connect(lambda _: self.changed.emit())

    def value(self) -> bool:
        """Whether it is on."""
        return self._box.isChecked()

    def put(self, value: Any) -> None:
        """Switch it."""
        self._box.setChecked(value)
