"""The menu of what can be saved of an evaluation."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from capsdraw.datasets import sampling
from capsdraw.evaluate import export
from capsdraw.evaluate.figures import Ints
from capsdraw.evaluate.sets import Found
from capsdraw.ink.raster import from_bytes
from capsdraw.ui import data_field
from capsdraw.ui.evaluate.examiner import Compared, Examined
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
        self._found: Examined | None = None
        self._compared: Compared | None = None
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

    def show_result(self, found: Examined | None) -> None:
        """Save this from now on."""
        self._found = found
        for action in (self.classes, self.answers, self.confusion, self.calibration):
            action.setEnabled(found is not None)
        self.pairs.setEnabled(found is not None and found.pairs is not None)

    def show_compared(self, found: Compared | None) -> None:
        """Save this comparison from now on."""
        self._compared = found
        for action in (self.findings, self.difference):
            action.setEnabled(found is not None)

    def save_classes(self, path: Path) -> None:
        """The table of classes as CSV."""
        self._save(lambda found: export.classes_csv(found.result, found.names, path), path)

    def save_answers(self, path: Path) -> None:
        """Each image's answer and scores as CSV."""
        self._save(lambda found: export.answers_csv(found.result, found.names, path), path)

    def save_confusion(self, path: Path) -> None:
        """The confusion matrix as PNG."""
        self._save(lambda found: export.confusion_png(found.result, found.names, path), path)

    def save_calibration(self, path: Path) -> None:
        """Confidence against correctness as PNG."""
        self._save(lambda found: export.calibration_png(found.result, path), path)

    def save_pairs(self, path: Path) -> None:
        """Images over their reconstructions as PNG."""

        def write(found: Examined) -> None:
            assert found.pairs is not None
            labels = found.result.labels[: len(found.pairs.read)]
            export.pairs_png(found.pairs, labels, found.result.model, path)

        self._save(write, path)

    def ask_set(self, found: Compared, chosen: Ints) -> None:
        """Ask where to save an evaluation set, and save it."""
        self._ask_path(
            f"Save the set: {_parts(found, chosen)}",
            f"{found.data.name}-set-{len(chosen)}",
            _NPZ,
            lambda path: self.save_set(found, chosen, path),
        )

    def save_set(self, found: Compared, chosen: Ints, path: Path) -> None:
        """An evaluation set as data."""
        self._jobs.run(
            lambda: sampling.save(found.data, chosen, path),
            lambda _: self.saved.emit(
                f"saved {path.name} ({_parts(found, chosen)}): choose it as data, here or in Train"
            ),
        )

    def save_findings(self, path: Path) -> None:
        """All pairs of models, and the sets on which they differ most, as CSV."""
        found = self._compared
        if found is not None:
            self._run(lambda: export.sets_csv(found.report, found.results, path), path)

    def save_difference(self, path: Path) -> None:
        """The images that make the difference now looked at as PNG, those of both models."""
        found, makers, both = self._compared, self._sets.makers, self._sets.compared
        if found is None or makers is None or both is None:
            return
        titles = [found.cards[one].title for one in both]
        images = (makers.first_only, makers.second_only)
        where = f"set {makers.number + 1} of {len(found.sets):,}" if isinstance(makers, Found) else "all images"
        said = f"{titles[0]} and {titles[1]} on {found.data.name}: {where}"

        def write() -> None:
            pool = found.data.test_images
            sides = [
                (_counted(title, len(some)), from_bytes(pool[some[:_MOST]]))
                for title, some in zip(titles, images, strict=True)
            ]
            export.difference_png(sides, said, path)

        self._run(write, path)

    def _save(self, write: Callable[[Examined], None], path: Path) -> None:
        found = self._found
        if found is not None:
            self._run(lambda: write(found), path)

    def _run(self, write: Callable[[], None], path: Path) -> None:
        self._jobs.run(write, lambda _: self.saved.emit(f"saved {path.name}"))

    def _offer(self) -> None:
        """What can be saved of the face that is shown."""
        sets = (self.findings, self.difference)
        for action in self.actions():
            action.setVisible((action in sets) == self._sets.isVisible())

    def _ask(self, title: str, form: str, save: Callable[[Path], None]) -> None:
        if self._found is not None:
            what = title.lower().replace(" ", "-").replace("'", "")
            self._ask_path(f"Save: {title}", f"{self._found.card.name}-{what}", form, save)

    def _ask_compared(self, title: str, what: str, form: str, save: Callable[[Path], None]) -> None:
        if self._compared is not None:
            self._ask_path(f"Save: {title}", f"{self._compared.data.name}-{what}", form, save)

    def _ask_path(self, title: str, name: str, form: str, save: Callable[[Path], None]) -> None:
        path = ask_where(self.parentWidget(), title, name, (form,))
        if path is not None:
            save(path)


def _parts(found: Compared, chosen: Ints) -> str:
    """What a saved set is made of (`sampling.save`), in words."""
    trained, rest = len(found.data.train_labels), len(found.data.test_labels) - len(chosen)
    train = (
        f"for training all {trained:,} of {data_field.title(found.data.name)}" if trained
        else f"for training the other {rest:,}" if rest
        else "none for training"
    )  # fmt: skip
    return f"its {len(chosen):,} images to measure on, {train}"


def _counted(title: str, count: int) -> str:
    said = f"Only {title} right: {count:,}"
    return f"{said}, of which the first {_MOST}" if count > _MOST else said
