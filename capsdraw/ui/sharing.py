"""`.capsdraw` files in the window: what is on it now goes into one, and another window's is shown as it was there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout

from capsdraw.errors import short
from capsdraw.formatting import many
from capsdraw.ink.sketch import SIDE, Sketch
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.answers import Answer
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.plain_text import unmarked
from capsdraw.ui.save_dialog import ask_where
from capsdraw.ui.tab_bar import CAPSULE, COMPARE, TITLES

if TYPE_CHECKING:
    from capsdraw.collection.shared_file import View
    from capsdraw.ui.main_window import MainWindow

# Seconds: a collection of many thousands takes its time.
_LIMIT: Final = 600.0
_FORM: Final = ("CapsDraw (*.capsdraw)",)
_ABOUT: Final = "The drawing, which model reads it, and how views and sliders stand go into one file, for any machine."


@dataclass(frozen=True, eq=False)
class _Taken:
    """What a shared file brought: its view by the names that models have here, and what is new."""

    view: "View"
    sketch: Sketch
    cards: tuple[Card, ...]
    new: int


class ShareDialog(QDialog):
    """Asks what goes with it.

    Attributes:
        models: a box for each model of the user's own, by its name; collection: the box of the drawings.
    """

    def __init__(self, own: Sequence[Card], parent: "MainWindow") -> None:
        super().__init__(parent)
        self.setWindowTitle("Share")
        self.models = {card.name: QCheckBox(unmarked(f"Your model {short(card.title)}")) for card in own}
        self.collection = QCheckBox("Your collection of drawings")
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.GRID)
        layout.setContentsMargins(*[2 * theme.GRID] * 4)
        layout.addWidget(caption(_ABOUT))
        for box in self.models.values():
            box.setChecked(True)
            layout.addWidget(box)
        layout.addWidget(self.collection)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addSpacing(theme.GRID)
        layout.addWidget(buttons)
        self.setMinimumWidth(52 * theme.GRID)


class Sharing(QObject):
    """Writes and opens shared files for a window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._sliders: tuple[int, tuple[float, ...]] | None = None
        window.files.shared_taken.connect(self.open)
        # After all others: the lab takes an answer's capsules with its sliders where they were read.
        window.answers.answered.connect(self._move_sliders, Qt.ConnectionType.QueuedConnection)

    def ask(self) -> None:
        """Ask what is to go with it and where to save it, and save it."""
        window = self._window
        own = [card for card in window.models.all if not card.bundled and card.name in self._named()]
        dialog = ShareDialog(own, window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            path = ask_where(window, "Share", "my-digits", _FORM)
            if path is not None:
                chosen = [card for card in own if dialog.models[card.name].isChecked()]
                self.save(path, chosen, dialog.collection.isChecked())
        dialog.deleteLater()

    def save(self, path: Path, models: Sequence[Card], collection: bool) -> None:
        """Write what is on the window now, and these models, with the drawings that were kept or without."""
        view = self._view()
        sketch = self._window.panel.canvas.sketch
        sketch = replace(sketch, drawing=replace(sketch.drawing, canvas=float(SIDE)))
        self._window.jobs.run(
            partial(_write, path, view, sketch, tuple(models), collection),
            lambda count: self._window.files.opened.emit(
                f"Saved {short(path.name)}" + (f" with {many(count, 'drawing')}" if count else "")
            ),
            lane="share", words=f"Writing {short(path.name)}", limit=_LIMIT,
        )  # fmt: skip

    def open(self, path: Path) -> None:
        """Take in what such a file holds, and show it as it was."""
        self._window.jobs.run(
            partial(_take, path), partial(self._show, path),
            lane="share", words=f"Opening {short(path.name)}", limit=_LIMIT,
        )  # fmt: skip

    def _named(self) -> set[str]:
        tabs = self._window.tabs
        return {self._window.reader.model, *(self._window.compare.chosen if tabs.has(COMPARE) else ())}

    def _view(self) -> "View":
        from capsdraw.collection.shared_file import Capsule, View

        window = self._window
        window.keeper.keep()
        state = window.keeper.state
        held = window.lab.held() if window.tabs.has(CAPSULE) else None
        card = window.models.readers.get(window.reader.model)
        return View(
            model=window.reader.model,
            sha256="" if card is None else card.sha256,
            tab=TITLES[window.tabs.currentIndex()],
            faces=dict(state.faces),
            compared=tuple(state.compared),
            capsule=None if held is None else Capsule(label=held.label, offsets=tuple(map(float, held.offsets))),
        )

    def _show(self, path: Path, taken: _Taken) -> None:
        window, view = self._window, taken.view
        for card in taken.cards:
            window.models.put(card)
        that = self._that_read(view)
        reads = that or window.models.readers.get(view.model)
        if reads is not None:
            window.use_model(reads.name)
        if taken.sketch:
            window.panel.canvas.show_sketch(taken.sketch)
        if view.capsule is not None and that is not None:  # of another net, they would draw something else
            self._sliders = view.capsule.label, view.capsule.offsets
        known = [name for name in view.compared if name in {card.name for card in window.models.all}]
        if known:
            window.compare.choose_all(known)
        for title, face in view.faces.items():
            window.tabs.turn(title, face)
        if view.tab in TITLES:
            window.tabs.setCurrentIndex(TITLES.index(view.tab))
        notes = [f"{many(taken.new, 'new drawing')} in your collection"] if taken.new else []
        notes += [self._missing(view)] if view.model and that is None else []
        window.files.opened.emit(f"Opened {short(path.name)}{': ' if notes else ''}{'; '.join(notes)}")

    def _that_read(self, view: "View") -> Card | None:
        """The model that read there, whatever it is called here; None where it is not."""
        readers = self._window.models.readers
        named = readers.get(view.model)
        if not view.sha256 or (named is not None and named.sha256 == view.sha256):
            return named
        return next((card for card in readers.values() if card.sha256 == view.sha256), None)

    def _missing(self, view: "View") -> str:
        """That another model reads than there, in words."""
        readers, reads = self._window.models.readers, self._window.reader.model
        another = "another " if view.model in readers else ""
        title = readers[reads].title if reads in readers else reads
        return f"it was read by {another}'{short(view.model)}', which is not in this file: {short(title)} reads"

    def _move_sliders(self, answer: Answer) -> None:
        """With the answer to the drawing that was opened, the sliders stand for its capsules."""
        if self._sliders is None or answer.request != self._window.reader.number:
            return
        sliders, self._sliders = self._sliders, None
        capsules = answer.reading.capsules
        if capsules is None:
            return
        label, offsets = sliders
        if 0 <= label < len(capsules) and len(offsets) == capsules.shape[1]:
            self._window.lab.hold(label)
            self._window.lab.set_offsets(offsets)


def _write(path: Path, view: "View", sketch: Sketch, models: tuple[Card, ...], collection: bool) -> int:
    """On a thread for files; how many drawings went with it."""
    from capsdraw.collection import shared_file
    from capsdraw.collection.database import Collection

    if not collection:
        shared_file.write(path, view, sketch, models)
        return 0
    with Collection() as drawings:
        count = sum(drawings.counts().values())
        shared_file.write(path, view, sketch, models, drawings.items())
    return count


def _take(path: Path) -> _Taken:
    """On a thread for files."""
    from capsdraw.collection import shared_file
    from capsdraw.collection.bring import add_all
    from capsdraw.collection.database import Collection
    from capsdraw.ink.sketch_file import in_canvas_units

    with shared_file.opened(path) as shared:
        models = shared.take_models()
        new = 0
        if shared.drawings:
            with Collection() as drawings:
                new = add_all(drawings, shared.items()).new
        renamed: dict[str, Any] = {name: card.name for name, card in models.items()}
        view = replace(
            shared.view,
            model=renamed.get(shared.view.model, shared.view.model),
            compared=tuple(renamed.get(name, name) for name in shared.view.compared),
        )
        sketch = in_canvas_units(shared.sketch)
        sketch = replace(sketch, drawing=replace(sketch.drawing, canvas=None))
    return _Taken(view, sketch, tuple(models.values()), new)
