"""Kernels as pictures: what is light, what is dark, and what is grey can be relied on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from capsdraw.lab.filters import LayerKernels, Learning, grey, peaks

WEIGHTS = arrays(np.float32, (3, 2, 4, 5), elements=st.floats(-1e3, 1e3, width=32))


@given(WEIGHTS)
def test_zero_is_mid_grey_and_the_opposite_weights_are_the_negative_picture(weights: np.ndarray) -> None:
    shown = grey(weights)
    assert shown.dtype == np.float32
    assert shown.shape == weights.shape
    assert shown.min() >= 0
    assert shown.max() <= 1
    assert (shown[weights == 0] == 0.5).all()
    assert ((shown > 0.5) <= (weights > 0)).all()
    assert grey(-weights) == pytest.approx(1 - shown, abs=1e-6)
    # Each shows all of its contrast, on one side at least.
    strong = peaks(weights) > 0
    assert np.abs(shown - 0.5).max((-2, -1))[strong] == pytest.approx(0.5)


def test_with_one_peak_for_all_kernels_can_be_compared() -> None:
    weights = np.array([[[[1.0, 0.0]]], [[[-4.0, 2.0]]]], np.float32)
    assert grey(weights)[0, 0, 0] == pytest.approx([1, 0.5])
    assert grey(weights, 4.0)[:, 0, 0] == pytest.approx(np.array([[0.625, 0.5], [0, 0.75]]))
    assert grey(weights, 2.0)[1, 0, 0] == pytest.approx([0, 1])  # what is beyond it does not go round
    assert grey(weights, peaks(weights)) == pytest.approx(grey(weights))


def test_a_kernel_of_zeros_is_grey() -> None:
    assert (grey(np.zeros((2, 3, 3), np.float32)) == 0.5).all()


def test_the_change_is_what_was_added_and_a_filter_that_stood_still_moved_by_nothing() -> None:
    random = np.random.default_rng(0)
    was = LayerKernels("conv", random.normal(0, 1, (3, 2, 3, 3)).astype(np.float32), np.zeros(3, np.float32))
    added = np.zeros_like(was.weights)
    added[1] = was.weights[1]
    learning = Learning(was, LayerKernels("conv", was.weights + added, np.ones(3, np.float32)))
    assert learning.change is not None
    assert learning.change.weights == pytest.approx(added, abs=1e-6)
    assert learning.change.bias == pytest.approx(np.ones(3))
    assert learning.moved == pytest.approx([0, 1, 0], abs=1e-6)
    unknown = Learning(None, was)
    assert unknown.change is None
    assert unknown.moved is None
