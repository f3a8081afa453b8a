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
        for action, form, save in (
            (self.classes, _CSV, self.save_classes), (self.answers, _CSV, self.save_answers),
            (self.confusion, _PNG, self.save_confusion), (self.calibration, _PNG, self.save_calibration),
            (self.pairs, _PNG, self.save_pairs),
        ):  # fmt: skip
            name = action.text().removesuffix(" …")
            action.triggered.connect(lambda _, name=name, form=form, save=save: self._ask(name, form, save))
        self.findings = self.addAction("Table of sets …")
        self.difference = self.addAction("Images that make the difference …")
        self.findings.triggered.connect(lambda _: self._ask_compared("Table of sets", "sets", _CSV, self.save_findings))
        self.difference.triggered.connect(
            lambda _: self._ask_compared("Images that make the difference", "difference", _PNG, self.save_difference)
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
        self._save(lambda examined: export.classes_csv(examined.result, examined.names, path), path)

    def save_answers(self, path: Path) -> None:
        """Each image's answer and scores as CSV."""
        self._save(lambda examined: export.answers_csv(examined.result, examined.names, path), path)

    def save_confusion(self, path: Path) -> None:
        """The confusion matrix as PNG."""
        self._save(lambda examined: export.confusion_png(examined.result, examined.names, path), path)

    def save_calibration(self, path: Path) -> None:
        """Confidence against correctness as PNG."""
        self._save(lambda examined: export.calibration_png(examined.result, path), path)

    def save_pairs(self, path: Path) -> None:
        """Images over their reconstructions as PNG."""

        def write(examined: Examined) -> None:
            assert examined.pairs is not None
            export.pairs_png(examined.pairs, examined.result, path)

        self._save(write, path)

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
        comparison = self._compared
        if comparison is not None:
            self._run(lambda: export.sets_csv(comparison.report, comparison.results, path), path)

    def save_difference(self, path: Path) -> None:
        """The images that make the difference now looked at as PNG, those of both models."""
        comparison, makers, compared = self._compared, self._sets.makers, self._sets.compared
        if comparison is None or makers is None or compared is None:
            return
        titles = [comparison.cards[model].title for model in compared]
        images = (makers.first_only, makers.second_only)
        where = (
            f"set {makers.number + 1} of {len(comparison.sets):,}"
            if isinstance(makers, SetDifference)
            else "all images"
        )
        heading = f"{titles[0]} and {titles[1]} on {comparison.data.name}: {where}"

        def write() -> None:
            pool = comparison.data.test_images
            sides = [
                (_counted(title, len(indices)), from_bytes(pool[indices[:_MOST]]))
                for title, indices in zip(titles, images, strict=True)
            ]
            export.difference_png(sides, heading, path)

        self._run(write, path)

    def _save(self, write: Callable[[Examined], None], path: Path) -> None:
        examined = self._examined
        if examined is not None:
            self._run(lambda: write(examined), path)

    def _run(self, write: Callable[[], None], path: Path) -> None:
        name = short(path.name)
        self._jobs.run(write, lambda _: self.saved.emit(f"saved {name}"), lane="save", words=f"Saving {name}")

    def _offer(self) -> None:
        """What can be saved of the face that is shown."""
        sets = (self.findings, self.difference)
        for action in self.actions():
            action.setVisible((action in sets) == self._sets.isVisible())

    def _ask(self, title: str, form: str, save: Callable[[Path], None]) -> None:
        if self._examined is not None:
            what = title.lower().replace(" ", "-").replace("'", "")
            self._ask_path(f"Save: {title}", f"{self._examined.card.name}-{what}", form, save)

    def _ask_compared(self, title: str, what: str, form: str, save: Callable[[Path], None]) -> None:
        if self._compared is not None:
            self._ask_path(f"Save: {title}", f"{self._compared.data.name}-{what}", form, save)

    def _ask_path(self, title: str, name: str, form: str, save: Callable[[Path], None]) -> None:
        path = ask_where(self.parentWidget(), title, name, (form,))
        if path is not None:
            save(path)


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
