"""How a listener steers a running fit, from any thread."""

import os
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
    """The first Ctrl-C, or request of the system's to end, stops the fit after the batch under way.

    A second one ends the program. A terminal that is closed stops it, too, however often that is told; what is printed
    from then on goes nowhere.
    """
    terminals = [handle for handle in (0, 1, 2) if _is_terminal(handle)]

    def stop(number: int, _: object) -> None:
        control.stop()
        if number == getattr(signal, "SIGHUP", None):
            # The system and the shell may both tell of the closed terminal: the second time is no second request.
            signal.signal(number, signal.SIG_IGN)
            _forget(terminals)
        else:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    numbers = [signal.SIGINT]
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        # What `nohup` has had ignored stays so.
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            numbers.append(number)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_terminal(handle: int) -> bool:
    try:
        return os.isatty(handle)
    except OSError:  # there is none
        return False


def _forget(handles: list[int]) -> None:
    """Have nothing fail that is written to a terminal which is gone."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in handles:
        os.dup2(nowhere, handle)
    os.close(nowhere)
