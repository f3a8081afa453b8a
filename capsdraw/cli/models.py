"""`capsdraw models`: what there is to ask, what others saved, and what other programs are to have."""

import argparse
from typing import Any

from capsdraw.cli.command_parser import named_path, not_empty
from capsdraw.cli.terminal import add_json, note, print_json, quiet_stderr, say
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import times
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.export_forms import require_form
from capsdraw.paths import expanded

HELP = "list the available models, open one that somebody else saved, or export one"

# A contract: other programs read these.
_KEYS = ("name", "title", "kind", "input", "classes", "parameters", "test_error_percent", "sha256", "bundled")
# What pixels may have been, by the words of `nets.foreign.sight`, and what ink may stand on.
_PIXELS = ("0..1", "0..255", "-1..1", "0..255/256")
_GROUNDS = {"light": "dark", "dark": "light", "none": "any"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw models` takes."""
    parser.add_argument(
        "--open", type=named_path, metavar="FILE",
        help="open a .keras or .h5 file of a net that somebody saved, and keep it among your own models",
    )  # fmt: skip
    parser.add_argument("--title", metavar="TITLE", help="what the opened model is called (default: the file's name)")
    parser.add_argument(
        "--pixels", choices=_PIXELS, help="what pixels were when the opened net was trained (default: it is measured)"
    )
    parser.add_argument(
        "--ink", choices=tuple(_GROUNDS),
        help="whether its ink was light or dark; none: it sees pictures as they are (default: it is measured)",
    )  # fmt: skip
    parser.add_argument(
        "--sure", action="store_true", help="assume nothing: do not open it where neither is said nor can be measured"
    )
    parser.add_argument(
        "--export", nargs=2, type=not_empty, metavar=("NAME", "FILE"),
        help="save a model for other programs: FILE ends in .tflite, .onnx, or .keras (without CapsDraw's own layers)",
    )  # fmt: skip
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """List, open or export, as the options say.

    Raises:
        CapsDrawError: no such model or file, it is refused, or what is to be written cannot be.
    """
    if options.open is not None and options.export is not None:
        raise CapsDrawError("--open and --export are two things: ask for them one after the other")
    if options.open is None and (options.title or options.pixels or options.ink or options.sure):
        raise CapsDrawError(
            "--title, --pixels, --ink and --sure say something of a file that is opened: name it with --open"
        )
    if options.open is not None:
        return _open(options)
    return _export(options) if options.export is not None else _list(options.json)


def _list(as_json: bool) -> int:
    """Print a line for each model."""
    listed, left_out = cards.survey()
    for line in left_out:
        note(f"capsdraw: {line}")
    if as_json:
        print_json([_about(card) for card in listed])
        return 0
    for card in listed:
        error = "" if card.test_error_percent is None else f"{card.test_error_percent:.2f}% test error"
        say(f"{card.name:<20} {card.kind:<11} {card.parameters:>10,} parameters  {error}")
    return 0


def _open(options: argparse.Namespace) -> int:
    """Open a file, and print what became of it."""
    with quiet_stderr():
        from capsdraw.ink.intake import Ground
        from capsdraw.nets.foreign.opening_models import Unmeasured, open_model
        from capsdraw.nets.foreign.sight import PixelRange

        pixels = PixelRange(options.pixels) if options.pixels else None
        ground = Ground(_GROUNDS[options.ink]) if options.ink else None
        try:
            opened = open_model(options.open, options.title or "", pixels, ground, options.sure)
        except Unmeasured as unknown:
            if options.json:
                print_json({"unknown": list(unknown.unknown), "found": unknown.found, "input": list(unknown.shape)})
            raise
    if options.json:
        print_json({**_about(opened.card), "notes": list(opened.notes)})
        return 0
    card = opened.card
    say(f"{card.name}: {card.kind} of {times(card.input)}, {card.classes} classes, {card.parameters:,} parameters")
    for line in opened.notes:
        say(f"  {line}")
    return 0


def _export(options: argparse.Namespace) -> int:
    """Export a model, and print what it came to."""
    card, file = cards.find(options.export[0]), expanded(options.export[1])
    require_form(file)
    with quiet_stderr():
        from capsdraw.nets.exporting import export

        written = export(card, file)
    about = {"name": card.name, "file": str(written.path), "bytes": written.bytes, "difference": written.difference}
    if options.json:
        print_json(about)
    else:
        say(
            f"{written.path}: {written.bytes:,} bytes; read back, it answers to {written.images} pictures as "
            f"{card.name} does, at most {written.difference:.1e} off"
        )
    return 0


def _about(card: Card) -> dict[str, Any]:
    return {key: getattr(card, key) for key in _KEYS}
