"""The menu of what can be saved of an evaluation."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from capsdraw.datasets import sampling
from capsdraw.errors import short
from capsdraw.evaluate import export
from capsdraw.evaluate.metrics import Ints
from capsdraw.evaluate.sets import SetDifference
from capsdraw.ink.raster import from_bytes
from capsdraw.ui import data_field
from capsdraw.ui.evaluate.examiner import Comparison, Examined
from capsdraw.ui.evaluate.sets_view import SetsView
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.save_dialog import ask_where

# Of one model's images in a picture.
_MOST: Final = 100
_PNG, _CSV, _NPZ = "Picture (*.png)", "Table (*.csv)", "Data (*.npz)"

# Writes what it was made for.
Writer = Callable[[Path], None]


class Exports(QMenu):
    """Saves in the background.

    Attributes:
        classes, answers, confusion, calibration, pairs: the entries; of what is compared on sets: findings, difference.

    Signals:
        saved(str): something was saved, in words. What could not be, `Jobs` tells.
    """

    saved = Signal(str)

    def __init__(self, jobs: Jobs, sets: SetsView, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs, self._sets = jobs, sets
        self._examined: Examined | None = None
        self._compared: Comparison | None = None
        self.classes = self.addAction("Table of classes …")
        self.answers = self.addAction("Each image's answer …")
        self.confusion = self.addAction("Confusion matrix …")
        self.calibration = self.addAction("Calibration …")
        self.pairs = self.addAction("Pairs …")
        for action, form, write in (
            (self.classes, _CSV, _classes), (self.answers, _CSV, _answers), (self.confusion, _PNG, _confusion),
            (self.calibration, _PNG, _calibration), (self.pairs, _PNG, _pairs),
        ):  # fmt: skip
            name = action.text().removesuffix(" …")
            action.triggered.connect(lambda _, name=name, form=form, write=write: self._ask(name, form, write))
        self.findings = self.addAction("Table of sets …")
        self.difference = self.addAction("Images that make the difference …")
        self.findings.triggered.connect(lambda _: self._ask_compared("Table of sets", "sets", _CSV, self._findings()))
        self.difference.triggered.connect(
            lambda _: self._ask_compared("Images that make the difference", "difference", _PNG, self._difference())
        )
        self.aboutToShow.connect(self._offer)
        self.show_result(None)
        self.show_compared(None)

    def show_result(self, examined: Examined | None) -> None:
        """Save this from now on."""
        self._examined = examined
        for action in (self.classes, self.answers, self.confusion, self.calibration):
            action.setEnabled(examined is not None)
        self.pairs.setEnabled(examined is not None and examined.pairs is not None)

    def show_compared(self, comparison: Comparison | None) -> None:
        """Save this comparison from now on."""
        self._compared = comparison
        for action in (self.findings, self.difference):
            action.setEnabled(comparison is not None)

    def save_classes(self, path: Path) -> None:
        """The table of classes as CSV."""
        self._save(_classes, path)

    def save_answers(self, path: Path) -> None:
        """Each image's answer and scores as CSV."""
        self._save(_answers, path)

    def save_confusion(self, path: Path) -> None:
        """The confusion matrix as PNG."""
        self._save(_confusion, path)

    def save_calibration(self, path: Path) -> None:
        """Confidence against correctness as PNG."""
        self._save(_calibration, path)

    def save_pairs(self, path: Path) -> None:
        """Images over their reconstructions as PNG."""
        self._save(_pairs, path)

    def ask_set(self, comparison: Comparison, chosen: Ints) -> None:
        """Ask where to save an evaluation set, and save it."""
        self._ask_path(
            f"Save the set: {_parts(comparison, chosen)}",
            f"{comparison.data.name}-set-{len(chosen)}",
            _NPZ,
            lambda path: self.save_set(comparison, chosen, path),
        )

    def save_set(self, comparison: Comparison, chosen: Ints, path: Path) -> None:
        """An evaluation set as data."""
        self._jobs.run(
            lambda: sampling.save(comparison.data, chosen, path),
            lambda _: self.saved.emit(
                f"saved {path.name} ({_parts(comparison, chosen)}): you can choose it as data here or in Train"
            ),
            lane="save",
            words=f"Saving {short(path.name)}",
        )

    def save_findings(self, path: Path) -> None:
        """All pairs of models, and the sets on which they differ most, as CSV."""
        self._run(self._findings(), path)

    def save_difference(self, path: Path) -> None:
        """The images that make the difference now looked at as PNG, those of both models."""
        self._run(self._difference(), path)

    def _findings(self) -> Writer | None:
        comparison = self._compared
        return None if comparison is None else lambda path: export.sets_csv(comparison.report, comparison.results, path)

    def _difference(self) -> Writer | None:
        comparison, makers, compared = self._compared, self._sets.makers, self._sets.compared
        if comparison is None or makers is None or compared is None:
            return None
        titles = [comparison.cards[model].title for model in compared]
        images = (makers.first_only, makers.second_only)
        where = (
            f"set {makers.number + 1} of {len(comparison.sets):,}"
            if isinstance(makers, SetDifference)
            else "all images"
        )
        heading = f"{titles[0]} and {titles[1]} on {comparison.data.name}: {where}"

        def write(path: Path) -> None:
            pool = comparison.data.test_images
            sides = [
                (_counted(title, len(indices)), from_bytes(pool[indices[:_MOST]]))
                for title, indices in zip(titles, images, strict=True)
            ]
            export.difference_png(sides, heading, path)

        return write

    def _save(self, write: Callable[[Examined, Path], None], path: Path) -> None:
        examined = self._examined
        self._run(None if examined is None else lambda path: write(examined, path), path)

    def _run(self, write: Writer | None, path: Path) -> None:
        if write is not None:
            name = short(path.name)
            self._jobs.run(
                lambda: write(path), lambda _: self.saved.emit(f"saved {name}"), lane="save", words=f"Saving {name}"
            )

    def _offer(self) -> None:
        """What can be saved of the face that is shown."""
        sets = (self.findings, self.difference)
        for action in self.actions():
            action.setVisible((action in sets) == self._sets.isVisible())

    def _ask(self, title: str, form: str, write: Callable[[Examined, Path], None]) -> None:
        # Another model may be measured while the dialog is open: what is saved is what the name says.
        examined = self._examined
        if examined is not None:
            what = title.lower().replace(" ", "-").replace("'", "")
            name = f"{examined.card.name}-{what}"
            self._ask_path(f"Save: {title}", name, form, lambda path: self._run(lambda _: write(examined, path), path))

    def _ask_compared(self, title: str, what: str, form: str, write: Writer | None) -> None:
        if self._compared is not None and write is not None:
            name = f"{self._compared.data.name}-{what}"
            self._ask_path(f"Save: {title}", name, form, lambda path: self._run(write, path))

    def _ask_path(self, title: str, name: str, form: str, save: Writer) -> None:
        path = ask_where(self.parentWidget(), title, name, (form,))
        if path is not None:
            save(path)


def _classes(examined: Examined, path: Path) -> None:
    export.classes_csv(examined.result, examined.names, path)


def _answers(examined: Examined, path: Path) -> None:
    export.answers_csv(examined.result, examined.names, path)


def _confusion(examined: Examined, path: Path) -> None:
    export.confusion_png(examined.result, examined.names, path)


def _calibration(examined: Examined, path: Path) -> None:
    export.calibration_png(examined.result, path)


def _pairs(examined: Examined, path: Path) -> None:
    assert examined.pairs is not None
    export.pairs_png(examined.pairs, examined.result, path)


def _parts(comparison: Comparison, chosen: Ints) -> str:
    """What a saved set is made of (`sampling.save`), in words."""
    trained, rest = len(comparison.data.train_labels), len(comparison.data.test_labels) - len(chosen)
    train = (
        f"all {trained:,} training images of {data_field.title(comparison.data.name)}" if trained
        else f"the other {rest:,} for training" if rest
        else "none for training"
    )  # fmt: skip
    return f"{len(chosen):,} test images, {train}"


def _counted(title: str, count: int) -> str:
    caption = f"Only {title} right: {count:,}"
    return f"{caption}, of which the first {_MOST}" if count > _MOST else caption
