"""The digits that masks find in a picture's row (`nets.digit_masks`), each read by a net, and their odds.

Figures of slices (`nets.side_by_side`) hold each piece of ink once; those of masks may share some.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capsdraw.ink.normalize import digit_from_raster
from capsdraw.ink.slices import Edges, Patch, Row
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.digit_masks import FoundDigits
from capsdraw.nets.masked_rule import MASKED, MASKED_PLAIN
from capsdraw.nets.seen_figures import SeenFigure, cost, look, measures_alone

# A mask's certainty beyond that says no more, in logarithms of odds.
_CERTAIN = 12.0


@dataclass(frozen=True, eq=False)
class MaskedFigure:
    """One digit of a row.

    Attributes:
        edges: of its ink, in pixels of the row; seen: what a net says of it.
        measures: all that its odds are made of, by name.
    """

    edges: Edges
    seen: SeenFigure
    measures: dict[str, float]


def figures_by_masks(net: Answering, row: Row, found: FoundDigits) -> list[MaskedFigure]:
    """The digits of a picture's row from left to right, read.

    Args:
        net: that reads; row: of the picture; found: in all of its ink.
    """
    if not found.digits:
        return []
    images = [digit_from_raster(each.ink.ink) for each in found.digits]
    edges = [_edges(each.ink, row) for each in found.digits]
    middles = [(top + bottom) / 2 for _, top, _, bottom in edges]
    usual = float(np.median(middles))
    return [
        MaskedFigure(own, seen, measures_alone(seen, (own[3] - own[1]) / row.height, (own[2] - own[0]) / row.height) | {
            "off": abs(middle - usual) / row.height, "centred": min(each.centred, _CERTAIN), "shared": each.shared,
            "uncovered": 1 - found.covered,
        })
        for each, own, middle, seen in zip(found.digits, edges, middles, look(net, images), strict=True)
    ]  # fmt: skip


def costs_of_masked(figures: Sequence[MaskedFigure], card: Card) -> list[float]:
    """Of each figure, minus the logarithm of the probability that it is a digit and read rightly."""
    rule = MASKED_PLAIN if card.verdict is None else MASKED
    return [cost(figure.measures, rule) for figure in figures]


def _edges(patch: Patch, row: Row) -> Edges:
    """Of a patch of the row's ink, in pixels of the row."""
    assert row.ink is not None
    (rows, columns), left, top = patch.ink.shape, patch.left + row.ink.left, patch.top + row.ink.top
    return float(left), float(top), float(left + columns), float(top + rows)
