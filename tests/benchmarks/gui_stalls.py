"""Does the window stutter while a net is trained in it, and does the fit lose speed to the window?

python tests/benchmarks/gui_stalls.py [NET] [SECONDS] [draw]

With "draw", a pen moves on the canvas all the while, and a net reads it.

A timer of 5 ms asks for the event loop all the while; what it comes too late is a stall. The
same fit runs first by itself, in a process without a window.
"""

import os
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CAPSDRAW_HOME"] = tempfile.mkdtemp()

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window import until

from capsdraw.fit import recipes
from capsdraw.fit.events import BatchEnded
from capsdraw.ui.app import prepare
from capsdraw.ui.main_window import MainWindow

_EVERY = 5  # milliseconds

ALONE = """
import sys, time
from pathlib import Path
from capsdraw.datasets import synthetic
from capsdraw.fit import loop, recipes
from capsdraw.fit.control import Control
from capsdraw.fit.plan import Plan
from capsdraw.fit.events import BatchEnded
from capsdraw.datasets.known import data_set

recipe, seconds, control = recipes.load(sys.argv[1]), float(sys.argv[2]), Control()
data = data_set(recipe.data)
seen = []

def listen(event):
    if isinstance(event, BatchEnded):
        seen.append((time.monotonic(), event.batch))
        if seen[-1][0] - seen[0][0] > seconds:
            control.stop()

loop.run(Plan.of(recipe, data.train_images, data.train_labels), Path(sys.argv[3]), control, listen)
half = [one for one in seen if one[0] - seen[0][0] > seconds / 4]
print(recipe.batch * (half[-1][1] - half[0][1]) / (half[-1][0] - half[0][0]))
"""


def main() -> None:
    """Measure both and print them."""
    words = [word for word in sys.argv[1:] if word != "draw"]
    net = words[0] if words else "capsnet"
    seconds = float(words[1]) if len(words) > 1 else 60.0
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(
            [sys.executable, "-c", ALONE, net, str(seconds), folder], check=True, capture_output=True, text=True
        )
    alone = float(ran.stdout.split()[-1])
    late, within = _in_window(net, seconds)
    middle, high, top = np.percentile(late, [50, 99, 100])
    print(f"event loop beside a fit of {net}, {seconds:.0f} s, {len(late)} times: late by median {middle:.1f} ms,")
    print(f"  99th percentile {high:.1f} ms, longest {top:.1f} ms")
    print(f"fit in the window {within:.1f} images/s, by itself {alone:.1f}: {100 * within / alone:.0f}%")


def _in_window(net: str, seconds: float) -> tuple[list[float], float]:
    """How late the event loop was each time (ms), and images/s of the fit, curves on screen, a digit being drawn."""
    prepare()
    application = QApplication([])
    window = MainWindow()
    window.show()
    QTimer.singleShot(600_000, lambda: application.exit(1))
    until(lambda: window.answers.ready)
    tab = window.train
    window.tabs.setCurrentWidget(tab)
    tab.form.put(recipes.load(net))
    seen: list[tuple[float, int]] = []
    tab.fitter.reported.connect(
        lambda event: seen.append((time.monotonic(), event.batch)) if isinstance(event, BatchEnded) else None
    )
    tab.start.click()
    until(lambda: len(seen) > 3)
    late: list[float] = []
    begun = last = time.perf_counter()
    clock = QTimer()
    clock.setTimerType(Qt.TimerType.PreciseTimer)

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(1000 * (now - last) - _EVERY)
        last = now
        if "draw" not in sys.argv:
            return
        # A pen that moves, now and then a new stroke.
        angle = 3 * (now - begun)
        place = QPoint(round(200 + 120 * np.cos(angle)), round(200 + 120 * np.sin(angle)))
        if len(late) % 20 == 0:
            QTest.mouseMove(window.panel.canvas, place)
        if len(late) % 400 == 1:
            QTest.mouseRelease(window.panel.canvas, Qt.MouseButton.LeftButton, pos=place)
            QTest.mousePress(window.panel.canvas, Qt.MouseButton.LeftButton, pos=place)

    clock.timeout.connect(tick)
    first = len(seen)
    clock.start(_EVERY)
    until(lambda: time.perf_counter() - begun > seconds)
    clock.stop()
    half = [one for one in seen[first:] if one[0] - seen[first][0] > seconds / 4]
    batch = recipes.load(net).batch
    speed = batch * (half[-1][1] - half[0][1]) / (half[-1][0] - half[0][0])
    tab.stop.click()
    until(lambda: not tab.fitter.busy)
    window.close()
    return late, speed


main()
