"""Play, and while it plays Pause: of every film in the window."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded


class PlayButton(Guarded, QPushButton):
    """Down while the film runs, which ends when the button is out of sight.

    Args:
        every: milliseconds between two frames.

    Signals:
        due(): time for the next frame.
    """

    due = Signal()

    def __init__(self, every: int, parent: QWidget | None = None) -> None:
        super().__init__("Play", parent)
        self.setCheckable(True)
        # As wide for either word.
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("Pause") + 4 * theme.GRID)
        self._timer = QTimer(self)
        self._timer.setInterval(every)
        self._timer.timeout.connect(self.due)
        self.toggled.connect(self._play)

    def hideEvent(self, event: QHideEvent) -> None:
        self.setChecked(False)
        super().hideEvent(event)

    def _play(self, on: bool) -> None:
        self.setText("Pause" if on else "Play")
        if on:
            self._timer.start()
        else:
            self._timer.stop()
