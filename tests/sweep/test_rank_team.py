"""One fit over several processes: the same net as of one; what dies goes on; what cannot be shared is refused."""

import importlib.util
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import psutil
import pytest

from capsdraw.cli.main import main
from capsdraw.collection.as_data import open_data
from capsdraw.fit import checkpoint, loop, ranks, runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded, Event
from capsdraw.fit.launch import Order, launch
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Augmentation, Recipe
from capsdraw.nets import zoo
from capsdraw.sweep import rank_process, rank_team
from capsdraw.sweep.fit_task import WorkerEnd

from .conftest import starts

# As far apart as any weight may be of what another number of processes makes: README and decision 59 say so.
TOLERANCE = 1e-4
TINY = Recipe(
    name="tiny", title="Tiny", family="efficient-capsnet", options=zoo.TINY["efficient-capsnet"], held_out=100,
    epochs=3, batch=50, learning_rate=3e-3, moving_average=0.9, augmentation=Augmentation(rotation=5),
)  # fmt: skip
# A net that is soon begun and long under way.
SMALL: dict[str, Any] = {"family": "mlp", "options": zoo.TINY["mlp"], "epochs": 40}
ASKED = frozenset({"epochs", "batch", "held_out", "learning_rate"})

needs_jax = pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason="JAX is not installed")


def train(
    digits: Path, place: Path, workers: int, listen: Callable[[Event], None] = lambda _: None, resume: bool = False,
    control: Control | None = None, **changes: Any,
) -> list[str]:  # fmt: skip
    """Train in so many processes; what was said of deaths."""
    recipe, said = replace(TINY, data=str(digits), **changes), []
    order = Order(recipe=recipe, place=place, asked=ASKED)
    if resume:
        order = Order(recipe=runs.read(place).recipe, folder=place, resume=True)
    rank_team.train(
        order, workers, lambda source, shape: open_data(source, shape), control or Control(), listen, said.append
    )
    return said


def weights(folder: Path, file: str = checkpoint.LAST) -> list[Any]:
    model = keras.saving.load_model(folder / file)
    kept = model.get_weights()
    optimizer = getattr(model, "optimizer", None)  # the model that answers was never compiled
    if optimizer is not None:
        kept += [np.asarray(variable) for variable in optimizer.variables]
    return kept


def far(one: Path, other: Path) -> float:
    """The largest difference of any weight, of the optimizer's too and of the model that answers."""
    pairs = zip(weights(one), weights(other), strict=True)
    answers = zip(weights(one, checkpoint.BEST), weights(other, checkpoint.BEST), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in (*pairs, *answers))


@pytest.fixture(scope="module")
def plain(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fit of the small net that nobody shares, on TensorFlow."""
    place = tmp_path_factory.mktemp("plain") / "run"
    with np.load(digits) as data:
        plan = Plan.of(replace(TINY, **SMALL), data["x_train"], data["y_train"])
    loop.run(plan, place, Control(), lambda _: None)
    return place


def ranks_under_way() -> list[psutil.Process]:
    """In the order in which they were begun."""
    ranks = list[psutil.Process]()
    for child in sorted(psutil.Process().children(), key=lambda process: process.create_time()):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            if rank_process.__name__ in child.cmdline():
                ranks.append(child)
    return ranks


@needs_jax
@pytest.mark.slow
@pytest.mark.long  # that two end where one does is seen after a death, too
def test_two_processes_make_the_net_that_one_makes(digits: Path, tmp_path: Path) -> None:
    """Batch normalisation, moving average and moves of the images included; its run looks like any other."""
    one, two = tmp_path / "one", tmp_path / "two"
    listening: set[str] = set()

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded):
            for process in ranks_under_way():
                with suppress(psutil.NoSuchProcess):
                    sockets = process.net_connections("inet")
                    listening.update(socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN)

    assert train(digits, two, 2, listen) == []
    assert listening
    assert listening <= {"127.0.0.1", "::ffff:127.0.0.1"}, "a rank listens to the network"
    train(digits, one, 1)
    assert far(one, two) < TOLERANCE
    run, other = runs.read(two), runs.read(one)
    assert (run.state, run.epochs_done, starts(two)) == ("finished", TINY.epochs, [0])
    for row, same in zip(run.rows, other.rows, strict=True):
        assert row == pytest.approx(same, rel=1e-3, abs=1e-4)


@needs_jax
@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [pytest.param(0, marks=pytest.mark.long), 1])
def test_a_process_that_is_killed_costs_the_epoch_under_way_and_nothing_else(
    number: int, digits: Path, plain: Path, tmp_path: Path
) -> None:
    killed: list[int] = []

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded) and not killed:
            both = ranks_under_way()
            assert len(both) == 2
            killed.append(both[number].pid)
            os.kill(killed[0], signal.SIGKILL)

    place = tmp_path / "killed"
    said = train(digits, place, 2, listen, **SMALL)
    first, again = starts(place)
    assert (first, again >= 1) == (0, True)
    assert again < SMALL["epochs"]
    assert said == [f"a worker died; all 2 go on after {again} epochs"]
    assert ranks_under_way() == []
    assert runs.read(place).state == "finished"
    assert far(place, plain) < TOLERANCE


@needs_jax
@pytest.mark.slow
def test_a_stop_keeps_what_was_learnt_and_it_goes_on_without_the_others(
    digits: Path, plain: Path, tmp_path: Path
) -> None:
    control, place, told = Control(), tmp_path / "stopped", []

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, BatchEnded | EpochEnded):
            control.stop()

    train(digits, place, 2, listen, control=control, **SMALL)
    assert runs.read(place).state == "stopped"
    assert [event.how for event in told if isinstance(event, Ended)] == ["stopped"]
    assert int(keras.saving.load_model(place / checkpoint.LAST).optimizer.iterations) >= 1
    assert (place / checkpoint.BEST).exists()
    launch(Order(recipe=runs.read(place).recipe, folder=place, resume=True), open_data, Control(), lambda _: None)
    assert runs.read(place).state == "finished"
    assert far(place, plain) < TOLERANCE


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--workers", "0"], "--workers 0: it must be from 1 to 64"),
        (["--workers", "65"], "--workers 65: it must be from 1 to 64"),
        (["--workers", "3", "--batch", "50"], "batch 50 images cannot be shared alike by 3 workers: choose 48 or 51"),
        (
            ["--workers", "2", "--held-out", "101"],
            "limit leaves 199 images an epoch, which 2 workers cannot share alike: a limit of 198 would do",
        ),
        (
            ["--workers", "2", "--held-out", "101", "--limit", "198"],
            "held_out 101 cannot be shared alike by 2 workers: choose 100 or 102",
        ),
    ],
)
@needs_jax
def test_what_cannot_be_shared_is_refused_in_one_line_and_leaves_no_run(
    options: list[str], says: str, digits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"--batch": "50", "--held-out": "100"} | dict(zip(options[::2], options[1::2], strict=True))
    words = [word for pair in given.items() for word in pair]
    assert main(["train", "--model", "mlp", "--strokes", "0", "--synthetic", "0", "--data", str(digits), *words]) == 1
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1
    assert runs.list_runs() == []


def test_without_jax_it_is_said_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rank_team.importlib.util, "find_spec", lambda _: None)
    assert main(["train", "--model", "mlp", "--workers", "2"]) == 1
    assert "JAX, which is not installed: python -m pip install 'capsdraw[workers]'" in capsys.readouterr().err


def test_a_rank_without_an_order_says_who_starts_it(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setattr(os, "read", lambda *_: b"")
    assert rank_process.main() == 1
    assert "no order came: this process is started by 'capsdraw train'" in capsys.readouterr().err


def test_the_ranks_rows_are_the_batch_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = {"image": np.arange(12).reshape(6, 2), "label": np.arange(6)}

    class Whole(keras.utils.PyDataset):  # type: ignore[misc]
        def __len__(self) -> int:
            return 1

        def __getitem__(self, _: int) -> Any:
            return batch, batch["label"]

    shares, held = [], []
    for number in range(3):
        monkeypatch.setattr(ranks._Joined, "place", ranks.RankPlace(number=number, count=3))
        inputs, _ = ranks.share(Whole())[0]
        shares.append(inputs["image"])
        held.append(ranks.share_of(batch)["label"])
        assert ranks.size(250) == 84
    assert np.array_equal(np.concatenate(shares), batch["image"])
    assert sorted(np.concatenate(held)) == list(range(6))
    assert {len(part) for part in held} == {2}


@dataclass
class Played:
    """A rank that ends as it is to."""

    end: WorkerEnd | None

    def ended(self) -> WorkerEnd | None:
        return self.end

    def stop(self) -> None:
        self.end = WorkerEnd()

    def kill(self) -> None:
        self.end = self.end or WorkerEnd(died=True)


def played(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *ends: WorkerEnd | None
) -> tuple[rank_team._Team, list[str]]:
    """A team whose ranks end like that each time."""
    runs.create(TINY, place=tmp_path / "run")
    monkeypatch.setattr(rank_team, "_SETTLE", 0.05)
    monkeypatch.setattr(rank_team._Team, "_begin", lambda _self, number, *_: Played(ends[number]))
    said: list[str] = []
    return rank_team._Team(tmp_path / "run", len(ends), Control(), lambda _: None, said.append), said


def test_processes_that_die_again_and_again_are_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Though the one that is left would wait for the dead one for ever."""
    team, said = played(monkeypatch, tmp_path, None, WorkerEnd(died=True))
    begun = time.monotonic()
    with pytest.raises(rank_team.CapsDrawError, match="a worker died 3 times without an epoch more"):
        team.run()
    assert len(said) == 2
    assert time.monotonic() - begun < 10


def test_a_fit_that_failed_is_not_begun_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    team, said = played(
        monkeypatch, tmp_path, WorkerEnd(message="the loss is no longer a number"), WorkerEnd(died=True)
    )
    with pytest.raises(rank_team.CapsDrawError, match="the loss is no longer a number"):
        team.run()
    assert said == []
