"""The pictures show what was counted: right cells green, wrong ones red, each digit where it belongs."""

import numpy as np
import pytest
from PIL import Image

from capsdraw.evaluate import metrics, pictures

NAMES = [str(number) for number in range(10)]


def redness(image: Image.Image) -> float:
    """How much redder than green the picture is, summed over its pixels that are."""
    pixels = np.asarray(image, float)
    return float(np.maximum(pixels[..., 0] - pixels[..., 1], 0).sum())


def matrix(right: int, wrong: dict[tuple[int, int], int]) -> Image.Image:
    counts = np.eye(10, dtype=np.int64) * right
    for place, count in wrong.items():
        counts[place] = count
    return pictures.confusion_matrix(counts, NAMES, "a model")


def test_a_single_mistake_in_a_thousand_is_seen_and_more_are_redder() -> None:
    none, one, many = matrix(1000, {}), matrix(1000, {(3, 5): 1}), matrix(1000, {(3, 5): 400})
    assert redness(none) < redness(one) < redness(many)


def test_true_classes_go_down_and_read_ones_across() -> None:
    """A matrix drawn the other way round would accuse the wrong class."""
    right, transposed = matrix(50, {(9, 0): 50}), matrix(50, {(0, 9): 50})
    halves = [np.asarray(one, float)[one.height // 2 :, : one.width // 2] for one in (right, transposed)]
    red = [np.maximum(half[..., 0] - half[..., 1], 0).sum() for half in halves]
    assert red[0] > 10 * red[1]


def test_long_names_large_counts_and_a_class_without_images_fit() -> None:
    counts = np.full((3, 3), 12_345_678, np.int64)
    counts[2] = 0
    image = pictures.confusion_matrix(counts, ["automobile with a long name", "b", "c"], "t")
    short = pictures.confusion_matrix(counts // 10_000_000, ["a", "b", "c"], "t")
    assert image.width > short.width + 3 * 100
    edge = np.asarray(image)
    assert (edge[:, -4:] == 255).all()  # nothing runs out of the picture
    assert (edge[:, :4] == 255).all()


def test_many_long_names_are_cut_and_the_picture_stays_one() -> None:
    """A hundred classes of sixty letters made a picture of 50,000 pixels across."""
    counts = np.eye(100, dtype=np.int64)
    image = pictures.confusion_matrix(counts, [f"species {number} {'x' * 60}" for number in range(100)], "t")
    assert image.width < 103 * 140
    names = [f"species {number}" for number in range(100)]
    assert pictures.confusion_matrix(counts, names, "t").width < image.width


def diagram(right: float, count: int = 100, title: str = "m on d") -> tuple[np.ndarray, np.ndarray]:
    """The picture of so many answers, sure by 0.8, of which that part is right; where it is drawn in blue."""
    found = metrics.calibration(np.full(count, 0.8), np.arange(count) < count * right)
    pixels = np.asarray(pictures.reliability(found, title), int)
    return pixels, (pixels == (37, 99, 217)).all(-1)


def dot(right: float) -> tuple[float, float]:
    """Where its dot is: the interval is a line of a single pixel."""
    blue = diagram(right)[1]
    rows, columns = np.nonzero(sum(np.roll(blue, step, 1) for step in range(-3, 4)) == 7)
    return float(rows.mean()), float(columns.mean())


def test_a_net_that_is_surer_than_it_is_right_lies_beneath_the_line() -> None:
    (even, across), (under, same) = dot(0.8), dot(0.3)
    assert across == same
    assert under - even == pytest.approx(0.5 * 360, abs=1)


def test_few_answers_have_a_wide_interval_and_a_long_title_fits() -> None:
    (_, many), (pixels, few) = diagram(0.5, 1000), diagram(0.5, 4, "a long title " * 20)
    for blue, count in ((many, 1000), (few, 4)):
        low, high = metrics.wilson(count // 2, count)
        assert np.ptp(np.nonzero(blue)[0]) == pytest.approx(360 * (high - low), abs=2)
    assert (pixels[:, -4:] == 255).all()


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (32, 32, 3)])
def test_digits_stand_above_their_reconstructions_in_the_same_order(shape: tuple[int, ...]) -> None:
    real, made = np.zeros((2, 50, *shape), np.float32)
    real[13], made[13] = 0.8, 0.5
    image = np.asarray(pictures.over(real, made), int)
    side = 2 * shape[0]
    corners = []
    for grey in (204, 128):
        rows, columns = np.nonzero((image == grey).all(-1))
        assert (np.ptp(rows), np.ptp(columns)) == (side - 1, side - 1)
        corners.append((rows.min(), columns.min()))
    (real_top, real_left), (made_top, made_left) = corners
    assert real_left == made_left
    assert made_top - real_top > 5 * side
    # The fourth in the second row.
    assert 3 * side < real_left < 4 * side


def test_groups_of_images_stand_apart_and_an_empty_one_is_told() -> None:
    some = np.full((12, 28, 28), 0.5, np.float32)
    image = pictures.apart([("only A right: 12", some), ("only B right: 0", some[:0])], "A and B")
    grey = np.nonzero((np.asarray(image) == 128).all(-1))
    assert len(grey[0]) >= 12 * 56 * 56
    assert image.height - grey[0].max() > 20  # the caption of the empty one
    last = pictures.apart([("only A right: 0", some[:0]), ("only B right: 12", some)], "A and B")
    assert np.nonzero((np.asarray(last) == 128).all(-1))[0].min() == grey[0].min() + 22


def test_misread_ones_are_framed_in_both_blocks() -> None:
    some = np.zeros((12, 28, 28), np.float32)
    plain, framed = pictures.over(some, some), pictures.over(some, some, [11])
    changed = np.abs(np.asarray(plain, int) - np.asarray(framed, int)).sum(-1) > 0
    rows, columns = np.nonzero(changed)
    # In the second column of the second row of each block, and nowhere else.
    assert columns.min() > 60
    assert columns.max() < 16 + 2 * 62
    assert np.ptp(rows) > 120
    assert redness(plain) < redness(framed) / 10


def test_fewer_than_a_row_and_a_long_title_fit() -> None:
    some = np.zeros((3, 28, 28), np.float32)
    image = pictures.over(some, some, (), "a title much longer than three digits are wide, and more of it")
    assert (np.asarray(image)[:, -4:] == 255).all()
