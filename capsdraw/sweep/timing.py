"""Times plans of a sweep's fits in a process of its own: a list of fits comes in, what they cost goes out as JSON."""

import json
import os
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import psutil

from capsdraw import records
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.sweep.fit_process import failed
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_cost import TimedPlans

if TYPE_CHECKING:
    from capsdraw.datasets.data import Data

# Bytes of an order: of a few fits.
_MOST: Final = 1 << 20


def main() -> int:
    """Time the fits that the standard input lists; the exit code: 0 done, 1 with a line on stderr."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        order = records.parse_json(sys.stdin.buffer.read(_MOST), "order")
        measured = _measured(records.convert(order, list[PlannedFit], "order"))
    except CapsDrawError as error:
        return failed(str(error))
    except (OSError, ImportError, MemoryError) as error:
        return failed(first_line(error, named=True))
    print(json.dumps(asdict(measured)))
    return 0


def _measured(fits: list[PlannedFit]) -> TimedPlans:
    begun = time.perf_counter()
    from capsdraw.collection.as_data import open_data
    from capsdraw.fit.estimate import estimate
    from capsdraw.fit.launch import prepare

    base, ready = int(psutil.Process().memory_info().rss), 0.0
    read: dict[tuple[str, tuple[int, ...] | None], Data] = {}

    def opened(source: str, shape: tuple[int, ...] | None) -> "Data":
        if (source, shape) not in read:
            read[source, shape] = open_data(source, shape)
        return read[source, shape]

    estimates = []
    for fit in fits:
        _, plan = prepare(fit.recipe, opened, asked=frozenset(fit.asked))
        ready = ready or time.perf_counter() - begun
        estimates.append(estimate(plan))
    return TimedPlans(estimates=tuple(estimates), base=base, ready=ready)


if __name__ == "__main__":
    sys.exit(main())
