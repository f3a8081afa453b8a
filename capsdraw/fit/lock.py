"""One fit at a time in a run folder, whichever process died.

The lock is the operating system's, on `run.lock` (`filelock`: flock, on Windows a locked byte): it is let go of
when its process ends, by kill -9 too, and no number of processes that start at once gets it twice. Its file stays,
empty: who removed it could remove the one that another had just locked. NFS passes locks on from Linux 2.6.12 on;
where a disk has none at all, filelock keeps a file with the process' number in their place.

Versions before this lock kept `lock.json`, which names the process. It is still written while a fit runs, so that
they keep out, and one of theirs counts as long as its process lives.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from capsdraw import records
from capsdraw.errors import CapsDrawError

_GUARD, _RECORD = "run.lock", "lock.json"
# Seconds for which a lock is tried: whoever lists runs holds it for an instant, to see whether it is free.
_PATIENCE, _AGAIN = 1.0, 0.02
# Seconds for which it is tried by who only asks: two that ask at once would take each other for a fit.
_GLANCE, _SOON = 0.1, 0.01


@dataclass(frozen=True, kw_only=True)
class _Process:
    """What tells a process from all others, also from a later one of the same number.

    Attributes:
        pid: its number.
        began: when, by what no step of the clock moves; None in the oldest versions' records.
        born: when, in seconds since 1970.
        guard: the file whose lock says more than this record; "" where its version knew none.
    """

    pid: int
    began: str | None = None
    born: float = 0.0
    guard: str = ""


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Keep every other fit out of `folder`; a lock that a dead process left is taken over.

    Raises:
        CapsDrawError: another fit, of this process or another, works there.
        OSError: the folder is not there, or cannot be written.
    """
    if not folder.is_dir():  # filelock would make it
        raise FileNotFoundError(f"no folder '{folder}'")
    guard = FileLock(folder / _GUARD, timeout=_PATIENCE, poll_interval=_AGAIN)
    try:
        guard.acquire()
    except Timeout:
        raise _busy(folder) from None
    try:
        with _recorded(folder):
            yield
    finally:
        guard.release()


def held(folder: Path) -> bool:
    """Whether a process that lives works in `folder`; nothing is changed there."""
    record = _living(folder)
    if record is not None and not record.guard:  # an earlier version's
        return True
    # A fit that is recorded is no other that asks: nobody waits to see whether it lets go.
    return _is_locked(folder / _GUARD, _GLANCE if record is None else 0.0)


def _busy(folder: Path) -> CapsDrawError:
    return CapsDrawError(f"the run in '{folder}' is already being trained: stop it there first")


def _is_locked(guard: Path, patience: float) -> bool:
    """Whether somebody has the lock for all of so many seconds; a file is not made for that."""
    if not guard.is_file():
        return False
    probe = FileLock(guard, timeout=patience, poll_interval=_SOON)
    try:
        probe.acquire()
    except Timeout:
        return True
    except OSError:  # a folder that may only be read: nobody trains there
        return False
    probe.release()
    return False


@contextmanager
def _recorded(folder: Path) -> Iterator[None]:
    """Earlier versions see that this process works in `folder`; for who holds the lock.

    Raises:
        CapsDrawError: one of them works there.
    """
    path = folder / _RECORD
    while not _placed(path):
        if _held_by_earlier_version(folder):
            raise _busy(folder)
        path.unlink(missing_ok=True)
    try:
        yield
    finally:
        with suppress(NotADirectoryError):  # something else is where the folder was
            path.unlink(missing_ok=True)


def _held_by_earlier_version(folder: Path) -> bool:
    """Whether a process that lives, of a version without the guard, has written the record."""
    record = _living(folder)
    return record is not None and not record.guard


def _living(folder: Path) -> _Process | None:
    """The record, where the process that wrote it lives."""
    try:
        record = records.read_json(folder / _RECORD, _Process)
        if record.began is not None:
            lives = _began(record.pid) == record.began
        else:
            lives = abs(psutil.Process(record.pid).create_time() - record.born) < 1.0
    except (CapsDrawError, OSError, ValueError, psutil.Error, IndexError):
        return None
    return record if lives else None


def _placed(path: Path) -> bool:
    """Put this process' record there, all of it at once; False where there is one already."""
    text = json.dumps(asdict(_this_process()))
    # `paths.sweep` knows what its name looks like.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".capsdraw-", suffix=".lock")
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.write_text(text, encoding="utf-8")
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # a disk without such links: there, the record is empty for an instant
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _this_process() -> _Process:
    pid = os.getpid()
    return _Process(pid=pid, began=_began(pid), born=psutil.Process().create_time(), guard=_GUARD)


def _began(pid: int) -> str:
    """When a process began, by what no step of the clock moves.

    Raises:
        OSError, psutil.Error: there is no such process.
    """
    if sys.platform != "linux":
        return repr(psutil.Process(pid).create_time())  # kept as it was when the process began
    # Linux counts from the machine's start; psutil adds that start, which moves with the clock.
    boot_file = Path("/proc/sys/kernel/random/boot_id")
    boot = (
        boot_file.read_text(encoding="ascii").strip() if os.access(boot_file, os.R_OK) else ""
    )  # shut away in a sandbox
    ticks = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19]
    return f"{boot} {int(ticks)}"
