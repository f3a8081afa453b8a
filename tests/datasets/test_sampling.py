"""Drawn sets are balanced, fair and repeatable; a saved one is data like any other."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capsdraw.datasets import sampling, synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.npz import load_npz
from capsdraw.datasets.opening import open_data
from capsdraw.errors import CapsDrawError

LABELS = np.random.default_rng(0).permutation(np.repeat([0, 1, 3], [40, 25, 60])).astype(np.uint8)


@settings(max_examples=25)
@given(st.integers(1, 25), st.integers(1, 450), st.integers(0, 2**32))
def test_every_set_has_as_many_of_each_class_and_none_twice(each: int, count: int, seed: int) -> None:
    sets = sampling.draw(LABELS, each, count, seed)
    assert sets.shape == (count, 3 * each)
    assert (LABELS[sets] == np.repeat([0, 1, 3], each)).all()
    assert (np.diff(np.sort(sets), axis=1) > 0).all()
    assert np.array_equal(sets, sampling.draw(LABELS, each, count, seed))


def test_every_image_is_drawn_as_often_as_the_others_of_its_class() -> None:
    sets = sampling.draw(LABELS, 5, 20_000, 1)
    often = np.bincount(sets.ravel(), minlength=len(LABELS)) / 20_000
    assert often == pytest.approx(5 / np.bincount(LABELS)[LABELS], abs=0.02)
    assert not np.array_equal(sets, sampling.draw(LABELS, 5, 20_000, 2))


@pytest.mark.parametrize(
    ("each", "count", "says"),
    [(26, 1, "cannot draw 26 images of each class: class 1 has 25 images"), (0, 3, "at least 1"), (3, 0, "at least 1")],
)
def test_what_cannot_be_drawn_is_said(each: int, count: int, says: str) -> None:
    with pytest.raises(CapsDrawError, match=says):
        sampling.draw(LABELS, each, count, 1)


def test_a_saved_set_is_read_as_data_and_its_training_images_are_others(tmp_path: Path) -> None:
    images, labels = synthetic.digits(80, 1)
    pool, pool_labels = synthetic.digits(60, 2)
    chosen = np.array([5, 59, 0, 7])
    sampling.save(Data("d", images, labels, pool, pool_labels), chosen, tmp_path / "set.npz")
    read = load_npz(tmp_path / "set.npz", "set")
    assert np.array_equal(read.test_images, pool[chosen])
    assert np.array_equal(read.test_labels, pool_labels[chosen])
    assert np.array_equal(read.train_images, images)
    with np.load(tmp_path / "set.npz") as file:
        assert np.array_equal(file["index"], chosen)


def test_a_set_of_data_without_training_images_is_trained_on_the_rest(tmp_path: Path) -> None:
    pool, labels = synthetic.digits(30, 2)
    chosen = np.array([3, 4])
    sampling.save(Data("d", pool[:0], labels[:0], pool, labels), chosen, tmp_path / "set.npz")
    read = load_npz(tmp_path / "set.npz", "set")
    assert np.array_equal(read.train_images, np.delete(pool, chosen, 0))
    assert np.array_equal(read.train_labels, np.delete(labels, chosen))


def test_a_set_of_all_images_is_a_test_part_alone(tmp_path: Path) -> None:
    pool, labels = synthetic.digits(30, 2)
    sampling.save(Data("d", pool[:0], labels[:0], pool, labels), np.arange(30), tmp_path / "set.npz")
    read = open_data(tmp_path / "set.npz")
    assert (len(read.train_labels), len(read.test_labels)) == (0, 30)


def test_classes_of_a_saved_set_keep_their_names(tmp_path: Path) -> None:
    images, labels = synthetic.digits(80, 1)
    names = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nöl")
    sampling.save(Data("d", images, labels, images, labels, names), np.array([5, 7]), tmp_path / "set.npz")
    assert open_data(tmp_path / "set.npz").labels == names


def test_another_ending_is_refused(tmp_path: Path) -> None:
    pool, labels = synthetic.digits(30, 2)
    with pytest.raises(CapsDrawError, match=r"cannot save 'set\.csv': its name must end in \.npz"):
        sampling.save(Data("d", pool, labels, pool, labels), np.array([3]), tmp_path / "set.csv")
    assert not list(tmp_path.iterdir())
