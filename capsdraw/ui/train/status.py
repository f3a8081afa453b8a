"""How far a fit is, for the window's status bar: seen on every tab, with its Stop."""

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

# As wide as what it says mostly: numbers that change move nothing.
_LIKE = "training: epoch 000 of 000 · 00:00:00 left"


class FitStatus(Guarded, QWidget):
    """Hidden while no fit is under way.

    Args:
        fitter: tells what it says.

    Attributes:
        words: how far the fit is; stop: the button.

    Signals:
        stopped(): the fit is to end; opened(): the user wants to see it.
    """

    stopped = Signal()
    opened = Signal()

    def __init__(self, fitter: Fitter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fitter = fitter
        self._epochs = 0
        self.words = LiveText(theme.tabular(self.font()), _LIKE, quiet=False)
        self.stop = button("Stop", "End the training after this batch; what was learnt is kept")
        self.stop.setAccessibleName("Stop training")
        layout = row(self.words, self.stop)
        layout.setContentsMargins(0, 0, theme.GRID, 0)
        self.setLayout(layout)
        self.setToolTip("Click to see the curves")
        self.stop.clicked.connect(self.stopped)
        fitter.loading.connect(self._load)
        fitter.began.connect(lambda _: self._say("building the net"))
        fitter.reported.connect(self._tell)
        fitter.ended.connect(lambda *_: self.hide())
        self.hide()

    def begin(self) -> None:
        """A fit is asked for."""
        self.stop.setEnabled(True)
        self._say("loading the data")
        if self.parentWidget() is not None:  # by itself it would be a window
            self.show()

    def end(self) -> None:
        """The fit is to end: it does so after the batch under way."""
        self.stop.setEnabled(False)
        self._say("stopping after this batch")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

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
        if self.stop.isEnabled() or words.startswith("stopping"):
            self.words.setText(f"training: {words}")
