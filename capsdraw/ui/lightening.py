"""Light files of nets that have none yet are made behind the window, in a process of its own."""

import sys
from typing import Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from capsdraw import own_python
from capsdraw.nets.cards import Card

# Milliseconds. A net that was only tried is not exported for, and the first strokes have the machine to themselves.
_LATER: Final = 30_000


class Lightening(QObject):
    """Makes one light file at a time: that of the net which was wanted last.

    Signals:
        made(object): the card of a net that has a light file from now on.
        failed(str): why there is none, in one line.
    """

    made = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: Card | None = None
        self._making: Card | None = None
        self._tried: set[str] = set()
        self._closed = False
        self._process = QProcess(self)
        self._process.finished.connect(self._end)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LATER)
        self._later.timeout.connect(self._begin)

    def want(self, card: Card | None) -> None:
        """Make the light file of that net, soon and once; None: of none."""
        self._wanted = card
        if card is None or self._closed:  # another model is told of while the window closes
            self._later.stop()
        else:
            self._later.start()

    def close(self) -> None:
        """Give up what is under way, and begin nothing any more."""
        self._closed = True
        self._later.stop()
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.finished.disconnect(self._end)
            self._process.kill()
            self._process.waitForFinished(5000)

    def _begin(self) -> None:
        card, running = self._wanted, self._process.state() != QProcess.ProcessState.NotRunning
        # A frozen app has no interpreter to start.
        if running or card is None or card.sha256 in self._tried or not sys.executable:
            return
        self._tried.add(card.sha256)
        self._making = card
        program, *words = own_python.command("capsdraw.nets.lighten", "--behind", card.name)
        environment = QProcessEnvironment()
        for name, value in own_python.environment().items():
            environment.insert(name, value)
        self._process.setProcessEnvironment(environment)
        self._process.start(program, words)

    def _end(self, code: int) -> None:
        if code == 0:
            self.made.emit(self._making)
        else:
            lines = bytes(self._process.readAllStandardError().data()).decode(errors="replace").splitlines()
            self.failed.emit(lines[-1] if lines else "LiteRT's file of this net could not be made")
        self._begin()
