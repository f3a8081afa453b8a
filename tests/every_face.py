"""Every face of the window with real content, in four sizes, light and dark: pictures to be looked at.

`python tests/every_face.py FOLDER` makes them all, some 700 in half an hour; `… FOLDER capsule train` only those of
these tabs, `--sizes 1024x700 2560x1440` only these sizes, `--looks dark` only that. MNIST and CIFAR-10 are read where
they are on this machine. `… FOLDER letters many-letters --home HOME` walks with a net of letters of that home, as
`letters_walk` says.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import face_walks as walks
from collection_walk import collection_faces
from first_minutes import rest
from letters_walk import letters_faces, many_letters_faces
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from several_walk import several_faces
from timeline_walk import timeline_faces

from capsdraw.ui.app import opened
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.settings import ThemeChoice

SIZES: Final = ("1024x700", "1280x800", "1440x900", "2560x1440")
GROUPS: Final[dict[str, Callable[[walks.Walker], walks.Faces]]] = {
    "read": walks.read_faces,
    "timeline": timeline_faces,
    "doubtful": walks.doubtful_faces,
    "capsule": walks.capsule_faces,
    "routing": walks.routing_faces,
    "inside": walks.inside_faces,
    "compare": walks.compare_faces,
    "train": walks.train_faces,
    "several": several_faces,
    "evaluate": walks.evaluate_faces,
    "collection": collection_faces,
    "help": walks.help_faces,
}
# Of a net that the app does not bring: only where it is asked for.
OWN: Final[dict[str, Callable[[walks.Walker], walks.Faces]]] = {
    "letters": letters_faces,
    "many-letters": many_letters_faces,
}
LOOKS: Final = {"light": ThemeChoice.LIGHT, "dark": ThemeChoice.DARK}


def picture(window: MainWindow) -> QPixmap:
    """The window, and whatever of its own lies over it: menus, lists, small windows."""
    seen = window.grab()
    painter = QPainter(seen)
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible():
            painter.drawPixmap(window.mapFromGlobal(other.mapToGlobal(QPoint(0, 0))), other.grab())
    painter.end()
    return seen


def take(window: MainWindow, folder: Path, name: str, sizes: list[str], looks: list[str]) -> None:
    """One face in these sizes and looks."""
    for look in looks:
        window.appearance.choose(LOOKS[look])
        for size in sizes:
            window.resize(*(int(side) for side in size.split("x")))
            rest(250)
            picture(window).save(str(folder / f"{name}-{size}-{look}.png"))
    print(name, flush=True)


def wanted() -> argparse.Namespace:
    """What is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("groups", nargs="*", choices=[[], *GROUPS, *OWN], help="of faces; all without")
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    parser.add_argument("--looks", nargs="+", choices=list(LOOKS), default=list(LOOKS))
    parser.add_argument("--home", type=Path, help="where models lie that the app did not bring (default: a new one)")
    return parser.parse_args()


def main(asked: argparse.Namespace) -> None:
    """Make the pictures that are asked for."""
    asked.folder.mkdir(parents=True, exist_ok=True)
    _, window = opened()
    walker = walks.Walker(window)
    window.resize(1280, 800)
    QCursor.setPos(5, 5)
    walker.until(walker.read, "the first answer")
    if window.teaching.invitation.isVisible():  # it is shown at the first start
        walker.click(window.teaching.invitation.later)
    for group in asked.groups or GROUPS:
        window.statusBar().clearMessage()
        for face in {**GROUPS, **OWN}[group](walker):
            take(window, asked.folder, f"{group}-{face}", asked.sizes, asked.looks)
            window.resize(1280, 800)
            rest(50)
    window.end()


if __name__ == "__main__":
    what = wanted()
    with contextlib.nullcontext(what.home) if what.home else tempfile.TemporaryDirectory() as home:
        os.environ["CAPSDRAW_HOME"] = str(home)
        main(what)
        sys.stdout.flush()
        os._exit(0)
