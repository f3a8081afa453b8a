"""The "Capsule" view: the numbers of one capsule under sliders, and the digit that the decoder makes of them."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import Digit
from capsdraw.lab import perturbation
from capsdraw.lab.grouping import grouped
from capsdraw.lab.meaning import Meaning
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.ranges import Ranges, from_card
from capsdraw.nets.reading import Floats, Reading
from capsdraw.ui.guard import Guarded
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.lab.asking import Held, LabQuestions
from capsdraw.ui.lab.export_menu import ExportMenu
from capsdraw.ui.lab.kept_drawing import KeptDrawing, KeptEnds, MorphEnd
from capsdraw.ui.lab.page import LabPage
from capsdraw.ui.lab.slider_names import Key, SliderNames
from capsdraw.ui.lab.undo import Moves, Offsets
from capsdraw.ui.questions import Desk
from capsdraw.ui.wording import invitation

_UNDO, _REDO = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo


class CapsuleLab(Guarded, QWidget):
    """Turns the numbers of the capsule that the drawing made.

    Attributes:
        label: the class whose capsule is held, or None where nothing is drawn.
        face: sliders and pictures; sheet: the paper's Figure 4; routing: how the primary capsules
            share themselves out; morph: a walk between two drawings.
        faces: the buttons that choose among these; undo, redo, reset, random, export: the others.
        strip: each class decoded; none: what a classifier has instead of all this.
        questions: what is asked of the net.

    Signals:
        wanted(str): the user would like that model to answer.
        failed(str): something could not be done; one line.
        saved(str): something was saved or copied, in words.
    """

    wanted = Signal(str)
    failed = Signal(str)
    saved = Signal(str)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: Card | None = None
        self._ranges: Ranges | None = None
        self._reading: Reading | None = None
        self._digit: Digit | None = None
        self._names = SliderNames()
        self._steps: int | None = None  # of routing; None for as many as the net makes
        self._moves = Moves()
        self._chosen: int | None = None  # by the user; else the longest is held
        self.label: int | None = None
        self._make(desk, jobs)
        self._connect()
        self.show_nothing()

    def describe(self, card: Card, models: list[Card]) -> None:
        """Lay out for the model that answers from now on; `models` are all that could."""
        # First of all: what is held is the other model's, and nothing is to be asked about it.
        self.morph.forget(f"waiting for {card.title}")
        self._card = card
        self.show_nothing()
        self.questions.model.forget()
        self._card = self.questions.model.net = self._menu.files.net = card
        self._names.know(card.name, card.sha256)
        self._steps = None
        self._moves.clear()
        self._chosen = None
        self._page.describe(card, models)
        self.ask_kept()

    def show_nothing(self) -> None:
        """An empty canvas has no capsule to hold."""
        self._remember()
        self._reading = self.label = None
        self.questions.capsule.forget()
        self._names.forget()
        self.headline.setText(f"{invitation(self._card)}, then change its capsule")
        self.face.clear()
        self.strip.show_pictures(None, None)
        self.sheet.show_sheet(None)
        self.routing.show_nothing()
        self._refresh()

    def show_waiting(self) -> None:
        """There is a drawing, and no model yet to read it."""
        if self._reading is None:
            self.headline.setText("Loading the net …")

    def show_reading(self, reading: Reading, digit: Digit) -> None:
        """Take hold of the capsule that a new drawing made."""
        if reading.capsules is None:
            return
        self._reading, self._digit = reading, digit
        if self._card is not None:
            self._ranges = from_card(self._card.ranges, *reading.capsules.shape)
        self.questions.drawing.forget()
        if not self.face.keep.isChecked():
            self._moves.clear()
        # With no class chosen, a first stroke's passing guess is not held on to.
        chosen = None if self.face.follow.isChecked() else self._chosen
        self._hold(reading.label if chosen is None else chosen)

    @property
    def busy(self) -> bool:
        """Whether the newest of some question is not answered yet."""
        return self.questions.model.awaited or self._menu.files.awaited

    def set_offsets(self, offsets: Offsets) -> None:
        """Move the numbers, as one step that Undo takes back."""
        self._remember()
        self.face.set_offsets(offsets)
        self._remember()
        self._moved()

    def held(self) -> Held | None:
        """What can be asked about, saved or kept; None where nothing is held."""
        if self._reading is None or self._reading.capsules is None or self.label is None:
            return None
        name = self.strip.name(self.label)
        return Held(self._reading.model, self.label, name, self._reading.capsules, self.face.offsets())

    def hold(self, label: int) -> None:
        """Take hold of another class' capsule."""
        if self._reading is None or label == self.label:
            return
        self.face.follow.setChecked(label == self._reading.label)
        self._chosen = label
        if label != self.label:
            self._hold(label)

    def event(self, event: QEvent) -> bool:
        # Within the lab, Undo and Redo are the lab's, not the canvas': as long as it has a step to go.
        if isinstance(event, QKeyEvent) and self._goes(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._step(event.matches(_UNDO))
                return True
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Nothing was asked while nobody looked.
        self._ask_all()
        self.ask_kept()

    def _remember(self) -> None:
        """A move not let go of yet is a step, too: before anything else moves the numbers."""
        if self.label is not None:
            self._moves.keep(self.face.offsets())

    def _moved(self) -> None:
        self._ask_moved()
        self._ask_ends()
        self._ask_face()
        self._refresh()

    def _hold(self, label: int) -> None:
        assert self._reading is not None
        capsules = self._reading.capsules
        assert capsules is not None
        self._remember()
        if label != self.label:
            self.questions.capsule.forget()
            self._names.forget()
        self.label = label
        bands = None
        if self._ranges is not None:
            bands = np.stack([self._ranges.low[label], self._ranges.high[label]], -1)
        size = capsules.shape[1]
        self._moves.hold(label, size)
        if self._page.current_face is not self.sheet:
            self.sheet.show_sheet(None)  # it is of another capsule
        self.face.hold((self._reading.model, label), capsules[label], bands, self._digit, self._reading.scores)
        self.face.set_offsets(self._moves.now)
        winner = "longest" if label == self._reading.label else "chosen"
        name, length = self.strip.name(label), perturbation.length(capsules, label)
        self.headline.setText(f"Capsule {name}, the {winner} one: length {length:.2f}, {size} numbers")
        self.strip.hold(label)
        self._name_sliders()
        self._ask_all()
        self._refresh()

    def _name_sliders(self) -> None:
        if self._card is None or self.label is None:
            return
        names = self._names.of((self._card.name, self.label), len(self.face.sliders))
        for slider, (name, own, meaning) in zip(self.face.sliders, names, strict=True):
            slider.set_name(name, own, meaning)
        meanings = [meaning for _, _, meaning in names if meaning is not None]
        # Where nothing is measured yet, all stays where it is until it is.
        if len(meanings) == len(names):
            effects = [meaning.effect for meaning in meanings]
            self.face.arrange(grouped([name for name, _, _ in names], effects), effects)
        else:
            self.face.list.blank()
        self.sheet.show_rows([name for name, _, _ in names], list(self.face.offsets()))

    def _rename(self, key: tuple[str, int], dimension: int, name: str) -> None:
        try:
            self._names.put(key, dimension, name)
        except (CapsDrawError, OSError) as error:
            self.failed.emit(f"the name could not be saved: {getattr(error, 'strerror', None) or error}")
        self._name_sliders()
        if self._card is not None and key == (self._card.name, self.label):
            self.face.list.reveal(dimension)

    def _learn(self, learnt: tuple[Key, Sequence[Meaning]]) -> None:
        self._names.learn(*learnt)
        self._name_sliders()

    def _show_walk(self, frames: Floats) -> None:
        self.morph.show_frames(frames)
        self._refresh()

    def _show_kept(self, kept: KeptEnds) -> None:
        assert self._card is not None
        self.morph.take(kept, f"{self._card.title} reads other pictures")
        self._refresh()

    def ask_kept(self) -> None:
        """What the net that answers now makes of the drawings that were kept for the morph."""
        drawings = self.morph.unasked
        if drawings and self.isVisible() and self._card is not None and self._card.kind == NetKind.CAPSULE:
            self.questions.kept.put(drawings)

    def _ask_ends(self) -> None:
        held = self.held()
        if held is not None and self.isVisible():
            self.questions.ends.put(held, self.face.reaches())

    def _ask_all(self) -> None:
        held = self.held()
        if held is None or not self.isVisible():
            return
        self._ask_moved()
        self._ask_ends()
        capsules = held.capsules.copy()
        for label, offsets in self._moves.of_all().items():
            capsules[label] += np.asarray(offsets, np.float32)
        self.questions.strip.put(capsules, held.label)
        self._ask_face()
        assert self._card is not None
        key = self._card.name, held.label
        if self._names.ask(key):
            self.questions.meaning.put(key, held.capsules, self._ranges)

    def _ask_moved(self) -> None:
        held = self.held()
        if held is None or not self.isVisible():
            return
        self.questions.picture.put(held)
        self.questions.reread.put(held)
        self.sheet.show_rows([slider.name for slider in self.face.sliders], list(held.offsets))
        self._refresh()

    def _ask_face(self) -> None:
        """What the face that is shown needs beyond the sliders' picture."""
        held = self.held()
        if held is None or self._digit is None or not self.isVisible():
            return
        if self._page.current_face is self.sheet:
            self.sheet.awaited = True
            self.questions.sheet.put(held)
        elif self._page.current_face is self.routing:
            self.questions.routing.put(self._digit, self._steps, held.label)

    def _goes(self, event: QKeyEvent) -> bool:
        """Whether a key takes back, or makes again, what was moved here."""
        back = event.matches(_UNDO)
        if self._reading is None or not (back or event.matches(_REDO)):
            return False
        self.face.settle()  # a burst of moves under way is a step, too
        return self._moves.can_undo if back else self._moves.can_redo

    def _step(self, back: bool) -> None:
        if self._reading is None:
            return
        self.face.settle()
        self._moves.step(back)
        self.face.set_offsets(self._moves.now)
        self._moved()

    def _pick(self, dimension: int, amount: float) -> None:
        offsets = list(self.face.offsets())
        offsets[dimension] = round(amount, 3)
        self.set_offsets(tuple(offsets))

    def _follow(self, on: bool) -> None:
        if not on:
            self._chosen = self.label  # stays held
        elif self._reading is not None and self.label != self._reading.label:
            self._hold(self._reading.label)

    def turn(self, face: int) -> None:
        """Show the sliders (0), the sheet (1), the routing (2) or the morph (3)."""
        self._page.turn(face)
        self._ask_face()

    def _keep(self, end: int) -> None:
        held, picture, reading = self.held(), self.face.redrawn.view.digit, self._reading
        if held is None or picture is None or reading is None or self._digit is None:
            self.failed.emit("nothing is read yet: draw something, then keep it")
            return
        chosen = held.label != reading.label
        net = "" if self._card is None else self._card.sha256
        drawing = KeptDrawing(self._digit, held.model, held.label, held.name, chosen, held.offsets, net)
        self.morph.put(end, drawing, MorphEnd(held.model, held.label, held.name, held.changed(), picture))
        self._refresh()

    def _count(self, steps: int) -> None:
        self._steps = steps
        self._ask_face()

    def _refresh(self) -> None:
        drawn = self._reading is not None
        self.undo.setEnabled(drawn and self._moves.can_undo)
        self.redo.setEnabled(drawn and self._moves.can_redo)
        self.reset.setEnabled(drawn and any(self.face.offsets()))
        self.random.setEnabled(drawn)
        self.export.setEnabled(drawn or self.morph.frames is not None)

    def _make(self, desk: Desk, jobs: Jobs) -> None:
        page = self._page = LabPage()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)
        self.headline, self.strip, self.none = page.headline, page.strip, page.none
        self.face, self.sheet, self.routing, self.morph = page.face, page.sheet, page.routing, page.morph
        self.questions = LabQuestions(
            desk,
            page.face,
            page.strip,
            page.sheet,
            page.routing,
            self._learn,
            self._show_walk,
            self._show_kept,
            self.failed.emit,
        )
        self._menu = ExportMenu(desk, self.held, page.face, page.morph, jobs, self)
        page.tools.set_menu(self._menu)
        self.faces, self.export, self.random = page.tools.faces, page.tools.export, page.tools.random
        self.undo, self.redo, self.reset = page.tools.undo, page.tools.redo, page.tools.reset

    def _connect(self) -> None:
        self.undo.clicked.connect(lambda: self._step(True))
        self.redo.clicked.connect(lambda: self._step(False))
        self.reset.clicked.connect(lambda: self.set_offsets((0.0,) * len(self.face.sliders)))
        self.random.clicked.connect(lambda: self.set_offsets(self.face.random()))
        for face, face_button in enumerate(self.faces):
            face_button.clicked.connect(lambda _, face=face: self.turn(face))
        self.routing.counted.connect(self._count)
        self.morph.wanted.connect(self._keep)
        self.morph.walked.connect(self.questions.walk.put)
        self.face.follow.toggled.connect(self._follow)
        self.face.moved.connect(self._ask_moved)
        self.face.settled.connect(lambda: self.set_offsets(self.face.offsets()))
        self.face.ranged.connect(self._ask_ends)
        self.face.renamed.connect(self._rename)
        self.strip.chosen.connect(self.hold)
        self.sheet.picked.connect(self._pick)
        self.none.wanted.connect(self.wanted)
        self.routing.wanted.connect(self.wanted)
        self._menu.failed.connect(self.failed)
        self._menu.saved.connect(self.saved)
