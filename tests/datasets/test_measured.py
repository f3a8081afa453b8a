"""How pictures were made is measured from arrays: digits, dark or light, in few pixels or many; and what is none."""

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.measured import intake_of
from capsdraw.ink.intake import AS_THEY_ARE, DIGITS, Ground, Road

IMAGES, _ = synthetic.digits(60, 3)
RANDOM = np.random.default_rng(0)


def shrunk(side: int) -> np.ndarray:
    """The 20 pixels of each digit in fewer."""
    cut = IMAGES[:, 4:24, 4:24].astype(float)
    places = np.arange(20) * side // 20
    small = np.zeros((len(cut), side, side))
    for row in range(20):
        for column in range(20):
            small[:, places[row], places[column]] += cut[:, row, column]
    return (small / np.bincount(places)[:, None] / np.bincount(places)).astype(np.uint8)


def clothes() -> np.ndarray:
    images = np.zeros((40, 28, 28), np.uint8)
    for image in images:
        half = RANDOM.integers(6, 11)
        image[2:27, 14 - half : 14 + half] = np.clip(160 + 20 * RANDOM.normal(size=(25, 2 * half)), 1, 255)
    return images


def test_mnist_s_digits_are_mnist_s() -> None:
    assert intake_of(IMAGES) == DIGITS


def test_dark_ink_on_light_is_told() -> None:
    found = intake_of(255 - IMAGES)
    assert (found.road, found.ground, found.fill) == (Road.INK, Ground.LIGHT, DIGITS.fill)


@pytest.mark.parametrize(
    ("images", "fill"), [(shrunk(8), 1.0), (shrunk(16), 1.0), (np.pad(IMAGES, ((0, 0), (6, 6), (6, 6))), 0.5)]
)
def test_digits_in_other_sizes_are_ink_too(images: np.ndarray, fill: float) -> None:
    found = intake_of(images)
    assert (found.road, found.ground) == (Road.INK, Ground.DARK)
    assert abs(found.fill - fill) < 0.13


def test_clothes_are_pictures_on_black() -> None:
    found = intake_of(clothes())
    assert (found.road, found.ground, found.turned) == (Road.PIXELS, Ground.DARK, True)


def test_photographs_stay_as_they_are() -> None:
    assert intake_of(RANDOM.integers(0, 256, (30, 32, 32)).astype(np.uint8)) == AS_THEY_ARE
    assert intake_of(RANDOM.integers(0, 256, (30, 32, 32, 3)).astype(np.uint8)) == AS_THEY_ARE
