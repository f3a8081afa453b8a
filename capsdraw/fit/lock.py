"""One fit at a time in a run folder: a file that names the process that works there."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from capsdraw.errors import CapsDrawError

_LOCK = "lock.json"


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Keep every other fit out of `folder`; a lock that a dead process left is taken over.

    Raises:
        CapsDrawError: another fit, of this process or another, works there.
    """
    path = folder / _LOCK
    while not _placed(path):
        if held(folder):
            raise CapsDrawError(f"the run in '{folder}' is being trained already: stop it there first")
        path.unlink(missing_ok=True)
    try:
        yield
    finally:
        with suppress(NotADirectoryError):  # something else is where the folder was
            path.unlink(missing_ok=True)


def held(folder: Path) -> bool:
    """Whether a process that lives works in `folder`."""
    try:
        record = json.loads((folder / _LOCK).read_text(encoding="utf-8"))
        pid = int(record["pid"])
        if "began" in record:
            return _began(pid) == record["began"]
        # As it was written before.
        return abs(psutil.Process(pid).create_time() - float(record["born"])) < 1.0
    except (OSError, ValueError, psutil.Error, LookupError, TypeError):
        return False


def _placed(path: Path) -> bool:
    """Put this process' lock there, all of it at once; False where there is one already."""
    text = json.dumps(_this_process())
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
        except OSError:  # a disk without such links: there, the lock is empty for an instant
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _this_process() -> dict[str, Any]:
    """What tells this process from all others, also from a later one of the same number."""
    return {"pid": os.getpid(), "began": _began(os.getpid()), "born": psutil.Process().create_time()}


def _began(pid: int) -> str:
    """When a process began, by what no step of the clock moves.

    Raises:
        OSError, psutil.Error: there is no such process.
    """
    if sys.platform != "linux":
        return repr(psutil.Process(pid).create_time())  # kept as it was when the process began
    # Linux counts from the machine's start; psutil adds that start, which moves with the clock.
    known = Path("/proc/sys/kernel/random/boot_id")
    boot = known.read_text(encoding="ascii").strip() if os.access(known, os.R_OK) else ""  # shut away in a sandbox
    ticks = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19]
    return f"{boot} {int(ticks)}"
