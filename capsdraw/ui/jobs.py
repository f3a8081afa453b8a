"""Short work off the GUI thread: reading a file, decoding a paste, fetching a test digit."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from capsdraw.ui.worker import in_words


class Jobs(QObject):
    """Runs plain functions in a thread pool and hands their results to the GUI thread.

    Signals:
        failed(str): one line that says what went wrong.
    """

    failed = Signal(str)
    _finished = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        # One after the other: the file opened last is the one that stays.
        self._pool.setMaxThreadCount(1)
        self._finished.connect(lambda done, result: done(result))

    def run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Call `work` in the background, then `done` with its result on the GUI thread."""
        self._pool.start(_Job(lambda: self._try(work, done)))

    def close(self) -> None:
        """Wait for what is under way."""
        self._pool.waitForDone()

    def _try(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        try:
            result = work()
        except Exception as error:
            self.failed.emit(in_words(error))
        else:
            self._finished.emit(done, result)


class _Job(QRunnable):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        self._work()
