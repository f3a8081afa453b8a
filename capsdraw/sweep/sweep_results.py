"""What came of each fit of a sweep, read from its run folder. No Keras here."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import runs
from capsdraw.fit.events import FAILED, FINISHED
from capsdraw.fit.runs import Run
from capsdraw.sweep.halving import Standing, next_step, rungs
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_file import EarlyStopping
from capsdraw.sweep.sweep_folder import BegunSweep, place_of
from capsdraw.sweep.varied import Value


class FitState(StrEnum):
    """Where a fit of a sweep stands. WAITING: not begun, or at rest; STOPPED: it can go on; EARLY: hopeless."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    EARLY = "stopped early"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class FitResult:
    """Where a fit stands.

    Attributes:
        run: folder of its run; title, values: as `PlannedFit` has them.
        status: of it; message: why it failed, or "".
        epochs: of its recipe; epochs_done: of them.
        held_out_error_percent: of its best epoch; None where there is none yet, or nothing is held out.
    """

    run: Path
    title: str
    values: dict[str, Value]
    status: FitState
    epochs: int
    epochs_done: int = 0
    held_out_error_percent: float | None = None
    message: str = ""

    def row(self) -> dict[str, Any]:
        """As `--json` prints it: what differs stands under the names of the sweep's file."""
        return {
            "run": str(self.run), **self.values, "held_out_error_percent": self.held_out_error_percent,
            "state": self.status, "epochs_done": self.epochs_done,
        }  # fmt: skip


def known_epochs(run: Run) -> int:
    """Whole epochs of a run whose figures are known: one that was stopped in its check is not among them."""
    if not run.recipe.held_out:
        return run.epochs_done
    return next((int(row["epoch"]) for row in reversed(run.rows) if runs.validation(row) is not None), 0)


def read_run(place: Path) -> Run | None:
    """The run in a folder, or None where none was begun; raises CapsDrawError where it cannot be read."""
    return runs.read(place) if (place / runs.CONFIG).exists() else None


def run_or_fault(place: Path) -> tuple[Run | None, str]:
    """The run in a folder, or None; and why it cannot be read, "" where it can or none was begun.

    One damaged run must not hide all others of its sweep.
    """
    try:
        return read_run(place), ""
    except (CapsDrawError, OSError) as error:
        name = place.name
        return None, f"run '{name}': {first_line(error)}; 'capsdraw runs delete {name}' lets it be trained anew"


def is_finished(run: Run) -> bool:
    """Whether it has no epoch to go."""
    return run.state == FINISHED and run.epochs_done >= run.recipe.epochs


def standing_of(fit: PlannedFit, run: Run | None, closed: bool = False) -> Standing:
    """How far a fit has come, for `halving.next_step`."""
    if run is None:
        return Standing(epochs=fit.recipe.epochs, closed=closed)
    errors = {int(row["epoch"]): runs.error_percent(runs.validation(row), run.recipe.held_out) for row in run.rows}
    done = known_epochs(run)
    return Standing(
        epochs=run.recipe.epochs, done=done, errors=tuple(errors.get(epoch) for epoch in range(1, done + 1)),
        closed=closed or is_finished(run),
    )  # fmt: skip


def result_of(
    fit: PlannedFit, place: Path, run: Run | None, status: FitState | None = None, message: str = ""
) -> FitResult:
    """Where a fit stands; what its run's folder alone says where no `status` is given."""
    if run is None:
        return FitResult(
            run=place, title=fit.title, values=fit.values, status=status or FitState.WAITING, epochs=fit.recipe.epochs,
            message=message,
        )  # fmt: skip
    return FitResult(
        run=place, title=fit.title, values=fit.values, status=status or _status(run), epochs=run.recipe.epochs,
        epochs_done=run.epochs_done, held_out_error_percent=run.held_out_error_percent,
        message=message or run.message,
    )  # fmt: skip


def results_of(sweep: BegunSweep) -> tuple[FitResult, ...]:
    """Where all fits of a sweep stand, in its order, whether it is under way or not."""
    places = [place_of(fit) for fit in sweep.fits]
    looked_at = [run_or_fault(place) for place in places]
    kept, faults = [run for run, _ in looked_at], [fault for _, fault in looked_at]
    rule = sweep.early_stopping
    resting = [rule is not None and run is not None and _rests(rule, run) for run in kept]
    rest = FitState.EARLY
    if any(resting):
        standings = [
            standing_of(fit, run, bool(fault) or (run is not None and run.state == FAILED))
            for fit, run, fault in zip(sweep.fits, kept, faults, strict=True)
        ]
        busy = {number for number, run in enumerate(kept) if run is not None and run.under_way}
        # As long as others may come to their rungs, or are to go on, nobody is given up.
        rest = FitState.WAITING if busy or next_step(rule, standings, busy) is not None else FitState.EARLY
    return tuple(
        result_of(fit, place, run, FitState.FAILED if fault else rest if rests else None, fault)
        for fit, place, run, fault, rests in zip(sweep.fits, places, kept, faults, resting, strict=True)
    )


def best_first(results: Sequence[FitResult]) -> list[FitResult]:
    """Those with a figure, the least error first, then the others."""
    return sorted(
        results, key=lambda one: (one.held_out_error_percent is None, one.held_out_error_percent or 0.0)
    )  # fmt: skip


def _status(run: Run) -> FitState:
    if run.under_way:
        return FitState.RUNNING
    if is_finished(run):
        return FitState.FINISHED
    return FitState.FAILED if run.state == FAILED else FitState.STOPPED


def _rests(rule: EarlyStopping, run: Run) -> bool:
    """Whether it is at a rung, and in nobody's hand."""
    if run.under_way or run.state == FAILED or is_finished(run):
        return False
    return known_epochs(run) in rungs(rule, run.recipe.epochs)
