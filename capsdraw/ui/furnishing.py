"""From the first picture of the window to its parts: they are imported and made while the window goes on painting.

What the user does meanwhile is neither lost nor done to what is not there yet: Qt keeps the events of mouse, pen,
finger and keyboard in the window system's own queue until it is asked for them (`ExcludeUserInputEvents`), and hands
them over one by one then, each move of a stroke too. The import runs on a thread that gives way to the window; no other
thread of the app has begun by then, so nobody else imports beside it.
"""

import importlib
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer, Signal, SignalInstance

_NO_INPUT: Final = QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents
# Milliseconds: a window that is minimized, or on another screen, is not painted.
_UNSEEN: Final = 250


class _Import(QObject):
    """Signals: ended(): the module is there, or cannot be had."""

    ended = Signal()

    def __init__(self, module: str) -> None:
        super().__init__()
        self._module = module
        self._thread = threading.Thread(target=self._run, name="import", daemon=True)

    def wait(self) -> None:
        """Have it imported, and paint meanwhile."""
        loop = QEventLoop()
        self.ended.connect(loop.quit)
        self._thread.start()
        loop.exec(_NO_INPUT)
        self._thread.join()

    def _run(self) -> None:
        # Whoever needs it imports it, and sees what is wrong.
        with suppress(Exception):
            importlib.import_module(self._module)
        self.ended.emit()


def furnish(painted: SignalInstance, module: str, steps: Iterator[None]) -> None:
    """When the first picture stands, import a module, then take all steps; the window is painted between them."""
    _wait(painted)
    _Import(module).wait()
    for _ in steps:
        QCoreApplication.processEvents(_NO_INPUT)


def _wait(painted: SignalInstance) -> None:
    loop = QEventLoop()
    painted.connect(loop.quit)
    QTimer.singleShot(_UNSEEN, loop.quit)
    loop.exec(_NO_INPUT)
