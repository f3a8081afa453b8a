"""The "Evaluate" view: a model on data, and several against each other."""

import importlib
from pathlib import Path
from typing import Final, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from capsdraw.datasets.data import Data
from capsdraw.datasets.sources import KNOWN, SYNTHETIC
from capsdraw.evaluate.figures import Ints
from capsdraw.ink.raster import from_bytes
from capsdraw.nets import cards
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.paths import expanded
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, combo, one_of, row
from capsdraw.ui.data_field import DataField, at_hand, title
from capsdraw.ui.evaluate.calibration_view import CalibrationView
from capsdraw.ui.evaluate.examiner import Compared, Examined, Examiner, Explained
from capsdraw.ui.evaluate.exports import Exports
from capsdraw.ui.evaluate.pairs_view import PairsView
from capsdraw.ui.evaluate.sets_view import SetsView
from capsdraw.ui.evaluate.views import ConfusionView, MistakesView, ResultView
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.wording import test_image

_FACES: Final = (
    ("Result", "The error, and each class"),
    ("Confusion", "What was read as what"),
    ("Mistakes", "All misread images"),
    ("Calibration", "Is it as often right as it is sure?"),
    ("Pairs", "Images above their reconstructions"),
    ("Sets", "Several models on many small sets"),
)
_ABOUT: Final = (
    "How often a model is wrong on images that it was not trained on.",
    "Rows are true classes, columns what was read. Green is right, red is wrong.",
    "What it got wrong, the surest mistake first. Click a digit: it is on the canvas, and in the lab.",
    "Is the model right as often as it is sure of itself?",
    "Real images above, and beneath them what the decoder draws of their longest capsules.",
    "Do models differ, on which small sets most, and by which images?",
)
_SETS: Final = 5


class _View(Protocol):
    def show_result(self, found: Examined, /) -> None: ...


class EvaluateTab(QWidget):
    """Measures models; shows what came of it.

    Attributes:
        result, confusion, mistakes, calibration, pairs, sets: the six faces; faces: the buttons that choose among them.
        model, data: what is measured, and on what; start, cancel, export: what can be done; exports: its menu.
        bar: how far it is; said: in words; examiner: the thread.
        found: the newest result, or None; compared: the newest comparison, or None.

    Signals:
        failed(str): something could not be done; one line.
        saved(str): something was done, in words.
        wanted(object, str, str, str): that digit (28, 28) float32 is to be on the canvas; what it is, in words; its
            class; the model that was measured on it, to read it there, too.
        inside(object, object, str): the net of that card is to be looked into with that image, which is no digit,
            (rows, columns[, 3]) float32 in [0, 1]; what it is, in words.
    """

    failed = Signal(str)
    saved = Signal(str)
    wanted = Signal(object, str, str, str)
    inside = Signal(object, object, str)

    def __init__(self, cache: SessionCache, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.examiner = Examiner(cache, self)
        self.result, self.confusion, self.mistakes = ResultView(), ConfusionView(), MistakesView()
        self.calibration, self.pairs, self.sets = CalibrationView(), PairsView(), SetsView()
        self.found: Examined | None = None
        self.compared: Compared | None = None
        self._cards: list[Card] = []
        self._preferred = cards.DEFAULT_MODEL
        self._explaining = 0
        self._own = False  # the user has chosen the model here
        self._make()
        self._lay_out()
        self._connect()
        self.turn(0)

    def _make(self) -> None:
        self._face = 0
        self._asked = False  # the user has chosen the data
        self._suited = ""  # the data that was chosen for a model
        self.faces = one_of(*(button(name, tip) for name, tip in _FACES))
        self.model, self.data = combo("Model to measure", letters=13), DataField("data", "Images to measure on")
        self.start, self.cancel = QPushButton("Start"), QPushButton("Cancel")
        self.export = button("Export", "Save tables (CSV) and pictures (PNG)")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.exports = Exports(self._jobs, self.sets, self)
        self.export.setMenu(self.exports)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme.GRID // 2)
        self.said = caption(" ")
        self.said.setFont(theme.tabular(self.said.font()))
        self._about = caption()
        self._empty = caption(
            "Nothing is measured yet. Choose a model and data, then Start: it reads all test images of the data while "
            "you go on drawing. Ten thousand digits take seconds with a small net, minutes with a large one."
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Wanted soon, and slow to import.
        self._jobs.run(lambda: importlib.import_module("pyqtgraph"), lambda _: None)
        self._jobs.run(cards.list_cards, self.offer_models)

    def offer_models(self, found: list[Card]) -> None:
        """The models at hand; the choice stays where it can."""
        now = (self._own and self.model.currentData()) or self._preferred
        if found != self._cards:
            self._cards = found
            self.model.clear()
            for card in found:
                self.model.addItem(card.title, card.name)
            self.sets.offer_models(found)
        self.model.setCurrentIndex(max(self.model.findData(now), 0))
        self._fit_data()
        self._refresh()

    def replace_models(self, models: list[Card]) -> None:
        """Some are others now; offered where the tab was looked at, and has some."""
        if self._cards:
            self.offer_models(models)

    def prefer(self, name: str) -> None:
        """The model in use elsewhere: measured where the user has not chosen another."""
        self._preferred = name
        if not self._own and not self.examiner.busy:
            self.model.setCurrentIndex(max(self.model.findData(name), 0))
            self._fit_data()

    def turn(self, face: int) -> None:
        """Show the result (0), confusion (1), mistakes (2), calibration (3), pairs (4) or sets (5)."""
        self.faces[face].setChecked(True)
        self._face = face
        self._about.setText(_ABOUT[face])
        self._fit_data()
        for widget in (self._model_words, self.model):
            widget.setVisible(face != _SETS)
        there = face == _SETS or self.found is not None
        self._stack.setCurrentIndex(face if there else len(_FACES))
        if not self.examiner.busy:
            self.said.setText(self._done())
        self._refresh()

    def close_examiner(self) -> None:
        """Stop what is under way and wait for it."""
        self.examiner.close()

    def _begin(self) -> None:
        if not self.data.value():
            return
        if self._face == _SETS:
            draw, models = self.sets.draw(), self.sets.ticked()
            if draw is None or len(models) < 2:
                return
            self.examiner.compare(models, self.data.value(), draw)
        else:
            card = self._card()
            if card is None:
                return
            self.examiner.examine(card, self.data.value())
        self.said.setText("Starting …")
        self.bar.setRange(0, 0)
        self._refresh()

    def _stop(self) -> None:
        self.said.setText("Stopping …")
        self.cancel.setEnabled(False)
        self.examiner.stop()

    def _told(self, what: str, done: int, total: int) -> None:
        if not self.examiner.busy or not self.cancel.isEnabled():
            return  # it is being stopped
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.said.setText(f"{what}: {done:,} of {total:,}" if total else f"{what} …")

    def _examined(self, found: Examined) -> None:
        self.found = found
        views: tuple[_View, ...] = (self.result, self.confusion, self.mistakes, self.calibration)
        for view in views:
            view.show_result(found)
        self.pairs.show_result(found, self._cards)
        self.exports.show_result(found)
        self.turn(self._face)

    def _compared(self, found: Compared) -> None:
        self.compared = found
        self.sets.show_found(found)
        self.exports.show_compared(found)

    def _ended(self, how: str) -> None:
        self.bar.setRange(0, 1)
        if how == "stopped":
            self.said.setText("Stopped" + ("; what was measured before still stands" if self.found else ""))
        elif how:
            self.said.setText("Failed")
            self.failed.emit(how)
        else:
            self.said.setText(self._done())
        self._refresh()

    def _done(self) -> str:
        if self._face == _SETS:
            return (
                ""
                if self.compared is None
                else f"Compared {len(self.compared.cards)} models on {title(self.compared.data.name)}"
            )
        return "" if self.found is None else f"Measured {self.found.card.title} on {title(self.found.result.data)}"

    def _refresh(self) -> None:
        busy = self.examiner.busy
        able = len(self.sets.ticked()) >= 2 if self._face == _SETS else self._card() is not None
        self.start.setEnabled(able and bool(self.data.value()) and not busy)
        self.cancel.setEnabled(busy)
        self.bar.setVisible(busy)
        for widget in (self.model, self.data, self.pairs.none.offer):
            widget.setEnabled(not busy)

    def _card(self) -> Card | None:
        return next((one for one in self._cards if one.name == self.model.currentData()), None)

    def _choose(self) -> None:
        self._own = True
        self._fit_data()

    def _fit_data(self) -> None:
        """The data that the model was made for, unless the user has chosen some that it reads, too."""
        card, now = self._card(), self.data.value()
        if self._face == _SETS:
            card = next(iter(self.sets.ticked()), None)
        own = now not in ("", *KNOWN) and (self._asked or now != self._suited)
        if card is None or own:
            return  # a file or a folder is the user's own choice
        if self._asked and now in KNOWN and (now == "cifar10") == (card.input[2] == 3):
            return
        self._asked, self._suited = False, _suiting(card)
        self.data.put(self._suited)
        gone = f"Choose data: what {card.title} was made for, '{Path(card.data_set).name}', is not here"
        self.data.refuse("" if self._suited else gone)
        self._refresh()

    def _sets_changed(self) -> None:
        self._fit_data()
        self._refresh()

    def _data_chosen(self) -> None:
        self._asked = True
        self.data.refuse("")
        self._refresh()

    def _instead(self, name: str) -> None:
        """Measure that model, on the same data."""
        if self.examiner.busy:
            return  # what comes would stand under another model's name
        self._own = True
        self.model.setCurrentIndex(self.model.findData(name))
        self._begin()

    def _pick(self, data: Data, index: int, card: Card, read: str = "") -> None:
        """Put a test image on the canvas."""
        image = data.test_images[index]
        label = int(data.test_labels[index])
        what = f"{title(data.name)} test image {index:,}, labelled {label}{read}"
        self.wanted.emit(from_bytes(image), what, card.label(label), card.name)

    def _pick_found(self, index: int) -> None:
        found = self.found
        if found is None:
            return
        if found.data.test_images.shape[1:] == (28, 28):
            read = found.names[int(found.result.read[index])]
            self._pick(found.data, index, found.card, f"; {found.card.title} read {read}")
        else:  # the canvas takes no such picture
            words = test_image(found.card, index, int(found.data.test_labels[index]))
            self.inside.emit(found.card, from_bytes(found.data.test_images[index]), words)

    def _pick_compared(self, index: int) -> None:
        found, both = self.compared, self.sets.compared
        if found is None or both is None:
            return
        image, models = found.data.test_images[index], [found.cards[one] for one in both]
        if image.shape == (28, 28):
            # The image is there for the model that misread it.
            wrong = next((one for one in both if not found.results[one].right[index]), both[0])
            self._pick(found.data, index, found.cards[wrong])
        self.sets.heats.show_waiting(models)
        read = [int(found.results[one].read[index]) for one in both]
        self._explaining = self.examiner.explain(models, from_bytes(image), read)

    def _explained(self, number: int, found: Explained) -> None:
        if number == self._explaining:
            self.sets.heats.show_explained(found)

    def _keep(self, chosen: Ints) -> None:
        if self.compared is not None:
            self.exports.ask_set(self.compared, chosen)

    def _lay_out(self) -> None:
        views = (self.result, self.confusion, self.mistakes, self.calibration, self.pairs, self.sets, self._empty)
        for view in views:
            self._stack.addWidget(view)
        self._model_words, words = QLabel("Model"), QLabel("Data")
        self._model_words.setBuddy(self.model)
        words.setBuddy(self.data.editor)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._about)
        layout.addLayout(row(*self.faces, None, self.export))
        layout.addLayout(row(self._model_words, self.model, words, self.data, None, self.start, self.cancel))
        layout.addWidget(self.data.told)
        layout.addWidget(self.said)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        for face, one in enumerate(self.faces):
            one.clicked.connect(lambda _, face=face: self.turn(face))
        self.start.clicked.connect(self._begin)
        self.cancel.clicked.connect(self._stop)
        self.model.activated.connect(lambda _: self._choose())
        self.data.changed.connect(self._data_chosen)
        self.examiner.told.connect(self._told)
        self.examiner.examined.connect(self._examined)
        self.examiner.compared.connect(self._compared)
        self.examiner.explained.connect(self._explained)
        self.examiner.ended.connect(self._ended)
        for view in (self.confusion, self.mistakes, self.pairs):
            view.picked.connect(self._pick_found)
        self.pairs.wanted.connect(self._instead)
        self.sets.picked.connect(self._pick_compared)
        self.sets.kept.connect(self._keep)
        self.sets.changed.connect(self._sets_changed)
        self.exports.saved.connect(self.saved)


def _suiting(card: Card) -> str:
    """The data that a model was made for, be it to be fetched; "" where that was a file or a folder that is gone."""
    name = card.data_set
    if name == "mnist" and not at_hand(name):
        return SYNTHETIC  # a machine without a network has pen digits all the same
    return name if name in KNOWN or expanded(name).exists() else ""
