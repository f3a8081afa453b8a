"""Synthetic digits: endless, seeded, and in MNIST's form."""

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.monitor import ReadMonitor
from capsdraw.errors import CapsDrawError


def test_a_seed_s_row_of_digits_is_always_the_same() -> None:
    images, labels = synthetic.digits(30, 7)
    again, _ = synthetic.digits(10, 7, first=20)
    assert np.array_equal(images[20:], again)
    assert labels.tolist() == list(range(10)) * 3
    some, named = synthetic.digits_at([22, 4, 29], 7)
    assert np.array_equal(some, images[[22, 4, 29]])
    assert named.tolist() == [2, 4, 9]
    assert not np.array_equal(images, synthetic.digits(30, 8)[0])


def test_digits_are_in_mnist_s_form() -> None:
    images, labels = synthetic.digits(200, 1)
    assert (images.shape, images.dtype, labels.dtype) == ((200, 28, 28), np.uint8, np.uint8)
    assert images.max() == 255
    assert 20 < images.mean() < 55  # MNIST's mean is 33
    assert (images[:, [0, -1]] > 0).mean() < 0.005  # in the picture, not cut off by its edge


def test_no_two_digits_of_a_class_are_alike() -> None:
    ones = synthetic.digits(300, 1)[0][1::10].reshape(30, -1)
    assert len(np.unique(ones, axis=0)) == 30


@pytest.mark.slow
def test_as_a_data_set_training_and_test_digits_are_strangers() -> None:
    told: list[tuple[int, int]] = []
    data = synthetic.data(250, 120, seed=1, watch=ReadMonitor(lambda *far: told.append(far), often=0))
    assert told == [(100, 370), (200, 370), (250, 370), (350, 370), (370, 370)]
    assert (len(data.train_labels), len(data.test_labels), data.shape) == (250, 120, (28, 28, 1))
    assert np.array_equal(data.train_images, synthetic.digits(250, 1)[0])
    assert not set(map(bytes, data.train_images)) & set(map(bytes, data.test_images))
    for seed in (0, 1, 2):
        assert not set(map(bytes, synthetic.digits(300, seed)[0])) & set(map(bytes, data.test_images))
    again = synthetic.data(0, 120, seed=1)
    assert np.array_equal(again.test_images, data.test_images)
    assert not np.array_equal(synthetic.data(0, 120, seed=2).test_images, data.test_images)


@pytest.mark.parametrize("wrong", [{"train": -1}, {"test": 0}, {"seed": -1}, {"seed": 2**31}])
def test_impossible_numbers_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(CapsDrawError, match="expected 0 or more, 1 or more, and a seed from 0 to 100,000"):
        synthetic.data(**wrong)
