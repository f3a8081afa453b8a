"""The tabs beside the canvas: each is made when it is first wanted, or when nobody draws.

The first picture of the window needs none of them but the one in sight. A tab that is made late is told what the others
know by then.
"""

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any, Final, cast

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QTabWidget, QWidget

from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.answers import Answer, Answers
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.collection.tab import CollectionTab
from capsdraw.ui.compare.tab import CompareTab
from capsdraw.ui.drawings import KeptDrawings
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.inside.tab import InsideTab
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.model_list import Models
from capsdraw.ui.read.tab import TIMELINE, ReadTab
from capsdraw.ui.reader import Reader
from capsdraw.ui.readout import Readout
from capsdraw.ui.tab_bar import CAPSULE, COLLECTION, COMPARE, EVALUATE, INSIDE, READ, TITLES, TRAIN, flatten
from capsdraw.ui.train.fitter import Open
from capsdraw.ui.train.tab import TrainTab

# Milliseconds between two tabs that are made while nobody looks.
_PAUSE: Final = 60


class Rooms(QTabWidget):
    """All tabs, made or not.

    Attributes:
        read: what the net says, and readout, the close look in it; lab: the numbers of a capsule; inside: the net
            itself; compare: several models side by side; train, evaluate: fits, and measurements; collection: the
            user's own drawings. Whoever asks for one has it made.

    Signals:
        made(int): that tab is there from now on; turned(): of the answer and its timeline, the other is shown.
        failed(str): something could not be done; one line. said(str): something was done, in words.
        wanted(str): the user would like that model to answer.
        adopted(object): the card of a model that was trained here, and is to read. to_evaluate(object),
            to_compare(object): the same, and is to be measured, or seen beside others.
        measured(object, str, str, str): a test image, what it is, its class, the model that was measured on it.
        looked(object, object, str): the card of a model, an image that it reads, what that is: to be looked into.
        pictured(object, str): an image that the net reads as it is, is to be on the canvas; what it is, in words.
    """

    made = Signal(int)
    turned = Signal()
    failed = Signal(str)
    said = Signal(str)
    wanted = Signal(str)
    adopted = Signal(object)
    to_evaluate = Signal(object)
    to_compare = Signal(object)
    measured = Signal(object, str, str, str)
    looked = Signal(object, object, str)
    pictured = Signal(object, str)

    def __init__(
        self,
        reader: Reader,
        jobs: Jobs,
        models: Models,
        answers: Answers,
        canvas: Canvas,
        open_data: Open,
        drawings: KeptDrawings,
    ) -> None:
        super().__init__()
        self._reader, self._jobs, self._models, self._answers = reader, jobs, models, answers
        self._canvas, self._open_data, self._drawings = canvas, open_data, drawings
        self._card: Card | None = None
        self._makers = (
            self._make_read, self._make_lab, self._make_inside, self._make_compare, self._make_train,
            self._make_evaluate, self._make_collection,
        )  # fmt: skip
        self._views: dict[int, QWidget] = {}
        self._tried: set[int] = set()  # made, or tried to, while nothing else was to do
        # Whether the window was painted, and whether it closes.
        self._awake = self._closed = False
        for title in TITLES:
            self.addTab(QWidget(), title)
        flatten(self)
        self._idle = QTimer(self)
        self._idle.setInterval(_PAUSE)
        self._idle.timeout.connect(self._make_next)
        self.currentChanged.connect(self._enter)

    @property
    def read(self) -> ReadTab:
        """The "Read" tab."""
        return cast(ReadTab, self.view(READ))

    @property
    def readout(self) -> Readout:
        """The close look at the answer, in the "Read" tab."""
        return self.read.readout

    @property
    def lab(self) -> CapsuleLab:
        """The "Capsule" tab."""
        return cast(CapsuleLab, self.view(CAPSULE))

    @property
    def inside(self) -> InsideTab:
        """The "Inside" tab."""
        return cast(InsideTab, self.view(INSIDE))

    @property
    def compare(self) -> CompareTab:
        """The "Compare" tab."""
        return cast(CompareTab, self.view(COMPARE))

    @property
    def train(self) -> TrainTab:
        """The "Train" tab."""
        return cast(TrainTab, self.view(TRAIN))

    @property
    def evaluate(self) -> EvaluateTab:
        """The "Evaluate" tab."""
        return cast(EvaluateTab, self.view(EVALUATE))

    @property
    def collection(self) -> CollectionTab:
        """The "Collection" tab."""
        return cast(CollectionTab, self.view(COLLECTION))

    @property
    def shows_answer(self) -> bool:
        """Whether the answer is in sight."""
        return self.currentIndex() == READ and not (self.has(READ) and self.read.faces[TIMELINE].isChecked())

    def turn(self, title: str, face: str) -> None:
        """Turn the tab of that title, made now if it was not yet, to one of its faces; to none that it has not."""
        if title not in TITLES:
            return
        view: Any = self.view(TITLES.index(title))
        names = [button.text() for button in getattr(view, "faces", ())]
        if face in names:
            view.turn(names.index(face))

    def has(self, index: int) -> bool:
        """Whether that tab was made."""
        return index in self._views

    def view(self, index: int) -> QWidget:
        """A tab, made now if it was not yet."""
        if index not in self._views:
            view = self._makers[index]()
            self._views[index] = view
            view.setContentsMargins(0, theme.GRID, 0, 0)
            current = self.currentIndex()
            with QSignalBlocker(self):
                placeholder = self.widget(index)
                self.removeTab(index)
                self.insertTab(index, view, TITLES[index])
                self.setCurrentIndex(current)
            if placeholder is not None:
                placeholder.deleteLater()
            self._catch_up(index)
            self.made.emit(index)
        return self._views[index]

    def wake(self) -> None:
        """The window was painted: the tab in sight is made, and from now on each that is turned to."""
        self._awake = True
        self._enter(self.currentIndex())

    def make_rest(self) -> None:
        """Make the other tabs, one after the other, while nobody draws."""
        if not self._closed:
            self._idle.start()

    def describe(self, card: Card) -> None:
        """That model answers from now on."""
        self._card = card
        for index in self._views:
            self._describe(index)

    def offer_models(self) -> None:
        """There are others now, or others of the same name."""
        for index in self._views:
            self._offer(index)

    def show_failure(self) -> None:
        """There is no answer to what is drawn."""
        if self.has(READ):
            self.read.show_failure()
        if self.has(CAPSULE):
            self.lab.show_nothing()
            self.lab.headline.setText("No answer")
        if self.has(INSIDE):
            self.inside.show_nothing()
        if self.has(COMPARE):
            self.compare.see(None)
            self.compare.headline.setText("No answer")

    def close_all(self) -> None:
        """End what tabs do in the background; each is told before any is waited for."""
        self._closed = True
        self._idle.stop()
        for index, thread in ((COMPARE, "comparer"), (TRAIN, "fitter"), (EVALUATE, "examiner")):
            if self.has(index):
                getattr(self.view(index), thread).close(0)
        self._reader.close(0)
        if self.has(COMPARE):
            self.compare.comparer.close()
        if self.has(TRAIN):
            self.train.close_fitter()
        if self.has(EVALUATE):
            self.evaluate.close_examiner()
        if self.has(INSIDE):
            self.inside.images.stop()
        if self.has(COLLECTION):
            self.collection.stop()

    def _enter(self, index: int) -> None:
        if not self._awake or index < 0:
            return
        self.view(index)
        if index in (COMPARE, EVALUATE):
            self._models.refresh()  # where models are chosen from anew

    def _make_next(self) -> None:
        """One tab more, unless the user draws: making one takes tens of milliseconds."""
        if self._canvas.drawing:
            return
        missing = [index for index in range(len(TITLES)) if index not in self._views and index not in self._tried]
        if missing:
            self._tried.add(missing[0])  # one that cannot be made is tried again only when it is wanted
            self.view(missing[0])
        if len(missing) <= 1:
            self._idle.stop()
            # Most tabs have curves: what draws them is slow to import, and would hold whoever first turns to some.
            self._jobs.run(partial(importlib.import_module, "pyqtgraph"), lambda _: None, lane="imports")

    def _catch_up(self, index: int) -> None:
        """Tell a new tab what the others know."""
        self._offer(index)
        self._describe(index)
        if self._answers.digit is not None:
            self._see(index, self._answers.digit)
        if index == COMPARE:
            self.compare.know(self._canvas.sketch.label)
        if self._answers.last is not None:
            self._show(index, self._answers.last)
        elif self._canvas.sketch:
            self._wait(index)

    def _offer(self, index: int) -> None:
        models = self._models
        if index == COMPARE:
            self.compare.offer_models(list(models.of_digits.values()))
        elif index == TRAIN:
            self.train.offer_models(models.all)  # nets of photographs are at home there, too
        elif index == EVALUATE:
            self.evaluate.replace_models(models.all)

    def _describe(self, index: int) -> None:
        card = self._card
        if card is None:
            return
        readers = [other for other in self._models.readers.values() if other.input == card.input]
        if index == READ:
            self.read.describe(card)
        elif index == CAPSULE:
            self.lab.describe(card, readers)
        elif index == INSIDE:
            self.inside.describe(card, readers)
        elif index == COMPARE:
            self.compare.include(card)
        elif index == EVALUATE:
            self.evaluate.prefer(card.name)
        elif index == COLLECTION:
            self.collection.describe(card)

    def _wait(self, index: int) -> None:
        if index == READ:
            self.readout.show_waiting()
        elif index == CAPSULE:
            self.lab.show_waiting()

    def _see(self, index: int, digit: object) -> None:
        """What the net sees; None for nothing."""
        if index == COMPARE:
            # Models are compared on digits; what a net of other pictures sees is none, and two digits are one picture.
            if self._card is None or (self._card.reads_digits and self._card.intake.is_mnist):
                self.compare.see(digit)  # type: ignore[arg-type]
            elif not self._card.reads_drawings:
                self.compare.see(None)
            elif self._answers.as_one is not None:
                self.compare.see(self._answers.as_one)
        elif index == TRAIN:
            self.train.see(digit)  # type: ignore[arg-type]

    def _show(self, index: int, answer: Answer) -> None:
        if index == READ:
            self.read.show_answer(answer, self._canvas.sketch)
        elif index == CAPSULE:
            self.lab.show_reading(answer.reading, answer.digit)
        elif index == INSIDE:
            self.inside.show_reading(answer.reading, answer.digit)

    def _follow(self, index: int, show_nothing: Callable[[], object]) -> None:
        """Let a tab hear what becomes of the drawing."""
        self._answers.waits.connect(lambda: self._wait(index))
        self._answers.seen.connect(lambda digit: self._see(index, digit))
        self._answers.answered.connect(lambda answer: self._show(index, answer))
        self._answers.emptied.connect(show_nothing)

    def _make_read(self) -> QWidget:
        read = ReadTab(self._reader, self._jobs)
        read.failed.connect(self.failed)
        read.saved.connect(self.said)
        read.turned.connect(lambda _: self.turned.emit())
        self._follow(READ, read.show_nothing)
        return read

    def _make_lab(self) -> QWidget:
        lab = CapsuleLab(self._reader, self._jobs)
        lab.failed.connect(self.failed)
        lab.saved.connect(self.said)
        lab.wanted.connect(self.wanted)
        self._follow(CAPSULE, lab.show_nothing)
        return lab

    def _make_inside(self) -> QWidget:
        inside = InsideTab(self._reader, self._jobs)
        inside.pictured.connect(self.pictured)
        inside.wanted.connect(self.wanted)
        self._follow(INSIDE, inside.show_nothing)
        return inside

    def _make_compare(self) -> QWidget:
        compare = CompareTab(self._models.cache)
        compare.failed.connect(self.failed)
        compare.saved.connect(self.said)
        self._canvas.changed.connect(lambda sketch: compare.know(sketch.label))
        self._answers.seen_as_one.connect(compare.see)
        self._follow(COMPARE, lambda: compare.see(None))
        return compare

    def _make_train(self) -> QWidget:
        train = TrainTab(self._open_data, self._jobs)
        train.failed.connect(self.failed)
        train.saved.connect(self.said)
        train.adopted.connect(self.adopted)
        train.to_evaluate.connect(self.to_evaluate)
        train.to_compare.connect(self.to_compare)
        train.learning.told.connect(self._tell_learning)
        self._follow(TRAIN, lambda: train.see(None))
        return train

    def _make_evaluate(self) -> QWidget:
        evaluate = EvaluateTab(self._models.cache, self._jobs)
        evaluate.failed.connect(self.failed)
        evaluate.saved.connect(self.said)
        evaluate.wanted.connect(self.measured)
        evaluate.inside.connect(self.looked)
        evaluate.chosen.connect(self.wanted)
        return evaluate

    def _make_collection(self) -> QWidget:
        collection = CollectionTab(self._drawings, self._jobs, self._models, self._canvas, self._answers)
        collection.failed.connect(self.failed)
        collection.said.connect(self.said)
        collection.learn_wanted.connect(self._learn)
        return collection

    def _learn(self) -> None:
        if self._card is not None:
            self.train.learning.begin(self._card, {card.title for card in self._models.all})

    def _tell_learning(self, words: str) -> None:
        if self.has(COLLECTION):
            self.collection.show_figures(words)
