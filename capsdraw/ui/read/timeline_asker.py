"""Asks for the timeline of what is drawn: while that is looked at, when the pen rests, a few moments at a time."""

import time
from typing import Final

from PySide6.QtCore import QObject, QTimer

from capsdraw.ink.sketch import Sketch
from capsdraw.lab.timeline import Moment, PenWay, Timeline
from capsdraw.nets.cards import Card
from capsdraw.nets.side_by_side import WrittenNumber
from capsdraw.ui.questions import Desk, Half, Question, Topic, Urgency
from capsdraw.ui.read.asking import ask_moments
from capsdraw.ui.read.timeline_face import TimelineFace

# Milliseconds without a new answer, after which the pen is taken to rest.
_REST: Final = 250
# Seconds after which is said how far it is.
_SOON: Final = 0.7
_NOTHING: Final = "Draw, and see here when the net knew what it was."
_PICTURE: Final = "Only a drawing has a timeline: a picture is there all at once. Draw to see one."
_READING: Final = "Reading the drawing moment by moment …"


class TimelineAsker(QObject):
    """Stands between the reader and the face.

    Args:
        desk: takes the question to a thread.
        face: shows the answer.

    Attributes:
        net: what all is about; drawing: likewise, within it.
    """

    def __init__(self, desk: Desk, face: TimelineFace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self.net = Topic()
        self.drawing = Topic(self.net)
        self._moments = Question(
            desk, ask_moments, self._take, face.say, urgency=Urgency.SHOWN, about=self.drawing, half=Half.LIGHT
        )
        # What was read last, and what the timeline is of that is shown or under way.
        self._sketch: Sketch | None = None
        self._number: WrittenNumber | None = None
        self._asked: Sketch | None = None
        self._way: PenWay | None = None
        self._read: list[Moment] = []
        self._begun = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._ask)
        face.sighted.connect(self._see)

    @property
    def busy(self) -> bool:
        """Whether what was drawn last is not shown yet."""
        return self._rest.isActive() or self.drawing.awaited

    def describe(self, card: Card) -> None:
        """Another model answers from now on."""
        self.net.forget()
        self.net.net = card
        self._face.describe(card)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is drawn, or there is no answer to it."""
        self._forget()
        self._sketch = None
        self._face.say(_NOTHING)

    def show_sketch(self, sketch: Sketch, number: WrittenNumber | None = None) -> None:
        """The net has read that sketch, and where several digits lie side by side, those."""
        self._sketch, self._number = sketch, number
        if sketch is self._asked:
            return
        # What is shown stays in sight while the pen goes on; what is still answered is about something else.
        self._forget()
        if not sketch.drawing:
            self._face.say(_PICTURE)
        elif self._face.isVisible():
            self._rest.start()

    def _see(self, on: bool) -> None:
        """It is looked at, or no more: then nothing is asked."""
        if not on:
            if self.busy:
                self._forget()
        elif self._sketch is not None and self._sketch is not self._asked and self._sketch.drawing:
            self._ask()

    def _forget(self) -> None:
        self._rest.stop()
        self.drawing.forget()
        self._asked = None

    def _ask(self) -> None:
        sketch = self._sketch
        if sketch is None or not sketch.drawing or not self._face.isVisible():
            return
        if self._face.timeline is None:
            self._face.say(_READING)
        self._asked, self._read, self._begun = sketch, [], time.monotonic()
        self._way = PenWay(sketch.drawing)
        self._moments.put(sketch, self._way, self._way.moments())

    def _take(self, moments: list[Moment]) -> None:
        """Some moments more; the rest of them are asked for until all are there."""
        if self._asked is None or self._way is None:
            return
        self._read += moments
        shares = self._way.moments()
        left = shares[len(self._read) :]
        if len(left):
            self._moments.put(self._asked, self._way, left)
            if time.monotonic() - self._begun > _SOON:
                self._face.wait(len(self._read) / len(shares))
        else:
            self._face.show_timeline(Timeline(tuple(self._read), self._way), self._number)
