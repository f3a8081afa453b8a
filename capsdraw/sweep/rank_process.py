"""A process that is one rank of a fit: told which on its standard input, whose end asks the first of them to stop.

Started by `sweep.rank_team`, on JAX.
"""

import os
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capsdraw import records
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import runs
from capsdraw.fit.control import Control, stopping
from capsdraw.sweep.fit_process import failed, order_line

# Exit code where another rank is gone.
LOST: Final = 3
# Seconds after which a rank that nobody wants any more ends by itself: the first one keeps what was learnt meanwhile.
_KEEPING: Final = 300.0


@dataclass(frozen=True, kw_only=True)
class RankOrder:
    """What a rank is told.

    Attributes:
        folder: its own run folder, with the checkpoint that all of them go on from; the first rank's is the run.
        number: which it is, from 0; count: of them all; port: where they meet.
    """

    folder: str
    number: int
    count: int
    port: int


def main() -> int:
    """Train as the standard input says; the exit code: 0 done or stopped, 1 with a line on stderr, or `LOST`."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        return _train(records.convert(records.parse_json(order_line("capsdraw train"), "order"), RankOrder, "order"))
    except CapsDrawError as error:
        return failed(str(error))
    except (OSError, ImportError, MemoryError) as error:
        return failed(first_line(error, named=True))


def _train(order: RankOrder) -> int:
    from capsdraw.collection.as_data import open_data
    from capsdraw.datasets.monitor import Cancelled, ReadMonitor
    from capsdraw.fit import ranks

    control, cancelled = Control(), threading.Event()

    def wait() -> None:
        while os.read(0, 1 << 10):
            pass
        if order.number:  # it stops with the first one, which would wait for it for ever
            time.sleep(_KEEPING)
            os._exit(0)
        control.stop()
        cancelled.set()

    threading.Thread(target=wait, daemon=True, name="capsdraw-order").start()
    try:
        ranks.join(ranks.RankPlace(number=order.number, count=order.count, port=order.port))
        from capsdraw.fit.launch import Order, launch

        folder, watch = Path(order.folder), ReadMonitor(cancel=cancelled)
        with stopping(control):
            launch(
                Order(recipe=runs.read(folder).recipe, folder=folder, resume=True),
                lambda source, shape: open_data(source, shape, watch=watch), control, lambda _: None,
            )  # fmt: skip
    except Cancelled:  # asked to stop before it had begun
        return 0
    except ranks.RankLost as error:
        failed(str(error))
        return LOST
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # at Python's own end, JAX waits for ranks that may be gone
