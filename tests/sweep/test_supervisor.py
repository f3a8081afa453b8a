"""Carrying a sweep out, with workers that only pretend: who is begun, begun again, left alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock, log
from capsdraw.fit.control import Control
from capsdraw.fit.events import FINISHED, STOPPED, Ended, EpochEnded, Started
from capsdraw.sweep import sweep_folder
from capsdraw.sweep.fit_task import FitTask, WorkerEnd
from capsdraw.sweep.supervisor import MOST_DEATHS, Supervisor, SweepNews
from capsdraw.sweep.sweep_folder import BegunSweep, place_of
from capsdraw.sweep.sweep_results import FitState, results_of

from .conftest import Write, begun, kept_run

# What a pretended worker does with its task, a step each time it is looked at; it gives how it ended.
Play = Callable[["Pretended"], Iterator[None]]


@dataclass
class Pretended:
    task: FitTask
    play: Play
    end: WorkerEnd | None = None
    stopping: bool = False
    steps: Iterator[None] | None = None

    def ended(self) -> WorkerEnd | None:
        self.steps = self.steps or self.play(self)
        if self.end is None and next(self.steps, self) is self:
            self.end = self.end or WorkerEnd()
        return self.end

    def stop(self) -> None:
        self.stopping = True


@dataclass
class Troupe:
    """Workers that pretend; `plays` are for one task after the other, the last one for all further ones."""

    plays: list[Play]
    room: int = 1
    tasks: list[FitTask] = field(default_factory=list)
    closed: bool = False

    def begin(self, task: FitTask) -> Pretended:
        self.tasks.append(task)
        return Pretended(task, self.plays.pop(0) if len(self.plays) > 1 else self.plays[0])

    def close(self) -> None:
        self.closed = True


def trains(wrong: int = 10, dies_after: int = 0) -> Play:
    """Epochs of a fit, from where its run stands; where it `dies_after` so many, it dies."""

    def play(worker: Pretended) -> Iterator[None]:
        place, recipe = worker.task.place, worker.task.fit.recipe
        if not place.exists():
            kept_run(place, recipe, [], "")
        recorder = log.Recorder(place, lambda _: None)
        done = len(log.read_rows(place))
        recorder(Started(recipe.epochs, done, 4, 200, 1000))
        last = worker.task.until or recipe.epochs
        for trained, epoch in enumerate(range(done + 1, last + 1)):
            yield
            if dies_after and trained == dies_after:
                worker.end = WorkerEnd(died=True)
                return
            if worker.stopping:
                recorder(Ended(STOPPED, epoch - 1, 4))
                return
            row = {"epoch": float(epoch), "val_accuracy": 1 - wrong / recipe.held_out, "val_loss": 0.1}
            log.write_row(place, row)
            recorder(EpochEnded(epoch, recipe.epochs, row, 1.0, 1.0, True))
        recorder(Ended(FINISHED if last == recipe.epochs else STOPPED, last, 4))

    return play


def dies_at_once(worker: Pretended) -> Iterator[None]:
    worker.end = WorkerEnd(died=True)
    yield from ()


def refuses(worker: Pretended) -> Iterator[None]:
    worker.end = WorkerEnd(message="cannot train it: the data is gone")
    yield from ()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capsdraw.sweep.supervisor._LOOK", 0.0)


def carried_out(
    sweep: BegunSweep, troupe: Troupe, listen: Callable[[SweepNews], None] = lambda _: None
) -> list[FitState]:
    sweep_folder.keep(sweep)
    outcome = Supervisor(sweep, troupe, listen).run(Control())
    assert troupe.closed
    return [result.status for result in outcome.results]


def test_all_fits_are_trained_as_many_at_once_as_there_is_room_for(write: Write) -> None:
    sweep = begun(write("seed = [1, 2, 3, 4, 5]"))
    busy: set[int] = set()
    most = 0

    def listen(news: SweepNews) -> None:
        nonlocal most
        (busy.add if news.result.status == FitState.RUNNING else busy.discard)(news.number)
        most = max(most, len(busy))

    assert carried_out(sweep, Troupe([trains()], room=2), listen) == [FitState.FINISHED] * 5
    assert most == 2
    assert [result.held_out_error_percent for result in results_of(sweep)] == [10.0] * 5


def test_what_is_done_is_not_trained_again(write: Write) -> None:
    sweep = begun(write())
    kept_run(place_of(sweep.fits[0]), sweep.fits[0].recipe, [30, 20, 10])
    troupe = Troupe([trains()])
    assert carried_out(sweep, troupe) == [FitState.FINISHED] * 2
    assert [task.fit.run for task in troupe.tasks] == [sweep.fits[1].run]


def test_a_damaged_run_of_a_sweep_is_told_of_and_hides_no_other(write: Write) -> None:
    """The sweep could not be gone on with, nor was it listed in the window; why, did not name the run."""
    sweep = begun(write("seed = [1, 2, 3]"))
    for fit in sweep.fits[:2]:
        kept_run(place_of(fit), fit.recipe, [30, 20, 10])
    config = place_of(sweep.fits[0]) / "config.toml"
    text = config.read_text()
    config.write_text("name = ")
    troupe = Troupe([trains()])
    assert carried_out(sweep, troupe) == [FitState.FAILED, FitState.FINISHED, FitState.FINISHED]
    assert [task.fit.run for task in troupe.tasks] == [sweep.fits[2].run]
    name = sweep.fits[0].run
    message = results_of(sweep)[0].message
    assert message.startswith(f"run '{name}': cannot read recipe 'config.toml'")
    assert message.endswith(f"; 'capsdraw runs delete {name}' lets it be trained anew")
    assert config.read_text() == "name = "
    config.write_text(text)
    assert [result.status for result in results_of(sweep)] == [FitState.FINISHED] * 3


def test_a_fit_whose_worker_died_goes_on_from_its_last_epoch_while_the_sweep_runs(write: Write) -> None:
    sweep = begun(write())
    troupe, news = Troupe([trains(dies_after=2), trains()]), list[SweepNews]()
    assert carried_out(sweep, troupe, news.append) == [FitState.FINISHED] * 2
    assert [task.fit.run for task in troupe.tasks] == [sweep.fits[0].run, sweep.fits[0].run, sweep.fits[1].run]
    assert sum(one.lost for one in news) == 1
    starts = [one["done"] for one in log.read_events(place_of(sweep.fits[0]), "Started")]
    assert starts[-2:] == [0, 2]


def test_a_fit_whose_worker_dies_again_and_again_is_given_up_and_the_others_are_not(write: Write) -> None:
    sweep = begun(write())
    troupe = Troupe([dies_at_once] * MOST_DEATHS + [trains()])
    assert carried_out(sweep, troupe) == [FitState.FAILED, FitState.FINISHED]
    assert len(troupe.tasks) == MOST_DEATHS + 1


def test_deaths_are_counted_anew_where_an_epoch_was_gained(write: Write) -> None:
    sweep = begun(write("seed = [1]", epochs=6))
    troupe = Troupe([trains(dies_after=1)] * 5 + [trains()])
    assert carried_out(sweep, troupe) == [FitState.FINISHED]


def test_a_refused_fit_is_said_once_and_why(write: Write) -> None:
    sweep = begun(write())
    sweep_folder.keep(sweep)
    troupe = Troupe([refuses, trains()])
    first, second = Supervisor(sweep, troupe, lambda _: None).run(Control()).results
    assert (first.status, first.message) == (FitState.FAILED, "cannot train it: the data is gone")
    assert second.status == FitState.FINISHED
    assert len(troupe.tasks) == 2


def test_a_stop_stops_all_and_a_later_start_goes_on(write: Write) -> None:
    sweep, control = begun(write("seed = [1, 2, 3]")), Control()
    sweep_folder.keep(sweep)

    def listen(news: SweepNews) -> None:
        if isinstance(news.event, EpochEnded):
            control.stop()

    outcome = Supervisor(sweep, Troupe([trains()], room=2), listen).run(control)
    assert outcome.stopped
    assert [result.status for result in outcome.results] == [FitState.STOPPED] * 2 + [FitState.WAITING]
    again = Troupe([trains()], room=2)
    assert carried_out(sweep, again) == [FitState.FINISHED] * 3
    starts = [one["done"] for one in log.read_events(place_of(sweep.fits[0]), "Started")]
    assert starts[0] == 0
    assert starts[-1] > 0


def test_one_fit_can_be_stopped_alone(write: Write) -> None:
    sweep = begun(write("seed = [1, 2, 3]"))
    sweep_folder.keep(sweep)

    def listen(news: SweepNews) -> None:
        if isinstance(news.event, EpochEnded) and news.number == 0:
            supervisor.stop_fit(0)
            supervisor.stop_fit(2)

    troupe = Troupe([trains()])
    supervisor = Supervisor(sweep, troupe, listen)
    outcome = supervisor.run(Control())
    assert not outcome.stopped
    assert [result.status for result in outcome.results] == [FitState.STOPPED, FitState.FINISHED, FitState.WAITING]
    assert [task.fit.run for task in troupe.tasks] == [sweep.fits[0].run, sweep.fits[1].run]


def test_a_budget_that_is_used_up_stops_all_and_says_so(write: Write) -> None:
    sweep = begun(write(head="budget_minutes = 1e-9"))
    sweep_folder.keep(sweep)
    outcome = Supervisor(sweep, Troupe([trains()]), lambda _: None).run(Control())
    assert outcome.late
    assert not outcome.stopped
    assert [result.status for result in outcome.results] == [FitState.WAITING] * 2


def test_hopeless_fits_rest_at_their_rung_and_the_best_gets_to_its_end(write: Write) -> None:
    sweep = begun(write("seed = [1, 2, 3]", head="early_stopping = {first = 1, factor = 3}", epochs=3))
    troupe = Troupe([trains(wrong=30), trains(wrong=10), trains(wrong=20), trains(wrong=5)])
    assert carried_out(sweep, troupe) == [FitState.EARLY, FitState.FINISHED, FitState.EARLY]
    assert [task.until for task in troupe.tasks] == [1, 1, 1, None]
    starts = [one["done"] for one in log.read_events(place_of(sweep.fits[1]), "Started")]
    assert starts[-2:] == [0, 1]
    # Nothing is left to do: a resumed sweep trains nobody.
    again = Troupe([trains()])
    assert carried_out(sweep, again) == [FitState.EARLY, FitState.FINISHED, FitState.EARLY]
    assert again.tasks == []


def test_nobody_is_given_up_before_all_have_got_to_the_rung(write: Write) -> None:
    sweep = begun(write("seed = [1, 2, 3]", head="early_stopping = {first = 1, factor = 3}", epochs=3))
    for fit, wrong in zip(sweep.fits, (30, 20), strict=False):
        kept_run(place_of(fit), fit.recipe, [wrong], "stopped")
    assert [result.status for result in results_of(sweep)] == [FitState.WAITING] * 3


def test_two_cannot_carry_out_the_same_sweep(write: Write) -> None:
    sweep = begun(write())
    sweep_folder.keep(sweep)
    with lock.hold(sweep.folder), pytest.raises(CapsDrawError, match="is under way in another process"):
        Supervisor(sweep, Troupe([trains()]), lambda _: None).run(Control())


def test_a_list_of_fits_that_leads_out_of_the_runs_folder_is_refused(write: Write, own_home: Path) -> None:
    sweep = begun(write())
    sweep_folder.keep(sweep)
    path = own_home / "sweeps" / "tiny" / sweep_folder.FITS
    path.write_text(path.read_text().replace(sweep.fits[0].run, "../../elsewhere"))
    with pytest.raises(CapsDrawError, match="run: expected a folder's name"):
        sweep_folder.load("tiny")


def test_a_sweep_is_kept_and_read_again_as_it_was(write: Write) -> None:
    sweep = begun(write(head="early_stopping = {first = 1}\nbudget_minutes = 5"))
    sweep_folder.keep(sweep)
    assert sweep_folder.load("tiny") == sweep
    assert sweep_folder.names() == ["tiny"]
    with pytest.raises(CapsDrawError, match="no sweep 'other' to resume: those that were begun are tiny"):
        sweep_folder.load("other")
