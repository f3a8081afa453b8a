"""The thread on which nets are trained: one fit at a time, and what is asked before and after it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from capsdraw.datasets import stamp
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.fit import adapt, runs, shape
from capsdraw.fit.control import Control
from capsdraw.fit.events import FAILED, FINISHED, STOPPED, Event, Prepared
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.normalize import Digit
from capsdraw.nets import heavy
from capsdraw.nets.cards import Card
from capsdraw.ui.worker import Worker, gone, in_words

if TYPE_CHECKING:
    from capsdraw.datasets.sources import Data
    from capsdraw.fit.launch import Order, Outcome
    from capsdraw.fit.lesson import Lesson

# What the thread does, the most urgent first: what is asked for before a fit takes seconds, a fit may take days.
_ADOPT, _FIT, _ESTIMATE = range(3)

# Name or path, who is told, and the form that a folder's pictures are brought to (None: as they are).
Open = Callable[[str, ReadMonitor, tuple[int, ...] | None], "Data"]


@dataclass(frozen=True)
class _Task:
    kind: int
    work: Callable[[], object]
    # What it reads, by name and form; None where that is not known yet.
    data: tuple[str, tuple[int, ...] | None] | None = None
    # Set to stop it where it reads or fetches data.
    enough: threading.Event = field(default_factory=threading.Event)


class Fitter(QObject):
    """Trains, and keeps the window out of it.

    Attributes:
        digit: the user's own, as the net would see it; looked at while a net is trained.
        folder: of the run under way, or None; busy: whether there is one, or will be as soon as its data is read.
        adopting: whether a model is being put among those at hand.

    Signals:
        began(object): a fit begins in that run folder.
        prepared(object, object): then, what its classes are called, () where their numbers speak for
            themselves; and, of a run that is gone on with, its first filters (`fit.origin`).
        noted(str): what was changed of data or recipe so that they go together, in words.
        loading(int, int): so much of the data is read or fetched, of so much (0: not known).
        reported(object): an event of the fit.
        ended(object, str, str): run folder (None where it did not come to that), how it ended
            (`fit.events`), and why it failed, in one line.
        estimated(int, object): number of the question, a `fit.estimate.Estimate`.
        refused(int, object): number of the question, {entry of the recipe: reason}.
        adopted(object): the card of a run's model that is at hand from now on; None where `failed` said why it is not,
            or the window closes.
        measuring(int, int): what a model has learnt from the user's drawings is measured; answers that are there, of
            so many. learnt(object, object, object): the card of that model, run folder, a `fit.lesson.Lesson`, or None
            where it was stopped before that.
        failed(str): something could not be done; one line.
    """

    began = Signal(object)
    prepared = Signal(object, object)
    noted = Signal(str)
    loading = Signal(int, int)
    reported = Signal(object)
    ended = Signal(object, str, str)
    estimated = Signal(int, object)
    refused = Signal(int, object)
    adopted = Signal(object)
    measuring = Signal(int, int)
    learnt = Signal(object, object, object)
    failed = Signal(str)

    def __init__(self, open_data: Open, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.digit: Digit | None = None
        self.folder: Path | None = None
        self.busy = self.adopting = False
        self._open = open_data
        self._worker: Worker[_Task] = Worker("fit", self._handle, owner=self)
        self._control = Control()
        self._current: _Task | None = None
        self._fit_job: _Task | None = None
        self._estimate_job: _Task | None = None  # the last one, wherever it is: waiting, about to begin, or under way
        self._wants: tuple[str, tuple[int, ...] | None] | None = None  # data that the newest job reads
        self._closing = False
        self._number = 0
        self._data: tuple[tuple[object, ...], Data] | None = None  # with what it was read for
        # First of all who listen: whoever is told that a fit has ended may begin another.
        self.ended.connect(self._free)
        self.adopted.connect(self._stop_adopting)
        self.began.connect(self._begun)

    @property
    def paused(self) -> bool:
        """Whether the fit under way is to hold."""
        return self.busy and self._control.paused

    def train(
        self, recipe: Recipe, folder: Path | None = None, note: str = "", asked: frozenset[str] = frozenset()
    ) -> None:
        """Begin a run with the user's words for it, or go on with the one in `folder`; `asked` as `Order` has it."""

        def order() -> "Order":
            from capsdraw.fit.launch import Order

            return Order(
                recipe=recipe, folder=folder, resume=folder is not None, note=note or None, asked=asked,
                drawing=lambda: self.digit,
            )  # fmt: skip

        control = self._control = Control()
        # Before the estimate is told that nobody waits for it: a fit that was stopped before this one, in this place,
        # would have the estimate drop the data that this one is to go on reading.
        self._fit_job = _Task(_FIT, lambda: self._fit(order, folder, control), _read_by(recipe))
        self.busy, self.folder = True, folder
        self._put(self._fit_job)

    def learn(self, card: Card, title: str) -> None:
        """Have the model of that card go on learning, from the user's drawings too: a run of that title."""
        lessons: list[Lesson] = []

        def order() -> "Order":
            from capsdraw.fit.lesson import order_for

            self._data = None  # drawings may have come since it was read
            return replace(order_for(card, title), drawing=lambda: self.digit)

        def measure(outcome: "Outcome") -> None:
            from capsdraw.collection.database import Collection
            from capsdraw.fit.lesson import measured

            if outcome.how == FINISHED and self._data is not None and not self._closing:
                with Collection() as collection:
                    lessons.append(measured(card, outcome.folder, self._data[1], collection, self._measured))

        def work() -> None:
            folder = self._fit(order, None, control, measure)
            if folder is not None:
                self.learnt.emit(card, folder, lessons[0] if lessons else None)

        control = self._control = Control()
        self._fit_job = _Task(_FIT, work)
        self.busy, self.folder = True, None
        self._put(self._fit_job)

    def pause(self) -> None:
        """Hold after the batch under way."""
        self._control.pause()

    def resume(self) -> None:
        """Go on."""
        self._control.resume()

    def stop(self) -> None:
        """End after the batch under way; what was learnt is kept."""
        if self._fit_job is not None:
            self._fit_job.enough.set()
        self._control.stop()

    def estimate(self, recipe: Recipe) -> int:
        """Ask how long a fit would take; returns the question's number. An older question is forgotten."""
        self._number += 1
        question, enough = self._number, threading.Event()
        self._put(_Task(_ESTIMATE, lambda: self._estimate(question, recipe, enough), _read_by(recipe), enough))
        return question

    def forget(self) -> None:
        """Give up the estimate that was asked for last: nobody waits for it."""
        if self._estimate_job is not None:
            self._wants = None
            self._estimate_job.enough.set()

    def adopt(self, folder: Path, title: str) -> None:
        """Put the model of the run in `folder` among those at hand; one at a time."""
        self.adopting = True
        self._put(_Task(_ADOPT, lambda: self._adopt(folder, title)))

    def close(self, seconds: float = 30.0) -> bool:
        """Stop the fit, if there is one, and the thread; whether it ended.

        A fit that has begun has so many seconds to keep what it learnt, a model that is put among those at hand to be
        whole there. A step of an estimate is not waited for: nothing of it is kept, nor is there anything yet of what
        was to come after it.
        """
        self.stop()
        self._closing = True
        for job in (self._estimate_job, self._current):
            if job is not None:
                job.enough.set()
        current = self._current
        if current is None:  # it rests, or has just taken up what was asked for, and ends at once
            return self._worker.close(min(seconds, 1.0))
        return self._worker.close(0.0 if current.kind == _ESTIMATE else seconds)

    def _begun(self, folder: Path) -> None:
        self.folder = folder

    def _stop_adopting(self) -> None:
        self.adopting = False

    def _free(self) -> None:
        self.busy, self.folder = False, None

    def _put(self, job: _Task) -> None:
        # First what is wanted now: the estimate looks there as soon as it hears that it is not wanted any more.
        estimate, self._wants = self._estimate_job, job.data
        if estimate is not None:
            estimate.enough.set()
        self._estimate_job = job if job.kind == _ESTIMATE else None
        self._worker.put(job, job.kind, job.kind)
        self._worker.start()

    def _handle(self, job: _Task) -> None:
        self._current = job
        try:
            job.work()
        except Cancelled:
            pass  # what it was for is not wanted any more
        except Exception as error:
            if not self._closing:  # the window may be gone by now
                self.failed.emit(in_words(error))
        finally:
            self._current = None

    def _measured(self, done: int, total: int) -> None:
        if self._closing or (self._fit_job is not None and self._fit_job.enough.is_set()):
            raise Cancelled
        self.measuring.emit(done, total)

    def _fit(
        self,
        order: "Callable[[], Order]",
        folder: Path | None,
        control: Control,
        then: "Callable[[Outcome], None]" = lambda _: None,
    ) -> Path | None:
        """Launch it, then do what follows; the run's folder, where it came to that."""
        begun: list[Path] = []

        def tell(event: Event) -> None:
            if isinstance(event, Prepared):
                begun.append(event.folder)
                self.began.emit(event.folder)
                self.prepared.emit(event.labels, event.filters)
                if event.notes:
                    self.noted.emit("; ".join(event.notes))
            else:
                self.reported.emit(event)

        how, message = STOPPED, ""
        try:
            heavy.load()
            from capsdraw.fit.launch import launch

            outcome = launch(order(), self._opened, control, tell)
            how = outcome.how
            then(outcome)
        except Cancelled:
            pass
        except Exception as error:
            if gone(self):
                return None
            how, message = FAILED, in_words(error, "the fit failed")
        now = begun[0] if begun else folder
        self.ended.emit(now, how, message)
        return now

    def _estimate(self, question: int, recipe: Recipe, enough: threading.Event) -> None:
        heavy.load()
        from capsdraw.fit.estimate import estimate
        from capsdraw.fit.launch import Refused, prepare

        if enough.is_set():
            return
        try:
            _, plan = prepare(recipe, self._opened)
        except Refused as refused:
            self.refused.emit(question, refused.problems)
            return
        if enough.is_set():
            return  # its data is what the fit reads, too
        estimated = estimate(plan, enough.is_set)
        if not enough.is_set():
            self.estimated.emit(question, estimated)

    def _adopt(self, folder: Path, title: str) -> None:
        card = None
        try:
            heavy.load()
            from capsdraw.fit.adopt import adopt

            run = runs.read(folder)
            try:
                data = adapt.opened(run.recipe, self._opened)
                images, labels = data.train_images, data.train_labels
            except Cancelled:
                raise  # the window closes: kept now, its ranges would be missing
            except CapsDrawError:
                # Its data is gone: it can be used all the same, but for the ranges of its capsules.
                images, labels = np.empty((0, 1, 1), np.uint8), np.empty(0, np.uint8)
            card = adopt(run, title, images, labels, run.labels)
        finally:
            self.adopted.emit(card)

    def _opened(self, name: str, form: tuple[int, ...] | None) -> "Data":
        """The data as it lies there now: files may have changed since it was read last."""
        key = name, form, stamp.of(name)
        if self._data is None or self._data[0] != key:
            self._data = None  # not two sets in memory
            job = self._current
            cancel = None if job is None else _Unwanted(job.enough, lambda: self._unwanted(job, name, form))
            self._data = key, self._open(name, ReadMonitor(self.loading.emit, cancel), form)
        fit = self._fit_job
        if fit is not None and fit is self._current and fit.enough.is_set():
            raise Cancelled  # the data was at hand: there is no run yet, and none is to come of it
        return self._data[1]

    def _unwanted(self, job: _Task, name: str, form: tuple[int, ...] | None) -> bool:
        """Whether what a job reads is not wanted any more, neither by it nor by what comes after it."""
        if not job.enough.is_set():
            return False
        fit = self._fit_job
        # "Start" while the estimate reads the same: it has waited for half of it already.
        follows = job.kind == _ESTIMATE and self._wants == (name, form)
        return self._closing or not follows or (fit is not None and self.busy and fit.enough.is_set())


class _Unwanted(threading.Event):
    """An event that is set when another is, and something holds."""

    def __init__(self, event: threading.Event, holds: Callable[[], bool]) -> None:
        super().__init__()
        self._event, self._holds = event, holds

    def is_set(self) -> bool:
        return self._event.is_set() and self._holds()


def _read_by(recipe: Recipe) -> tuple[str, tuple[int, ...] | None]:
    """Name and form of the data that a fit reads, or an estimate of it."""
    return recipe.data, shape.wanted(recipe)
