"""Strokes on a raster: coverage that a user sees as smooth lines of the right width."""

import numpy as np
import pytest

from capsdraw.ink.raster import render
from capsdraw.ink.strokes import Drawing, stroke


@pytest.mark.parametrize("at", [10.0, 10.25, 10.5, 10.8])
def test_a_line_has_its_area_at_any_sub_pixel_position(at: float) -> None:
    ink = render(Drawing((stroke([(at, 5), (at, 25)], 4),)), (30, 20), 1)
    assert ink[12:18].sum(1) == pytest.approx(4, rel=0.01)
    assert (ink[15] * (np.arange(20) + 0.5)).sum() / ink[15].sum() == pytest.approx(at, abs=0.01)


def test_a_line_has_round_ends_and_no_gaps() -> None:
    ink = render(Drawing((stroke([(5, 5), (50, 40), (50, 40), (8, 44)], 5),)), (50, 60), 1)
    along = np.linspace([5, 5], [50, 40], 200)
    assert ink[along[:, 1].astype(int), along[:, 0].astype(int)].min() > 0.9
    assert render(Drawing((stroke([(10, 10)], 6),)), (20, 20), 1).sum() == pytest.approx(np.pi * 9, rel=0.02)


def test_ink_beyond_the_edge_is_cut_off() -> None:
    ink = render(Drawing((stroke([(-20, 5), (30, 5)], 4),)), (10, 10), 1)
    assert ink.shape == (10, 10)
    assert ink[5].min() == 1
    assert not render(Drawing((stroke([(100, 100)], 4),)), (10, 10), 1).any()


def test_crossing_lines_do_not_add_up() -> None:
    cross = Drawing((stroke([(0, 5), (10, 5)], 3), stroke([(5, 0), (5, 10)], 3)))
    assert render(cross, (10, 10), 1).max() == 1
