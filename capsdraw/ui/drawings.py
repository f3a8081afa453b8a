"""The window's door to the user's drawings: whatever is asked of the collection's file, one thread does, in order.

The file is opened when it is first wanted. What only looks into it does not make it.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from capsdraw.collection.item import FILE
from capsdraw.nets.cache import SessionCache
from capsdraw.paths import home
from capsdraw.ui.rereading import Rereading
from capsdraw.ui.worker import Worker, in_words

if TYPE_CHECKING:
    from capsdraw.collection.database import Collection

# Milliseconds between two looks at whether other windows have changed it, while somebody watches.
_LOOK: Final = 1500
# Of what others have changed: not known yet. None: there is no collection.
_NOT_LOOKED: Final = -1


class Wanted(IntEnum):
    """How soon something is to be done; of equals, what came first."""

    ASKED = auto()  # the user waits for it
    END = auto()
    SHOWN = auto()  # it is to be seen
    LOOK = auto()  # nobody waits for it


@dataclass(frozen=True)
class _Task:
    work: "Callable[[Collection], Any]"
    done: Callable[[Any], None]
    wanted: Wanted
    makes: bool = False
    changes: bool = False
    fail: Callable[[], None] = lambda: None


class KeptDrawings(QObject):
    """Reads and writes the collection.

    Args:
        cache: of nets, which read kept drawings again.

    Attributes:
        rereading: what models say of kept drawings.

    Signals:
        changed(): something else is kept than before, by this window or another.
        failed(str): one line that says what could not be done.
    """

    changed = Signal()
    failed = Signal(str)
    _told = Signal(object, object, str)

    def __init__(self, cache: SessionCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rereading = Rereading(self.opened, cache, self)
        self.rereading.failed.connect(self.failed)
        self._worker: Worker[_Task | threading.Event] = Worker("collection", self._handle, back=False)
        self._numbers = count()
        self._lock = threading.Lock()
        self._collection: Collection | None = None
        self._closed = False
        # Said last, so that what is looked for again and again is said once.
        self._why = ""
        self._others: int | None = _NOT_LOOKED
        self._look = QTimer(self)
        self._look.setInterval(_LOOK)
        self._look.timeout.connect(self._look_at_others)
        self._told.connect(self._take)

    def ask(
        self, work: "Callable[[Collection], Any]", done: Callable[[Any], None], kind: str, wanted: Wanted = Wanted.SHOWN
    ) -> None:
        """Look into the collection, on its thread, then call `done` with the result on the window's.

        One of the same kind that was not begun yet is forgotten. Where there is no collection yet, the result is None.
        """
        self._put(_Task(work, done, wanted), kind)

    def change(
        self,
        work: "Callable[[Collection], Any]",
        done: Callable[[Any], None] = lambda _: None,
        fail: Callable[[], None] = lambda: None,
    ) -> None:
        """Change the collection, which is made where there is none; `done` is told once it is on the disk."""
        task = _Task(work, done, Wanted.ASKED, makes=True, changes=True, fail=fail)
        self._put(task, f"change {next(self._numbers)}")

    def watch(self, on: bool) -> None:
        """Whether somebody wants to hear of what other windows change; asked for by what is in sight."""
        if on and not self._closed:
            self._look_at_others()
            self._look.start()
        else:
            self._look.stop()

    def opened(self) -> "Collection":
        """The collection; of one that cannot be opened, CapsDrawError. On any thread but the window's."""
        from capsdraw.collection.database import Collection

        with self._lock:
            if self._collection is None:
                self._collection = Collection()
            return self._collection

    def close(self, seconds: float = 5.0) -> None:
        """End, after what the user has asked for is on the disk."""
        self._closed = True
        self._look.stop()
        self.rereading.close(seconds)
        if self._worker.alive:
            done = threading.Event()
            self._worker.put(done, "end", Wanted.END)
            done.wait(seconds)
        self._worker.close(seconds)
        if self._collection is not None:
            self._collection.close()

    def _put(self, task: _Task, kind: str) -> None:
        if not self._closed:
            self._worker.put(task, kind, task.wanted)
            self._worker.start()

    def _handle(self, task: _Task | threading.Event) -> None:
        if isinstance(task, threading.Event):
            task.set()
            return
        answer, why = None, ""
        try:
            if task.makes or self._collection is not None or (home() / FILE).exists():
                answer = task.work(self.opened())
        except Exception as error:
            why = in_words(error, "the collection could not be used")
        with suppress(RuntimeError):  # the window may be gone
            self._told.emit(task, answer, why)

    def _take(self, task: _Task, answer: Any, why: str) -> None:
        if self._closed:
            return
        if why:
            if task.wanted == Wanted.ASKED or why != self._why:
                self.failed.emit(why)
            self._why = why
            task.fail()
            return
        self._why = ""
        task.done(answer)
        if task.changes:
            self.changed.emit()

    def _look_at_others(self) -> None:
        # The first look is what later ones are compared with, and comes before what is listed from now on: what others
        # do between a listing and a first look after it would never be told.
        wanted = Wanted.SHOWN if self._others == _NOT_LOOKED else Wanted.LOOK
        self.ask(lambda collection: collection.changes_of_others(), self._compare, "others", wanted)

    def _compare(self, others: int | None) -> None:
        """Another number than before: another window has changed it."""
        before, self._others = self._others, others
        if before not in (others, _NOT_LOOKED):
            self.changed.emit()
