"""`capsdraw runs`: the runs that are kept, listed, written out, taken in and deleted."""

import argparse
import sys
from pathlib import Path

from capsdraw.cli.command_parser import named_path, not_empty
from capsdraw.cli.terminal import add_json, note, print_json, say
from capsdraw.errors import CapsDrawError
from capsdraw.fit import run_files, runs
from capsdraw.fit.runs import Run
from capsdraw.formatting import many
from capsdraw.paths import whole

NAME = "runs"
HELP = "list the runs that are kept, write them to a file, take some in, or delete them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw runs` takes."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="all runs, the newest first")
    add_json(listing)
    listing.set_defaults(act=_list)
    exporting = actions.add_parser("export", help="write runs into one .zip file, or as folders into a folder")
    exporting.add_argument("runs", nargs="+", type=not_empty, metavar="RUN", help="a run's name, or its folder")
    exporting.add_argument("target", type=named_path, metavar="FILE.zip|FOLDER")
    add_json(exporting)
    exporting.set_defaults(act=_export)
    importing = actions.add_parser("import", help="take runs in; one that is here already stays as it is")
    importing.add_argument(
        "paths", nargs="+", type=named_path, metavar="PATH", help="a run's folder, a folder of jobs, or a .zip of runs"
    )
    add_json(importing)
    importing.set_defaults(act=_import)
    deleting = actions.add_parser("delete", help="delete runs for good, with their figures and models")
    deleting.add_argument("runs", nargs="+", type=not_empty, metavar="RUN", help="a run's name, or its folder")
    deleting.add_argument("--yes", action="store_true", help="do not ask")
    add_json(deleting)
    deleting.set_defaults(act=_delete)


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; raises CapsDrawError where that cannot be done."""
    code: int = options.act(options)
    return code


def _list(options: argparse.Namespace) -> int:
    kept, left_out = runs.survey()
    for line in left_out:
        note(f"capsdraw: {line}")
    if options.json:
        print_json([_row(run) for run in kept])
        return 0
    for run in kept:
        error = run.held_out_error_percent
        figure = "" if error is None else f"{error:.2f}%"
        epochs = f"{run.epochs_done}/{run.recipe.epochs}"
        say(f"{run.folder.name:<36} {run.state:<11} {epochs:>9} {figure:>7} {_megabytes(run):>9}  {run.title}")
    return 0


def _row(run: Run) -> dict[str, object]:
    return {
        "run": str(run.folder), "title": run.title, "note": run.note, "state": run.state,
        "epochs": run.recipe.epochs, "epochs_done": run.epochs_done,
        "held_out_error_percent": run.held_out_error_percent, "begun": run.begun, "seconds": run.seconds,
        "bytes": run.size,
    }  # fmt: skip


def _export(options: argparse.Namespace) -> int:
    kept = _named(options.runs)
    run_files.export(kept, options.target)
    if options.json:
        print_json({"out": str(options.target), "runs": [run.folder.name for run in kept]})
    else:
        say(f"{options.target}: {many(len(kept), 'run')}")
    return 0


def _import(options: argparse.Namespace) -> int:
    brought = run_files.bring(options.paths)
    nothing = not (brought.new or brought.there)
    if nothing and len(brought.left_out) == 1 and not options.json:
        raise CapsDrawError(f"nothing was taken in: left out {brought.left_out[0]}")
    for line in brought.left_out:
        note(f"left out {line}")
    if options.json:
        print_json(
            {
                "new": [str(folder) for folder in brought.new], "there_already": list(brought.there),
                "left_out": list(brought.left_out),
            }
        )  # fmt: skip
    else:
        say(f"{many(len(brought.new), 'run')} taken in, {len(brought.there):,} there already")
    if brought.left_out and nothing:
        raise CapsDrawError("nothing was taken in")
    return 0


def _delete(options: argparse.Namespace) -> int:
    # What cannot be read can be deleted all the same.
    folders = {whole(folder): folder for folder in map(runs.place_of, options.runs)}.values()
    # All of them are asked first: of several, none is gone where another one has to stay.
    for folder in folders:
        runs.require_deletable(folder)
    if not options.yes:
        _ask(list(folders))
    for folder in folders:
        runs.delete(folder)
    if options.json:
        print_json({"deleted": [folder.name for folder in folders]})
    else:
        say(f"{many(len(folders), 'run')} deleted")
    return 0


def _ask(folders: list[Path]) -> None:
    """On the terminal; raises CapsDrawError where it is not wanted, or nobody can be asked."""
    if not sys.stdin or not sys.stdin.isatty():
        raise CapsDrawError("nobody can be asked whether they are to be deleted: add --yes")
    for folder in folders:
        try:
            run = runs.read(folder)
            note(f"{folder.name}  {run.title}, {many(run.epochs_done, 'epoch')}, {_megabytes(run)}")
        except CapsDrawError as error:
            note(f"{folder.name}  {error}")
    note(f"Delete {many(len(folders), 'run')} for good, with figures and models? Type yes:")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CapsDrawError("nothing was deleted")


def _named(names: list[str]) -> list[Run]:
    """The runs, each once."""
    kept = {whole(run.folder): run for run in map(runs.find, names)}
    return list(kept.values())


def _megabytes(run: Run) -> str:
    return f"{run.size / 1e6:,.1f} MB"
