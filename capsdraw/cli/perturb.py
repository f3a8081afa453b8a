"""`capsdraw perturb`: the sheet of a capsule, each of its numbers changed in steps."""

import argparse
from typing import TYPE_CHECKING

from capsdraw.cli.command_parser import named_path
from capsdraw.cli.inputs import open_answering, seen_in_file
from capsdraw.cli.terminal import add_json, print_json, say
from capsdraw.errors import CapsDrawError, short
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import Floats
from capsdraw.paths import require_ending, require_other

if TYPE_CHECKING:
    from capsdraw.nets.answering import Answering

HELP = "draw a sheet that shows what each number in a class' capsule does, changed in steps"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw perturb` takes."""
    parser.add_argument("file", type=named_path, metavar="FILE", help="an image, or a strokes file (.json)")
    parser.add_argument(
        "--model",
        default=cards.DEFAULT_MODEL,
        metavar="NAME",
        help="the capsule model to ask, a name that 'capsdraw models' lists (default: %(default)s)",
    )
    parser.add_argument(
        "--class",
        dest="label",
        metavar="K",
        help="the class whose capsule is changed, by name or number (default: the class that is read)",
    )
    parser.add_argument("--out", required=True, type=named_path, metavar="SHEET.png", help="where to save the sheet")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Draw the sheet and say where it lies.

    Raises:
        CapsDrawError: no such model, class or picture, a model without capsules, or the sheet cannot be written.
    """
    card, chosen = _checked(options)
    digit = seen_in_file(options.file, card).pixels
    session = open_answering(card)
    from capsdraw.lab import export, perturbation

    reading = session.read(digit)
    assert reading.capsules is not None
    label = reading.label if chosen is None else chosen
    sheet = perturbation.sheet(session.decode, reading.capsules, label)
    names = _names(session, card, reading.capsules, label)
    export.sheet(sheet, names, options.out)
    if options.json:
        print_json(
            {
                "file": str(options.file), "model": card.name, "label": reading.label, "class": label,
                "out": str(options.out), "amounts": [round(float(amount), 6) for amount in sheet.amounts],
                "capsule": [float(value) for value in reading.capsules[label]], "names": names,
            }
        )  # fmt: skip
    else:
        rows, columns = sheet.pictures.shape[:2]
        say(f"{options.out}: capsule {card.label(label)} of {options.file.name}, {rows} numbers in {columns} steps")
    return 0


def _checked(options: argparse.Namespace) -> tuple[Card, int | None]:
    """The model, and the class asked for, if any; CapsDrawError for what can be refused before a net is loaded."""
    card = cards.find(options.model)
    if card.kind != "capsule":
        at_hand = ", ".join(other.name for other in cards.list_cards() if other.kind == "capsule")
        raise CapsDrawError(f"model '{card.name}' has no capsules: models with capsules are {at_hand}")
    chosen = None if options.label is None else _class_of(card, options.label)
    require_ending(options.out, ".png")
    require_other(options.out, options.file, "it is the picture being read")
    return card, chosen


def _class_of(card: Card, word: str) -> int:
    """The class that a user's word stands for: its name, else its number.

    Raises:
        CapsDrawError: the model knows no such class.
    """
    names = [card.label(label).casefold() for label in range(card.classes)]
    if word.casefold() in names:
        return names.index(word.casefold())
    # Python makes no number of thousands of digits.
    if word.isdecimal() and len(word) < 10 and int(word) < card.classes:
        return int(word)
    named = f"{', '.join(card.labels)}, or " if card.labels else ""
    raise CapsDrawError(f"class '{short(word)}' is unknown to '{card.name}': it knows {named}0 to {card.classes - 1}")


def _names(session: "Answering", card: Card, capsules: Floats, label: int) -> list[str]:
    """The capsule's numbers, named as in the window.

    What the user calls each, else what is measured around the class' typical digit, else "".
    """
    from capsdraw.lab.meaning import of_class
    from capsdraw.lab.names import Names
    from capsdraw.nets.ranges import from_card

    ranges, own_names = from_card(card.ranges, *capsules.shape), Names()
    measured = [meaning.name for meaning in of_class(session.decode, capsules, label, ranges)]
    return [own_names.get(card.name, label, dimension) or name or "" for dimension, name in enumerate(measured)]
