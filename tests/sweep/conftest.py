"""Sweeps of the smallest nets on a few digits."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capsdraw.cli import sweep as command
from capsdraw.datasets import synthetic
from capsdraw.fit import log, runs
from capsdraw.fit.events import BatchEnded, EpochEnded
from capsdraw.fit.recipe import Recipe
from capsdraw.sweep.fit_task import Workers
from capsdraw.sweep.planned_fits import fits_of
from capsdraw.sweep.supervisor import Supervisor, SweepNews
from capsdraw.sweep.sweep_cost import SweepForecast
from capsdraw.sweep.sweep_file import SweepPlan, load
from capsdraw.sweep.sweep_folder import BegunSweep

Write = Callable[..., Path]

HEAD = """name = "{name}"
{head}

[recipe]
family = "mlp"
data = "{data}"
held_out = 100
batch = 50
options.hidden = 8

[fixed]
epochs = {epochs}

[over]
{over}
"""


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few enough to be read in no time."""
    images, labels = synthetic.digits(360, 1)
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, x_train=images[:300], y_train=labels[:300], x_test=images[300:], y_test=labels[300:])
    return path


@pytest.fixture
def write(tmp_path: Path, digits: Path) -> Write:
    """Writes a sweep's file."""

    def write(over: str = "seed = [1, 2]", head: str = "", name: str = "tiny", epochs: int = 3) -> Path:
        path = tmp_path / f"{name}.toml"
        path.write_text(HEAD.format(name=name, head=head, data=digits.as_posix(), over=over, epochs=epochs))
        return path

    return write


def begun(path: Path) -> BegunSweep:
    plan: SweepPlan = load(str(path))
    return BegunSweep.of(plan, fits_of(plan))


def kept_run(place: Path, recipe: Recipe, errors: list[int], how: str = "finished") -> None:
    """A run's folder as a fit leaves it that read so many of the held-out images wrong, epoch by epoch."""
    from capsdraw.fit import log
    from capsdraw.fit.events import Ended, RunState, Started

    runs.create(recipe, place=place)
    recorder = log.Recorder(place, lambda _: None)
    recorder(Started(recipe.epochs, 0, 4, 200, 1000))
    for epoch, wrong in enumerate(errors, start=1):
        row: dict[str, Any] = {"epoch": epoch, "val_accuracy": 1 - wrong / recipe.held_out, "val_loss": 0.1}
        log.write_row(place, row)
    if how:
        recorder(Ended(RunState(how), len(errors), 4))


@pytest.fixture
def known_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is measured in a process of its own; here it would take the time of a fit."""
    cost = SweepForecast(fits=2, processes=2, threads=1, cores=2, seconds=9.0, least=9.0, memory=1 << 30)
    monkeypatch.setattr(command, "forecast", lambda *_: cost)


@pytest.fixture
def interrupted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is pressed when the first fit of the command's first sweep tells how far it is."""
    asked = threading.Event()

    class Impatient(Supervisor):
        def __init__(self, sweep: BegunSweep, workers: Workers, _: object) -> None:
            def listen(news: SweepNews) -> None:
                if isinstance(news.event, BatchEnded | EpochEnded) and not asked.is_set():
                    asked.set()
                    signal.raise_signal(signal.SIGINT)

            super().__init__(sweep, workers, listen)

    monkeypatch.setattr(command, "Supervisor", Impatient)


def starts(place: Path) -> list[int]:
    """Epochs that were done when each part of a fit began."""
    return [int(record["done"]) for record in log.read_events(place, "Started")]
