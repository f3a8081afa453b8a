"""Pen to answer: from a mouse move on the canvas until the bars are repainted.

python tests/benchmarks/pen_to_answer.py [MODEL] [MOVES]
"""

import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
from machine import report
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from capsdraw.ui.main_window import MainWindow


def main() -> None:
    """Draw slowly moving loops, each move after the last was answered."""
    model = sys.argv[1] if len(sys.argv) > 1 else "efficient-capsnet"
    moves = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    application = QApplication([])
    window = MainWindow()
    loop = QEventLoop()
    window.readout.bars.painted.connect(lambda number: loop.quit() if number == window.reader.number else None)
    QTimer.singleShot(120_000, lambda: application.exit(1))
    window.show()
    loop.exec()
    window.use_model(model)
    loop.exec()
    canvas = window.panel.canvas
    canvas.clear()
    times = []
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    for turn in np.linspace(0, 6 * np.pi, moves + 20):
        place = QPoint(round(200 + (60 + 3 * turn) * np.sin(turn)), round(200 - 110 * np.cos(turn)))
        begun = time.perf_counter()
        QTest.mouseMove(canvas, place)
        if window.readout.bars.request != window.reader.number:
            loop.exec()
        times.append(1000 * (time.perf_counter() - begun))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place)
    window.close()
    report(f"pen to answer, {model}", times[20:])


main()
