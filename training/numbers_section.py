"""The table of numbers, for `training.report`: how many are right, and how many of what is none are told as one."""

from typing import Any

from capsdraw.evaluate.metrics import wilson
from training.tables import table

# What was asked before anything was measured: at least so many numbers right, and at most so many single digits told as
# a number, %.
APART, TOUCHING, MOST_SPLIT = 90.0, 75.0, 0.5


def numbers(measured: dict[str, Any]) -> str:
    """A row for each kind of what is read, a column for each net; each share with its 95% interval."""
    models = measured["models"]
    kinds = list(next(iter(models.values()))["counts"])
    is_number = {kind: kind.endswith(("apart", "touching")) for kind in kinds}
    rows = [
        [kind, *(_share(kept["counts"][kind], "right" if is_number[kind] else "numbers") for kept in models.values())]
        for kind in kinds
    ]
    head = [f"`{name}`" for name in models]
    return (
        f"Asked for: {APART:g}% apart and {TOUCHING:g}% touching, and at most {MOST_SPLIT:g}% of single digits told as "
        f"a number.\n\n{table(['numbers right, %', *head], [row for row in rows if is_number[row[0]]])}\n"
        f"{table(['told as a number, %', *head], [row for row in rows if not is_number[row[0]]])}"
    )


def _share(kind: dict[str, int], what: str) -> str:
    low, high = wilson(kind[what], kind["count"])
    return f"**{100 * kind[what] / kind['count']:.1f}** ({100 * low:.1f} – {100 * high:.1f}) of {kind['count']:,}"
