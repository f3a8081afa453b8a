"""`capsdraw evaluate`: the figures of the window's tab, on a terminal and in files."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capsdraw.cli.progress import bar
from capsdraw.errors import CapsDrawError
from capsdraw.nets.cards import Card
from capsdraw.paths import expanded, require_ending, require_place

if TYPE_CHECKING:
    from capsdraw.datasets.data import Data
    from capsdraw.evaluate.error import Evaluation
    from capsdraw.nets.session import Session

_OPTIONS = {
    "csv": (".csv", "write the table of classes: precision, recall, F1, and what each was read as"),
    "answers": (".csv", "write each image's answer and scores"),
    "png": (".png", "draw the confusion matrix"),
    "calibration": (".png", "draw confidence against correctness"),
    "pairs": (".png", "draw the first 50 test images over their reconstructions (a capsule model's)"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `capsdraw evaluate` takes."""
    parser.add_argument(
        "--model", required=True, metavar="NAME",
        help="a model; several as one, joined by +; or 'ensemble', the best at hand as one",
    )  # fmt: skip
    parser.add_argument(
        "--data", metavar="NAME|PATH",
        help="the test images of a known data set (synthetic, mnist, fashion-mnist, cifar10), or of a file or folder; "
        "default: of the set that the model was made for",
    )  # fmt: skip
    for name, (ending, help_text) in _OPTIONS.items():
        parser.add_argument(f"--{name}", type=expanded, metavar=f"FILE{ending}", help=help_text)


def evaluate(
    options: argparse.Namespace,
    open_data: Callable[[str, tuple[int, ...]], "Data"],
    open_session: Callable[[Card], "Session"],
    print_json: Callable[[dict[str, Any]], None],
) -> None:
    """Measure as the options say; print what was measured, then write the files asked for.

    Raises:
        CapsDrawError: no such model or data, they do not fit, or a file cannot be written.
    """
    from capsdraw.evaluate import ensemble, error, export, pairs

    # Refused before minutes are spent on it.
    files = _files(options)
    found = ensemble.find(options.model)
    if options.pairs:
        ensemble.require_one(options.model, found)
        pairs.require_capsules(found[0])
    data = open_data(options.data or found[0].data_set, found[0].input)
    data = error.fitted(options.model, found[0], data)
    for path in files:
        require_place(path)
    sessions = [open_session(one) for one in found]
    model = sessions[0] if len(sessions) == 1 else ensemble.Ensemble(options.model, sessions)
    line = _Line(model.name)
    try:
        result = error.evaluate(model, data.test_images, data.test_labels, data.name, line.show)
    finally:
        line.clear()
    names, remark = error.names(found[0], data), error.remark(found[0], data)
    try:
        if options.json:
            print_json(export.to_json(result) | ({"remark": remark} if remark else {}))
        else:
            _print(result, names, remark)
    finally:
        # Whoever read the figures may have gone away (`| head`): the files are wanted all the same.
        _write(options, result, names, sessions[0], data)


def _write(
    options: argparse.Namespace, result: "Evaluation", names: list[str], session: "Session", data: "Data"
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
        shown = slice(pairs.COUNT)
        made = pairs.reconstruct(session, data.test_images[shown])
        export.pairs_png(made, data.test_labels[shown], result.model, options.pairs)


def _files(options: argparse.Namespace) -> list[Path]:
    """All that are to be written.

    Raises:
        CapsDrawError: one has not the ending of its kind, or two are the same.
    """
    asked: dict[Path, str] = {}
    for name, (ending, _) in _OPTIONS.items():
        path: Path | None = getattr(options, name)
        if path is None:
            continue
        require_ending(path, ending)
        other = asked.setdefault(path.resolve(), name)
        if other != name:
            raise CapsDrawError(f"--{other} and --{name} are the same file, '{path.name}': name two")
    return list(asked)


class _Line:
    """One line on a terminal that moves while images are read; nothing where stderr is no terminal."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._live = sys.stderr.isatty()
        self._begun = time.perf_counter()

    def show(self, done: int, total: int) -> None:
        """So many images are read."""
        if self._live:
            left = (time.perf_counter() - self._begun) * (total - done) / done
            self._put(f"{self._name} {bar(done / total)}  {done:,} of {total:,} images, {left:.0f} s left")

    def clear(self) -> None:
        """What comes next stands on a clean line."""
        if self._live:
            self._put("")

    @staticmethod
    def _put(text: str) -> None:
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _print(result: "Evaluation", names: list[str], remark: str) -> None:
    from capsdraw.evaluate.export import title

    print(title(result))
    wide = max(5, *(len(name) for name in names))
    print(f"{'class':<{wide}}  images  precision  recall      F1")
    for name, one in zip(names, result.by_class, strict=True):
        figures = (one.precision, one.recall, one.f1)
        columns = "  ".join(
            f"{'–' if part is None else f'{part:.4f}':>{width}}" for part, width in zip(figures, (9, 6, 6), strict=True)
        )
        print(f"{name:<{wide}}  {one.count:>6,}  {columns}")
    print(
        f"expected calibration error {result.calibration.error:.4f}, "
        f"{1000 * result.seconds_per_image:.2f} ms an image when many are read at once"
    )
    if remark:
        print(remark)
