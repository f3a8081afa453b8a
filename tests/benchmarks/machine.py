"""The machine's own measure: times are read against it, because machines and their load differ."""

import statistics
import time
from collections.abc import Sequence

import numpy as np


def matrix_product() -> float:
    """Milliseconds for one 512 × 512 float32 matrix product, median of 50."""
    a = np.random.default_rng(0).random((512, 512), np.float32)
    times = []
    for _ in range(50):
        begun = time.perf_counter()
        a @ a
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def report(what: str, milliseconds: Sequence[float]) -> None:
    """Print median and 95th percentile, and the median in matrix products."""
    median, high = np.percentile(milliseconds, [50, 95])
    unit = matrix_product()
    print(
        f"{what}: median {median:.1f} ms, 95th percentile {high:.1f} ms, of {len(milliseconds)}; "
        f"median = {median / unit:.1f} matrix products of 512 x 512 ({unit:.2f} ms)"
    )
