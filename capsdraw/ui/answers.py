"""What the net says of the drawing in sight: asked for with each stroke, and told unless it comes too late."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from capsdraw.ink.normalize import Digit
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.reading import Reading
from capsdraw.nets.side_by_side import WrittenNumber
from capsdraw.nets.verdict import Verdict
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.reader import Reader


@dataclass(frozen=True)
class Answer:
    """What a net says of the drawing in sight.

    Attributes:
        request: its number; reading: what the net says; digit: what it was asked; verdict: whether to believe it.
        number: where several digits lie side by side, those.
    """

    request: int
    reading: Reading
    digit: Digit
    verdict: Verdict
    number: WrittenNumber | None = None


class Answers(QObject):
    """Stands between canvas and reader.

    Attributes:
        ready: whether the model that reads has answered already.
        last: the answer to what is drawn, or None as long as there is none; digit: what the net sees, likewise, and
            as_one: that in MNIST's form, where the one that reads is of two digits, or of other ink.

    Signals:
        waits(): a drawing is to be read by a model that has not answered yet.
        emptied(): nothing is drawn any more.
        seen(object): the (28, 28) digit that the net sees; the answer to it is still to come.
        seen_as_one(object): where the net sees what is drawn in another form than MNIST's, the (28, 28) digit in it.
        answered(object): an `Answer`.
        failed(str): there is no answer, and why, in one line; mended(): after that there is one again.
    """

    waits = Signal()
    emptied = Signal()
    seen = Signal(object)
    seen_as_one = Signal(object)
    answered = Signal(object)
    failed = Signal(str)
    mended = Signal()

    def __init__(self, reader: Reader, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._canvas = reader, canvas
        # Answers to requests up to this one are not wanted any more.
        self._void = -1
        self._failed = self.ready = False
        # Whether there is a model at all: without one, another drawing mends nothing.
        self._reads = True
        self.last: Answer | None = None
        self.digit: Digit | None = None
        self.as_one: Digit | None = None
        reader.seen.connect(self._see)
        reader.seen_as_one.connect(self._see_as_one)
        reader.answered.connect(self._answer)
        reader.failed.connect(self._fail)

    @property
    def newest(self) -> Answer | None:
        """The answer to the drawing as it is now; None where that is still to come."""
        return self.last if self.last is not None and self.last.request == self._reader.number else None

    def use(self, model: str) -> None:
        """Have drawings read by that model from the next on; what is still answered comes too late."""
        self._reader.use(model)
        self._void = self._reader.number
        self.ready = False
        self.last = None

    def read(self, sketch: Sketch) -> None:
        """Have that drawing read."""
        if sketch:
            self._reader.request(sketch, settled=not self._canvas.drawing)
            if not self.ready:
                self.waits.emit()
            return
        self._reader.void()
        self._void = self._reader.number
        self.last = self.digit = self.as_one = None
        self.emptied.emit()
        if self._failed and self._reads:  # what could not be read is there no more
            self._failed = False
            self.mended.emit()

    def fail(self, why: str) -> None:
        """The newest request has no answer."""
        self._fail(self._reader.number, why)
        self._reads = False

    def _see(self, number: int, digit: Digit) -> None:
        if number > self._void and self._canvas.sketch:
            self.digit, self.as_one = digit, None
            self.seen.emit(digit)

    def _see_as_one(self, number: int, digit: Digit) -> None:
        if number > self._void and self._canvas.sketch:
            self.as_one = digit
            self.seen_as_one.emit(digit)

    def _answer(
        self, request: int, reading: Reading, digit: Digit, verdict: Verdict, number: WrittenNumber | None
    ) -> None:
        if request <= self._void or not self._canvas.sketch:
            return
        self.ready = True
        if self._failed:
            self._failed = False
            self.mended.emit()
        self.last = Answer(request, reading, digit, verdict, number)
        self.answered.emit(self.last)

    def _fail(self, number: int, why: str) -> None:
        if number < self._reader.number:
            return  # a newer one is under way
        self._void = number
        self._failed = self._reads = True
        self.last = self.digit = self.as_one = None
        self.failed.emit(why)
