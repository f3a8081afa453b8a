"""`capsdraw train`: the same fit as the window's, on a terminal."""

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from capsdraw.cli.inputs import open_data
from capsdraw.cli.progress import Progress
from capsdraw.cli.terminal import add_json, note, print_json, quiet_stderr, say
from capsdraw.datasets.sources import KNOWN
from capsdraw.errors import CapsDrawError
from capsdraw.fit import check, recipes, runs, shape
from capsdraw.fit.control import Control, stopping
from capsdraw.fit.events import Ended, Event
from capsdraw.fit.recipe import Recipe
from capsdraw.paths import expanded

HELP = "train a model; Ctrl-C stops the training and keeps what was learned"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw train` takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--model",
        metavar="NAME",
        help=f"train this net, with the recipe that comes with the app: {', '.join(recipes.names())}",
    )
    what.add_argument("--recipe", metavar="FILE.toml", help="train with a recipe of your own")
    what.add_argument(
        "--resume", metavar="RUN", help="go on with a run that was stopped or interrupted: its folder or name"
    )
    parser.add_argument(
        "--data", metavar="NAME|PATH", help="train on this known data set, file or folder instead of the recipe's"
    )
    parser.add_argument("--epochs", type=int, metavar="N", help="train for N epochs; with --resume, for N more")
    parser.add_argument("--limit", type=int, metavar="N", help="train on the first N images only")
    parser.add_argument("--note", metavar="TEXT", help="a note about the run, shown in the list of runs")
    parser.add_argument(
        "--keep-as", metavar="TITLE", help="add the trained model to the available models, under this title"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Train as the options say, and say what came of it.

    Raises:
        CapsDrawError: no such recipe, run or data, or the fit failed.
    """
    # Its notes would stand between the lines of progress.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet_stderr():
        from capsdraw.fit import loop  # noqa: F401 (TensorFlow, in silence)
    outcome = train(options)
    if options.json:
        print_json(outcome)
    return 0


def train(options: argparse.Namespace) -> dict[str, Any]:
    """Train as the options say; returns what `--json` prints.

    Raises:
        CapsDrawError: no such recipe, run or data, or the fit failed.
    """
    # Refused before anything is made: recipe, data, and what does not fit together.
    folder, recipe = _resumed(options) if options.resume else (None, _fresh(options))
    data = open_data(recipe.data, shape.wanted(recipe), test_only=False)
    from capsdraw.fit import loop, room
    from capsdraw.fit.adopt import adopt

    # What a run goes on from is its own checkpoint.
    asked = recipe if folder is None else replace(recipe, start="")
    for entry, reason in room.problems(asked, data).items():
        raise CapsDrawError(f"cannot train '{recipe.name}' on '{data.name}': {entry} {reason}")
    folder = runs.create(recipe, data, options.note or "") if folder is None else runs.same_data(folder, data)
    if options.resume and options.note is not None:
        runs.describe(folder, runs.read(folder).title, options.note)
    note(f"{recipe.title}: run '{folder}'")
    control = Control()
    ended: list[Ended] = []

    def show(event: Event) -> None:
        progress.show(event)
        if isinstance(event, Ended):
            ended.append(event)

    with Progress(recipe.name, sys.stderr) as progress, stopping(control):
        loop.run(recipe, data.train_images, data.train_labels, folder, control, show)
    run, model = runs.read(folder), folder / "model.keras"
    found: dict[str, Any] = {
        "run": str(folder), "state": run.state, "epochs": run.epochs_done,
        "model": str(model) if model.exists() else None,  # stopped before its first batch
        "validation_accuracy": run.best,
    }  # fmt: skip
    if ended[-1].how == "stopped":
        note(f"stopped: go on with  capsdraw train --resume {folder.name}")
    if options.keep_as:
        found["name"] = adopt(run, options.keep_as, data.train_images, data.train_labels, data.labels).name
        note(f"at hand as '{found['name']}'")
    if not options.json:
        best = "" if run.best is None else f", best {100 * run.best:.2f}% of the held-out images right"
        say(f"{recipe.name}: {run.state} after {run.epochs_done} epochs{best}; {found['model'] or 'no model yet'}")
    return found


def _fresh(options: argparse.Namespace) -> Recipe:
    recipe = recipes.load(options.recipe or options.model)
    given = {"data": options.data, "epochs": options.epochs, "limit": options.limit}
    changed = replace(recipe, **{name: value for name, value in given.items() if value is not None})
    if options.epochs is not None:
        changed = replace(changed, restarts=(), average=False)  # they were chosen for another number of epochs
    if changed.data not in KNOWN and expanded(changed.data).exists():
        # A run is gone on with from any folder.
        changed = replace(changed, data=str(expanded(changed.data).resolve()))
    for entry, reason in check.problems(changed).items():
        raise CapsDrawError(f"cannot train '{recipe.name}': {entry} {reason}")
    return changed


def _resumed(options: argparse.Namespace) -> tuple[Path, Recipe]:
    run = runs.find(options.resume)
    if run.state == runs.RUNNING:
        raise CapsDrawError(f"the run '{options.resume}' is being trained by another process: stop it there first")
    if options.data is not None or options.limit is not None:
        raise CapsDrawError("a run goes on with its own data: leave --data and --limit out, or begin another")
    if not run.can_resume and options.epochs is None:
        raise CapsDrawError(f"the run '{options.resume}' is finished: say with --epochs N how many more")
    if options.epochs is not None and options.epochs < 1:
        raise CapsDrawError(f"--epochs {options.epochs}: at least 1 more is needed")
    return run.folder, run.recipe if options.epochs is None else runs.extended(run.folder, options.epochs)
