"""Every point of a quick stroke arrives while TensorFlow is imported, and what is read is what was drawn."""

import subprocess
import sys

import pytest

# Through the window system's own queue, in a process in which nothing was imported before; 400 moves, as a hand makes
# them in two seconds, while a look inside has the net loaded with Keras.
STROKE = """
import sys, time
import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import SIDE, fitted
from capsdraw.ui import app

LABEL, MOVES, SECONDS = 2, 400, 2.0
application, window = app.opened()
canvas, left, told = window.panel.canvas, Qt.MouseButton.LeftButton, []

def until(done):
    end = time.monotonic() + 240
    while not done():
        assert time.monotonic() < end, done
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

def read():
    return window.answers.ready and window.readout.bars.request == window.reader.number

def at(point):
    return canvas.mapTo(window, QPoint(*point))

until(read)
canvas.clear()
[stroke] = fitted(synthetic.drawing(LABEL, np.random.default_rng((9, LABEL, 0)))).strokes
corners = stroke.points * canvas.width() / SIDE
along = np.concatenate([[0], np.hypot(*np.diff(corners, axis=0).T).cumsum()])
places = np.linspace(0, along[-1], MOVES + 1)
sent = np.rint(np.stack([np.interp(places, along, corners[:, axis]) for axis in (0, 1)], 1)).astype(int)
window.reader.opening.connect(lambda _: told.append("loading"))
handle = window.windowHandle()
QTest.mousePress(handle, left, Qt.KeyboardModifier.NoModifier, at(sent[0]))
window.tabs.setCurrentWidget(window.inside)
until(lambda: told)
assert "keras" not in sys.modules
begun, late = time.monotonic(), 0.0
for number, point in enumerate(sent[1:], 1):
    due = begun + SECONDS * number / MOVES
    while time.monotonic() < due:
        application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        time.sleep(0.0005)
    QTest.mouseMove(handle, at(point))
QTest.mouseRelease(handle, left, Qt.KeyboardModifier.NoModifier, at(sent[-1]))
until(lambda: read() and window.inside.isVisible() and "capsdraw.nets.session" in sys.modules)
[drawn] = canvas.sketch.drawing.strokes
line = drawn.points * canvas.width() / SIDE
starts, ways = line[:-1], np.diff(line, axis=0)
lengths = np.maximum((ways**2).sum(1), 1e-9)

def off(point):
    share = np.clip(((point - starts) * ways).sum(1) / lengths, 0, 1)
    return np.hypot(*(starts + share[:, None] * ways - point).T).min()

farthest = max(off(point) for point in sent)
assert farthest < 0.5, farthest
assert len(line) > 0.9 * len(np.unique(sent, axis=0)), len(line)
assert window.readout.bars.winner == LABEL, window.readout.bars.winner
window.close()
"""


@pytest.mark.slow
def test_400_moves_arrive_while_keras_is_loaded() -> None:
    done = subprocess.run([sys.executable, "-c", STROKE], capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
