"""`capsdraw classify`: what a model reads in files."""

import argparse
from typing import Any

from capsdraw.cli.command_parser import named_path
from capsdraw.cli.inputs import open_answering, seen_in_file
from capsdraw.cli.terminal import add_json, fail, print_json, say
from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards
from capsdraw.nets.side_by_side import NumberReader, WrittenNumber
from capsdraw.nets.verdict import DIGITS, Kind, verdict_of
from capsdraw.records import one_line

# The score below which an answer is called unsure, as in the window.
SURE = 0.5
UNSURE = "the net is not sure"

HELP = "tell which digit, letter or other class is in each image or strokes file"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw classify` takes."""
    parser.add_argument("files", nargs="+", type=named_path, metavar="FILE", help="an image, or a strokes file (.json)")
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
            seen = seen_in_file(path, card)
        except CapsDrawError as error:
            # Files of one name may lie in several folders.
            code = fail(str(error).replace(f"'{one_line(path.name)}'", f"'{one_line(str(path))}'", 1))
            continue
        # Loaded once, and only when there is something to read.
        session = session or open_answering(card)
        reading = session.read(seen.pixels)
        scores = [float(score) for score in reading.scores]
        doubts = [*seen.doubts, *([UNSURE] if max(scores) < SURE else [])]
        verdict = verdict_of(reading, seen.pixels, card)
        sentence = verdict.sentence(card.names)
        number = NumberReader().read(session, seen.row, verdict)
        answers.append(
            {"file": str(path), "model": card.name, "label": reading.label, "scores": scores}
            | ({} if reading.second is None else {"labels": [reading.label, reading.second]})
            | {
                "names": card.names,
                "box": seen.box,
                "doubt": doubts,
                "verdict": {"kind": str(verdict.kind), "sentence": sentence},
            }
            | _number_to_json(number)
        )
        if number is not None and not options.json:
            say(f"{path}: {_in_words(number)}")
        elif not options.json:
            looks = "" if verdict.kind in (Kind.SURE, Kind.PAIR) else f"  looks like {sentence}"
            doubtful = f"  doubtful: {', '.join(doubts)}" if doubts else ""
            # Of two digits over one another, unless the net is sure that there is but one.
            second = None if verdict.kind == Kind.SURE else reading.second
            best = [reading.label, *([] if second is None else [second])]
            said = " + ".join(f"{card.label(label)}  ({scores[label]:.2f})" for label in best)
            say(f"{path}: {said}{looks}{doubtful}")
    if options.json:
        print_json(answers)
    return code


def _number_to_json(number: WrittenNumber | None) -> dict[str, Any]:
    """What is said of digits side by side: None and no digits where there is one, or none."""
    return {
        "number": None if number is None else number.text,
        "digits": [
            {
                "label": digit.reading.label,
                "score": float(digit.reading.scores[digit.reading.label]),
                "verdict": {"kind": str(digit.verdict.kind), "sentence": digit.verdict.sentence(DIGITS)},
                "box": [round(value, 1) for value in digit.box],
            }
            for digit in (() if number is None else number.digits)
        ],
    }


def _in_words(number: WrittenNumber) -> str:
    """The number, how sure of each digit the net is, and which of them are doubtful."""
    scores = ", ".join(f"{digit.reading.scores[digit.reading.label]:.2f}" for digit in number.digits)
    doubtful = "".join(f"  digit {place} looks like {sentence}" for place, sentence in number.doubts)
    return f"{number.text}  ({scores}){doubtful}"
