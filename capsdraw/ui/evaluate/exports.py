"""The menu of what can be saved of an evaluation."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from capsdraw.datasets import sampling
from capsdraw.evaluate import export
from capsdraw.evaluate.figures import Ints
from capsdraw.ui.data_field import title
from capsdraw.ui.evaluate.examiner import Compared, Examined
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.save_dialog import ask_where

_PNG, _CSV, _NPZ = "Picture (*.png)", "Table (*.csv)", "Data (*.npz)"


class Exports(QMenu):
    """Saves in the background.

    Attributes:
        classes, answers, confusion, pairs: the entries.

    Signals:
        saved(str): something was saved, in words. What could not be, `Jobs` tells.
    """

    saved = Signal(str)

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._found: Examined | None = None
        self.classes = self.addAction("Table of classes …")
        self.answers = self.addAction("Each image's answer …")
        self.confusion = self.addAction("Confusion matrix …")
        self.pairs = self.addAction("Pairs …")
        for action, form, save in (
            (self.classes, _CSV, self.save_classes), (self.answers, _CSV, self.save_answers),
            (self.confusion, _PNG, self.save_confusion), (self.pairs, _PNG, self.save_pairs),
        ):  # fmt: skip
            name = action.text().removesuffix(" …")
            action.triggered.connect(lambda _, name=name, form=form, save=save: self._ask(name, form, save))
        self.show_result(None)

    def show_result(self, found: Examined | None) -> None:
        """Save this from now on."""
        self._found = found
        for action in (self.classes, self.answers, self.confusion):
            action.setEnabled(found is not None)
        self.pairs.setEnabled(found is not None and found.pairs is not None)

    def save_classes(self, path: Path) -> None:
        """The table of classes as CSV."""
        self._save(lambda found: export.classes_csv(found.result, found.names, path), path)

    def save_answers(self, path: Path) -> None:
        """Each image's answer and scores as CSV."""
        self._save(lambda found: export.answers_csv(found.result, found.names, path), path)

    def save_confusion(self, path: Path) -> None:
        """The confusion matrix as PNG."""
        self._save(lambda found: export.confusion_png(found.result, found.names, path), path)

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

    def _save(self, write: Callable[[Examined], None], path: Path) -> None:
        found = self._found
        if found is not None:
            self._jobs.run(lambda: write(found), lambda _: self.saved.emit(f"saved {path.name}"))

    def _ask(self, title: str, form: str, save: Callable[[Path], None]) -> None:
        if self._found is not None:
            what = title.lower().replace(" ", "-").replace("'", "")
            self._ask_path(f"Save: {title}", f"{self._found.card.name}-{what}", form, save)

    def _ask_path(self, title: str, name: str, form: str, save: Callable[[Path], None]) -> None:
        path = ask_where(self.parentWidget(), title, name, (form,))
        if path is not None:
            save(path)


def _parts(found: Compared, chosen: Ints) -> str:
    """What a saved set is made of (`sampling.save`), in words."""
    trained, rest = len(found.data.train_labels), len(found.data.test_labels) - len(chosen)
    train = (
        f"for training all {trained:,} of {title(found.data.name)}" if trained
        else f"for training the other {rest:,}" if rest
        else "none for training"
    )  # fmt: skip
    return f"its {len(chosen):,} images to measure on, {train}"
