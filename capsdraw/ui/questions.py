"""What views ask nets: a question knows its owner, how urgent it is, and when its answer comes too late.

A view makes a `Question` for each thing that it wants to know and puts it again and again, with
what it is about at that moment. `ask` answers it on a thread of the reader's, with plain data;
`show` shows the answer on the window's thread, and nobody else hears of it. The newest of each
question is the one that is answered. A `Topic` is what questions are about: when it is gone, what
is still answered comes too late.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

from capsdraw.nets.cards import Card

About = ParamSpec("About")
Answer = TypeVar("Answer")


class Urgency(IntEnum):
    """In which order questions are answered; of equally urgent ones, the one that has waited longest."""

    READ = auto()  # the drawing itself: a pen that moves is not kept waiting
    MOVED = auto()  # what follows a slider
    SHOWN = auto()  # what else is in sight
    SAVED = auto()  # what goes into a file
    BEHIND = auto()  # what nobody waits for


class Half(Enum):
    """What of a session a question needs."""

    DECODER = auto()  # no more than `Answering.decode`: answered on a thread that asks no net
    LIGHT = auto()  # what the net answers: nothing of Keras is loaded for that where the net has a light half
    HEAVY = auto()  # the Keras model itself


class Topic:
    """What questions are about: a net, a capsule of it, a drawing.

    Args:
        within: what it is a part of; when that is gone, this is gone too.

    Attributes:
        net: the card of the net that is asked, as whoever asks was told of it; before that nothing can be asked. A name
            does not stand for a net: its file may be replaced between question and answer.
    """

    def __init__(self, within: "Topic | None" = None) -> None:
        self._within = within
        self._net: Card | None = None
        self._questions: list[Question[Any, Any]] = []
        self._topics: list[Topic] = []
        if within is not None:
            within._topics.append(self)

    @property
    def net(self) -> Card | None:
        """The card of the net that is asked about it; a topic within another has that one's."""
        return self._net if self._within is None else self._within.net

    @net.setter
    def net(self, card: Card) -> None:
        if self._within is not None:
            raise ValueError("the net is the outermost topic's to choose")
        self._net = card

    @property
    def times_asked(self) -> int:
        """How many times something was asked about it so far."""
        return sum(question.number for question in self._questions) + sum(topic.times_asked for topic in self._topics)

    @property
    def awaited(self) -> bool:
        """Whether something that was asked about it is not answered yet."""
        return any(question.awaited for question in self._questions) or any(topic.awaited for topic in self._topics)

    def forget(self) -> None:
        """It is gone, and all within it: whatever is still answered comes too late."""
        for question in self._questions:
            question.forget()
        for topic in self._topics:
            topic.forget()

    def add(self, question: "Question[Any, Any]") -> None:
        """That question is about it."""
        self._questions.append(question)


class Question(Generic[About, Answer]):
    """One thing that a view asks.

    Args:
        desk: takes it to a thread; the reader.
        ask: answers it there, from the half that it needs and what it is about; gives plain data.
        show: is given the answer, on the window's thread.
        fail: is given one line there that says why there is none.
        urgency: how long it may wait.
        about: forgets it when what it is about is gone.
        half: what it needs of the session.
        newest: show an answer only if nothing newer was asked; else, as what follows the pen does, any that is
            still about its topic.

    Attributes:
        number: how often it was put; answered: which of these was shown last.
        awaited: whether the newest is not answered yet.
    """

    def __init__(
        self,
        desk: "Desk",
        ask: Callable[Concatenate[Any, About], Answer],
        show: Callable[[Answer], None],
        fail: Callable[[str], None],
        *,
        urgency: Urgency,
        about: Topic,
        half: Half = Half.HEAVY,
        newest: bool = False,
    ) -> None:
        self.ask, self.show, self.fail = ask, show, fail
        self.urgency, self.half = urgency, half
        self.number = self.answered = 0
        self.awaited = False
        self._desk, self._about, self._newest = desk, about, newest
        self._fresh = 0
        about.add(self)

    def put(self, *about: About.args, **named: About.kwargs) -> None:
        """Ask it, about that; if it was asked before and nobody has begun with that, no more."""
        net = self._about.net
        if net is None:
            raise ValueError("the topic does not say which net is asked")
        self.number += 1
        self.awaited = True
        self._desk.put(PutQuestion(self, self.number, net, lambda session: self.ask(session, *about, **named)))

    def forget(self) -> None:
        """What was asked so far is about something that is gone."""
        self._fresh = self.number + 1
        self.awaited = False

    def take(self, number: int, answer: Answer) -> None:
        """Show an answer to what was put as the `number`th, unless it comes too late; on the window's thread."""
        if self._arrive(number) and not (self._newest and self.awaited):
            self.answered = number
            self.show(answer)

    def refuse(self, number: int, why: str) -> None:
        """Say why what was put as the `number`th has no answer, unless nobody wants it any more."""
        if self._arrive(number):
            self.fail(why)

    def _arrive(self, number: int) -> bool:
        if number == self.number:
            self.awaited = False
        return number >= self._fresh


@dataclass(frozen=True)
class PutQuestion:
    """A question on its way to a thread.

    Attributes:
        question: whose answer is wanted; number: how often that was put by then.
        net: the card of the one that is asked.
        answer: what to call there: with a `Session` where it needs the heavy half, else with an `Answering`.
    """

    question: Question[Any, Any]
    number: int
    net: Card
    answer: Callable[[Any], Any]


class Desk(Protocol):
    """Takes questions to a thread."""

    def put(self, put_question: PutQuestion) -> None:
        """Have it answered; an older one of the same question that nobody has begun with is forgotten."""
