"""The sweep over routing and decoder, for `training.report` and its picture: means with their intervals."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from training.tables import half_interval, table

Cells = dict[tuple[int, float], list[float]]


def cells_of(fits: Sequence[dict[str, Any]]) -> Cells:
    """The errors, %, of all seeds, by routing iterations and decoder weight."""
    cells: Cells = {}
    for fit in sorted(fits, key=lambda fit: (fit["routing"], fit["decoder_weight"], fit["seed"])):
        cells.setdefault((fit["routing"], fit["decoder_weight"]), []).append(fit["held_out_error_percent"])
    return cells


def half_of(fits: Sequence[dict[str, Any]], seeds: int = 0) -> float:
    """Half the 95% interval of a mean, %, by the spread of seeds within all cells together.

    Args:
        fits: with as many seeds in each cell.
        seeds: whose mean it is; 0 for a cell's.
    """
    cells = list(cells_of(fits).values())
    return half_interval(cells, seeds or len(cells[0]))


def routing(measured: dict[str, Any]) -> str:
    """A row for each number of iterations, a column for each weight; means over the seeds, and over all of a line."""
    fits = measured["fits"]
    cells = cells_of(fits)
    iterations, weights = sorted({count for count, _ in cells}), sorted({weight for _, weight in cells})
    rows = [
        [f"{count:g}", *(f"{np.mean(cells[count, weight]):.2f}" for weight in weights),
         _mean(fits, "routing", count)]
        for count in iterations
    ]  # fmt: skip
    rows.append(["all", *(_mean(fits, "decoder_weight", weight) for weight in weights), ""])
    head = ["routing iterations", *(f"decoder weight {weight:g}" for weight in weights), "all weights"]
    seeds = len(next(iter(cells.values())))
    return (
        f"Held-out error, %, means of {seeds} seeds; each of them ± {half_of(fits):.2f} (95%, by the spread of seeds "
        f"within all {len(cells)} cells together).\n\n{table(head, rows)}"
    )


def _mean(fits: Sequence[dict[str, Any]], field: str, value: float) -> str:
    errors = [fit["held_out_error_percent"] for fit in fits if fit[field] == value]
    return f"**{np.mean(errors):.2f}** ± {half_of(fits, len(errors)):.2f}"
