"""The digit that a net sees must not depend on where, how large or with which pen it was drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import local_data, local_file
from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import BOX, PEN, SIDE, digit_from_drawing, digit_from_raster, stroke_width
from capsdraw.ink.raster import render
from capsdraw.ink.strokes import Drawing, Stroke, stroke

seeds = st.integers(0, 10_000)


def drawn(seed: int) -> Drawing:
    return synthetic.drawing(seed % 10, np.random.default_rng(seed))


def moved(drawing: Drawing, scale: float, shift: tuple[float, float], width: float | None) -> Drawing:
    return Drawing(tuple(Stroke(one.points * scale + shift, width) for one in drawing.strokes))


def mass_centre(digit: np.ndarray) -> np.ndarray:
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    return np.array([(digit * columns).sum(), (digit * rows).sum()]) / digit.sum()


@given(seeds, st.floats(0.3, 3), st.floats(-500, 500), st.floats(-500, 500))
@settings(max_examples=60, deadline=None)
def test_moving_and_scaling_a_drawing_leaves_its_digit(seed: int, scale: float, x: float, y: float) -> None:
    there = digit_from_drawing(moved(drawn(seed), scale, (x, y), None))
    assert np.abs(there - digit_from_drawing(drawn(seed))).max() < 0.02


@given(seeds)
@settings(max_examples=40, deadline=None)
def test_a_pen_three_times_thicker_leaves_the_digit(seed: int) -> None:
    thin, thick = (digit_from_drawing(moved(drawn(seed), 1, (0, 0), width)) for width in (7.0, 21.0))
    assert np.array_equal(thin, thick)


@given(seeds)
@settings(max_examples=60, deadline=None)
def test_a_digit_is_made_as_mnist_was(seed: int) -> None:
    digit = digit_from_drawing(drawn(seed))
    assert digit.shape == (SIDE, SIDE)
    assert digit.dtype == np.float32
    assert np.isfinite(digit).all()
    assert digit.min() >= 0
    assert digit.max() <= 1
    rows, columns = np.flatnonzero((digit > 0.3).any(1)), np.flatnonzero((digit > 0.3).any(0))
    assert abs(max(np.ptp(rows), np.ptp(columns)) + 1 - BOX) <= 1
    assert np.abs(mass_centre(digit) - SIDE / 2).max() < 0.3


@given(st.lists(st.lists(st.tuples(st.floats(-1e5, 1e5), st.floats(-1e5, 1e5)), min_size=1), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_strokes_make_a_digit_in_range(strokes: list[list[tuple[float, float]]]) -> None:
    digit = digit_from_drawing(Drawing(tuple(stroke(one) for one in strokes)))
    assert np.isfinite(digit).all()
    assert 0 < digit.max() <= 1


def test_the_aspect_is_kept() -> None:
    """A 1 must not be stretched into a block."""
    digit = digit_from_drawing(Drawing((stroke([(10, 0), (10, 200)]),)))
    assert np.ptp(np.flatnonzero((digit > 0).any(0))) + 1 <= 4
    assert np.ptp(np.flatnonzero((digit > 0.3).any(1))) + 1 == BOX


def test_a_click_is_a_dot_and_not_blown_up() -> None:
    for points in ([(5, 5)], [(5, 5), (6, 5)]):
        digit = digit_from_drawing(Drawing((stroke(points, 24),)))
        assert (digit > 0).any(0).sum() <= 4
        assert mass_centre(digit) == pytest.approx([14, 14], abs=0.1)


def test_a_stroke_pressed_harder_stays_thicker() -> None:
    line = np.array([[0.0, 0.0], [0.0, 100.0]])
    pressed = Stroke(line + np.array([60, 0]), 10.0, np.ones(2))
    light = Stroke(line, 10.0, np.zeros(2))
    digit = digit_from_drawing(Drawing((light, pressed)))
    assert digit[:, 14:].sum() > 1.2 * digit[:, :14].sum()


def test_an_empty_drawing_is_refused() -> None:
    with pytest.raises(CapsDrawError, match="empty"):
        digit_from_drawing(Drawing())


@given(seeds)
@settings(max_examples=30, deadline=None)
def test_a_digit_normalised_again_stays_as_it_is(seed: int) -> None:
    digit = digit_from_drawing(drawn(seed))
    assert np.array_equal(digit_from_raster(digit), digit)


@pytest.mark.parametrize("width", [3.0, 10.0, 24.0, 40.0])
@pytest.mark.parametrize("label", range(10))
def test_a_picture_of_a_drawing_gives_nearly_its_digit(label: int, width: float) -> None:
    """Thin and thick lines in a picture are mended to MNIST's, as the pen is for strokes."""
    drawing = moved(synthetic.drawing(label, np.random.default_rng(label)), 2.5, (80, 60), width)
    picture = digit_from_raster(render(drawing, (392, 392), width))
    digit = digit_from_drawing(drawing)
    shared = np.minimum(picture, digit).sum() / np.maximum(picture, digit).sum()
    assert shared > 0.6
    assert 0.6 * PEN < stroke_width(picture) < 1.8 * PEN


def test_a_blank_raster_is_refused() -> None:
    with pytest.raises(CapsDrawError, match="no ink"):
        digit_from_raster(np.zeros((50, 40), np.float32))


@pytest.mark.skipif(local_file("mnist") is None, reason="MNIST is not on this machine")
def test_mnist_itself_passes_unchanged() -> None:
    """Else a test digit opened as a picture would be read differently from the data set."""
    data = local_data("mnist")
    assert data is not None
    digits = data.test_images.astype(np.float32) / 255
    assert all(np.array_equal(digit_from_raster(one), one) for one in digits)
