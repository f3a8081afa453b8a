"""`capsdraw share`: drawings and models in one file, written here and opened on another machine."""

import argparse
from dataclasses import replace

from capsdraw.cli.command_parser import named_path
from capsdraw.cli.terminal import add_json, print_json, say
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import many
from capsdraw.ink import strokes
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from capsdraw.paths import require_ending, require_other, require_place

HELP = "put drawings and models into one .capsdraw file, or take them out of one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw share` takes."""
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    saving = actions.add_parser("save", help="write a .capsdraw file")
    saving.add_argument("file", type=named_path, metavar="FILE.capsdraw")
    saving.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="NAME",
        help="a model that goes with it; may be given several times",
    )
    saving.add_argument(
        "--drawing", type=named_path, metavar="STROKES.json", help="strokes that are to lie on the canvas"
    )
    saving.add_argument("--collection", action="store_true", help="the drawings that you kept go with it")
    add_json(saving)
    saving.set_defaults(act=_save)
    opening = actions.add_parser("open", help="take the models and drawings of such a file in, none of them twice")
    opening.add_argument("file", type=named_path, metavar="FILE.capsdraw")
    opening.add_argument(
        "--drawing", type=named_path, metavar="STROKES.json", help="save what lay on the canvas to this file"
    )
    add_json(opening)
    opening.set_defaults(act=_open)


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; raises CapsDrawError where that cannot be done."""
    code: int = options.act(options)
    return code


def _save(options: argparse.Namespace) -> int:
    from capsdraw.collection import shared_file
    from capsdraw.collection.database import Collection
    from capsdraw.collection.shared_file import View

    chosen = [cards.find(name) for name in dict.fromkeys(options.model)]
    sketch = Sketch() if options.drawing is None else Sketch(strokes.load(options.drawing))
    if not (chosen or sketch or options.collection):
        raise CapsDrawError("nothing to share: name --model, --drawing or --collection")
    view = View(model=chosen[0].name, sha256=chosen[0].sha256) if chosen else View()
    if options.collection:
        with Collection.to_read() as collection:
            count = sum(collection.counts().values())
            shared_file.write(options.file, view, sketch, chosen, collection.items())
    else:
        count = 0
        shared_file.write(options.file, view, sketch, chosen)
    if options.json:
        print_json({"out": str(options.file), "models": [card.name for card in chosen], "drawings": count})
    else:
        say(f"{options.file}: {many(len(chosen), 'model')}, {many(count, 'drawing')}")
    return 0


def _open(options: argparse.Namespace) -> int:
    from capsdraw.collection import shared_file
    from capsdraw.collection.bring import add_all
    from capsdraw.collection.database import Collection

    if options.drawing is not None:  # refused before anything is taken in
        require_ending(options.drawing, ".json")
        require_other(options.drawing, options.file, "it is the shared file being read")
    with shared_file.opened(options.file) as shared:
        if options.drawing is not None:
            if not shared.sketch.drawing:
                raise CapsDrawError(f"no strokes lay on the canvas of '{options.file.name}'")
            require_place(options.drawing)
            strokes.save(shared.sketch.drawing, options.drawing)
        taken = shared.take_models()
        new = there = 0
        if shared.drawings:
            with Collection() as collection:
                added = add_all(collection, shared.items())
            new, there = added.new, len(added.ids) - added.new
        view = replace(shared.view, model=taken[shared.view.model].name if shared.view.model in taken else "")
    names = [card.name for card in taken.values()]
    if options.json:
        print_json({"models": names, "model": view.model or None, "drawings": new, "there_already": there})
    else:
        said = f"; available as {', '.join(names)}" if names else ""
        say(f"{many(new, 'drawing')} kept, {there:,} there already{said}")
    return 0
