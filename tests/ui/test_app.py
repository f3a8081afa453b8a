"""The app as it is started: no point of a quick stroke is lost while the window is busy."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

# A Python process that starts the app with a canvas for its window, hands 400 moves to it while
# it is held up, and prints the stroke that it has drawn.
BURST = """
import json, os, subprocess, sys
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from capsdraw.ui import app
from capsdraw.ui.canvas import Canvas

class Window(Canvas):
    def __init__(self):
        super().__init__()
        self.setFixedSize(392, 392)
        self.move(0, 0)
        QTimer.singleShot(800, self.burst)

    def burst(self):
        moves = json.loads(os.environ["MOVES"])
        if QApplication.platformName() == "xcb":
            words = [word for x, y in moves for word in ("mousemove", str(x), str(y))]
            # The server holds them all before the window sees the first.
            subprocess.run(["xdotool", *words[:3], "mousedown", "1", *words[3:]], check=True)
        else:
            QTest.mousePress(self, Qt.MouseButton.LeftButton, pos=QPoint(*moves[0]))
            for move in moves:
                QTest.mouseMove(self, QPoint(*move))
        QTimer.singleShot(1000, self.told)

    def told(self):
        strokes = self.sketch.drawing.strokes
        print(json.dumps([stroke.points.tolist() for stroke in strokes]))
        QApplication.exit(0)

app.MainWindow = Window
sys.exit(app.run())
"""

# As the plugin for X11 does it: compression is asked for while the application is made.
ATTRIBUTES = """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from capsdraw.ui import app

NAMES = Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, Qt.ApplicationAttribute.AA_CompressTabletEvents

class Application(QApplication):
    def __init__(self, arguments):
        super().__init__(arguments)
        for name in NAMES:
            self.setAttribute(name, True)

    def exec(self):
        print([self.testAttribute(name) for name in NAMES])
        return 0

app.QApplication, app.MainWindow = Application, QWidget
app.run()
"""


def told(code: str, **environment: str) -> str:
    command = [sys.executable, "-c", code]
    if environment.get("QT_QPA_PLATFORM") == "xcb":
        command = ["xvfb-run", "-a", *command]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=120, env={**os.environ, **environment}
    )
    return done.stdout.splitlines()[-1]


def test_no_platform_s_wish_to_compress_moves_is_heeded() -> None:
    assert told(ATTRIBUTES) == "[False, False]"


# On X11 too, where a server without a screen and a hand that moves its mouse are at hand.
DISPLAYS = ["offscreen", *(["xcb"] if shutil.which("xvfb-run") and shutil.which("xdotool") else [])]


@pytest.mark.parametrize("display", DISPLAYS)
def test_a_burst_of_moves_while_the_window_is_held_up_arrives_whole(display: str) -> None:
    turn = np.linspace(0, 6 * np.pi, 400)
    moves = np.stack([196 + (20 + 8 * turn) * np.sin(turn), 196 - (20 + 8 * turn) * np.cos(turn)], 1)
    moves = np.rint(moves).astype(int)
    [points] = json.loads(told(BURST, QT_QPA_PLATFORM=display, MOVES=json.dumps(moves.tolist())))
    arrived = {(round(x), round(y)) for x, y in points}
    assert {(int(x), int(y)) for x, y in moves} == arrived
