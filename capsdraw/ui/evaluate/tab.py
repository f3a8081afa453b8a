"""The "Evaluate" view: a model on data, and several against each other."""

import importlib
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from capsdraw.datasets.data import Data
from capsdraw.datasets.sources import KNOWN
from capsdraw.evaluate import error
from capsdraw.evaluate.metrics import Ints
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, combo, one_of, row
from capsdraw.ui.data_field import DataField, goes_with, suiting, title
from capsdraw.ui.evaluate.calibration_view import CalibrationView
from capsdraw.ui.evaluate.doubt_row import DoubtRow
from capsdraw.ui.evaluate.examiner import Comparison, Examined, Examiner, Explained
from capsdraw.ui.evaluate.exchanges import Exchanges
from capsdraw.ui.evaluate.exports import Exports
from capsdraw.ui.evaluate.face_words import ABOUT, FACES, NOTHING, UNDER_WAY
from capsdraw.ui.evaluate.pairs_view import PairsView
from capsdraw.ui.evaluate.sets_view import SetsView
from capsdraw.ui.evaluate.views import ConfusionView, MistakesView, ResultView
from capsdraw.ui.guard import Guarded
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.plain_text import Label
from capsdraw.ui.wording import test_image

_SETS: Final = 5


class _View(Protocol):
    def show_result(self, examined: Examined, /) -> None: ...


class EvaluateTab(Guarded, QWidget):
    """Measures models; shows what came of it.

    Attributes:
        result, confusion, mistakes, calibration, pairs, sets: the six faces; faces: the buttons that choose among them.
        model, data: what is measured, and on what; start, cancel, export: what can be done; exports: its menu.
        doubt: a question about the data; bar: how far it is; status: in words; examiner: the thread.
        examined: the newest result, or None; compared: the newest comparison, or None.

    Signals:
        failed(str): something could not be done; one line.
        saved(str): something was done, in words.
        chosen(str): the user chose the model of that name, here.
        wanted(object, str, str, str): that digit, or pair, (rows, columns) float32 is to be on the canvas; what it is,
            in words; its class, "" of a pair; the model that was measured on it, to read it there, too.
        inside(object, object, str): the net of that card is to be looked into with that image, which is no digit,
            (rows, columns[, 3]) float32 in [0, 1]; what it is, in words.
    """

    failed = Signal(str)
    saved = Signal(str)
    wanted = Signal(object, str, str, str)
    chosen = Signal(str)
    inside = Signal(object, object, str)

    def __init__(self, cache: SessionCache, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.examiner = Examiner(cache, self)
        self.result, self.confusion, self.mistakes = ResultView(), ConfusionView(), MistakesView()
        self.calibration, self.pairs, self.sets = CalibrationView(), PairsView(), SetsView()
        self.examined: Examined | None = None
        self.compared: Comparison | None = None
        self._cards: list[Card] = []
        self._preferred = cards.DEFAULT_MODEL
        self._explaining = 0
        self._make()
        self._lay_out()
        self._connect()
        self.turn(0)

    def _make(self) -> None:
        self._face = 0
        self._user_chose_data = False  # the user has chosen the data
        self._suited = ""  # the data that was chosen for a model
        self._measured = ""  # the data that was measured last, or is now
        self.doubt, self._exchanges = DoubtRow(), Exchanges()
        self.faces = one_of(*(button(name, tip) for name, tip in FACES))
        self.model, self.data = (
            combo("Model to measure", "The net that reads on all tabs", letters=13),
            DataField("data", "Images to measure on"),
        )
        self.start, self.cancel = QPushButton("Start"), QPushButton("Cancel")
        self.export = button("Export", "Save tables (CSV) and pictures (PNG)")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.exports = Exports(self._jobs, self.sets, self)
        self.export.setMenu(self.exports)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme.GRID // 2)
        self.status = caption(" ")
        self.status.setFont(theme.tabular(self.status.font()))
        self._about = caption()
        self._empty = caption(NOTHING)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Wanted soon, and slow to import.
        self._jobs.run(lambda: importlib.import_module("pyqtgraph"), lambda _: None, lane="imports")
        self._jobs.run(cards.list_cards, self.offer_models, lane="models")

    def offer_models(self, available: list[Card]) -> None:
        """The models at hand; the choice stays where it can."""
        if available != self._cards:
            self._cards = available
            self.model.clear()
            for card in available:
                self.model.addItem(card.title, card.name)
            self.sets.offer_models(available)
        self.model.setCurrentIndex(max(self.model.findData(self._preferred), 0))
        self._fit_data()
        self._refresh()

    def replace_models(self, models: list[Card]) -> None:
        """Some are others now; offered where the tab was looked at, and has some."""
        if self._cards:
            self.offer_models(models)

    def prefer(self, name: str) -> None:
        """The model that was chosen for all tabs; while one is measured, that stays until it is done."""
        self._preferred = name
        if not self.examiner.busy:
            self.model.setCurrentIndex(max(self.model.findData(name), 0))
            self._fit_data()

    def turn(self, face: int) -> None:
        """Show the result (0), confusion (1), mistakes (2), calibration (3), pairs (4) or sets (5)."""
        self.faces[face].setChecked(True)
        self._face = face
        self._about.setText(ABOUT[face])
        self._fit_data()
        for widget in (self._model_words, self.model):
            widget.setVisible(face != _SETS)
        has_result = face == _SETS or self.examined is not None
        self._stack.setCurrentIndex(face if has_result else len(FACES))
        if not self.examiner.busy:
            self.status.setText(self._done())
        self._refresh()

    def close_examiner(self) -> None:
        """Stop what is under way and wait for it."""
        self.examiner.close()

    def _begin(self) -> None:
        source = self.data.value()
        if not source:
            return
        if self._face == _SETS:
            draw, models = self.sets.draw(), self.sets.ticked()
            if draw is None or len(models) < 2:
                return
            self.examiner.compare(models, source, draw, self._exchanges.of(source))
        else:
            card = self._card()
            if card is None:
                return
            self.examiner.examine(card, source, self._exchanges.of(source))
        self._measured = source
        self.doubt.hide()
        self.status.setText("Starting …")
        self.bar.setRange(0, 0)
        self._refresh()

    def take_data(self, source: str) -> None:
        """Measure on that file or folder next; the model stays where it can."""
        self.data.put(source)
        self._data_chosen()

    def _ask_doubt(self, why: str) -> None:
        if self.data.value() == self._measured:  # else a file was dropped meanwhile
            self._exchanges.ask(self._measured)
            self.doubt.ask(why)

    def _answer_doubt(self, transposed: bool) -> None:
        if self.start.isEnabled():  # else nothing would come of it
            self._exchanges.say(transposed)
            self.start.setFocus()  # the question goes
            self._begin()

    def _stop(self) -> None:
        self.status.setText("Stopping …")
        if self.cancel.hasFocus():
            self.faces[self._face].setFocus()
        self.cancel.setEnabled(False)
        self.examiner.stop()

    def _told(self, what: str, done: int, total: int) -> None:
        if not self.examiner.busy or not self.cancel.isEnabled():
            return  # it is being stopped
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.status.setText(f"{what}: {done:,} of {total:,}" if total else f"{what} …")

    def _examined(self, examined: Examined) -> None:
        self.examined = examined
        views: tuple[_View, ...] = (self.result, self.confusion, self.mistakes, self.calibration)
        for view in views:
            view.show_result(examined)
        self.pairs.show_result(examined, self._cards)
        self.exports.show_result(examined)
        self.turn(self._face)

    def _compared(self, comparison: Comparison) -> None:
        self.compared = comparison
        self.sets.show_found(comparison)
        self.exports.show_compared(comparison)

    def _ended(self, how: str) -> None:
        self.bar.setRange(0, 1)
        done, ended = self._done(), "Stopped" if how == "stopped" else "Failed"
        # What stands below is of an earlier time: it says of which model and data.
        self.status.setText(done if not how else f"{ended}. Below: {done[0].lower()}{done[1:]}" if done else ended)
        if how not in ("", "stopped"):
            self.failed.emit(how)
        self.prefer(self._preferred)
        self._refresh()

    def _done(self) -> str:
        if self._face == _SETS:
            return (
                ""
                if self.compared is None
                else f"Compared {len(self.compared.cards)} models on {title(self.compared.data.name)}"
            )
        return (
            ""
            if self.examined is None
            else f"Measured {self.examined.card.title} on {title(self.examined.result.data)}"
        )

    def _refresh(self) -> None:
        busy = self.examiner.busy
        able = len(self.sets.ticked()) >= 2 if self._face == _SETS else self._card() is not None
        # The focus stays with the two: from a button that cannot be pressed any more, it would leave the tab.
        if busy:
            self.cancel.setEnabled(True)
            if self.start.hasFocus():
                self.cancel.setFocus()
        self.start.setEnabled(able and bool(self.data.value()) and not busy)
        if not busy and self.cancel.hasFocus():
            self.start.setFocus()
        self.doubt.setEnabled(self.start.isEnabled())
        self.cancel.setEnabled(busy)
        self.bar.setVisible(busy)
        self._empty.setText(UNDER_WAY if busy else NOTHING)
        for widget in (self.model, self.data, self.pairs.none.offer):
            widget.setEnabled(not busy)

    def _card(self) -> Card | None:
        return next((card for card in self._cards if card.name == self.model.currentData()), None)

    def _choose(self) -> None:
        self.prefer(self.model.currentData())
        self.chosen.emit(self._preferred)

    def _fit_data(self) -> None:
        """The data that the model was made for, unless the user has chosen some that it reads, too."""
        card, now = self._card(), self.data.value()
        if self._face == _SETS:
            card = next(iter(self.sets.ticked()), card)
        own = now not in ("", *KNOWN) and (self._user_chose_data or now != self._suited)
        if card is None or own:
            return  # a file or a folder is the user's own choice
        if self._user_chose_data and now in KNOWN and goes_with(card, now):
            return
        self._user_chose_data, self._suited = False, suiting(card)
        if self._suited != now:
            self.doubt.hide()  # it is of other data
        self.data.put(self._suited)
        gone = f"Choose data: '{Path(card.data_set).name}', which {card.title} was made for, is not here"
        gone = gone if card.data_set else f"Choose data: nothing says which {card.title} was made for"
        self.data.refuse("" if self._suited else gone)
        self._refresh()

    def _sets_changed(self) -> None:
        self._fit_data()
        self._refresh()

    def _data_chosen(self) -> None:
        self._user_chose_data = True
        self._exchanges.forget(self.data.value())
        self.data.refuse("")
        self.doubt.hide()
        self._refresh()

    def _instead(self, name: str) -> None:
        """Measure that model, on the same data."""
        if self.examiner.busy:
            return  # what comes would stand under another model's name
        self.prefer(name)
        self.chosen.emit(name)
        self._begin()

    def _pick(self, data: Data, index: int, card: Card, read: str = "") -> None:
        """Put a test image on the canvas."""
        image = data.test_images[index]
        label = int(data.test_labels[index])
        # In words the class is called as it is here; the net that reads it there knows its own name alone.
        what = f"{title(data.name)} test image {index:,}, labelled {error.names(card, data)[label]}{read}"
        self.wanted.emit(from_bytes(image), what, card.label(label), card.name)

    def _pick_found(self, index: int) -> None:
        examined = self.examined
        if examined is None:
            return
        if examined.card.reads_pairs:
            true, read = examined.result.told(index, examined.names)
            what = f"Pair {index:,} of {title(examined.data.name)}: {true}; {examined.card.title} read {read}"
            self.wanted.emit(from_bytes(examined.images[index]), what, "", examined.card.name)
        elif examined.card.reads_digits:
            _, read = examined.result.told(index, examined.names)
            self._pick(examined.data, index, examined.card, f"; {examined.card.title} read {read}")
        else:  # the canvas takes no such picture
            words = test_image(index, examined.names[int(examined.data.test_labels[index])])
            self.inside.emit(examined.card, from_bytes(examined.data.test_images[index]), words)

    def _pick_compared(self, index: int) -> None:
        comparison, compared = self.compared, self.sets.compared
        if comparison is None or compared is None:
            return
        image, models = comparison.data.test_images[index], [comparison.cards[model] for model in compared]
        if all(card.reads_digits for card in comparison.cards):
            # The image is there for the model that misread it.
            wrong = next((model for model in compared if not comparison.results[model].right[index]), compared[0])
            self._pick(comparison.data, index, comparison.cards[wrong])
        self.sets.heats.show_waiting(models)
        read = [int(comparison.results[model].read[index]) for model in compared]
        self._explaining = self.examiner.explain(models, from_bytes(image), read)

    def _explained(self, question: int, explained: Explained) -> None:
        if question == self._explaining:
            self.sets.heats.show_explained(explained)

    def _keep(self, chosen: Ints) -> None:
        if self.compared is not None:
            self.exports.ask_set(self.compared, chosen)

    def _lay_out(self) -> None:
        views = (self.result, self.confusion, self.mistakes, self.calibration, self.pairs, self.sets, self._empty)
        for view in views:
            self._stack.addWidget(view)
        self._model_words, words = Label("Model"), Label("Data")
        self._model_words.setBuddy(self.model)
        words.setBuddy(self.data.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._about)
        layout.addLayout(row(*self.faces, None, self.export))
        layout.addLayout(row(self._model_words, self.model, words, self.data, None, self.start, self.cancel))
        layout.addWidget(self.data.reason_label)
        layout.addWidget(self.doubt)
        layout.addWidget(self.status)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        for face, face_button in enumerate(self.faces):
            face_button.clicked.connect(lambda _, face=face: self.turn(face))
        self.start.clicked.connect(self._begin)
        self.cancel.clicked.connect(self._stop)
        self.model.activated.connect(lambda _: self._choose())
        self.data.changed.connect(self._data_chosen)
        self.examiner.progressed.connect(self._told)
        self.examiner.examined.connect(self._examined)
        self.examiner.compared.connect(self._compared)
        self.examiner.explained.connect(self._explained)
        self.examiner.ended.connect(self._ended)
        self.examiner.doubted.connect(self._ask_doubt)
        self.doubt.answered.connect(self._answer_doubt)
        for view in (self.confusion, self.mistakes, self.pairs):
            view.picked.connect(self._pick_found)
        self.pairs.wanted.connect(self._instead)
        self.sets.picked.connect(self._pick_compared)
        self.sets.kept.connect(self._keep)
        self.sets.changed.connect(self._sets_changed)
        self.exports.saved.connect(self.saved)
