"""Images whose rows and columns are exchanged are told by a net that reads them far better the other way round."""

import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.measured import intake_of
from capsdraw.nets import orientation

IMAGES, LABELS = synthetic.digits(60, 3)


def data(images: np.ndarray, labels: np.ndarray = LABELS, name: str = "own") -> Data:
    return Data(name, images, labels, images[:0], labels[:0], (), intake_of(images))


@pytest.mark.parametrize("light", [False, True])
@pytest.mark.parametrize("padded", [0, 6])
def test_exchanged_digits_are_told(light: bool, padded: int) -> None:
    """Case 10: 341 of 400 wrong, and no word of it."""
    images = np.pad(IMAGES, ((0, 0), (padded, padded), (padded, padded)))
    images = 255 - images if light else images
    assert orientation.doubt(data(images), "own.npz") == ""
    why = orientation.doubt(data(np.ascontiguousarray(images.swapaxes(1, 2))), "own.npz")
    assert "rows and columns exchanged" in why
    assert "--transposed" in why


def test_emnist_s_letters_are_told_by_their_name() -> None:
    """No bundled net reads letters."""
    random = np.random.default_rng(0)
    classes = np.where(LABELS == 9, 26, LABELS + 1).astype(np.uint8)
    letters = data(IMAGES[random.permutation(60)], classes, "emnist-letters")
    assert "EMNIST's images are stored" in orientation.doubt(letters, "gzip/emnist-letters")
    assert orientation.doubt(letters, "gzip/emnist-letters", transposed=True) == ""


def test_what_no_net_reads_either_way_is_left_alone() -> None:
    random = np.random.default_rng(1)
    assert orientation.doubt(data(IMAGES, random.permutation(LABELS)), "kuzushiji.npz") == ""
    assert orientation.doubt(data(IMAGES[:5], LABELS[:5]), "few.npz") == ""
