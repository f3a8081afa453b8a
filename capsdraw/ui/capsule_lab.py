"""The "Capsule" view: the numbers of one capsule under sliders, and the digit that the decoder makes of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from capsdraw.history import History
from capsdraw.ink.normalize import Digit
from capsdraw.lab import perturb
from capsdraw.lab.export import Numbers
from capsdraw.lab.meaning import Meaning, meanings
from capsdraw.lab.names import LONGEST, Names
from capsdraw.lab.ranges import Ranges, from_card
from capsdraw.lab.steps import Step, Votes, route
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import Floats, Reading
from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, Bars
from capsdraw.ui.captioned_digit import StackedDigit, caption
from capsdraw.ui.export_menu import ExportMenu
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.morph_view import Kept, MorphView, parts
from capsdraw.ui.number_slider import NumberSlider
from capsdraw.ui.routing_view import RoutingView
from capsdraw.ui.sheet_view import SheetView
from capsdraw.ui.strip import Strip

if TYPE_CHECKING:
    from capsdraw.nets.session import Session

Explore = Callable[[str, Callable[["Session"], Any]], int]

_COLUMNS: Final = 2
# From this width on, pixels, the pictures are larger.
_WIDE: Final = 680
# Of the sliders and of the sheet; the routing says its own.
_ABOUT: Final = (
    "Each number says how the digit is written. Move one: the decoder draws the digit that has it.",
    "A row for each number, changed in steps while the others stay. Click a picture to set its slider.",
)
_PAPER, _CLASS = "± 0.25 (paper)", "Class range"


class CapsuleLab(QWidget):
    """Turns the numbers of the capsule that the drawing made.

    Attributes:
        label: the class whose capsule is held, or None where nothing is drawn.
        sliders: one a number; strip: each class decoded; sheet: the paper's Figure 4.
        seen, redrawn, difference: pictures; again: what the net reads in the redrawn digit.
        morph: a walk between two drawings; export: a menu.
        routing: how the primary capsules share themselves out; faces: the buttons that choose among these.
        follow, keep, reach, smooth: the switches; undo, redo, reset, random: the buttons.

    Signals:
        wanted(str): the user would like that model to answer.
        failed(str): something could not be done; one line.
        saved(str): something was saved or copied, in words.
    """

    wanted = Signal(str)
    failed = Signal(str)
    saved = Signal(str)

    def __init__(self, explore: Explore, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explore = explore
        self._jobs = jobs
        self._card: Card | None = None
        self._ranges: Ranges | None = None
        self._reading: Reading | None = None
        self._digit: Digit | None = None
        self._fresh = 0  # answers to older questions are about something else
        self._asked = 0
        self._waiting: dict[str, int] = {}
        self._walk = 0
        self._meanings: dict[tuple[str, int], list[Meaning]] = {}
        self._asked_meaning: tuple[str, int] | None = None
        self._names = Names()
        self._routers: dict[str, Any] = {}  # for the thread that asks models only
        self._steps: int | None = None  # of routing; None for as many as the net makes
        self._history: History[tuple[float, ...]] = History(())
        self.label: int | None = None
        self.sliders: list[NumberSlider] = []
        self._make()
        self._lay_out()
        self._connect()
        self.show_nothing()

    def describe(self, card: Card, models: list[Card]) -> None:
        """Lay out for the model that answers from now on; `models` are all that could."""
        self.morph.clear()
        self._walk = 0
        self._card = card
        self._steps = None
        self._forget()
        capsule = card.kind == "capsule"
        self._pages.setCurrentWidget(self._lab if capsule else self._none)
        if capsule:
            self.show_nothing()
            return
        offer = next((one for one in models if one.kind == "capsule"), None)
        self._why.setText(
            f"{card.title} keeps no capsules: its last layer says which digit, and nothing of how it is written. "
            "A capsule net keeps 16 numbers for each digit, and a decoder that draws what they say."
        )
        self._offer.setVisible(offer is not None)
        if offer is not None:
            self._offer.setText(f"Use {offer.title}")
            self._offer.setProperty("model", offer.name)

    def show_nothing(self) -> None:
        """An empty canvas has no capsule to hold."""
        self._forget()
        self.label = None
        self.headline.setText("Draw a digit, then take hold of its capsule")
        for one in self.sliders:
            one.setEnabled(False)
        for stacked in (self.seen, self.redrawn, self.difference):
            stacked.view.show_digit(None)
            stacked.text.setText(" ")
        self.again.show_scores(None, None, 0)
        self._again_title.setText("Read again")
        self.strip.show_pictures(None, None)
        self.sheet.show_sheet(None)
        self.routing.show_nothing()
        self._refresh()

    def show_reading(self, reading: Reading, digit: Digit) -> None:
        """Take hold of the capsule that a new drawing made."""
        if reading.capsules is None:
            return
        self._reading, self._digit = reading, digit
        self.again.set_reference(reading.scores)
        if self._card is not None:
            self._ranges = from_card(self._card.ranges, *reading.capsules.shape)
        held = reading.label if self.follow.isChecked() or self.label is None else self.label
        same = held == self.label and len(self.sliders) == reading.capsules.shape[1]
        self._hold(held, keep=same and self.keep.isChecked())

    def explored(self, kind: str, number: int, answer: Any) -> None:
        """Show the model's answer to a question of this view."""
        if self._waiting.get(kind) == number:
            del self._waiting[kind]
        if kind == "morph" and number == self._walk:
            self.morph.show_frames(answer)
        if number < self._fresh or self._reading is None:
            return
        if kind == "picture":
            self._show_picture(answer)
        elif kind == "reread":
            self.again.show_scores(answer.scores, answer.label, number)
            self._again_title.setText(f"Read again: {answer.label}   ▏as drawn")
        elif kind == "strip":
            self.strip.show_pictures(answer, self.label)
        elif kind == "sheet":
            self.sheet.show_sheet(answer)
        elif kind == "routing" and self.label is not None:
            digit, votes, steps = answer
            self.routing.show_routing(digit, votes, steps, self.label)
        elif kind == "meaning":
            key, found = answer
            self._meanings[key] = found
            self._name_sliders()

    @property
    def busy(self) -> bool:
        """Whether the newest question of some kind is not answered yet."""
        return bool(self._waiting)

    def offsets(self) -> tuple[float, ...]:
        """How far each number is moved."""
        return tuple(slider.offset for slider in self.sliders)

    def set_offsets(self, offsets: tuple[float, ...], remember: bool = True) -> None:
        """Move the numbers, as one step that Undo takes back."""
        for slider, offset in zip(self.sliders, offsets, strict=True):
            slider.set_offset(offset)
        if remember and self._history.now != offsets:
            self._history.push(offsets)
        self._ask_moved()
        self._refresh()

    def hold(self, label: int) -> None:
        """Take hold of another class' capsule."""
        if self._reading is None or label == self.label:
            return
        self.follow.setChecked(label == self._reading.label)
        self._hold(label, keep=False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Nothing was asked while nobody looked.
        self._ask_all()

    def resizeEvent(self, event: QResizeEvent) -> None:
        for one in (self.seen, self.redrawn, self.difference):
            one.view.set_scale(5 if event.size().width() >= _WIDE else 4)
        super().resizeEvent(event)

    def _forget(self) -> None:
        """Whatever is still answered is about something else."""
        self._reading = None
        self._fresh = self._asked + 1
        self._waiting.clear()

    def _hold(self, label: int, keep: bool) -> None:
        assert self._reading is not None
        capsules = self._reading.capsules
        assert capsules is not None
        self.label = label
        self._fit_sliders(capsules.shape[1])
        if not keep:
            self._history = History((0.0,) * len(self.sliders))
        self._set_reach()
        for slider, offset in zip(self.sliders, self._history.now, strict=True):
            slider.set_offset(offset)
            slider.setEnabled(True)
        winner = "longest" if label == self._reading.label else "chosen"
        length = perturb.length(capsules, label)
        self.headline.setText(f"Capsule {label}, the {winner} one: length {length:.2f}, {len(self.sliders)} numbers")
        self.seen.view.show_digit(self._digit)
        self.strip.hold(label)
        self._name_sliders()
        self._ask_all()
        self._refresh()

    def _fit_sliders(self, count: int) -> None:
        """As many sliders as the capsule has numbers, in columns, read downwards."""
        if len(self.sliders) == count:
            return
        for slider in self.sliders:
            slider.setParent(None)
            slider.deleteLater()
        self.sliders = [NumberSlider(number) for number in range(count)]
        rows = -(-count // _COLUMNS)
        for slider in self.sliders:
            self._grid.addWidget(slider, slider.number % rows, slider.number // rows)
            slider.moved.connect(self._ask_moved)
            slider.settled.connect(lambda: self.set_offsets(self.offsets()))
            slider.rename.connect(lambda one=slider: self._edit_name(one))

    def _set_reach(self) -> None:
        capsules = self._reading.capsules if self._reading else None
        if capsules is None or self.label is None:
            return
        wide = self.reach.currentText() == _CLASS and self._ranges is not None
        for slider in self.sliders:
            own = float(capsules[self.label, slider.number])
            band = self._band(slider.number)
            reach = (-perturb.PAPER, perturb.PAPER)
            if wide and band is not None:
                margin = 0.1 * (band[1] - band[0])
                reach = (min(band[0] - margin - own, 0.0), max(band[1] + margin - own, 0.0))
            slider.set_number(own, band, reach)

    def _band(self, number: int) -> tuple[float, float] | None:
        if self._ranges is None or self.label is None:
            return None
        return float(self._ranges.low[self.label, number]), float(self._ranges.high[self.label, number])

    def _name_sliders(self) -> None:
        if self._card is None or self.label is None:
            return
        found = self._meanings.get((self._card.name, self.label))
        names = []
        for slider in self.sliders:
            own = self._names.get(self._card.name, self.label, slider.number)
            measured = found[slider.number].name if found and slider.number < len(found) else None
            names.append(own or measured or "")
            slider.set_name(names[-1], own is not None)
        self.sheet.show_rows(names, list(self.offsets()))

    def _edit_name(self, slider: NumberSlider) -> None:
        if self._card is None or self.label is None:
            return
        editor = QLineEdit(slider)
        editor.setMaxLength(LONGEST)
        editor.setPlaceholderText("a name")
        editor.setText(self._names.get(self._card.name, self.label, slider.number) or "")
        editor.setGeometry(slider.name_area().toRect())
        place = (self._card.name, self.label, slider.number)

        def done() -> None:
            editor.blockSignals(True)
            try:
                self._names.put(*place, editor.text())
            except OSError as error:
                self.failed.emit(f"the name could not be kept: {error.strerror or error}")
            editor.deleteLater()
            slider.setFocus()
            self._name_sliders()

        editor.editingFinished.connect(done)
        editor.show()
        editor.setFocus()

    def _ask_all(self) -> None:
        if self._reading is None or not self.isVisible() or self.label is None:
            return
        self._ask_moved()
        capsules, label, card = self._reading.capsules, self.label, self._card
        assert capsules is not None
        assert card is not None
        self._ask("strip", lambda session: perturb.as_every_class(session.decode, capsules))
        self._ask_face()
        key = (card.name, label)
        if key in self._meanings or key == self._asked_meaning:
            return
        self._asked_meaning = key
        ranges = self._ranges
        typical = capsules if ranges is None else ranges.middle
        self._ask("meaning", lambda session: (key, meanings(session.decode, typical, label, ranges)))

    def _ask_moved(self) -> None:
        if self._reading is None or not self.isVisible() or self.label is None:
            return
        capsules, label = self._reading.capsules, self.label
        assert capsules is not None
        changed = perturb.moved(capsules, label, self.offsets())
        self._ask("picture", lambda session: (perturb.picture(session.decode, changed, label), changed))
        self._ask("reread", lambda session: session.read(perturb.picture(session.decode, changed, label)))
        self.sheet.show_rows([slider.name for slider in self.sliders], list(self.offsets()))
        self._refresh()

    def _ask_face(self) -> None:
        """What the face that is shown needs beyond the sliders' picture."""
        if self._reading is None or self.label is None or self._digit is None or not self.isVisible():
            return
        capsules, label, digit, count = self._reading.capsules, self.label, self._digit, self._steps
        assert capsules is not None
        if self._faces.currentWidget() is self.sheet:
            self._ask("sheet", lambda session: perturb.sheet(session.decode, capsules, label))
        elif self._faces.currentWidget() is self.routing:
            self._ask("routing", lambda session: self._route(session, digit, count))

    def _route(self, session: "Session", digit: Digit, count: int | None) -> tuple[Digit, Votes, list[Step]]:
        """On the thread that asks models."""
        from capsdraw.lab.routing import Router

        if session.name not in self._routers:
            self._routers[session.name] = Router(session)
        votes = self._routers[session.name].votes(digit)
        return digit, votes, route(votes, count)

    def _ask(self, kind: str, work: Callable[["Session"], Any]) -> None:
        self._asked = self._waiting[kind] = self._explore(kind, work)

    def _show_picture(self, answer: tuple[Floats, Floats]) -> None:
        picture, changed = answer
        assert self.label is not None
        self.redrawn.view.show_digit(picture)
        self.redrawn.text.setText(f"length {perturb.length(changed, self.label):.2f}")
        if self._digit is not None and self._digit.shape == picture.shape:
            self.difference.view.show_digit(np.abs(picture - self._digit))
            self.difference.text.setText(f"mean squared {float(np.mean((picture - self._digit) ** 2)):.3f}")

    def _randomise(self) -> None:
        """Each number anywhere within its reach: the class' own range, or the paper's steps."""
        random = np.random.default_rng()
        self.set_offsets(
            tuple(round(float(random.uniform(one.minimum(), one.maximum())) / 1000, 2) for one in self.sliders)
        )

    def _step(self, back: bool) -> None:
        if back:
            self._history.undo()
        else:
            self._history.redo()
        self.set_offsets(self._history.now, remember=False)

    def _pick(self, number: int, amount: float) -> None:
        offsets = list(self.offsets())
        offsets[number] = round(amount, 3)
        self.set_offsets(tuple(offsets))

    def _follow(self, on: bool) -> None:
        if on and self._reading is not None and self.label != self._reading.label:
            self._hold(self._reading.label, keep=False)

    def turn(self, face: int) -> None:
        """Show the sliders (0), the sheet (1), the routing (2) or the morph (3)."""
        self.faces[face].setChecked(True)
        self._faces.setCurrentIndex(face)
        self._about.setVisible(face < len(_ABOUT))
        self._about.setText(_ABOUT[min(face, len(_ABOUT) - 1)])
        self._ask_face()

    def numbers(self) -> Numbers | None:
        """What is held, as plain numbers; None where nothing is."""
        if self._reading is None or self._reading.capsules is None or self.label is None:
            return None
        return Numbers(
            self._reading.model, self.label, [slider.name for slider in self.sliders],
            [float(one) for one in self._reading.capsules[self.label]], list(self.offsets()),
        )  # fmt: skip

    def _keep(self, end: int) -> None:
        picture = self.redrawn.view.digit
        if self._reading is None or self._reading.capsules is None or self.label is None or picture is None:
            self.failed.emit("nothing is drawn yet: draw a digit, then keep it")
            return
        changed = perturb.moved(self._reading.capsules, self.label, self.offsets())
        self.morph.put(end, Kept(self._reading.model, self.label, changed, picture))

    def _ask_walk(self) -> None:
        first, last = self.morph.ends
        if first is not None and last is not None:
            ends = (first.capsules, first.label), (last.capsules, last.label)
            # Not bound to the drawing of the moment: it may be gone before the answer comes.
            self._walk = self._explore("morph", lambda session: perturb.walk(session.decode, *ends, parts()))

    def _count(self, steps: int) -> None:
        self._steps = steps
        self._ask_face()

    def _refresh(self) -> None:
        drawn = self._reading is not None
        self.undo.setEnabled(drawn and self._history.can_undo)
        self.redo.setEnabled(drawn and self._history.can_redo)
        self.reset.setEnabled(drawn and any(self.offsets()))
        self.random.setEnabled(drawn)
        self.export.setEnabled(drawn)

    def _make(self) -> None:
        self.headline = QLabel()
        self.headline.setFont(theme.large(self))
        self._about = caption(_ABOUT[0])
        self.strip, self.sheet, self.routing, self.morph = Strip(), SheetView(), RoutingView(), MorphView()
        self.seen = StackedDigit("What the net sees", 4)
        self.redrawn = StackedDigit("Redrawn", 4)
        self.difference = StackedDigit("Difference", 4)
        self.again = Bars()
        self.again.setMinimumSize(20 * theme.GRID, 14 * theme.GRID)
        self.again.set_ticks(CAPSULE_TICKS)
        self._again_title = QLabel()
        self._again_title.setFont(theme.small(self))
        self._again_title.setToolTip("What the net says of the redrawn digit; the marks are the lengths of your own")
        # Words never push the bars out of the window.
        self._again_title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.undo = _button("Undo", "Take the last change of the numbers back")
        self.redo = _button("Redo", "Make it again")
        self.reset = _button("Reset all", "Bring every number back to where it was read")
        self.export = _button("Export", "Save or copy what is held")
        self.export.setMenu(ExportMenu(self, self._jobs))
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.random = _button("Random", "Move every number at random within its reach")
        self.faces = [
            _button("Sliders", "Turn each number yourself"),
            _button("Sheet", "Each number in steps, as in Figure 4 of the CapsNet paper"),
            _button("Routing", "How the primary capsules share themselves out over the classes"),
            _button("Morph", "Walk from one drawing to another"),
        ]
        for one in self.faces:
            one.setCheckable(True)
            one.setAutoExclusive(True)
        self.faces[0].setChecked(True)
        self.follow = QCheckBox("Follow the longest")
        self.follow.setChecked(True)
        self.follow.setToolTip("A new drawing hands you the longest capsule; else the class you chose stays held")
        self.keep = QCheckBox("Keep changes while drawing")
        self.keep.setToolTip("What you moved stays moved when you draw on; else a new stroke brings all back")
        self.smooth = QCheckBox("Smooth")
        self.smooth.setToolTip("Enlarge the pictures smoothly instead of pixel by pixel")
        self.reach = QComboBox()
        self.reach.addItems([_PAPER, _CLASS])
        self.reach.setToolTip("How far a slider reaches; the grey band is the range over the training digits")
        self.reach.setAccessibleName("Reach of the sliders")

    def _lay_out(self) -> None:
        self._lab, self._none = QWidget(), QWidget()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._lab)
        self._pages.addWidget(self._none)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)
        lab = QVBoxLayout(self._lab)
        lab.setContentsMargins(0, 0, 0, 0)
        lab.setSpacing(theme.GRID)
        lab.addWidget(self.headline)
        lab.addWidget(self._about)
        lab.addLayout(_row(*self.faces, None, self.undo, self.redo, self.reset, self.random, self.export))
        self._faces = QStackedWidget()
        self._faces.addWidget(self._sliders_face())
        self._faces.addWidget(self.sheet)
        self._faces.addWidget(self.routing)
        self._faces.addWidget(self.morph)
        lab.addWidget(self._faces, 1)
        lab.addWidget(self.strip)
        self._lay_out_none()
        self._fit_sliders(16)

    def _sliders_face(self) -> QWidget:
        face = QWidget()
        layout = QVBoxLayout(face)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(3 * theme.GRID)
        self._grid.setVerticalSpacing(0)
        layout.addLayout(self._grid, 1)
        layout.addLayout(_row(self.follow, self.keep, None, self.reach, self.smooth))
        pictures = QHBoxLayout()
        pictures.setSpacing(2 * theme.GRID)
        for one in (self.seen, self.redrawn, self.difference):
            pictures.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)
        again = QVBoxLayout()
        again.setSpacing(theme.GRID // 2)
        again.addWidget(self._again_title)
        again.addWidget(self.again, 1)
        pictures.addLayout(again, 1)
        layout.addLayout(pictures)
        return face

    def _lay_out_none(self) -> None:
        self._why = caption()
        self._offer = QPushButton()
        layout = QVBoxLayout(self._none)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.GRID)
        title = QLabel("No capsule to take hold of")
        title.setFont(theme.large(self))
        layout.addWidget(title)
        layout.addWidget(self._why)
        layout.addWidget(self._offer, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()

    def _connect(self) -> None:
        self.undo.clicked.connect(lambda: self._step(True))
        self.redo.clicked.connect(lambda: self._step(False))
        self.reset.clicked.connect(lambda: self.set_offsets((0.0,) * len(self.sliders)))
        self.random.clicked.connect(self._randomise)
        for face, one in enumerate(self.faces):
            one.clicked.connect(lambda _, face=face: self.turn(face))
        self.routing.counted.connect(self._count)
        self.morph.wanted.connect(self._keep)
        self.morph.walked.connect(self._ask_walk)
        self.follow.toggled.connect(self._follow)
        self.reach.currentIndexChanged.connect(self._set_reach)
        self.smooth.toggled.connect(self._set_smooth)
        self.strip.chosen.connect(self.hold)
        self.sheet.picked.connect(self._pick)
        self._offer.clicked.connect(lambda: self.wanted.emit(self._offer.property("model")))

    def _set_smooth(self, smooth: bool) -> None:
        for one in (self.seen, self.redrawn, self.difference):
            one.view.set_smooth(smooth)


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAutoRaise(True)
    return button


def _row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None is room that gives."""
    row = QHBoxLayout()
    row.setSpacing(theme.GRID)
    for widget in widgets:
        if widget is None:
            row.addStretch(1)
        else:
            row.addWidget(widget)
    return row
