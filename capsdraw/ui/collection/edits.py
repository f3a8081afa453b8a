"""What the user changes of the kept drawings, and takes back again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from capsdraw.formatting import many
from capsdraw.ui.drawings import KeptDrawings

if TYPE_CHECKING:
    from capsdraw.collection.database import Collection

# Steps that can be taken back; drawings that were deleted are kept in memory for that.
DEPTH: Final = 20


@dataclass(frozen=True)
class _Step:
    words: str
    back: "Callable[[Collection], object]"


class Edits(QObject):
    """Changes the collection, step by step.

    Signals:
        done(str): what was done, in words; it can be taken back.
        changed(): there is another step to take back, or none.
    """

    done = Signal(str)
    changed = Signal()

    def __init__(self, drawings: KeptDrawings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawings = drawings
        self._steps: list[_Step] = []

    @property
    def last(self) -> str:
        """What would be taken back, in words; "" for nothing."""
        return self._steps[-1].words if self._steps else ""

    def relabel(self, ids: Sequence[int], label: str) -> None:
        """These are of that class."""
        if ids:
            wanted = dict.fromkeys(ids, label)
            self._drawings.change(lambda kept: kept.relabel(wanted), lambda had: self._relabelled(had, label))

    def remove(self, ids: Sequence[int]) -> None:
        """These are kept no longer."""
        if ids:
            chosen = list(ids)
            self._drawings.change(lambda kept: kept.remove(chosen), self._removed)

    def added(self, ids: Sequence[int], words: str) -> None:
        """These were brought in."""
        if ids:
            chosen = list(ids)
            self._push(words, lambda kept: kept.remove(chosen))

    def undo(self) -> None:
        """The last step, taken back."""
        if self._steps:
            step = self._steps.pop()
            done = f"Taken back: {_small(step.words)}"
            self._drawings.change(step.back, lambda _: self.done.emit(done), lambda: self._put_back(step))
            self.changed.emit()

    def _put_back(self, step: _Step) -> None:
        """It could not be taken back: it may be later."""
        self._steps.append(step)
        self.changed.emit()

    def _relabelled(self, had: dict[int, str], label: str) -> None:
        if any(before != label for before in had.values()):
            self._push(f"{many(len(had), 'drawing')} relabelled as {label}", lambda kept: kept.relabel(had))

    def _removed(self, removed: Any) -> None:
        if removed.drawings:
            self._push(f"{many(len(removed.drawings), 'drawing')} deleted", lambda kept: kept.put_back(removed))

    def _push(self, words: str, back: "Callable[[Collection], object]") -> None:
        self._steps = [*self._steps[1 - DEPTH :], _Step(words, back)]
        self.changed.emit()
        self.done.emit(words)


def _small(words: str) -> str:
    return f"{words[0].lower()}{words[1:]}"
