"""What is to be trained several times: nets, data, fields with their values; and the sweeps that were begun before."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from capsdraw.datasets.sources import SYNTHETIC
from capsdraw.formatting import many
from capsdraw.nets.catalog import FAMILIES
from capsdraw.sweep.sweep_file import MOST_FITS
from capsdraw.sweep.varied import Value
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import combo, row
from capsdraw.ui.data_field import DataField, at_hand
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import Label, tip, unmarked
from capsdraw.ui.train.form_room import FormBody, FormRoom
from capsdraw.ui.train.plan_card import tint
from capsdraw.ui.train.several_choice import NET, count_of, entries_of, fields_for, value_words, wrong_with
from capsdraw.ui.train.varied_rows import VariedRows

# What stands there first: a net that is quick to train, so few images that a first answer comes in minutes.
_NETS: Final = ("tutorial-cnn",)
_FIRST: Final[dict[str, Sequence[Value]]] = {
    "limit": (4000,), "epochs": (5,), "seed": (1, 2), "learning_rate": (0.0003, 0.001, 0.003),
}  # fmt: skip
# Beyond it, lines are too long to be read.
_WIDEST: Final = 100 * theme.GRID
_ONE: Final = "One fit only: give a field several values, with commas between them, or choose several nets."


class SeveralForm(QWidget):
    """The plan of many fits.

    Attributes:
        ready: begins the bundled comparison; about: what that is, and how long it takes.
        nets: a button with a menu of nets; data: what they learn from; rows: fields and values.
        status: how many fits, and how long; wrong: why they cannot be; start: begins them.
        earlier: a list of the sweeps that were begun; look: shows the one that is chosen.

    Signals:
        changed(): the plan is another. started(): it is to be carried out. compared(): the bundled one is.
        looked(str): the sweep of that name is to be shown.
    """

    changed = Signal()
    started = Signal()
    compared = Signal()
    looked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._free, self._sound = True, False
        self.ready, self.about = QPushButton("MLP, CNN and CapsNet"), LiveText(theme.tabular(self.font()))
        self.nets, self.data = QToolButton(), DataField("data", "Images to train on")
        self.rows = VariedRows()
        self.status = LiveText(theme.tabular(self.font()), quiet=False, lines=2)
        self.wrong = caption()
        self.start = QPushButton("Start")
        self.earlier, self.look = combo("Sweeps begun before", letters=20), QPushButton("Show")
        self._make_menu()
        self._lay_out()
        self._connect()
        self.put(_NETS, "mnist" if at_hand("mnist") else SYNTHETIC, _FIRST)

    @property
    def chosen_nets(self) -> list[str]:
        """The families that are ticked."""
        return [str(action.data()) for action in self.nets.menu().actions() if action.isChecked()]

    @property
    def values(self) -> dict[str, tuple[Value, ...]]:
        """What the rows say, by the names of the fields."""
        return {name: line.values for name, line in self.rows.rows.items()}

    def put(self, nets: Sequence[str], data: str, values: Mapping[str, Sequence[Value]]) -> None:
        """Show a plan; nets and fields that there are not are left out."""
        known = [net for net in nets if net in FAMILIES] or list(_NETS)
        for action in self.nets.menu().actions():
            action.setChecked(action.data() in known)
        self.data.put(data)
        self._offer_fields()
        self.rows.put(dict(values))
        self._check()

    def typed(self) -> dict[str, str]:
        """All that the fields say, in order or not, for `put_typed`."""
        rows = {name: line.value() for name, line in self.rows.rows.items()}
        return {**rows, NET: ",".join(self.chosen_nets), "data": self.data.value()}

    def put_typed(self, typed: Mapping[str, str]) -> None:
        """Show what `typed` gave once; fields that there are not are left out."""
        texts = {name: text for name, text in typed.items() if name not in (NET, "data")}
        self.put(typed.get(NET, "").split(","), typed.get("data") or SYNTHETIC, dict.fromkeys(texts, ()))
        for name, line in self.rows.rows.items():
            line.type(texts[name])
        self._edit()

    def chosen(self) -> dict[str, Any] | None:
        """The plan as a sweep's file has it; None where it cannot be, which the form says."""
        return entries_of(self.chosen_nets, self.data.value(), self.values) if self._sound else None

    def count(self) -> str:
        """How many fits it is, in words."""
        return many(count_of(self.chosen_nets, self.values), "fit")

    def refuse(self, reason: str) -> None:
        """Why the plan as a whole cannot be; "" takes it back."""
        self.wrong.setText(reason)
        self.wrong.setVisible(bool(reason))
        self.status.setHidden(bool(reason))
        tint(self.wrong, bool(reason))
        self._allow()

    def allow(self, on: bool) -> None:
        """Whether fits may be started; not while others are under way."""
        self._free = on
        self._allow()

    def offer_earlier(self, sweeps: Sequence[tuple[str, str]]) -> None:
        """The sweeps that were begun: (name, words)."""
        now = self.earlier.currentData()
        self.earlier.clear()
        for name, words in sweeps:
            self.earlier.addItem(words, name)
        self.earlier.setCurrentIndex(max(self.earlier.findData(now), 0))
        for widget in (self._before, self.earlier, self.look):
            widget.setVisible(bool(sweeps))

    def _allow(self) -> None:
        self.start.setEnabled(self._free and self._sound and not self.wrong.text())
        self.ready.setEnabled(self._free)

    def _offer_fields(self) -> None:
        nets = self.chosen_nets
        self.rows.offer(fields_for(nets))
        titles = ", ".join(value_words("recipe", net) for net in nets)
        self.nets.setText(unmarked(titles if len(nets) < 4 else f"{len(nets)} nets"))
        self.nets.setAccessibleName(f"Nets: {titles}")
        self.nets.setToolTip(tip(titles))

    def _tick(self, action: QAction) -> None:
        if not self.chosen_nets:
            action.setChecked(True)  # one there must be
        self._offer_fields()
        self._edit()

    def _edit(self) -> None:
        self._check()
        self.changed.emit()

    def _check(self) -> None:
        """Each row says what is wrong with it; then the whole."""
        nets, wrong = tuple(self.chosen_nets), False
        for line in self.rows.rows.values():
            reason = line.read() or wrong_with(nets, line.field, line.values)
            line.refuse(reason)
            wrong = wrong or bool(reason)
        count = 0 if wrong else count_of(self.chosen_nets, self.values)
        self._sound = 1 < count <= MOST_FITS
        self.status.setText("")
        self.refuse(
            _ONE if count == 1
            else f"{count:,} fits: at most {MOST_FITS:,} can be. Leave values out." if count > MOST_FITS
            else ""
        )  # fmt: skip

    def _make_menu(self) -> None:
        menu = QMenu(self.nets)
        for name, family in FAMILIES.items():
            action = QAction(unmarked(family.title), menu, checkable=True)
            action.setData(name)
            action.triggered.connect(lambda _, action=action: self._tick(action))
            menu.addAction(action)
        self.nets.setMenu(menu)
        self.nets.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _connect(self) -> None:
        self.data.changed.connect(self._edit)
        self.rows.edited.connect(self._edit)
        self.start.clicked.connect(self.started)
        self.ready.clicked.connect(self.compared)
        self.look.clicked.connect(lambda: self.looked.emit(str(self.earlier.currentData() or "")))

    def _lay_out(self) -> None:
        self.about.setText("Nine fits: three kinds of net on the same few images")
        self.ready.setToolTip(tip("Train three kinds of net on the same images, and see them in one picture"))
        self.start.setAccessibleName("Start these fits")
        nets, data = Label("Nets"), Label("Data")
        nets.setBuddy(self.nets)
        data.setBuddy(self.data.editor)
        head = QHBoxLayout()
        head.setSpacing(theme.GRID)
        for widget, stretch in ((nets, 0), (self.nets, 0), (data, 0), (self.data, 1)):
            head.addWidget(widget, stretch)
        ready = row(self.ready, self.about)
        ready.setStretch(1, 1)
        body = FormBody()
        lines = QVBoxLayout(body)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.GRID)
        lines.addLayout(ready)
        lines.addSpacing(theme.GRID)
        lines.addWidget(caption("Or choose: one value is the same in all fits, several values are all tried."))
        lines.addLayout(head)
        lines.addWidget(self.rows)
        foot = row(self.status, self.wrong, self.start)
        foot.setStretch(0, 1)
        foot.setStretch(1, 1)
        self._before = Label("Begun before")
        before = row(self._before, self.earlier, self.look)
        before.setStretch(1, 1)
        room = QWidget()
        room.setMaximumWidth(_WIDEST)
        layout = QVBoxLayout(room)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(FormRoom(body))
        layout.addLayout(foot)
        layout.addLayout(before)
        layout.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(room, 1)
        outer.addStretch(0)
        self.offer_earlier([])
