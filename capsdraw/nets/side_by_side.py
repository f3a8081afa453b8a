"""Digits side by side, read as a number: of all ways to cut ink into digits, the one that a net believes.

A net reads every figure that may be a digit (`ink.slices`). What it says, whether its card believes that, and how the
figure stands among the others make its odds to be one of the number's digits (`nets.figure_rule`): first by itself,
then beside what else could be made of its ink (`figure_rivals`). The likeliest row of figures is the number, unless
all of the ink is likelier to be one digit, or no digits at all.

In a picture, digits that touch share ink, which slices do not: there masks (`nets.digit_masks`) say which ink is whose,
and slices are for where these cannot be had.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import Digit
from capsdraw.ink.rows import LastRow, of_sketch
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.slices import Edges, Figure, Row
from capsdraw.nets import digit_masks
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.digit_masks import FoundDigits
from capsdraw.nets.figure_rivals import rivals_of
from capsdraw.nets.figure_rule import AMONG, AMONG_PLAIN, FEWEST_NAMED, MARGIN, MOST_COST, PLAIN, RULE
from capsdraw.nets.masked_figures import costs_of_masked, figures_by_masks
from capsdraw.nets.reading import Reading
from capsdraw.nets.seen_figures import SeenFigure, cost, look, measures_alone
from capsdraw.nets.verdict import DIGITS, Kind, Verdict, knows_digits, verdict_of

# A figure that is doubted by itself is a digit of the number if that is at least so probable; and speaks for one if so.
_BELIEVED, _CERTAIN = 0.25, 0.8
# Digits of masks are a number where they cost no more than that on average; where all of the ink may be one digit, no
# more than that together. So one of 2,000 single digits, of MNIST's training images and of writers 1 to 25, is told as
# a number, and one or two of 60 words.
_MOST_OF_MASKS: Final = 1.5
_MOST_BESIDE_ONE: Final = 0.3
# What stands for a digit that the net does not know.
UNKNOWN: Final = "?"
# All ink that is no wider than so many heights is one digit where the net is sure that it is.
_NARROW: Final = 0.9
# A single stroke that is no wider than so many heights is no number, whatever the net says of it: a digit, a letter or
# a scribble is not cut into all that it might be at each move of the pen.
_ONE_STROKE: Final = 1.2


@dataclass(frozen=True, eq=False)
class DigitInRow:
    """One digit of a number.

    Attributes:
        edges: of its ink, in units of where it lies: left, top, right, bottom.
        image: what the net saw, (28, 28) float32 in [0, 1].
        reading: what the net says of it; verdict: whether to believe it, by itself.
        belief: the probability that it is a digit of the number, from 0 to 1.
    """

    edges: Edges
    image: Digit
    reading: Reading
    verdict: Verdict
    belief: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of its ink."""
        left, top, right, bottom = self.edges
        return left, top, right - left, bottom - top

    @property
    def text(self) -> str:
        """The digit, or UNKNOWN: what is doubtful by itself may be certain between its neighbours."""
        return str(self.verdict.label) if self.verdict.names_a_class or self.belief >= _BELIEVED else UNKNOWN


@dataclass(frozen=True, eq=False)
class WrittenNumber:
    """Two digits and more, from left to right."""

    digits: tuple[DigitInRow, ...]

    @property
    def text(self) -> str:
        """The digits: "2026", "20?6"."""
        return "".join(digit.text for digit in self.digits)

    @property
    def doubts(self) -> list[tuple[int, str]]:
        """Which digits the net is not sure of, counted from 1, and what they look like, in words."""
        return [
            (place, digit.verdict.sentence(DIGITS))
            for place, digit in enumerate(self.digits, 1)
            if digit.verdict.kind != Kind.SURE
        ]


@dataclass(frozen=True, eq=False)
class _Way:
    """One way to take a row apart: its digits from left to right, and what they cost together."""

    digits: tuple[DigitInRow, ...]
    cost: float


class NumberReader:
    """Reads numbers, and remembers of the last one the figures whose strokes are the same. For one thread."""

    def __init__(self) -> None:
        self._net: Answering | None = None
        # What was seen of each figure, and its row.
        self._seen: dict[Hashable, SeenFigure] = {}
        self._row: Row | None = None
        self._last = LastRow()

    def read_sketch(self, net: Answering, sketch: Sketch, verdict: Verdict) -> WrittenNumber | None:
        """The number on the canvas, in canvas units; as `read`."""
        if not reads_numbers(net.card) or is_one_stroke(sketch):
            return None
        return self.read(net, of_sketch(sketch, self._last), verdict)

    def read(self, net: Answering, row: Row | None, verdict: Verdict) -> WrittenNumber | None:
        """The number that is written; None where it is one digit, or none.

        Args:
            net: that reads.
            row: of the ink; None where nothing lies side by side.
            verdict: on all of the ink as one digit.
        """
        if row is None or not reads_numbers(net.card) or _is_one(row, verdict):
            return None
        masks = None if row.ink is None else digit_masks.bundled()
        if row.ink is not None and masks is not None and masks.can_look_through(row.ink.ink):
            way = _by_masks(net, row, masks.found(row.ink.ink))
            most = _MOST_BESIDE_ONE if verdict.names_a_class else _MOST_OF_MASKS * len(way.digits)
        elif row.has_slices:
            way, whole = self._by_slices(net, row)
            most = min(whole - MARGIN, MOST_COST * len(way.digits))
        else:
            return None
        number = WrittenNumber(way.digits)
        return number if len(way.digits) > 1 and way.cost <= most and is_believed(way.digits) else None

    def _by_slices(self, net: Answering, row: Row) -> tuple[_Way, float]:
        """The cheapest figures that hold each slice once, and what all of the ink costs as one digit."""
        seen = self._look(net, row)
        self._row = row  # with it live the strokes by which figures are known
        costs = costs_of(row, [measures_of(row, figure, of_it) if of_it else None
                               for figure, of_it in zip(row.figures, seen, strict=True)], net.card)  # fmt: skip
        chosen, least = cheapest(row, costs)
        whole = min(
            (own for figure, own in zip(row.figures, costs, strict=True) if _is_all(row, figure)), default=math.inf
        )
        found = (seen[number] for number in chosen)
        digits = tuple(
            _digit(net.card, row.placed(row.figures[number]), of_it, costs[number])
            for number, of_it in zip(chosen, found, strict=True) if of_it is not None
        )  # fmt: skip
        return _Way(digits, least), whole

    def _look(self, net: Answering, row: Row) -> list[SeenFigure | None]:
        """What is seen of each figure; None where there is no ink to see."""
        if net is not self._net:
            self._net, self._seen = net, {}
        images: dict[int, Digit] = {}
        for number, figure in enumerate(row.figures):
            if figure.key is None or figure.key not in self._seen:
                try:
                    images[number] = row.digit(figure)
                except CapsDrawError:
                    continue
        fresh = dict(zip(images, look(net, list(images.values())), strict=True))
        seen = [fresh.get(number) or self._seen.get(figure.key) for number, figure in enumerate(row.figures)]
        self._seen = {figure.key: of_it for figure, of_it in zip(row.figures, seen, strict=True)
                      if of_it is not None and figure.key is not None}  # fmt: skip
        return seen


def _by_masks(net: Answering, row: Row, found: FoundDigits) -> _Way:
    """The digits that masks find."""
    figures = figures_by_masks(net, row, found)
    costs = costs_of_masked(figures, net.card)
    digits = (_digit(net.card, row.elsewhere(figure.edges), figure.seen, own)
              for figure, own in zip(figures, costs, strict=True))  # fmt: skip
    return _Way(tuple(digits), sum(costs))


def _digit(card: Card, edges: Edges, seen: SeenFigure, own_cost: float) -> DigitInRow:
    verdict = verdict_of(seen.reading, seen.image, card, seen.signs)
    return DigitInRow(edges, seen.image, seen.reading, verdict, math.exp(-own_cost))


def reads_numbers(card: Card) -> bool:
    """Whether that card's model knows digits as the canvas makes them."""
    return knows_digits(card) and card.intake.is_mnist


def measures_of(row: Row, figure: Figure, seen: SeenFigure) -> dict[str, float]:
    """All that odds are made of, by name; sizes and gaps in heights of the row."""
    left, top, right, bottom = figure.edges
    high, wide = (bottom - top) / row.height, (right - left) / row.height
    own = slice(figure.first + 1, figure.last + 1)
    inner = row.gaps[:, own].max(1) if figure.last > figure.first else np.full(2, -0.5)
    ends = row.gaps[:, [figure.first, figure.last + 1]]
    after = row.slices[figure.last + 1] if figure.last + 1 < len(row.slices) else None
    cuts = [each for each in (row.slices[figure.first], after) if each is not None and each.seam]
    within = [each for each in row.slices[own] if each.seam]
    middles = [(each.edges[1] + each.edges[3]) / 2 for each in row.slices]
    return measures_alone(seen, high, wide) | {
        "off": abs((top + bottom) / 2 - float(np.median(middles))) / row.height,
        "inner": float(inner[0]), "inner_edges": float(inner[1]),
        "nearest": float(ends[0].min()), "furthest": float(ends[0].max()), "nearest_edges": float(ends[1].min()),
        "slices": float(figure.last - figure.first), "cuts": float(len(cuts)),
        "crossed": max((each.crossed for each in cuts), default=0.0), "seams": float(len(within)),
        "least_crossed": min((each.crossed for each in within), default=0.5),
    }  # fmt: skip


def costs_of(row: Row, measures: Sequence[dict[str, float] | None], card: Card) -> list[float]:
    """Of each figure, minus the logarithm of the probability that it is a digit of the number; ∞ where none is seen.

    Args:
        row: of the figures; measures: `measures_of` each, or None.
        card: of the net that read them.
    """
    alone, among = (PLAIN, AMONG_PLAIN) if card.verdict is None else (RULE, AMONG)
    by_itself = [math.inf if each is None else cost(each, alone) for each in measures]
    beside = rivals_of(row, by_itself)
    return [
        math.inf if each is None else cost(each | of_it, among) for each, of_it in zip(measures, beside, strict=True)
    ]


def cheapest(row: Row, costs: Sequence[float]) -> tuple[list[int], float]:
    """The figures, by their numbers from left to right, that hold each slice once at the least cost, and that cost."""
    least = [0.0, *([math.inf] * len(row.slices))]
    came_by = [-1] * (len(row.slices) + 1)
    for number, figure in sorted(enumerate(row.figures), key=lambda entry: entry[1].first):
        so_far = least[figure.first] + costs[number]
        if so_far < least[figure.last + 1]:
            least[figure.last + 1], came_by[figure.last + 1] = so_far, number
    chosen: list[int] = []
    place = len(row.slices)
    while place and came_by[place] >= 0:
        chosen.append(came_by[place])
        place = row.figures[chosen[-1]].first
    return chosen[::-1], least[-1]


def is_believed(digits: Sequence[DigitInRow]) -> bool:
    """Whether most of these are digits, and not letters or a scribble."""
    named = sum(digit.verdict.kind != Kind.NONE or digit.belief >= _CERTAIN for digit in digits)
    return named >= FEWEST_NAMED * len(digits)


def is_one_stroke(sketch: Sketch) -> bool:
    """Whether all that is drawn is one stroke, and not wide."""
    strokes = sketch.drawing.strokes
    if sketch.picture is not None or len(strokes) != 1:
        return False
    left, top, right, bottom = strokes[0].box
    return right - left <= _ONE_STROKE * (bottom - top)


def _is_one(row: Row, verdict: Verdict) -> bool:
    left, top, right, bottom = row.figure(0, len(row.slices) - 1).edges
    return verdict.kind == Kind.SURE and right - left <= _NARROW * (bottom - top)


def _is_all(row: Row, figure: Figure) -> bool:
    return figure.first == 0 and figure.last == len(row.slices) - 1
