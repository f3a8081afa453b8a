"""What leaves an evaluation: JSON, tables as CSV, pictures as PNG.

Every writer replaces an old file whole or leaves it as it was, and raises CapsDrawError, one
line that names the file, where it cannot write.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from capsdraw.evaluate import pictures
from capsdraw.evaluate.error import Evaluation, Scored
from capsdraw.evaluate.metrics import Ints
from capsdraw.evaluate.pairs import Pairs
from capsdraw.evaluate.sets import Report
from capsdraw.nets.reading import Floats
from capsdraw.paths import saving


def to_json(result: Evaluation) -> dict[str, Any]:
    """All figures of an evaluation as what JSON can hold; the first six keys are a contract."""
    return {
        "model": result.model, "data": result.data, "images": result.images, "errors": result.errors,
        "error_percent": result.error_percent, "confusion": result.confusion.tolist(),
        "interval_percent": list(result.interval_percent),
        "classes": [asdict(figures_of_class) for figures_of_class in result.by_class],
        "calibration": asdict(result.calibration),
        "seconds_per_image": result.seconds_per_image,
        "mistakes": [asdict(mistake) for mistake in result.mistakes],
    }  # fmt: skip


def classes_csv(result: Scored, names: Sequence[str], path: Path) -> None:
    """A row for each class: its figures, then how often it was read as each; what is undefined stays empty."""
    head = ["class", "images", "precision", "recall", "f1", *(f"read as {name}" for name in names)]
    rows = (
        [
            names[figures.label],
            figures.count,
            _figure(figures.precision),
            _figure(figures.recall),
            _figure(figures.f1),
            *counts,
        ]
        for figures, counts in zip(result.by_class, result.confusion.tolist(), strict=True)
    )
    _write_csv(head, rows, path)


def answers_csv(result: Scored, names: Sequence[str], path: Path) -> None:
    """A row for each image: its number from 0, the true class, the class read, right (1) or not (0), all scores."""
    head = ["image", "true", "read", "right", *(f"score of {name}" for name in names)]
    rows = (
        [index, *result.told(index, names), int(right), *map(_figure, scores)]
        for index, (right, scores) in enumerate(zip(result.right, result.scores, strict=True))
    )
    _write_csv(head, rows, path)


def confusion_png(result: Scored, names: Sequence[str], path: Path) -> None:
    """The confusion matrix as a picture."""
    with saving(path, ".png") as temporary:
        pictures.confusion_matrix(result.confusion, names, title(result)).save(temporary, "PNG")


def calibration_png(result: Scored, path: Path) -> None:
    """Confidence against correctness as a picture."""
    heading = (
        f"{result.model} on {result.data}: expected calibration error {result.calibration.error:.4f}, "
        f"{result.images} {result.noun}s"
    )
    with saving(path, ".png") as temporary:
        pictures.reliability(result.calibration, heading).save(temporary, "PNG")


def pairs_png(pairs: Pairs, result: Scored, path: Path) -> None:
    """The first images of `result` over their reconstructions as a picture; the misread ones are framed."""
    count = len(pairs.real)
    wrong = np.flatnonzero(~result.right[:count]).tolist()
    heading = f"{result.model}: mean squared error {pairs.error:.4f}, {len(wrong)} of {count} misread"
    with saving(path, ".png") as temporary:
        pictures.over(pairs.real, pairs.reconstructed, wrong, heading).save(temporary, "PNG")


def sets_csv(report: Report, results: Sequence[Evaluation], path: Path) -> None:
    """A row for each two models on all of the data, then one for each of their sets that is told of.

    Args:
        report: of the models that made `results`, in their order.
        path: ends in .csv. Sets and images are counted as elsewhere, sets from 1 and images from 0; p-values are
            those of `sets.Found`, and on all of the data McNemar's.
    """
    head = [
        "first model", "second model", "set", "images", "first right", "second right", "difference", "expected",
        "p by luck", "p by an even spread", "verdict", "lead on the rest, %", "images only first right",
        "images only second right", "images of the set",
    ]  # fmt: skip
    rows: list[list[object]] = []
    for pair in report.pairs:
        compared = [results[model] for model in (pair.first, pair.second)]
        names, right = [result.model for result in compared], [int(result.right.sum()) for result in compared]
        only = [_listed(pair.first_only), _listed(pair.second_only)]
        rows.append(
            [
                *names, "all", compared[0].images, *right, right[0] - right[1], "", f"{pair.overall_p:.3g}", "", "", "",
                *only, "",
            ]
        )  # fmt: skip
        rows.extend(
            [
                *names, drawn.number + 1, len(drawn.images), *drawn.right, drawn.difference, f"{drawn.expected:.3f}",
                f"{drawn.same_p:.3g}", f"{drawn.even_p:.3g}", drawn.verdict.value, f"{drawn.elsewhere:.3f}",
                _listed(drawn.first_only), _listed(drawn.second_only), _listed(drawn.images),
            ]
            for drawn in pair.top_sets
        )  # fmt: skip
    _write_csv(head, rows, path)


def difference_png(sides: Sequence[tuple[str, Floats]], heading: str, path: Path) -> None:
    """The images that make a difference, a group for each of two models: whose alone they are, and they."""
    with saving(path, ".png") as temporary:
        pictures.apart(sides, heading).save(temporary, "PNG")


def title(result: Scored) -> str:
    """One line: the error, and where it may lie."""
    low, high = result.interval_percent
    return (
        f"{result.model} on {result.data}: {result.errors} of {result.images} wrong, {result.error_percent:.2f}% "
        f"(95% interval {low:.2f} to {high:.2f})"
    )


def _write_csv(head: Sequence[str], rows: Iterable[Sequence[object]], path: Path) -> None:
    with saving(path, ".csv") as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _listed(images: Ints) -> str:
    return " ".join(map(str, images.tolist()))


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
