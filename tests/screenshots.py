"""The README's pictures, made anew: `python tests/screenshots.py`.

Each is the real window, 1280 × 800 pixels unless its name says otherwise, used by mouse; what is
trained and measured are synthetic pen digits, so that no picture shows images of a data set.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from benchmarks.window import rest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from capsdraw.fit import presets
from capsdraw.ui import theme
from capsdraw.ui.app import prepare
from capsdraw.ui.inside.tab import HEAT
from capsdraw.ui.main_window import MainWindow

FOLDER: Final = Path(__file__).parents[1] / "assets" / "screenshots"
LONG: Final = 300  # seconds, after which something is wrong
LEFT: Final = Qt.MouseButton.LeftButton


class Camera:
    """A window in which something was drawn, and what one does there."""

    def __init__(self, dark: bool = False, size: tuple[int, int] = (1280, 800), model: str = "") -> None:
        theme.apply(QApplication.instance(), dark)  # type: ignore[arg-type]
        self.window = MainWindow()
        self.window.resize(*size)
        self.window.show()
        QCursor.setPos(700, 780)  # beside everything that answers to a pointer
        rest(5000)
        if model:
            self.window.use_model(model)
        rest(3000)

    def until(self, there: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + LONG
        while not there():
            if time.monotonic() > end:
                raise SystemExit("what the picture waits for did not come")
            rest(50)

    def open(self, tab: QWidget) -> None:
        """Turn to a tab."""
        self.window.tabs.setCurrentWidget(tab)
        rest(1500)

    def take(self, name: str) -> None:
        """Keep what the window shows."""
        rest(500)
        self.window.grab().save(str(FOLDER / f"{name}.png"))
        print(name, flush=True)

    def close(self) -> None:
        """Let go of the window."""
        self.window.close()
        rest(200)


def lab(camera: Camera) -> None:
    """A thinner digit that leans."""
    face = camera.window.lab.face
    camera.open(camera.window.lab)
    for name, pixels in (("thickness", -40), ("slant", 75)):
        slider = next(one for one in face.list.shown() if name in one.accessibleName())
        knob = slider.knob().toPoint()
        QTest.mousePress(slider, LEFT, pos=knob)
        QTest.mouseMove(slider, knob + QPoint(pixels, 0))
        QTest.mouseRelease(slider, LEFT, pos=knob + QPoint(pixels, 0))
        rest(300)
    camera.take("lab")


def inside(camera: Camera, after: str = "") -> None:
    """The net as its layers, and what decided."""
    tab = camera.window.inside
    camera.open(tab)
    camera.until(lambda: not tab.busy)
    camera.take(f"inside-net{after}")
    QTest.mouseClick(tab.faces[HEAT], LEFT)
    rest(500)
    camera.until(lambda: not tab.busy)
    camera.take(f"inside-heat{after}")


def compare(camera: Camera) -> None:
    """Four models while the digit is turned."""
    tab = camera.window.compare
    camera.open(tab)
    rest(8000)
    camera.take("compare")


def train(camera: Camera) -> None:
    """The curves of two fits that ended and of one that goes on."""
    tab = camera.window.train
    camera.open(tab)
    for family in ("mlp", "keras-cnn", "efficient-capsnet"):
        plan = replace(presets.of(family)[0].recipe, data="synthetic", limit=3000, epochs=4)
        tab.form.put(plan)
        camera.until(tab.start.isEnabled)
        QTest.mouseClick(tab.start, LEFT)
        if family != "efficient-capsnet":
            camera.until(lambda: not tab.fitter.busy and tab.start.isEnabled())
            rest(500)
    camera.until(lambda: len(tab.theatre.looks) > 6)
    QTest.mouseClick(tab.faces[3], LEFT)
    rest(500)
    for line in range(1, tab.runs.table.topLevelItemCount()):
        tab.runs.table.topLevelItem(line).setCheckState(0, Qt.CheckState.Checked)
    QTest.mouseClick(tab.faces[1], LEFT)
    rest(1500)
    camera.take("train")
    QTest.mouseClick(tab.stop, LEFT)
    camera.until(lambda: not tab.fitter.busy)


def evaluate(camera: Camera) -> None:
    """What was read as what."""
    tab = camera.window.evaluate
    camera.open(tab)
    tab.model.setCurrentIndex(tab.model.findData("mlp"))
    QTest.keyClicks(tab.data.box, "Synthetic")
    QTest.mouseClick(tab.start, LEFT)
    camera.until(lambda: tab.examined is not None)
    QTest.mouseClick(tab.faces[1], LEFT)
    camera.take("evaluate")


def main() -> None:
    """Make all pictures; those of a high-resolution screen in a process of their own."""
    prepare()
    _application = QApplication([])
    if sys.argv[1:] == ["high-dpi"]:
        Camera(dark=True, model="keras-cnn").take("classifier-dark-high-dpi")
        return
    first = Camera()
    first.take("window")
    lab(first)
    inside(first)
    first.close()
    for makes in (compare, train, evaluate):
        camera = Camera()
        makes(camera)
        camera.close()
    dark = Camera(dark=True)
    inside(dark, "-dark")
    dark.close()
    Camera(size=(1024, 700)).take("smallest")
    subprocess.run([sys.executable, __file__, "high-dpi"], env={**os.environ, "QT_SCALE_FACTOR": "2"}, check=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CAPSDRAW_HOME"] = folder
        main()
        sys.stdout.flush()
