"""How a listener steers a running fit, from any thread."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Control:
    """Pause, resume and stop: each takes effect after the batch under way."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._paused = False
        self._stopped = False

    @property
    def paused(self) -> bool:
        """Whether the fit is to hold."""
        return self._paused

    @property
    def stopped(self) -> bool:
        """Whether the fit is to end."""
        return self._stopped

    def pause(self) -> None:
        """Hold until `resume` or `stop`."""
        self._set(paused=True)

    def resume(self) -> None:
        """Go on."""
        self._set(paused=False)

    def stop(self) -> None:
        """End, for good; a held fit ends too."""
        self._set(stopped=True)

    def wait(self, seconds: float) -> bool:
        """Called by the fit: returns when it may go on or is to end, and whether; after `seconds` at the latest."""
        with self._changed:
            return self._changed.wait_for(lambda: self._stopped or not self._paused, seconds)

    def _set(self, paused: bool | None = None, stopped: bool | None = None) -> None:
        with self._changed:
            self._paused = self._paused if paused is None else paused
            self._stopped = self._stopped if stopped is None else stopped
            self._changed.notify_all()


@contextmanager
def stopping(control: Control) -> Iterator[None]:
    """On a terminal: the first Ctrl-C stops the fit after the batch under way, a second one ends the program."""

    def stop(*_: object) -> None:
        control.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
