"""Parts of a measurement in processes of their own: what starts cold starts there. No Qt, no Keras, no NumPy here."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from capsdraw import own_python
from capsdraw.errors import CapsDrawError

# Set in each child, to the time of `time.monotonic` at which it was started.
BEGUN = "CAPSDRAW_BENCH_BEGUN"


def ask(part: str, *words: str, seconds: float, home: Path | None = None) -> Any:
    """What the module `capsdraw.bench.PART` says, in a process of its own.

    Args:
        part: name of the module; words: its arguments.
        seconds: after which it is ended.
        home: the `CAPSDRAW_HOME` of that process; None leaves it.

    Raises:
        CapsDrawError: it failed, or took too long; one line.
    """
    environment = {**own_python.environment(), "QT_QPA_PLATFORM": "offscreen", "TF_CPP_MIN_LOG_LEVEL": "3"}
    if home is not None:
        environment["CAPSDRAW_HOME"] = str(home)
    environment[BEGUN] = repr(time.monotonic())
    command = own_python.command(f"capsdraw.bench.{part}", *words)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True, errors="replace"
    ) as process:
        try:
            printed, said = process.communicate(timeout=seconds)
        except BaseException as error:
            _end(process.pid)
            if isinstance(error, subprocess.TimeoutExpired):
                raise CapsDrawError(f"it took longer than its {seconds:.0f} s") from None
            raise
    if process.returncode:
        lines = said.strip().splitlines()
        raise CapsDrawError(lines[-1] if lines else f"its process ended with {process.returncode}")
    return json.loads(printed.splitlines()[-1])


def answer(work: Callable[[], Any]) -> int:
    """In a child: print what `work` gives as the last line; returns the exit code."""
    try:
        print(json.dumps(work()), flush=True)
    except CapsDrawError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


def since_start() -> float:
    """In a child: milliseconds since it was started."""
    return 1000 * (time.monotonic() - float(os.environ[BEGUN]))


@contextmanager
def busy(count: int) -> Iterator[None]:
    """So many processes of ordinary priority that compute without end, each enough for a core."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def forget(folders: list[Path]) -> bool:
    """Have the system forget the contents of files that nobody uses, as after a restart; whether it can be asked to."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for folder in folders:
        for path in folder.rglob("*"):
            try:
                handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            except OSError:
                continue
            try:
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            except OSError:
                pass
            finally:
                os.close(handle)
    return True


def _end(pid: int) -> None:
    """The process, and those that it has started."""
    try:
        process = psutil.Process(pid)
        for each in [*process.children(recursive=True), process]:
            each.kill()
    except psutil.NoSuchProcess:
        pass
