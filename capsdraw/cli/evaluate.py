"""`capsdraw evaluate`: the figures of the window's tab, on a terminal and in files."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from capsdraw.cli.command_parser import named_path, not_empty
from capsdraw.cli.inputs import open_data, open_session
from capsdraw.cli.progress import reading_images
from capsdraw.cli.terminal import add_json, print_json, say
from capsdraw.datasets.sources import COLLECTION, KNOWN, PEN_STROKES, other_data
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import with_article
from capsdraw.nets.weights import checked
from capsdraw.paths import expanded, require_ending, require_other, require_place, whole

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from capsdraw.evaluate.error import Evaluation, Scored
    from capsdraw.nets.cards import Card
    from capsdraw.nets.session import Session

HELP = "measure a model's error on a data set"

_OPTIONS = {
    "csv": (".csv", "save each class' precision, recall, F1, and what its images were read as"),
    "answers": (".csv", "save each image's answer and scores"),
    "png": (".png", "save a picture of the confusion matrix"),
    "calibration": (".png", "save a picture of confidence against accuracy"),
    "pairs": (".png", "save a picture of the first 50 test images above their reconstructions (capsule models)"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw evaluate` takes."""
    parser.add_argument(
        "--model", required=True, metavar="NAME",
        help="the model to measure; several, joined by +, answer as one; 'ensemble': the two capsule nets as one",
    )  # fmt: skip
    parser.add_argument(
        "--data", type=not_empty, metavar="NAME|PATH",
        help="a known data set (synthetic, synthetic-letters, mnist, fashion-mnist, cifar10, pen-strokes), "
        "'collection' for the drawings that you kept, a file or a folder; its test images are read (default: the data "
        "set that the model was made for)",
    )  # fmt: skip
    parser.add_argument(
        "--transposed",
        action=argparse.BooleanOptionalAction,
        help="exchange rows and columns of the images, as EMNIST's need it; --no-transposed: they are right",
    )
    for name, (ending, help_text) in _OPTIONS.items():
        parser.add_argument(f"--{name}", type=named_path, metavar=f"FILE{ending}", help=help_text)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Measure as the options say; print what was measured, then write the files asked for.

    Raises:
        CapsDrawError: no such model or data, they do not fit, or a file cannot be written.
    """
    # Not for `capsdraw --help`; none of them brings Keras in, so what can be refused is refused at once.
    from capsdraw.evaluate import ensemble, error, pairs

    files = _files(options)
    cards = ensemble.find(options.model)
    if options.pairs:
        ensemble.require_one(options.model, cards)
        pairs.require_capsules(cards[0])
    for card in cards:
        checked(card)
    for path in files:  # refused before minutes are spent on it
        require_place(path)
    if cards[0].reads_pairs:
        _pairs(options, cards)
        return 0
    source = options.data or cards[0].data_set
    data = open_data(source, cards[0].input, test_only=True, intake=cards[0].intake)
    data = error.fitted(options.model, cards[0], error.as_trained(cards[0], source, data, options.transposed))
    sessions = [open_session(card) for card in cards]
    model = sessions[0] if len(sessions) == 1 else ensemble.Ensemble(options.model, sessions)
    if options.transposed is None:
        error.require_upright(model, data)
    with reading_images(model.name) as show:
        result = error.evaluate(model, data.test_images, data.test_labels, data.name, show)
    names, remark = error.names(cards[0], data), error.remark(cards[0], data)
    try:
        _tell(options, result, names, remark)
    finally:
        # Whoever read the figures may have gone away (`| head`): the files are wanted all the same.
        _write(options, result, names, sessions[0], data.test_images)
    return 0


def _pairs(options: argparse.Namespace, cards: "list[Card]") -> None:
    """Measure a net that reads two digits over one another, on such pairs of the data's test images."""
    from capsdraw.evaluate import both_right, ensemble, error, pairs

    ensemble.require_one(options.model, cards)
    (card,) = cards
    source = options.data or card.data_set
    data = open_data(source, None, test_only=True)
    data, both = both_right.fitted_pairs(card, error.as_trained(card, source, data, options.transposed))
    session = open_session(card)
    with reading_images(session.name) as show:
        result = both_right.evaluate_pairs(session, both, data.name, show)
    names, remark = error.names(card, data), error.remark(card, data)
    try:
        if options.json:
            print_json(result.to_json() | ({"remark": remark} if remark else {}))
        else:
            one, none = (int((result.found == count).sum()) for count in (1, 0))
            say(f"pairs of test images, one over another, shifted by up to {both.shift} pixels")
            counts = f"One of the two right: {one:,}; neither: {none:,}."
            _print(result, names, f"{remark} {counts}" if remark else counts)
    finally:
        _write(options, result, names, session, both_right.pictures(both.first(pairs.COUNT)))


def _tell(options: argparse.Namespace, result: "Evaluation", names: list[str], remark: str) -> None:
    from capsdraw.evaluate.export import to_json

    if options.json:
        print_json(to_json(result) | ({"remark": remark} if remark else {}))
    else:
        _print(result, names, remark)


def _write(
    options: argparse.Namespace, result: "Scored", names: list[str], session: "Session", images: "NDArray[np.uint8]"
) -> None:
    from capsdraw.evaluate import export, pairs

    if options.csv:
        export.classes_csv(result, names, options.csv)
    if options.answers:
        export.answers_csv(result, names, options.answers)
    if options.png:
        export.confusion_png(result, names, options.png)
    if options.calibration:
        export.calibration_png(result, options.calibration)
    if options.pairs:
        export.pairs_png(pairs.reconstruct(session, images[: pairs.COUNT]), result, options.pairs)


def _files(options: argparse.Namespace) -> list[Path]:
    """All that are to be written.

    Raises:
        CapsDrawError: one has not the ending of its kind, is of the data that is read, or two are the same.
    """
    option_of: dict[Path, str] = {}
    source = other_data(options.data or "")
    for name, (ending, _) in _OPTIONS.items():
        path: Path | None = getattr(options, name)
        if path is None:
            continue
        require_ending(path, ending)
        if source not in ("", COLLECTION, PEN_STROKES, *KNOWN):
            require_other(path, expanded(source), "it is of the data being read: choose another name")
        other = option_of.setdefault(whole(path), name)
        if other != name:
            raise CapsDrawError(f"--{other} and --{name} are the same file, '{path.name}': give two different names")
    return list(option_of)


def _print(result: "Scored", names: list[str], remark: str) -> None:
    from capsdraw.evaluate.export import title

    say(title(result))
    wide = max(5, *(len(name) for name in names))
    say(f"{'class':<{wide}}  {result.noun + 's':>6}  precision  recall      F1")
    for name, figures_of_class in zip(names, result.by_class, strict=True):
        figures = (figures_of_class.precision, figures_of_class.recall, figures_of_class.f1)
        columns = "  ".join(
            f"{'–' if value is None else f'{value:.4f}':>{width}}"
            for value, width in zip(figures, (9, 6, 6), strict=True)
        )
        say(f"{name:<{wide}}  {figures_of_class.count:>6,}  {columns}")
    say(
        f"expected calibration error {result.calibration.error:.4f}, "
        f"{1000 * result.seconds_per_image:.2f} ms {with_article(result.noun)}, in batches"
    )
    if remark:
        say(remark)
