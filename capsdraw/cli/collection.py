"""`capsdraw collection`: the user's own drawings, in and out."""

import argparse
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsdraw.cli.command_parser import named_path
from capsdraw.cli.terminal import add_json, note, print_json, say
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import many

if TYPE_CHECKING:
    from capsdraw.collection.database import Added

HELP = "list, import and export the drawings that you kept"

# Files that were left out are named one by one up to here.
_NAMED = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw collection` takes."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="list the drawings, the oldest first")
    add_json(listing)
    listing.set_defaults(act=_list)
    bringing = actions.add_parser("import", help="keep pictures, strokes files and whole folders of them")
    bringing.add_argument(
        "paths", nargs="+", type=named_path, metavar="PATH", help="a file, or a folder for each class"
    )
    bringing.add_argument("--label", default="", metavar="K", help="the class of all of them (default: as folders say)")
    bringing.add_argument("--writer", default="", metavar="NAME", help="who drew them")
    add_json(bringing)
    bringing.set_defaults(act=_import)
    merging = actions.add_parser("merge", help="keep the drawings of other collections, none of them twice")
    merging.add_argument("paths", nargs="+", type=named_path, metavar="FILE", help="another collection's .sqlite file")
    add_json(merging)
    merging.set_defaults(act=_merge)
    giving = actions.add_parser("export", help="write all drawings for other programs")
    giving.add_argument(
        "target", type=named_path, metavar="FILE.npz|FOLDER", help="arrays of 28 × 28 digits, or a new folder"
    )
    giving.add_argument(
        "--pictures", action="store_true", help="in the folder, PNG pictures of 28 × 28 instead of strokes files"
    )
    add_json(giving)
    giving.set_defaults(act=_export)


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; raises CapsDrawError where that cannot be done."""
    code: int = options.act(options)
    return code


def _list(options: argparse.Namespace) -> int:
    from capsdraw.collection.bring import time_text
    from capsdraw.collection.database import Collection

    with Collection.to_read() as collection:
        entries = collection.entries()[::-1]
        answers = collection.answers([entry.id for entry in entries])
    if options.json:
        print_json(
            [
                {
                    "id": entry.id, "label": entry.label, "time": time_text(entry.made), "writer": entry.writer,
                    "answers": [
                        {"model": said.model, "label": said.label, "score": said.score}
                        for said in answers.get(entry.id, ())
                    ],
                }
                for entry in entries
            ]
        )  # fmt: skip
        return 0
    for entry in entries:
        said = ", ".join(f"{said.model}: {said.label}" for said in answers.get(entry.id, ()))
        made = time_text(entry.made)[:19].replace("T", " ")
        say(f"{entry.id:>6}  {entry.label:<10} {made}  {entry.writer:<16} {said}")
    return 0


def _import(options: argparse.Namespace) -> int:
    from capsdraw.collection.bring import Bringing, add_all
    from capsdraw.collection.database import Added, Collection

    bringing = Bringing()
    items = bringing.items(options.paths, options.label, options.writer)
    added = Added((), 0)
    # The collection is not made before there is something to keep.
    if first := list(islice(items, 1)):
        with Collection() as collection:
            added = add_all(collection, chain(first, items))
    if not added.ids and len(bringing.left_out) == 1:
        raise CapsDrawError(f"nothing was kept: {bringing.left_out[0]}")
    _say_left_out(bringing.left_out)
    if not added.ids and bringing.left_out:
        raise CapsDrawError(f"nothing was kept: {many(len(bringing.left_out), 'file')} could not be read")
    if not added.ids:
        raise CapsDrawError("nothing was kept: there are no pictures or strokes files there")
    return _tell(options, added, bringing.left_out)


def _merge(options: argparse.Namespace) -> int:
    from capsdraw.collection.bring import add_all, opened_copy
    from capsdraw.collection.database import Added, Collection

    before = Added((), 0)
    for path in options.paths:
        with opened_copy(path) as other, Collection() as collection:
            added = add_all(collection, other.items())
        before = Added(before.ids + added.ids, before.new + added.new, before.otherwise + added.otherwise)
    return _tell(options, before, [])


def _export(options: argparse.Namespace) -> int:
    from capsdraw.collection import export
    from capsdraw.collection.database import Collection

    target: Path = options.target
    if options.pictures and target.suffix.lower() == ".npz":
        raise CapsDrawError(f"--pictures writes a folder, and '{target.name}' is to hold arrays: leave one of them out")
    with Collection.to_read() as collection:
        if target.suffix.lower() == ".npz":
            count = export.arrays(collection, target)
        elif options.pictures:
            count = export.pictures(collection, target)
        else:
            count = export.strokes(collection, target)
    if options.json:
        print_json({"out": str(target), "drawings": count})
    else:
        say(f"{target}: {many(count, 'drawing')}")
    return 0


def _tell(options: argparse.Namespace, added: "Added", left_out: list[str]) -> int:
    twice = len(added.ids) - added.new
    if options.json:
        told: dict[str, Any] = {
            "ids": list(added.ids), "new": added.new, "there_already": twice,
            "as_another_class": list(added.otherwise), "left_out": left_out,
        }  # fmt: skip
        print_json(told)
        return 0
    rest = f", {many(twice, 'drawing')} there already" if twice else ""
    other = f", {len(added.otherwise):,} of them as another class, which they keep" if added.otherwise else ""
    say(f"{many(added.new, 'drawing')} kept{rest}{other}")
    return 0


def _say_left_out(lines: list[str]) -> None:
    for line in lines[:_NAMED]:
        note(f"capsdraw: {line}")
    if len(lines) > _NAMED:
        note(f"capsdraw: {len(lines) - _NAMED:,} more files could not be read")
