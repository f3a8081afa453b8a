"""When digit nets are to be doubted, and how often that is right: `python -m training.experiments.verdicts [MODEL…]`.

Writes a rule into the card of each bundled digit net, and what it costs into `results/verdicts.json`; to be run again
when a net was fitted again (a net whose file is the same is passed over, unless it is named). The rule is set on
MNIST's last 5,000 training images, which no recipe trains on, pen strokes of writers 26 to 30 where they are at hand,
synthetic pen digits, and drawings that are no digit, `non_digits.SETTING`. Limits count all that doubts an answer, and
lie where doubt does that was found without the drawing itself. The rule is measured on 2,000 of MNIST's test digits and
on 2,000 drawings that are none, `non_digits.MEASURING`: other forms, other seeds.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import non_digits, pen_strokes, synthetic
from capsdraw.datasets.known import data_set
from capsdraw.errors import CapsDrawError
from capsdraw.ink.raster import from_bytes
from capsdraw.ink.signs import Signs, signs_of
from capsdraw.nets import cards
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import BATCH, Reading
from capsdraw.nets.session import Session
from capsdraw.nets.verdict import Kind, by_signs, drawing_measures, net_measures, second_share, verdict_of
from capsdraw.nets.verdict_rule import MOST_ODD, VerdictRule, Weighed
from training.experiments import store

HELD_OUT, SYNTHETIC, NON_DIGITS, MEASURED = 5000, 2000, 4000, 2000
# Digits doubted of those that set the limit, whatever doubts them: of MNIST's alone, and of all sources together. 3% is
# asked for; of 2,000 digits of which 2.1% are to be doubted, chance has more than that doubted once in some 300 nets.
_AIM_HELD_OUT, _AIM = 0.021, 0.03
# Of the first, what a second score may take that rivals the first; shares of it that do, the smallest first.
_RIVALS_PART, _RIVALS = 1 / 3, (0.5, 0.6, 0.7, 0.8, 0.9)
# Parts that drawings are divided into, to have the doubt of each from all others.
_PARTS = 5
# The rates of earlier rules were measured with another seed, and seen.
_SEED, _MEASURED_SEED = 1, 6
# The first source of digits, and what are none.
_FIRST, _NONE = "held out", "none"
# How much large weights cost; figures of a weight that a card keeps.
_RIDGE, _FIGURES = 1.0, 5

Images = NDArray[np.uint8]
Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Drawings:
    """Some drawings.

    Attributes:
        images: (N, 28, 28) uint8; labels: (N,), or None where they are no digits.
        signs: of each.
    """

    images: Images
    labels: NDArray[np.integer] | None
    signs: list[Signs]

    @classmethod
    def of(cls, images: Images, labels: NDArray[np.integer] | None = None) -> "Drawings":
        """The drawings with their signs."""
        return cls(images, labels, [signs_of(from_bytes(image)) for image in images])


@dataclass(frozen=True, eq=False)
class Asked:
    """Some drawings, and what a net says of each."""

    drawings: Drawings
    readings: list[Reading]

    @property
    def anyway(self) -> NDArray[np.bool_]:
        """(N,), whether it is doubted whatever the net says."""
        return np.array([by_signs(signs) is not None for signs in self.drawings.signs])

    @property
    def shares(self) -> Vector:
        """(N,), the second score as a share of the first."""
        return np.array([second_share(reading) for reading in self.readings])

    @property
    def misread(self) -> NDArray[np.bool_]:
        """(N,), of digits whether the net reads another one; of others nowhere."""
        labels = self.drawings.labels
        read = np.array([reading.label for reading in self.readings])
        return np.zeros(len(read), bool) if labels is None else read != labels

    def rows(self, with_drawing: bool) -> dict[str, Vector]:
        """The measures, {name: (N,)}; those of the net alone, or of the drawing too."""
        rows = []
        for reading, image, signs in zip(self.readings, self.drawings.images, self.drawings.signs, strict=True):
            drawn = drawing_measures(signs, reading.label) if with_drawing else {}
            rows.append(net_measures(reading, from_bytes(image)) | drawn)
        return {name: np.array([row[name] for row in rows]) for name in rows[0]}

    def kinds(self, card: Card) -> list[Kind]:
        """Of the verdicts by a card's rule."""
        each = zip(self.readings, self.drawings.images, self.drawings.signs, strict=True)
        return [verdict_of(reading, from_bytes(image), card, signs).kind for reading, image, signs in each]


def main() -> int:
    """Set and measure the rules of the models named, or of all bundled ones whose file is another since."""
    parser = argparse.ArgumentParser(prog="python -m training.experiments.verdicts", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="MODEL")
    names = parser.parse_args().names
    before = store.read("verdicts") or {"models": {}}
    bundled = [card for card in cards.list_cards() if card.bundled and card.reads_digits]
    done = {
        card.name for card in bundled
        if card.verdict and before["models"].get(card.name, {}).get("sha256") == card.sha256
    }  # fmt: skip
    try:
        chosen = [cards.find(name) for name in names] or [card for card in bundled if card.name not in done]
        setting, measuring = sets_to_set_by(), sets_to_measure()
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    kept = {card.name: before["models"][card.name] for card in bundled if card.name in before["models"]}
    for card in chosen:
        kept[card.name] = _one(card, setting, measuring)
        order = {card.name: kept[card.name] for card in bundled if card.name in kept}
        store.write("verdicts", {"digits": MEASURED, "non_digits": MEASURED, "models": order})
    return 0


def sets_to_set_by() -> dict[str, Drawings]:
    """The drawings that rules are set on: digits of two or three sources, and "none"."""
    mnist, made = data_set("mnist"), synthetic.data(0, SYNTHETIC, _SEED)
    sets = {
        _FIRST: Drawings.of(mnist.train_images[-HELD_OUT:], mnist.train_labels[-HELD_OUT:]),
        "synthetic": Drawings.of(made.test_images, made.test_labels),
        _NONE: Drawings.of(non_digits.images(NON_DIGITS, non_digits.SETTING)[0]),
    }
    if pen_strokes.path() is not None:
        pen = pen_strokes.strokes().data(test_only=True)
        sets["pen strokes"] = Drawings.of(pen.test_images, pen.test_labels)
    return sets


def sets_to_measure() -> dict[str, Drawings]:
    """The drawings that rules are measured on: MNIST's test "digits", each kind of those that are none, and "alike"."""
    mnist = data_set("mnist")
    images, kinds = non_digits.images(MEASURED, non_digits.MEASURING, _MEASURED_SEED)
    of_kind = {kind: images[[it == kind for it in kinds]] for kind in non_digits.KINDS}
    some = np.random.default_rng(_MEASURED_SEED).permutation(len(mnist.test_labels))[:MEASURED]
    alike = non_digits.alike(MEASURED // 4, non_digits.MEASURING, _MEASURED_SEED)
    digits = Drawings.of(mnist.test_images[some], mnist.test_labels[some])
    return {"digits": digits} | {name: Drawings.of(them) for name, them in {**of_kind, "alike": alike}.items()}


def _one(card: Card, setting: Mapping[str, Drawings], measuring: Mapping[str, Drawings]) -> dict[str, Any]:
    """Sets and measures one net's rule, writes its card, and returns what is kept of it."""
    session = Session.open(card)
    set_on, asked = (
        {name: Asked(drawings, readings(session, drawings.images)) for name, drawings in sets.items()}
        for sets in (setting, measuring)
    )
    rules = {"plain": None, "net": rule_of(set_on, with_drawing=False), "rule": rule_of(set_on, with_drawing=True)}
    told = {which: {name: _counts(of_set.kinds(replace(card, verdict=rule))) for name, of_set in asked.items()}
            for which, rule in rules.items()}  # fmt: skip
    rates = {which: _rates(counts) for which, counts in told.items()}
    rule = rules["rule"]
    assert rule is not None
    rule = replace(
        rule, digits=MEASURED, digits_doubted_percent=rates["rule"]["digits"],
        non_digits=MEASURED, non_digits_doubted_percent=rates["rule"][_NONE],
    )  # fmt: skip
    ruled = replace(card, verdict=rule)
    cards.write(ruled, card.folder / f"{card.name}.json")
    print(f"{card.name:<20} " + "  ".join(f"{which}: {rate['digits']:.2f}% of digits doubted, {rate[_NONE]:.1f}% of "
          "non-digits" for which, rate in rates.items()), flush=True)  # fmt: skip
    misread = [kind for kind, wrong in zip(asked["digits"].kinds(ruled), asked["digits"].misread, strict=True) if wrong]
    return {
        "sha256": card.sha256, "rival": rule.rival, "rates": rates, "told": told["rule"], "misread": _counts(misread),
        "set_on": {name: _doubted(_counts(of_set.kinds(ruled))) for name, of_set in set_on.items() if name != _NONE},
    }  # fmt: skip


def readings(session: Answering, images: Images) -> list[Reading]:
    """What the net says of each image, (28, 28) uint8."""
    batches = (images[first : first + BATCH] for first in range(0, len(images), BATCH))
    return [reading for batch in batches for reading in session.read_each(from_bytes(batch))]


def rule_of(asked: Mapping[str, Asked], with_drawing: bool) -> VerdictRule:
    """The rule that tells digits and drawings that are none apart: a logistic regression, and limits.

    Args:
        asked: digits of each source, which counts the same as the others, MNIST's first; and _NONE.
        with_drawing: measures of the drawing count beside those of the net.
    """
    groups = [of_set for name, of_set in asked.items() if name != _NONE] + [asked[_NONE]]
    measured = [of_set.rows(with_drawing) for of_set in groups]
    names = list(measured[0])
    table = np.concatenate([np.stack([rows[name] for name in names], 1) for rows in measured])
    counts = [len(of_set.readings) for of_set in groups]
    none = np.repeat([*([False] * (len(groups) - 1)), True], counts)
    # As many digits, together, as drawings that are none.
    weights = np.repeat([*(counts[-1] / (len(groups) - 1) / count for count in counts[:-1]), 1.0], counts)
    middle, deviation = table.mean(0), table.std(0) + 1e-6
    odd = np.clip((table - middle) / deviation, -MOST_ODD, MOST_ODD)
    terms = np.column_stack([odd, odd**2, np.ones(len(table))])
    # What is misread is rightly doubted: it does not say what a digit looks like.
    right = ~np.concatenate([of_set.misread for of_set in groups])
    found = logistic(terms[right], none[right].astype(np.float64), weights[right])
    linear, square = found[:-1].reshape(2, -1)
    kept = {
        name: Weighed(middle=_rounded(middle[place]), deviation=_rounded(deviation[place]),
                      linear=_rounded(linear[place]), square=_rounded(square[place]))
        for place, name in enumerate(names)
    }  # fmt: skip
    doubt, digits = _doubt_by_others(terms, none, weights, right)[~none], groups[:-1]
    rival, anyway = _rival(digits)
    limits = [
        _limit(doubt[:count], anyway[:count], weights[~none][:count], aim)
        for count, aim in ((counts[0], _AIM_HELD_OUT), (len(doubt), _AIM))
    ]
    # A rule adds up weights alone.
    return VerdictRule(weights=kept, limit=_rounded(max(limits) - found[-1]), rival=rival)


def _doubt_by_others(terms: Vector, none: NDArray[np.bool_], weights: Vector, right: NDArray[np.bool_]) -> Vector:
    """(N,) doubt of each drawing by a regression on other drawings alone: by its own, a digit seems too usual."""
    part = np.random.default_rng(_SEED).permutation(len(terms)) % _PARTS
    doubt = np.zeros(len(terms))
    for number in range(_PARTS):
        others = (part != number) & right
        found = logistic(terms[others], none[others].astype(np.float64), weights[others])
        doubt[part == number] = terms[part == number] @ found
    return doubt


def _rival(digits: Sequence[Asked]) -> tuple[float, NDArray[np.bool_]]:
    """From which share on a second score rivals the first, and whether each digit is doubted without any limit."""
    shares, anyway = (np.concatenate([getattr(of_set, what) for of_set in digits]) for what in ("shares", "anyway"))
    first = shares[: len(digits[0].readings)]
    rival = next((share for share in _RIVALS if (first >= share).mean() <= _RIVALS_PART * _AIM_HELD_OUT), _RIVALS[-1])
    return rival, anyway | (shares >= rival)


def logistic(table: Vector, wanted: Vector, weights: Vector) -> Vector:
    """The coefficients (K,) of a logistic regression on (N, K), by Newton's steps; the last one costs nothing."""
    costs = np.full(table.shape[1], _RIDGE)
    costs[-1] = 1e-6
    found = np.zeros(table.shape[1])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-np.clip(table @ found, -30, 30)))
        slope = table.T @ (weights * (probability - wanted)) + costs * found
        curvature = (table * (weights * probability * (1 - probability))[:, None]).T @ table + np.diag(costs)
        step = np.linalg.solve(curvature, slope)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    return found


def _limit(doubt: Vector, anyway: NDArray[np.bool_], weights: Vector, doubted: float) -> float:
    """Above which that share of all weight lies, with what is doubted anyway."""
    counted = np.where(anyway, np.inf, doubt)
    order = np.argsort(counted)
    below = np.cumsum(weights[order]) / weights.sum()
    return float(min(counted[order][np.searchsorted(below, 1 - doubted)], doubt[~anyway].max()))


def _counts(kinds: Sequence[Kind]) -> dict[str, int]:
    return {str(kind): kinds.count(kind) for kind in Kind}


def _rates(of_set: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Doubted, %: of each set, and of all drawings that are none."""
    together = {kind: sum(of_set[name][kind] for name in non_digits.KINDS) for kind in map(str, Kind)}
    return {name: _doubted(counts) for name, counts in {**of_set, _NONE: together}.items()}


def _doubted(counts: Mapping[str, int]) -> float:
    return round(100 * (1 - counts[Kind.SURE] / sum(counts.values())), 2)


def _rounded(value: float) -> float:
    return float(f"{value:.{_FIGURES}g}")


if __name__ == "__main__":
    sys.exit(main())
