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


def spread(images: np.ndarray) -> np.ndarray:
    """(B, 2, 2) of each image's ink about its centre, x first, in pixels squared."""
    grid = np.stack(np.meshgrid(np.arange(28), np.arange(28), indexing="xy"), -1).reshape(-1, 2)
    ink = images.reshape(len(images), -1)
    away = grid - centre(images)[:, None]
    return (ink[:, :, None, None] * away[..., :, None] * away[..., None, :]).sum(1) / ink.sum(1)[:, None, None]


def bars(count: int = 300) -> np.ndarray:
    """Upright bars, whose second moments tell how they were moved."""
    images = np.zeros((count, 28, 28, 1), np.float32)
    images[:, 6:22, 12:16] = 1
    return images


def test_a_rotation_turns_either_way_and_as_far_as_it_says() -> None:
    moments = spread(augment(bars(), Augmentation(rotation=20), np.random.default_rng(1)))
    # Of a bar that leans to the right, ink that is higher is further right: y points down.
    angles = np.degrees(0.5 * np.arctan2(-2 * moments[:, 0, 1], moments[:, 1, 1] - moments[:, 0, 0]))
    assert 18 < angles.max() < 20.5
    assert -20.5 < angles.min() < -18
    assert np.abs(angles).mean() == pytest.approx(10, abs=1)


def test_a_shear_leans_either_way_and_as_far_as_it_says() -> None:
    moments = spread(augment(bars(), Augmentation(shear=0.3), np.random.default_rng(1)))
    leaning = moments[:, 0, 1] / moments[:, 1, 1]
    assert 0.27 < leaning.max() < 0.32
    assert -0.32 < leaning.min() < -0.27
    assert moments[:, 1, 1] == pytest.approx(spread(bars())[:, 1, 1], rel=0.03)  # rows stay where they are


def test_a_zoom_stretches_width_and_height_each_by_itself_and_as_far_as_it_says() -> None:
    moments, still = spread(augment(bars(), Augmentation(zoom=0.2), np.random.default_rng(1))), spread(bars())[0]
    width, height = (np.sqrt(moments[:, axis, axis] / still[axis, axis]) for axis in (0, 1))
    assert 0.79 < height.min() < 0.83
    assert 1.17 < height.max() < 1.21
    assert width.max() > 1.1
    assert abs(np.corrcoef(width, height)[0, 1]) < 0.2
    assert np.abs(moments[:, 0, 1]).max() < 0.05  # it stands upright still


def test_an_elastic_displacement_bends_what_was_straight() -> None:
    bent = augment(bars(), Augmentation(elastic=1), np.random.default_rng(1))[..., 0]
    x = (bent * np.arange(28)).sum(2)[:, 8:20] / bent.sum(2)[:, 8:20]  # the bar's middle in each row
    rows = np.arange(12)
    straight = np.stack([np.polyval(np.polyfit(rows, one, 1), rows) for one in x])
    off = np.abs(x - straight).max(1)
    assert 0.3 < off.mean() < 2
    assert np.abs(np.diff(x, 2, axis=1)).max() < 1  # smoothly


@pytest.mark.parametrize(("border", "outside"), [("black", 0), ("edge", 1)])
def test_what_comes_in_from_outside_is_as_the_recipe_says(border: str, outside: int) -> None:
    white = np.ones((20, 28, 28, 1), np.float32)
    shifted = augment(white, Augmentation(shift=5, border=border), np.random.default_rng(0))
    rim = np.stack([shifted[:, 0], shifted[:, -1], shifted[:, :, 0], shifted[:, :, -1]])
    assert rim.min() == pytest.approx(outside, abs=1e-6)


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
    hidden = (erased == 0)[..., 0]
    for axis in (1, 2):
        first = hidden.any(axis).argmax(1)
        assert (hidden.any(axis).sum(1) == 4).all()
        assert first.min() < 4
        assert first.max() > 20


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


SOFTENINGS: list[dict[str, float]] = [
    {"blur": 2}, {"resampling": 3}, {"contrast": 0.6}, {"gamma": 1}, {"ground": 0.4}, {"noise": 0.3},
]  # fmt: skip


@pytest.mark.parametrize("how", SOFTENINGS, ids=lambda how: next(iter(how)))
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_softening_is_done_to_its_share_of_the_images(how: dict[str, float], share: float) -> None:
    many = np.tile(IMAGES, (10, 1, 1, 1))
    made = augment(many, Augmentation(**how, softened=share), np.random.default_rng(3))
    changed = (made != many).any((1, 2, 3)).mean()
    assert changed == pytest.approx(share, abs=0.06)
    assert 0 <= made.min() <= made.max() <= 1


def test_softenings_leave_what_is_drawn_for_other_moves_as_it_was() -> None:
    """A recipe that softens sees the same digits, turned and bent alike, as one that does not."""
    plain = {"rotation": 10, "shift": 1, "elastic": 0.3, "thickness": 0.5, "erase": 4}
    one, other = moved(3, **plain), moved(3, **plain, noise=0.2, blur=1, ground=0.2, softened=0.3)
    same = (one == other).all((1, 2, 3))
    assert 0.1 < same.mean() < 0.6


def test_a_ground_is_even_or_grows_to_a_side() -> None:
    black = np.zeros((400, 28, 28, 1), np.float32)
    made = augment(black, Augmentation(ground=0.4, softened=1), np.random.default_rng(1))
    uneven = made.std((1, 2, 3)) > 1e-3
    assert uneven.mean() == pytest.approx(0.5, abs=0.08)
    assert made.max() == pytest.approx(0.4, abs=0.03)
