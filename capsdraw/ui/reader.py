"""From sketch to answer, off the GUI thread: the newest request wins, stale answers are dropped.

Two threads stand in line. The first makes the digit and never touches TensorFlow, so the
preview follows the pen while TensorFlow is still being imported; the second imports it,
loads models and asks them, all on itself alone. A third draws the picture of a moved
slider, which needs no TensorFlow either, so that no net's answer keeps it waiting.
"""

import os
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import Digit
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from capsdraw.ui import heavy

if TYPE_CHECKING:
    from capsdraw.nets.session import Session

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """Holds one item of each kind, the newest; `take` waits for one.

    Args:
        kinds: in the order in which they are taken.
    """

    def __init__(self, kinds: Sequence[str] = ("",)) -> None:
        self._there = threading.Condition()
        self._items: dict[str, Item] = {}
        self._kinds = kinds
        self._closed = False

    def put(self, item: Item, kind: str = "") -> None:
        """Leave `item`; one of its kind that was not taken yet is forgotten."""
        with self._there:
            self._items[kind] = item
            self._there.notify()

    def take(self) -> Item | None:
        """The newest item of the first kind that has one; None when the box was closed."""
        with self._there:
            self._there.wait_for(lambda: self._items or self._closed)
            if self._closed:
                return None
            return self._items.pop(next(kind for kind in self._kinds if kind in self._items))

    def close(self) -> None:
        """Let `take` return None from now on."""
        with self._there:
            self._closed = True
            self._there.notify_all()


@dataclass(frozen=True)
class _Look:
    number: int
    model: str
    sketch: Sketch


@dataclass(frozen=True)
class _Ask:
    number: int
    model: str
    digit: Digit | None  # None: only load the model


@dataclass(frozen=True)
class _Explore:
    number: int
    model: str
    question: int
    kind: str
    work: Callable[["Session"], Any]


# What the ask thread does, the most urgent first: a pen or a slider that moves is not kept waiting.
_READ = "read"
KINDS = (
    _READ, "reread", "strip", "sheet", "morph", "routing",
    "anatomy", "filters", "trace", "maps", "heat", "sent", "meaning",
)  # fmt: skip
# What the draw thread does: nothing that asks more of a session than `decode`.
PICTURE = "picture"

# Niceness of the ask thread and of TensorFlow's.
_BEHIND = 10


class Reader(QObject):
    """Reads sketches with a model in the background.

    Signals:
        seen(int, object): request number, the (28, 28) digit that the net sees.
        answered(int, object): request number, a `nets.reading.Reading`.
        explored(str, int, object): kind and number of a question to the model, and its answer.
        unexplored(str, int, str): kind and number of a question that could not be answered, and why, in one line.
        loading(str): a model's title, now being loaded.
        ready(str): a model's name, from now on it answers.
        failed(int, str): request number, one line that says what went wrong.
        unloadable(str, str): a model's name, one line that says why it cannot be loaded.
    """

    seen = Signal(int, object)
    answered = Signal(int, object)
    explored = Signal(str, int, object)
    unexplored = Signal(str, int, str)
    loading = Signal(str)
    ready = Signal(str)
    failed = Signal(int, str)
    unloadable = Signal(str, str)

    def __init__(self, model: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.number = 0
        self._looks: Mailbox[_Look] = Mailbox()
        self._asks: Mailbox[_Ask | _Explore] = Mailbox(KINDS)
        self._draws: Mailbox[_Explore] = Mailbox((PICTURE,))
        self._explored = 0
        self._sessions: dict[str, Session] = {}
        self._threads = [
            threading.Thread(target=self._work, args=(self._looks, self._look), name="capsdraw-look", daemon=True),
            threading.Thread(target=self._work_behind, name="capsdraw-ask", daemon=True),
            threading.Thread(target=self._work, args=(self._draws, self._draw), name="capsdraw-draw", daemon=True),
        ]

    def start(self) -> None:
        """Begin to work: the model is loaded at once."""
        for thread in self._threads:
            thread.start()
        self._asks.put(_Ask(self.number, self.model, None), _READ)

    def request(self, sketch: Sketch) -> int:
        """Ask what the net says of `sketch`; returns the request's number. Older requests are void."""
        self.number += 1
        self._looks.put(_Look(self.number, self.model, sketch))
        return self.number

    def explore(self, kind: str, work: Callable[["Session"], Any]) -> int:
        """Put a question to the model that answers now; returns its number.

        Args:
            kind: `PICTURE` or one of `KINDS`; an older question of that kind not answered yet is forgotten.
            work: called with the model's session, on the thread that asks models; a picture's on
                one of its own, where it may use no more than `Session.decode`.
        """
        self._explored += 1
        box = self._draws if kind == PICTURE else self._asks
        box.put(_Explore(self.number, self.model, self._explored, kind, work), kind)
        return self._explored

    def void(self) -> None:
        """Drop every request under way: nothing is drawn any more."""
        self.number += 1

    def use(self, model: str) -> None:
        """Let `model` answer from the next request on, and load it now. Older requests are void."""
        self.model = model
        self.number += 1
        self._asks.put(_Ask(self.number, model, None), _READ)

    def close(self, seconds: float = 15.0) -> bool:
        """Stop all threads; an import of TensorFlow under way is waited for. Whether all ended."""
        self._looks.close()
        self._asks.close()
        self._draws.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, box: Mailbox[Item], handle: Callable[[Item], None]) -> None:
        while (item := box.take()) is not None:
            number: int = item.number  # type: ignore[attr-defined]
            try:
                handle(item)
            except CapsDrawError as error:
                self._fail(item, number, str(error))
            except Exception as error:
                traceback.print_exc()
                text = f"the net could not answer: {type(error).__name__}: {error}".splitlines()[0]
                self._fail(item, number, text)

    def _fail(self, item: object, number: int, text: str) -> None:
        if isinstance(item, _Explore):
            # The drawing was read all the same.
            self.unexplored.emit(item.kind, item.question, text)
        else:
            self.failed.emit(number, text)

    def _work_behind(self) -> None:
        """Ask, with less claim on the processor than the window.

        TensorFlow's own threads inherit that: pen and sliders stay quick beside a fit. Only Linux
        knows it for single threads.
        """
        if sys.platform == "linux":
            # Of a process that is niced already, nothing is asked back.
            with suppress(OSError):
                here = threading.get_native_id()
                os.setpriority(os.PRIO_PROCESS, here, max(_BEHIND, os.getpriority(os.PRIO_PROCESS, here)))
        self._work(self._asks, self._ask)

    def _look(self, look: _Look) -> None:
        digit = look.sketch.digit()
        self.seen.emit(look.number, digit)
        self._asks.put(_Ask(look.number, look.model, digit), _READ)

    def _ask(self, ask: _Ask | _Explore) -> None:
        try:
            session = self._sessions.get(ask.model) or self._open(ask.model)
        except CapsDrawError as error:
            self.unloadable.emit(ask.model, str(error))
            return
        if isinstance(ask, _Explore):
            self.explored.emit(ask.kind, ask.question, ask.work(session))
        elif ask.digit is not None:
            self.answered.emit(ask.number, session.read(ask.digit))

    def _draw(self, explore: _Explore) -> None:
        # Only what was read is drawn, and who read it is loaded.
        session = self._sessions.get(explore.model)
        if session is not None:
            self.explored.emit(explore.kind, explore.question, explore.work(session))

    def _open(self, name: str) -> "Session":
        card = cards.find(name)
        self.loading.emit(card.title)
        # Not before the window is on screen: the import alone takes seconds.
        heavy.load()
        from capsdraw.nets.session import Session

        session = Session.open(card)
        self._sessions[name] = session
        self.ready.emit(name)
        return session
