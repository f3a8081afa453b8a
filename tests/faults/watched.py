"""What a monkey is watched by: exceptions, Qt's messages, hangs, and what is left behind."""

import faulthandler
import re
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from capsdraw.ui import faults

# Seconds of the window's own processor time in one go, from which on it hangs.
HANG = 0.25
# Seconds from which on it is looked where the window's thread is.
_LONG = 0.05
_FRAME = re.compile(r'File "([^"]*)", line (\d+) in (\w+)')
# What Qt says offscreen of what that platform does not do.
_BENIGN = ("propagateSizeHints", "does not support", "Populating font family aliases")


@dataclass(frozen=True)
class Left:
    """What there is of the app at one moment: threads, timers, widgets without a parent, megabytes, open files."""

    threads: int
    timers: int
    windows: int
    memory: float
    handles: int = 0


@dataclass
class Watch:
    """Collects, while it is `watching`, what went wrong.

    Attributes:
        faults: exceptions that left a slot, a thread or an event, with their traces.
        messages: what Qt said; hangs: (what was done, seconds, where it was meanwhile); left: counted now and then.
        hang: seconds of processor time from which on it hangs; longest: what took longest, and how long.
        late: names of threads that are there when all is closed.
    """

    faults: list[str] = field(default_factory=list)
    messages: Counter[str] = field(default_factory=Counter)
    hangs: list[tuple[str, float, str]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    hang: float = HANG
    longest: tuple[float, str] = (0.0, "")
    # What is timed, when it began, by its processor time and by the clock, and where its thread was seen.
    _what: str = ""
    _begun: float = 0.0
    _since: float = 0.0
    _places: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """While the block runs."""
        before = sys.excepthook, threading.excepthook
        sys.excepthook = lambda _, error, __: self._note(error)
        threading.excepthook = lambda caught: self._note(caught.exc_value)
        faults.forget()
        # What work in the background met with that nobody expected.
        faults.keep, kept = self._keep, faults.keep  # type: ignore[assignment]
        handler = qInstallMessageHandler(self._say)
        over = threading.Event()
        threading.Thread(target=self._sample, args=(threading.get_ident(), over), name="sampler", daemon=True).start()
        try:
            yield
        finally:
            over.set()
            sys.excepthook, threading.excepthook = before
            faults.keep = kept
            qInstallMessageHandler(handler)

    @contextmanager
    def timing(self, what: str) -> Iterator[None]:
        """Around what is done at once: the processor time of this thread counts, not that of others."""
        self._what = what
        self._begin()
        yield
        self.lap()
        self._since = 0.0

    def lap(self) -> None:
        """One event of several is done: the next is timed by itself."""
        seconds = time.thread_time() - self._begun
        self.longest = max(self.longest, (round(seconds, 3), self._what))
        if seconds > self.hang:
            places = "; ".join(f"{place} ({count})" for place, count in self._places.most_common(3))
            self.hangs.append((self._what, round(seconds, 3), places))
        self._begin()

    def _begin(self) -> None:
        self._places, self._since, self._begun = Counter(), time.monotonic(), time.thread_time()

    def say_of_last(self, before: str, words: str) -> None:
        """What the last hang was called before it was known what was done, is called so."""
        if self.hangs and self.hangs[-1][0] == before:
            self.hangs[-1] = (words, *self.hangs[-1][1:])

    def count(self) -> None:
        """Keep what there is now."""
        threads = sum(thread.name.startswith("capsdraw") for thread in threading.enumerate())
        application = QApplication.instance()
        roots: list[QObject] = [] if application is None else [application, *QApplication.topLevelWidgets()]
        timers = sum(timer.isActive() for root in roots for timer in root.findChildren(QTimer))
        memory = psutil.Process().memory_info().rss / 2**20
        handles = psutil.Process().num_fds() if hasattr(psutil.Process, "num_fds") else 0
        self.left.append(Left(threads, timers, len(QApplication.topLevelWidgets()), round(memory, 1), handles))

    def look_for_late(self) -> None:
        """All is closed: keep the names of threads that are still there, and whose timers still tick."""
        threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("capsdraw")]
        widgets = QApplication.topLevelWidgets()
        timers = [timer for widget in widgets for timer in widget.findChildren(QTimer) if timer.isActive()]
        self.late = [f"the thread {name}" for name in threads] + [f"a timer of {_owner(timer)}" for timer in timers]

    @property
    def wrong(self) -> list[str]:
        """A line or more for all that must not be."""
        return [
            *self.faults,
            *self.messages,
            *(f"{what} took {seconds} s: {where}" for what, seconds, where in self.hangs),
            *(f"{name} did not end" for name in self.late),
        ]

    def _sample(self, thread: int, over: threading.Event) -> None:
        """Where the window's thread is while something takes long, by its innermost functions of the app.

        By faulthandler: whoever holds a frame of Python's keeps the painter in it alive, which ends the process.
        """
        mark = f"0x{thread:016x} "
        while not over.wait(0.02):
            since = self._since
            if since and time.monotonic() - since > _LONG:
                with tempfile.TemporaryFile("w+") as file:
                    faulthandler.dump_traceback(file, all_threads=True)
                    file.seek(0)
                    stacks = file.read().split("\n\n")
                stack = next((text for text in stacks if mark in text.partition("\n")[0]), "")
                lines = [f"{name}:{line}" for path, line, name in _FRAME.findall(stack) if "capsdraw" in path]
                self._places[" < ".join(lines[:4])] += 1

    def _note(self, error: BaseException | None) -> None:
        if error is not None:
            self.faults.append("".join(traceback.format_exception(error)))

    def _keep(self, error: BaseException) -> None:
        self._note(error)

    def _say(self, _: QtMsgType, __: QMessageLogContext, text: str) -> None:
        if not any(part in text for part in _BENIGN):
            self.messages[text] += 1


def _owner(timer: QTimer) -> str:
    """The classes that a timer lies in, from within."""
    names, parent = list[str](), timer.parent()
    while parent is not None:
        names.append(type(parent).__name__)
        parent = parent.parent()
    return f"{' in '.join(names[:3])}, every {timer.interval()} ms"
