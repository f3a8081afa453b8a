"""Augmentation moves digits as its recipe says, and no further."""

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.fit.augment import augment
from capsdraw.fit.recipe import Augmentation

IMAGES = (synthetic.digits(60, 2)[0] / 255).astype(np.float32)[..., None]


def moved(seed: int = 0, **how: float) -> np.ndarray:
    return augment(IMAGES, Augmentation(**how), np.random.default_rng(seed))


def centre(images: np.ndarray) -> np.ndarray:
    grid = np.arange(28)
    mass = images[..., 0].sum((1, 2))
    return np.stack([(images[..., 0].sum(1) * grid).sum(1), (images[..., 0].sum(2) * grid).sum(1)], 1) / mass[:, None]


def test_no_augmentation_is_no_change() -> None:
    assert np.array_equal(moved(), IMAGES)


def test_the_same_seed_moves_the_same() -> None:
    assert np.array_equal(moved(3, rotation=20, elastic=1), moved(3, rotation=20, elastic=1))
    assert not np.array_equal(moved(3, rotation=20), moved(4, rotation=20))


def test_a_shift_moves_the_mass_by_at_most_as_much() -> None:
    away = np.abs(centre(moved(shift=2)) - centre(IMAGES))
    assert away.max() < 2.3
    assert away.mean() == pytest.approx(1.0, abs=0.25)


@pytest.mark.parametrize("how", [{"rotation": 30}, {"zoom": 0.2}, {"shear": 0.3}])
def test_linear_moves_leave_the_centre(how: dict[str, float]) -> None:
    assert np.abs(centre(moved(**how)) - centre(IMAGES)).max() < 0.8


def test_ink_stays_in_range_and_is_not_lost() -> None:
    all_of_it = moved(rotation=15, shift=1.5, zoom=0.12, shear=0.12, elastic=0.5)
    assert all_of_it.dtype == np.float32
    assert all_of_it.min() >= 0
    assert all_of_it.max() <= 1
    assert all_of_it.sum() == pytest.approx(IMAGES.sum(), rel=0.1)


def test_thickness_changes_the_ink_both_ways() -> None:
    ratio = moved(thickness=0.8).sum((1, 2, 3)) / IMAGES.sum((1, 2, 3))
    assert ratio.min() < 0.9
    assert ratio.max() > 1.2


def test_erase_covers_a_square_somewhere_within() -> None:
    white = np.ones((60, 28, 28, 1), np.float32)
    erased = augment(white, Augmentation(erase=4), np.random.default_rng(0))
    assert ((erased == 0).sum((1, 2, 3)) == 16).all()


def test_flip_mirrors_about_half() -> None:
    flipped = moved(flip=True)
    mirrored = [np.array_equal(one, other[:, ::-1]) for one, other in zip(flipped, IMAGES, strict=True)]
    kept = [np.array_equal(one, other) for one, other in zip(flipped, IMAGES, strict=True)]
    assert all(one or other for one, other in zip(mirrored, kept, strict=True))
    assert 15 < sum(mirrored) < 45


def test_channel_shift_moves_each_channel_by_itself() -> None:
    grey = np.full((40, 6, 6, 3), 0.5, np.float32)
    shifted = augment(grey, Augmentation(channel_shift=0.1), np.random.default_rng(0))
    assert shifted.dtype == np.float32
    assert np.ptp(shifted, axis=(1, 2)).max() == 0
    assert np.abs(shifted - 0.5).max() <= 0.1
    assert np.ptp(shifted[:, 0, 0], axis=1).mean() > 0.05
