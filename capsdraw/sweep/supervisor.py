"""Carries a sweep out: gives workers their fits, follows them, and has those begun again whose worker died."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock
from capsdraw.fit.control import Control
from capsdraw.fit.events import BatchEnded, EpochEnded, Event
from capsdraw.fit.runs import Run
from capsdraw.sweep.fit_task import FitTask, FitWorker, WorkerEnd, Workers
from capsdraw.sweep.follow import RunFollower
from capsdraw.sweep.halving import Standing, Step, next_step
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_folder import BegunSweep, place_of
from capsdraw.sweep.sweep_results import (
    FitResult,
    FitState,
    is_finished,
    known_epochs,
    result_of,
    results_of,
    run_or_fault,
    standing_of,
)  # fmt: skip

# Seconds between two looks at the workers.
_LOOK: Final = 0.1
# Times that a fit's worker may die, one after the other, without an epoch more.
MOST_DEATHS: Final = 3


@dataclass(frozen=True)
class SweepNews:
    """Something has changed, or a fit told something.

    Attributes:
        number: the fit's place in the sweep's list, from 0.
        result: where it stands now; from batch to batch as it was at its last epoch.
        event: what it told, as `fit.events` has it; None where it was begun, lost its worker or came to rest.
        lost: its worker died, and it is gone on with from its last checkpoint.
    """

    number: int
    result: FitResult
    event: Event | None = None
    lost: bool = False


@dataclass(frozen=True)
class SweepOutcome:
    """What came of it.

    Attributes:
        results: of all fits, in the sweep's order.
        stopped: it was asked to stop; late: the budget is used up. Either way it can be resumed.
    """

    results: tuple[FitResult, ...]
    stopped: bool = False
    late: bool = False


@dataclass
class _Hand:
    """A worker at its task."""

    worker: FitWorker
    task: FitTask
    follower: RunFollower


@dataclass
class _Record:
    """What is remembered of a fit while the sweep is under way; the rest stands in its folder."""

    fit: PlannedFit
    place: Path
    standing: Standing
    result: FitResult
    closed: FitState | None = None
    message: str = ""
    deaths: int = 0
    done_at_death: int = -1
    asked_to_stop: bool = False
    hand: _Hand | None = field(default=None)


class Supervisor:
    """Carries out one sweep, on the thread that calls `run`.

    Args:
        sweep: that is carried out; its fits' runs lie among the user's runs, and what is there is gone on with.
        workers: who trains; publish: told what happens, on the thread of `run`.
    """

    def __init__(self, sweep: BegunSweep, workers: Workers, publish: Callable[[SweepNews], None]) -> None:
        self._sweep, self._workers, self._publish = sweep, workers, publish
        self._records: list[_Record] = []
        self._unwanted: set[int] = set()

    def stop_fit(self, number: int) -> None:
        """Have one fit stopped, or not begun; it keeps what it learnt. From any thread."""
        self._unwanted.add(number)

    def run(self, control: Control) -> SweepOutcome:
        """Train all fits, and return when no worker is at work.

        Args:
            control: its `stop` stops all fits, each after its batch.

        Raises:
            CapsDrawError: another process carries this sweep out, or no worker can be started.
        """
        if lock.held(self._sweep.folder):
            raise CapsDrawError(f"the sweep '{self._sweep.name}' is under way in another process: stop it there first")
        with lock.hold(self._sweep.folder):
            self._records = [_record(fit) for fit in self._sweep.fits]
            try:
                stopped, late = self._carry_out(control)
            finally:
                self._workers.close()
            return SweepOutcome(self._results(), stopped, late)

    def _carry_out(self, control: Control) -> tuple[bool, bool]:
        begun, budget = time.monotonic(), 60 * self._sweep.budget_minutes or float("inf")
        while True:
            late = time.monotonic() - begun >= budget
            ending = late or control.stopped
            for number, record in enumerate(self._records):
                self._look_at(number, record, ending or number in self._unwanted)
            step = None if ending else self._next()
            while step is not None:
                self._begin(step)
                step = self._next()
            if not self._busy:
                unfinished = any(record.closed is None for record in self._records)
                return control.stopped and unfinished, late and unfinished and not control.stopped
            time.sleep(_LOOK)

    @property
    def _busy(self) -> set[int]:
        return {number for number, record in enumerate(self._records) if record.hand is not None}

    def _next(self) -> Step | None:
        """What a worker with nothing to do is to do."""
        busy = self._busy
        if len(busy) >= self._workers.room:
            return None
        for number in self._unwanted - busy:
            if self._records[number].closed is None:
                self._close(number, FitState.STOPPED)
        return next_step(self._sweep.early_stopping, [record.standing for record in self._records], busy)

    def _begin(self, step: Step) -> None:
        record = self._records[step.fit]
        task = FitTask(fit=record.fit, place=record.place, until=step.until)
        follower = RunFollower(record.place)
        record.hand = _Hand(self._workers.begin(task), task, follower)
        self._tell(step.fit, FitState.RUNNING)

    def _look_at(self, number: int, record: _Record, unwanted: bool) -> None:
        """Pass on what a fit tells, stop it where it is not wanted any more, and take up what ended."""
        hand = record.hand
        if hand is None:
            return
        if unwanted and not record.asked_to_stop:
            record.asked_to_stop = True
            hand.worker.stop()
        end = hand.worker.ended()  # before its last events are read
        for event in hand.follower.new():
            if isinstance(event, BatchEnded):
                self._publish(SweepNews(number, record.result, event))
            else:
                self._tell(number, FitState.RUNNING, event)
        if end is not None:
            record.hand = None
            self._take_up(number, record, hand.task, end)
            record.asked_to_stop = False

    def _take_up(self, number: int, record: _Record, task: FitTask, end: WorkerEnd) -> None:
        """A worker ended: its fit is done, at rest, stopped, failed, or lost its worker."""
        run = _readable(record.place)
        if run is not None and is_finished(run):
            self._close(number, FitState.FINISHED)
        elif end.message:
            self._close(number, FitState.FAILED, end.message)
        elif task.until is not None and run is not None and known_epochs(run) >= task.until:
            self._tell(number, FitState.WAITING)
        elif record.asked_to_stop:
            if number in self._unwanted:
                self._close(number, FitState.STOPPED)
            else:  # with all others: a sweep that is resumed goes on with it
                self._tell(number, FitState.STOPPED)
        elif end.died:
            self._mourn(number, record, run)
        else:  # somebody else asked its process to stop
            self._close(number, FitState.STOPPED)

    def _mourn(self, number: int, record: _Record, run: Run | None) -> None:
        """A worker died: another one goes on with its fit, but not for ever."""
        done = 0 if run is None else run.epochs_done
        record.deaths = record.deaths + 1 if done <= record.done_at_death else 1
        record.done_at_death = done
        if record.deaths >= MOST_DEATHS:
            message = f"its process died {record.deaths} times without an epoch more: is there enough memory?"
            self._close(number, FitState.FAILED, message)
        else:
            self._tell(number, FitState.WAITING, lost=True)

    def _close(self, number: int, status: FitState, message: str = "") -> None:
        self._records[number].closed, self._records[number].message = status, message
        self._tell(number, status)

    def _tell(self, number: int, status: FitState, event: Event | None = None, lost: bool = False) -> None:
        record = self._records[number]
        if event is None or isinstance(event, EpochEnded):
            run = _readable(record.place)
            record.standing = standing_of(record.fit, run, record.closed is not None)
            record.result = result_of(record.fit, record.place, run, status, record.message)
        self._publish(SweepNews(number, record.result, event, lost))

    def _results(self) -> tuple[FitResult, ...]:
        """As the folders say, but for what failed or was refused before it had one."""
        return tuple(
            result if record.closed != FitState.FAILED else record.result
            for record, result in zip(self._records, results_of(self._sweep), strict=True)
        )


def _record(fit: PlannedFit) -> _Record:
    place = place_of(fit)
    run, fault = run_or_fault(place)
    # What cannot be read is nobody's to write over: the others are trained, and it is said.
    closed = FitState.FAILED if fault else FitState.FINISHED if run is not None and is_finished(run) else None
    result = result_of(fit, place, run, closed, fault)
    return _Record(fit, place, standing_of(fit, run, closed is not None), result, closed, fault)


def _readable(place: Path) -> Run | None:
    """The run there, if it can be read: a fit that has just begun may not have written it yet."""
    return run_or_fault(place)[0]
