"""Disturbed digits: each disturbance does what its name says, from its seed, and models are asked the same ones."""

from typing import Any

import numpy as np
import pytest

from capsdraw.datasets import moves, synthetic
from capsdraw.evaluate import robustness
from capsdraw.evaluate.robustness import DISTURBANCES, affine, disturb, measure

DIGITS, LABELS = synthetic.digits(60, 2)
PLAIN = DIGITS.astype(np.float32) / 255


def centre(images: np.ndarray) -> np.ndarray:
    """(N, 2) centre of mass, x first, pixels."""
    grid = np.arange(images.shape[1])
    total = images.sum((1, 2))
    return np.stack([images.sum(1) @ grid, images.sum(2) @ grid], -1) / total[:, None]


def spread(images: np.ndarray) -> np.ndarray:
    """(N,) root mean square distance of the ink from its centre."""
    y, x = np.mgrid[:28, :28]
    mid = centre(images)
    far = (x - mid[:, :1, None]) ** 2 + (y - mid[:, 1:, None]) ** 2
    return np.sqrt((images * far).sum((1, 2)) / images.sum((1, 2)))


@pytest.mark.parametrize("how", DISTURBANCES, ids=lambda how: how.name)
def test_an_amount_that_is_still_changes_nothing_and_the_first_amounts_are_in_order(how: Any) -> None:
    assert disturb(DIGITS, how.name, how.still, 1) == pytest.approx(PLAIN, abs=1e-5)
    assert how.still in how.amounts
    assert list(how.amounts) == sorted(how.amounts)


@pytest.mark.parametrize("kind", moves.KINDS, ids=lambda kind: kind.name)
def test_what_is_measured_is_what_the_dial_can_be_turned_to(kind: moves.MoveKind) -> None:
    how = next(one for one in DISTURBANCES if one.name == kind.name)
    assert (how.unit, how.still) == (kind.unit, kind.still)
    assert kind.low <= how.amounts[0]
    assert how.amounts[-1] == kind.high


@pytest.mark.parametrize("how", DISTURBANCES, ids=lambda how: how.name)
def test_every_disturbance_disturbs_more_the_larger_it_is(how: Any) -> None:
    """Where the smallest amount is not the still one, from the still one on either way."""
    changes = [np.abs(disturb(DIGITS, how.name, amount, 1) - PLAIN).mean() for amount in how.amounts]
    still = how.amounts.index(how.still)
    assert changes[still:] == sorted(changes[still:])
    assert changes[: still + 1] == sorted(changes[: still + 1], reverse=True)
    assert changes[-1] > 0.01


def test_the_same_seed_gives_the_same_digits_and_another_others() -> None:
    for how in DISTURBANCES:
        one, same, other = (disturb(DIGITS, how.name, how.amounts[-1], seed) for seed in (1, 1, 2))
        assert np.array_equal(one, same)
        assert one.dtype == np.float32
        assert one.min() >= 0
        assert one.max() <= 1
        drawn = how.name in ("rotation", "shift", "shear", "noise", "occlusion", "uneven ground")
        assert np.array_equal(one, other) != drawn  # the others draw nothing


def test_a_shift_goes_so_far_and_anywhere() -> None:
    padded = np.pad(DIGITS, ((0, 0), (6, 6), (6, 6)))
    moved = centre(disturb(padded, "shift", 5, 1)) - centre(padded / 255)
    assert np.linalg.norm(moved, axis=1) == pytest.approx(5, abs=0.1)
    assert (np.abs(moved.mean(0)) < 2).all()


def test_scale_and_thickness_are_what_they_say() -> None:
    assert spread(disturb(DIGITS, "scale", 0.6, 1)) == pytest.approx(0.6 * spread(PLAIN), rel=0.05)
    ink = PLAIN.sum()
    assert disturb(DIGITS, "thickness", 1, 1).sum() > 1.4 * ink
    assert disturb(DIGITS, "thickness", -1, 1).sum() < 0.6 * ink


def test_rotation_and_shear_go_either_way() -> None:
    bar = np.zeros((200, 28, 28), np.uint8)
    bar[:, 4:24, 13:15] = 255
    for name, amount in (("rotation", 30), ("shear", 0.5)):
        top = disturb(bar, name, amount, 3)[:, 6] @ np.arange(28)
        leans = top / np.maximum(disturb(bar, name, amount, 3)[:, 6].sum(1), 1e-6) - 13.5
        assert (np.abs(leans) > 2).all()
        assert 60 < (leans > 0).sum() < 140


def test_an_occluding_square_has_its_side_and_lies_anywhere() -> None:
    white = np.full((3000, 28, 28), 255, np.uint8)
    covered = disturb(white, "occlusion", 10, 1) == 0
    assert (covered.sum((1, 2)) == 100).all()
    assert covered.any(0).all()


def test_affine_distortions_stay_within_their_ranges() -> None:
    padded = np.pad(DIGITS, ((0, 0), (6, 6), (6, 6)))
    once, again = affine(padded, 6, 1), affine(padded, 6, 1)
    assert np.array_equal(once, again)
    assert once.shape == padded.shape
    ratio = once.sum((1, 2)) / (padded / 255).sum((1, 2))
    assert 0.6 < ratio.min() < 0.85
    assert 1.2 < ratio.max() < 1.5
    # Turned and stretched about the middle: what is left of the way is the shift, and that is at most 6.
    dots = np.zeros((400, 41, 41), np.uint8)
    dots[:, 20, 20] = 255
    moved = centre(affine(dots, 6, 1)) - 20
    assert np.abs(moved).max() == pytest.approx(6, abs=0.3)


def test_all_models_are_asked_the_same_digits() -> None:
    class Remembers:
        classes = 10

        def __init__(self, name: str) -> None:
            self.name = name
            self.seen: list[np.ndarray] = []

        def scores(self, images: Any) -> Any:
            self.seen.append(images)
            return np.eye(10, dtype=np.float32)[np.zeros(len(images), int)]

    models: Any = [Remembers("a"), Remembers("b")]
    told: list[robustness.Point] = []
    points = measure(models, DIGITS, LABELS, publish=told.append)
    assert points == told
    assert len(points) == 2 * sum(len(how.amounts) for how in DISTURBANCES)
    assert all(np.array_equal(one, other) for one, other in zip(models[0].seen, models[1].seen, strict=True))
    wrong = 100 * (LABELS != 0).mean()
    assert all(point.error_percent == pytest.approx(wrong) for point in points)
