"""One line on what a net says of a drawing, and whether to believe it. NumPy only.

The doubts of photographs (`ink.found`, `Sketch.doubts`) are others: they say that the ink may not be what was meant;
a verdict says that what is read there may be no digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from capsdraw.formatting import with_article
from capsdraw.ink.raster import Raster
from capsdraw.ink.signs import Signs, signs_of
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.nets.verdict_rule import RIVAL

# The digits' names.
DIGITS = tuple("0123456789")
# Where a card has no rule, scores below it are no answer. A capsule below the other length was trained to say that its
# class is not there.
_LEAST_SCORE, _ABSENT = 0.5, 0.1
# Where an answer is doubted, the two best are named if the second is at least this share of the first, and the odds
# that it is no digit at all no more than e to the second number of those at the limit.
_NAMED, _CLEARLY = 0.1, 1.5
# Scores below this are as good as none: logarithms of smaller ones say nothing.
_NOTHING = 1e-11
# How many holes each digit has, the least and the most that people draw.
_HOLES = ((1, 1), (0, 0), (0, 1), (0, 0), (0, 1), (0, 0), (1, 1), (0, 0), (2, 2), (1, 1))


class Kind(StrEnum):
    """What a verdict is."""

    SURE = "sure"
    UNSURE = "unsure"
    SEVERAL = "several"
    NONE = "none"
    PAIR = "pair"


@dataclass(frozen=True)
class Verdict:
    """What to say of one drawing.

    Attributes:
        kind: sure of one class; unsure between two; several digits side by side; none that the net knows; a pair of
            two over one another.
        label: the class with the largest score, whatever the kind; of a pair that of the first ink.
        second: the class that it may be as well, or is as well of a pair; None where the kind is another.
    """

    kind: Kind
    label: int
    second: int | None = None

    @property
    def names_a_class(self) -> bool:
        """Whether the largest score is what it says, or may be."""
        return self.kind in (Kind.SURE, Kind.UNSURE, Kind.PAIR)

    def sentence(self, names: Sequence[str]) -> str:
        """In words, without a verb: "a 7", "a 4 or a 9", "a 4 and a 9", "several digits", "no digit it knows".

        Args:
            names: what the classes stand for, class 0 first (`Card.names`).
        """
        digits = all(name.isdigit() for name in names)
        if self.kind == Kind.SEVERAL:
            return "several digits" if digits else "several things"
        if self.kind == Kind.NONE:
            return "no digit it knows" if digits else "nothing it knows"
        first = with_article(names[self.label])
        joined = "and" if self.kind == Kind.PAIR else "or"
        return first if self.second is None else f"{first} {joined} {with_article(names[self.second])}"


def verdict_of(reading: Reading, digit: Raster, card: Card, signs: Signs | None = None) -> Verdict:
    """The verdict on what a net reads in a drawing.

    Args:
        reading: what the net says of it.
        digit: what it was asked, (28, 28) float32 in [0, 1], light ink on black; for nets of other pictures whatever
            they read: of these no signs of ink are looked at.
        card: of the net.
        signs: of that digit, where they are known already.
    """
    if reading.second is not None:
        return _of_pair(reading, reading.second)
    label, second, share = reading.label, _second(reading), second_share(reading)
    signs = (signs or signs_of(digit)) if knows_digits(card) and digit.ndim == 2 else None
    apart = None if signs is None else by_signs(signs)
    if apart is not None:
        return Verdict(apart, label)
    excess = doubt_beyond(reading, digit, card, signs)
    if excess <= 0:
        rival = RIVAL if card.verdict is None else card.verdict.rival
        return Verdict(Kind.UNSURE, label, second) if share >= rival else Verdict(Kind.SURE, label)
    if signs is not None and signs.valleys:
        return Verdict(Kind.SEVERAL, label)
    if share >= _NAMED and excess <= _CLEARLY:
        return Verdict(Kind.UNSURE, label, second)
    return Verdict(Kind.NONE, label)


def _of_pair(reading: Reading, second: int) -> Verdict:
    """Both where both are there, one where the other is not: each score stands for itself."""
    first_there, second_there = (reading.scores[label] >= _LEAST_SCORE for label in (reading.label, second))
    if second_there:
        return Verdict(Kind.PAIR, *reading.by_ink())
    return Verdict(Kind.SURE if first_there else Kind.NONE, reading.label)


def by_signs(signs: Signs) -> Kind | None:
    """What a drawing is whatever a net says of it: figures side by side, or a dot; else None."""
    if signs.figures > 1:
        return Kind.SEVERAL
    return Kind.NONE if signs.dot else None


def second_share(reading: Reading) -> float:
    """The second largest score as a share of the largest; 0 where there is but one, or none that is more than 0."""
    second, first = _second(reading), float(reading.scores[reading.label])
    return float(reading.scores[second]) / first if second != reading.label and first > 0 else 0.0


def measures(reading: Reading, digit: Raster, signs: Signs) -> dict[str, float]:
    """All that doubt is made of, by name; a card's rule says what of it is usual, and how much the rest counts.

    Args:
        reading, digit: as for `verdict_of`, of a net that reads digits.
        signs: of that digit.
    """
    return net_measures(reading, digit) | drawing_measures(signs, reading.label)


def net_measures(reading: Reading, digit: Raster) -> dict[str, float]:
    """What the net itself gives: lengths and the error of its redrawing, or what a classifier's scores say."""
    scores = reading.scores.astype(np.float64)
    first, second = float(scores[reading.label]), float(scores[_second(reading)])
    if reading.kind == NetKind.CAPSULE and reading.reconstruction is not None and reading.error is not None:
        rest = float(scores.sum()) - first
        relative = relative_error(reading.reconstruction, digit)
        return {"length": first, "second": second, "rest": rest, "error": 10 * reading.error, "relative": relative}
    # Softmax gives 0.99 and more to nearly everything: it is logarithms that tell one answer from another.
    logarithms = np.sort(np.log(np.maximum(scores, _NOTHING)))[::-1]
    return {
        "score": first, "doubt": float(np.log(max(1 - first, 1e-6))),
        "lead": float(logarithms[0] - logarithms[min(1, len(scores) - 1)]),
        "lead_of_two": float(logarithms[0] - logarithms[min(2, len(scores) - 1)]),
        "mean_logarithm": float(logarithms.mean()), "spread": float(logarithms[1:].std()) if len(scores) > 1 else 0.0,
    }  # fmt: skip


def drawing_measures(signs: Signs, label: int) -> dict[str, float]:
    """What can be measured of the drawing: its shape, as what it was read, and whether it has the holes of that."""
    least, most = _HOLES[label]
    read_as = {f"read_as_{digit}": float(digit == label) for digit in range(len(_HOLES))}
    return signs.shape | read_as | {"holes": float(max(least - signs.holes, signs.holes - most, 0))}


def relative_error(reconstruction: Raster, digit: Raster) -> float:
    """Squared error of a reconstruction as a share of the squared ink: 0 the same, 1 as wrong as a black picture."""
    return float(((reconstruction - digit) ** 2).sum() / max(float((digit**2).sum()), 1e-6))


def doubt_beyond(reading: Reading, digit: Raster, card: Card, signs: Signs | None) -> float:
    """By how much doubt exceeds what is borne, in logarithms of odds; a plain rule knows only whether it does."""
    if card.verdict is not None and signs is not None:
        excess = card.verdict.excess(measures(reading, digit, signs))
        if excess is not None:
            return excess
    score = float(reading.scores[reading.label])
    if reading.kind == NetKind.CAPSULE and score < _ABSENT:
        return 2 * _CLEARLY
    return float(score < _LEAST_SCORE)


def knows_digits(card: Card) -> bool:
    """Whether its classes are the digits in their order, and it sees what the canvas makes of ink."""
    return card.reads_digits and card.names == DIGITS


def _second(reading: Reading) -> int:
    """The class of the second largest score; the first's where there is but one."""
    scores = reading.scores.astype(np.float64)
    if len(scores) < 2:
        return reading.label
    scores[reading.label] = -np.inf
    return int(scores.argmax())
