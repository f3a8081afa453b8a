"""Arrows of capsules keep what a capsule says: its length bounds them, and they compare."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from capsdraw.lab.activity import Outputs, pictures, primary, principal, strongest

RANDOM = np.random.default_rng(0)
CAPSULES = arrays(np.float32, (3, 4, 2, 8), elements=st.floats(-1, 1, width=32))


@given(CAPSULES)
def test_no_arrow_is_longer_than_its_capsule(vectors: np.ndarray) -> None:
    found = primary("squash", vectors, None)
    assert found.arrows.shape == (3, 4, 2, 2)
    assert (np.linalg.norm(found.arrows, axis=-1) <= found.lengths + 1e-5).all()
    assert found.lengths == pytest.approx(np.linalg.norm(vectors, axis=-1), abs=1e-5)
    assert -1e-6 <= found.kept <= 1 + 1e-5


@given(CAPSULES)
def test_axes_are_at_right_angles_and_of_length_one(vectors: np.ndarray) -> None:
    axes = principal(vectors)
    assert np.einsum("tdk,tdl->tkl", axes, axes) == pytest.approx(np.tile(np.eye(2), (2, 1, 1)), abs=1e-5)


def test_capsules_in_a_plane_are_shown_whole() -> None:
    plane = np.linalg.qr(RANDOM.normal(0, 1, (8, 2)))[0]
    inside = RANDOM.normal(0, 0.3, (6, 6, 1, 2)) * [2, 1]
    found = primary("squash", (inside @ plane.T).astype(np.float32), None)
    assert found.kept == pytest.approx(1, abs=1e-5)
    # Angles between capsules are the angles between their arrows.
    flat, arrows = found.vectors.reshape(-1, 8), found.arrows.reshape(-1, 2)
    assert arrows @ arrows.T == pytest.approx(flat @ flat.T, abs=1e-5)
    assert (found.arrows[..., 0] ** 2).sum() > (found.arrows[..., 1] ** 2).sum()


def test_an_image_s_arrows_can_be_drawn_on_another_s_axes() -> None:
    one, other = (RANDOM.normal(0, 0.3, (6, 6, 4, 8)).astype(np.float32) for _ in range(2))
    first = primary("squash", one, None)
    again = primary("squash", one * np.float32(0.5), None, first.basis)
    assert again.arrows == pytest.approx(first.arrows / 2, abs=1e-6)
    assert np.array_equal(primary("squash", other, None, first.basis).basis, first.basis)
    # The same axes whichever way the decomposition came out: no arrow turns round from one call to the next.
    assert primary("squash", -one, None).basis == pytest.approx(first.basis, abs=1e-5)


def test_on_one_place_the_types_share_their_axes() -> None:
    vectors = RANDOM.normal(0, 0.3, (1, 1, 16, 8)).astype(np.float32)
    found = primary("squash", vectors, None)
    assert found.basis.shape == (16, 8, 2)
    assert (found.basis == found.basis[0]).all()
    assert 0.25 < found.kept < 0.9
    assert np.abs(found.arrows[..., 1]).max() > 0.05


def test_no_capsule_no_arrow() -> None:
    found = primary("squash", np.zeros((6, 6, 4, 8), np.float32), None)
    assert found.arrows.max() == 0
    assert np.isfinite(found.basis).all()
    assert found.kept == 1


def test_maps_after_a_relu_begin_at_black_and_others_at_mid_grey() -> None:
    maps = np.zeros((3, 2, 2), np.float32)
    maps[0, 0, 0], maps[1, 1, 1] = 4, 0.5
    shown = pictures(Outputs("conv", maps))
    assert shown[0] == pytest.approx(np.array([[1, 0], [0, 0]]))
    assert shown[1] == pytest.approx(np.array([[0, 0], [0, 1]]))
    assert shown[2].max() == 0
    maps[0, 1, 0] = -2
    assert pictures(Outputs("primary", maps))[0] == pytest.approx(np.array([[1, 0.5], [0.25, 0.5]]))


def test_one_scale_for_all_maps_lets_them_be_compared() -> None:
    maps = np.zeros((2, 2, 2), np.float32)
    maps[0, 0, 0], maps[1, 1, 1] = 4, 1
    assert pictures(Outputs("conv", maps), common=True)[1].max() == pytest.approx(0.25)
    maps[1, 0, 1] = -2
    assert pictures(Outputs("conv", maps), common=True)[1] == pytest.approx(np.array([[0.5, 0.25], [0.5, 0.625]]))


def test_numbers_and_capsules_are_pictures_on_one_scale() -> None:
    numbers = pictures(Outputs("dense", np.array([0, 1, 2], np.float32)))
    assert numbers.shape == (3, 1, 1)
    assert numbers.ravel() == pytest.approx([0, 0.5, 1])
    capsules = pictures(Outputs("squash", np.array([[0.5, -0.5], [0, 0.25]], np.float32)))
    assert capsules.shape == (2, 1, 2)
    assert capsules[:, 0] == pytest.approx(np.array([[1, 0], [0.5, 0.75]]))


def test_the_strongest_map_comes_first_and_equals_keep_their_order() -> None:
    maps = np.zeros((4, 2, 2), np.float32)
    maps[1], maps[3, 0, 0] = -1, 2
    assert strongest(Outputs("conv", maps), 3) == (1, 3, 0)
    assert strongest(Outputs("conv", np.ones((3, 2, 2), np.float32)), 9) == (0, 1, 2)
