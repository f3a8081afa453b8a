"""`capsdraw train`: the same fit as the window's, on a terminal."""

import argparse
import os
import sys
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from capsdraw.cli.command_parser import not_empty
from capsdraw.cli.inputs import open_data
from capsdraw.cli.progress import Progress
from capsdraw.cli.recipe_options import add_recipe_options, given_options, with_options
from capsdraw.cli.terminal import add_json, note, print_json, quiet_stderr, say
from capsdraw.errors import CapsDrawError
from capsdraw.fit import recipes, runs
from capsdraw.fit.adapt import FOR_ITS_DATA
from capsdraw.fit.control import Control, stopping
from capsdraw.fit.events import STOPPED, Ended, Event, Prepared
from capsdraw.fit.recipe import Recipe
from capsdraw.formatting import many

HELP = "train a model; Ctrl-C stops the training and keeps what was learnt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw train` takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--model",
        type=not_empty,
        metavar="NAME",
        help=f"train this net, with the recipe that comes with the app: {', '.join(recipes.names())}",
    )
    what.add_argument("--recipe", type=not_empty, metavar="FILE.toml", help="train with a recipe of your own")
    what.add_argument(
        "--resume", type=not_empty, metavar="RUN",
        help="resume a run that was stopped or interrupted: its folder or name",
    )  # fmt: skip
    parser.add_argument(
        "--data", type=not_empty, metavar="NAME|PATH",
        help="train on this known data set, file or folder instead of the recipe's",
    )  # fmt: skip
    parser.add_argument("--epochs", type=int, metavar="N", help="train for N epochs; with --resume, for N more")
    parser.add_argument("--limit", type=int, metavar="N", help="train on the first N images only")
    parser.add_argument("--note", metavar="TEXT", help="a note about the run, shown in the list of runs")
    parser.add_argument(
        "--keep-as", type=not_empty, metavar="TITLE",
        help="add the trained model to the available models, under this title",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=int, metavar="N",
        help="have N processes of this machine share each batch, on JAX: the net that one makes, up to rounding; "
        "N must divide the batch, the images of an epoch and those held out; 1 is one process on JAX",
    )  # fmt: skip
    add_json(parser)
    add_recipe_options(parser)


def run(options: argparse.Namespace) -> int:
    """Train as the options say, and say what came of it.

    Raises:
        CapsDrawError: no such recipe, run or data, or the fit failed.
    """
    # Its notes would stand between the lines of progress.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    outcome = train(options)
    if options.json:
        print_json(outcome)
    return 0


def train(options: argparse.Namespace) -> dict[str, Any]:
    """Train as the options say; returns what `--json` prints.

    Raises:
        CapsDrawError: no such recipe, run or data, or the fit failed.
    """
    said: list[str] = []
    folder, (recipe, asked) = _resumed(options) if options.resume else (None, _fresh(options, said))
    from capsdraw.sweep import rank_team

    if options.workers is not None:
        rank_team.require(options.workers)
    # TensorFlow, in silence; what can be refused was refused without waiting for it.
    with quiet_stderr():
        from capsdraw.fit.launch import Order, Outcome, launch

    control = Control()
    order = Order(
        recipe=recipe, folder=folder, resume=folder is not None, note=options.note, keep_as=options.keep_as or "",
        asked=asked,
    )  # fmt: skip
    begun: list[Path] = []
    with Progress(recipe.name, sys.stderr) as progress, ExitStack() as fitting:

        def show(event: Event) -> None:
            progress.show(event)
            if isinstance(event, Prepared):
                begun.append(event.folder)
                note(f"{recipe.title}: run '{event.folder}'")
                for line in (*said, *event.notes):
                    note(line)
                fitting.enter_context(stopping(control))
            elif isinstance(event, Ended):
                fitting.close()
                if event.how == STOPPED:
                    workers = "" if options.workers is None else f" --workers {options.workers}"
                    note(f"stopped; to resume:  capsdraw train --resume {begun[0].name}{workers}")

        opened = partial(open_data, test_only=False)
        outcome: Outcome | rank_team.SharedFit
        if options.workers is None:
            outcome = launch(order, opened, control, show)
        else:
            outcome = rank_team.train(order, options.workers, opened, control, show, note)
    run, model = runs.read(outcome.folder), outcome.folder / "model.keras"
    result: dict[str, Any] = {
        "run": str(outcome.folder), "state": run.state, "epochs": run.epochs_done,
        "model": str(model) if model.exists() else None,  # stopped before its first batch
        "validation_accuracy": run.best,
    }  # fmt: skip
    if outcome.card is not None:
        result["name"] = outcome.card.name
        note(f"available as '{result['name']}'")
    if not options.json:
        best = "" if run.best is None else f", best {100 * run.best:.2f}% of the held-out images right"
        done = many(run.epochs_done, "epoch")
        say(f"{recipe.name}: {run.state} after {done}{best}; {result['model'] or 'no model yet'}")
    return result


def _fresh(options: argparse.Namespace, said: list[str]) -> tuple[Recipe, frozenset[str]]:
    """The recipe that the options ask for, and which of its entries they gave; what is to be said once it begins."""
    if options.limit is not None and options.limit < 1:  # a recipe's 0 is all of them
        raise CapsDrawError(f"--limit {options.limit}: it must be at least 1; leave it out to train on all images")
    recipe = recipes.load(options.recipe or options.model)
    options_given = {"data": options.data, "limit": options.limit}
    changed = replace(recipe, **{name: value for name, value in options_given.items() if value is not None})
    if options.epochs is not None:
        changed = recipes.with_epochs(changed, options.epochs)
    changed, asked = with_options(recipes.from_any_folder(changed), options)
    if options.epochs is not None:
        asked |= {"epochs"}
    if not options.recipe:
        changed = recipes.for_this_machine(changed, asked, said.append)
    # A recipe of one's own was written for its data.
    return changed, asked | FOR_ITS_DATA if options.recipe and options.data is None else asked


def _resumed(options: argparse.Namespace) -> tuple[Path, tuple[Recipe, frozenset[str]]]:
    run = runs.find(options.resume)
    if run.under_way:
        raise CapsDrawError(f"the run '{options.resume}' is being trained by another process: stop it there first")
    if options.data is not None or options.limit is not None:
        raise CapsDrawError("a run resumes with its own data: leave out --data and --limit, or start a new run")
    if given := given_options(options):
        raise CapsDrawError(f"a run resumes with its own recipe: leave out {given[0]}, or start a new run")
    if not run.can_resume and options.epochs is None:
        raise CapsDrawError(f"the run '{options.resume}' is finished: add --epochs N to train N more epochs")
    if options.epochs is not None and options.epochs < 1:
        raise CapsDrawError(f"--epochs {options.epochs}: it must be at least 1")
    recipe = run.recipe if options.epochs is None else runs.extended(run.folder, options.epochs)
    return run.folder, (recipe, frozenset())
