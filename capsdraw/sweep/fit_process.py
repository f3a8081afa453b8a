"""A process that trains one fit: told which on its standard input, whose end asks it to stop.

So a fit stops, and keeps what it learnt, when whoever ordered it wishes so, and also when that one dies. Started by
`sweep.local_workers`, for one `FitTask` each time.
"""

import os
import sys
import threading
from typing import TYPE_CHECKING

from capsdraw import records
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit.control import Control, stopping
from capsdraw.paths import DATA_FOLDER
from capsdraw.sweep.fit_task import FitTask

if TYPE_CHECKING:
    from capsdraw.datasets.data import Data

# Bytes of an order; and what a line that says why a fit could not be begins with.
_MOST, FAILURE = 1 << 20, "capsdraw: "


def main() -> int:
    """Train as the standard input says; the exit code: 0 done or stopped, 1 with a line on stderr."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        _train()
    except CapsDrawError as error:
        return failed(str(error))
    except (OSError, ImportError, MemoryError) as error:
        return failed(first_line(error, named=True))
    return 0


def _train() -> None:
    task = FitTask.from_json(order_line("capsdraw sweep"))
    from capsdraw.collection.as_data import open_data
    from capsdraw.datasets.monitor import Cancelled, ReadMonitor
    from capsdraw.sweep import packed_data
    from capsdraw.sweep.one_fit import train

    control, cancelled = Control(), threading.Event()

    def wait() -> None:
        while os.read(0, 1 << 10):  # not sys.stdin: its lock would be held when the process ends
            pass
        control.stop()
        cancelled.set()

    threading.Thread(target=wait, daemon=True, name="capsdraw-order").start()
    watch, brought = ReadMonitor(cancel=cancelled), task.data
    if brought is not None:
        os.environ[DATA_FOLDER] = str(brought)  # pen strokes lie there, too

    def opened(source: str, shape: tuple[int, ...] | None) -> "Data":
        return open_data(source, shape, watch=watch) if brought is None else packed_data.read(brought)

    with stopping(control):
        try:
            train(task.fit, task.place, task.until, control, lambda _: None, opened)
        except Cancelled:  # asked to stop before it had begun
            return


def order_line(command: str) -> bytes:
    """The first line of the standard input, as a process gets it that `command` starts."""
    text = b""
    while b"\n" not in text:
        piece = os.read(0, 1 << 16)
        if not piece or len(text) > _MOST:
            raise CapsDrawError(f"no order came: this process is started by '{command}'")
        text += piece
    return text.partition(b"\n")[0]


def failed(message: str) -> int:
    """Say in one line why it could not be; the exit code for it."""
    print(f"{FAILURE}{records.one_line(message)}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
