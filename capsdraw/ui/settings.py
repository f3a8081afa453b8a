"""What the window remembers from one start to the next: `settings.json` in the user's own folder. No Qt here.

Earlier versions kept `settings.ini` with Qt, whose reader unpickles what a value says is a Python object: a file
could run a program. What is of use in it is read once, by a reader that knows texts and bytes only; it stays there.
"""

import base64
import binascii
import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.paths import home, replacing

_FILE, _BEFORE = "settings.json", "settings.ini"
_WHAT = "the settings"
# Characters of a geometry: Qt's have some 90.
_LONGEST = 4000

_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,6})|([0-7]{1,6})|(.))", re.DOTALL)
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is remembered.

    Attributes:
        model: name of the one that reads; "" for the app's choice.
        geometry: where the window stands, as Qt says it, in base64; "" for the app's choice.
    """

    model: str = ""
    geometry: str = ""

    @property
    def window(self) -> bytes:
        """The geometry as Qt takes it; b"" where there is none."""
        return base64.b64decode(self.geometry)


def of_window(model: str, geometry: bytes) -> Settings:
    """What is to be remembered of a window."""
    return Settings(model=model, geometry=base64.b64encode(geometry).decode("ascii"))


def read() -> tuple[Settings, str]:
    """What is remembered, and one line that says why it cannot be read, or ""; nothing is remembered then."""
    path = home() / _FILE
    try:
        settings = records.read_json(path, Settings, _WHAT)
        if not _is_geometry(settings.geometry):
            expected = f"at most {_LONGEST:,} characters of base64"
            raise records.wrong(path.name, _WHAT, "geometry", expected, settings.geometry)
    except records.MissingFileError:
        return _of_earlier_version(home() / _BEFORE), ""
    except CapsDrawError as error:
        return Settings(), str(error)
    return settings, ""


def write(settings: Settings) -> None:
    """Remember it; where that cannot be written, nothing is."""
    with suppress(OSError), replacing(home() / _FILE) as temporary:
        temporary.write_text(json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _is_geometry(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(text) <= _LONGEST


def _of_earlier_version(path: Path) -> Settings:
    """What a `settings.ini` says of model and geometry; nothing else of it, and nothing where it is damaged."""
    try:
        lines = records.read_bytes(path, _WHAT).decode("utf-8").splitlines()
        values = dict(line.split("=", 1) for line in lines if line.startswith(("model=", "geometry=")))
        model, geometry = (_plain(values.get(name, "")) for name in ("model", "geometry"))
        inside = re.fullmatch(r"@ByteArray\((.*)\)", geometry, re.DOTALL)
        kept = of_window("" if model.startswith("@") else model, inside[1].encode("latin-1") if inside else b"")
    except (CapsDrawError, ValueError, OverflowError):
        return Settings()
    return kept if len(kept.geometry) <= _LONGEST else Settings(model=kept.model)


def _plain(value: str) -> str:
    """A value of an ini file as Qt writes it, without its quotes and escapes."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return _ESCAPE.sub(_character, value)


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _ESCAPED.get(match[3], match[3])
    return chr(int(match[1], 16) if match[1] else int(match[2], 8))
