"""How benchmarks print times: beside the machine's own measure."""

from collections.abc import Sequence

from capsdraw.bench.machine import product, spread


def report(what: str, milliseconds: Sequence[float]) -> None:
    """Print median and 95th percentile, and the median in matrix products."""
    figures, unit = spread(milliseconds), product()
    print(
        f"{what}: median {figures['median']:.1f} ms, 95th percentile {figures['p95']:.1f} ms, of {len(milliseconds)}; "
        f"median = {figures['median'] / unit:.1f} matrix products of 512 x 512 ({unit:.2f} ms)"
    )
