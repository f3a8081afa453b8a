"""Models of others are opened, and models exported, each in a process of its own: neither holds the window up."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from capsdraw.errors import short
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.export_forms import FORMS, require_form
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.models_process import PATIENCE, ModelsProcess, UnknownSight
from capsdraw.ui.save_dialog import ask_where
from capsdraw.ui.sight_dialog import SightDialog

# Endings of files that may be models; data lies in the latter ones, too.
_SURELY: Final = (".keras",)
ENDINGS: Final = (*_SURELY, ".h5", ".hdf5")


class ModelFiles(QObject):
    """Opens model files, and exports models to files.

    Args:
        window: the parent of dialogs; jobs: run what waits for the other process.
        chosen: the card of the model that reads now.

    Signals:
        opened(object): the card of a model that was opened; it is among the user's own.
        is_data(object): a file that might have been a model holds data.
        said(str): what was done, in words.
    """

    opened = Signal(object)
    is_data = Signal(object)
    said = Signal(str)

    def __init__(self, window: QWidget, jobs: Jobs, chosen: Callable[[], Card | None]) -> None:
        super().__init__(window)
        self._window, self._jobs, self._chosen = window, jobs, chosen
        self._processes: WeakSet[ModelsProcess] = WeakSet()

    def open(self, path: Path, said: Sequence[str] = ()) -> None:
        """Open a model's file, and have its model read from then on; a file of data is handed on.

        Args:
            path: of the file; said: of how it sees pictures, as `capsdraw models` takes it.
        """
        self._run(
            partial(_read, path.absolute(), tuple(said)), partial(self._take, path),
            "model files", f"Opening the model {short(path.name)}",
        )  # fmt: skip

    def ask_export(self) -> None:
        """Ask where the model that reads now is to be exported to, and export it."""
        card = self._chosen()
        if card is None:
            self._jobs.failed.emit("there is no model to export: choose one first")
            return
        forms = [f"{words} (*{ending})" for ending, words in FORMS.items()]
        path = ask_where(self._window, f"Export {short(card.title)} for other programs", card.name, forms)
        if path is not None:
            self.export(card, path)

    def export(self, card: Card, path: Path) -> None:
        """Export a model to a file whose ending names the form."""

        def write(process: ModelsProcess) -> dict[str, Any]:
            require_form(path)
            return process.ask("--export", card.name, str(path.absolute()))

        self._run(write, partial(self._say_exported, card), "export", f"Exporting {short(card.title)}")

    def close(self) -> None:
        """Give up what is under way."""
        for process in list(self._processes):
            process.kill()

    def _run(self, work: Callable[[ModelsProcess], Any], done: Callable[[Any], None], lane: str, words: str) -> None:
        process = ModelsProcess()
        self._processes.add(process)
        self._jobs.run(partial(work, process), done, lane=lane, words=words, limit=PATIENCE, given_up=process.stop)

    def _take(self, path: Path, read: tuple[Card, str] | UnknownSight | None) -> None:
        if read is None:
            self.is_data.emit(path)
            return
        if isinstance(read, UnknownSight):
            self._ask_sight(path, read)
            return
        card, notes = read
        self.opened.emit(card)
        self.said.emit(f"{card.title}: {notes}")

    def _ask_sight(self, path: Path, unmeasured: UnknownSight) -> None:
        """Ask how the net sees pictures, and open it so."""
        dialog = SightDialog(path.name, unmeasured, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.open(path, dialog.words))
        dialog.open()

    def _say_exported(self, card: Card, about: dict[str, Any]) -> None:
        size = f"{about['bytes'] / 1e6:,.1f} MB, read back and compared"
        self.said.emit(f"exported {card.title} to {short(Path(about['file']).name)}: {size}")


def _read(path: Path, said: tuple[str, ...], process: ModelsProcess) -> tuple[Card, str] | UnknownSight | None:
    """The card of the model in a file, and what is to be said of it, or what is unknown; None where it holds data."""
    if path.suffix.lower() not in _SURELY:
        # The window starts without it.
        from capsdraw.nets.hdf5_weights import holds_data

        if holds_data(path):
            return None
    try:
        about = process.ask("--open", str(path), "--sure", *said)
    except UnknownSight as unmeasured:
        return unmeasured
    return cards.find(about["name"]), "; ".join(about["notes"])
