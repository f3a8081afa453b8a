"""How often both of two digits are read."""

import numpy as np
import pytest

from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate import both_right
from capsdraw.ink.intake import PAIRS
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind

CARD = Card(
    name="pairs", title="Pairs", kind=NetKind.CAPSULE, input=(36, 36, 1), classes=10, parameters=1, recipe="",
    data="", epochs=1, seed=1, test_error_percent=None, test_images=0, sha256="0" * 64, pictures=PAIRS,
)  # fmt: skip


class Fixed:
    """Says the same of everything."""

    name, classes = "fixed", 10

    def scores(self, images: np.ndarray) -> np.ndarray:
        assert images.shape[1:] == (36, 36, 1)
        said = np.zeros((len(images), 10), np.float32)
        said[:, 3], said[:, 8] = 0.6, 0.9
        return said


def data(side: int = 28) -> Data:
    images = np.full((600, side, side), 200, np.uint8)
    labels = (np.arange(600) % 10).astype(np.uint8)
    return Data("made", images[:0], labels[:0], images, labels)


def test_both_must_be_right_in_whatever_order() -> None:
    both = both_right.pairs_for(CARD, data())
    result = both_right.evaluate_pairs(Fixed(), both, "made")
    wanted = [len({3, 8} & set(pair)) for pair in both.labels.tolist()]
    assert result.found.tolist() == wanted
    assert result.errors == sum(count < 2 for count in wanted)
    assert 0 < result.errors < 600
    low, high = result.interval_percent
    assert low < result.error_percent < high
    assert (result.read == [8, 3]).all()


def test_images_of_another_size_are_refused_in_one_line() -> None:
    with pytest.raises(CapsDrawError, match="not the 36 × 36"):
        both_right.pairs_for(CARD, data(32 + 5))
