"""The statistics of luck, against SciPy, plain counting and plain repetition."""

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, multivariate_hypergeom

from capsdraw.evaluate import luck


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_the_binomial_test_of_the_discordant_images(first: int, second: int) -> None:
    expected = binomtest(first, first + second).pvalue if first + second else 1.0
    assert luck.mcnemar(first, second) == pytest.approx(expected, rel=1e-9)


def test_mcnemar_of_thousands_is_still_a_number() -> None:
    assert luck.mcnemar(3000, 3000) == 1
    assert 0 < luck.mcnemar(3000, 2500) < 1e-9


def test_holm_s_steps() -> None:
    """0.01 × 4, 0.02 × 3, 0.03 × 2, and never less than the one before."""
    assert luck.holm([0.03, 0.01, 0.9, 0.02]) == pytest.approx([0.06, 0.04, 0.9, 0.06])
    assert luck.holm([0.04]) == [0.04]


def test_the_even_spread_is_that_of_all_choices_there_are() -> None:
    """Two classes of six and five images; every set of 3 and 2 of them, counted."""
    differences = np.array([1, 1, -1, 0, 0, 0, 1, -1, -1, 0, 0])
    labels = np.array([0] * 6 + [1] * 5)
    sums = [
        differences[[*first, *second]].sum()
        for first, second in product(combinations(range(6), 3), combinations(range(6, 11), 2))
    ]
    found = luck.even_spread(differences, labels, np.array([3, 2]))
    for value, chance in zip(found.values, found.chances, strict=True):
        assert chance == pytest.approx(np.mean(np.array(sums) == value), abs=1e-12)
    assert found.mean == pytest.approx(np.mean(sums))
    assert found.deviation == pytest.approx(np.std(sums))
    far = np.abs(np.array(sums) - np.mean(sums))
    assert found.as_far(3) == pytest.approx(np.mean(far >= 3 - np.mean(sums) - 1e-9))
    assert found.within(1) == pytest.approx(np.mean(np.abs(sums) <= 1))


def test_the_even_spread_of_a_class_is_hypergeometric() -> None:
    differences = np.repeat([1, -1, 0], [40, 25, 835])
    found = luck.even_spread(differences, np.zeros(900, int), np.array([50]))
    expected = np.zeros(101)
    for up, down in product(range(41), range(26)):
        if up + down <= 50:
            expected[up - down + 50] += multivariate_hypergeom.pmf([up, down, 50 - up - down], [40, 25, 835], 50)
    assert found.chances == pytest.approx(expected, abs=1e-9)
    assert found.values.tolist() == list(range(-50, 51))


def test_the_largest_of_many_drawn_sets_is_as_large_as_it_is_in_fact() -> None:
    differences = np.repeat([1, -1, 0], [30, 20, 150])
    spread = luck.even_spread(differences, np.zeros(200, int), np.array([20]))
    random = np.random.default_rng(0)
    largest = [
        max(abs(differences[random.permutation(200)[:20]].sum()) for _ in range(50)) for _ in range(400)
    ]  # fmt: skip
    for part in (0.5, 0.95):
        assert luck.largest_if_even([spread] * 50, part) == pytest.approx(np.quantile(largest, part), abs=1)


def test_coins_on_sets_that_share_no_image_give_the_largest_of_binomials() -> None:
    differences, sets = np.ones(40, int), np.arange(40).reshape(4, 10)
    found = luck.largest_if_same(differences, sets, 20_000, np.random.default_rng(1))
    one = np.abs(2 * np.random.default_rng(2).binomial(10, 0.5, (20_000, 4)) - 10)
    for value in (2, 4, 6, 8):
        assert np.mean(found >= value) == pytest.approx(np.mean(one.max(1) >= value), abs=0.02)


def test_sets_that_are_the_same_are_one_look_not_many() -> None:
    """A correction that takes copies of a set for new evidence would drown every signal."""
    differences = np.repeat([1, 0], [10, 90])
    once = luck.largest_if_same(differences, np.arange(20)[None], 4000, np.random.default_rng(3))
    copies = luck.largest_if_same(differences, np.tile(np.arange(20), (500, 1)), 4000, np.random.default_rng(3))
    assert np.array_equal(once, copies)


def test_models_that_answer_alike_show_nothing_and_a_stop_is_heard() -> None:
    sets = np.arange(20)[None]
    assert not luck.largest_if_same(np.zeros(20, int), sets, 300, np.random.default_rng(0)).any()

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        luck.largest_if_same(np.ones(20, int), sets, 300, np.random.default_rng(0), stop)
