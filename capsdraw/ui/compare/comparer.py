"""The thread that asks several models about one digit: now, and all along a dial."""

import threading
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from capsdraw.datasets.moves import MoveKind
from capsdraw.errors import CapsDrawError
from capsdraw.ink.intake import placed
from capsdraw.ink.normalize import Digit
from capsdraw.lab.dial import Sweep, curve, sweep
from capsdraw.nets.answering import Answering
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.ui.worker import Worker, gone, in_words

if TYPE_CHECKING:
    pass

# What the thread does, the more urgent first: the bars follow pen and dial, curves come behind.
_READ: Final = 0
_SWEEP: Final = 1


@dataclass(frozen=True)
class CompareQuestion:
    """What is asked of the models.

    Attributes:
        cards: of the models, in the order in which they are asked.
        digit: (28, 28) float32 in [0, 1], as drawn, in MNIST's form: each model sees it as large as it learnt.
        kind: of the dial; position: of the dial, from 0 on, or None for its still one.
        wanted: name of the class whose score is followed, or None for what most models read where the dial is still.
    """

    cards: tuple[Card, ...]
    digit: Digit
    kind: MoveKind
    position: int | None = None
    wanted: str | None = None


@dataclass(frozen=True)
class _Request:
    number: int
    question: CompareQuestion
    done: int = 0  # models whose curves were told


class Comparer(QObject):
    """Asks on a thread of its own. A model that was replaced meanwhile is left out: who shows the models asks anew.

    Signals:
        turned(int, object, int): number of a question, the `Sweep` along its dial that its first model sees, where
            the dial stands.
        read(int, str, object): number of a question, a model's name, its `Reading` of the turned digit.
        followed(int, str): number of a question, name of the class whose score is followed.
        swept(int, str, object, object): number of a question, a model's name, the `Sweep` along the dial, and its
            `Curve`; None where the model has no such class.
        loading(str): title of a model that is being loaded.
        refused(str, str): a model's name, and why it cannot be asked, in one line.
        failed(str): something else went wrong; one line.
    """

    turned = Signal(int, object, int)
    read = Signal(int, str, object)
    followed = Signal(int, str)
    swept = Signal(int, str, object, object)
    loading = Signal(str)
    refused = Signal(str, str)
    failed = Signal(str)

    def __init__(self, cache: SessionCache, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._worker: Worker[_Request] = Worker("compare", self._handle, owner=self)
        self._lock = threading.Lock()
        self._number = 0
        self._newest = {_READ: 0, _SWEEP: 0}
        # By name, the hash of the model that cannot be loaded.
        self._broken: dict[str, str] = {}
        # For the thread only.
        self._held: tuple[CompareQuestion, dict[float, Sweep]] | None = None

    @property
    def newest(self) -> int:
        """The number of the question that was asked last."""
        return self._number

    def ask(self, question: CompareQuestion) -> int:
        """What do the models read where the dial stands? Returns the question's number; older ones are forgotten."""
        return self._put(_READ, question)

    def follow(self, question: CompareQuestion) -> int:
        """What does each say all along the dial? Returns the question's number; older ones are forgotten."""
        return self._put(_SWEEP, question)

    def try_again(self, name: str) -> None:
        """Try that model anew when it is asked next: what kept it from being loaded may be mended."""
        self._broken.pop(name, None)

    def close(self, seconds: float = 30.0) -> bool:
        """Stop the thread, after the model that is being asked; whether it ended."""
        return self._worker.close(seconds)

    def _put(self, kind: int, question: CompareQuestion) -> int:
        with self._lock:
            self._number += 1
            self._newest[kind] = self._number
            self._worker.put(_Request(self._number, question), kind, kind)
        self._worker.start()
        return self._number

    def _handle(self, job: _Request) -> None:
        try:
            if job.number == self._newest[_READ]:
                self._read(job)
            elif job.number == self._newest[_SWEEP]:
                self._sweep(job)
        except Exception as error:
            if gone(self):
                return
            self.failed.emit(in_words(error, "the models could not be compared"))

    def _read(self, job: _Request) -> None:
        question = job.question
        first = self._along(question, question.cards[0])
        at = first.start if question.position is None else question.position
        self.turned.emit(job.number, first, at)
        for card in question.cards:
            if job.number != self._newest[_READ]:
                return  # the pen was quicker
            session = self._session(card)
            if session is not None:
                self.read.emit(job.number, card.name, session.read(self._along(question, card).digits[at]))

    def _sweep(self, job: _Request) -> None:
        """One model's curve; then the rest, unless something newer or more urgent is there."""
        question = job.question
        if question.wanted is None:
            question = replace(question, wanted=self._most(question))
        assert question.wanted is not None
        if job.done == 0:
            self.followed.emit(job.number, question.wanted)
        card = question.cards[job.done]
        session = self._session(card)
        if session is not None:
            along, label = self._along(question, card), class_of(card, question.wanted)
            followed = None if label is None else curve(card.name, session.scores, along, label)
            self.swept.emit(job.number, card.name, along, followed)
        with self._lock:
            if job.number == self._newest[_SWEEP] and job.done + 1 < len(question.cards):
                self._worker.put(_Request(job.number, question, job.done + 1), _SWEEP, _SWEEP)

    def _most(self, question: CompareQuestion) -> str:
        """The class that most of the models read where the dial is still; of as many, the first model's."""
        read: Counter[str] = Counter()
        for card in question.cards:
            session = self._session(card)
            if session is not None:
                along = self._along(question, card)
                read[card.label(session.read(along.digits[along.start]).label)] += 1
        return read.most_common(1)[0][0] if read else question.cards[0].label(0)

    def _along(self, question: CompareQuestion, card: Card) -> Sweep:
        """Along the dial, the digit as large as that model learnt it."""
        if self._held is None or self._held[0].digit is not question.digit or self._held[0].kind != question.kind:
            self._held = question, {}
        held, fill = self._held[1], card.intake.fill
        if fill not in held:
            held[fill] = sweep(placed(question.digit, card.input, card.intake), question.kind)
        return held[fill]

    def _session(self, card: Card) -> Answering | None:
        # A name alone does not stand for a model: it may have been trained anew.
        if self._cache.current(card) != card or self._broken.get(card.name) == card.sha256:
            return None
        try:
            return self._cache.answering(card, lambda: self.loading.emit(card.title))
        except CapsDrawError as error:
            self._broken[card.name] = card.sha256
            self.refused.emit(card.name, str(error))
            return None


def class_of(card: Card, name: str) -> int | None:
    """The number of the class that a model calls `name`, or None where it has none."""
    return next((label for label in range(card.classes) if card.label(label) == name), None)
