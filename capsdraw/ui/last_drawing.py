"""The drawing that lay on the canvas when the app ended, however it ended: `drawing.json` in the user's own folder.

A strokes file with fields added: what it holds of strokes, any strokes file's reader reads. No Qt here.

A drawing that brings the app down would bring it down at each start. So it is taken out of its place while it is
tried (`take`), and put back when the window has lived with it for a while (`settled`). What is found aside at a start
was tried before, and is left there, unless the process that tries it still lives: then it is another window's.
"""

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

import psutil

from capsdraw import records
from capsdraw.errors import CapsDrawError, refusal
from capsdraw.ink import sketch_file
from capsdraw.ink.sketch import SIDE, Sketch
from capsdraw.paths import home, replacing

_FILE: Final = "drawing.json"
_ASIDE: Final = "drawing-aside.json"
_WHAT: Final = "the drawing of the last time"


def encoded(sketch: Sketch) -> bytes:
    """A sketch of the canvas as a strokes file with fields added; `decoded` gives it back."""
    return sketch_file.encoded(replace(sketch, drawing=replace(sketch.drawing, canvas=float(SIDE))))


def decoded(data: bytes, name: str = _FILE) -> Sketch:
    """The sketch that `encoded` wrote; raises CapsDrawError with the file's `name` where it is damaged."""
    sketch = sketch_file.in_canvas_units(sketch_file.decoded(data, name, _WHAT))
    return replace(sketch, drawing=replace(sketch.drawing, canvas=None))


def write(sketch: Sketch) -> str:
    """Keep what lies on the canvas, of an empty one nothing; "" where that was done, else one line: why not."""
    path = home() / _FILE
    try:
        if sketch:
            with replacing(path) as temporary:
                temporary.write_bytes(encoded(sketch))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        return f"cannot keep the drawing in '{_FILE}': {refusal(error, saving=True)}"
    return ""


def is_kept(sketch: Sketch) -> bool:
    """Whether the file holds that sketch, and no other one."""
    try:
        return records.read_bytes(home() / _FILE, _WHAT, sketch_file.MOST_BYTES) == encoded(sketch)
    except CapsDrawError:
        return False


def take() -> tuple[Sketch | None, str]:
    """The drawing of the last time, or None, and one line where there is something to say of it.

    It lies aside from now on: `settled` says that the app can live with it.
    """
    path, aside = home() / _FILE, home() / _aside_name()
    said = _left_aside()
    try:
        sketch = decoded(records.read_bytes(path, _WHAT, sketch_file.MOST_BYTES))
    except records.MissingFileError:
        return None, said
    except CapsDrawError as error:
        with suppress(OSError):  # said once, not at each start
            path.replace(home() / _ASIDE)
        return None, str(error)
    with suppress(OSError):
        path.replace(aside)
    return sketch, said


def settled(changed: bool) -> None:
    """The app lives with the drawing that it took: it may be restored again.

    `changed`: another one, or none, was kept meanwhile.
    """
    aside = home() / _aside_name()
    with suppress(OSError):
        if changed:
            aside.unlink(missing_ok=True)
        else:
            aside.replace(home() / _FILE)


def _left_aside() -> str:
    """Put away what a start that failed has left; the line that says so, or ""."""
    said = ""
    for path in _tried():
        if _lives(path):
            continue
        with suppress(OSError):
            path.replace(home() / _ASIDE)
            said = (
                f"CapsDraw ended while it opened your last drawing, so it is not shown again: "
                f"it is kept in '{home() / _ASIDE}'"
            )
    return said


def _tried() -> list[Path]:
    with suppress(OSError):
        return sorted(home().glob("drawing-tried-*.json"))
    return []


def _aside_name() -> str:
    """The name of the file that this process tries: its number, and when it began."""
    return f"drawing-tried-{os.getpid()}-{_began(os.getpid())}.json"


def _lives(path: Path) -> bool:
    """Whether the process that tries a drawing still does."""
    parts = path.stem.split("-")
    try:
        return len(parts) == 4 and _began(int(parts[2])) == int(parts[3])
    except (ValueError, psutil.Error, OverflowError):
        return False


def _began(pid: int) -> int:
    """When that process began, in seconds since 1970, which moves with the clock: near enough for a file's name."""
    return round(psutil.Process(pid).create_time())
