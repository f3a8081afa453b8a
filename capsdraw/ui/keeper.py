"""Keeps the session while it goes on: every two seconds what has changed is written, off the window's thread."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from capsdraw.ink.sketch import Sketch
from capsdraw.ui import faults, last_drawing, settings
from capsdraw.ui.settings import SessionState
from capsdraw.ui.worker import Worker, in_words

# The part that is kept in a file of its own; the others are fields of `SessionState`.
DRAWING: Final = "drawing"
_SETTINGS: Final = "settings"
_SETTLED: Final = "settled"
# Milliseconds between two looks at what has changed.
EVERY: Final = 2000


class Keeper(QObject):
    """Restores the parts of the last session, and keeps those of this one.

    Attributes:
        first: whether nothing was kept before: the app is opened for the first time.
        state: what was read at the start, and from then on what was seen last.
        drawing: likewise, of the canvas; None where there was none.
        left_out: lines that say what could not be restored.

    Signals:
        failed(str): it cannot be kept; said once until it can again.
    """

    failed = Signal(str)
    _told = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.first = not settings.is_kept()
        self.state, wrong = settings.read()
        self.drawing, said = last_drawing.take()
        self.left_out = [line for line in (wrong, said) if line]
        self._reads: dict[str, Callable[[], Any]] = {}
        self._restored = self.drawing
        self._settled = self.drawing is None
        self._closed = False
        self._why: dict[str, str] = {}
        # What is on the disk, by kind: written by the thread that writes, read when it has ended.
        self._on_disk: dict[str, Any] = {_SETTINGS: self.state, DRAWING: self.drawing}
        self._worker: Worker[tuple[str, Any]] = Worker("keep", self._handle)
        self._told.connect(self._say)
        self._look = QTimer(self)
        self._look.setInterval(EVERY)
        self._look.timeout.connect(self.keep)

    def restore(self, part: str, put: Callable[[Any], object]) -> None:
        """Hand what was kept of a part to `put`, unless nothing was; what it cannot take is said and left out.

        Args:
            part: a field of `SessionState`, or `DRAWING`, which is a `Sketch`.
            put: raises whatever it likes.
        """
        value = self.drawing if part == DRAWING else getattr(self.state, part)
        if value is None or (part != DRAWING and value == getattr(SessionState(), part)):
            return
        self.attempt(part, lambda: put(value))

    def attempt(self, what: str, restore: Callable[[], object]) -> None:
        """Restore something; what cannot be is said and left out."""
        try:
            restore()
        except Exception as error:
            self.left_out.append(in_words(error, f"the last session's {what} could not be restored"))

    def watch(self, part: str, read: Callable[[], Any]) -> None:
        """Keep from now on what `read` gives: a value that nobody changes afterwards, made in less than a millisecond.

        Of the drawing that is a `Sketch`, an empty one for nothing.
        """
        if part != DRAWING and part not in {entry.name for entry in fields(SessionState)}:
            raise ValueError(f"no part of a session: {part!r}")
        self._reads[part] = read

    def start(self) -> None:
        """Begin to keep what is watched; all was restored."""
        self._worker.start()
        self._look.start()

    def settled(self) -> None:
        """The window lives with the drawing that was restored, its first answer is there: it may be restored again."""
        if not self._settled:
            self._settled = True
            self._worker.put((_SETTLED, None), _SETTLED)

    def keep(self) -> None:
        """Look at what has changed, and have it written."""
        values = {part: value for part, read in list(self._reads.items()) for value in _read(read)}
        if DRAWING in values:
            self._keep_drawing(values.pop(DRAWING))
        state = replace(self.state, **values)
        if state != self.state or self._why.get(_SETTINGS):  # or the disk was full, and may have room now
            self.state = state
            self._worker.put((_SETTINGS, state), _SETTINGS)

    def close(self) -> None:
        """Write what is not written yet, and end: the last look was taken before the parts are gone."""
        if self._closed:
            return
        self._closed = True
        self._look.stop()
        self.keep()
        self._worker.close()
        for kind, value in ((_SETTINGS, self.state), (DRAWING, self.drawing)):
            if self._on_disk[kind] is not value or (kind == DRAWING and self._is_another()):
                self._write(kind, value)
        if self._restored is not None:
            self._write(_SETTLED, None)

    def _handle(self, item: tuple[str, Any]) -> None:
        why = self._write(*item)
        with suppress(RuntimeError):  # the window may be gone
            self._told.emit(item[0], why)

    def _keep_drawing(self, sketch: Sketch) -> None:
        # A sketch never changes: another one is another object.
        changed = sketch is not self.drawing and (sketch or self.drawing)
        if changed or self._why.get(DRAWING):
            self.drawing = sketch
            self._worker.put((DRAWING, sketch), DRAWING)

    def _write(self, kind: str, value: Any) -> str:
        """On the thread that writes, or after its end; why it could not be done, or ""."""
        try:
            if kind == _SETTLED:
                last_drawing.settled(self._on_disk[DRAWING] is not self._restored)
                return ""
            why = settings.write(value) if kind == _SETTINGS else last_drawing.write(value)
        except Exception as error:
            why = in_words(error, f"the {kind} could not be kept")
        if not why:
            self._on_disk[kind] = value
        return why

    def _is_another(self) -> bool:
        """Whether another window has put its drawing, or none, in the place of what was made in this one."""
        made = self.drawing if self._on_disk[DRAWING] is not self._restored else None
        return made is not None and bool(made) and not last_drawing.is_kept(made)

    def _say(self, kind: str, why: str) -> None:
        if why and why != self._why.get(kind):
            self.failed.emit(why)
        self._why[kind] = why


def _read(read: Callable[[], Any]) -> list[Any]:
    """What a part has to keep; [] where it failed, which is told once."""
    try:
        return [read()]
    except Exception as error:
        faults.tell(error)
        return []
