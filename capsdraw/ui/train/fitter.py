"""The thread on which nets are trained: one fit at a time, and what is asked before and after it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from capsdraw.datasets import stamp
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.fit import runs, shape
from capsdraw.fit.control import Control
from capsdraw.fit.events import FAILED, STOPPED, Event, Prepared
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.normalize import Digit
from capsdraw.nets import heavy
from capsdraw.ui.worker import Worker, in_words

if TYPE_CHECKING:
    from capsdraw.datasets.sources import Data

# What the thread does, the most urgent first: what is asked for before a fit takes seconds, a fit may take days.
_ADOPT, _FIT, _ESTIMATE = range(3)

# Name or path, who is told, and the form that a folder's pictures are brought to (None: as they are).
Open = Callable[[str, ReadMonitor, tuple[int, ...] | None], "Data"]


@dataclass(frozen=True)
class _Task:
    kind: int
    work: Callable[[], None]
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
        loading(int, int): so much of the data is read or fetched, of so much (0: not known).
        reported(object): an event of the fit.
        ended(object, str, str): run folder (None where it did not come to that), how it ended
            (`fit.events`), and why it failed, in one line.
        estimated(int, object): number of the question, a `fit.estimate.Estimate`.
        refused(int, object): number of the question, {entry of the recipe: reason}.
        adopted(object): the card of a run's model that is at hand from now on; None where `failed` said why it is not,
            or the window closes.
        failed(str): something could not be done; one line.
    """

    began = Signal(object)
    prepared = Signal(object, object)
    loading = Signal(int, int)
    reported = Signal(object)
    ended = Signal(object, str, str)
    estimated = Signal(int, object)
    refused = Signal(int, object)
    adopted = Signal(object)
    failed = Signal(str)

    def __init__(self, open_data: Open, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.digit: Digit | None = None
        self.folder: Path | None = None
        self.busy = self.adopting = False
        self._open = open_data
        self._worker: Worker[_Task] = Worker("fit", self._handle)
        self._control = Control()
        self._current: _Task | None = None
        self._fit_job: _Task | None = None
        self._estimate_job: _Task | None = None  # the last one, wherever it is: waiting, about to begin, or under way
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

    def train(self, recipe: Recipe, folder: Path | None = None, note: str = "") -> None:
        """Begin a run with the user's words for it, or go on with the one in `folder`."""
        self.busy, self.folder, self._control = True, folder, Control()
        control = self._control
        self._fit_job = self._put(_Task(_FIT, lambda: self._fit(recipe, folder, control, note)))

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
        self._put(_Task(_ESTIMATE, lambda: self._estimate(question, recipe, enough), enough))
        return question

    def adopt(self, folder: Path, title: str) -> None:
        """Put the model of the run in `folder` among those at hand; one at a time."""
        self.adopting = True
        self._put(_Task(_ADOPT, lambda: self._adopt(folder, title)))

    def close(self, seconds: float = 30.0) -> bool:
        """Stop the fit, if there is one, and the thread; whether it ended."""
        self.stop()
        for job in (self._estimate_job, self._current):
            if job is not None:
                job.enough.set()
        return self._worker.close(seconds)

    def _begun(self, folder: Path) -> None:
        self.folder = folder

    def _stop_adopting(self) -> None:
        self.adopting = False

    def _free(self) -> None:
        self.busy, self.folder = False, None

    def _put(self, job: _Task) -> _Task:
        if self._estimate_job is not None:
            self._estimate_job.enough.set()  # nobody waits for it any more
        self._estimate_job = job if job.kind == _ESTIMATE else None
        self._worker.put(job, job.kind, job.kind)
        self._worker.start()
        return job

    def _handle(self, job: _Task) -> None:
        self._current = job
        try:
            job.work()
        except Cancelled:
            pass  # what it was for is not wanted any more
        except Exception as error:
            self.failed.emit(in_words(error))
        finally:
            self._current = None

    def _fit(self, recipe: Recipe, folder: Path | None, control: Control, note: str) -> None:
        begun: list[Path] = []

        def tell(event: Event) -> None:
            if isinstance(event, Prepared):
                begun.append(event.folder)
                self.began.emit(event.folder)
                self.prepared.emit(event.labels, event.filters)
            else:
                self.reported.emit(event)

        how, message = STOPPED, ""
        try:
            heavy.load()
            from capsdraw.fit.launch import Order, launch

            order = Order(
                recipe=recipe, folder=folder, resume=folder is not None, note=note or None, drawing=lambda: self.digit
            )
            how = launch(order, self._opened, control, tell).how
        except Cancelled:
            pass
        except Exception as error:
            how, message = FAILED, in_words(error, "the fit failed")
        self.ended.emit(begun[0] if begun else folder, how, message)

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
                data = self._opened(run.recipe.data, shape.wanted(run.recipe))
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
            cancel = None if self._current is None else self._current.enough
            self._data = key, self._open(name, ReadMonitor(self.loading.emit, cancel), form)
        return self._data[1]
