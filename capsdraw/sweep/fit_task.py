"""What a worker is given to do, and what a supervisor needs of workers, wherever they are. No Keras here."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from capsdraw import records
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_folder import require_fit


@dataclass(frozen=True, kw_only=True)
class FitTask:
    """A fit, or the next part of one.

    Attributes:
        fit: what is trained.
        place: folder of its run, here. What lies there is gone on with; a worker elsewhere brings it there and back.
        until: epochs that it has then; None for its end.
        data: folder with its data as they were brought (`packed_data`); None where they are read by their name.
    """

    fit: PlannedFit
    place: Path
    until: int | None = None
    data: Path | None = None

    def to_json(self) -> str:
        """In one line, for `from_json`."""
        data = None if self.data is None else str(self.data)
        return json.dumps({"fit": asdict(self.fit), "place": str(self.place), "until": self.until, "data": data})

    @classmethod
    def from_json(cls, line: bytes) -> "FitTask":
        """The task that a line says; raises CapsDrawError where it says none."""
        read = records.convert(records.parse_json(line, "order"), _Line, "order")
        return cls(
            fit=require_fit(read.fit, "order"), place=Path(read.place), until=read.until,
            data=None if read.data is None else Path(read.data),
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Line:
    fit: PlannedFit
    place: str
    until: int | None = None
    data: str | None = None


@dataclass(frozen=True)
class WorkerEnd:
    """How a worker ended.

    Attributes:
        died: it ended otherwise than by itself: killed, out of memory, its machine gone.
        message: why the fit could not be, one line; "" where it could, or the worker died.
    """

    died: bool = False
    message: str = ""


class FitWorker(Protocol):
    """Has one task in hand. Its run folder in `task.place` grows meanwhile: figures, events and checkpoints."""

    def ended(self) -> WorkerEnd | None:
        """How it ended, when all that it wrote lies in `task.place`; None while it works."""

    def stop(self) -> None:
        """Ask it to stop and keep what was learnt; once or more often."""


class Workers(Protocol):
    """Where fits are trained: processes here, or on other machines."""

    @property
    def room(self) -> int:
        """How many tasks can be in hand at once; it may change."""

    def begin(self, task: FitTask) -> FitWorker:
        """Have a worker take a task in hand; raises CapsDrawError where none can be started."""

    def close(self) -> None:
        """End what still works, at once."""
