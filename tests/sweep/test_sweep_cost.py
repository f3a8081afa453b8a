"""How many at once, how long, how much: said before anything starts."""

import threading
from dataclasses import replace
from types import SimpleNamespace

import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import Cancelled
from capsdraw.fit import recipes
from capsdraw.fit.adapt import adapted
from capsdraw.fit.cost import Estimate
from capsdraw.sweep import sweep_cost, timing
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_cost import TimedPlans, forecast, makespan

from .conftest import Write, begun

GB = 1 << 30


def machine(
    monkeypatch: pytest.MonkeyPatch, cores: int, free: int, asked: list[int] | None = None, least: int = 1
) -> None:
    """A fit takes 10 s an epoch, 1 GB, and 5 s until it begins."""

    def timed(fits: list[PlannedFit], others: list[PlannedFit], _: int, __: object) -> TimedPlans:
        if asked is not None:
            asked.extend((len(fits), len(others)))
        one = Estimate(1.0, 1.0, 1.0, 1.0, 1.0, 20, 200, 0, GB // 2, 200)
        epochs = (least,) * (len(fits) + len(others))
        return TimedPlans(estimates=(one,) * len(fits), epochs=epochs, base=GB // 2, ready=4.0)

    monkeypatch.setattr(sweep_cost, "cores", lambda: cores)
    monkeypatch.setattr(sweep_cost, "_timed", timed)
    monkeypatch.setattr(sweep_cost.psutil, "virtual_memory", lambda: SimpleNamespace(available=free))


def test_ends_are_reckoned_as_processes_become_free() -> None:
    assert makespan([10, 10, 10], 1) == 30
    assert makespan([10, 10, 10], 2) == 20
    assert makespan([30, 10, 10], 2) == 30
    assert makespan([5], 8) == 5


@pytest.mark.parametrize(
    ("cores", "free", "threads", "processes"),
    [(16, 64 * GB, 1, 6), (4, 64 * GB, 1, 4), (16, 64 * GB, 4, 4), (16, 3 * GB, 1, 2), (1, GB // 4, 1, 1)],
)
def test_as_many_at_once_as_cores_and_memory_allow(
    cores: int, free: int, threads: int, processes: int, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(monkeypatch, cores, free)
    sweep = begun(write("seed = [1, 2, 3, 4, 5, 6]", head=f"threads = {threads}"))
    cost = forecast(sweep, sweep.fits)
    assert (cost.fits, cost.processes, cost.threads) == (6, processes, threads)
    assert cost.memory == processes * GB
    assert cost.seconds == -(-6 // processes) * 35


def test_seeds_and_rates_cost_the_same_and_are_timed_once(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    machine(monkeypatch, 2, 64 * GB, asked)
    sweep = begun(write("seed = [1, 2]\nlearning_rate = [0.01, 0.001]\nbatch = [25, 50]"))
    forecast(sweep, sweep.fits)
    many = begun(write("options.hidden = {from = 1, to = 40, step = 1}"))
    assert forecast(many, many.fits, 3).processes == 3
    assert asked == [2, 0, 6, 34]


def test_of_few_images_the_epochs_are_reckoned_that_are_trained(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep on a hundred pictures took five times as long as was said, for its fits have more epochs."""
    machine(monkeypatch, 1, 64 * GB, least=9)
    sweep = begun(write("seed = [1, 2]", epochs=3))
    assert forecast(sweep, sweep.fits).seconds == 2 * 95
    sweep = begun(write("seed = [1, 2]", epochs=12))
    assert forecast(sweep, sweep.fits).seconds == 2 * 125


def test_of_few_images_a_plan_has_the_epochs_that_its_fits_are_given() -> None:
    images, labels = synthetic.digits(60, 1)
    recipe = replace(recipes.load("mlp"), data="few.npz", strokes=0, epochs=8)
    fitted = adapted(recipe, Data("few", images[:50], labels[:50], images[50:], labels[50:])).recipe
    assert timing._least(recipe, fitted) == fitted.epochs == 38
    assert timing._least(recipe, recipe) == 1


def test_with_early_stopping_both_ends_are_said(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, 1, 64 * GB)
    sweep = begun(write(head="early_stopping = {first = 1}", epochs=9))
    cost = forecast(sweep, sweep.fits)
    assert (cost.least, cost.seconds) == (2 * 15, 2 * 95)


def test_who_does_not_wait_any_more_has_the_timing_ended(write: Write) -> None:
    sweep, enough = begun(write()), threading.Event()
    enough.set()
    with pytest.raises(Cancelled):
        forecast(sweep, sweep.fits, enough=enough)
