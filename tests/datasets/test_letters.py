"""Letters that the app draws itself: data of 26 classes by name, seeded, in MNIST's form."""

import numpy as np
import pytest

from capsdraw.datasets import letters, stamp
from capsdraw.datasets.opening import open_data
from capsdraw.datasets.sources import CAPITALS, KNOWN, SHAPES
from capsdraw.ink.intake import DIGITS
from capsdraw.ui.data_field import at_hand


def test_a_seed_s_row_of_letters_is_always_the_same() -> None:
    images, labels = letters.letters_at(range(60), 7)
    assert (images.shape, images.dtype, labels.dtype) == ((60, 28, 28), np.uint8, np.uint8)
    assert labels.tolist() == [number % 26 for number in range(60)]
    assert np.array_equal(images[52:], letters.letters_at(range(52, 60), 7)[0])
    assert not np.array_equal(images, letters.letters_at(range(60), 8)[0])
    assert len(np.unique(images.reshape(60, -1), axis=0)) == 60


def test_as_data_they_have_names_and_strangers_to_be_tested_on(monkeypatch: pytest.MonkeyPatch) -> None:
    data = letters.data(52, 26)
    assert (data.labels, data.classes, data.shape) == (CAPITALS, 26, (28, 28, 1))
    assert SHAPES["synthetic-letters"] == (data.shape, data.classes)
    assert not data.are_digits
    assert data.label(17) == "R"
    assert not set(map(bytes, data.train_images)) & set(map(bytes, data.test_images))
    monkeypatch.setattr(letters, "data", lambda train=52, watch=None: data)  # noqa: ARG005
    opened = open_data("synthetic-letters")
    assert opened.pictures == DIGITS
    assert np.array_equal(opened.test_images, data.test_images)


def test_they_are_there_without_a_file_and_never_change() -> None:
    assert "synthetic-letters" in KNOWN
    assert at_hand("synthetic-letters")
    assert stamp.of("synthetic-letters") == frozenset()
