"""What of the kept settings the window's first picture needs: theme, place, widths of drawing and pen. No Qt here.

`ui.settings` reads all of them when NumPy and msgspec are there, and says what is wrong with them.
"""

import base64
import binascii
from enum import StrEnum
from typing import Any, Final, NamedTuple

from capsdraw import records
from capsdraw.errors import CapsDrawError
from capsdraw.paths import home

FILE, WHAT = "settings.json", "the settings"
# Characters of a geometry: Qt's have some 90.
LONGEST: Final = 4000
# The splitter of the window, among those whose sizes are kept.
SIDES: Final = "drawing and views"


class ThemeChoice(StrEnum):
    """How the window is coloured."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class FirstLook(NamedTuple):
    """Kept of the last session, or the app's choice.

    Attributes:
        theme: light, dark, or as the desktop is; geometry: as Qt takes it, b"" for none; drawing: sizes, as `ui.sides`
            takes them, [] for none; pen: its width, 0 for the app's.
    """

    theme: ThemeChoice = ThemeChoice.SYSTEM
    geometry: bytes = b""
    drawing: list[int] = []  # noqa: RUF012
    pen: float = 0.0


def read() -> FirstLook:
    """What is kept and can be used; of all else it is `settings.read` that speaks."""
    try:
        kept = records.parse_json(records.read_bytes(home() / FILE, WHAT), FILE, WHAT)
    except CapsDrawError:
        return FirstLook()
    if not isinstance(kept, dict):
        return FirstLook()
    theme, geometry, splitters, pen = (kept.get(name) for name in ("theme", "geometry", "splitters", "pen"))
    return FirstLook(
        ThemeChoice(theme) if theme in list(ThemeChoice) else ThemeChoice.SYSTEM,
        base64.b64decode(geometry) if isinstance(geometry, str) and is_geometry(geometry) else b"",
        _sizes(splitters.get(SIDES)) if isinstance(splitters, dict) else [],
        pen if isinstance(pen, float) else 0.0,
    )


def is_geometry(text: str) -> bool:
    """Whether it can be one of Qt's, in base64."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(text) <= LONGEST


def _sizes(parts: Any) -> list[int]:
    fits = isinstance(parts, list) and all(type(part) is int and 0 <= part <= 100_000 for part in parts)
    return parts if fits else []
