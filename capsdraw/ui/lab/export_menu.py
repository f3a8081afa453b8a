"""The lab's menu of what can be saved or copied."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from capsdraw.errors import short
from capsdraw.lab import export
from capsdraw.ui.digit_view import image_of
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.lab.asking import Held, SheetFile, ask_sheet_file
from capsdraw.ui.lab.morph_view import MorphView
from capsdraw.ui.lab.sliders_face import SlidersFace
from capsdraw.ui.plain_text import tip
from capsdraw.ui.questions import Desk, Half, Question, Topic, Urgency
from capsdraw.ui.save_dialog import ask_where

# What can be saved, under which name first, and in which forms.
_PICTURE = ("Redrawn picture …", "redrawn", ("Picture (*.png)",))
_SHEET = ("Sheet …", "sheet", ("Picture (*.png)",))
_MORPH = ("Morph …", "morph", ("Moving picture (*.gif)",))
_NUMBERS = ("Numbers …", "capsule", ("JSON (*.json)", "Table (*.csv)"))
_NO_MORPH = "there is no morph yet: open Morph, and keep two drawings as A and B"


class ExportMenu(QMenu):
    """Saves what a lab holds, in the background, and copies it.

    Args:
        desk: takes the question for a sheet to the model.
        held: gives what is held, or None.
        face, morph: what shows it; jobs: saves.

    Signals:
        failed(str): something could not be done; one line.
        saved(str): something was saved or copied, in words.
    """

    failed = Signal(str)
    saved = Signal(str)

    def __init__(
        self,
        desk: Desk,
        held: Callable[[], Held | None],
        face: SlidersFace,
        morph: MorphView,
        jobs: Jobs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._held, self._face, self._morph, self._jobs = held, face, morph, jobs
        # It is saved whatever has changed since.
        self.files = Topic()
        self._sheet = Question(
            desk,
            ask_sheet_file,
            self._write_sheet,
            self.failed.emit,
            urgency=Urgency.SAVED,
            about=self.files,
            half=Half.LIGHT,
        )
        for what, save in (
            (_PICTURE, self.save_picture), (_SHEET, self.save_sheet), (_MORPH, self.save_morph),
            (_NUMBERS, self.save_numbers),
        ):  # fmt: skip
            self.addAction(what[0]).triggered.connect(lambda _, what=what, save=save: self._ask(what, save))
        self.addSeparator()
        self.addAction("Copy redrawn picture").triggered.connect(self.copy_picture)
        self.addAction("Copy numbers").triggered.connect(self.copy_numbers)
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.offer)

    def offer(self) -> None:
        """Enable what there is to save or to copy; the others say what is missing."""
        drawn, walk = self._held() is not None, self._morph.frames is not None
        for action in self.actions():
            available, missing = (walk, _NO_MORPH) if action.text() == _MORPH[0] else (drawn, "nothing is drawn yet")
            action.setEnabled(available)
            action.setToolTip(tip("" if available else missing))

    def save_picture(self, path: Path) -> None:
        """The redrawn picture as PNG."""
        pixels = self._face.redrawn.view.digit
        if pixels is not None:
            self._save(lambda: export.picture(pixels, path), path)

    def save_sheet(self, path: Path) -> None:
        """The sheet of what is held now as PNG, once the model has drawn it."""
        held = self._held()
        if held is not None:
            self._sheet.put(held, self._names(), path)

    def save_morph(self, path: Path) -> None:
        """The morph as GIF."""
        frames = self._morph.frames
        if frames is None:
            self.failed.emit(_NO_MORPH)
        else:
            self._save(lambda: export.morph(frames, path), path)

    def save_numbers(self, path: Path) -> None:
        """The numbers as JSON or CSV."""
        held = self._numbers()
        if held is not None:
            self._save(lambda: export.numbers(held, path), path)

    def copy_picture(self) -> None:
        """The redrawn picture, enlarged, onto the clipboard."""
        pixels = self._face.redrawn.view.digit
        if pixels is not None:
            image = image_of(pixels)
            QGuiApplication.clipboard().setImage(image.scaled(image.width() * 10, image.height() * 10))
            self.saved.emit("copied the redrawn picture")

    def copy_numbers(self) -> None:
        """The numbers as a table onto the clipboard."""
        held = self._numbers()
        if held is not None:
            QGuiApplication.clipboard().setText(export.to_csv(held))
            self.saved.emit("copied the numbers")

    def _numbers(self) -> export.CapsuleNumbers | None:
        held = self._held()
        if held is None:
            return None
        read = [float(value) for value in held.capsules[held.label]]
        return export.CapsuleNumbers(held.model, held.label, held.name, self._names(), read, list(held.offsets))

    def _names(self) -> list[str]:
        return [slider.name for slider in self._face.sliders]

    def _write_sheet(self, file: SheetFile) -> None:
        self._save(lambda: export.sheet(*file), file.path)

    def _ask(self, what: tuple[str, str, tuple[str, ...]], save: Callable[[Path], None]) -> None:
        title, name, forms = what
        path = ask_where(self.parentWidget(), title.removesuffix(" …"), name, forms)
        if path is not None:
            save(path)

    def _save(self, write: Callable[[], None], path: Path) -> None:
        name = short(path.name)
        self._jobs.run(write, lambda _: self.saved.emit(f"saved {name}"), lane="save", words=f"Saving {name}")
