"""`capsdraw classify`: what a model reads in files."""

import argparse

from capsdraw.cli.inputs import open_answering, picture_from_file
from capsdraw.cli.terminal import add_json, fail, print_json, say
from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards
from capsdraw.paths import expanded

HELP = "tell which digit, or other class, is in each image or strokes file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw classify` takes."""
    parser.add_argument("files", nargs="+", type=expanded, metavar="FILE", help="an image, or a strokes file (.json)")
    parser.add_argument(
        "--model",
        default=cards.DEFAULT_MODEL,
        metavar="NAME",
        help="the model to ask, a name that 'capsdraw models' lists (default: %(default)s)",
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print what is read in each file; 1 where one of them could not be read, which stops none of the others.

    Raises:
        CapsDrawError: no such model, or it cannot be loaded.
    """
    card = cards.find(options.model)
    session = None
    answers, code = [], 0
    for path in options.files:
        try:
            picture = picture_from_file(path, card)
        except CapsDrawError as error:
            code = fail(str(error))
            continue
        # Loaded once, and only when there is something to read.
        session = session or open_answering(card)
        reading = session.read(picture)
        scores = [float(score) for score in reading.scores]
        answers.append({"file": str(path), "model": card.name, "label": reading.label, "scores": scores})
        if not options.json:
            say(f"{path}: {card.label(reading.label)}  ({max(scores):.2f})")
    if options.json:
        print_json(answers)
    return code
