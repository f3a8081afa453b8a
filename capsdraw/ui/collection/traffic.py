"""Drawings into the collection and out of it: files and folders, in the background."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QWidget

from capsdraw.errors import short
from capsdraw.formatting import many
from capsdraw.ink.endings import FILTER
from capsdraw.ui.drawings import KeptDrawings
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.save_dialog import ask_where

if TYPE_CHECKING:
    from capsdraw.collection.database import Collection

_FILES: Final = f"Pictures and strokes ({FILTER} *.json);;All files (*)"
_AS_SAID: Final = "as files and folders say"
_FOLDER: Final = "capsdraw-drawings"
# Drawings that are written at once: others wait no longer for that.
_BATCH: Final = 25
# Seconds: a class' photographs take their time.
_LIMIT: Final = 6 * 3600.0


@dataclass
class _Brought:
    """What became of an import.

    Attributes:
        new: ids of drawings that were not there before; there: how many were; otherwise: as another class.
        left_out: a line for each file that could not be read.
        failure: why it came to its end before that of the files; "" for it did not. What was kept by then stays.
    """

    new: dict[int, None] = field(default_factory=dict)
    there: int = 0
    otherwise: int = 0
    left_out: list[str] = field(default_factory=list)
    failure: str = ""

    @property
    def before(self) -> str:
        """What is to be said of those that were there."""
        if not self.there:
            return ""
        other = ""
        if self.otherwise:
            some = f"{self.otherwise:,} of them " if self.otherwise < self.there else ""
            other = f", {some}as another class, which {'it keeps' if self.otherwise == 1 else 'they keep'}"
        return f"; {self.there:,} {'was' if self.there == 1 else 'were'} there already{other}"


class Traffic(QObject):
    """Imports and exports.

    Args:
        parent: of the dialogs.

    Attributes:
        imports, exports: the menus.

    Signals:
        brought(object, str): ids that are new; what was imported, in words.
        progressed(str): what is under way, in words; "" for nothing.
        said(str): something was exported, or was there already, in words.
        failed(str): something could not be done; one line.
    """

    brought = Signal(object, str)
    progressed = Signal(str)
    said = Signal(str)
    failed = Signal(str)
    _counted = Signal(int)

    def __init__(self, drawings: KeptDrawings, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self._drawings, self._jobs, self._window = drawings, jobs, parent
        self._enough: threading.Event | None = None
        self._names: tuple[str, ...] = ()
        self.imports, self.exports = QMenu(parent), QMenu(parent)
        for words, ask in (("Pictures or strokes files …", self.ask_files), ("A folder …", self.ask_folder)):
            self.imports.addAction(words).triggered.connect(lambda *_, ask=ask: ask())
        for words, ask in (
            ("For other programs (NPZ) …", self.ask_arrays),
            ("Folders of pictures …", lambda: self.ask_out("pictures")),
            ("Strokes files …", lambda: self.ask_out("strokes")),
        ):  # fmt: skip
            self.exports.addAction(words).triggered.connect(lambda *_, ask=ask: ask())
        self._counted.connect(self._show_count)

    @property
    def busy(self) -> bool:
        """Whether something is being imported."""
        return self._enough is not None

    def describe(self, names: tuple[str, ...]) -> None:
        """Classes that are offered for what comes without one."""
        self._names = names

    def ask_files(self) -> None:
        """Ask for files, and import them."""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Import pictures or strokes files", "", _FILES)
        self.bring([Path(name) for name in names])

    def ask_folder(self) -> None:
        """Ask for a folder, and import all in it."""
        name = QFileDialog.getExistingDirectory(self._window, "Import a folder of pictures and strokes files")
        self.bring([Path(name)] if name else [])

    def bring(self, paths: Sequence[Path]) -> None:
        """Import these files and folders; what they show is asked for."""
        if not paths or self.busy:
            return
        label, go = QInputDialog.getItem(
            self._window, "Import", "What do they show?", [_AS_SAID, *self._names], 0, True
        )  # fmt: skip
        if go:
            self._bring(list(paths), "" if label == _AS_SAID else label)

    def stop(self) -> None:
        """Import no more; what was kept by then stays."""
        if self._enough is not None:
            self._enough.set()

    def ask_arrays(self) -> None:
        """Ask for a file, and export arrays to it."""
        path = ask_where(self._window, "Export for other programs", "drawings", ("NumPy arrays (*.npz)",))
        if path is not None:
            self._export(lambda kept: (_export().arrays(kept, path), path), path)

    def ask_out(self, what: str) -> None:
        """Ask where to make a folder, and export "pictures" or "strokes" into it."""
        name = QFileDialog.getExistingDirectory(self._window, f"Where to make the folder '{_FOLDER}'")
        if name:
            wanted = Path(name) / _FOLDER

            def write(kept: "Collection") -> tuple[int, Path]:
                folder = _free(wanted)  # not before it is begun: what is exported before it has taken a name
                return getattr(_export(), what)(kept, folder), folder

            self._export(write, wanted)

    def _bring(self, paths: list[Path], label: str) -> None:
        enough = self._enough = threading.Event()
        self.progressed.emit("Importing …")
        self._jobs.run(lambda: self._read(paths, label, enough), self._take, lane="collection", limit=_LIMIT)

    def _read(self, paths: list[Path], label: str, enough: threading.Event) -> "_Brought":
        """On a thread."""
        from capsdraw.ui.worker import in_words

        brought = _Brought()
        try:
            self._read_into(brought, paths, label, enough)
        except Exception as error:  # an import that failed is over, too
            brought.failure = in_words(error, "the import failed")
        return brought

    def _read_into(self, brought: _Brought, paths: list[Path], label: str, enough: threading.Event) -> None:
        from capsdraw.collection.bring import Bringing

        kept, bringing = self._drawings.opened(), Bringing()
        brought.left_out = bringing.left_out
        items = bringing.items(paths, label)
        while not enough.is_set() and (batch := list(islice(items, _BATCH))):
            known = {found[0] for item in batch if (found := kept.find(item.sketch)) is not None}
            added = kept.add(batch)
            brought.there += len(known)
            brought.otherwise += len(added.otherwise)
            brought.new |= dict.fromkeys(drawing for drawing in added.ids if drawing not in known)
            self._counted.emit(len(brought.new))

    def _take(self, outcome: _Brought) -> None:
        self._enough = None
        self.progressed.emit("")
        self._drawings.changed.emit()
        new, left_out = list(outcome.new), outcome.left_out
        words = f"{many(len(new), 'drawing')} imported{outcome.before}"
        if new:
            self.brought.emit(new, words)
        elif outcome.there:
            self.said.emit(words)
        if outcome.failure:
            self.failed.emit(outcome.failure)
        elif left_out:
            more = f" (and {len(left_out) - 1:,} more could not be read)" if len(left_out) > 1 else ""
            self.failed.emit(f"{left_out[0]}{more}")
        elif not new and not outcome.there:
            self.failed.emit("nothing was imported: there are no pictures or strokes files in it")

    def _show_count(self, count: int) -> None:
        if self.busy:
            self.progressed.emit(f"Importing: {many(count, 'drawing')}")

    def _export(self, write: "Callable[[Collection], tuple[int, Path]]", path: Path) -> None:
        """Write to that path, or one like it; how many drawings, and where they are, is said."""
        self._jobs.run(
            lambda: write(self._drawings.opened()),
            lambda done: self.said.emit(f"{many(done[0], 'drawing')} exported to {short(done[1].name)}"),
            lane="export", words=f"Exporting to {short(path.name)}", limit=_LIMIT,
        )  # fmt: skip


def _export() -> Any:
    from capsdraw.collection import export

    return export


def _free(folder: Path) -> Path:
    """That name, or with a number behind it where it is taken."""
    number = 2
    free = folder
    while free.exists():
        free, number = folder.with_name(f"{folder.name}-{number}"), number + 1
    return free
