"""Offers to download MNIST, where test digits are wanted and it is not there; nothing is fetched unasked."""

import threading
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QToolButton, QWidget

from capsdraw.datasets.known import SETS, data_set
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.errors import CapsDrawError
from capsdraw.ui import theme
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.plain_text import Label

# Seconds: a slow line takes its time, and the user sees how far it is.
_LIMIT: Final = 6 * 3600.0
_OFFER: Final = "CapsDraw drew this digit itself. MNIST has 10,000 test digits that people wrote."
_MEGABYTE: Final = 1e6


class MnistBar(QFrame):
    """Hidden until it is offered; then a button, then how far the download is.

    Attributes:
        words: what is offered, or how far it is; download, cancel, close_button, bar: likewise.

    Signals:
        fetched(): MNIST is on this machine now.
    """

    fetched = Signal()
    _progressed = Signal(int, int)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._enough: threading.Event | None = None
        self._declined = False
        self.words = Label()
        self.words.setWordWrap(True)
        size = sum(remote.size for remote in SETS["mnist"].files) / _MEGABYTE
        self.download = QPushButton(f"Download MNIST ({size:.0f} MB)")
        self.cancel = QPushButton("Cancel")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme.GRID)
        self.bar.setAccessibleName("Download of MNIST")
        self.close_button = QToolButton()
        self.close_button.setText("✕")
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName("Do not download MNIST")
        self.close_button.setToolTip("Do not download MNIST")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GRID, theme.GRID // 2, theme.GRID, theme.GRID // 2)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.words, 2)
        layout.addWidget(self.bar, 1)
        for widget in (self.download, self.cancel, self.close_button):
            layout.addWidget(widget)
        self.download.clicked.connect(self._begin)
        self.cancel.clicked.connect(self._cancel)
        self.close_button.clicked.connect(self._decline)
        self._progressed.connect(self._show)
        self.hide()

    def offer(self) -> None:
        """Offer the download, unless it is under way, or was declined since the start."""
        if self._enough is None and not self._declined:
            self._say(_OFFER)
            self.show()

    def stop(self) -> None:
        """The window closes: a download ends, and leaves nothing behind."""
        if self._enough is not None:
            self._enough.set()

    def _begin(self) -> None:
        enough = self._enough = threading.Event()
        watch = ReadMonitor(self._progressed.emit, enough)
        self._say("Downloading MNIST …")
        self.bar.setRange(0, 0)
        self.cancel.setFocus()
        self._jobs.run(lambda: _fetched(watch), self._end, lane="download", limit=_LIMIT)

    def _cancel(self) -> None:
        self.stop()
        self.cancel.setEnabled(False)

    def _show(self, done: int, total: int) -> None:
        if self._enough is not None and not self._enough.is_set():
            self.bar.setRange(0, max(total, 1))
            self.bar.setValue(done)
            self.words.setText(f"Downloading MNIST: {done / _MEGABYTE:.1f} of {total / _MEGABYTE:.1f} MB")

    def _end(self, why: str | None) -> None:
        """It is over: None where it is here, "" where it was cancelled, else why it is not."""
        self._enough = None
        if why is None:
            self.hide()
            self.fetched.emit()
        else:
            self._say(f"{why}." if why else _OFFER)

    def _say(self, words: str) -> None:
        busy = self._enough is not None
        self.words.setText(words)
        self.cancel.setEnabled(True)
        for of_download in (self.bar, self.cancel):
            of_download.setVisible(busy)
        for of_offer in (self.download, self.close_button):
            of_offer.setVisible(not busy)

    def _decline(self) -> None:
        self._declined = True
        self.hide()


def _fetched(watch: ReadMonitor) -> str | None:
    """Fetch MNIST; None where it is here now, "" where that was stopped, else why it is not, in one line."""
    try:
        data_set("mnist", watch)
    except Cancelled:
        return ""
    except CapsDrawError as error:
        return str(error)
    return None
