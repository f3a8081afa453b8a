"""What the net says of the drawing in sight: asked for with each stroke, and told unless it comes too late."""

from PySide6.QtCore import QObject, Signal

from capsdraw.ink.normalize import Digit
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.reading import Reading
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.reader import Reader


class Answers(QObject):
    """Stands between canvas and reader.

    Attributes:
        ready: whether the model that reads has answered already.

    Signals:
        waits(): a drawing is to be read by a model that has not answered yet.
        emptied(): nothing is drawn any more.
        seen(object): the (28, 28) digit that the net sees; the answer to it is still to come.
        answered(int, object, object): number of the request, a `nets.reading.Reading`, the digit that was read.
        failed(str): there is no answer, and why, in one line; mended(): after that there is one again.
    """

    waits = Signal()
    emptied = Signal()
    seen = Signal(object)
    answered = Signal(int, object, object)
    failed = Signal(str)
    mended = Signal()

    def __init__(self, reader: Reader, canvas: Canvas, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._canvas = reader, canvas
        # Answers to requests up to this one are not wanted any more.
        self._void = -1
        self._failed = self.ready = False
        reader.seen.connect(self._see)
        reader.answered.connect(self._answer)
        reader.failed.connect(self._fail)

    def use(self, model: str) -> None:
        """Have drawings read by that model from the next on; what is still answered comes too late."""
        self._reader.use(model)
        self._void = self._reader.number
        self.ready = False

    def read(self, sketch: Sketch) -> None:
        """Have that drawing read."""
        if sketch:
            self._reader.request(sketch)
            if not self.ready:
                self.waits.emit()
            return
        self._reader.void()
        self._void = self._reader.number
        self.emptied.emit()

    def fail(self, why: str) -> None:
        """The newest request has no answer."""
        self._fail(self._reader.number, why)

    def _see(self, number: int, digit: Digit) -> None:
        if number > self._void and self._canvas.sketch:
            self.seen.emit(digit)

    def _answer(self, number: int, reading: Reading, digit: Digit) -> None:
        if number <= self._void or not self._canvas.sketch:
            return
        self.ready = True
        if self._failed:
            self._failed = False
            self.mended.emit()
        self.answered.emit(number, reading, digit)

    def _fail(self, number: int, why: str) -> None:
        if number < self._reader.number:
            return  # a newer one is under way
        self._void = number
        self._failed = True
        self.failed.emit(why)
