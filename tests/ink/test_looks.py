"""What is drawn bit by bit is what is drawn at once, to the bit: a net must not read another digit for a quick look."""

import numpy as np
import pytest
from numpy.typing import NDArray

from capsdraw.ink import raster
from capsdraw.ink.looks import Looks
from capsdraw.ink.raster import draw_line
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, Stroke

Points = NDArray[np.float64]


def scribble(count: int, seed: int = 0, least: float = 0.5) -> Points:
    """Points on a canvas, at least so far from each other as the canvas takes them."""
    rng = np.random.default_rng(seed)
    steps = rng.uniform(least, 9, (count, 1)) * np.stack(
        [np.cos(turn := rng.normal(0, 1, count).cumsum()), np.sin(turn)], 1
    )
    return 196 + 150 * np.sin(np.cumsum(steps, 0) / 150)


def picture(seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).uniform(0, 1, (28, 28)).astype(np.float32)


def piece_by_piece(canvas: raster.Raster, points: Points, widths: NDArray[np.float64]) -> None:
    """As `draw_line`, but that each piece is drawn, all that lies beneath others too."""
    start, end, radius = raster._pieces(points, widths / 2)
    for first in range(0, len(start), 500):
        raster._draw_pieces(canvas, *(array[first : first + 500] for array in (start, end, radius)))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_covered_is_passed_over_and_nothing_else(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "_CHUNK", 60)
    rng = np.random.default_rng(seed)
    side = 28 if seed % 2 else 96
    points = rng.uniform(-4, side + 4, (60, 2)) if seed < 3 else scribble(200, seed) * side / 392
    widths = rng.uniform(0.4, side / 10, len(points)) if seed % 3 else np.full(len(points), side / 12)
    quick, whole = np.zeros((2, side, side), np.float32)
    draw_line(quick, points, widths)
    piece_by_piece(whole, points, widths)
    np.testing.assert_array_equal(quick, whole)


@pytest.mark.parametrize("pressed", [False, True])
def test_a_growing_stroke_over_a_picture_is_seen_as_the_whole(pressed: bool) -> None:
    looks, points = Looks(), scribble(60)
    before = Sketch(Drawing((Stroke(scribble(9, 1), 20.0),)), picture())
    pressure = np.linspace(0.2, 0.9, 60) if pressed else None
    for count in (1, 2, 3, 10, 11, 60):
        sketch = before.with_stroke(Stroke(points[:count], 24.0, None if pressure is None else pressure[:count]))
        np.testing.assert_array_equal(looks.digit(sketch), sketch.digit())


def test_undo_other_strokes_another_picture_and_the_eraser_are_seen_too() -> None:
    looks = Looks()
    first, second, dense = (
        Stroke(scribble(20, 1), 24.0),
        Stroke(scribble(30, 2), 12.0),
        Stroke(scribble(90, 3) / 60, 9.0),
    )
    one = Sketch(Drawing((first,)), picture())
    two, other = one.with_stroke(second), one.with_stroke(dense)
    erased = two.erased(np.array([[150.0, 150.0], [230.0, 240.0]]), 14)
    longer = Sketch(Drawing((first, Stroke(np.concatenate([dense.points, dense.points + 3]), 9.0))), picture())
    for sketch in (
        one,
        two,
        one,
        other,
        longer,
        two,
        Sketch(Drawing((second,)), picture(4)),
        erased,
        two,
        Sketch(two.drawing),
    ):
        np.testing.assert_array_equal(looks.digit(sketch), sketch.digit())


def test_the_eraser_takes_what_it_touches_wherever_the_rest_lies() -> None:
    stroke, path = Stroke(scribble(300, 5), 24.0), np.array([[180.0, 190.0], [188.0, 196.0]])
    near, far = Sketch(Drawing((stroke,))), Stroke(np.array([[5.0, 5.0], [9.0, 7.0]]), 24.0)
    rest = near.erased(path, 12.0).drawing.strokes
    both = near.with_stroke(far).erased(path, 12.0).drawing.strokes
    assert both[-1] is far
    assert both[:-1] == rest
    assert len(rest) > 1
    way = np.linspace(*path, 6)
    for piece in rest:
        assert np.hypot(*(piece.points[:, None] - way[None]).T).min() > 12.0


def test_a_picture_is_rubbed_out_where_the_eraser_was_also_at_the_edge() -> None:
    full = np.ones((392, 392), np.float32)
    for path in (
        np.array([[0.0, 0.0], [4.0, 4.0]]),
        np.array([[200.3, 391.0]]),
        np.array([[90.5, 80.2], [97.0, 88.0]]),
    ):
        rubbed = Sketch(picture=full).erased(path, 15.0).picture
        whole = np.zeros_like(full)
        piece_by_piece(whole, np.repeat(path, 2, 0) if len(path) == 1 else path, np.full(max(len(path), 2), 30.0))
        assert rubbed is not None
        np.testing.assert_allclose(rubbed, 1 - whole, atol=1e-5)
    assert full.min() == 1  # sketches never change
