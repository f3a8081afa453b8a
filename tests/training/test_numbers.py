"""What is measured of numbers is counted and told as it was."""

import numpy as np
import pytest

from capsdraw.cli.inputs import open_answering
from capsdraw.datasets.non_digits import several
from capsdraw.ink.sketch import fitted
from capsdraw.nets import cards
from training import numbers_section
from training.experiments import numbers, store


def test_numbers_are_counted_by_kind_and_net() -> None:
    cases = [
        numbers.of_drawing("strokes, apart", text, fitted(several(np.random.default_rng(8), digits=(4, 2))))
        for text in ("42", "43")
    ]
    net = open_answering(cards.find("keras-cnn"))
    counts = numbers.measured([net], iter(cases))
    assert counts == {"keras-cnn": {"strokes, apart": {"count": 2, "numbers": 2, "right": 1}}}


def test_a_number_on_paper_lies_where_it_says() -> None:
    drawing = several(np.random.default_rng(1), digits=(1, 0))
    ink, placed = numbers.on_paper(drawing, np.random.default_rng(2))
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    left, top, right, bottom = placed((*points.min(0).tolist(), *points.max(0).tolist()))
    rows, columns = np.flatnonzero(ink.max(1) > 0.5), np.flatnonzero(ink.max(0) > 0.5)
    assert (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1) == pytest.approx((left, top, right, bottom), abs=2)


def test_the_numbers_that_are_told_are_of_the_models_that_are_bundled() -> None:
    """Else: python -m training.experiments.numbers."""
    measured = store.read("numbers")
    for name, kept in measured["models"].items():
        assert kept["sha256"] == cards.find(name).sha256
    told = numbers_section.numbers(measured)
    assert "strokes, touching" in told
    assert "single digit, strokes" in told
