"""The app's own window, offscreen, and a hand that waits for it: nothing here waits without end."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from capsdraw.errors import CapsDrawError
from capsdraw.ui import app, collector
from capsdraw.ui.tab_bar import READ


class DrivenWindow:
    """The window as the app opens it, shown.

    Attributes:
        window: the app's; painted: the number of the request whose bars were painted last.
    """

    def __init__(self) -> None:
        collector.rest()
        self._application: QApplication
        self._application, self.window = app.opened()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self.window.repaint()
        self.on_first_picture()
        # What waits for events is woken now and then, to see whether it has waited too long.
        self._awake = QTimer()
        self._awake.start(100)
        self.until(lambda: self.window.whole, "the window's parts")
        self.painted = -1
        self.window.readout.bars.painted.connect(self._paint)
        self.window.readout.bars.update()  # on a quick machine the first answer was painted before

    def on_first_picture(self) -> None:
        """The window was painted for the first time, and none of its parts are there yet."""

    @property
    def answered(self) -> bool:
        """Whether the bars show the answer to the newest request."""
        return self.window.answers.ready and self.painted == self.window.reader.number

    def until(self, there: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
        """Let the window live until something is so; raises CapsDrawError where it is not, after so long."""
        end = time.monotonic() + seconds
        while not there():
            if time.monotonic() > end:
                raise CapsDrawError(f"{what} did not come within {seconds:.0f} s")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def rest(self, seconds: float) -> None:
        """Let the window live for so long."""
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end, "the end of a rest", seconds + 60)

    def use(self, model: str) -> None:
        """Have the drawing read by that model, and wait for its answer."""
        # The window opens on the tab on which it was closed; bars that are not in sight are not painted.
        self.window.tabs.setCurrentIndex(READ)
        self.until(lambda: self.answered, "the first answer")
        if self.window.reader.model != model:
            self.window.use_model(model)
            self.until(lambda: self.answered, f"the first answer of {model}")

    def close(self) -> None:
        """Close the window, and with it end its threads."""
        self.window.close()

    def _paint(self, number: int) -> None:
        self.painted = number
