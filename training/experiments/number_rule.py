"""What a figure's odds are to be a digit of a number: `python -m training.experiments.number_rule`, some ten minutes.

Writes `capsdraw/nets/figure_rule.py`. Figures are those of numbers composed from pen strokes of writers 1 to 25, as
strokes and as pictures, of single digits by the same writers, and of drawings that are none, `non_digits.SETTING`.
These writers give a 1 a flag or lean it; in some numbers it is a plain line, and all stands further apart. What covers
a digit and is read as that is one; what covers half of it, or is misread, says nothing; all others are none.
A rule is a logistic regression, the form that of `verdicts`: a first of what is known of a figure by itself, a second
that knows what its rivals cost, too. In setting it these costs are by a first rule that was set on the other half of
rows. `MARGIN` and what else stands there were chosen by hand, on the same figures.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import composed, non_digits, pen_strokes
from capsdraw.datasets.composed import Composed
from capsdraw.datasets.pen_strokes import PenStrokes
from capsdraw.errors import CapsDrawError
from capsdraw.ink.row_in_picture import row_in
from capsdraw.ink.signs import signs_of
from capsdraw.ink.slices import Edges, Row, of_strokes
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets import cards, side_by_side
from capsdraw.nets.figure_rivals import rivals_of
from capsdraw.nets.figure_rule import FEWEST_NAMED, MARGIN, MOST_COST
from capsdraw.nets.light import Light
from capsdraw.nets.seen_figures import cost, look
from capsdraw.nets.verdict_rule import MOST_ODD, VerdictRule, Weighed
from capsdraw.paths import replacing
from training.experiments.numbers import on_paper
from training.experiments.verdicts import Vector, logistic

FILE = Path(side_by_side.__file__).with_name("figure_rule.py")
# What answers from a light file here: a rule is of no one net.
NETS = ("efficient-capsnet", "keras-cnn", "tutorial-cnn")
NUMBERS, SINGLE, OTHERS, TOUCHING = 300, 600, 300, 0.35
# Numbers with 1s that are a plain line; how far it may lean, and digits stand apart besides, in heights.
PLAIN_ONES, _LEAN, _SPREAD = 150, 0.3, 0.6
_WRITERS = range(1, pen_strokes.HELD_OUT)
_SEED = 1
# Edges of a figure that is a digit are no further from that digit's, in heights; further away it is none.
_NEAR, _FAR = 0.15, 0.35
# Of a card without a rule, what stands in it is not asked.
_OF_CARDS = {"excess"}
_HEAD = '''"""The odds that a figure is a digit of a number; written by `training.experiments.number_rule`."""

from typing import Final

from capsdraw.nets.verdict_rule import VerdictRule, Weighed

# A number is believed where it is likelier than one digit by so much, in logarithms; where so large a share of its
# digits are some that the net knows; and where its figures cost no more than that, on average.
MARGIN: Final = {margin}
FEWEST_NAMED: Final = {named}
MOST_COST: Final = {most}

# A figure by itself: by cards that say when to doubt, and by others.
RULE: Final = {rule}
PLAIN: Final = {plain}
# And among its rivals.
AMONG: Final = {among}
AMONG_PLAIN: Final = {among_plain}
'''


@dataclass(frozen=True, eq=False)
class Figures:
    """All figures of one row.

    Attributes:
        row: theirs; text: the digits that are in it; edges: of these.
    """

    row: Row
    text: str
    edges: tuple[Edges, ...]

    def digits(self, labels: list[int]) -> list[bool | None]:
        """Of each figure, read as that, whether it is a digit; None: that is not to be said."""
        if not self.edges:
            return [False] * len(labels)
        height = self.row.height
        apart = np.array([
            [max(map(abs, np.subtract(figure.edges, own))) / height for own in self.edges]
            for figure in self.row.figures
        ]).reshape(len(self.row.figures), -1)  # fmt: skip
        which, away = apart.argmin(1), apart.min(1)
        nearest = apart.argmin(0)
        told: list[bool | None] = []
        for number, (label, digit, distance) in enumerate(zip(labels, which, away, strict=True)):
            covers = distance < _NEAR or nearest[digit] == number
            right = covers and str(label) == self.text[digit]
            told.append(False if distance > _FAR else True if right else None)
        return told


@dataclass(frozen=True, eq=False)
class ReadRow:
    """What a net says of a row's figures.

    Attributes:
        row: theirs; measures: of each figure; is_digit: of each, or None where that is not to be said.
    """

    row: Row
    measures: list[dict[str, float]]
    is_digit: list[bool | None]


def main() -> int:
    """Find the rules, and write them."""
    try:
        every = list(figures())
        nets = [Light.open(cards.find(name)) for name in NETS]
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    read = [each for of_row in every for each in _read(of_row, nets)]
    rule, among = _rules(read, set())
    plain, among_plain = _rules(read, _OF_CARDS)
    text = _HEAD.format(
        margin=MARGIN, named=FEWEST_NAMED, most=MOST_COST,
        rule=in_code(rule), plain=in_code(plain), among=in_code(among), among_plain=in_code(among_plain),
    )  # fmt: skip
    with replacing(FILE) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return 0


def _read(of_row: Figures, nets: Sequence[Light]) -> Iterator[ReadRow]:
    images = [of_row.row.digit(figure) for figure in of_row.row.figures]
    signs = [signs_of(image) for image in images]
    for net in nets:
        seen = look(net, images, signs)
        measures = [
            side_by_side.measures_of(of_row.row, figure, of_it)
            for figure, of_it in zip(of_row.row.figures, seen, strict=True)
        ]
        yield ReadRow(of_row.row, measures, of_row.digits([of_it.reading.label for of_it in seen]))


def _rules(read: Sequence[ReadRow], without: set[str]) -> tuple[VerdictRule, VerdictRule]:
    """The rule of a figure by itself, and that of one among its rivals."""
    halves = [rule_of(_told(read[half::2]), without) for half in (1, 0)]
    beside = [_among(each, halves[place % 2]) for place, each in enumerate(read)]
    return rule_of(_told(read), without), rule_of(_told(beside), without)


def _among(each: ReadRow, rule: VerdictRule) -> ReadRow:
    """With the rivals' costs by that rule."""
    rivals = rivals_of(each.row, [cost(own, rule) for own in each.measures])
    return replace(each, measures=[own | of_it for own, of_it in zip(each.measures, rivals, strict=True)])


def _told(read: Sequence[ReadRow]) -> tuple[list[dict[str, float]], NDArray[np.bool_]]:
    """The measures of all figures of which it is to be said, and whether each is none."""
    told = [(own, not digit) for each in read for own, digit in zip(each.measures, each.is_digit, strict=True)
            if digit is not None]  # fmt: skip
    return [own for own, _ in told], np.array([none for _, none in told])


@dataclass(frozen=True)
class Counts:
    """How much of each kind a rule is set on.

    Attributes:
        numbers, plain_ones: with digits as these writers have them, and with 1s that are a plain line.
        single, others: digits alone, and drawings that are none; touching: the share of numbers in which digits do.
    """

    numbers: int
    plain_ones: int
    single: int
    others: int
    touching: float


def figures() -> Iterator[Figures]:
    """All that the rules are set on."""
    counts = Counts(NUMBERS, PLAIN_ONES, SINGLE, OTHERS, TOUCHING)
    for index, of_it in drawn(pen_strokes.strokes(), _WRITERS, _SEED, counts):
        yield from _both(of_it.drawing, of_it.text, of_it.edges, index)


def drawn(pen: PenStrokes, writers: range, seed: int, counts: Counts) -> Iterator[tuple[int, Composed]]:
    """Numbers and digits by those writers, and drawings that are none, without text; each with a seed of its own."""
    yield from enumerate(composed.numbers(pen, writers, counts.numbers, seed, counts.touching))
    for index in range(counts.plain_ones):
        yield counts.numbers + index, with_plain_ones(pen, np.random.default_rng((seed, 4, index)), 2 + index % 4)
    random = np.random.default_rng(seed)
    every = np.flatnonzero(np.isin(pen.writers, list(writers)))
    for index in random.choice(every, counts.single, replace=False).tolist():
        yield index, composed.composed([pen.drawing(index)], str(int(pen.labels[index])), random, touching=False)
    makers = (non_digits.letter, non_digits.scribble, non_digits.letter, non_digits.mark, non_digits.letter)
    for index in range(counts.others):
        other = makers[index % len(makers)](np.random.default_rng((seed, index)), non_digits.SETTING)
        strokes = tuple(Stroke(stroke.points, 8.0) for stroke in other.strokes)
        yield index, Composed(Drawing(strokes), "", (), touching=False)


def with_plain_ones(pen: PenStrokes, random: np.random.Generator, count: int) -> Composed:
    """A number of so many digits, every second a 1 or so: a line, upright or nearly, as a mouse draws it."""
    drawings, text = [], ""
    for _ in range(count):
        label = 1 if random.random() < 0.5 else int(random.integers(10))
        of_label = pen.trained_on[pen.labels[pen.trained_on] == label]
        drawings.append(plain_one(random) if label == 1 else pen.drawing(int(random.choice(of_label))))
        text += str(label)
    number = composed.composed(drawings, text, random, touching=False)
    further = composed.HEIGHT * random.uniform(0, _SPREAD)
    of_digit = [place for place, drawing in enumerate(drawings) for _ in drawing.strokes]
    strokes = tuple(
        replace(stroke, points=stroke.points + np.array([place * further, 0.0]))
        for place, stroke in zip(of_digit, number.drawing.strokes, strict=True)
    )
    edges = tuple(
        (left + place * further, top, right + place * further, bottom)
        for place, (left, top, right, bottom) in enumerate(number.edges)
    )
    return replace(number, drawing=Drawing(strokes), edges=edges)


def plain_one(random: np.random.Generator) -> Drawing:
    """A line from top to bottom; one in three is upright to the pixel."""
    along = np.linspace(0.0, 1.0, int(random.integers(2, 25)))
    lean = 0.0 if random.random() < 1 / 3 else composed.HEIGHT * random.uniform(-_LEAN / 3, _LEAN)
    return Drawing((Stroke(np.stack([lean * (1 - along), composed.HEIGHT * along], -1)),))


def _both(drawing: Drawing, text: str, edges: tuple[Edges, ...], index: int) -> Iterator[Figures]:
    """As strokes and as a picture, where these can be cut."""
    row = of_strokes(drawing)
    if row is not None and row.figures:
        yield Figures(row, text, edges)
    ink, placed = on_paper(drawing, np.random.default_rng((_SEED, 3, index)))
    row = row_in(ink)
    if row is not None and row.figures:
        yield Figures(row, text, tuple(placed(own) for own in edges))


def rule_of(told: tuple[list[dict[str, float]], NDArray[np.bool_]], without: set[str]) -> VerdictRule:
    """The logistic regression that tells figures that are none, from their measures but those of `without`."""
    rows, none = told
    names = [name for name in rows[0] if name not in without]
    table: Vector = np.array([[row[name] for name in names] for row in rows])
    middle, deviation = table.mean(0), table.std(0) + 1e-6
    odd = np.clip((table - middle) / deviation, -MOST_ODD, MOST_ODD)
    found = logistic(np.column_stack([odd, odd**2, np.ones(len(odd))]), none.astype(np.float64), np.ones(len(odd)))
    linear, square = found[:-1].reshape(2, -1)
    weights = {
        name: Weighed(middle=_short(middle[place]), deviation=_short(deviation[place]),
                      linear=_short(linear[place]), square=_short(square[place]))
        for place, name in enumerate(names)
    }  # fmt: skip
    return VerdictRule(weights=weights, limit=_short(-found[-1]))


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def in_code(rule: VerdictRule) -> str:
    """The rule as Python has it."""
    weights = "".join(
        f'        "{name}": Weighed(middle={weighed.middle}, deviation={weighed.deviation}, linear={weighed.linear}, '
        f"square={weighed.square}),\n"
        for name, weighed in rule.weights.items()
    )
    return f"VerdictRule(\n    limit={rule.limit},\n    weights={{\n{weights}    }},\n)"


if __name__ == "__main__":
    sys.exit(main())
