"""Starts Qt and opens the window."""

import os
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from capsdraw.paths import resource
from capsdraw.ui import faults, preflight
from capsdraw.ui.appearance import Appearance
from capsdraw.ui.main_window import MainWindow


def run() -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    application, window = opened()
    from capsdraw.ui import ends

    ends.heed_signals(window.close, getattr(window, "end", window.close))
    ends.heed_qt(getattr(window, "rescue", lambda: None))
    # Python sees a signal only when it runs: let it, now and then.
    awake = QTimer()
    awake.timeout.connect(lambda: None)
    awake.start(250)
    code = application.exec()
    failed = getattr(window, "failed", None)
    if failed is not None:
        raise failed
    return ends.leave(code)


def opened() -> tuple[QApplication, MainWindow]:
    """The application and its window, shown."""
    # TensorFlow's start-up notes are not ours; set before the worker imports it.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    platform = preflight.platform_to_use()
    if platform is not None:
        os.environ["QT_QPA_PLATFORM"] = platform
    faults.install()
    prepare()
    application = QApplication(sys.argv[:1])
    keep_every_point()
    application.setApplicationName("CapsDraw")
    application.setDesktopFileName("capsdraw")
    application.setWindowIcon(QIcon(str(resource("assets") / "icons" / "capsdraw.svg")))
    Appearance(application)
    window = MainWindow()
    window.show()
    getattr(window, "welcome", lambda: None)()
    return application, window


def prepare() -> None:
    """Let the window's own threads come before the heavy ones; before any of them is started."""
    # A thread that computes in Python gives way to the window after so many seconds, not after 5 ms.
    sys.setswitchinterval(0.0005)


def keep_every_point() -> None:
    """Let each move of mouse, finger and pen come through, also those that come while the window is busy.

    On X11 Qt melts them into one: a quick stroke would lose its corners. Its plugin for X11
    asks for that while the application is made, so it is called off after.
    """
    for attribute in (
        Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents,
        Qt.ApplicationAttribute.AA_CompressTabletEvents,
    ):
        QApplication.setAttribute(attribute, False)
