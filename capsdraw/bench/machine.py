"""The machine's own measure: times are read against it, because machines and their load differ. No Qt, no Keras."""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import psutil
from threadpoolctl import threadpool_limits

from capsdraw.nets.reading import Floats

# Rows and columns of the matrices whose product is the unit, and of those in whose rate the peak is looked for.
SIDE: Final = 512
_SIDES: Final = (512, 1024)


def milliseconds(work: Callable[[], object], times: int, seconds: float = float("inf")) -> list[float]:
    """What each of so many calls took; fewer, but three at least, where that takes longer than `seconds`."""
    taken: list[float] = []
    while len(taken) < times and (len(taken) < 3 or sum(taken) < 1000 * seconds):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return taken


def product() -> float:
    """Milliseconds of one product of two 512 × 512 float32 matrices on one thread, median of 50."""
    with threadpool_limits(1, "blas"):
        return float(np.median(milliseconds(_product(SIDE), 50)))


def peak(threads: int | None) -> float:
    """Float32 operations a second, in 10⁹, of the fastest matrix product on so many threads; None: on all cores."""
    with threadpool_limits(threads, "blas"):
        # The fastest of some: what comes in between makes a product slower, and a share of the peak too large.
        return max(2e-6 * side**3 / min(milliseconds(_product(side), 30, 0.5)) for side in _SIDES)


def _product(side: int) -> Callable[[], Floats]:
    factor = np.random.default_rng(0).random((side, side), np.float32)
    return lambda: factor @ factor


def memory() -> float:
    """Megabytes of the machine's memory that this process holds."""
    return float(psutil.Process().memory_info().rss / 1e6)


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile, largest, and of how many."""
    median, high, higher, top = np.percentile(values, [50, 95, 99, 100])
    figures = {"median": median, "p95": high, "p99": higher, "max": top}
    return {name: round(float(value), 3) for name, value in figures.items()} | {"count": len(values)}


def about() -> dict[str, Any]:
    """What the figures of a run are held against."""
    return {
        "cores": psutil.cpu_count(),
        "product_ms": round(product(), 3),
        "peak_one_thread": round(peak(1), 1),
        "peak_all_cores": round(peak(None), 1),
        "python": sys.version.split()[0],
    }
