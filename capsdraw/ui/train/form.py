"""The plan of a fit: presets, and a field for all that can be chosen."""

from collections.abc import Sequence
from dataclasses import fields, replace
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from capsdraw.datasets import pen_strokes
from capsdraw.datasets.sources import SYNTHETIC
from capsdraw.fit import check, presets, start
from capsdraw.fit.recipe import PRECISIONS, SCHEDULES, Augmentation, Recipe
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import FAMILIES, NetKind
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button
from capsdraw.ui.data_field import DataField, at_hand
from capsdraw.ui.form_fields import ChoiceField, FormField, NumberField, SwitchField
from capsdraw.ui.train import entries
from capsdraw.ui.train.entries import Entry

# From this width on, pixels, there is room for three columns.
_WIDE = 700
_SCHEDULE_WORDS = ("Cosine, to 0", "By a factor each epoch", "Constant")


class _Body(QWidget):
    """The columns; they may be narrower than their layout would have them."""

    def minimumSizeHint(self) -> QSize:
        return QSize(66 * theme.GRID, super().minimumSizeHint().height())


class _Room(QScrollArea):
    """As high as what is in it, where there is room; else that is scrolled."""

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the field that has it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        body: QWidget | None = self.widget()
        return QSize(0, 0) if body is None else body.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class Form(QWidget):
    """What is trained, and how.

    Attributes:
        presets: the buttons; fields: by entry of the recipe.
        note: the user's words for the run, which is begun with them.
        status: time and memory that the fit would take.

    Signals:
        changed(): the plan is another.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, FormField] = {}
        self._models: dict[str, Card] = {}
        self._base = presets.of(next(iter(FAMILIES)))[0].recipe
        self._options: list[NumberField] = []
        self.presets = [button(preset.name, preset.about) for preset in presets.of("mlp")]
        self._about, self.status = caption(), QLabel(" ")
        self.note = QLineEdit()
        self._lay_out()
        # A machine without a network has pen digits all the same.
        data = "mnist" if at_hand("mnist") else SYNTHETIC
        self.put(replace(presets.of("efficient-capsnet")[0].recipe, data=data))
        for index, preset_button in enumerate(self.presets):
            preset_button.clicked.connect(lambda _, index=index: self.use_preset(index))

    def recipe(self) -> Recipe | None:
        """The plan; None where a field cannot be used, which then says why."""
        values = {name: field.value() for name, field in self.fields.items()}
        moves = {entry.name: values.pop(entry.name) for entry in fields(Augmentation) if entry.name in values}
        options = {option_field.entry: values.pop(option_field.entry) for option_field in self._options}
        family = FAMILIES[values["family"]]
        changed = {
            name: value
            for name, value in options.items()
            if (option := family.option(name)) and value != option.default
        }
        kept = {name: value for name, value in self._base.options.items() if name in family.others}
        # Chosen for so many epochs, and for no others.
        restarts = self._chosen.restarts if values["epochs"] == self._chosen.epochs else ()
        recipe = replace(
            self._base, **values, restarts=restarts, average=self._chosen.average and bool(restarts),
            name=values["family"], title=family.title, options=kept | changed,
            augmentation=replace(self._base.augmentation, **moves),
        )  # fmt: skip
        wrong = check.problems(recipe) or self._start_problem(recipe)
        self.refuse(wrong)
        return None if wrong else recipe

    def put(self, recipe: Recipe) -> None:
        """Show a plan in the fields."""
        self._base = self._chosen = recipe
        self._show_options(recipe)
        for name, field in self.fields.items():
            holder = recipe if hasattr(recipe, name) else recipe.augmentation
            if not any(field is option_field for option_field in self._options):
                field.put(getattr(holder, name))
        self._offer_starts()
        self.refuse(self._start_problem(recipe))
        self.changed.emit()

    def use_preset(self, index: int) -> None:
        """Fill in the family's preset `index`; data and seed stay."""
        chosen = presets.of(self.fields["family"].value())[index]
        self._about.setText(chosen.about)
        # As the fields have them: the base is older where another field is wrong.
        recipe = replace(chosen.recipe, data=self.fields["data"].value(), seed=self.fields["seed"].value())
        wrong = check.problems(recipe)
        data = recipe.data if "data" not in wrong and _alike(recipe, chosen.recipe) else chosen.recipe.data
        self.put(replace(recipe, data=data, seed=self._base.seed if "seed" in wrong else recipe.seed))

    def refuse(self, wrong: dict[str, str]) -> None:
        """Show why entries cannot be used, each at its field; {} where all can."""
        for name, field in self.fields.items():
            field.refuse(wrong.get(name, ""))
        # What has no field is said all the same.
        rest = [f"{name}: {reason}" for name, reason in wrong.items() if name not in self.fields]
        if wrong:
            self.status.setText(rest[0] if rest else "Correct the fields in red to start the fit.")

    def offer_models(self, models: Sequence[Card]) -> None:
        """Offer those of the models at hand to start from that the plan can start from."""
        self._models = {card.name: card for card in models}
        self._offer_starts()

    def _offer_starts(self) -> None:
        """A model that was chosen stays, though the plan has changed: the field says why it does not fit."""
        field = self.fields["start"]
        assert isinstance(field, ChoiceField)
        chosen = field.value()
        fit = [card for card in self._models.values() if card.name == chosen or not start.problem(self._base, card)]
        field.offer([("", "Random weights"), *((card.name, card.title) for card in fit)])

    def _start_problem(self, recipe: Recipe) -> dict[str, str]:
        card = self._models.get(recipe.start)
        reason = "" if card is None else start.problem(recipe, card)
        return {"start": reason} if reason else {}

    def _change_family(self) -> None:
        self._about.setText("")
        self.use_preset(0)

    def _edit(self) -> None:
        recipe = self.recipe()
        if recipe is not None:
            self._base = recipe
            self._offer_starts()
        self.changed.emit()

    def _show_options(self, recipe: Recipe) -> None:
        """The fields of the family's own numbers, at the end of the second column."""
        for old in self._options:
            self.fields.pop(old.entry, None)
            parts: tuple[QWidget, ...] = (old, old.reason_label, self._labels.pop(old.entry))
            for widget in parts:
                self._how.removeWidget(widget)
                widget.deleteLater()
        self._options = []
        family = FAMILIES[recipe.family]
        for option in family.options:
            field = NumberField(option.name, option.words, True)
            self._add(self._how, field)
            field.put(recipe.options.get(option.name, option.default))
            field.changed.connect(self._edit)
            self._options.append(field)
        capsule = family.kind == NetKind.CAPSULE
        for widget in (self.fields["reconstruction"], self._labels["reconstruction"]):
            widget.setVisible(capsule)
        self._chain()

    def _chain(self) -> None:
        """Tab goes down the columns: the family's own fields are younger than all that stands behind them."""
        columns = [[field for field in self.fields.values() if grid.indexOf(field) >= 0] for grid in self._grids]
        editors: list[list[QWidget]] = [[field.editor for field in column] for column in columns]
        editors[1].append(self.note)
        for before, after in pairwise(editor for column in editors for editor in column):
            QWidget.setTabOrder(before, after)

    def _lay_out(self) -> None:
        self._labels: dict[str, QLabel] = {}
        self._columns = QGridLayout()
        self._columns.setHorizontalSpacing(3 * theme.GRID)
        self._columns.setVerticalSpacing(2 * theme.GRID)
        self._parts: list[QVBoxLayout] = []
        self._across = 0
        grids = self._grids = [self._column(title) for title in ("What", "How", "Each image, changed at random")]
        self._arrange(3)
        self._how = grids[1]
        family = ChoiceField("family", "Net", [(name, net_family.title) for name, net_family in FAMILIES.items()])
        data = DataField("data", "Images to train on")
        for field in (family, data, ChoiceField("start", "Start from", [("", "Random weights")])):
            self._add(grids[0], field)
        here = pen_strokes.path() is not None
        self._add_numbers(grids[0], [entry for entry in entries.DATA if here or entry.name != "strokes"])
        self._add_numbers(grids[1], entries.HOW)
        self._add(grids[1], ChoiceField("schedule", "Schedule", list(zip(SCHEDULES, _SCHEDULE_WORDS, strict=True))))
        self._add(grids[1], NumberField("decay", "Factor per epoch", False))
        self._add(
            grids[1],
            ChoiceField(
                "precision", "Precision", [(precision, precision.replace("_", " ")) for precision in PRECISIONS]
            ),
        )
        self._add(grids[1], NumberField("reconstruction", "Decoder weight", False))
        self._add_numbers(grids[2], entries.CHANGES)
        self._add(grids[2], SwitchField("flip", "Mirror half of them"))
        self._add_note()
        for name, form_field in self.fields.items():
            form_field.changed.connect(self._change_family if name == "family" else self._edit)
        top = QHBoxLayout()
        for preset in self.presets:
            top.addWidget(preset)
        top.addWidget(self._about, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(top)
        body = _Body()
        body.setLayout(self._columns)
        self._columns.setContentsMargins(0, 0, 0, theme.GRID)
        # Reasons at many fields take more room than the least window has.
        layout.addWidget(_Room(body))
        layout.addWidget(self.status)
        layout.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        # Of two columns: the layout would ask for three.
        return QSize(68 * theme.GRID, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(3 if self.width() >= _WIDE else 2)

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
        for column, share in enumerate((6, 5, 3 if columns == 3 else 0)):
            self._columns.setColumnStretch(column, share)

    def _column(self, title: str) -> QGridLayout:
        head = _head(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.GRID)
        grid.setVerticalSpacing(theme.GRID // 2)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout()
        column.setSpacing(theme.GRID // 2)
        column.addWidget(head)
        column.addLayout(grid)
        column.addStretch(1)
        self._parts.append(column)
        return grid

    def _add_numbers(self, grid: QGridLayout, numbers: Sequence[Entry]) -> None:
        for entry in numbers:
            field = NumberField(entry.name, entry.words, entry.whole)
            field.setToolTip(entry.sentence)
            self._add(grid, field)

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

    def _add(self, grid: QGridLayout, field: FormField) -> None:
        label = self._labels[field.entry] = QLabel(field.words)
        label.setBuddy(field.editor)
        row = 0 if grid.count() == 0 else grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1)
        # Beneath both: beside the label there may be room for four figures only.
        grid.addWidget(field.reason_label, row + 1, 0, 1, 2)
        self.fields[field.entry] = field


def _alike(first: Recipe, other: Recipe) -> bool:
    """Whether the data of both is of one kind: digits, or photographs."""
    return (first.data == "cifar10") == (other.data == "cifar10")


def _head(text: str) -> QLabel:
    """Quiet words above what they are about."""
    head = QLabel(text)
    head.setForegroundRole(head.palette().ColorRole.PlaceholderText)
    head.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return head
