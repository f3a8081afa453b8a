"""The thread on which nets are trained: one fit at a time, and what is asked before and after it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from capsdraw.datasets import stamp
from capsdraw.datasets.watch import Cancelled, Watch
from capsdraw.errors import CapsDrawError
from capsdraw.fit import runs, shape
from capsdraw.fit.control import Control
from capsdraw.fit.events import Ended, Event
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.normalize import Digit
from capsdraw.nets import heavy
from capsdraw.ui.train.origin import first_filters
from capsdraw.ui.worker import Worker, in_words

if TYPE_CHECKING:
    from capsdraw.datasets.sources import Data

# What the thread does, the most urgent first: what is asked for before a fit takes seconds, a fit may take days.
_ADOPT, _FIT, _ESTIMATE = range(3)

# Name or path, who is told, and the form that a folder's pictures are brought to (None: as they are).
Open = Callable[[str, Watch, tuple[int, ...] | None], "Data"]


@dataclass(frozen=True)
class _Job:
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
            themselves; and, of a run that is gone on with, its first filters (`origin.first_filters`).
        loading(int, int): so much of the data is read or fetched, of so much (0: not known).
        told(object): an event of the fit.
        ended(object, str, str): run folder (None where it did not come to that), how it ended
            (`fit.events`), and why it failed, in one line.
        estimated(int, object, int): number of the question, a `fit.estimate.Estimate`, images to train on.
        refused(int, object): number of the question, {entry of the recipe: reason}.
        adopted(object): the card of a run's model that is at hand from now on; None where `failed` said why it is not,
            or the window closes.
        failed(str): something could not be done; one line.
    """

    began = Signal(object)
    prepared = Signal(object, object)
    loading = Signal(int, int)
    told = Signal(object)
    ended = Signal(object, str, str)
    estimated = Signal(int, object, int)
    refused = Signal(int, object)
    adopted = Signal(object)
    failed = Signal(str)

    def __init__(self, open_data: Open, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.digit: Digit | None = None
        self.folder: Path | None = None
        self.busy = self.adopting = False
        self._open = open_data
        self._worker: Worker[_Job] = Worker("fit", self._handle)
        self._control = Control()
        self._current: _Job | None = None
        self._fit_job: _Job | None = None
        self._hurry = threading.Event()  # an estimate under way is not wanted any more
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
        self._fit_job = self._put(_FIT, lambda: self._fit(recipe, folder, control, note))

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
        number = self._number
        self._put(_ESTIMATE, lambda: self._estimate(number, recipe))
        return number

    def adopt(self, folder: Path, title: str) -> None:
        """Put the model of the run in `folder` among those at hand; one at a time."""
        self.adopting = True
        self._put(_ADOPT, lambda: self._adopt(folder, title))

    def close(self, seconds: float = 30.0) -> bool:
        """Stop the fit, if there is one, and the thread; whether it ended."""
        self.stop()
        self._hurry.set()
        if self._current is not None:
            self._current.enough.set()
        return self._worker.close(seconds)

    def _begun(self, folder: Path) -> None:
        self.folder = folder

    def _stop_adopting(self) -> None:
        self.adopting = False

    def _free(self) -> None:
        self.busy, self.folder = False, None

    def _put(self, kind: int, work: Callable[[], None]) -> _Job:
        self._hurry.set()
        current = self._current
        if current is not None and current.kind == _ESTIMATE:
            current.enough.set()  # nobody waits for it any more
        job = _Job(kind, work)
        self._worker.put(job, kind, kind)
        self._worker.start()
        return job

    def _handle(self, job: _Job) -> None:
        self._hurry.clear()
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
        last: list[Ended] = []

        def tell(event: Event) -> None:
            if isinstance(event, Ended):
                last.append(event)
            self.told.emit(event)

        try:
            heavy.load()
            from capsdraw.fit import loop, room

            data = self._load(recipe)
            # What a run goes on from is its own checkpoint.
            asked = recipe if folder is None else replace(recipe, start="")
            for entry, reason in room.problems(asked, data).items():
                raise CapsDrawError(f"{entry}: {reason}")
            # Made now, when nothing speaks against it any more.
            goes_on = folder is not None
            folder = runs.create(recipe, data, note) if folder is None else runs.same_data(folder, data)
            self.began.emit(folder)
            self.prepared.emit(data.labels, first_filters(recipe, data) if goes_on else None)
            loop.run(recipe, data.train_images, data.train_labels, folder, control, tell, self._watch(data, recipe))
            how, message = last[-1].how, ""
        except Cancelled:
            how, message = "stopped", ""
        except Exception as error:
            how, message = "failed", in_words(error, "the fit could not be done")
        self.ended.emit(folder, how, message)

    def _watch(self, data: "Data", recipe: Recipe) -> Any:
        """One digit of each class that is not trained on, and the user's own."""
        from capsdraw.fit.watch import Watch, one_of_each
        from capsdraw.ink.raster import from_bytes

        held = slice(len(data.train_labels) - recipe.held_out, None) if recipe.held_out else slice(0, 200)
        digits, labels = one_of_each(data.train_images[held], data.train_labels[held])
        return Watch(from_bytes(digits).reshape(len(digits), *data.shape), labels, lambda: self.digit)

    def _estimate(self, number: int, recipe: Recipe) -> None:
        heavy.load()
        data = self._load(recipe)
        from capsdraw.fit import room
        from capsdraw.fit.estimate import estimate

        wrong = room.problems(recipe, data)
        if wrong:
            self.refused.emit(number, wrong)
            return
        images = len(data.train_labels) - recipe.held_out
        found = estimate(recipe, data.train_images[:images], data.train_labels[:images], self._hurry.is_set)
        if not self._hurry.is_set():
            self.estimated.emit(number, found, images)

    def _adopt(self, folder: Path, title: str) -> None:
        card = None
        try:
            heavy.load()
            from capsdraw.fit.adopt import adopt

            run = runs.read(folder)
            try:
                data = self._load(run.recipe)
                images, labels = data.train_images, data.train_labels
            except Cancelled:
                raise  # the window closes: kept now, its ranges would be missing
            except CapsDrawError:
                # Its data is gone: it can be used all the same, but for the ranges of its capsules.
                images, labels = np.empty((0, 1, 1), np.uint8), np.empty(0, np.uint8)
            card = adopt(run, title, images, labels, run.labels)
        finally:
            self.adopted.emit(card)

    def _load(self, recipe: Recipe) -> "Data":
        form = shape.wanted(recipe)
        # What lies there now: files may have changed since.
        asked = recipe.data, form, stamp.of(recipe.data)
        if self._data is None or self._data[0] != asked:
            self._data = None  # not two sets in memory
            cancel = None if self._current is None else self._current.enough
            self._data = asked, self._open(recipe.data, Watch(self.loading.emit, cancel), form)
        return self._data[1]
