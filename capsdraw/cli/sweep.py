"""`capsdraw sweep`: many fits of one recipe, here in as many processes as cores and memory allow, or on a cluster."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from capsdraw import records
from capsdraw.cli.command_parser import named_path, not_empty
from capsdraw.cli.progress import sweeping
from capsdraw.cli.terminal import add_json, note, print_json, say
from capsdraw.errors import CapsDrawError
from capsdraw.fit.control import Control, stopping
from capsdraw.fit.duration import roughly
from capsdraw.formatting import many
from capsdraw.sweep import job_folders, sweep_file, sweep_folder
from capsdraw.sweep.fit_task import Workers
from capsdraw.sweep.local_workers import LocalWorkers
from capsdraw.sweep.planned_fits import fits_of
from capsdraw.sweep.supervisor import Supervisor, SweepOutcome
from capsdraw.sweep.sweep_cost import SweepForecast, cores, forecast
from capsdraw.sweep.sweep_folder import BegunSweep
from capsdraw.sweep.sweep_results import FitResult, FitState, best_first, results_of

if TYPE_CHECKING:
    from capsdraw.sweep.ray_workers import RayWorkers

HELP = "train many nets: a recipe with several values for some of its fields"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw sweep` takes."""
    parser.add_argument(
        "file",
        type=not_empty,
        metavar="FILE.toml|NAME",
        help=f"the sweep's file, or one that comes with the app ({', '.join(sweep_file.names())}); with --resume, also "
        "the name of one that was begun",
    )
    parser.add_argument("--resume", action="store_true", help="go on with a sweep that was stopped; what is done stays")
    parser.add_argument(
        "--processes", type=int, metavar="N", help="train so many nets at once, instead of what cores and memory allow"
    )
    parser.add_argument(
        "--address", metavar="HOST:PORT|auto|local",
        help="train on the machines of a Ray cluster, at that address; auto: of the one that 'ray start' began on this "
        "machine; local: of one that is begun here, for a try",
    )  # fmt: skip
    parser.add_argument("--check", action="store_true", help="say how many fits, how long and how much memory; no more")
    parser.add_argument(
        "--write-jobs", type=named_path, metavar="DIR", help="train nothing: write a folder for each fit, for a cluster"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; the exit code: 1 where a fit failed.

    Raises:
        CapsDrawError: no such sweep, or it cannot be: then nothing was started.
    """
    if options.processes is not None and options.processes < 1:
        raise CapsDrawError(f"--processes {options.processes}: it must be at least 1")
    if options.address is not None and options.write_jobs is not None:
        raise CapsDrawError("--address trains on a cluster, --write-jobs writes jobs for one: leave one of them out")
    sweep, text = _asked_for(options)
    if options.write_jobs is not None:
        return _write_jobs(sweep, options.write_jobs, options.json)
    before = results_of(sweep)
    going = [fit for fit, result in zip(sweep.fits, before, strict=True) if result.status != FitState.FINISHED]
    outcome = SweepOutcome(before)
    if going:
        with _cluster(options, sweep) as cluster:
            cost = forecast(sweep, going, options.processes if cluster is None else cluster.room)
            _tell(sweep, cost, cluster is not None)
            if options.check:
                return _check(sweep, cost, options.json)
            sweep_folder.keep(sweep, text)
            if cluster is not None:
                cluster.reserve(cost.memory // cost.processes)
            outcome = _carry_out(sweep, before, cluster or LocalWorkers(cost.processes))
    elif options.check and options.json:
        nothing = SweepForecast(
            fits=0, processes=0, threads=sweep.fits[0].threads, cores=cores(), seconds=0.0, least=0.0, memory=0
        )
        return _check(sweep, nothing, as_json=True)
    elif options.check:
        say(f"{sweep.name}: all of {many(len(sweep.fits), 'fit')} are finished")
        return 0
    elif text:  # its list may be damaged, or gone
        sweep_folder.keep(sweep, text)
    return _report(sweep, outcome, options.json)


def _asked_for(options: argparse.Namespace) -> tuple[BegunSweep, str]:
    """The sweep, and the text of its file."""
    name = options.file
    if options.resume and not name.endswith(".toml") and sweep_folder.exists(name):
        return sweep_folder.load(name), ""
    plan = sweep_file.load(name)
    sweep = BegunSweep.of(plan, fits_of(plan))
    starts = not (options.resume or options.check or options.write_jobs)
    if starts and sweep_folder.exists(plan.name):
        raise CapsDrawError(
            f"the sweep '{plan.name}' was begun before: add --resume to go on with it, or give the new one another name"
        )
    return sweep, records.read_bytes(sweep_file.path_of(name), "sweep").decode("utf-8-sig")


@contextmanager
def _cluster(options: argparse.Namespace, sweep: BegunSweep) -> Iterator["RayWorkers | None"]:
    """The cluster that was asked for; None where the fits are trained here."""
    if options.address is None:
        yield None
        return
    from capsdraw.sweep.ray_workers import RayWorkers

    workers = RayWorkers(options.address, sweep.fits[0].threads, cores(), options.processes)
    try:
        yield workers
    finally:
        workers.close()


def _tell(sweep: BegunSweep, cost: SweepForecast, elsewhere: bool = False) -> None:
    """What it will take, before it starts; `elsewhere` as long as it would if those machines were as quick as this."""
    at_once = f"{cost.processes} at once" if cost.processes > 1 else "one after the other"
    time = f"about {roughly(cost.seconds)}"
    if sweep.early_stopping is not None:
        time = f"from {roughly(cost.least)} to {roughly(cost.seconds)}, hopeless ones stopped early"
    done = len(sweep.fits) - cost.fits
    already = f" of {len(sweep.fits):,}, {done:,} done before" if done else ""
    note(
        f"{sweep.name}: {many(cost.fits, 'fit')}{already}, {at_once}, {many(cost.threads, 'thread')} each; {time}, "
        f"{cost.memory / 2**30:.1f} GB of memory"
    )
    idle = cost.cores // cost.processes
    if idle > cost.threads and not elsewhere:
        note(f"this machine has {cost.cores} cores: threads = {idle} in the sweep's file would use them all")
    if 0 < 60 * sweep.budget_minutes < cost.seconds:
        note(f"its budget of {sweep.budget_minutes:g} minutes will be used up before: --resume goes on")


def _check(sweep: BegunSweep, cost: SweepForecast, as_json: bool) -> int:
    if as_json:
        print_json(
            {
                "sweep": sweep.name, "fits": cost.fits, "processes": cost.processes, "threads": cost.threads,
                "seconds": round(cost.seconds), "memory_bytes": cost.memory,
            }
        )  # fmt: skip
    else:
        for fit in sweep.fits:
            say(f"{fit.run}  {fit.title}")
    return 0


def _carry_out(sweep: BegunSweep, before: tuple[FitResult, ...], workers: Workers) -> SweepOutcome:
    control = Control()
    with sweeping(sweep.name, before) as show, stopping(control):
        return Supervisor(sweep, workers, show).run(control)


def _report(sweep: BegunSweep, outcome: SweepOutcome, as_json: bool) -> int:
    """The results, the best first; what failed, and how to go on."""
    if as_json:
        print_json([result.row() for result in outcome.results])
    else:
        _table(sweep, best_first(outcome.results))
    if outcome.stopped or outcome.late:
        why = f"the budget of {sweep.budget_minutes:g} minutes is used up" if outcome.late else "stopped"
        note(f"{why}; to resume:  capsdraw sweep {sweep.name} --resume")
    failed = [result for result in outcome.results if result.status == FitState.FAILED]
    if failed:
        raise CapsDrawError(f"{len(failed)} of {many(len(outcome.results), 'fit')} failed: {failed[0].message}")
    return 0


def _table(sweep: BegunSweep, results: list[FitResult]) -> None:
    heads = [*sweep.fields, "held-out error", "state", "run"]
    rows = [
        [*(str(result.values.get(name, "")) for name in sweep.fields), _percent(result), result.status, result.run.name]
        for result in results
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _percent(result: FitResult) -> str:
    error = result.held_out_error_percent
    return "" if error is None else f"{error:.2f}%"


def _write_jobs(sweep: BegunSweep, folder: Path, as_json: bool) -> int:
    job_folders.write(sweep, folder)
    if sweep.early_stopping is not None:
        note("no job is stopped early: each knows of itself alone")
    for path in job_folders.paths_of_data(sweep):
        note(f"each machine needs the data at '{path}'")
    if as_json:
        print_json({"jobs": str(folder), "fits": len(sweep.fits)})
    else:
        say(f"{folder}: {many(len(sweep.fits), 'job')}; the first:  capsdraw run-job {folder / '1'}")
    return 0
