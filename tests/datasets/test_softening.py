"""What softens a digit does what it says, keeps to [0, 1], and leaves alone what is not asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from capsdraw.datasets import moves, softening, synthetic

DIGITS = (synthetic.digits(40, 3)[0] / 255).astype(np.float32)[..., None]
SOFT = [kind for kind in moves.KINDS if kind.name not in (*moves.GEOMETRIC, "thickness")]


def amounts(kind: moves.MoveKind) -> st.SearchStrategy[float]:
    return st.floats(kind.low, kind.high)


@pytest.mark.parametrize("kind", SOFT, ids=lambda kind: kind.name)
@given(data=st.data())
@settings(deadline=None)
def test_any_amount_gives_numbers_from_0_to_1_and_changes_nothing_in_place(
    kind: moves.MoveKind, data: st.DataObject
) -> None:
    before = DIGITS[:3].copy()
    given_ = np.array([data.draw(amounts(kind)) for _ in range(3)])
    angle = data.draw(st.floats(0, 6.3))
    way = np.tile([np.cos(angle), np.sin(angle)], (3, 1))
    made = moves.changed(DIGITS[:3], kind.name, given_, way, random=np.random.default_rng(1))
    assert made.dtype == np.float32
    assert made.shape == before.shape
    assert np.isfinite(made).all()
    assert made.min() >= 0
    assert made.max() <= 1
    assert np.array_equal(DIGITS[:3], before)


@pytest.mark.parametrize("kind", SOFT, ids=lambda kind: kind.name)
def test_the_still_amount_changes_not_a_bit(kind: moves.MoveKind) -> None:
    still = np.full(len(DIGITS), kind.still)
    assert np.array_equal(moves.changed(DIGITS, kind.name, still, random=np.random.default_rng(1)), DIGITS)
    # Nor beside images that are changed.
    mixed = np.where(np.arange(len(DIGITS)) % 2, kind.still, kind.high)
    assert np.array_equal(moves.changed(DIGITS, kind.name, mixed)[1::2], DIGITS[1::2])


@pytest.mark.parametrize("kind", SOFT, ids=lambda kind: kind.name)
def test_an_image_is_softened_in_a_batch_as_alone(kind: moves.MoveKind) -> None:
    each = np.linspace(kind.low, kind.high, len(DIGITS))
    angle = np.linspace(0, 6, len(DIGITS))
    ways = np.stack([np.cos(angle), np.sin(angle)], -1)
    together = moves.changed(DIGITS, kind.name, each, ways)
    for one in range(len(DIGITS)):
        only = slice(one, one + 1)
        assert together[only] == pytest.approx(moves.changed(DIGITS[only], kind.name, each[only], ways[only]), abs=1e-6)


@given(st.floats(0.3, 3), st.integers(8, 40), st.integers(8, 40))
@settings(deadline=None)
def test_a_blur_keeps_an_even_image_even_and_spreads_a_dot_by_its_width(sigma: float, rows: int, columns: int) -> None:
    even = np.full((1, rows, columns, 2), 0.4, np.float32)
    assert softening.blur(even, np.array([sigma])) == pytest.approx(even, abs=1e-6)
    dot = np.zeros((1, 41, 41, 1), np.float32)
    dot[0, 20, 20] = 1
    spread = softening.blur(dot, np.array([sigma]))[0, ..., 0]
    assert spread.sum() == pytest.approx(1, abs=1e-4)
    away = np.arange(41) - 20
    if sigma > 0.7:  # below, samples at whole pixels make it narrower
        assert spread.sum(0) @ away**2 == pytest.approx(sigma**2, rel=0.02)
        assert spread.sum(1) @ away**2 == pytest.approx(sigma**2, rel=0.02)


def test_blur_and_resampling_are_those_of_pillow() -> None:
    digit = DIGITS[7, ..., 0]
    picture = Image.fromarray(digit)
    small = picture.resize((10, 10), Image.Resampling.BILINEAR).resize((28, 28), Image.Resampling.BILINEAR)
    made = softening.resample(DIGITS[7:8], np.array([2.8]))[0, ..., 0]
    assert made == pytest.approx(np.asarray(small), abs=2e-3)
    blurred = Image.fromarray(np.rint(digit * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.2))
    made = softening.blur(DIGITS[7:8], np.array([1.2]))[0, ..., 0]
    assert np.abs(made - np.asarray(blurred) / 255).max() < 0.06  # Pillow's is three boxes


def test_contrast_gamma_and_ground_are_what_they_say() -> None:
    ink, paper = DIGITS == 1, DIGITS == 0
    assert ink.any()
    many = np.full(len(DIGITS), 0.5)
    assert softening.contrast(DIGITS, many) == pytest.approx(DIGITS / 2)
    assert softening.gamma(DIGITS, 4 * many) == pytest.approx(DIGITS**2, abs=1e-6)
    grey = softening.ground(DIGITS, many / 5)
    assert grey[paper] == pytest.approx(0.1)
    assert grey[ink] == pytest.approx(1)


def test_an_uneven_ground_grows_the_way_it_is_told() -> None:
    black = np.zeros((3, 28, 20, 1), np.float32)
    ways = np.array([[1.0, 0.0], [0.0, -1.0], [0.0, 0.0]])
    right, up, even = softening.ground(black, np.full(3, 0.6), ways)[..., 0]
    assert right[:, 0] == pytest.approx(0, abs=1e-6)
    assert right[:, -1] == pytest.approx(0.6)
    assert (np.diff(right, axis=1) > 0).all()
    assert up[-1] == pytest.approx(0, abs=1e-6)
    assert up[0] == pytest.approx(0.6)
    assert even == pytest.approx(0.6)


def test_noise_has_its_size_and_is_drawn_anew_only_by_a_generator() -> None:
    grey = np.full((50, 28, 28, 1), 0.5, np.float32)
    drawn = softening.noise(grey, np.full(50, 0.1), np.random.default_rng(2))
    assert (drawn - grey).std() == pytest.approx(0.1, rel=0.02)
    assert not np.array_equal(drawn[0], drawn[1])
    same = softening.noise(grey, np.full(50, 0.1))
    assert np.array_equal(same[0], same[49])
    assert np.array_equal(same, softening.noise(grey, np.full(50, 0.1)))


def test_a_square_lies_in_the_middle_unless_it_is_drawn() -> None:
    white = np.ones((300, 28, 28, 1), np.float32)
    sides = np.tile([0.0, 5.0, 12.0], 100)
    middle = moves.changed(white, "occlusion", sides)
    assert (middle[1, 12:17, 12:17] == 0).all()
    assert (middle == 0).sum((1, 2, 3)).tolist() == [0, 25, 144] * 100
    anywhere = moves.changed(white, "occlusion", sides, random=np.random.default_rng(0)) == 0
    assert anywhere.sum((1, 2, 3)).tolist() == [0, 25, 144] * 100
    assert anywhere.any(0).mean() > 0.95
