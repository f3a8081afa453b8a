"""Tables in Markdown, and figures with how far chance alone may move them."""

from collections.abc import Iterable, Sequence

import numpy as np
from scipy import stats

from capsdraw.evaluate.metrics import wilson


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are flush right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def span(percent: float, images: int) -> str:
    """Where a share of so many images may lie, %, at 95% confidence (Wilson)."""
    low, high = wilson(round(percent * images / 100), images)
    return f"{100 * low:.2f} – {100 * high:.2f}"


def half_interval(groups: Sequence[Sequence[float]], count: int) -> float:
    """Half the 95% interval of a mean of so many figures, by the spread within all groups together.

    Args:
        groups: of figures; the spread is taken to be the same in each.
        count: of the figures whose mean it is.
    """
    freedom = sum(len(group) - 1 for group in groups)
    variance = sum(len(group) * np.var(group) for group in groups) / freedom
    return float(stats.t.ppf(0.975, freedom) * np.sqrt(variance / count))
