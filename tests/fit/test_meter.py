"""Speed and time left are those of the fit, not of the compiler, of full batches or of a pause."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsdraw.fit import listener, loop
from capsdraw.fit.control import Control
from capsdraw.fit.events import BatchEnded, EpochEnded, Event
from capsdraw.fit.meter import CHECK, Meter
from capsdraw.fit.plan import Plan

from .conftest import IMAGES, LABELS, RECIPE


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def train(meter: Meter, clock: Clock, done: int, seconds: float) -> None:
    clock.now += seconds
    meter.trained(done)


def test_batches_that_were_compiled_for_are_not_counted() -> None:
    clock = Clock()
    meter = Meter(230, 100, 0, 250, clock=clock)
    train(meter, clock, 1, 20.0)
    assert (meter.images_per_second, meter.left(4)) == (None, None)
    train(meter, clock, 2, 0.5)
    assert meter.images_per_second == pytest.approx(200)
    # The last batch is smaller: it is compiled for too, and has 30 images.
    train(meter, clock, 3, 15.0)
    assert meter.images_per_second == pytest.approx(200)
    assert meter.left(4) == pytest.approx(4 * 230 / 200)
    meter.begin(0)
    train(meter, clock, 1, 0.5)
    assert meter.left(3) == pytest.approx((3 * 230 + 130) / 200)


def test_an_epoch_of_fewer_images_than_a_batch_has_only_these() -> None:
    clock = Clock()
    meter = Meter(350, 4000, 0, 250, clock=clock)
    for _ in range(2):
        meter.begin(0)
        train(meter, clock, 1, 1.0)
    assert meter.images_per_second == pytest.approx(350)


def test_checks_to_come_are_reckoned_and_that_of_a_mean_too() -> None:
    clock = Clock()
    meter = Meter(1000, 100, 500, 250, checks=1, clock=clock)
    for done in range(1, 11):
        train(meter, clock, done, 1.0)
    # Not made yet: about what reading alone costs.
    assert meter.left(1) == pytest.approx(10 + 3 * 500 * CHECK / 100)
    meter.check()
    for batch, seconds in enumerate((9.0, 2.0)):  # the first compiles
        clock.now += seconds
        meter.tested(batch)
    clock.now += 0.5  # what is kept is written
    assert meter.end() == pytest.approx(21.5)
    assert meter.left(1, ended=True) == pytest.approx(10 + 0.5 + 2 * 4.0)
    meter.begin(0)
    for done in range(1, 11):
        train(meter, clock, done, 1.0)
    assert meter.left(0) == pytest.approx(0.5 + 2 * 4.0)


@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 1000))
def test_a_pause_changes_nothing(first: float, second: float, third: float) -> None:
    clock, meters = Clock(), []
    for pauses in ((0.0, 0.0, 0.0), (first, second, third)):
        meter = Meter(300, 100, 500, 250, clock=clock)
        for done, pause in enumerate(pauses, 1):
            train(meter, clock, done, 1.0)
            clock.now += pause
            meter.paused(pause)
        meter.check()
        for batch in range(2):
            clock.now += 1.0
            meter.tested(batch)
            clock.now += first
            meter.paused(first)
        meters.append((meter.end(), meter.images_per_second, meter.left(2, ended=True)))
    assert meters[0] == pytest.approx(meters[1], abs=1e-6)


@pytest.mark.slow
def test_a_fit_tells_of_its_check_before_it_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest may be yet to come where an epoch's last batch is done."""
    import time

    monkeypatch.setattr(listener, "_OFTEN", 0.0)
    real = listener.Listener.on_test_batch_end

    def slow(self: Any, batch: int, logs: Any = None) -> None:
        time.sleep(0.5)
        real(self, batch, logs)

    monkeypatch.setattr(listener.Listener, "on_test_batch_end", slow)
    told: list[Event] = []
    loop.run(Plan.of(RECIPE, IMAGES, LABELS), tmp_path, Control(), told.append)
    batches = [event for event in told if isinstance(event, BatchEnded)]
    assert batches[0].images_per_second is None
    last = batches[-1].seconds_left
    assert last is not None
    assert 0.5 < last < 5
    epochs = [event for event in told if isinstance(event, EpochEnded)]
    assert epochs[1].seconds_left is not None
    assert 0.5 < epochs[1].seconds_left < 10
    assert epochs[2].seconds_left == 0
