"""From sketch to answer, off the GUI thread: the newest request wins, stale answers are dropped.

Two threads stand in line. The first makes the digit, so the preview follows the pen while a
net is still being loaded; the second loads nets and asks them what they read: their light halves, which
need no TensorFlow. A third draws the picture of a moved slider, so that no net's answer keeps
it waiting. A fourth looks into nets: it imports TensorFlow when that is first wanted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import Digit
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.answering import Answering
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.ui.questions import Half, PutQuestion, Urgency
from capsdraw.ui.worker import Worker, in_words, step_back


@dataclass(frozen=True)
class _DigitRequest:
    number: int
    model: str
    sketch: Sketch


@dataclass(frozen=True)
class _Read:
    number: int
    model: str
    digit: Digit | None  # None: only load the model


@dataclass(frozen=True)
class _QuestionRequest:
    put_question: PutQuestion
    model: str  # that reads the drawing


Item = TypeVar("Item", bound=_DigitRequest | _Read | _QuestionRequest)

# The kind of the reader's own items; a question is its own.
_READ = "read"


class Reader(QObject):
    """Reads sketches with a model in the background, and puts the views' questions to that model or to another.

    Attributes:
        model: the name of the model that reads; number: of the newest request.

    Signals:
        seen(int, object): request number, the (28, 28) digit that the net sees.
        answered(int, object, object): request number, a `nets.reading.Reading`, the digit that was read.
        loading(str): the title of a model that is to read, now being loaded.
        opening(str): the title of the model that reads, now being loaded to be looked into; opened(): that is over.
        ready(str): a model's name, from now on it reads, or it was replaced and the new one does.
        failed(int, str): request number, one line that says what went wrong.
        unloadable(str, str): the name of a model that is to read, one line that says why it cannot be loaded.
    """

    seen = Signal(int, object)
    answered = Signal(int, object, object)
    loading = Signal(str)
    opening = Signal(str)
    opened = Signal()
    ready = Signal(str)
    failed = Signal(int, str)
    unloadable = Signal(str, str)
    # To the window's thread: a question's own answer, or why it has none.
    _taken = Signal(object, object)
    _refused = Signal(object, str)

    def __init__(self, model: str, cache: SessionCache | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = model
        self.number = 0
        self._cache = SessionCache(stand_back=step_back) if cache is None else cache
        # What reads now; set on the thread that asks, and looked at on the one that draws.
        self._session: Answering | None = None
        self._looks: Worker[_DigitRequest] = Worker("look", self._try(self._look), back=False)
        self._asks: Worker[_Read | _QuestionRequest] = Worker("ask", self._try(self._ask), back=False)
        self._insides: Worker[_QuestionRequest] = Worker("inside", self._try(self._look_inside), back=False)
        self._draws: Worker[_QuestionRequest] = Worker("draw", self._try(self._draw), back=False)
        self._taken.connect(self._take)
        self._refused.connect(self._refuse)

    def start(self) -> None:
        """Begin to work: the model is loaded at once."""
        for worker in (self._looks, self._asks, self._insides, self._draws):
            worker.start()
        self._asks.put(_Read(self.number, self.model, None), _READ, Urgency.READ)

    def request(self, sketch: Sketch) -> int:
        """Ask what the net says of `sketch`; returns the request's number. Older requests are void."""
        self.number += 1
        self._looks.put(_DigitRequest(self.number, self.model, sketch))
        return self.number

    def put(self, put_question: PutQuestion) -> None:
        """Have a view's question answered; its owner alone hears of it.

        The thread for what the question needs of a net does that, the most urgent question first. An older one not
        begun yet is forgotten.
        """
        explore, question = _QuestionRequest(put_question, self.model), put_question.question
        match question.half:
            case Half.DECODER:
                self._draws.put(explore, question, question.urgency)
            case Half.LIGHT:
                self._asks.put(explore, question, question.urgency)
            case Half.HEAVY:
                self._insides.put(explore, question, question.urgency)

    def void(self) -> None:
        """Drop every request under way: nothing is drawn any more."""
        self.number += 1

    def use(self, model: str) -> None:
        """Let `model` answer from the next request on, and load it now. Older requests are void."""
        self.model = model
        self.number += 1
        self._asks.put(_Read(self.number, model, None), _READ, Urgency.READ)

    def close(self, seconds: float = 15.0) -> bool:
        """Stop all threads; an import of TensorFlow under way is waited for. Whether all ended."""
        # Each is told before any is waited for.
        workers = (self._looks, self._asks, self._insides, self._draws)
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

    def _fail(self, item: _DigitRequest | _Read | _QuestionRequest, text: str) -> None:
        if isinstance(item, _QuestionRequest):
            # The drawing was read all the same.
            self._refused.emit(item.put_question, text)
        else:
            self.failed.emit(item.number, text)

    def _look(self, look: _DigitRequest) -> None:
        digit = look.sketch.digit()
        self.seen.emit(look.number, digit)
        self._asks.put(_Read(look.number, look.model, digit), _READ, Urgency.READ)

    def _ask(self, item: _Read | _QuestionRequest) -> None:
        if isinstance(item, _Read):
            self._read(item)
        else:
            self._taken.emit(item.put_question, item.put_question.answer(self._answering(item)))

    def _read(self, read: _Read) -> None:
        try:
            session = self._reads(read.model)
        except CapsDrawError as error:
            self.unloadable.emit(read.model, str(error))
            return
        if read.digit is not None:
            self.answered.emit(read.number, session.read(read.digit), read.digit)

    def _reads(self, name: str) -> Answering:
        """What that model's file holds now: the window is told where it is another than before."""
        card = self._cache.card(name)
        session = self._cache.answering(card, lambda: self.loading.emit(card.title))
        if session is not self._session:
            self._session = session
            self._cache.keep(card)
            self.ready.emit(name)
        return session

    def _answering(self, explore: _QuestionRequest) -> Answering:
        """A question's own net is no news to the window, and one about a reading is put to the net that read."""
        reads = self._reading_net(explore)
        return self._cache.answering(self._card(explore)) if reads is None else reads

    def _look_inside(self, explore: _QuestionRequest) -> None:
        reads = self._reading_net(explore)
        card = self._card(explore) if reads is None else reads.card
        announced = reads is not None and not self._cache.holds(card)
        try:
            if announced:
                self.opening.emit(card.title)
            session = self._cache.open(card)
        finally:
            if announced:
                self.opened.emit()
        self._taken.emit(explore.put_question, explore.put_question.answer(session))

    def _reading_net(self, explore: _QuestionRequest) -> Answering | None:
        """The net that reads the drawing, where the question is about a reading of it."""
        reads = self._session
        return reads if explore.put_question.net is None and reads is not None and reads.name == explore.model else None

    def _card(self, explore: _QuestionRequest) -> Card:
        net = explore.put_question.net
        return self._cache.card(explore.model) if net is None else self._cache.current(net)

    def _draw(self, explore: _QuestionRequest) -> None:
        # Only what was read is drawn, and who read it is loaded.
        session = self._session
        if session is not None and session.name == explore.model:
            self._taken.emit(explore.put_question, explore.put_question.answer(session))

    def _take(self, put_question: PutQuestion, answer: Any) -> None:
        put_question.question.take(put_question.number, answer)

    def _refuse(self, put_question: PutQuestion, why: str) -> None:
        put_question.question.refuse(put_question.number, why)
