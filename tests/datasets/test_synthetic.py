"""Synthetic digits: endless, seeded, and in MNIST's form."""

import numpy as np

from capsdraw.datasets import synthetic


def test_a_seed_s_row_of_digits_is_always_the_same() -> None:
    images, labels = synthetic.digits(30, 7)
    again, _ = synthetic.digits(10, 7, first=20)
    assert np.array_equal(images[20:], again)
    assert labels.tolist() == list(range(10)) * 3
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
