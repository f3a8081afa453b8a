"""The row of pictures of all classes, by itself."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from capsdraw.ui import theme
from capsdraw.ui.lab.strip import Strip


@pytest.mark.parametrize("classes", [10, 26])
@pytest.mark.parametrize("width", [470, 506, 517, 643, 1000])
def test_every_picture_has_its_four_lines(qtbot: QtBot, width: int, classes: int) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.resize(width, strip.sizeHint().height())
    strip.show_pictures(np.zeros((classes, 28, 28), np.float32), None)
    drawn, line = strip.grab().toImage(), theme.of(strip).line
    for label in (0, 1, classes - 1):
        cell = strip.cell(label)
        assert cell.width() == int(cell.width()) > 0
        middle = cell.center()
        sides = [QPointF(x, middle.y()) for x in (cell.left(), cell.right())]
        sides += [QPointF(middle.x(), y) for y in (cell.top(), cell.bottom())]
        for place in sides:
            assert drawn.pixelColor(int(place.x()), int(place.y())) == line, (label, place)
