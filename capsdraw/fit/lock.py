"""One fit at a time in a run folder: a file that names the process that works there."""

import json
import os
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
    while True:
        try:
            with path.open("x", encoding="utf-8") as file:
                json.dump(_this_process(), file)
            break
        except FileExistsError:
            if held(folder):
                raise CapsDrawError(f"the run in '{folder}' is being trained already: stop it there first") from None
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
        return abs(psutil.Process(int(record["pid"])).create_time() - float(record["born"])) < 1.0
    except (OSError, ValueError, psutil.Error, KeyError, TypeError):
        return False


def _this_process() -> dict[str, Any]:
    """What tells this process from all others, also from a later one of the same number."""
    return {"pid": os.getpid(), "born": psutil.Process().create_time()}
