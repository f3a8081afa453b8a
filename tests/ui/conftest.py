"""The real window with the real bundled models, and a hand that draws in it."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import SIDE, fitted
from capsdraw.ink.strokes import Drawing
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.main_window import MainWindow

# The first answer waits for the import of TensorFlow, on a machine that may be busy.
FIRST = 60_000
SOON = 10_000

Draw = Callable[[Canvas, Drawing], None]


@pytest.fixture
def draw(qtbot: QtBot) -> Draw:
    """Draws a drawing in canvas units on a canvas, by mouse events."""

    def hand(canvas: Canvas, drawing: Drawing) -> None:
        def at(point: np.ndarray) -> QPoint:
            return QPoint(*np.rint(point * canvas.width() / SIDE).astype(int).tolist())

        for one in drawing.strokes:
            qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(one.points[0]))
            for point in one.points[1:]:
                qtbot.mouseMove(canvas, at(point))
            qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(one.points[-1]))

    return hand


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The window, shown, its example read."""
    made = MainWindow()
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.reader.answered, timeout=FIRST):
        made.show()
    yield made
    made.close()


def digit(label: int, seed: int = 0) -> Drawing:
    return fitted(synthetic.drawing(label, np.random.default_rng((9, label, seed))))


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the bars show the answer to the newest request."""
    qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=SOON)
