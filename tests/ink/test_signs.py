"""What is measured of a drawing before any net is asked."""

import numpy as np
import pytest

from capsdraw.datasets import non_digits, synthetic
from capsdraw.ink.normalize import digit_from_drawing
from capsdraw.ink.raster import from_bytes
from capsdraw.ink.signs import signs_of
from capsdraw.ink.strokes import Drawing, stroke


def ring(rows: int = 20, columns: int = 12) -> np.ndarray:
    digit = np.zeros((28, 28), np.float32)
    top, left = (28 - rows) // 2, (28 - columns) // 2
    digit[top : top + rows, left : left + columns] = 1
    digit[top + 3 : top + rows - 3, left + 3 : left + columns - 3] = 0
    return digit


def test_a_ring_is_one_part_with_one_hole() -> None:
    signs = signs_of(ring())
    assert (signs.rows, signs.columns, len(signs.parts), signs.figures, signs.holes) == (20, 12, 1, 1, 1)
    assert signs.shape["aspect"] == pytest.approx(0.6)
    assert signs.shape["crossings_across"] == signs.shape["crossings_down"] == 2
    for likeness in ("mirror", "upside_down", "half_turn"):
        assert signs.shape[likeness] == pytest.approx(1)
    assert signs.shape["lean"] == pytest.approx(0, abs=1e-4)


def test_a_slash_leans_and_is_no_mirror_image_of_itself() -> None:
    signs = signs_of(digit_from_drawing(Drawing((stroke([(10, 0), (0, 10)]),))))
    assert signs.shape["lean"] < -5
    assert signs.shape["mirror"] < 0.5 < signs.shape["half_turn"]
    assert (signs.holes, signs.figures, signs.shape["crossings_across"]) == (0, 1, 1)


def test_nothing_and_a_dot() -> None:
    nothing = signs_of(np.zeros((28, 28), np.float32))
    assert (nothing.parts, nothing.dot) == ((), True)
    assert all(np.isfinite(value) for value in nothing.shape.values())
    assert signs_of(digit_from_drawing(Drawing((stroke([(5, 5)]),)))).dot
    assert not signs_of(ring()).dot


def test_figures_side_by_side_are_counted_and_a_digit_of_two_strokes_is_one() -> None:
    two = digit_from_drawing(Drawing((stroke([(0, 0), (0, 100)]), stroke([(90, 0), (90, 100)]))))
    assert signs_of(two).figures == 2
    # A 5 whose bar hangs loose, and an i: neither is two figures.
    loose = digit_from_drawing(
        Drawing((stroke([(60, 0), (100, 0)]), stroke([(20, 20), (15, 50), (60, 60), (60, 100), (10, 100)])))
    )
    assert signs_of(loose).figures == 1
    digits, _ = synthetic.digits(100, 3)
    assert max(signs_of(from_bytes(digit)).figures for digit in digits) == 1


def test_digits_that_touch_have_a_valley_between_them() -> None:
    images, kinds = non_digits.images(100, non_digits.MEASURING, 9)
    apart = [
        signs.figures > 1 or signs.valleys > 0
        for signs in (signs_of(from_bytes(image)) for image in images[[kind == non_digits.SEVERAL for kind in kinds]])
    ]
    assert np.mean(apart) > 0.7
    digits, _ = synthetic.digits(100, 3)
    assert np.mean([signs_of(from_bytes(digit)).valleys > 0 for digit in digits]) < 0.05
