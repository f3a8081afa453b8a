"""`capsdraw train`: the same fit as the window's, on a terminal."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsdraw.datasets import pen_strokes
from capsdraw.datasets.sources import KNOWN
from capsdraw.errors import CapsDrawError
from capsdraw.fit import check, recipes, runs, shape
from capsdraw.fit.control import Control, stopping
from capsdraw.fit.events import Ended, Event
from capsdraw.fit.progress import Progress
from capsdraw.fit.recipe import Recipe
from capsdraw.paths import expanded

if TYPE_CHECKING:
    from capsdraw.datasets.sources import Data


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw train` takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--model", metavar="NAME", help=f"a net with its bundled recipe: {', '.join(recipes.names())}")
    what.add_argument("--recipe", metavar="FILE.toml", help="a recipe of your own")
    what.add_argument("--resume", metavar="RUN", help="go on with a run that was stopped or died: its folder or name")
    parser.add_argument("--data", metavar="NAME|PATH", help="train on these images instead of the recipe's")
    parser.add_argument("--epochs", type=int, metavar="N", help="so many; of a finished run, so many more")
    parser.add_argument("--limit", type=int, metavar="N", help="train on the first N images only")
    parser.add_argument("--note", metavar="TEXT", help="your words about the run, shown in the list of runs")
    parser.add_argument("--keep-as", metavar="TITLE", help="put the model among those at hand, under this title")


def train(options: argparse.Namespace, open_data: Callable[[str, tuple[int, ...] | None], "Data"]) -> dict[str, Any]:
    """Train as the options say; returns what `--json` prints.

    Raises:
        CapsDrawError: no such recipe, run or data, or the fit failed.
    """
    # Refused before anything is made: recipe, data, and what does not fit together.
    folder, recipe = _resumed(options) if options.resume else (None, _fresh(options))
    data = open_data(recipe.data, shape.wanted(recipe))
    from capsdraw.fit import loop, room
    from capsdraw.fit.adopt import adopt

    # What a run goes on from is its own checkpoint.
    asked = recipe if folder is None else replace(recipe, start="")
    for entry, reason in room.problems(asked, data).items():
        raise CapsDrawError(f"cannot train '{recipe.name}' on '{data.name}': {entry} {reason}")
    folder = runs.create(recipe, data, options.note or "") if folder is None else runs.same_data(folder, data)
    if options.resume and options.note is not None:
        runs.describe(folder, runs.read(folder).title, options.note)
    print(f"{recipe.title}: run '{folder}'", file=sys.stderr)
    progress, ended = Progress(recipe.name, sys.stderr), []

    def show(event: Event) -> None:
        progress.show(event)
        if isinstance(event, Ended):
            ended.append(event)

    control = Control()
    with stopping(control):
        loop.run(recipe, data.train_images, data.train_labels, folder, control, show)
    run, model = runs.read(folder), folder / "model.keras"
    found: dict[str, Any] = {
        "run": str(folder), "state": run.state, "epochs": run.epochs_done,
        "model": str(model) if model.exists() else None,  # stopped before its first batch
        "validation_accuracy": run.best,
    }  # fmt: skip
    if ended[-1].how == "stopped":
        print(f"stopped: go on with  capsdraw train --resume {folder.name}", file=sys.stderr)
    if options.keep_as:
        found["name"] = adopt(run, options.keep_as, data.train_images, data.train_labels, data.labels).name
        print(f"at hand as '{found['name']}'", file=sys.stderr)
    if not options.json:
        best = "" if run.best is None else f", best {100 * run.best:.2f}% of the held-out images right"
        print(f"{recipe.name}: {run.state} after {run.epochs_done} epochs{best}; {found['model'] or 'no model yet'}")
    return found


def _fresh(options: argparse.Namespace) -> Recipe:
    recipe = recipes.load(options.recipe or options.model)
    if recipe.strokes and not options.recipe and pen_strokes.path() is None:
        # A net's own recipe is for every machine.
        print(f"without pen strokes: CAPSDRAW_DATA names no folder with {pen_strokes.FILE}", file=sys.stderr)
        recipe = replace(recipe, strokes=0)
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
