"""The finder: a planted set is found, luck is called luck, and a difference everywhere is not pinned on one set."""

from typing import Any

import numpy as np
import pytest

from capsdraw.datasets.monitor import Cancelled
from capsdraw.datasets.sampling import draw
from capsdraw.errors import CapsDrawError
from capsdraw.evaluate.sets import Report, SetVerdict, find

IMAGES, CLASSES, EACH, SETS = 2000, 10, 10, 300


def made(seed: int, *rates: float) -> tuple[Any, Any, Any]:
    """Answers with errors at these rates, each independent of all others; labels; drawn sets."""
    random = np.random.default_rng(seed)
    right = random.random((len(rates), IMAGES)) >= np.array(rates)[:, None]
    labels = np.arange(IMAGES) % CLASSES
    return right, labels, draw(labels, EACH, SETS, seed)


def verdicts(report: Report) -> list[SetVerdict]:
    return [one.verdict for pair in report.pairs for one in pair.top_sets]


def count_seeds(wanted: Any, *rates: float) -> int:
    return sum(bool(wanted(find(*made(seed, *rates), shuffles=500, seed=seed))) for seed in range(100))


@pytest.mark.slow
@pytest.mark.parametrize("rates", [(0.1, 0.1), (0.01, 0.01), (0.3, 0.3, 0.3)])
def test_identical_models_give_no_signal(rates: tuple[float, ...]) -> None:
    """A teacher who compares a model with itself, retrained, must not be sent to look for reasons."""
    assert count_seeds(lambda report: not report.signal, *rates) >= 94


@pytest.mark.slow
def test_models_that_differ_everywhere_are_not_said_to_differ_on_one_set() -> None:
    def everywhere(report: Report) -> bool:
        [pair] = report.pairs
        return pair.differ and {one.verdict for one in pair.top_sets} == {SetVerdict.EVERYWHERE}

    assert count_seeds(everywhere, 0.05, 0.2) >= 94


@pytest.mark.slow
def test_an_even_difference_is_pinned_on_a_set_no_oftener_than_the_level_allows() -> None:
    """Half of 5%, 5 of 200 seeds on average; more than 13 would be an accident of one in a thousand."""
    found = [find(*made(seed, 0.05, 0.2), shuffles=20, keep=1) for seed in range(200)]
    assert sum(SetVerdict.HERE in verdicts(report) for report in found) <= 13


@pytest.mark.parametrize("seed", range(10))
def test_a_set_on_which_the_worse_model_leads_is_found(seed: int) -> None:
    """Its lead is no larger than the better model's on any other set: it is where that lead is missing."""
    right, labels, sets = made(seed, 0.05, 0.2)
    planted, random = sets[123], np.random.default_rng((seed, 1))
    right[0, planted] = random.random(len(planted)) >= 0.2
    right[1, planted] = random.random(len(planted)) >= 0.05
    [pair] = find(right, labels, sets, shuffles=500, seed=seed).pairs
    [here] = [one for one in pair.top_sets if one.verdict == SetVerdict.HERE]
    assert here.number == 123
    assert pair.differ
    assert here.expected > 10 > 0 > here.difference
    # The largest differences are told of as ever, and before it.
    sizes = [abs(one.difference) for one in pair.top_sets]
    assert len(sizes) in (10, 11)
    assert sizes == sorted(sizes, reverse=True)


def test_a_lead_is_not_explained_by_one_that_goes_the_other_way() -> None:
    """Copies of one set: a single look for coins, a thousand for the stricter count, which so does not see it."""
    right = np.ones((2, 4000), bool)
    right[0, :12] = right[0, 1000:1200] = False  # 12 of them on the set
    right[1, 2000:2320] = False
    [pair] = find(right, np.zeros(4000, np.int64), np.tile(np.arange(100), (1000, 1)), keep=1).pairs
    [best] = pair.top_sets
    assert pair.differ
    assert best.expected > 0 > best.difference
    assert best.same_p < 0.05 < best.even_p
    assert best.verdict == SetVerdict.LUCK


def test_the_best_set_promises_more_than_the_rest_of_the_pool_holds() -> None:
    right, labels, sets = made(2, 0.05, 0.2)
    [pair] = find(right, labels, sets).pairs
    assert pair.overall_p < 1e-6
    assert pair.expected == pytest.approx(100 * (right[0].mean() - right[1].mean()))
    assert pair.top_sets[0].difference > pair.top_sets[0].elsewhere + 5


@pytest.mark.parametrize("seed", range(10))
def test_a_planted_set_is_found_though_both_models_err_as_often_in_all(seed: int) -> None:
    right, labels, sets = made(seed, 0.05, 0.05)
    planted = sets[123]
    random = np.random.default_rng((seed, 1))
    lost = random.choice(planted[right[1, planted]], 35, replace=False)
    right[0, lost], right[1, lost] = True, False
    # As many are given back elsewhere.
    others = np.setdiff1d(np.flatnonzero(right[0]), planted)
    right[0, random.choice(others, 35, replace=False)] = False
    [pair] = find(right, labels, sets).pairs
    best = pair.top_sets[0]
    assert best.number == 123
    assert best.verdict == SetVerdict.HERE
    assert set(lost) <= set(best.first_only)
    assert not pair.differ
    assert best.elsewhere < 0
    assert SetVerdict.HERE not in [one.verdict for one in pair.top_sets[1:]]


def test_a_set_is_found_where_alone_the_models_differ() -> None:
    right, labels, sets = made(3, 0.05, 0.05)
    right[1] = right[0]
    right[1, sets[7][right[0, sets[7]]][:20]] = False
    best = find(right, labels, sets).pairs[0].top_sets[0]
    assert (best.number, best.verdict, best.difference) == (7, SetVerdict.HERE, 20)


def test_among_three_models_the_planted_pair_is_named() -> None:
    right, labels, sets = made(4, 0.05, 0.05, 0.05)
    right[2, sets[50][:60]] = False
    report = find(right, labels, sets)
    found = {(pair.first, pair.second): pair.top_sets[0] for pair in report.pairs}
    assert set(found) == {(0, 1), (0, 2), (1, 2)}
    assert found[0, 1].verdict == SetVerdict.LUCK
    assert found[0, 2].verdict == found[1, 2].verdict == SetVerdict.HERE
    assert found[0, 2].number == found[1, 2].number == 50


def test_figures_are_those_of_a_plain_count() -> None:
    right, labels, sets = made(5, 0.1, 0.15)
    [pair] = find(right, labels, sets, keep=SETS).pairs
    plain = [int(right[0, one].sum() - right[1, one].sum()) for one in sets]
    assert pair.differences.tolist() == plain
    sizes = [abs(one.difference) for one in pair.top_sets]
    assert sizes == sorted(map(abs, plain), reverse=True)
    assert sorted(one.number for one in pair.top_sets) == list(range(SETS))
    for one in pair.top_sets:
        assert one.difference == plain[one.number] == len(one.first_only) - len(one.second_only)
        assert right[0, one.first_only].all()
        assert not right[1, one.first_only].any()
        assert right[1, one.second_only].all()
        assert set(one.first_only) | set(one.second_only) <= set(one.images) == set(sets[one.number])
        rest = np.setdiff1d(np.arange(IMAGES), one.images)
        assert one.elsewhere == pytest.approx(100 * (right[0, rest].mean() - right[1, rest].mean()))


def test_the_spread_told_is_the_spread_there_is() -> None:
    right, labels, _ = made(6, 0.1, 0.15)
    [pair] = find(right, labels, draw(labels, EACH, 4000, 6), shuffles=200).pairs
    assert pair.differences.mean() == pytest.approx(pair.expected, abs=0.2)
    assert pair.differences.std() == pytest.approx(pair.deviation, rel=0.05)
    low, high = pair.largest_if_even
    assert low <= high <= 40
    assert low - 3 <= np.abs(pair.differences).max() <= high + 3


def test_sets_of_any_composition_can_be_compared() -> None:
    """Thick strokes only, say: not drawn, and not balanced."""
    right, labels, sets = made(7, 0.1, 0.1)
    sets = np.sort(np.random.default_rng(7).permuted(np.tile(np.arange(IMAGES), (40, 1)), axis=1)[:, :50])
    [pair] = find(right, labels, sets).pairs
    assert pair.expected == pytest.approx(50 * (right[0].mean() - right[1].mean()), abs=0.5)
    assert all(0 < one.even_p <= 1 for one in pair.top_sets)


def test_the_same_seed_gives_the_same_report() -> None:
    one, same = (find(*made(8, 0.1, 0.12), seed=4) for _ in range(2))
    assert [x.same_p for x in one.pairs[0].top_sets] == [x.same_p for x in same.pairs[0].top_sets]


def test_too_few_models_or_shuffles_are_refused() -> None:
    right, labels, sets = made(9, *[0.1] * 5)
    with pytest.raises(CapsDrawError, match="received 1 models to compare: choose two or more"):
        find(right[:1], labels, sets)
    with pytest.raises(CapsDrawError, match="100 shuffles cannot tell luck from signal for 10 pairs"):
        find(right, labels, sets, shuffles=100)


def test_progress_is_told_and_a_stop_is_heard() -> None:
    told: list[tuple[int, int]] = []
    problem = made(10, 0.1, 0.1, 0.1)
    find(*problem, progress=lambda *heard: told.append(heard))
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(Cancelled):
        find(*problem, cancelled=lambda: True)
