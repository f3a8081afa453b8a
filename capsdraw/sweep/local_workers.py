"""Workers that are processes of this machine, each with its share of threads."""

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from typing import IO, Any, Final

from capsdraw import own_python
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.sweep import fit_process
from capsdraw.sweep.fit_task import FitTask, WorkerEnd

# What TensorFlow, oneDNN, BLAS and OpenMP take the number of their threads from.
_THREADS: Final = (
    "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
)  # fmt: skip
# Bytes of what a process said that are read: its last line counts.
_SAID: Final = 1 << 14


class LocalWorkers:
    """Processes on this machine.

    Args:
        room: how many work at once.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._begun: list[LocalWorker] = []

    @property
    def room(self) -> int:
        """How many work at once."""
        return self._room

    def begin(self, task: FitTask) -> "LocalWorker":
        """Start a process for a task; raises CapsDrawError where none can be started."""
        self._begun = [worker for worker in self._begun if worker.ended() is None]
        worker = LocalWorker(task)
        self._begun.append(worker)
        return worker

    def close(self) -> None:
        """Kill what still works."""
        for worker in self._begun:
            worker.kill()


class OrderedProcess:
    """A process of the app's own that is told what to do by a line on its standard input, whose end asks it to stop.

    Args:
        module: that it runs; order: the line; environment: what it has besides this process' own.

    Raises:
        CapsDrawError: it cannot be started.
    """

    def __init__(self, module: str, order: str, environment: dict[str, str]) -> None:
        if not sys.executable:
            raise CapsDrawError("this app has no Python to start: use the command line, capsdraw sweep or train")
        self._end: WorkerEnd | None = None
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the process has ended)
        # A group of its own: Ctrl-C on the terminal is the supervisor's, which then asks its workers to stop.
        own_group: dict[str, Any] = (
            {"process_group": 0}
            if os.name == "posix"
            else {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        )
        try:
            self._process = subprocess.Popen(
                own_python.command(module), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                stderr=self._said, env=own_python.environment() | environment, **own_group,
            )  # fmt: skip
        except OSError as error:
            self._said.close()
            raise CapsDrawError(f"no process can be started for a fit: {first_line(error)}") from None
        assert self._process.stdin is not None
        with suppress(OSError):  # it died at once: `ended` says so
            self._process.stdin.write(order.encode() + b"\n")
            self._process.stdin.flush()

    @property
    def pid(self) -> int:
        """The process' number."""
        return self._process.pid

    def ended(self) -> WorkerEnd | None:
        """How it ended; None while it works."""
        if self._end is None and (code := self._process.poll()) is not None:
            self.stop()
            self._end = WorkerEnd(message=self._last_line()) if code == 1 else WorkerEnd(died=code != 0)
            if code == 1 and not self._end.message:  # a fault of the app's own: Python prints it and exits with 1
                self._end = WorkerEnd(died=True)
            self._said.close()
        return self._end

    def stop(self) -> None:
        """Ask it to stop and keep what was learnt."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once, if it still works."""
        if self.ended() is None:
            self._process.kill()
            self._process.wait()
            self.ended()

    def _last_line(self) -> str:
        """Why it could not be, as the process said it."""
        self._said.seek(max(0, self._said.seek(0, os.SEEK_END) - _SAID))
        lines = self._said.read().decode("utf-8", "replace").splitlines()
        told = (line for line in reversed(lines) if line.startswith(fit_process.FAILURE))
        return next(told, "").removeprefix(fit_process.FAILURE)


class LocalWorker(OrderedProcess):
    """A process that has a task in hand; raises CapsDrawError where it cannot be started."""

    def __init__(self, task: FitTask) -> None:
        super().__init__(fit_process.__name__, task.to_json(), with_threads(task.fit.threads))


def with_threads(count: int) -> dict[str, str]:
    """What in a process' environment has it compute in so many threads."""
    return dict.fromkeys(_THREADS, str(count))
