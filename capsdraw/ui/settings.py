"""What the window remembers from one start to the next: `settings.json` in the user's own folder. No Qt here.

Earlier versions kept `settings.ini` with Qt, whose reader unpickles what a value says is a Python object: a file
could run a program. What is of use in it is read once, by a reader that knows texts and bytes only; it stays there.
"""

import base64
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, make_dataclass
from pathlib import Path
from typing import Any, Final, get_type_hints

import numpy as np
from numpy.typing import NDArray

from capsdraw import records
from capsdraw.errors import CapsDrawError, refusal
from capsdraw.paths import home, replacing
from capsdraw.ui.first_look import FILE, LONGEST, WHAT, ThemeChoice, is_geometry

_BEFORE = "settings.ini"
# Pixels a side of a digit that is kept: no net reads more.
_SIDE: Final = 128
# Files that were opened of late and are kept.
RECENT: Final = 10

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,6})|([0-7]{1,6})|(.))", re.DOTALL)
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass(frozen=True, kw_only=True)
class KeptEnd:
    """A drawing that is kept as an end of the walk between two (`ui.lab.kept_drawing.KeptDrawing`).

    Attributes:
        shape: of the digit, (rows, columns) or (rows, columns, 3); pixels: its float32, in base64.
        model, label, name, chosen, offsets, net: as the drawing has them.
    """

    shape: list[int]
    pixels: str
    model: str
    label: int
    name: str
    chosen: bool
    offsets: list[float]
    net: str = ""

    @property
    def digit(self) -> NDArray[np.float32]:
        """In [0, 1]; raises ValueError where the record is none of a digit."""
        digit = np.frombuffer(base64.b64decode(self.pixels, validate=True), "<f4")
        fits = len(self.shape) in (2, 3) and all(1 <= side <= _SIDE for side in self.shape)
        if not fits or digit.size != math.prod(self.shape) or not ((digit >= 0) & (digit <= 1)).all():
            raise ValueError("no digit")
        return digit.reshape(self.shape).astype(np.float32)

    @property
    def is_whole(self) -> bool:
        """Whether it is the record of a digit."""
        try:
            return self.digit.size > 0 and self.label >= 0
        except ValueError:
            return False


@dataclass(frozen=True, kw_only=True)
class SessionState:
    """What is remembered of a session, but for its drawing (`last_drawing`); an empty value is the app's choice.

    Attributes:
        model: name of the one that reads.
        geometry: where the window stands, as Qt says it, in base64.
        theme: light, dark, or as the desktop is.
        tab: name of the view in sight; faces: of views that have several, which one, by the view's name.
        pen: width of the pen, canvas units; 0 for the app's choice.
        splitters: sizes of the parts of each, pixels, by its name.
        compared: names of the models that are compared.
        plan: the plan of the next fit, as a recipe's entries; several: that of many, as it is typed, by field.
        morph: the kept ends of the walk between two digits, A and B; None where none is kept, [] for neither.
        recent: files that were opened or saved, the newest first.
    """

    model: str = ""
    geometry: str = ""
    theme: ThemeChoice = ThemeChoice.SYSTEM
    tab: str = ""
    faces: dict[str, str] = field(default_factory=dict)
    pen: float = 0.0
    splitters: dict[str, list[int]] = field(default_factory=dict)
    compared: list[str] = field(default_factory=list)
    plan: dict[str, Any] = field(default_factory=dict)
    several: dict[str, str] = field(default_factory=dict)
    morph: list[KeptEnd | None] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)

    @property
    def window(self) -> bytes:
        """The geometry as Qt takes it; b"" where there is none."""
        return base64.b64decode(self.geometry)


# What each field can be beyond its type: a test, and the words for it.
_LIMITS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "geometry": (is_geometry, f"at most {LONGEST:,} characters of base64"),
    "pen": (lambda width: width == 0 or 1 <= width <= 400, "0, or 1 to 400"),
    "splitters": (
        lambda sizes: all(0 <= part <= 100_000 for parts in sizes.values() for part in parts), "sizes from 0 to 100,000"
    ),
    "morph": (
        lambda ends: len(ends) <= 2 and all(end is None or end.is_whole for end in ends), "at most 2 ends, each whole"
    ),
}  # fmt: skip


def is_kept() -> bool:
    """Whether anything is remembered, readable or not."""
    return any((home() / name).exists() for name in (FILE, _BEFORE))


def with_recent(recent: Sequence[str], path: Path) -> list[str]:
    """The files of late, that one first; no more than ten."""
    newest = str(path.absolute())
    return [newest, *(other for other in recent if other != newest)][:RECENT]


def read() -> tuple[SessionState, str]:
    """What is remembered, and one line that says what of it cannot be read, or "": that is left out, all else taken.

    Fields that this version does not know are passed over.
    """
    path = home() / FILE
    try:
        document = records.parse_json(records.read_bytes(path, WHAT), path.name, WHAT)
        entries = records.convert(document, dict[str, Any], path.name, WHAT)
    except records.MissingFileError:
        return _of_earlier_version(home() / _BEFORE), ""
    except CapsDrawError as error:
        return SessionState(), str(error)
    kept: dict[str, Any] = {}
    wrong = []
    for name, kind in get_type_hints(SessionState).items():
        if name in entries:
            try:
                kept[name] = _checked(name, entries[name], kind)
            except CapsDrawError as error:
                wrong.append(str(error))
    kept["recent"] = kept.get("recent", [])[:RECENT]
    return SessionState(**kept), _in_one_line(path.name, wrong)


def write(state: SessionState) -> str:
    """Remember it; "" where that was done, else one line that says why not: what was remembered before still is."""
    try:
        with replacing(home() / FILE) as temporary:
            temporary.write_text(json.dumps(asdict(state), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        return f"cannot keep {WHAT} in '{FILE}': {refusal(error, saving=True)}"
    return ""


def _checked(name: str, value: Any, kind: Any) -> Any:
    """A field's value; raises CapsDrawError where it is none."""
    made = getattr(records.convert({name: value}, _alone(name, kind), FILE, WHAT), name)
    fits, words = _LIMITS.get(name, (lambda _: True, ""))
    if not fits(made):
        raise records.wrong(FILE, WHAT, name, words, value)
    return made


def _alone(name: str, kind: Any) -> Any:
    """A record of one field, so that what is wrong with it is said with its name."""
    return make_dataclass("Alone", [(name, kind)], kw_only=True)


def _in_one_line(name: str, wrong: Sequence[str]) -> str:
    if not wrong:
        return ""
    head = f"cannot read {WHAT} '{name}': "
    return head + "; ".join(line.removeprefix(head) for line in wrong) + " (left out, all else is as it was)"


def _of_earlier_version(path: Path) -> SessionState:
    """What a `settings.ini` says of model and geometry; nothing else of it, and nothing where it is damaged."""
    try:
        lines = records.read_bytes(path, WHAT).decode("utf-8").splitlines()
        values = dict(line.split("=", 1) for line in lines if line.startswith(("model=", "geometry=")))
        model, geometry = (_plain(values.get(name, "")) for name in ("model", "geometry"))
        inside = re.fullmatch(r"@ByteArray\((.*)\)", geometry, re.DOTALL)
        window = base64.b64encode(inside[1].encode("latin-1") if inside else b"").decode("ascii")
    except (CapsDrawError, ValueError, OverflowError):
        return SessionState()
    return SessionState(model="" if model.startswith("@") else model, geometry=window if len(window) <= LONGEST else "")


def _plain(value: str) -> str:
    """A value of an ini file as Qt writes it, without its quotes and escapes."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return _ESCAPE.sub(_character, value)


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _ESCAPED.get(match[3], match[3])
    return chr(int(match[1], 16) if match[1] else int(match[2], 8))
