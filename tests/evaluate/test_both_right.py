"""How often both of two digits are read."""

from dataclasses import replace

import numpy as np
import pytest

from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate import both_right
from capsdraw.ink.intake import PAIRS
from capsdraw.ink.raster import from_bytes
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


def test_answers_that_are_no_numbers_are_refused() -> None:
    model = Fixed()
    model.scores = lambda images: np.full((len(images), 10), np.nan, np.float32)  # type: ignore[method-assign]
    with pytest.raises(CapsDrawError, match="its answers are no numbers"):
        both_right.evaluate_pairs(model, both_right.pairs_for(CARD, data()), "made")


def test_images_of_another_size_are_refused_in_one_line() -> None:
    with pytest.raises(CapsDrawError, match="not the 36 × 36"):
        both_right.pairs_for(CARD, data(32 + 5))


def scored(*pairs_and_scores: tuple[tuple[int, int], dict[int, float]]) -> both_right.PairEvaluation:
    """A result of four classes, by hand."""
    scores = np.zeros((len(pairs_and_scores), 4), np.float32)
    for own, (_, said) in zip(scores, pairs_and_scores, strict=True):
        own[list(said)] = list(said.values())
    labels = np.array([labels for labels, _ in pairs_and_scores])
    return both_right.PairEvaluation("net", "made", labels, scores, 0.1)


def test_what_each_digit_was_taken_for() -> None:
    result = scored(
        ((2, 0), {0: 0.9, 2: 0.8}),  # both
        ((1, 0), {1: 0.7, 3: 0.6}),  # 3 in the place of 0
        ((3, 1), {0: 0.5, 3: 0.4}),  # 0 in the place of 1
        ((0, 1), {3: 0.9, 2: 0.85}),  # neither
    )
    assert result.taken.tolist() == [[2, 0], [1, 3], [3, 0], [3, 2]]
    assert result.right.tolist() == [True, False, False, False]
    wanted = np.zeros((4, 4), int)
    for true, read in [(2, 2), (0, 0), (1, 1), (0, 3), (3, 3), (1, 0), (0, 3), (1, 2)]:
        wanted[true, read] += 1
    assert result.confusion.tolist() == wanted.tolist()
    # Each class is counted once in every pair that holds it, and once in every pair in which it was read.
    assert [(own.count, own.recall, own.precision) for own in result.by_class] == [
        (3, 1 / 3, 1 / 2), (3, 1 / 3, 1.0), (1, 1.0, 1 / 2), (1, 1.0, 1 / 3)
    ]  # fmt: skip
    assert result.cell(0, 3).tolist() == [1, 3]
    assert result.cell(3, 3).tolist() == [2]
    assert result.misread.tolist() == [3, 1, 2]
    assert result.confidence == pytest.approx([0.8, 0.6, 0.4, 0.85])
    names = ["a", "b", "c", "d"]
    assert [result.told(index, names) for index in range(4)] == [
        ("a + c", "a + c"), ("a + b", "d + b"), ("b + d", "a + d"), ("a + b", "d + c")
    ]  # fmt: skip
    assert sum(own.count for own in result.calibration.bins) == 4


def test_pictures_are_what_the_net_saw() -> None:
    both = both_right.pairs_for(CARD, data()).first(300)
    shown = both_right.pictures(both)
    assert (shown.shape, shown.dtype) == ((300, 36, 36), np.uint8)
    assert np.array_equal(from_bytes(shown), both.images()[..., 0])


def test_classes_are_told_by_their_names_where_they_have_some() -> None:
    """A collection of three classes numbers a 3 as 0; the net knows it as 3."""
    images = np.full((60, 28, 28), 200, np.uint8)
    labels = (np.arange(60) % 2).astype(np.uint8)
    named = Data("own", images[:0], labels[:0], images, labels, ("3", "8"))
    fitted, both = both_right.fitted_pairs(CARD, named)
    assert set(np.unique(both.labels)) == {3, 8}
    assert both_right.evaluate_pairs(Fixed(), both, fitted.name).errors == 0
    other = Data("own", images[:0], labels[:0], images, labels, ("3", "A"))
    with pytest.raises(CapsDrawError, match="has images of 'A'"):
        both_right.fitted_pairs(replace(CARD, labels=tuple("0123456789")), other)


def test_every_mistake_is_told_the_surest_first() -> None:
    result = scored(((0, 1), {0: 0.9, 1: 0.8}), ((0, 2), {0: 0.9, 3: 0.5}), ((1, 2), {3: 0.9, 1: 0.7}))
    assert result.to_json()["mistakes"] == [
        {"index": 2, "true": [1, 2], "read": [3, 1], "score": pytest.approx(0.7)},
        {"index": 1, "true": [0, 2], "read": [0, 3], "score": pytest.approx(0.5)},
    ]
