"""All that can be chosen of a plan beside its net and data: a field and a sentence for each."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from capsdraw.datasets import pen_strokes
from capsdraw.fit.recipe import PRECISIONS, SCHEDULES, Recipe
from capsdraw.nets.catalog import FAMILIES, NetKind
from capsdraw.ui import plain_text, theme
from capsdraw.ui.form_fields import ChoiceField, FormField, NumberField, SwitchField
from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import Label
from capsdraw.ui.train import entries
from capsdraw.ui.train.entries import NumberEntry

# From this width on, pixels, there is room for three columns.
_WIDE: Final = 900
_SCHEDULE_WORDS: Final = ("Cosine, to 0", "By a factor each epoch", "Constant")
_HEADS: Final = ("What", "How", "Each image, changed at random")


class Details(Guarded, QWidget):
    """The fields in columns.

    Attributes:
        fields: by entry of the recipe; options: those of the net's own numbers among them.
        note: the user's words for the run, which is begun with them.

    Signals:
        edited(): by the user.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, FormField] = {}
        self.options: list[NumberField] = []
        self.note = QLineEdit()
        self._beside: dict[str, tuple[Label, _Sentence]] = {}  # a field's words and its sentence
        self._absent: set[str] = set()  # entries that the net has no use for
        self._columns = QGridLayout(self)
        self._columns.setContentsMargins(0, 0, 0, theme.GRID)
        self._columns.setHorizontalSpacing(3 * theme.GRID)
        self._columns.setVerticalSpacing(2 * theme.GRID)
        self._parts: list[QVBoxLayout] = []
        self._across = 0
        self._grids = [self._column(title) for title in _HEADS]
        self._arrange(3)
        self._fill()

    def refuse(self, wrong: dict[str, str]) -> None:
        """Show why entries cannot be used, each at its field in the place of its sentence; {} where all can."""
        for name, (_, about) in self._beside.items():
            self.fields[name].refuse(wrong.get(name, ""))
            self.fields[name].editor.setAccessibleDescription(wrong.get(name) or about.text())
            about.setHidden(name in wrong or name in self._absent)

    def show_options(self, recipe: Recipe) -> None:
        """The fields of the family's own numbers, at the end of the second column."""
        how = self._grids[1]
        for old in self.options:
            self.fields.pop(old.entry, None)
            parts: tuple[QWidget, ...] = (old, old.reason_label, *self._beside.pop(old.entry))
            for widget in parts:
                how.removeWidget(widget)
                widget.deleteLater()
        self.options = []
        family = FAMILIES[recipe.family]
        for option in family.options:
            field = NumberField(option.name, option.words, True)
            self._add(how, field, entries.OPTIONS[option.name])
            field.put(recipe.options.get(option.name, option.default))
            self.options.append(field)
        self._absent = set() if family.kind == NetKind.CAPSULE else {"reconstruction"}
        for widget in (self.fields["reconstruction"], *self._beside["reconstruction"]):
            widget.setVisible(not self._absent)

    def editors(self) -> list[QWidget]:
        """In the order in which Tab is to go through them, down the columns: the net's own are younger than others."""
        columns = [[field for field in self.fields.values() if grid.indexOf(field) >= 0] for grid in self._grids]
        editors: list[list[QWidget]] = [[field.editor for field in column] for column in columns]
        editors[1].append(self.note)
        return [editor for column in editors for editor in column]

    def minimumSizeHint(self) -> QSize:
        # Of two columns: the layout would ask for three.
        return QSize(60 * theme.GRID, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(3 if self.width() >= _WIDE else 2)

    def _fill(self) -> None:
        what, how, changes = self._grids
        self._add(what, ChoiceField("start", "Start from", [("", "Random weights")]), entries.START)
        self._add(what, SwitchField("transposed", "Exchange rows and columns"), entries.TRANSPOSED)
        here = pen_strokes.path() is not None
        self._add_numbers(what, [entry for entry in entries.DATA if here or entry.name != "strokes"])
        self._add_numbers(how, entries.HOW)
        schedules = list(zip(SCHEDULES, _SCHEDULE_WORDS, strict=True))
        self._add(how, ChoiceField("schedule", "Schedule", schedules), entries.SCHEDULE)
        self._add(how, NumberField("decay", "Factor per epoch", False), entries.DECAY)
        precisions = [(precision, precision.replace("_", " ")) for precision in PRECISIONS]
        self._add(how, ChoiceField("precision", "Precision", precisions), entries.PRECISION)
        self._add(how, NumberField("reconstruction", "Decoder weight", False), entries.DECODER)
        self._add_numbers(changes, entries.CHANGES)
        self._add(changes, SwitchField("flip", "Mirror half of them"), entries.FLIP)
        self._add_note()

    def _arrange(self, columns: int) -> None:
        """What, How and the changes side by side; in two columns the changes stand under What."""
        places = ((0, 0, 1), (0, 1, 1), (0, 2, 1)) if columns == 3 else ((0, 0, 1), (0, 1, 2), (1, 0, 1))
        if columns == self._across:
            return
        self._across = columns
        for column_layout in self._parts:
            self._columns.removeItem(column_layout)
        for column_layout, (line, column, lines) in zip(self._parts, places, strict=True):
            self._columns.addLayout(column_layout, line, column, lines, 1)
        for column in range(3):
            self._columns.setColumnStretch(column, 1 if column < columns else 0)

    def _column(self, title: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GRID)
        grid.setVerticalSpacing(theme.GRID // 4)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout()
        column.setSpacing(theme.GRID // 2)
        column.addWidget(_head(title))
        column.addLayout(grid)
        column.addStretch(1)
        self._parts.append(column)
        return grid

    def _add_numbers(self, grid: QGridLayout, numbers: Sequence[NumberEntry]) -> None:
        for entry in numbers:
            self._add(grid, NumberField(entry.name, entry.words, entry.whole), entry.sentence)

    def _add_note(self) -> None:
        """Under How, where there is room in the least window too; it is of the run, not of the recipe."""
        head = _head("Note for the list of runs")
        head.setBuddy(self.note)
        self.note.setAccessibleName("Note")
        self.note.setToolTip("A note about the run; you can change it in the list")
        column_layout = self._parts[1]
        column_layout.insertSpacing(2, theme.GRID)
        column_layout.insertWidget(3, head)
        column_layout.insertWidget(4, self.note)

    def _add(self, grid: QGridLayout, field: FormField, sentence: str) -> None:
        label, about = Label(field.words), _Sentence(sentence)
        label.setBuddy(field.editor)
        label.setWordWrap(isinstance(field, SwitchField))  # whose own room is small
        self._beside[field.entry] = label, about
        field.setToolTip(plain_text.tip(sentence))
        field.editor.setAccessibleDescription(sentence)
        row = 0 if grid.count() == 0 else grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1)
        # Beneath both: beside the label there may be room for four figures only.
        grid.addWidget(about, row + 1, 0, 1, 2)
        grid.addWidget(field.reason_label, row + 2, 0, 1, 2)
        field.changed.connect(self.edited)
        self.fields[field.entry] = field


class _Sentence(Guarded, Label):
    """Small quiet words that wrap, and are whole: a grid gives them less than they need."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setFont(theme.small(self))
        self.setContentsMargins(0, 0, 0, theme.GRID // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Not by `heightForWidth`, which never answers less than the least height that was set before.
        room = QRect(0, 0, self.width(), 1000)
        high = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.text()).height()
        self.setMinimumHeight(high + theme.GRID // 2)


def _head(text: str) -> Label:
    """Quiet words above what they are about."""
    head = Label(text)
    head.setForegroundRole(head.palette().ColorRole.PlaceholderText)
    head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return head
