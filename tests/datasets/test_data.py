"""What readers check before they give data: every form in use, nothing that would train a net on rubbish."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsdraw.datasets import data
from capsdraw.datasets.data import Split, as_split, label_problem, made, split
from capsdraw.errors import CapsDrawError

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 28, 28)).astype(np.uint8)
LABELS = np.array([0, 1, 2, 0, 1, 2], np.uint8)


@pytest.mark.parametrize(
    "images",
    [
        PIXELS, PIXELS[..., None], PIXELS.reshape(6, -1), PIXELS.astype(np.int64), PIXELS.astype(np.float64),
        PIXELS / 255, (PIXELS / 255).astype(np.float32), (PIXELS / 255).astype(np.float16),
    ],
    ids=["bytes", "channel", "flat", "integers", "whole floats", "0 to 1", "float32", "float16"],
)  # fmt: skip
def test_every_usual_form_of_images_gives_the_same_bytes(images: np.ndarray) -> None:
    found = as_split(images, LABELS, "file").images
    assert found.dtype == np.uint8
    assert np.array_equal(found, PIXELS)


def test_black_and_white_is_black_and_white() -> None:
    """Taken for grey values 0 and 1 of 255, such images would all be black to a net."""
    for dtype in (bool, np.uint8, np.float32):
        assert set(np.unique(as_split((PIXELS > 99).astype(dtype), LABELS, "file").images)) == {0, 255}


def test_colour_is_kept() -> None:
    colour = np.repeat(PIXELS[..., None], 3, axis=3)
    assert made("own", as_split(colour, LABELS, "file"), None).shape == (28, 28, 3)


@pytest.mark.parametrize(
    "labels", [LABELS[:, None], LABELS.astype(np.float64), np.eye(3)[LABELS], np.eye(3, dtype=bool)[LABELS]],
    ids=["column", "floats", "one-hot", "one-hot bool"],
)  # fmt: skip
def test_every_usual_form_of_labels_gives_the_same_numbers(labels: np.ndarray) -> None:
    found = as_split(PIXELS, labels, "file").labels
    assert (found.dtype, found.tolist()) == (np.uint8, LABELS.tolist())


def test_labels_stay_what_they_are() -> None:
    """A file of 3s and 7s alone must not become one of 0s and 1s: the net's 7 is a 7."""
    whole = made("own", as_split(PIXELS, np.array([3, 7, 3, 7, 3, 7]), "file"), None)
    assert set(whole.train_labels) | set(whole.test_labels) == {3, 7}
    assert whole.classes == 8


def _with(index: tuple[int, ...], value: float) -> np.ndarray:
    images = PIXELS / 255
    images[index] = value
    return images


@pytest.mark.parametrize(
    ("images", "labels", "says"),
    [
        (np.zeros((6, 28)), LABELS, r"expected images .* received \(6, 28\) float64"),
        (np.zeros((6, 28, 28, 4)), LABELS, r"received \(6, 28, 28, 4\)"),
        (np.full((6, 28, 28), "x"), LABELS, "of numbers"),
        (np.zeros((0, 28, 28)), LABELS[:0], "there are no images"),
        (np.zeros((6, 28, 20)), LABELS, "28 × 20, not square: expected squares of at least 8 × 8"),
        (np.zeros((6, 5, 5)), LABELS, "5 × 5, too small"),
        (_with((4, 0, 0), np.nan), LABELS, "image 4 .* not numbers"),
        (_with((2, 9, 9), -np.inf), LABELS, "image 2 .* not numbers"),
        (_with((2, 9, 9), -1), LABELS, "from -1 to 1: expected whole numbers from 0 to 255, or numbers from 0 to 1"),
        (_with((2, 9, 9), 1.5), LABELS, "image 0 .* fractions above 1"),
        (PIXELS.astype(int) * 2, LABELS, "from 0 to 510"),
        (PIXELS, LABELS[:5], r"expected 6 labels, one for each image, .* received \(5,\)"),
        (PIXELS, np.array(list("abcdef")), "received .* <U1"),
        (PIXELS, np.zeros((6, 2, 2)), r"received \(6, 2, 2\)"),
        (PIXELS, np.array([0, 1, -1, 0, 1, 2]), "label 2 .* is -1: expected whole numbers from 0 to 255"),
        (PIXELS, np.array([0, 1, 2, 256, 1, 2]), "label 3 .* is 256"),
        (PIXELS, np.array([0, 1, 2, 0, 1.5, 2]), "label 4 .* is 1.5"),
        (PIXELS, np.array([0, np.nan, 2, 0, 1, 2]), "label 1 .* is nan"),
        (PIXELS, np.eye(3)[LABELS] + np.eye(6, 3, -5), "label row 5 .* is not one-hot"),
        (PIXELS, np.zeros((6, 3)), "label row 0 .* is not one-hot"),
    ],
)
def test_what_is_no_data_is_refused_with_its_place(images: np.ndarray, labels: np.ndarray, says: str) -> None:
    with pytest.raises(CapsDrawError, match=says) as refused:
        as_split(images, labels, "'own'")
    assert "cannot use 'own'" in str(refused.value)
    assert "\n" not in str(refused.value)


def _part(labels: list[int]) -> Split:
    count = len(labels)
    images = np.zeros((count, 8, 8), np.uint8)
    # Each image says where it stood.
    images[:, 0, 0], images[:, 0, 1] = np.arange(count) % 256, np.arange(count) // 256
    return Split(images, np.array(labels, np.uint8))


def _places(found: Split) -> list[int]:
    return (found.images[:, 0, 0].astype(int) + 256 * found.images[:, 0, 1].astype(int)).tolist()


@given(st.lists(st.integers(0, 9), min_size=12, max_size=400), st.integers(0, 99))
def test_a_split_loses_nothing_and_takes_its_share_of_each_class(labels: list[int], seed: int) -> None:
    whole = _part(labels)
    train, test = split(whole, "own", seed)
    assert sorted(_places(train) + _places(test)) == list(range(len(labels)))
    for kept in (train, test):
        assert _places(kept) == sorted(_places(kept))
        assert kept.labels.tolist() == [labels[place] for place in _places(kept)]
    for label in set(labels):
        count, tested = labels.count(label), test.labels.tolist().count(label)
        assert abs(tested - count / data.TEST_PART) <= (0.5 if count >= 3 else 1)
        assert tested < count
        assert tested > 0 or count == 1
    again = split(whole, "own", seed)[1]
    assert _places(again) == _places(test)


def test_a_class_is_split_alike_whatever_else_is_there() -> None:
    """Or a class added to a folder would turn a trained net's test images into training images."""
    alone = split(_part([3] * 60), "own")[1]
    beside = split(_part([3] * 60 + [5] * 7), "own")[1]
    assert _places(alone) == [place for place in _places(beside) if place < 60]
    assert _places(split(_part([3] * 60), "own", seed=1)[1]) != _places(alone)


def test_one_image_a_class_cannot_be_split() -> None:
    with pytest.raises(CapsDrawError, match="'own': no class has two images"):
        split(_part([0, 1, 2]), "own")


def test_sorted_training_images_are_shuffled() -> None:
    """A fit holds out the last of them: all of one class, they would say nothing of the others."""
    found = made("own", _part(sorted(LABELS.tolist() * 50)), _part([0, 1, 2]))
    assert set(found.train_labels[-30:]) == {0, 1, 2}
    assert np.array_equal(
        found.train_labels, made("own", _part([0] * 100 + [1] * 100 + [2] * 100), _part([0])).train_labels
    )
    mixed = [1, 0, 2, 1, 0]
    assert made("own", _part(mixed), _part([0])).train_labels.tolist() == mixed


def test_both_parts_have_one_form() -> None:
    with pytest.raises(CapsDrawError, match="its training images are 8 × 8 pixels, its test images 28 × 28"):
        made("own", _part([0, 1]), as_split(PIXELS, LABELS, "file"))


def test_test_images_alone_are_enough_to_measure_with() -> None:
    found = made("own", None, as_split(PIXELS, LABELS, "file"))
    assert found.train_images.shape == (0, 28, 28)
    assert len(found.test_labels) == 6


def test_hostile_sizes_are_refused_before_they_are_taken() -> None:
    shape: tuple[Any, ...] = (np.uint32(4_000_000_000), np.uint32(28), np.uint32(28))
    with pytest.raises(CapsDrawError, match="4000000000 × 28 × 28 values, 2,921 GiB; at most 4 GiB can be read"):
        data.require_size(shape, 1, "'own'")


@pytest.mark.parametrize(
    ("there", "says"),
    [
        (range(10), ""),
        ((3, 7, 9), ""),  # of ten digits
        (range(62), ""),
        (range(1, 27), ""),  # EMNIST's letters
        ((*range(10), 99), "no image has class 10, though there is a class 99 (2 of 22 images)"),
        ((*range(1, 24), 26), "no image has class 24, though there is a class 26 (2 of 48 images)"),
        ((10, 20, 30), "no image has class 1, though there is a class 30"),
    ],
    ids=["digits", "some digits", "letters and digits", "from 1 on", "one is wrong", "from 1 on, with a gap", "tens"],
)
def test_numbers_with_a_gap_are_no_classes_to_train_on(there: Sequence[int], says: str) -> None:
    """One wrong label of a thousand would make a net of a hundred classes, most of them of nothing."""
    found = label_problem(np.repeat(np.array(there, np.uint8), 2))
    assert found.startswith(says)
    assert bool(found) == bool(says)


def test_one_class_is_nothing_to_train_on() -> None:
    """A net of one class reads all images right, whatever they are."""
    assert label_problem(np.zeros(5, np.uint8)).startswith(
        "all images are of class 0, and one class is nothing to tell"
    )
    assert label_problem(np.zeros(5, np.uint8), 10) == ""
    assert label_problem(np.full(5, 7, np.uint8)) == ""  # a 7 among digits, as a file with one class of them has it


@given(count=st.integers(2, 256), first=st.integers(0, 1))
def test_numbers_without_a_gap_are_trained_on(count: int, first: int) -> None:
    assert label_problem(np.arange(min(first, count - 1), count).astype(np.uint8)) == ""


def test_a_number_of_classes_that_was_said_is_believed() -> None:
    labels = np.array([3, 40], np.uint8)
    assert label_problem(labels, 47) == ""
    assert label_problem(labels, 40) == "an image has class 40, the net's classes are 0 to 39"
    assert label_problem(labels[:0]) == "there are no images to train on"


def test_sets_with_gaps_are_measured_all_the_same() -> None:
    """A few mistakes that were saved to be looked at again."""
    whole = as_split(PIXELS, np.array([4, 40, 90, 4, 40, 90]), "file")
    assert made("mistakes", None, whole).test_labels.tolist() == [4, 40, 90, 4, 40, 90]
