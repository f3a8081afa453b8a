"""The command line: opens the app, or answers one question and exits.

Exit codes: 0 done, 1 could not be done, 2 wrong use. One clear line on stderr, no traceback.
"""

import argparse
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsdraw import __version__, cli_evaluate, cli_train
from capsdraw.errors import CapsDrawError
from capsdraw.fit.progress import bar
from capsdraw.ink.images import read_colours, read_image
from capsdraw.ink.normalize import Digit, digit_from_drawing, digit_from_raster
from capsdraw.ink.strokes import load as load_strokes
from capsdraw.nets import cards
from capsdraw.nets.reading import Floats
from capsdraw.paths import expanded, require_ending

if TYPE_CHECKING:
    from capsdraw.datasets.sources import Data
    from capsdraw.nets.session import Session


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        # A file's name may hold characters that the terminal cannot show.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except CapsDrawError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("stopped")
    except BrokenPipeError:
        # The reader of our output went away (`capsdraw … | head`): not a fault.
        _forget_output()
        return 0
    except OSError as error:
        _forget_output()
        return _fail(f"could not be done: {error.strerror or error}")


def digit_from_file(path: Path) -> Digit:
    """The digit in an image file, or in a strokes file (by its ending, .json).

    Raises:
        CapsDrawError: it cannot be read, or holds no ink; the message names the file.
    """
    if path.suffix.lower() == ".json":
        return digit_from_drawing(load_strokes(path))
    ink = read_image(path)
    try:
        return digit_from_raster(ink)
    except CapsDrawError as error:
        raise CapsDrawError(f"cannot read '{path.name}': {error}") from None


def picture_from_file(path: Path, card: cards.Card) -> Floats:
    """What the card's model sees of a file: a digit, or a small colour picture for a net of photographs.

    Raises:
        CapsDrawError: it cannot be read, or nothing can be made of it for this model.
    """
    if card.reads_digits:
        return digit_from_file(path)
    rows, columns, channels = card.input
    if channels != 3:
        raise CapsDrawError(
            f"cannot feed '{path.name}' to '{card.name}', which reads images of {rows} × {columns} × {channels}: "
            "files are read as digits of 28 × 28 × 1 or as colour pictures"
        )
    if path.suffix.lower() == ".json":
        raise CapsDrawError(f"'{path.name}' is a strokes file, and '{card.name}' reads colour pictures: give an image")
    return read_colours(path, rows, columns)


def _forget_output() -> None:
    """What is still held for stdout cannot be written; Python would complain of it at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="capsdraw", description="Draw a digit, watch a capsule network see it. Without a command: opens the app."
    )
    parser.add_argument("--version", action="version", version=f"capsdraw {__version__}")
    parser.set_defaults(run=_app)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    models = commands.add_parser("models", help="list the models at hand")
    models.set_defaults(run=_models)
    classify = commands.add_parser(
        "classify", help="read digits, or what else a model knows, from images or strokes files"
    )
    classify.add_argument("files", nargs="+", type=expanded, metavar="FILE", help="an image, or a strokes file (.json)")
    classify.add_argument("--model", default=cards.DEFAULT_MODEL, metavar="NAME", help="default: %(default)s")
    classify.set_defaults(run=_classify)
    evaluate = commands.add_parser("evaluate", help="measure a model on a data set")
    cli_evaluate.add_arguments(evaluate)
    evaluate.set_defaults(run=_evaluate)
    perturb = commands.add_parser(
        "perturb", help="draw the sheet of each number of a digit's capsule, changed in steps"
    )
    perturb.add_argument("file", type=expanded, metavar="FILE", help="an image, or a strokes file (.json)")
    perturb.add_argument("--model", default=cards.DEFAULT_MODEL, metavar="NAME", help="default: %(default)s")
    perturb.add_argument(
        "--class", dest="label", metavar="K", help="whose capsule, by name or number; default: the longest"
    )
    perturb.add_argument("--out", required=True, type=expanded, metavar="SHEET.png")
    perturb.set_defaults(run=_perturb)
    train = commands.add_parser("train", help="train a net; Ctrl-C stops it and keeps what it learnt")
    cli_train.add_arguments(train)
    train.set_defaults(run=_train)
    for command in (models, classify, evaluate, perturb, train):
        command.add_argument("--json", action="store_true", help="print the result as JSON")
    return parser


def _app(_: argparse.Namespace) -> int:
    from capsdraw.ui import preflight

    problem = preflight.problem()
    if problem:
        print(f"capsdraw: {problem}", file=sys.stderr)
        return 2
    from capsdraw.ui.app import run

    return run()


def _models(options: argparse.Namespace) -> int:
    found, left_out = cards.survey()
    for line in left_out:
        print(f"capsdraw: {line}", file=sys.stderr)
    if options.json:
        keys = ("name", "title", "kind", "input", "classes", "parameters", "test_error_percent", "sha256", "bundled")
        _print_json([{key: getattr(card, key) for key in keys} for card in found])
        return 0
    for card in found:
        error = "" if card.test_error_percent is None else f"{card.test_error_percent:.2f}% test error"
        print(f"{card.name:<20} {card.kind:<11} {card.parameters:>10,} parameters  {error}")
    return 0


def _classify(options: argparse.Namespace) -> int:
    card = cards.find(options.model)
    session = None
    answers, failed = [], 0
    for path in options.files:
        try:
            picture = picture_from_file(path, card)
        except CapsDrawError as error:
            failed = _fail(str(error))
            continue
        # Loaded once, and only when there is something to read.
        session = session or _open_session(card)
        reading = session.read(picture)
        scores = [float(score) for score in reading.scores]
        answers.append({"file": str(path), "model": card.name, "label": reading.label, "scores": scores})
        if not options.json:
            print(f"{path}: {card.label(reading.label)}  ({max(scores):.2f})")
    if options.json:
        _print_json(answers)
    return failed


def _evaluate(options: argparse.Namespace) -> int:
    with _quiet_stderr():
        from capsdraw.evaluate import ensemble  # noqa: F401 (TensorFlow, in silence)
    cli_evaluate.evaluate(
        options, lambda source, shape: _data(source, shape, test_only=True), _open_session, _print_json
    )
    return 0


def _class_of(card: cards.Card, given: str) -> int:
    """The class that a user's word stands for: its name, else its number.

    Raises:
        CapsDrawError: the model knows no such class.
    """
    names = [card.label(number).casefold() for number in range(card.classes)]
    if given.casefold() in names:
        return names.index(given.casefold())
    if given.isdecimal() and int(given) < card.classes:
        return int(given)
    known = f"{', '.join(card.labels)}, or " if card.labels else ""
    raise CapsDrawError(f"class '{given}' is unknown to '{card.name}': it knows {known}0 to {card.classes - 1}")


def _perturb(options: argparse.Namespace) -> int:
    card = cards.find(options.model)
    if card.kind != "capsule":
        at_hand = ", ".join(one.name for one in cards.list_cards() if one.kind == "capsule")
        raise CapsDrawError(f"model '{card.name}' has no capsules: those at hand that have are {at_hand}")
    chosen = None if options.label is None else _class_of(card, options.label)
    require_ending(options.out, ".png")
    if options.out.exists() and options.file.exists() and options.out.samefile(options.file):
        raise CapsDrawError(f"cannot save '{options.out.name}': it is the picture that is read")
    digit = picture_from_file(options.file, card)
    session = _open_session(card)
    from capsdraw.lab import export, perturb
    from capsdraw.lab.meaning import of_class
    from capsdraw.lab.names import Names
    from capsdraw.nets.ranges import from_card

    reading = session.read(digit)
    assert reading.capsules is not None
    label = reading.label if chosen is None else chosen
    sheet = perturb.sheet(session.decode, reading.capsules, label)
    # As the window names them: what the user calls them, else what is measured around the class' typical digit.
    ranges, own = from_card(card.ranges, *reading.capsules.shape), Names()
    found = [one.name for one in of_class(session.decode, reading.capsules, label, ranges)]
    names = [own.get(card.name, label, number) or name or "" for number, name in enumerate(found)]
    export.sheet(sheet, names, options.out)
    if options.json:
        _print_json(
            {
                "file": str(options.file), "model": card.name, "label": reading.label, "class": label,
                "out": str(options.out), "amounts": [round(float(amount), 6) for amount in sheet.amounts],
                "capsule": [float(number) for number in reading.capsules[label]], "names": names,
            }
        )  # fmt: skip
    else:
        rows, columns = sheet.pictures.shape[:2]
        print(f"{options.out}: capsule {card.label(label)} of {options.file.name}, {rows} numbers in {columns} steps")
    return 0


def _train(options: argparse.Namespace) -> int:
    # Its notes would stand between the lines of progress.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _quiet_stderr():
        from capsdraw.fit import loop  # noqa: F401
    outcome = cli_train.train(options, lambda source, shape: _data(source, shape, test_only=False))
    if options.json:
        _print_json(outcome)
    return 0


def _data(source: str, shape: tuple[int, ...] | None, test_only: bool) -> "Data":
    """The data of that name or path, pictures in it made ready for a net of `shape`."""
    from capsdraw.datasets.opening import open_data
    from capsdraw.datasets.watch import Watch

    shown = sys.stderr.isatty()
    try:
        return open_data(source, shape, test_only=test_only, watch=Watch(_show_progress if shown else None))
    finally:
        if shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _show_progress(done: int, total: int) -> None:
    """One line on a terminal, written over itself."""
    part = f"{bar(done / total)} {100 * done / total:3.0f}%" if total else f"{done:,}"
    print(f"\rgetting the data  {part}", end="", file=sys.stderr, flush=True)


def _open_session(card: cards.Card) -> "Session":
    with _quiet_stderr():
        from capsdraw.nets.session import Session

        return Session.open(card)


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep TensorFlow's start-up notes off the terminal; where it fails, they are shown.

    It writes them to the file descriptor itself, before any of its own settings are read.
    """
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as notes:
        os.dup2(notes.fileno(), 2)
        try:
            yield
        except CapsDrawError:
            raise
        except BaseException:
            notes.seek(0)
            os.write(kept, notes.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2))


def _fail(message: str) -> int:
    print(f"capsdraw: {message}", file=sys.stderr)
    return 1
