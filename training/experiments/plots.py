"""The plots of RESULTS.md: one look, and the same bytes for the same measurements."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("agg")
import matplotlib.pyplot as plt

from capsdraw.evaluate.robustness import DISTURBANCES
from capsdraw.paths import replacing
from training.routing_section import cells_of, half_of

# Capsule nets are blue and full, classifiers grey and broken; marks tell them apart without colour.
_CAPSULE, _CLASSIFIER = ("#1f6feb", "#7aaef5"), ("#222222", "#666666", "#999999", "#bbbbbb")
_MARKS = "osD^vP"
_LOOK: Any = {
    "svg.hashsalt": "capsdraw", "svg.fonttype": "none", "font.size": 9, "axes.spines.top": False,
    "axes.spines.right": False, "axes.edgecolor": "#888888", "axes.grid": True, "grid.color": "#e6e6e6",
    "legend.frameon": False,
}  # fmt: skip


def robustness(points: Sequence[dict[str, Any]], path: Path) -> None:
    """Error over amount, a panel for each disturbance, a line for each model."""
    models = list(dict.fromkeys(point["model"] for point in points))
    with mpl.rc_context(_LOOK):
        measured = [how for how in DISTURBANCES if any(point["disturbance"] == how.name for point in points)]
        lines = len(measured) // 4 + 1  # the last panel is the legend's
        figure, axes = plt.subplots(lines, 4, figsize=(12, 3 * lines), layout="constrained", squeeze=False)
        for axis in axes.flat[len(measured) :]:
            axis.axis("off")
        for axis, how in zip(axes.flat, measured, strict=False):
            for model in models:
                points_of_model = [
                    point for point in points if (point["model"], point["disturbance"]) == (model, how.name)
                ]
                axis.plot(
                    [point["amount"] for point in points_of_model],
                    [point["error_percent"] for point in points_of_model], label=model,
                    **style(model, models),
                )  # fmt: skip
            axis.set(title=how.name, xlabel=how.unit, ylim=(0, None))
        for axis in axes[:, 0]:
            axis.set_ylabel("test error, %")
        axes[-1, 3].legend(*axes[0, 0].get_legend_handles_labels(), loc="center")
        _save(figure, path)


def few_images(fits: Sequence[dict[str, Any]], path: Path) -> None:
    """Error over number of images on logarithmic axes: each seed a mark, a line through the means."""
    nets = list(dict.fromkeys(fit["net"] for fit in fits))
    with mpl.rc_context(_LOOK):
        figure, axis = plt.subplots(figsize=(6.4, 4), layout="constrained")
        for net in nets:
            counts = sorted({fit["images"] for fit in fits if fit["net"] == net})
            errors = [[fit["error_percent"] for fit in fits if (fit["net"], fit["images"]) == (net, n)] for n in counts]
            look = style(net, nets)
            axis.plot(counts, [sum(fit_errors) / len(fit_errors) for fit_errors in errors], label=net, **look)
            for count, fit_errors in zip(counts, errors, strict=True):
                axis.plot(
                    [count] * len(fit_errors), fit_errors, look["marker"], color=look["color"], markersize=3, alpha=0.5
                )
        axis.set(xscale="log", yscale="log", xlabel="training images", ylabel="test error, %")
        axis.set_yticks([1, 2, 5, 10, 20, 30], ["1", "2", "5", "10", "20", "30"])
        axis.set_xticks([100, 300, 1000, 3000, 10_000], ["100", "300", "1,000", "3,000", "10,000"])
        axis.minorticks_off()
        axis.legend()
        _save(figure, path)


def routing(fits: Sequence[dict[str, Any]], path: Path) -> None:
    """Error over routing iterations, a line for each weight of the decoder through its means, each seed a mark."""
    weights = sorted({fit["decoder_weight"] for fit in fits})
    with mpl.rc_context(_LOOK):
        figure, axis = plt.subplots(figsize=(6.4, 4), layout="constrained")
        for place, weight in enumerate(weights):
            of_it = [fit for fit in fits if fit["decoder_weight"] == weight]
            cells = cells_of(of_it)
            half = half_of(fits)
            # Beside each other, so that intervals do not lie over one another.
            at = [iterations + 0.12 * (place - (len(weights) - 1) / 2) for (iterations, _) in cells]
            means = [sum(errors) / len(errors) for errors in cells.values()]
            look: dict[str, Any] = {
                "color": (*_CAPSULE, _CLASSIFIER[1])[place % 3],
                "marker": _MARKS[place],
                "markersize": 5,
            }
            axis.errorbar(at, means, half, label=f"decoder weight {weight:g}", linewidth=1, capsize=2, **look)
            for x, errors in zip(at, cells.values(), strict=True):
                axis.plot([x] * len(errors), errors, ".", color=look["color"], markersize=4, alpha=0.5)
        axis.set(xlabel="routing iterations", ylabel="held-out error, %", ylim=(0, None))
        axis.set_xticks(sorted({fit["routing"] for fit in fits}))
        axis.legend()
        _save(figure, path)


def style(model: str, models: Sequence[str]) -> dict[str, Any]:
    """How the line of `model` looks among `models`."""
    capsule = model.endswith("capsnet")
    kin = [other for other in models if other.endswith("capsnet") == capsule]
    colours = _CAPSULE if capsule else _CLASSIFIER
    return {
        "color": colours[kin.index(model) % len(colours)], "linestyle": "-" if capsule else "--",
        "marker": _MARKS[list(models).index(model) % len(_MARKS)], "markersize": 4,
        "linewidth": 1.6 if capsule else 1.1,
    }  # fmt: skip


def _save(figure: Any, path: Path) -> None:
    with replacing(path) as temporary:
        figure.savefig(temporary, format="svg", metadata={"Date": None})
    plt.close(figure)
