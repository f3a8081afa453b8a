"""Test images for a net that reads no drawings: of its own data, from this machine alone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from capsdraw.datasets.known import SETS
from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards
from capsdraw.ui.own_tests import OwnTests


def test_a_damaged_set_is_told_and_no_download_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    archive = SETS["cifar10"].files[0]
    path = tmp_path / "datasets" / archive.file
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(archive.size)  # as long as the whole one
    with pytest.raises(CapsDrawError, match="CIFAR-10 is damaged on this machine"):
        OwnTests().pick(cards.find("cifar-cnn"))


def test_of_a_user_s_own_pictures_as_they_are_now(tmp_path: Path) -> None:
    for number, name in enumerate(("cat", "dog")):
        (tmp_path / name).mkdir()
        for one in range(8):
            Image.new("RGB", (48, 40), (200, 100 * number, 10 * one)).save(tmp_path / name / f"{one}.png")
    card = replace(cards.find("cifar-cnn"), data_set=str(tmp_path), labels=("cat", "dog"), classes=2, input=(24, 24, 3))
    tests = OwnTests()
    for _ in range(8):
        image, words = tests.pick(card)
        assert image.shape == (24, 24, 3)
        assert words.endswith("labelled cat" if image[0, 0, 1] == 0 else "labelled dog")
    assert image[0, 0, 0] == np.float32(200 / 255)
    for path in tmp_path.glob("*/*.png"):
        Image.new("RGB", (48, 40), (50, 60, 70)).save(path)
    assert tests.pick(card)[0][0, 0, 0] == np.float32(50 / 255)


def test_a_net_of_pairs_gets_two_of_its_own_data_as_it_learnt_them(tmp_path: Path) -> None:
    """Images of 20 pixels on a ground of 28: MNIST's 28 pixels would have had no room."""
    images = np.zeros((40, 20, 20), np.uint8)
    images[::2, 4:16, 4:8] = 255
    images[1::2, 4:8, 4:16] = 255
    labels = np.arange(40) % 2
    np.savez(tmp_path / "own.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    card = replace(cards.find("multi-capsnet"), data_set=str(tmp_path / "own.npz"), input=(28, 28, 1))
    both, words = OwnTests().pair(card)
    assert both.picture is not None
    assert both.picture.shape == (28, 28)
    assert both.picture.sum() == pytest.approx(96, abs=16)  # what lies over one another is counted once
    assert "a 0" in words
    assert "a 1" in words
    with pytest.raises(CapsDrawError, match="not the 27 × 27"):
        OwnTests().pair(replace(card, input=(27, 27, 1)))
