"""Every face of the window with real content, in four sizes, light and dark: pictures to be looked at.

`python tests/every_face.py FOLDER` makes them all, some 700 in half an hour; `… FOLDER capsule train` only those of
these tabs, `--sizes 1024x700 2560x1440` only these sizes. MNIST and CIFAR-10 are read where they are on this machine.
"""

import argparse
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
from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
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
    "evaluate": walks.evaluate_faces,
    "collection": collection_faces,
    "help": walks.help_faces,
}


def picture(window: MainWindow) -> QPixmap:
    """The window, and whatever of its own lies over it: menus, lists, small windows."""
    seen = window.grab()
    painter = QPainter(seen)
    for other in QApplication.topLevelWidgets():
        if other is not window and other.isVisible():
            painter.drawPixmap(window.mapFromGlobal(other.mapToGlobal(QPoint(0, 0))), other.grab())
    painter.end()
    return seen


def take(window: MainWindow, folder: Path, name: str, sizes: list[str]) -> None:
    """One face in all sizes, light and dark."""
    for look in (ThemeChoice.LIGHT, ThemeChoice.DARK):
        window.appearance.choose(look)
        for size in sizes:
            window.resize(*(int(side) for side in size.split("x")))
            rest(250)
            picture(window).save(str(folder / f"{name}-{size}-{look.value}.png"))
    print(name, flush=True)


def main() -> None:
    """Make the pictures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("groups", nargs="*", choices=[[], *GROUPS], help="of faces; all without")
    parser.add_argument("--sizes", nargs="+", default=list(SIZES))
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    _, window = opened()
    walker = walks.Walker(window)
    window.resize(1280, 800)
    QCursor.setPos(5, 5)
    walker.until(walker.read, "the first answer")
    walker.click(window.teaching.invitation.later)  # it was shown at the start
    for group in asked.groups or GROUPS:
        window.statusBar().clearMessage()
        for face in GROUPS[group](walker):
            take(window, asked.folder, f"{group}-{face}", asked.sizes)
            window.resize(1280, 800)
            rest(50)
    window.end()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAPSDRAW_HOME"] = home
        main()
        sys.stdout.flush()
        os._exit(0)
