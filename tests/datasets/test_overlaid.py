"""Two digits over one another: which, where, and how they add up."""

import numpy as np
import pytest

from capsdraw.datasets import overlaid
from capsdraw.datasets.data import Split
from capsdraw.errors import CapsDrawError


def digits(count: int = 40) -> Split:
    """Squares of 20 pixels in 28, as grey as they are far in the row; class by turns."""
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 4:24] = np.arange(100, 100 + count, dtype=np.uint8)[:, None, None]
    return Split(images, (np.arange(count) % 10).astype(np.uint8))


def test_each_digit_comes_first_once_and_none_is_paired_with_its_own_class() -> None:
    both = overlaid.pairs(digits(), 40)
    assert sorted(both.index[:, 0]) == list(range(40))
    assert (both.labels[:, 0] != both.labels[:, 1]).all()
    again = overlaid.pairs(digits(), 100)
    assert np.bincount(again.index[:, 0]).max() == 3
    assert np.bincount(again.index[:, 0]).min() == 2


def test_the_same_seed_gives_the_same_pairs() -> None:
    one, same, other = (overlaid.pairs(digits(), 40, seed) for seed in (3, 3, 4))
    assert np.array_equal(one.images(), same.images())
    assert not np.array_equal(one.index, other.index)


def test_a_digit_stands_where_its_offset_says_and_two_add_up_to_full_ink_at_most() -> None:
    images = np.zeros((1, 2, 28, 28, 1), np.float32)
    images[0, 0, 0, 0], images[0, 1, 0, 0], images[0, 1, 27, 27] = 0.75, 0.5, 0.25
    parts = overlaid.placed(images, np.array([[[1, 2], [1, 2]]]), 4)
    assert parts.shape == (1, 2, 36, 36, 1)
    assert parts[0, 0, 1, 2, 0] == 0.75
    assert parts[0, 1, 28, 29, 0] == 0.25
    assert parts.sum() == 1.5
    seen = overlaid.together(parts)
    assert seen[0, 1, 2, 0] == 1.0
    assert seen.sum() == 1.25


def test_all_places_within_the_shift_come_up_and_no_other() -> None:
    both = overlaid.pairs(digits(), 4000)
    assert set(np.unique(both.offsets)) == set(range(9))
    assert overlaid.pairs(digits(), 4000, shift=6).images(slice(0, 1)).shape == (1, 40, 40, 1)


def test_boxes_overlap_by_what_can_be_reckoned() -> None:
    images = np.zeros((1, 2, 28, 28, 1), np.float32)
    images[0, :, 4:24, 4:24] = 1
    parts = overlaid.placed(images, np.array([[[4, 4], [0, 8]]]), 4)
    assert overlaid.overlap(parts)[0] == pytest.approx(16 * 16 / 400)
    # The paper's 80 in a hundred are of the images' own squares: two shifts of -4 to 4 differ by 2.96 on average.
    both = overlaid.pairs(digits(), 4000)
    apart = np.abs(np.diff(both.offsets, axis=1))[:, 0]
    assert ((28 - apart).prod(1) / 28**2).mean() == pytest.approx(0.8, abs=0.01)


def test_digits_of_one_class_are_no_pairs() -> None:
    alone = Split(digits().images, np.full(40, 3, np.uint8))
    with pytest.raises(CapsDrawError, match="two classes"):
        overlaid.pairs(alone, 10)
