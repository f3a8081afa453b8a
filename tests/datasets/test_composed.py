"""Numbers composed from single digits: as many as asked for, the same for a seed, apart or touching as they say."""

import itertools

import numpy as np
import pytest

from capsdraw.datasets import composed, synthetic
from capsdraw.datasets.composed import HEIGHT, Composed
from capsdraw.datasets.pen_strokes import PenStrokes


def number(text: str, touching: bool, seed: int = 0) -> Composed:
    random = np.random.default_rng((6, seed))
    drawings = [synthetic.drawing(int(digit), random) for digit in text]
    return composed.composed(drawings, text, random, touching)


def nearest(made: Composed) -> list[float]:
    """Between neighbours, the least distance of their lines, in pens."""
    pen = made.drawing.strokes[0].width
    assert pen is not None
    digits: list[list[np.ndarray]] = [[] for _ in made.text]
    place = 0
    for stroke in made.drawing.strokes:
        # Strokes come digit by digit.
        while stroke.box[0] < made.edges[place][0] - 1e-6 or stroke.box[2] > made.edges[place][2] + 1e-6:
            place += 1
        points = stroke.points
        fine = (
            np.concatenate([np.linspace(a, b, 20) for a, b in itertools.pairwise(points)])
            if len(points) > 1
            else points
        )
        digits[place].append(fine)
    whole = [np.concatenate(lines) for lines in digits]
    return [
        float(np.sqrt(((one[:, None] - other[None]) ** 2).sum(2).min())) / pen
        for one, other in itertools.pairwise(whole)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_ink_that_is_apart_is_apart_and_ink_that_touches_touches(seed: int) -> None:
    apart, touching = nearest(number("3105", False, seed)), nearest(number("3105", True, seed))
    assert min(apart) > 1
    assert min(touching) < 1


def test_digits_are_as_high_as_digits_of_one_hand() -> None:
    made = number("2026", False)
    heights = [bottom - top for _, top, _, bottom in made.edges]
    assert all(0.7 * HEIGHT <= height <= 1.3 * HEIGHT for height in heights)
    lefts = [left for left, *_ in made.edges]
    assert lefts == sorted(lefts)


def test_a_seed_s_numbers_are_always_the_same_and_of_one_writer_each() -> None:
    drawings = [synthetic.drawing(label, np.random.default_rng(label)) for label in range(10)] * 2
    strokes = [stroke for drawing in drawings for stroke in drawing.strokes]
    ends = np.cumsum([0, *(len(stroke.points) for stroke in strokes)])
    pen = PenStrokes(
        np.rint(np.concatenate([stroke.points for stroke in strokes])).astype(int),
        ends,
        np.cumsum([0, *(len(drawing.strokes) for drawing in drawings)]),
        # The second writer's digits have other labels, so that it is seen whose they are.
        np.array([*([0] * 10), *([7] * 10)]),
        np.repeat([1, 26], 10),
    )
    first, again = (list(composed.numbers(pen, range(1, 2), 6, 3)) for _ in range(2))
    assert [made.drawing for made in first] == [made.drawing for made in again]
    assert [len(made.text) for made in first] == [2, 3, 4, 5, 6, 2]
    assert set("".join(made.text for made in first)) == {"0"}
    mixed = list(composed.numbers(pen, range(1, 27, 25), 8, 4, touching=1.0))
    assert all(len(set(made.text)) == 1 and made.touching for made in mixed)
