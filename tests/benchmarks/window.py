"""What benchmarks do with the event loop."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer


def until(there: Callable[[], bool], every: int = 50) -> None:
    """Let the window live until something is so; asked every so many milliseconds."""
    loop, ask = QEventLoop(), QTimer()
    ask.timeout.connect(lambda: loop.quit() if there() else None)
    ask.start(every)
    loop.exec()


def rest(milliseconds: int) -> None:
    """Let the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
