"""Slider to picture: from a mouse move on a slider of the lab until the redrawn digit is painted.

python tests/benchmarks/slider_to_picture.py [MODEL] [MOVES] [fit]

With "fit", a CapsNet is trained all the while on a thread of the same process.
"""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
from machine import report
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window import rest

from capsdraw.ui.app import prepare
from capsdraw.ui.main_window import MainWindow


def main() -> None:
    """Drag the lab's sliders to and fro, each move after the last one's picture was painted."""
    words = [word for word in sys.argv[1:] if word != "fit"]
    model = words[0] if words else "efficient-capsnet"
    moves = int(words[1]) if len(words) > 1 else 300
    prepare()
    application = QApplication([])
    window = MainWindow()
    loop = QEventLoop()
    QTimer.singleShot(300_000, lambda: application.exit(1))
    window.readout.bars.painted.connect(lambda number: loop.quit() if number == window.reader.number else None)
    window.show()
    loop.exec()
    window.use_model(model)
    loop.exec()
    stop = _fit_beside() if "fit" in sys.argv else None
    window.tabs.setCurrentWidget(window.lab)
    rest(3000)
    lab = window.lab
    lab.face.redrawn.view.painted.connect(lambda: None if lab.questions.picture.awaited else loop.quit())
    times = []
    for move in range(moves + 20):
        slider = lab.face.sliders[move // 20 % len(lab.face.sliders)]
        place = QPoint(round(slider._at(round(200 * np.sin(move)))), slider.height() // 2)
        if move % 20 == 0:
            QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=slider.knob().toPoint())
        begun = time.perf_counter()
        QTest.mouseMove(slider, place)
        if lab.questions.picture.awaited:
            loop.exec()
        times.append(1000 * (time.perf_counter() - begun))
        if move % 20 == 19:
            QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=place)
    window.close()
    if stop is not None:
        stop()
    report(f"slider to picture, {model}{', beside a fit' if stop else ''}", times[20:])


def _fit_beside():
    """Train CapsNet on synthetic digits until the returned function is called."""
    from capsdraw.datasets import synthetic
    from capsdraw.fit import loop, recipes
    from capsdraw.fit.control import Control

    control, running = Control(), threading.Event()
    images, labels = synthetic.digits(6000, 1)
    folder = tempfile.TemporaryDirectory()

    def work() -> None:
        if sys.platform == "linux":
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        loop.run(recipes.load("capsnet"), images, labels, Path(folder.name), control, lambda _: running.set())

    thread = threading.Thread(target=work)
    thread.start()
    running.wait()

    def stop() -> None:
        control.stop()
        thread.join()
        folder.cleanup()

    return stop


main()
