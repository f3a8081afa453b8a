"""The figures of the evaluation, against scikit-learn, SciPy and plain counts."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from capsdraw.evaluate import metrics


def answers(seed: int, count: int = 700, classes: int = 6) -> tuple[Any, Any]:
    """Labels, and scores that often favour them; neither the last class nor class 1 is ever read."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes - 1, count)
    scores = random.random((count, classes)) * 0.6
    scores[np.arange(count), labels] += 0.3
    scores[:, [1, classes - 1]] = 0
    return labels, scores.astype(np.float32)


@given(st.integers(1, 20_000), st.floats(0, 1), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_interval_is_wilson_s(total: int, part: float, level: float) -> None:
    count = round(part * total)
    low, high = metrics.wilson(count, total, level)
    expected = binomtest(count, total).proportion_ci(level, "wilson")
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert 0 <= low <= count / total <= high <= 1


def test_no_errors_at_all_are_not_taken_for_certainty() -> None:
    low, high = metrics.wilson(0, 100)
    assert low == 0
    assert 0.03 < high < 0.04


@pytest.mark.parametrize("seed", range(5))
def test_confusion_and_classes_agree_with_scikit_learn(seed: int) -> None:
    labels, scores = answers(seed)
    read = scores.argmax(1)
    counts = metrics.confusion(labels, read, 6)
    assert np.array_equal(counts, confusion_matrix(labels, read, labels=range(6)))
    expected = precision_recall_fscore_support(labels, read, labels=range(6), zero_division=np.nan)
    found = metrics.by_class(counts)
    for one, precision, recall, f1, count in zip(found, *expected, strict=True):
        assert one.count == count
        for own, theirs in ((one.precision, precision), (one.recall, recall), (one.f1, f1)):
            assert (np.nan if own is None else own) == pytest.approx(theirs, nan_ok=True)
    assert found[1].precision is None
    assert found[1].recall == 0
    assert found[5].recall is None


def test_mistakes_come_with_the_most_confident_first() -> None:
    labels, scores = answers(7)
    found = metrics.mistakes(labels, scores)
    read = scores.argmax(1)
    assert sorted(one.index for one in found) == np.flatnonzero(read != labels).tolist()
    for one in found:
        assert (one.true, one.read) == (labels[one.index], read[one.index])
        assert one.score == scores[one.index].max()
    sure = [one.score for one in found]
    assert sure == sorted(sure, reverse=True)


@pytest.mark.parametrize("seed", range(5))
def test_calibration_agrees_with_scikit_learn_and_a_plain_count(seed: int) -> None:
    random = np.random.default_rng(seed)
    sure = random.random(3000) * 0.7 + 0.3  # the first bins stay empty
    sure[:40] = 0.5  # on an edge
    right = random.random(3000) < sure**2
    found = metrics.calibration(sure, right)
    rates, means = calibration_curve(right, sure, n_bins=10)
    filled = [one for one in found.bins if one.count]
    assert [one.right for one in filled] == pytest.approx(list(rates))
    assert [one.confidence for one in filled] == pytest.approx(list(means))
    error = 0.0
    for one in found.bins:
        here = (sure > one.low) & (sure <= one.high)
        assert one.count == here.sum()
        if here.any():
            error += here.mean() * abs(right[here].mean() - sure[here].mean())
    assert found.error == pytest.approx(error)
    assert 0.1 < found.error < 0.4


def test_a_model_that_is_right_as_often_as_it_says_is_calibrated() -> None:
    random = np.random.default_rng(0)
    sure = random.random(200_000)
    assert metrics.calibration(sure, random.random(200_000) < sure).error < 0.01
    always = metrics.calibration(np.ones(50), np.ones(50, bool))
    assert always.error == 0
    assert always.bins[-1].count == 50


def test_the_confidence_of_a_capsule_net_is_its_longest_capsule() -> None:
    """Whatever else is there: lengths do not share one whole."""
    lengths = np.array([[0.9, 0.85, 0.1], [0.05, 0.02, 0.3]], np.float32)
    assert metrics.confidence(lengths) == pytest.approx([0.9, 0.3])
