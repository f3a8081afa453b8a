"""What the odds are that a mask's digit is read rightly: `python -m training.experiments.mask_odds`, some minutes.

Writes `capsdraw/nets/masked_rule.py`. Digits are those that `nets.digit_masks` finds in pictures of numbers by writers
24 and 25, of whom that net has learnt nothing, of single digits by them, of numbers with 1s that are a plain line, and
of drawings that are none, words among them. Where a mask lies on a digit and is read as that, it is right; else it is
wrong. The rule's form is that of `number_rule`.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from capsdraw.datasets import pen_strokes
from capsdraw.errors import CapsDrawError
from capsdraw.ink.row_in_picture import row_in
from capsdraw.ink.slices import Edges, Row
from capsdraw.ink.strokes import Drawing
from capsdraw.nets import cards, digit_masks, masked_figures
from capsdraw.nets.answering import Answering
from capsdraw.nets.digit_masks import FoundDigits
from capsdraw.nets.light import Light
from capsdraw.nets.masked_figures import MaskedFigure
from capsdraw.paths import replacing
from training.experiments.number_rule import NETS, Counts, drawn, in_code, rule_of
from training.experiments.numbers import on_paper
from training.mask_windows import CHECKED, word

FILE = Path(masked_figures.__file__).with_name("masked_rule.py")
NUMBERS, PLAIN_ONES, SINGLE, OTHERS, WORDS, TOUCHING = 500, 120, 200, 150, 150, 0.7
_SEED = 2
# Edges of a mask that lies on a digit are no further from that digit's, in heights.
_NEAR = 0.25
# What no mask has, a second figure or a dot; and what stands in a card, where that has no rule.
_CONSTANT, _OF_CARDS = {"figures", "dot"}, {"excess"}
_HEAD = '''"""The odds that a mask's digit is read rightly; written by `training.experiments.mask_odds`."""

from typing import Final

from capsdraw.nets.verdict_rule import VerdictRule, Weighed

# By cards that say when to doubt, and by others.
MASKED: Final = {rule}
MASKED_PLAIN: Final = {plain}
'''


def main() -> int:
    """Find the rules, and write them."""
    masks = digit_masks.bundled()
    if masks is None:
        print("the net of masks is not in trained/: python -m training.mask_net", file=sys.stderr)
        return 1
    try:
        nets: list[Answering] = [Light.open(cards.find(name)) for name in NETS]
        told = [
            (figure.measures, not _is_right(figure, row, text, edges))
            for row, text, edges in rows()
            for found in [masks.found(row.ink.ink) if row.ink is not None else FoundDigits([], 0.0)]
            for net in nets
            for figure in masked_figures.figures_by_masks(net, row, found)
        ]
    except CapsDrawError as error:
        print(error, file=sys.stderr)
        return 1
    table = [own for own, _ in told], np.array([wrong for _, wrong in told])
    print(f"{len(told):,} digits, {table[1].mean():.1%} of them wrong")
    text = _HEAD.format(rule=in_code(rule_of(table, _CONSTANT)), plain=in_code(rule_of(table, _CONSTANT | _OF_CARDS)))
    with replacing(FILE) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return 0


def rows() -> Iterator[tuple[Row, str, tuple[Edges, ...]]]:
    """Rows of pictures that may be cut, the digits in them, and where these lie."""
    counts = Counts(NUMBERS, PLAIN_ONES, SINGLE, OTHERS, TOUCHING)
    for index, of_it in drawn(pen_strokes.strokes(), CHECKED, _SEED, counts):
        yield from _as_picture(of_it.drawing, of_it.text, of_it.edges, index)
    for index in range(WORDS):
        yield from _as_picture(word(np.random.default_rng((_SEED, 5, index)), 2 + index % 5), "", (), index)


def _as_picture(
    drawing: Drawing, text: str, edges: tuple[Edges, ...], index: int
) -> Iterator[tuple[Row, str, tuple[Edges, ...]]]:
    ink, placed = on_paper(drawing, np.random.default_rng((_SEED, 3, index)))
    row = row_in(ink)
    if row is not None:
        yield row, text, tuple(placed(own) for own in edges)


def _is_right(figure: MaskedFigure, row: Row, text: str, edges: tuple[Edges, ...]) -> bool:
    """Whether it lies on one of the digits, and is read as that."""
    away = [max(map(abs, np.subtract(figure.edges, own))) / row.height for own in edges]
    nearest = int(np.argmin(away)) if away else -1
    return nearest >= 0 and away[nearest] < _NEAR and str(figure.seen.reading.label) == text[nearest]


if __name__ == "__main__":
    sys.exit(main())
