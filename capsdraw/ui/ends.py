"""How the app ends from without: Ctrl-C, a signal, a display that is gone. A fit keeps what it learnt."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from capsdraw.paths import forsake

# What Qt says before it ends the process because its display is gone.
_LOST = "connection broke"


def heed_signals(ask: Callable[[], object], end: Callable[[], object]) -> None:
    """Have Ctrl-C ask whether to close, and a request of the system's to end do so without a question.

    Python sees a signal only when it runs, which a timer of the app's sees to.
    """
    signal.signal(signal.SIGINT, lambda *_: ask())
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # What `nohup` has had ignored stays so.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: end())


def heed_qt(rescue: Callable[[], object]) -> None:
    """Have what Qt says printed as ever, and `rescue` called before it ends the process for want of a display."""

    def say(_: QtMsgType, __: QMessageLogContext, text: str) -> None:
        # The terminal may be gone with the display.
        with suppress(OSError, ValueError, AttributeError):
            print(text, file=sys.stderr, flush=True)
        if _LOST in text:
            rescue()
            # Qt's own end would run what is to be torn down while threads of TensorFlow's still compute, and hang.
            os._exit(1)

    qInstallMessageHandler(say)


def leave(code: int) -> int:
    """The exit code, where all threads of the app have ended; else the process ends here and now.

    A thread in the middle of a step of TensorFlow's cannot be ended, and must not find its window gone, nor Python.
    """
    if any(thread.name.startswith("capsdraw") for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        forsake()
        os._exit(code)
    return code
