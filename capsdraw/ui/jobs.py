"""Short work off the GUI thread: reading a file, decoding a paste, fetching a test digit."""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from capsdraw.ui.worker import in_words

# Seconds of a job after which nobody waits for it any more.
LIMIT: Final = 60.0
# Lanes of files that the user has asked for, and seconds that a window which closes waits for these.
SAVES: Final = ("save", "share", "export")
_UNTIL_SAVED: Final = 10.0
# Seconds that a job whose result is not wanted any more may hold up the next one of its lane.
_PATIENCE: Final = 2.0
# Seconds after which is said what is waited for.
_SOON: Final = 0.7
# Milliseconds between two looks at what is under way.
_LOOK: Final = 100


@dataclass(eq=False)
class _Job:
    """A job, and what became of it; `begun` is written by its thread, all else by the window's."""

    work: Callable[[], Any]
    done: Callable[[Any], None]
    words: str
    limit: float
    given_up: Callable[[], None] | None = None
    begun: float | None = None
    # When its result was no longer wanted; it may still be under way.
    unwanted: float | None = None


class _Lane:
    """Jobs that are done one after the other, on a thread that ends when there are none left."""

    def __init__(self, jobs: list[_Job], ended: Callable[[_Job, Any, str], None]) -> None:
        self._lock = threading.Lock()
        self._waiting = deque(jobs)
        self._ended = ended
        self._under_way: _Job | None = None
        self._closed = False
        self.thread = threading.Thread(target=self._run, name="capsdraw-jobs", daemon=True)
        self.thread.start()

    @property
    def jobs(self) -> list[_Job]:
        """The job under way and those that wait for it."""
        with self._lock:
            return [*([self._under_way] if self._under_way else []), *self._waiting]

    def add(self, job: _Job) -> bool:
        """Put a job at the end of the row; False where the thread has ended."""
        with self._lock:
            if not self._closed:
                self._waiting.append(job)
            return not self._closed

    def leave(self) -> list[_Job]:
        """Begin nothing any more; what was still waiting."""
        with self._lock:
            waiting, self._closed = list(self._waiting), True
            self._waiting.clear()
            return waiting

    def _run(self) -> None:
        while (job := self._next()) is not None:
            if job.unwanted is None:
                job.begun = time.monotonic()
                self._ended(job, *_outcome(job.work))

    def _next(self) -> _Job | None:
        with self._lock:
            self._under_way = self._waiting.popleft() if self._waiting else None
            self._closed = self._under_way is None
            return self._under_way


class Jobs(QObject):
    """Runs plain functions on threads of its own and hands their results to the GUI thread.

    Jobs of a lane are done in the order in which they came; those of other lanes do not wait for them. What is not
    done within its limit is waited for no longer: its thread, which nothing can end, is left to itself.

    Signals:
        failed(str): one line that says what went wrong.
        waiting(str): what the user is kept waiting for, in words; "" for nothing.
    """

    failed = Signal(str)
    waiting = Signal(str)
    _finished = Signal(object, object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, _Lane] = {}
        self._said = ""
        self._finished.connect(self._take)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK)
        self._look.timeout.connect(self._look_at)

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        *,
        lane: str = "",
        words: str = "",
        newest: bool = False,
        limit: float = LIMIT,
        given_up: Callable[[], None] | None = None,
    ) -> None:
        """Call `work` in the background, then `done` with its result on the GUI thread.

        Args:
            work, done: the two functions.
            lane: in which it waits for others.
            words: what is done, where the user waits for it and may cancel it: "Reading seven.png".
            newest: results of jobs that came before it in its lane are not wanted any more.
            limit: seconds after which it is given up.
            given_up: called, on the GUI thread, when its result is not wanted any more: what it started ends there.
        """
        job = _Job(work, done, words, limit, given_up)
        if newest:
            self._forget(self._jobs(lane))
        if lane not in self._lanes or not self._lanes[lane].add(job):
            self._lanes[lane] = _Lane([job], self._tell)
        self._look.start()

    def cancel(self) -> None:
        """Give up what the user waits for."""
        for lane in list(self._lanes):
            waited_for = [job for job in self._jobs(lane) if job.words]
            self._forget(waited_for)
            if any(job.begun is not None for job in waited_for):
                self._leave(lane)
        self._look_at()

    def finish_saves(self, say: Callable[[str], None], seconds: float = _UNTIL_SAVED) -> None:
        """Wait for the files that the user has asked for, at most so long; `say` hears what is waited for, in words."""
        until = time.monotonic() + seconds
        said = ""
        while time.monotonic() < until:
            under_way = [job for lane in SAVES for job in self._jobs(lane) if job.unwanted is None]
            if not under_way:
                return
            if under_way[0].words != said:
                said = under_way[0].words
                say(said)
            time.sleep(0.01)

    def close(self, seconds: float = 1.0) -> None:
        """Wait for what is under way, at most so long; nothing is given up or said any more."""
        self._look.stop()
        until = time.monotonic() + seconds
        for lane in list(self._lanes.values()):
            lane.thread.join(max(0.0, until - time.monotonic()))

    def _jobs(self, lane: str) -> list[_Job]:
        return self._lanes[lane].jobs if lane in self._lanes else []

    def _forget(self, jobs: list[_Job]) -> None:
        for job in jobs:
            if job.unwanted is None:
                job.unwanted = time.monotonic()
                if job.given_up is not None:
                    job.given_up()

    def _leave(self, name: str) -> None:
        """Let what waits in a lane wait no longer for what is under way there."""
        rest = self._lanes.pop(name).leave()
        if rest:
            self._lanes[name] = _Lane(rest, self._tell)

    def _tell(self, job: _Job, result: Any, fault: str) -> None:
        """From a lane's thread; the window may be gone."""
        with suppress(RuntimeError):
            self._finished.emit(job, result, fault)

    def _take(self, job: _Job, result: Any, fault: str) -> None:
        if job.unwanted is None:
            if fault:
                self.failed.emit(fault)
            else:
                job.done(result)
        self._look_at()

    def _look_at(self) -> None:
        """Give up what takes too long, and say what the user waits for."""
        now = time.monotonic()
        for name, lane in list(self._lanes.items()):
            under_way = next((job for job in lane.jobs if job.begun is not None), None)
            if under_way is None:
                if not lane.thread.is_alive():
                    del self._lanes[name]
            elif under_way.unwanted is not None and now - under_way.unwanted > _PATIENCE:
                self._leave(name)
            elif under_way.unwanted is None and now - (under_way.begun or now) > under_way.limit:
                self._forget([under_way])
                self._leave(name)
                what = under_way.words or "work in the background"
                self.failed.emit(f"{what} took longer than {under_way.limit:,.0f} seconds: given up")
        if not self._lanes:
            self._look.stop()
        self._say(now)

    def _say(self, now: float) -> None:
        under_way = [job for lane in self._lanes.values() for job in lane.jobs if job.unwanted is None]
        waited_for = [job.words for job in under_way if job.words and now - (job.begun or now) > _SOON]
        words = next(iter(waited_for), "")
        if words != self._said:
            self._said = words
            self.waiting.emit(words)


def _outcome(work: Callable[[], Any]) -> tuple[Any, str]:
    """What it gives and "", or None and one line that says what went wrong."""
    try:
        return work(), ""
    except Exception as error:
        return None, in_words(error)
