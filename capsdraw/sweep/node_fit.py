"""One fit on a machine of a cluster: its data and its run are brought there, a process trains, what grows goes back.

It knows nothing of the engine that carries it there (`ray_workers`): it is told what to do by calls, from two threads.
"""

import os
import shutil
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from capsdraw import __version__
from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock
from capsdraw.paths import cache
from capsdraw.sweep import packed_data, run_parts
from capsdraw.sweep.fit_task import FitTask, WorkerEnd
from capsdraw.sweep.local_workers import LocalWorker
from capsdraw.sweep.packed_data import PackedData
from capsdraw.sweep.run_parts import RunPart, RunSender

# Seconds between two looks at the run; and after which a folder that nobody works in is a killed fit's.
_LOOK: Final = 0.1
_LEFT: Final = 3600.0


@dataclass(frozen=True)
class NodeNews:
    """What a fit elsewhere tells.

    Attributes:
        parts: of its run, that are new.
        end: how it ended; None while it works.
    """

    parts: tuple[RunPart, ...] = ()
    end: WorkerEnd | None = None


class NodeFit:
    """Has one fit in hand, in a folder of its own on this machine."""

    def __init__(self) -> None:
        self._held = ExitStack()
        self._ended = threading.Event()
        self._worker: LocalWorker | None = None
        self._place = self._data = self._scratch = Path()
        self._sender: RunSender | None = None

    def lacks(self, version: str, digest: str) -> bool:
        """Whether data of that hash are missing on this machine.

        Args:
            version: of CapsDraw, where the fit is ordered.

        Raises:
            CapsDrawError: another version is installed here, or whoever reaches this machine may start programs on it.
        """
        if version != __version__:
            raise CapsDrawError(f"CapsDraw {__version__} on '{_name()}', {version} here: install the same version")
        if os.environ.get("RAY_AUTH_MODE", "").lower() in ("", "disabled"):
            raise CapsDrawError(
                f"'{_name()}' asks for no token, so whoever reaches it can run programs on it: start Ray anew there, "
                "with RAY_AUTH_MODE=token"
            )
        return not packed_data.has(_root() / "data", digest)

    def begin(self, order: str, run: tuple[RunPart, ...], digest: str, content: bytes | None) -> None:
        """Start the fit, or go on with it.

        Args:
            order: a `FitTask` in a line; run: what there is of its run already.
            digest, content: its data (`packed_data`); content is None where they are here.

        Raises:
            CapsDrawError: data or run cannot be kept, or no process can be started.
        """
        task = FitTask.from_json(order.encode())
        if content is not None:
            packed_data.unpack(_root() / "data", PackedData(digest, content))
        self._scratch = self._own_folder()
        place = self._scratch / task.fit.run
        if run:
            place.mkdir()
            run_parts.take(place, list(run))
        self._sender = RunSender(place)
        self._worker = LocalWorker(replace(task, place=place, data=_root() / "data" / digest))

    def news(self, patience: float) -> NodeNews:
        """What is new, as soon as there is something, or after so many seconds; after its end nothing is left here."""
        assert self._worker is not None
        assert self._sender is not None
        until = time.monotonic() + patience
        while True:
            end = self._worker.ended()  # before what it wrote is read
            parts = tuple(self._sender.new())
            if parts or end is not None or time.monotonic() >= until:
                break
            time.sleep(_LOOK)
        if end is not None:
            self._held.close()
            shutil.rmtree(self._scratch, ignore_errors=True)
        return NodeNews(parts, end)

    def stop(self) -> None:
        """Ask the fit to stop, and keep what it learnt."""
        if self._worker is not None:
            self._worker.stop()

    def _own_folder(self) -> Path:
        """A folder that is this fit's while this process lives; those that killed processes left are removed."""
        root = _root() / "runs"
        root.mkdir(parents=True, exist_ok=True)
        for folder in root.iterdir():
            with suppress(OSError):
                old = time.time() - folder.stat().st_mtime > _LEFT
                if old and not any(map(lock.held, (folder, *folder.glob("*/")))):
                    shutil.rmtree(folder, ignore_errors=True)
        own = Path(tempfile.mkdtemp(prefix="fit-", dir=root))
        self._held.enter_context(lock.hold(own))
        return own


def _root() -> Path:
    """Where a machine of a cluster keeps what is brought to it."""
    return cache() / "cluster"


def _name() -> str:
    import platform

    return platform.node()
