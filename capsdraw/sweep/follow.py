"""What a run under way tells, read from its folder as it grows. No Keras here."""

import os
from pathlib import Path
from typing import Any, Final

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.fit import log
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded, Event, Paused, Resumed, Started

_KINDS: Final[dict[str, Any]] = {
    kind.__name__: kind for kind in (Started, BatchEnded, EpochEnded, Paused, Resumed, Ended)
}
# Bytes that are read at once: a fit tells some hundred a second.
_MOST: Final = 1 << 20


class RunFollower:
    """Reads the events of a run that come from now on.

    Args:
        folder: of the run; there may be none yet.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / log.EVENTS
        self._rest = b""
        try:
            self._read_to = self._path.stat().st_size
        except OSError:
            self._read_to = 0

    def new(self) -> list[Event]:
        """Those that came since it was asked last, in order; a line that cannot be read is left out."""
        try:
            with records.open_file(self._path) as file:
                size = file.seek(0, os.SEEK_END)
                if size < self._read_to:  # brought anew, from another machine
                    self._read_to, self._rest = 0, b""
                file.seek(self._read_to)
                text = file.read(_MOST)
        except CapsDrawError:
            return []
        self._read_to += len(text)
        *lines, self._rest = (self._rest + text).split(b"\n")
        self._rest = self._rest if len(self._rest) <= records.MOST_BYTES else b""
        return [event for line in lines if (event := _event(line)) is not None]


def _event(line: bytes) -> Event | None:
    try:
        record = records.parse_json(line, log.EVENTS) if line else None
        kind = _KINDS.get(str(record.get("event"))) if isinstance(record, dict) else None
        event: Event | None = None if kind is None else records.convert(record, kind, log.EVENTS)
    except CapsDrawError:
        return None
    return event
