"""What else could be made of a figure's ink."""

import math

import numpy as np

from capsdraw.ink import slices
from capsdraw.ink.slices import Row
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets.figure_rivals import rivals_of


def bars(*places: float) -> Row:
    row = slices.of_strokes(Drawing(tuple(Stroke(np.array([[x, 0.0], [x, 100.0]]), 8) for x in places)))
    assert row is not None
    return row


def test_rivals_of_each_figure_of_three_strokes() -> None:
    row = bars(0, 40, 80)
    spans = [(figure.first, figure.last) for figure in row.figures]
    assert spans == [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    own = dict(zip(spans, [0.5, 0.25, 3.0, 1.0, 2.0, 4.0], strict=True))
    found = dict(zip(spans, rivals_of(row, list(own.values())), strict=True))
    assert found[0, 1] == {"alone": 0.25, "split": 1.5, "held": 3.0, "before": 0.0, "after": 4.0}
    # The middle stroke: nothing to split, two figures hold it, with the others beside it.
    assert found[1, 1] == {"alone": 1.0, "split": 8.0, "held": 0.25, "before": 0.5, "after": 4.0}
    # All three: by (0, 1) and (2, 2), which is cheaper than one by one, or (0, 0) and (1, 2).
    assert found[0, 2]["split"] == min(0.25 + 4.0, 0.5 + 2.0, 0.5 + 1.0 + 4.0)
    assert found[0, 2]["held"] == 8.0
    assert (found[2, 2]["before"], found[2, 2]["after"]) == (0.25, 0.0)


def test_what_cannot_be_seen_rivals_nothing() -> None:
    row = bars(0, 40)
    found = rivals_of(row, [math.inf, 1.0, 2.0])
    assert [each["alone"] for each in found] == [8.0, 1.0, 2.0]
    assert found[1]["split"] == 8.0
    assert found[2]["before"] == 8.0


def test_figures_further_apart_than_a_digit_is_wide_have_no_rival_that_holds_them() -> None:
    row = bars(0, 400, 440)
    spans = [(figure.first, figure.last) for figure in row.figures]
    assert (0, 1) not in spans
    found = dict(zip(spans, rivals_of(row, [1.0] * len(spans)), strict=True))
    assert found[0, 0]["held"] == 8.0
    assert found[1, 1]["held"] == 1.0
