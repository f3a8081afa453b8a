"""From sketch to answer, off the GUI thread: the newest request wins, stale answers are dropped.

Two threads stand in line. The first makes the digit and never touches TensorFlow, so the
preview follows the pen while TensorFlow is still being imported; the second imports it,
loads models and asks them, all on itself alone. A third draws the picture of a moved
slider, which needs no TensorFlow either, so that no net's answer keeps it waiting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import Digit
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from capsdraw.ui import heavy
from capsdraw.ui.worker import Worker, in_words

if TYPE_CHECKING:
    from capsdraw.nets.session import Session


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


Item = TypeVar("Item", bound=_Look | _Ask | _Explore)

# What the ask thread does, the most urgent first: a pen or a slider that moves is not kept waiting.
_READ = "read"
KINDS = (
    _READ, "reread", "strip", "sheet", "morph", "routing", "sheet file",
    "anatomy", "filters", "look", "trace", "maps", "heat", "sent", "meaning",
)  # fmt: skip
# What the draw thread does: nothing that asks more of a session than `decode`.
PICTURE = "picture"


class Reader(QObject):
    """Reads sketches with a model in the background.

    Signals:
        seen(int, object): request number, the (28, 28) digit that the net sees.
        answered(int, object, object): request number, a `nets.reading.Reading`, the digit that was read.
        explored(str, int, object): kind and number of a question to the model, and its answer.
        unexplored(str, int, str): kind and number of a question that could not be answered, and why, in one line.
        loading(str): the title of a model that is to read, now being loaded.
        ready(str): a model's name, from now on it reads.
        failed(int, str): request number, one line that says what went wrong.
        unloadable(str, str): the name of a model that is to read, one line that says why it cannot be loaded.
    """

    seen = Signal(int, object)
    answered = Signal(int, object, object)
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
        self._explored = 0
        self._sessions: dict[str, Session] = {}
        self._looks: Worker[_Look] = Worker("look", self._try(self._look), back=False)
        # With less claim on the processor than the window: pen and sliders stay quick beside a fit.
        self._asks: Worker[_Ask | _Explore] = Worker("ask", self._try(self._ask), KINDS)
        self._draws: Worker[_Explore] = Worker("draw", self._try(self._draw), (PICTURE,), back=False)

    def start(self) -> None:
        """Begin to work: the model is loaded at once."""
        for worker in (self._looks, self._asks, self._draws):
            worker.start()
        self._asks.put(_Ask(self.number, self.model, None), _READ)

    def request(self, sketch: Sketch) -> int:
        """Ask what the net says of `sketch`; returns the request's number. Older requests are void."""
        self.number += 1
        self._looks.put(_Look(self.number, self.model, sketch))
        return self.number

    def explore(self, kind: str, work: Callable[["Session"], Any], model: str | None = None) -> int:
        """Put a question to the model that reads now, or to another; returns its number.

        Args:
            kind: `PICTURE` or one of `KINDS`; an older question of that kind not answered yet is forgotten.
            work: called with the model's session, on the thread that asks models; a picture's on
                one of its own, where it may use no more than `Session.decode`.
            model: the name of another one, loaded where it is not yet; what cannot be loaded leaves the
                question `unexplored`.
        """
        self._explored += 1
        box = self._draws if kind == PICTURE else self._asks
        box.put(_Explore(self.number, model or self.model, self._explored, kind, work), kind)
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
        # Each is told before any is waited for.
        workers = (self._looks, self._asks, self._draws)
        for worker in workers:
            worker.close(0)
        ended = [worker.close(seconds) for worker in workers]
        return all(ended)

    def _try(self, handle: Callable[[Item], None]) -> Callable[[Item], None]:
        def tried(item: Item) -> None:
            try:
                handle(item)
            except Exception as error:
                self._fail(item, in_words(error, "the net could not answer"))

        return tried

    def _fail(self, item: _Look | _Ask | _Explore, text: str) -> None:
        if isinstance(item, _Explore):
            # The drawing was read all the same.
            self.unexplored.emit(item.kind, item.question, text)
        else:
            self.failed.emit(item.number, text)

    def _look(self, look: _Look) -> None:
        digit = look.sketch.digit()
        self.seen.emit(look.number, digit)
        self._asks.put(_Ask(look.number, look.model, digit), _READ)

    def _ask(self, ask: _Ask | _Explore) -> None:
        try:
            session = self._sessions.get(ask.model) or self._open(ask.model, told=isinstance(ask, _Ask))
        except CapsDrawError as error:
            if isinstance(ask, _Explore):
                raise
            self.unloadable.emit(ask.model, str(error))
            return
        if isinstance(ask, _Explore):
            self.explored.emit(ask.kind, ask.question, ask.work(session))
        elif ask.digit is not None:
            self.answered.emit(ask.number, session.read(ask.digit), ask.digit)

    def _draw(self, explore: _Explore) -> None:
        # Only what was read is drawn, and who read it is loaded.
        session = self._sessions.get(explore.model)
        if session is not None:
            self.explored.emit(explore.kind, explore.question, explore.work(session))

    def _open(self, name: str, told: bool) -> "Session":
        """`told`: whether the window is told of it, as of what reads; a question's own model is no news to it."""
        card = cards.find(name)
        if told:
            self.loading.emit(card.title)
        # Not before the window is on screen: the import alone takes seconds.
        heavy.load()
        from capsdraw.nets.session import Session

        session = Session.open(card)
        self._sessions[name] = session
        if told:
            self.ready.emit(name)
        return session
