"""Threads of the window's own: their mail, their claim on the processor, their end, and their faults in words."""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QObject
from shiboken6 import isValid
from threadpoolctl import threadpool_limits

from capsdraw.errors import CapsDrawError, first_line
from capsdraw.ui import faults

Item = TypeVar("Item")

# Niceness of threads that stand back, and of those that TensorFlow starts from them.
_BACK: Final = 10


class Mailbox(Generic[Item]):
    """Holds one item of each kind, the newest; `take` waits for one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._items: dict[Hashable, tuple[int, Item]] = {}
        self._closed = False

    def put(self, item: Item, kind: Hashable = "", urgency: int = 0) -> None:
        """Leave `item`; one of its kind that was not taken yet is forgotten, and this one has its place in the row."""
        with self._changed:
            self._items[kind] = urgency, item
            self._changed.notify()

    def take(self) -> Item | None:
        """The item of the lowest `urgency`, of several the kind that waits longest; None when the box was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed)
            if self._closed:
                return None
            return self._items.pop(min(self._items, key=lambda kind: self._items[kind][0]))[1]

    def close(self) -> None:
        """Let `take` return None from now on."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


class Worker(Generic[Item]):
    """A thread that handles what is put into its mailbox, one item after another.

    Args:
        name: of the thread, as a debugger shows it.
        handle: called on the thread with each item; deals with its own faults.
        back: stand back behind the window where the processor is short.
        owner: whose signals tell of the work. The item under way may outlast it, where that takes longer than closing
            waits: nobody hears of it then, and that is no fault.
    """

    def __init__(
        self, name: str, handle: Callable[[Item], None], *, back: bool = True, owner: QObject | None = None
    ) -> None:
        self._box: Mailbox[Item] = Mailbox()
        self._handle = handle
        self._back, self._owner = back, owner
        self._thread = threading.Thread(target=self._run, name=f"capsdraw-{name}", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether the thread was started and has not ended."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to work, if not begun yet."""
        if self._thread.ident is None:
            self._thread.start()

    def put(self, item: Item, kind: Hashable = "", urgency: int = 0) -> None:
        """Leave an item; one of its kind that was not begun yet is forgotten. The lowest `urgency` comes first."""
        self._box.put(item, kind, urgency)

    def close(self, seconds: float = 30.0) -> bool:
        """End after the item under way, for which at most `seconds` are waited; whether it ended."""
        self._box.close()
        if self.alive:
            self._thread.join(seconds)
        return not self.alive

    def _run(self) -> None:
        if self._back:
            step_back()
        while (item := self._box.take()) is not None:
            try:
                self._handle(item)
            except RuntimeError:
                if self._owner is None or not gone(self._owner):
                    raise


def gone(owner: QObject) -> bool:
    """Whether Qt has deleted it: what still becomes of its work is told to nobody."""
    return not isValid(owner)


def step_back() -> None:
    """Less claim on the processor for this thread, so that pen and sliders stay quick; Linux alone knows it for one."""
    if sys.platform == "linux":
        # Of a process that is niced already, nothing is asked back.
        with suppress(OSError):
            here = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, here, max(_BACK, os.getpriority(os.PRIO_PROCESS, here)))


def step_back_in_numpy() -> None:
    """Its products are small here: its threads would spin beside TensorFlow's for nothing."""
    threadpool_limits(1, "blas")


def in_words(error: Exception, what: str = "could not be done") -> str:
    """One line for the user; what nobody expected leaves its traceback on the terminal and in a file (`faults`)."""
    if isinstance(error, CapsDrawError):
        return str(error)
    if sys.stderr is not None:
        traceback.print_exception(error)
    faults.keep(error)
    return f"{what}: {first_line(error, named=True)}"
