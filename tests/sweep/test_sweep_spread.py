"""What the window's pictures of a sweep are drawn from: points along a field, and how far it is."""

from pathlib import Path

import pytest

from capsdraw.fit.events import BatchEnded, EpochEnded
from capsdraw.sweep import sweep_pace
from capsdraw.sweep.supervisor import SweepNews
from capsdraw.sweep.sweep_pace import SweepPace
from capsdraw.sweep.sweep_results import FitResult, FitState
from capsdraw.sweep.sweep_spread import colour_field, spread_over, values_along
from capsdraw.sweep.varied import Value


def result(error: float | None, done: int = 4, status: FitState = FitState.FINISHED, **values: Value) -> FitResult:
    return FitResult(
        run=Path("run"), title="", values=values, status=status, epochs=4, epochs_done=done,
        held_out_error_percent=error,
    )  # fmt: skip


RESULTS = [
    result(4.0, recipe="mlp", routing=10, seed=1),
    result(5.0, recipe="mlp", routing=10, seed=2),
    result(3.0, recipe="mlp", routing=2, seed=1),
    result(1.0, recipe="capsnet", routing=10, seed=1),
    result(None, recipe="capsnet", routing=2, seed=1, done=0, status=FitState.WAITING),
]


def test_seeds_are_one_point_and_other_fields_a_line_each() -> None:
    mlp, capsnet = spread_over("routing", RESULTS)
    assert (mlp.values, capsnet.values) == ({"recipe": "mlp"}, {"recipe": "capsnet"})
    assert [(point.value, point.numbers, point.errors) for point in mlp.points] == [
        (2, (2,), (3.0,)),
        (10, (0, 1), (4.0, 5.0)),
    ]
    assert mlp.points[1].mean == 4.5
    assert [point.numbers for point in capsnet.points] == [(3,)]  # the other has no error yet


def test_what_is_not_finished_is_seen_and_does_not_count() -> None:
    fits = [result(4.0, rate=1, seed=1), result(9.0, 1, FitState.RUNNING, rate=1, seed=2)]
    fits.append(result(9.0, 1, FitState.STOPPED, rate=2, seed=1))
    first, second = spread_over("rate", fits)[0].points
    assert (first.errors, first.finished, first.counted, first.mean) == ((4.0, 9.0), (True, False), (4.0,), 4.0)
    assert (second.errors, second.counted, second.mean) == ((9.0,), (), None)


def test_words_stand_as_in_the_sweep_and_numbers_by_size() -> None:
    assert values_along("routing", RESULTS) == [2, 10]
    assert values_along("recipe", RESULTS) == ["mlp", "capsnet"]
    assert values_along("nothing", RESULTS) == []


def test_colours_tell_nets_apart_or_what_is_no_seed() -> None:
    assert colour_field(["seed", "routing", "recipe"]) == "recipe"
    assert colour_field(["seed", "routing"]) == "routing"
    assert colour_field(["seed"]) == "seed"


def test_the_time_left_follows_from_what_was_done_since_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(sweep_pace.time, "monotonic", lambda: clock[0])
    waiting = [result(None, 0, FitState.WAITING, seed=seed) for seed in (1, 2)]
    pace = SweepPace([result(1.0, seed=0), *waiting])
    assert (pace.ended, pace.seconds_left()) == ({0}, None)
    running = result(None, 0, FitState.RUNNING, seed=1)
    clock[0] = 110.0
    pace.add(SweepNews(1, running, BatchEnded(1, 4, 5, 10, None, None, {})))
    # Half an epoch of the eight that were to be done took ten seconds.
    assert pace.seconds_left() == pytest.approx(150.0)
    assert pace.under_way == {1}
    pace.add(SweepNews(1, running, EpochEnded(4, 4, {}, 1.0, None, True)))
    pace.add(SweepNews(1, result(2.0, seed=1)))
    assert (pace.ended, pace.under_way, sum(pace.done)) == ({0, 1}, set(), 8.0)
    # One that lost its worker, and one that goes on after a rest, are not at their ends.
    pace.add(SweepNews(2, result(2.0, 1, FitState.STOPPED, seed=2)))
    pace.add(SweepNews(2, result(2.0, 1, FitState.RUNNING, seed=2)))
    assert pace.ended == {0, 1}
