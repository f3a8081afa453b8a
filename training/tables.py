"""Tables in Markdown, and figures with how far chance alone may move them."""

from collections.abc import Iterable, Sequence

from capsdraw.evaluate.metrics import wilson


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are flush right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def span(percent: float, images: int) -> str:
    """Where a share of so many images may lie, %, at 95% confidence (Wilson)."""
    low, high = wilson(round(percent * images / 100), images)
    return f"{100 * low:.2f} – {100 * high:.2f}"
