"""The thread on which nets are trained: one fit at a time, and what is asked before and after it."""

import os
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from capsdraw.datasets.watch import Cancelled, Watch
from capsdraw.errors import CapsDrawError
from capsdraw.fit import check, runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import Ended, Event
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.normalize import Digit
from capsdraw.ui import heavy
from capsdraw.ui.reader import Mailbox

if TYPE_CHECKING:
    from capsdraw.datasets.sources import Data

# What the thread does, the most urgent first.
_FIT, _ADOPT, _ESTIMATE = "fit", "adopt", "estimate"

# Niceness of the thread, and of those that TensorFlow starts from it.
_BEHIND = 10

Open = Callable[[str, Watch], "Data"]


@dataclass(frozen=True)
class _Job:
    number: int
    work: Callable[[], None]


class Fitter(QObject):
    """Trains, and keeps the window out of it.

    Attributes:
        digit: the user's own, as the net would see it; looked at while a net is trained.
        folder: of the run under way, or None.

    Signals:
        began(object): a fit begins in that run folder.
        loading(int, int): so much of the data is read or fetched, of so much (0: not known).
        told(object): an event of the fit.
        ended(object, str, str): run folder, how it ended (`fit.events`), and why it failed, in one line.
        estimated(int, object, int): number of the question, a `fit.estimate.Estimate`, images to train on.
        refused(int, object): number of the question, {entry of the recipe: reason}.
        adopted(object): the card of a run's model that is at hand from now on.
        failed(str): something could not be done; one line.
    """

    began = Signal(object)
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
        self._open = open_data
        self._jobs: Mailbox[_Job] = Mailbox((_FIT, _ADOPT, _ESTIMATE))
        self._control = Control()
        self._enough = threading.Event()  # stops a fetch
        self._hurry = threading.Event()  # an estimate under way is not wanted any more
        self._number = 0
        self._data: tuple[str, Data] | None = None
        # First of all who listen: whoever is told that a fit has ended may begin another.
        self.ended.connect(self._free)
        self._thread = threading.Thread(target=self._work, name="capsdraw-fit", daemon=True)

    @property
    def busy(self) -> bool:
        """Whether a fit is under way or about to be."""
        return self.folder is not None

    @property
    def paused(self) -> bool:
        """Whether the fit under way is to hold."""
        return self.busy and self._control.paused

    def train(self, recipe: Recipe, folder: Path) -> None:
        """Begin, or go on with, the run in `folder`."""
        self.folder, self._control = folder, Control()
        self._enough = threading.Event()
        control = self._control
        self._put(_FIT, lambda: self._fit(recipe, folder, control))

    def pause(self) -> None:
        """Hold after the batch under way."""
        self._control.pause()

    def resume(self) -> None:
        """Go on."""
        self._control.resume()

    def stop(self) -> None:
        """End after the batch under way; what was learnt is kept."""
        self._enough.set()
        self._control.stop()

    def estimate(self, recipe: Recipe) -> int:
        """Ask how long a fit would take; returns the question's number. An older question is forgotten."""
        self._put(_ESTIMATE, lambda number=self._number + 1: self._estimate(number, recipe))  # type: ignore[misc]
        return self._number

    def adopt(self, folder: Path, title: str) -> None:
        """Put the model of the run in `folder` among those at hand."""
        self._put(_ADOPT, lambda: self._adopt(folder, title))

    def close(self, seconds: float = 30.0) -> bool:
        """Stop the fit, if there is one, and the thread; whether it ended."""
        self.stop()
        self._hurry.set()
        self._jobs.close()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _free(self, folder: Path) -> None:
        if folder == self.folder:
            self.folder = None

    def _put(self, kind: str, work: Callable[[], None]) -> None:
        self._number += 1
        self._hurry.set()
        self._jobs.put(_Job(self._number, work), kind)
        if self._thread.ident is None:
            self._thread.start()

    def _work(self) -> None:
        if sys.platform == "linux":
            # Drawing comes before training; of a process that is niced already, nothing is asked back.
            with suppress(OSError):
                here = threading.get_native_id()
                os.setpriority(os.PRIO_PROCESS, here, max(_BEHIND, os.getpriority(os.PRIO_PROCESS, here)))
        while (job := self._jobs.take()) is not None:
            self._hurry.clear()
            try:
                heavy.load()
                job.work()
            except CapsDrawError as error:
                self.failed.emit(str(error))
            except Exception as error:
                traceback.print_exc()
                self.failed.emit(f"could not be done: {type(error).__name__}: {error}".splitlines()[0])

    def _fit(self, recipe: Recipe, folder: Path, control: Control) -> None:
        from capsdraw.fit import loop

        self.began.emit(folder)
        last: list[Ended] = []

        def tell(event: Event) -> None:
            if isinstance(event, Ended):
                last.append(event)
            self.told.emit(event)

        try:
            data = self._load(recipe.data)
            self._refuse(check.problems(recipe, len(data.train_labels), data.shape))
            loop.run(
                recipe, data.train_images, data.train_labels, folder, control, tell, self._watch(data, recipe)
            )  # fmt: skip
            how, message = last[-1].how, ""
        except Cancelled:
            how, message = "stopped", ""
        except Exception as error:
            if not isinstance(error, CapsDrawError):
                traceback.print_exc()
            how, message = "failed", str(error).splitlines()[0] if str(error) else type(error).__name__
        self.ended.emit(folder, how, message)

    def _watch(self, data: "Data", recipe: Recipe) -> Any:
        """One digit of each class that is not trained on, and the user's own."""
        from capsdraw.fit.watch import Watch, one_of_each
        from capsdraw.ink.raster import from_bytes

        held = slice(len(data.train_labels) - recipe.held_out, None) if recipe.held_out else slice(0, 200)
        digits, labels = one_of_each(data.train_images[held], data.train_labels[held])
        return Watch(from_bytes(digits).reshape(len(digits), *data.shape), labels, lambda: self.digit)

    def _estimate(self, number: int, recipe: Recipe) -> None:
        data = self._load(recipe.data)
        wrong = check.problems(recipe, len(data.train_labels), data.shape)
        if wrong:
            self.refused.emit(number, wrong)
            return
        from capsdraw.fit.estimate import estimate

        images = len(data.train_labels) - recipe.held_out
        found = estimate(recipe, data.train_images, data.train_labels, self._hurry.is_set)
        if not self._hurry.is_set():
            self.estimated.emit(number, found, images)

    def _adopt(self, folder: Path, title: str) -> None:
        from capsdraw.fit.adopt import adopt

        run = runs.read(folder)
        data = self._load(run.recipe.data)
        self.adopted.emit(adopt(run, title, data.train_images, data.train_labels, data.labels))

    def _load(self, name: str) -> "Data":
        if self._data is None or self._data[0] != name:
            self._data = None  # not two sets in memory
            self._data = (name, self._open(name, Watch(self.loading.emit, self._enough)))
        return self._data[1]

    def _refuse(self, wrong: dict[str, str]) -> None:
        for entry, reason in wrong.items():
            raise CapsDrawError(f"{entry}: {reason}")
