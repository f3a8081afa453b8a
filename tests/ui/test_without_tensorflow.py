"""What draws, reads, perturbs and compares never imports TensorFlow; what looks into a net does, and says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from capsdraw.nets import cards, lighten

# A long series in the real window, in a process in which nothing else was imported.
SERIES = """
import sys, time
import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import fitted
from capsdraw.ui.app import prepare
from capsdraw.ui.main_window import MainWindow

prepare()
application = QApplication([])
window = MainWindow()
window.resize(1280, 800)
lab, compare, left = window.lab, window.compare, Qt.MouseButton.LeftButton

def until(done):
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end, done
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

def read():
    return window.readout.bars.request == window.reader.number

def draw(label):
    window.panel.canvas.clear()
    for stroke in fitted(synthetic.drawing(label, np.random.default_rng((9, label, 0)))).strokes:
        points = [QPoint(*point) for point in np.rint(stroke.points * window.panel.canvas.width() / 392).astype(int)]
        QTest.mousePress(window.panel.canvas, left, pos=points[0])
        for point in points[1:]:
            QTest.mouseMove(window.panel.canvas, point)
        QTest.mouseRelease(window.panel.canvas, left, pos=points[-1])
    until(read)

def heavy():
    return {name.split(".")[0] for name in sys.modules} & {"tensorflow", "keras"}

window.show()
until(lambda: window.answers.ready and read())
seen = []
for label in range(10):
    draw(label)
    seen.append(window.readout.bars.winner)
assert sum(label == winner for label, winner in enumerate(seen)) >= 8, seen
window.tabs.setCurrentWidget(lab)
until(lambda: lab.face.redrawn.view.digit is not None and not lab.busy)
for turn in range(40):
    QTest.keyClick(lab.face.sliders[turn % 16], Qt.Key.Key_PageUp)
until(lambda: not lab.busy)
assert lab.face.again.scores is not None and lab.strip.pictures is not None
QTest.mouseClick(lab.faces[1], left)
until(lambda: lab.sheet.sheet is not None and not lab.busy)
QTest.mouseClick(lab.faces[3], left)
QTest.mouseClick(lab.morph.keep[0], left)
draw(3)
until(lambda: not lab.busy)
QTest.mouseClick(lab.morph.keep[1], left)
until(lambda: lab.morph.frames is not None)
window.tabs.setCurrentWidget(compare)
until(lambda: len(compare.curves) == 2 and compare.status.text().strip())
for _ in range(6):
    QTest.keyClick(compare.slider, Qt.Key.Key_PageUp)
until(lambda: all(column.bars.request == compare.comparer.newest for column in compare.columns))
assert not heavy(), heavy()

told = []
window.reader.opening.connect(told.append)
window.tabs.setCurrentWidget(lab)
QTest.mouseClick(lab.faces[2], left)
until(lambda: told)
assert told == ["Efficient-CapsNet"] and "Efficient-CapsNet" in window._model_status.text()
# The pen is answered meanwhile.
draw(7)
until(lambda: not lab.busy)
assert heavy() == {"tensorflow", "keras"}
assert window._model_status.text().endswith(" parameters")
window.close()
print("done")
"""


@pytest.mark.slow
def test_a_long_series_of_strokes_and_sliders_needs_no_tensorflow(own_home: Path) -> None:
    for name in ("efficient-capsnet", "keras-cnn"):
        lighten.ensure(cards.find(name))
    done = subprocess.run(
        [sys.executable, "-c", SERIES], capture_output=True, text=True, check=False,
        env={**os.environ, "CAPSDRAW_HOME": str(own_home)},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1:] == ["done"], done.stderr
