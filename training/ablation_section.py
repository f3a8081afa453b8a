"""The ablation of CapsNet, for `training.report`: means over seeds, with what the seeds' own spread may do to them."""

from typing import Any, Final

import numpy as np

from training.tables import half_interval, table

# Digits by their name in `held_out.measure`, and what they are called.
_SETS: Final = {
    "mnist": "MNIST", "mnist blur": "blurred", "mnist resampling": "coarsened", "mnist contrast": "pale",
    "mnist ground": "on grey", "mnist noise": "noisy", "pen": "people's pen strokes", "pen blur": "these blurred",
}  # fmt: skip


def ablation(measured: dict[str, Any]) -> str:
    """A row for each change, a column for each kind of digits; and of each column, half the interval of a mean."""
    fits_of: dict[str, dict[int, dict[str, float]]] = {}
    for fit in measured["fits"]:
        fits_of.setdefault(fit["change"], {})[fit["seed"]] = fit["errors"]
    # Rows are of the same seeds: a stopped run may be amid one.
    common = set.intersection(*(set(fits) for fits in fits_of.values()))
    if len(common) < 2:
        return f"Under way: {len(measured['fits'])} fits are measured.\n"
    by_change = {change: [fits[seed] for seed in sorted(common)] for change, fits in fits_of.items()}
    rows = [
        [change, *(f"{np.mean([errors[name] for errors in fits]):.2f}" for name in _SETS)]
        for change, fits in by_change.items()
    ]
    spreads = {name: [[errors[name] for errors in fits] for fits in by_change.values()] for name in _SETS}
    rows.append(["*each ±*", *(f"*{half_interval(spread, len(common)):.2f}*" for spread in spreads.values())])
    return (
        f"Held-out error, %: means of {len(common)} seeds, each fit {measured['epochs']} epochs of "
        f"{measured['images']:,} images, {measured['channels']} channels; the last row is half of a mean's 95% "
        f"interval, by the spread of seeds within all rows together.\n\n{table(['CapsNet', *_SETS.values()], rows)}"
    )
