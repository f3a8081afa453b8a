"""What can be said of answers once they are counted: intervals, classes, mistakes, calibration. NumPy only."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from capsdraw.nets.reading import Floats

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ClassMetrics:
    """How one class fares; a figure is None where it would divide by zero.

    Attributes:
        label: the class; count: images of it.
        precision: of the images read as it, the part that are; None if none was read so.
        recall: of its images, the part that were read as it; None if there are none.
        f1: twice the rightly read over the read and the true ones together.
    """

    label: int
    count: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Mistake:
    """A misread image.

    Attributes:
        index: among the images.
        true, read: classes.
        score: of the class read, the confidence with which it was wrong.
    """

    index: int
    true: int
    read: int
    score: float


@dataclass(frozen=True)
class Bin:
    """Answers of about the same confidence.

    Attributes:
        low, high: confidences in (low, high]; the first bin holds 0 too.
        count: answers in it.
        confidence: their mean; right: the part of them that is right; both 0 where there are none.
    """

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """Is a model as often right as it is confident?

    Attributes:
        bins: of equal width, from 0 to 1: the reliability diagram.
        error: the expected calibration error, the mean of |right − confidence| over the bins, each weighed
            by its count (Guo et al. 2017, "On Calibration of Modern Neural Networks"), in [0, 1].
    """

    bins: tuple[Bin, ...]
    error: float


def wilson(count: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval for a proportion, in [0, 1].

    It does not collapse at no errors at all, as the normal interval does (Wilson 1927).

    Args:
        count: how often; total: of how many, at least 1.
        level: how often such an interval holds the true proportion.
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    proportion = count / total
    middle = proportion + z * z / (2 * total)
    wide = z * sqrt(proportion * (1 - proportion) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    # At either end rounding would leave a trace beside 0 or 1.
    low = 0.0 if count == 0 else (middle - wide) / scale
    return low, 1.0 if count == total else (middle + wide) / scale


def confusion(labels: Ints, read: Ints, classes: int) -> Ints:
    """How often each class was read as each: (C, C), true class down, class read across."""
    return np.bincount(labels * classes + read, minlength=classes**2).reshape(classes, classes)


def by_class(counts: Ints) -> tuple[ClassMetrics, ...]:
    """Each class' figures, from a confusion matrix (C, C)."""
    rows = zip(counts.diagonal().tolist(), counts.sum(1).tolist(), counts.sum(0).tolist(), strict=True)
    return tuple(
        ClassMetrics(label, true, _part(hit, read), _part(hit, true), _part(2 * hit, read + true))
        for label, (hit, true, read) in enumerate(rows)
    )


def mistakes(labels: Ints, scores: Floats) -> tuple[Mistake, ...]:
    """All misread images, the most confident mistake first.

    Args:
        labels: (N,); scores: (N, C), the largest of a row is the answer.
    """
    read = scores.argmax(1)
    wrong = np.flatnonzero(read != labels)
    confident = scores[wrong, read[wrong]]
    order = np.argsort(-confident, kind="stable")
    return tuple(
        Mistake(int(index), int(labels[index]), int(read[index]), float(scores[index, read[index]]))
        for index in wrong[order]
    )


def confidence(scores: Floats) -> NDArray[np.float64]:
    """How sure each answer is, (N,): the score of the class that is read.

    For a classifier that is its largest probability. For a capsule net it is the length of the longest
    capsule, by itself: the CapsNet paper reads a length as the probability that the digit is there, and
    the lengths of a row need not sum to 1, since several digits may be there or none. The margin loss asks
    for no more than 0.9 of the true class, so a capsule net that is hardly ever wrong is less confident
    than it is right: that gap is what the calibration error of a capsule net mostly shows.

    Args:
        scores: (N, C), each in [0, 1].
    """
    return scores.max(1).astype(np.float64)


def calibration(confident: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> Calibration:
    """Confidence against correctness.

    Args:
        confident: (N,) in [0, 1], as `confidence` gives.
        right: (N,) whether each answer is right.
        bins: how many, of equal width.
    """
    edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], confident)
    counts = np.bincount(place, minlength=bins)
    divisors = np.maximum(counts, 1)
    means = np.bincount(place, confident, bins) / divisors
    rates = np.bincount(place, right, bins) / divisors
    filled = tuple(
        Bin(float(edges[index]), float(edges[index + 1]), int(counts[index]), float(means[index]), float(rates[index]))
        for index in range(bins)
    )
    return Calibration(filled, float(counts @ np.abs(means - rates) / max(1, len(right))))


def _part(count: int, total: int) -> float | None:
    return count / total if total else None
