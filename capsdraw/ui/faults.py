"""Faults of the app's own: what nobody expected is kept in a file, said once, and survived. No Qt here.

They come from slots and threads by Python's own hooks, from Qt's events by `guard`, from work in the
background by `worker.in_words`. Nothing of it leaves the machine.
"""

import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple

from capsdraw.errors import CapsDrawError, first_line
from capsdraw.paths import home, replacing

FILE: Final = "crashes.txt"
# Bytes of the file that are kept, the newest; and different faults that are kept of one start.
_MOST, _KEPT = 2**18, 50


class Fault(NamedTuple):
    """What went wrong.

    Attributes:
        line: what the window says; report: what the file holds of it, for whoever mends it.
    """

    line: str
    report: str


Listener = Callable[[Fault], None]

_lock = threading.Lock()
_seen: set[tuple[str, str, int]] = set()
_listeners: list[Listener] = []


def install() -> None:
    """Have Python bring here what no slot and no thread has caught."""
    sys.excepthook = _caught
    threading.excepthook = lambda caught: _caught(caught.exc_type, caught.exc_value, caught.exc_traceback)


def listen(listener: Listener) -> None:
    """Tell `listener` of each fault that is new, on whatever thread it happened."""
    _listeners.append(listener)


def unlisten(listener: Listener) -> None:
    """Tell it nothing any more."""
    with suppress(ValueError):
        _listeners.remove(listener)


def keep(error: BaseException) -> Fault | None:
    """Write a fault into the file in the user's folder; None where one of its kind and place was kept before."""
    place = _place(error.__traceback__)
    with _lock:
        if len(_seen) >= _KEPT or (type(error).__name__, *place) in _seen:
            return None
        _seen.add((type(error).__name__, *place))
        report = _report(error)
        line = f"A fault of CapsDraw's own, which goes on: {first_line(error, named=True)}"
        # A full or missing disk must not make a second fault of the first.
        with suppress(Exception):
            line = f"{line} (kept in '{_append(report)}')"
    return Fault(line, report)


def forget() -> None:
    """Keep and tell those that were kept once more."""
    with _lock:
        _seen.clear()


def tell(error: BaseException) -> None:
    """Keep a fault, and tell who listens if it is new; never raises."""
    with suppress(Exception):
        fault = keep(error)
        if fault is None:
            return
        for listener in _listeners:
            with suppress(Exception):
                listener(fault)


def _caught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What Python calls with an exception that nobody caught."""
    # Where there is a terminal, it is told there, too; a window without one has no stderr.
    if sys.stderr is not None:
        with suppress(Exception):
            sys.__excepthook__(kind, error or kind(), trace)
    if error is not None and not isinstance(error, KeyboardInterrupt | SystemExit):
        tell(error)


def _place(trace: TracebackType | None) -> tuple[str, int]:
    """The file and line where it was raised."""
    frames = traceback.extract_tb(trace)
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else ("", 0)


def _report(error: BaseException) -> str:
    import platform

    from capsdraw import versions

    made = ", ".join(f"{name} {number}" for name, number in versions.of("capsdraw", "PySide6-Essentials").items())
    head = (
        f"{time.strftime('%Y-%m-%d %H:%M:%S')}, {made}, Python {platform.python_version()}, "
        f"{platform.platform()}, thread {threading.current_thread().name}"
    )
    return "\n".join([head, "".join(traceback.format_exception(error)).rstrip(), ""])


def _append(report: str) -> Path:
    from capsdraw import records

    path = home() / FILE
    before = b""
    with suppress(CapsDrawError):
        before = records.read_bytes(path, most=2 * _MOST)
    with replacing(path) as temporary:
        temporary.write_bytes((before + b"\n" * bool(before) + report.encode("utf-8", "backslashreplace"))[-_MOST:])
    return path
