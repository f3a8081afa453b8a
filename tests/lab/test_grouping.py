"""Numbers of a capsule, sorted by what they do and grouped by what they are called."""

import numpy as np
import pytest

from capsdraw.lab import meaning, perturbation
from capsdraw.lab.grouping import NumberGroup, grouped, unsorted
from capsdraw.nets.ranges import Ranges


def test_groups_and_their_numbers_come_by_effect() -> None:
    names = ["width", "", "slant", "width", "Slant", ""]
    assert grouped(names, [0.1, 0.2, 0.3, 0.6, 0.4, 0.5]) == [
        NumberGroup("width", (3, 0)), NumberGroup("", (5, 1)), NumberGroup("Slant", (4, 2)),
    ]  # fmt: skip


def test_all_but_the_two_strongest_of_a_name_are_folded_away_where_that_saves_a_line() -> None:
    three = grouped(["width"] * 3, [1, 3, 2])
    assert three == [NumberGroup("width", (1, 2, 0))]
    six = grouped(["width"] * 6, [1, 3, 2, 6, 5, 4])
    assert six == [NumberGroup("width", (3, 4), (5, 1, 2, 0))]
    assert six[0].members == (3, 4, 5, 1, 2, 0)


def test_equally_strong_numbers_stay_in_their_own_order() -> None:
    assert grouped(["a", "b", "a"], [0.0] * 3) == [NumberGroup("a", (0, 2)), NumberGroup("b", (1,))]
    assert unsorted(5) == [NumberGroup("", (0, 1, 2, 3, 4))]


def squares(flat: np.ndarray) -> np.ndarray:
    """A decoder of two classes with three numbers: each lights a square of its own, of 1, 4 and 16 pixels."""
    pictures = np.zeros((len(flat), 28, 28, 1), np.float32)
    for picture, row in zip(pictures, flat.reshape(-1, 2, 3).sum(1), strict=True):
        for number, side in enumerate((1, 2, 4)):
            picture[8 * number : 8 * number + side, :side, 0] = 0.5 + row[number]
    return pictures


def test_an_effect_is_how_much_of_the_picture_changes_over_the_range() -> None:
    low, high = np.full((2, 3), -0.2, np.float32), np.full((2, 3), 0.3, np.float32)
    found = meaning.meanings(squares, np.zeros((2, 3), np.float32), 1, Ranges(low, np.zeros_like(low), high))
    for number, pixels in zip(found, (1, 4, 16), strict=True):
        assert number.effect == pytest.approx(0.5 * pixels / 784, rel=1e-5)


def test_a_number_s_ends_are_drawn_with_the_others_moved() -> None:
    capsules, offsets = np.zeros((2, 3), np.float32), (0.1, 0.0, 0.0)
    drawn = perturbation.ends(squares, capsules, 0, offsets, [(-0.25, 0.25), (-0.1, 0.4), (-0.25, 0.25)])
    assert drawn.shape == (3, 2, 28, 28)
    assert drawn[1, :, 8, 0] == pytest.approx([0.4, 0.9])
    assert drawn[1, :, 0, 0] == pytest.approx([0.6, 0.6])
    assert drawn[0, :, 0, 0] == pytest.approx([0.25, 0.75])
