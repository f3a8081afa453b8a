"""Models of others are opened, and models exported, each in a process of its own: neither holds the window up."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from capsdraw import own_python
from capsdraw.errors import CapsDrawError, short
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.export_forms import FORMS, require_form
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.save_dialog import ask_where

# Endings of files that may be models; data lies in the latter ones, too.
_SURELY: Final = (".keras",)
ENDINGS: Final = (*_SURELY, ".h5", ".hdf5")
# Seconds until an export or an opened file is waited for no longer: CapsNet's ONNX takes one minute.
_PATIENCE: Final = 600.0


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
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[str]] = []
        self._closed = False

    def open(self, path: Path) -> None:
        """Open a model's file, and have its model read from then on; a file of data is handed on."""
        self._jobs.run(
            partial(self._read, path.absolute()), partial(self._take, path),
            lane="model files", words=f"Opening the model {short(path.name)}", limit=_PATIENCE,
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

        def write() -> dict[str, Any]:
            require_form(path)
            return self._asked("--export", card.name, str(path.absolute()))

        self._jobs.run(
            write, partial(self._say_exported, card),
            lane="model files", words=f"Exporting {short(card.title)}", limit=_PATIENCE,
        )  # fmt: skip

    def close(self) -> None:
        """Give up what is under way."""
        with self._lock:
            self._closed = True
            for process in self._running:
                process.kill()

    def _read(self, path: Path) -> tuple[Card, str] | None:
        """The card of the model in a file, and what is to be said of it; None where the file holds data."""
        if path.suffix.lower() not in _SURELY:
            # The window starts without it.
            from capsdraw.nets.hdf5_weights import holds_data

            if holds_data(path):
                return None
        about = self._asked("--open", str(path))
        return cards.find(about["name"]), "; ".join(about["notes"])

    def _take(self, path: Path, read: tuple[Card, str] | None) -> None:
        if read is None:
            self.is_data.emit(path)
            return
        card, notes = read
        self.opened.emit(card)
        self.said.emit(f"{card.title}: {notes}")

    def _say_exported(self, card: Card, about: dict[str, Any]) -> None:
        size = f"{about['bytes'] / 1e6:,.1f} MB, read back and compared"
        self.said.emit(f"exported {card.title} to {short(Path(about['file']).name)}: {size}")

    def _asked(self, *words: str) -> dict[str, Any]:
        """What `capsdraw models` answers to these words; raises CapsDrawError with its line where it fails."""
        if not sys.executable:
            raise CapsDrawError("this app has no Python to do that in: use the command line, capsdraw models")
        command = own_python.command("capsdraw", "models", *words, "--json")
        with self._lock:
            if self._closed:
                raise CapsDrawError("the window is closed")
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                encoding="utf-8", errors="replace", env=own_python.environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )  # fmt: skip
            self._running.append(process)
        try:
            printed, said = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise CapsDrawError(f"it took more than {_PATIENCE:.0f} seconds") from None
        finally:
            with self._lock:
                self._running.remove(process)
        if process.returncode:
            line = next(reversed([line for line in said.splitlines() if line.strip()]), "the other process was ended")
            raise CapsDrawError(line.removeprefix("capsdraw: "))
        answer: dict[str, Any] = json.loads(printed)
        return answer
