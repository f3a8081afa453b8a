"""Before Qt is touched: is there a display, and are the system libraries that Qt needs?

Qt itself ends the process with an abort where one is missing. No Qt is imported here.
"""

import importlib.util
import os
import sys
from pathlib import Path

from capsdraw.errors import plain

# What PySide6's own libraries load on Linux, and the Debian and Ubuntu package of each.
_COMMON = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
_X11 = {
    "libxcb.so.1": "libxcb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}

_NO_DISPLAY = (
    "there is no display to open a window on ({why}): start it on a desktop, use 'ssh -X', "
    "or read files with 'capsdraw classify FILE'"
)


def problem() -> str | None:
    """Why the window cannot open, in one line with what to do; None when it can."""
    if importlib.util.find_spec("PySide6") is None:
        return "PySide6 is not installed: pip install PySide6-Essentials"
    unknown = _unknown_platform()
    if unknown:
        return unknown
    if not sys.platform.startswith("linux"):
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    wayland = bool(os.environ.get("WAYLAND_DISPLAY")) and platform in ("", "wayland")
    x11 = not wayland and platform in ("", "xcb")
    if x11 and not os.environ.get("DISPLAY"):
        return _NO_DISPLAY.format(why="neither DISPLAY nor WAYLAND_DISPLAY is set")
    missing = missing_libraries(x11)
    if missing:
        return f"Qt needs {', '.join(missing)}: sudo apt install {' '.join(missing.values())}"
    if wayland and not _wayland_socket().exists():
        return _NO_DISPLAY.format(why=f"no Wayland at '{_wayland_socket()}'")
    if x11:
        return _x11_problem()
    return None


def _unknown_platform() -> str | None:
    """What is wrong with the platforms that `QT_QPA_PLATFORM` names, where Qt has none of them."""
    wanted = os.environ.get("QT_QPA_PLATFORM", "")
    # "wayland;xcb:option": several to be tried, each with options.
    names = [name.partition(":")[0] for name in wanted.split(";") if name]
    if not names:
        return None
    found = importlib.util.find_spec("PySide6")
    folders = [Path(place) for place in (found.submodule_search_locations or [])] if found is not None else []
    plugins = [path.stem for folder in folders for path in folder.glob("**/plugins/platforms/*q*")]
    known = sorted({plugin.removeprefix("lib").removeprefix("q") for plugin in plugins})
    if not known or "QT_QPA_PLATFORM_PLUGIN_PATH" in os.environ:
        return None
    if any(plugin.split("-")[0] == name.split("-")[0] for plugin in known for name in names):
        return None
    return f"Qt has no platform '{plain(wanted)}' (QT_QPA_PLATFORM): leave it unset, or choose of {', '.join(known)}"


def platform_to_use() -> str | None:
    """The Qt platform to ask for where Qt's own choice may fail: a Wayland session without X11's libraries."""
    if not sys.platform.startswith("linux") or "QT_QPA_PLATFORM" in os.environ:
        return None
    wayland = bool(os.environ.get("WAYLAND_DISPLAY"))
    return "wayland" if wayland and missing_libraries(x11=True) else None


def missing_libraries(x11: bool) -> dict[str, str]:
    """Libraries that cannot be loaded, each with its Debian package."""
    wanted = {**_COMMON, **_X11} if x11 else _COMMON
    return {library: package for library, package in wanted.items() if not _loads(library)}


def _loads(library: str) -> bool:
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _wayland_socket() -> Path:
    return Path(os.environ.get("XDG_RUNTIME_DIR", "/run/user/0")) / os.environ["WAYLAND_DISPLAY"]


def _x11_problem() -> str | None:
    import ctypes

    display = os.environ["DISPLAY"]
    xcb = ctypes.CDLL("libxcb.so.1")
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return _NO_DISPLAY.format(why=f"no answer at DISPLAY={display}") if refused else None
