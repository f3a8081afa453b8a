"""`capsdraw run-job`: one fit of a sweep, from the folder that `capsdraw sweep --write-jobs` wrote for it."""

import argparse
import os
import sys
from contextlib import ExitStack
from functools import partial

from capsdraw.cli.command_parser import named_path
from capsdraw.cli.inputs import open_data
from capsdraw.cli.progress import Progress
from capsdraw.cli.terminal import add_json, note, print_json, quiet_stderr, say
from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock
from capsdraw.fit.control import Control, stopping
from capsdraw.fit.events import Event, Prepared
from capsdraw.formatting import many
from capsdraw.sweep import job_folders, one_fit
from capsdraw.sweep.local_workers import with_threads
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_results import read_run, result_of

NAME = "run-job"
HELP = "train the fit of a job's folder, as 'capsdraw sweep --write-jobs' wrote it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw run-job` takes."""
    parser.add_argument("folder", type=named_path, metavar="DIR/N", help="the job's folder; its run is written into it")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Train the job's fit, go on with it, or do nothing where it is done; say what came of it.

    Raises:
        CapsDrawError: no job there, another process has it in hand, or the fit failed.
    """
    fit = job_folders.read(options.folder)
    place = job_folders.place_in(options.folder, fit)
    if place.is_dir() and lock.held(place):
        raise CapsDrawError(f"the job in '{options.folder}' is being done by another process: leave it to that one")
    if not one_fit.is_done(place):
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        os.environ.update(with_threads(fit.threads))  # before TensorFlow is imported
        with quiet_stderr():
            from capsdraw.fit import launch  # noqa: F401 (TensorFlow, in silence)
        _train(options, fit)
    result = result_of(fit, place, read_run(place))
    if options.json:
        print_json(result.row())
    else:
        error = result.held_out_error_percent
        known = "" if error is None else f", {error:.2f}% of the held-out images wrong"
        say(f"{fit.title}: {result.status} after {many(result.epochs_done, 'epoch')}{known}; {place}")
    return 0


def _train(options: argparse.Namespace, fit: PlannedFit) -> None:
    control = Control()
    with Progress(fit.title, sys.stderr) as progress, ExitStack() as fitting:

        def show(event: Event) -> None:
            progress.show(event)
            if isinstance(event, Prepared):
                for line in event.notes:
                    note(line)

        fitting.enter_context(stopping(control))
        place = job_folders.place_in(options.folder, fit)
        one_fit.train(fit, place, None, control, show, partial(open_data, test_only=False))
