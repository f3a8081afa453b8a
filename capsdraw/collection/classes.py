"""Names of classes: their order, and folders that are called like them."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

# Names that Windows keeps for itself, whatever follows the first point.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)
# In the middle of a folder's name every system takes these, beside letters and figures.
_SAFE: Final = " -_+,()'"


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once: numbers first, by their value, then the others by the alphabet."""
    return tuple(
        sorted(set(names), key=lambda name: (not name.isdecimal(), int(name) if name.isdecimal() else 0, name))
    )


def folder_of(name: str) -> str:
    """What a folder of that class is called, on any system; `class_of` gives the class back.

    What not every system takes stands as "%2F".
    """
    last = len(name) - 1
    kept = "".join(
        letter if _is_safe(letter, inside=0 < place < last) else "".join(f"%{byte:02X}" for byte in _bytes(letter))
        for place, letter in enumerate(name)
    )
    return f"%{ord(kept[0]):02X}{kept[1:]}" if _DEVICES.match(kept) else kept


def class_of(folder: str) -> str:
    """The class that a folder's name stands for: as it is where `folder_of` did not make it."""
    name = unquote(folder, errors="replace")
    return name if folder_of(name) == folder else folder


def _bytes(letter: str) -> bytes:
    """Also of what stands for a byte that was no UTF-8, as in a folder's name of an old archive."""
    return letter.encode(errors="surrogatepass")


def _is_safe(letter: str, inside: bool) -> bool:
    return letter.isalnum() or letter in "-_+" or (inside and letter in _SAFE)
