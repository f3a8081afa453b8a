"""From sketch to answer, off the GUI thread: the newest request wins, stale answers are dropped.

Two threads stand in line. The first makes the digit, so the preview follows the pen while a
net is still being loaded; the second loads nets and asks them what they read: their light halves, which
need no TensorFlow. A third draws the picture of a moved slider, so that no net's answer keeps
it waiting. A fourth looks into nets: it imports TensorFlow when that is first wanted.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from capsdraw.errors import CapsDrawError
from capsdraw.ink.intake import of_sketch
from capsdraw.ink.looks import Looks
from capsdraw.ink.normalize import Digit
from capsdraw.ink.pair import parts_from_drawing, together
from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.answering import Answering
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.nets.side_by_side import NumberReader, WrittenNumber
from capsdraw.nets.verdict import verdict_of
from capsdraw.ui.questions import Half, PutQuestion, Urgency
from capsdraw.ui.worker import Worker, gone, in_words, step_back


@dataclass(frozen=True)
class _DigitRequest:
    number: int
    model: str
    sketch: Sketch
    settled: bool = True  # no stroke is under way


@dataclass(frozen=True)
class _Read:
    number: int
    model: str
    digit: Digit | None  # None: only load the model
    drawn: Raster | None = None  # each of two inks alone
    sketch: Sketch = field(default_factory=Sketch)
    settled: bool = True


@dataclass(frozen=True)
class _Settled:
    """The number that a drawing was when no stroke was under way, if it was one, and who read it."""

    model: str = ""
    sketch: Sketch = field(default_factory=Sketch)
    number: WrittenNumber | None = None

    def beneath(self, read: _Read) -> WrittenNumber | None:
        """That number, where what is read now only has more strokes: a digit begun is no figure yet."""
        before, now = self.sketch, read.sketch
        strokes = before.drawing.strokes
        same = all(one is other for one, other in zip(strokes, now.drawing.strokes, strict=False))
        if not same or len(now.drawing.strokes) < len(strokes) or now.picture is not before.picture:
            return None
        return self.number if (now.box, read.model) == (before.box, self.model) else None


@dataclass(frozen=True)
class _QuestionRequest:
    put_question: PutQuestion
    model: str  # the name of the one that reads the drawing


Item = TypeVar("Item", bound=_DigitRequest | _Read | _QuestionRequest)
Net = TypeVar("Net", bound=Answering)

# The kind of the reader's own items; a question is its own.
_READ = "read"


class Reader(QObject):
    """Reads sketches with a model in the background, and puts the views' questions to the nets that they are about.

    Attributes:
        model: the name of the model that reads; number: of the newest request.

    Signals:
        seen(int, object): request number, the picture that the net sees: (28, 28), or as large as it reads.
        seen_as_one(int, object): of a net of two digits, or of larger or smaller ink than MNIST's, the (28, 28) digit
            in MNIST's form.
        answered(int, object, object, object, object): request number, a `nets.reading.Reading`, the digit that was
            read, the `nets.verdict.Verdict` on it, and the `nets.side_by_side.WrittenNumber` or None.
        loading(str): the title of a model that is to read, now being loaded.
        opening(str): the title of the model that reads, now being loaded to be looked into; opened(): that is over.
        ready(str): a model's name, from now on it reads, or it was replaced and the new one does.
        failed(int, str): request number, one line that says what went wrong.
        unloadable(str, str): the name of a model that is to read, one line that says why it cannot be loaded.
    """

    seen = Signal(int, object)
    seen_as_one = Signal(int, object)
    answered = Signal(int, object, object, object, object)
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
        # For the thread that looks only.
        self._sketches = Looks()
        # For the thread that asks only.
        self._numbers, self._was_number = NumberReader(), False
        self._settled = _Settled()
        self._looks: Worker[_DigitRequest] = self._worker("look", self._look)
        self._asks: Worker[_Read | _QuestionRequest] = self._worker("ask", self._ask)
        self._insides: Worker[_QuestionRequest] = self._worker("inside", self._look_inside)
        self._draws: Worker[_QuestionRequest] = self._worker("draw", self._draw)
        self._taken.connect(self._take)
        self._refused.connect(self._refuse)

    def start(self) -> None:
        """Begin to work: the model is loaded at once."""
        for worker in (self._looks, self._asks, self._insides, self._draws):
            worker.start()
        self._asks.put(_Read(self.number, self.model, None), _READ, Urgency.READ)

    def request(self, sketch: Sketch, settled: bool = True) -> int:
        """Ask what the net says of `sketch`; returns the request's number. Older requests are void.

        Args:
            sketch: that is read; settled: whether no stroke of it is under way.
        """
        self.number += 1
        self._looks.put(_DigitRequest(self.number, self.model, sketch, settled))
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

    def _worker(self, name: str, handle: Callable[[Item], None]) -> Worker[Item]:
        return Worker(name, self._try(handle), back=False, owner=self)

    def _try(self, handle: Callable[[Item], None]) -> Callable[[Item], None]:
        def tried(item: Item) -> None:
            try:
                handle(item)
            except Exception as error:
                if gone(self):
                    return
                self._fail(item, in_words(error, "the net could not answer"))

        return tried

    def _fail(self, item: _DigitRequest | _Read | _QuestionRequest, text: str) -> None:
        if isinstance(item, _QuestionRequest):
            # The drawing was read all the same.
            self._refused.emit(item.put_question, text)
        else:
            self.failed.emit(item.number, text)

    def _look(self, look: _DigitRequest) -> None:
        digit, drawn = self._seen_by(look.model, look.sketch)
        self.seen.emit(look.number, digit)
        if self._sees_another_form(look.model):
            self.seen_as_one.emit(look.number, self._sketches.digit(look.sketch))
        read = _Read(look.number, look.model, digit, drawn, look.sketch, look.settled)
        self._asks.put(read, _READ, Urgency.READ)

    def _seen_by(self, model: str, sketch: Sketch) -> tuple[Digit, Raster | None]:
        """What that model sees of the canvas; of one that is not there, which asking it will say, MNIST's form.

        And of a drawing in two inks for a net of two digits, what it sees of each.
        """
        try:
            card = self._cache.card(model)
        except CapsDrawError:
            return self._sketches.digit(sketch), None
        if card.reads_pairs and sketch.picture is None and sketch.drawing.of_ink(1):
            drawn = parts_from_drawing(sketch.drawing, card.input[0])
            return together(drawn), drawn
        return of_sketch(sketch, card.input, card.intake, self._sketches.digit), None

    def _sees_another_form(self, model: str) -> bool:
        """Whether that model reads what is drawn, but in another form than MNIST's."""
        try:
            card = self._cache.card(model)
        except CapsDrawError:
            return False
        return card.reads_drawings and not card.intake.is_mnist

    def _ask(self, item: _Read | _QuestionRequest) -> None:
        if isinstance(item, _Read):
            self._read(item)
        else:
            self._taken.emit(item.put_question, item.put_question.answer(self._answering(item.put_question.net)))

    def _read(self, read: _Read) -> None:
        try:
            session = self._reads(read.model)
        except CapsDrawError as error:
            self.unloadable.emit(read.model, str(error))
            return
        if read.digit is not None:
            reading = replace(session.read(read.digit), drawn=read.drawn)
            verdict = verdict_of(reading, read.digit, session.card)
            # All ways to cut a drawing are read when its stroke is done, and while it grows where it was a number
            # before: who draws one digit would wait for that at each move.
            number = None
            if read.settled or self._was_number:
                number = self._numbers.read_sketch(session, read.sketch, verdict)
            self._was_number = number is not None
            if read.settled:
                self._settled = _Settled(read.model, read.sketch, number)
            elif number is None:
                number = self._settled.beneath(read)
            self.answered.emit(read.number, reading, read.digit, verdict, number)

    def _reads(self, name: str) -> Answering:
        """What that model's file holds now: the window is told where it is another than before."""
        card = self._cache.card(name)
        session = self._cache.answering(card, lambda: self.loading.emit(card.title))
        if session is not self._session:
            self._session = session
            self._cache.keep(card)
            self.ready.emit(name)
        return session

    def _answering(self, net: Card) -> Answering:
        """The light half of the net that a question is about."""
        reads = self._session
        return reads if reads is not None and reads.card == net else self._opened(self._cache.answering, net)

    def _look_inside(self, explore: _QuestionRequest) -> None:
        net = explore.put_question.net
        announced = net.name == explore.model and not self._cache.holds(net)
        try:
            if announced:
                self.opening.emit(net.title)
            session = self._opened(self._cache.open, net)
            step_back()  # what is computed here is not what the pen waits for
        finally:
            if announced:
                self.opened.emit()
        self._taken.emit(explore.put_question, explore.put_question.answer(session))

    def _opened(self, opened: Callable[[Card], Net], net: Card) -> Net:
        """That net, and never another of its name.

        Raises:
            CapsDrawError: it cannot be loaded. Where its file was replaced, the window has heard of that before.
        """
        try:
            return opened(net)
        except CapsDrawError:
            self._cache.current(net)
            raise

    def _draw(self, explore: _QuestionRequest) -> None:
        # Only what was read is drawn, and who read it is loaded.
        session = self._session
        if session is not None and session.card == explore.put_question.net:
            self._taken.emit(explore.put_question, explore.put_question.answer(session))

    def _take(self, put_question: PutQuestion, answer: Any) -> None:
        put_question.question.take(put_question.number, answer)

    def _refuse(self, put_question: PutQuestion, why: str) -> None:
        put_question.question.refuse(put_question.number, why)
