"""How far a fit is, or many, for the window's status bar: seen on every tab, with a Stop."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from capsdraw.fit.duration import duration
from capsdraw.fit.events import BatchEnded, EpochEnded, Event, Paused, Resumed
from capsdraw.ui import theme
from capsdraw.ui.controls import button, row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.train.fitter import Fitter

_LIKE = "training: epoch 000 of 000 · 00:00:00 left"


class WorkStatus(Guarded, QWidget):
    """Hidden while nothing is under way.

    Args:
        like: words as wide as what it says mostly: numbers that change move nothing.
        name, tip: of the button.

    Attributes:
        words: how far it is; stop: the button.

    Signals:
        stopped(): it is to end; opened(): the user wants to see it.
    """

    stopped = Signal()
    opened = Signal()

    def __init__(self, like: str, name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = LiveText(theme.tabular(self.font()), like, quiet=False)
        self.stop = button("Stop", tip)
        self.stop.setAccessibleName(name)
        layout = row(self.words, self.stop)
        layout.setContentsMargins(0, 0, theme.GRID, 0)
        self.setLayout(layout)
        self.setToolTip("Click to see the curves")
        self.stop.clicked.connect(self.stopped)
        self.hide()

    def begin(self, words: str) -> None:
        """It begins."""
        self.stop.setEnabled(True)
        self.say(words)
        if self.parentWidget() is not None:  # by itself it would be a window
            self.show()

    def end(self, words: str) -> None:
        """It is to end, and does so soon."""
        self.stop.setEnabled(False)
        self.words.setText(words)

    def say(self, words: str) -> None:
        """How far it is; not any more once it is to end."""
        if self.stop.isEnabled():
            self.words.setText(words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()


class FitStatus(WorkStatus):
    """Of one fit.

    Args:
        fitter: tells what it says.
    """

    def __init__(self, fitter: Fitter, parent: QWidget | None = None) -> None:
        super().__init__(_LIKE, "Stop training", "End the training after this batch; what was learnt is kept", parent)
        self._fitter = fitter
        self._epochs = 0
        fitter.loading.connect(self._load)
        fitter.began.connect(lambda _: self.say("training: building the net"))
        fitter.reported.connect(self._tell)
        fitter.ended.connect(lambda *_: self.hide())

    def _load(self, done: int, total: int) -> None:
        if self._fitter.busy:
            self._say(f"loading the data · {100 * done / total:.0f}%" if total else "loading the data")

    def _tell(self, event: Event) -> None:
        if isinstance(event, BatchEnded | EpochEnded):
            self._epochs = event.epochs
            left = "" if event.seconds_left is None else f" · {duration(event.seconds_left)} left"
            self._say(f"epoch {event.epoch} of {event.epochs}{left}")
        elif isinstance(event, Paused):
            self._say(f"paused in epoch {event.epoch}" + (f" of {self._epochs}" if self._epochs else ""))
        elif isinstance(event, Resumed):
            self._say("resuming")

    def _say(self, words: str) -> None:
        self.say(f"training: {words}")
