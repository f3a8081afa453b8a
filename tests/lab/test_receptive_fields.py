"""A small map laid over an image lies where its places look."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from capsdraw.lab.receptive_fields import ReceptiveField, enlarged, spread

MAPS = arrays(np.float32, (6, 5), elements=st.floats(0, 1, width=32))


@given(MAPS, st.floats(-3, 9), st.floats(0.5, 5))
def test_enlarging_invents_nothing_larger_or_smaller(small: np.ndarray, start: float, stride: float) -> None:
    large = enlarged(small, ReceptiveField((start, start), (stride, stride)), 28, 30)
    assert large.shape == (28, 30)
    assert large.dtype == np.float32
    assert large.min() >= 0
    assert large.max() <= small.max() + 1e-6


def test_a_place_s_own_number_stands_at_its_centre_and_is_gone_soon_beyond_the_last() -> None:
    small = np.random.default_rng(0).random((6, 6), np.float32)
    large = enlarged(small, ReceptiveField((8.0, 8.0), (2.0, 2.0), (17.0, 17.0)), 28, 28)
    assert large[8:19:2, 8:19:2] == pytest.approx(small, abs=1e-6)
    assert large[9, 8] == pytest.approx((small[0, 0] + small[1, 0]) / 2, abs=1e-6)
    # Half a stride as it is, a stride to fade: nothing is said of paper on which no place is centred.
    assert large[7, 7] == pytest.approx(small[0, 0])
    assert large[[6, 5, 4, 0], 8] == pytest.approx(small[0, 0] * np.array([0.5, 0, 0, 0]), abs=1e-6)
    assert large[[19, 20, 21, 27], 10] == pytest.approx(small[5, 1] * np.array([1, 0.5, 0, 0]), abs=1e-6)


def test_what_a_single_place_says_goes_for_the_whole_image() -> None:
    large = enlarged(np.full((1, 1), 0.7, np.float32), ReceptiveField((13.5, 13.5), (4.0, 4.0), (28.0, 28.0)), 28, 28)
    assert large == pytest.approx(0.7)


def test_a_map_as_large_as_the_image_is_the_map() -> None:
    small = np.random.default_rng(0).random((28, 28), np.float32)
    assert enlarged(small, ReceptiveField(), 28, 28) == pytest.approx(small, abs=1e-6)


def test_spread_evenly_is_the_usual_bilinear_enlarging() -> None:
    small = np.random.default_rng(0).random((7, 4), np.float32)
    usual = np.asarray(Image.fromarray(small).resize((28, 28), Image.Resampling.BILINEAR))
    assert enlarged(small, spread((7, 4), (28, 28)), 28, 28) == pytest.approx(usual, abs=1e-5)


def test_the_box_is_what_a_place_sees() -> None:
    field = ReceptiveField((8.0, 8.0), (2.0, 2.0), (17.0, 17.0))
    assert field.box(0, 0) == (-0.5, -0.5, 16.5, 16.5)
    assert field.box(5, 1) == (9.5, 1.5, 26.5, 18.5)
