"""How a long read or download tells how far it is, and how it is stopped."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from capsdraw.errors import CapsDrawError

# Done and all of it: bytes of a download or a file, images of a folder or of synthetic digits.
# All is 0 where it is not known.
OnProgress = Callable[[int, int], None]


class Cancelled(CapsDrawError):  # noqa: N818 (it is no error)
    """Stopped because the user asked for it: nothing is wrong."""


@dataclass
class ReadMonitor:
    """Who listens to a long read, and how it is stopped.

    Attributes:
        progress: called on the reading thread.
        cancel: set it to stop the read, which then raises `Cancelled`.
        often: seconds between two tellings at least; the end is always told.
    """

    progress: OnProgress | None = None
    cancel: threading.Event | None = None
    often: float = 0.05
    _reported_at: float = field(default=float("-inf"), init=False, repr=False)

    def tell(self, done: int, total: int) -> None:
        """So far is done; raises Cancelled when that was asked for."""
        self.check()
        now = time.monotonic()
        if self.progress is not None and (done == total or now - self._reported_at >= self.often):
            self._reported_at = now
            self.progress(done, total)

    def check(self) -> None:
        """Raises Cancelled when that was asked for."""
        if self.cancel is not None and self.cancel.is_set():
            raise Cancelled("stopped before all of the data was read")


NO_MONITOR = ReadMonitor()
