"""The fields of many fits and their values, a row each."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from capsdraw.errors import CapsDrawError
from capsdraw.sweep.varied import Value
from capsdraw.ui import theme
from capsdraw.ui.controls import button, combo, row
from capsdraw.ui.form_fields import FormField
from capsdraw.ui.plain_text import Label, tip
from capsdraw.ui.train.several_choice import VariedField, value_words, values_of

_ADD: Final = "Add a field …"


class VariedRow(FormField):
    """The values of one field, as text.

    Attributes:
        field: whose; remove: takes the row away; label: its name.
        values: what is typed, () where that is none.

    Signals:
        removed(str): the user wants no such row any more.
    """

    removed = Signal(str)

    def __init__(self, field: VariedField, text: str) -> None:
        self._edit = QLineEdit(text)
        self.field = field
        self.values: tuple[Value, ...] = ()
        super().__init__(field.name, field.words, self._edit)
        self.editor.setAccessibleName(f"Values of {field.words}")
        self.editor.setAccessibleDescription(field.sentence)
        self.setToolTip(tip(field.sentence))
        self.label = Label(field.words)
        self.label.setBuddy(self._edit)
        self.remove: QToolButton = button("✕", f"Leave {field.words} as each net's recipe has it")
        self.remove.setAccessibleName(f"Remove {field.words}")
        self._edit.textEdited.connect(lambda _: self.changed.emit())
        self.remove.clicked.connect(lambda: self.removed.emit(field.name))

    def value(self) -> str:
        """What is typed."""
        return self._edit.text()

    def put(self, value: Sequence[Value]) -> None:
        """Show values."""
        self._edit.setText(", ".join(value_words(self.field.name, one) for one in value))

    def type(self, text: str) -> None:
        """Show that text, whatever it says."""
        self._edit.setText(text)

    def read(self) -> str:
        """Take the text for values; why it is none, or ""."""
        try:
            self.values = values_of(self.field, self._edit.text())
        except CapsDrawError as error:
            self.values = ()
            return str(error)
        return ""


class VariedRows(QWidget):
    """All rows, and what adds one.

    Attributes:
        rows: by the names of their fields; add: the list of the fields that are not there yet.

    Signals:
        edited(): by the user.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, VariedRow] = {}
        self._fields: list[VariedField] = []
        self.add: QComboBox = combo("Add a field", "Vary one field more, or set it for all fits", letters=16)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.GRID)
        self._grid.setVerticalSpacing(theme.GRID // 2)
        self._grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(self._grid)
        layout.addLayout(row(self.add, None))
        self.add.activated.connect(self._add_chosen)

    def offer(self, fields: Sequence[VariedField]) -> None:
        """What can be varied; rows of other fields go."""
        self._fields = list(fields)
        known = {field.name for field in fields}
        for name in [name for name in self.rows if name not in known]:
            self._take_away(name)
        self._list_fields()

    def put(self, values: dict[str, Sequence[Value]]) -> None:
        """Show these rows and no others, as far as the fields are offered."""
        for name in list(self.rows):
            self._take_away(name)
        for field in self._fields:
            if field.name in values:
                self._put_row(field).put(values[field.name])
        self._list_fields()

    def _add_chosen(self, index: int) -> None:
        name = self.add.itemData(index)
        field = next((field for field in self._fields if field.name == name), None)
        if field is not None:
            self._put_row(field).editor.setFocus(Qt.FocusReason.OtherFocusReason)
            self._list_fields()
            self.edited.emit()

    def _put_row(self, field: VariedField) -> VariedRow:
        line = VariedRow(field, "")
        line.changed.connect(self.edited)
        line.removed.connect(self._remove)
        self.rows[field.name] = line
        number = self._grid.rowCount()
        self._grid.addWidget(line.label, number, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(line, number, 1)
        self._grid.addWidget(line.remove, number, 2, Qt.AlignmentFlag.AlignTop)
        line.label.setFixedHeight(line.editor.sizeHint().height())
        before = self.add
        for widget in (line.editor, line.remove):
            QWidget.setTabOrder(widget, before)
        QWidget.setTabOrder(line.editor, line.remove)
        return line

    def _remove(self, name: str) -> None:
        self._take_away(name)
        self._list_fields()
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)  # else it would go nowhere
        self.edited.emit()

    def _take_away(self, name: str) -> None:
        line = self.rows.pop(name)
        for widget in (line.label, line, line.remove):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def _list_fields(self) -> None:
        self.add.clear()
        self.add.addItem(_ADD)
        for field in self._fields:
            if field.name not in self.rows:
                self.add.addItem(field.words, field.name)
                self.add.setItemData(self.add.count() - 1, tip(field.sentence), Qt.ItemDataRole.ToolTipRole)
        self.add.setCurrentIndex(0)
