"""Workers of a sweep that only pretend: they write run folders as fits do, and train nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from capsdraw.errors import CapsDrawError
from capsdraw.fit import log, runs
from capsdraw.fit.events import FINISHED, STOPPED, BatchEnded, Ended, EpochEnded, RunState, Started
from capsdraw.sweep.fit_task import FitTask, WorkerEnd
from capsdraw.sweep.sweep_cost import SweepForecast


@dataclass
class Player:
    """Writes a run folder as a fit does: a step each time it is looked at."""

    task: FitTask
    wrong: int
    holds: bool
    stopping: bool = False
    end: WorkerEnd | None = None
    steps: Iterator[None] | None = None

    def ended(self) -> WorkerEnd | None:
        self.steps = self.steps or self.play()
        if self.end is None:
            next(self.steps, None)
        return self.end

    def stop(self) -> None:
        self.stopping = True

    def play(self) -> Iterator[None]:
        place, recipe = self.task.place, self.task.fit.recipe
        if not place.exists():
            runs.create(recipe, place=place)
        recorder = log.Recorder(place, lambda _: None)
        done = len(log.read_rows(place))
        recorder(Started(recipe.epochs, done, 4, 200, 1000))
        how, last = FINISHED, recipe.epochs
        for epoch in range(done + 1, recipe.epochs + 1):
            # By one of its own, for each keeps batches now and then only.
            half = BatchEnded(epoch, recipe.epochs, 2, 4, 100.0, 1.0, {"loss": 1 / epoch}, 100)
            log.Recorder(place, lambda _: None)(half)
            yield
            while self.holds and not self.stopping:
                yield
            if self.stopping:
                how, last = STOPPED, epoch - 1
                break
            row = {"epoch": float(epoch), "loss": 1 / epoch, "val_accuracy": 1 - self.wrong / recipe.held_out / epoch}
            log.write_row(place, row)
            recorder(EpochEnded(epoch, recipe.epochs, row, 1.0, 1.0, True))
        recorder(Ended(RunState(how), last, 4))
        self.end = WorkerEnd()


@dataclass
class Players:
    """In place of processes. While `holds`, nobody gets beyond the middle of an epoch."""

    holds: bool = False
    room: int = 2
    begun: list[FitTask] = field(default_factory=list)
    refuses: str = ""

    def __call__(self, room: int) -> "Players":
        assert room == 2
        return self

    def begin(self, task: FitTask) -> Player:
        if self.refuses:
            raise CapsDrawError(self.refuses)
        self.begun.append(task)
        return Player(task, 100 * (len(self.begun) + 1), self.holds)

    def close(self) -> None:
        """Nobody is left."""


def reckon(_: object, fits: list[object], enough: object) -> SweepForecast:
    assert enough is not None
    return SweepForecast(
        fits=len(fits), processes=2, threads=1, cores=2, seconds=70.0 * len(fits), least=70.0, memory=2**30
    )


def refuse(*_: object, **__: object) -> SweepForecast:
    raise CapsDrawError("too few images")
