"""A run folder that grows on another machine, brought home piece by piece: what has changed, and no more.

Of the events their new lines travel, of each other file all of it. On the machine of the fit, what says most of how far
it is, is read first and comes last here: so a checkpoint is never older than the figures beside it, whoever dies when.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capsdraw.errors import CapsDrawError
from capsdraw.fit import log, runs
from capsdraw.fit.run_files import limit_of
from capsdraw.paths import replacing

# The last ones to be written, in this order; before them the models.
_LAST: Final = (runs.ABOUT, log.LOG, runs.CONFIG, log.EVENTS)


@dataclass(frozen=True)
class RunPart:
    """A file of a run, or its new end.

    Attributes:
        name: of the file; start: bytes that were there before; content: those from there on.
    """

    name: str
    start: int
    content: bytes


class RunSender:
    """Tells what has changed in a run's folder.

    Args:
        folder: of the run; there may be none yet. What lies there now is known where it goes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[int, ...]] = {}
        self._sent = 0
        self.new()

    def new(self) -> list[RunPart]:
        """What has changed since it was asked last, in the order in which it is to be written."""
        found = []
        for name in reversed(_in_order(self._folder)):
            try:
                with (self._folder / name).open("rb") as file:
                    about = os.fstat(file.fileno())
                    state = (about.st_ino, about.st_mtime_ns, about.st_size)
                    if self._known.get(name) == state:
                        continue
                    start = self._sent if name == log.EVENTS and about.st_size >= self._sent else 0
                    file.seek(start)
                    content = file.read()
            except FileNotFoundError:  # replaced or removed just now
                continue
            self._known[name] = state
            if name == log.EVENTS:
                self._sent = start + len(content)
            found.append(RunPart(name, start, content))
        return found[::-1]


def all_of(folder: Path) -> list[RunPart]:
    """A whole run, in the order in which it is to be written; nothing where none was begun."""
    if not (folder / runs.CONFIG).exists():
        return []
    return [RunPart(name, 0, (folder / name).read_bytes()) for name in _in_order(folder)]


def take(folder: Path, parts: list[RunPart]) -> None:
    """Write what came of a run into its folder, which is there.

    Raises:
        CapsDrawError: something came that no run has. OSError: it cannot be written.
    """
    for part in parts:
        most = limit_of(part.name)
        if not 0 <= part.start <= part.start + len(part.content) <= most:
            raise CapsDrawError(f"what came of the run has a file '{part.name[:60]}' that no run has")
        if part.start:
            # Appended, as it was there: whoever follows the events has read those of before.
            with (folder / part.name).open("ab") as file:
                file.write(part.content)
        else:
            with replacing(folder / part.name, make_folder=False) as temporary:
                temporary.write_bytes(part.content)


def _in_order(folder: Path) -> list[str]:
    """The files of a run that are there, links left out, in the order in which they are to be written."""
    try:
        names = [path.name for path in folder.iterdir() if limit_of(path.name) and not path.is_symlink()]
    except FileNotFoundError:
        return []
    return sorted(names, key=lambda name: (_LAST.index(name) if name in _LAST else -1, name))
