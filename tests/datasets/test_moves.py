"""Moves of images: each does what it says, the right way round."""

import numpy as np
import pytest

from capsdraw.datasets import moves

ONE, NONE = np.ones(1), np.zeros(1)


def dot(row: int, column: int) -> np.ndarray:
    image = np.zeros((1, 21, 21, 1), np.float32)
    image[0, row, column] = 1
    return image


def place(image: np.ndarray) -> tuple[float, float]:
    """Centre of mass, row and column, from the middle."""
    plane = image[0, ..., 0]
    grid = np.arange(21) - 10
    return float(plane.sum(1) @ grid / plane.sum()), float(plane.sum(0) @ grid / plane.sum())


def test_nothing_asked_is_nothing_done() -> None:
    image = np.random.default_rng(0).random((3, 21, 21, 2), np.float32)
    still = moves.linear(np.zeros(3), np.ones(3), np.ones(3), np.zeros(3))
    assert moves.move(image, still, np.zeros((3, 2))) == pytest.approx(image, abs=1e-6)
    assert np.array_equal(moves.thicken(image, np.zeros(3)), image)


@pytest.mark.parametrize(
    ("matrix", "start", "end"),
    [
        (moves.linear(np.array([90.0]), ONE, ONE, NONE), (0, 6), (-6, 0)),  # a quarter turn against the clock
        (moves.linear(NONE, 1.5 * ONE, ONE, NONE), (2, 4), (2, 6)),
        (moves.linear(NONE, ONE, 1.5 * ONE, NONE), (4, 2), (6, 2)),
        (moves.linear(NONE, ONE, ONE, 0.5 * ONE), (-6, 0), (-6, 3)),  # the top leans to the right
    ],
    ids=["rotation", "width", "height", "shear"],
)
def test_each_linear_move_is_the_right_way_round(
    matrix: np.ndarray, start: tuple[int, int], end: tuple[int, int]
) -> None:
    image = sum(dot(10 + start[0] + i, 10 + start[1] + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
    assert isinstance(image, np.ndarray)
    assert place(moves.move(image, matrix, np.zeros((1, 2)))) == pytest.approx(end, abs=0.3)


def test_a_positive_offset_moves_left_and_up_and_brings_in_the_border() -> None:
    still = moves.linear(NONE, ONE, ONE, NONE)
    assert place(moves.move(dot(10, 10), still, np.array([[3.0, 5.0]]))) == pytest.approx((-5, -3))
    white = np.ones((1, 21, 21, 1), np.float32)
    assert moves.move(white, still, np.array([[3.0, 0.0]]))[0, :, -3:].max() < 2e-3
    assert moves.move(white, still, np.array([[3.0, 0.0]]), border="edge").min() == pytest.approx(1)


def test_thicken_grows_and_thins_by_pixels() -> None:
    line = np.zeros((5, 21, 21, 1), np.float32)
    line[:, :, 8:13] = 1  # five pixels wide
    widths = moves.thicken(line, np.array([-2.0, -0.5, 0.0, 1.0, 1.5]))[:, 10, :, 0].sum(1)
    assert widths == pytest.approx([1, 4, 5, 7, 8])


def test_cover_blackens_one_square() -> None:
    white = np.ones((2, 21, 21, 3), np.float32)
    covered = moves.cover(white, np.array([0, 15]), np.array([2, 15]), 4)
    assert (covered == 0).sum() == 2 * 16 * 3
    assert covered[0, :4, 2:6].max() == 0
    assert white.min() == 1


def test_elastic_displacements_are_smooth_and_of_their_size() -> None:
    knots = np.random.default_rng(0).normal(0, 2, (50, 2, moves.KNOTS, moves.KNOTS))
    field = moves.elastic(knots, 28, 28)
    assert field.std() == pytest.approx(2, rel=0.3)
    assert np.abs(np.diff(field, axis=-1)).max() < 2.5


@pytest.mark.parametrize("kind", moves.KINDS, ids=lambda kind: kind.name)
def test_each_kind_stands_still_at_its_still_amount_and_nowhere_else(kind: moves.MoveKind) -> None:
    image = np.zeros((3, 21, 21, 1), np.float32)
    image[:, 6:15, 8:12] = 0.7  # grey, or its power would be its own
    low, still, high = moves.changed(image, kind.name, np.array([kind.low, kind.still, kind.high]))
    assert still == pytest.approx(image[0], abs=1e-6)
    assert np.abs(low - still).sum() > 5 or kind.low == kind.still
    assert np.abs(high - still).sum() > 5


def test_a_kind_leads_where_its_name_says() -> None:
    blob = np.zeros((1, 21, 21, 1), np.float32)
    blob[0, 3:6, 9:12] = 1  # above the middle
    assert (
        place(moves.changed(blob, "rotation", np.array([45.0])))[1] < -3
    )  # counter-clockwise: what is above goes to the left
    assert place(moves.changed(blob, "shear", np.array([0.5])))[1] > 2
    assert place(moves.changed(blob, "shift", np.array([4.0]))) == pytest.approx((-6, 4))
    assert place(moves.changed(blob, "shift", np.array([4.0]), np.array([[0.0, 1.0]]))) == pytest.approx((-2, 0))
    assert place(moves.changed(blob, "scale", np.array([0.5])))[0] == pytest.approx(-3, abs=0.3)
    assert moves.changed(blob, "thickness", np.array([1.0])).sum() > 2 * blob.sum()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="twist"):
        moves.changed(dot(3, 3), "twist", ONE)


@pytest.mark.parametrize("border", moves.BORDERS)
def test_an_image_is_moved_in_a_batch_as_alone(border: str) -> None:
    """A batch is moved a few at a time: each image by its own numbers all the same."""
    random = np.random.default_rng(5)
    images = random.random((21, 12, 10, 3), np.float32)
    turn, slant = random.uniform(-30, 30, 21), random.uniform(-0.3, 0.3, 21)
    matrix = moves.linear(turn, random.uniform(0.8, 1.2, 21), random.uniform(0.8, 1.2, 21), slant)
    offset, knots = random.normal(0, 2, (21, 2)), random.normal(0, 1, (21, 2, moves.KNOTS, moves.KNOTS))
    together = moves.move(images, matrix, offset, knots, border)
    assert together.dtype == np.float32
    for one in range(21):
        only = slice(one, one + 1)
        alone = moves.move(images[only], matrix[only], offset[only], knots[only], border)
        assert together[only] == pytest.approx(alone, abs=1e-6)
