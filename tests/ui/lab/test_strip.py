"""The row of pictures of all classes, by itself."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from capsdraw.ui import theme
from capsdraw.ui.lab.strip import Strip


@pytest.mark.parametrize("classes", [10, 26, 46])
@pytest.mark.parametrize("width", [470, 506, 517, 643, 1000])
def test_every_picture_has_its_four_lines(qtbot: QtBot, width: int, classes: int) -> None:
    strip = Strip()
    qtbot.addWidget(strip)
    strip.show_pictures(np.zeros((classes, 28, 28), np.float32), None)
    strip.resize(width, 10)
    strip.resize(width, strip.sizeHint().height())
    drawn, line = strip.grab().toImage(), theme.of(strip).line
    for label in (0, 1, classes - 1):
        cell = strip.cell(label)
        assert cell.width() == int(cell.width()) > 0
        middle = cell.center()
        sides = [QPointF(x, middle.y()) for x in (cell.left(), cell.right())]
        sides += [QPointF(middle.x(), y) for y in (cell.top(), cell.bottom())]
        for place in sides:
            assert drawn.pixelColor(int(place.x()), int(place.y())) == line, (label, place)


@pytest.mark.parametrize(
    ("classes", "width", "rows"), [(10, 470, 1), (26, 880, 1), (26, 530, 2), (46, 880, 2), (46, 530, 3)]
)
def test_many_classes_stand_in_rows_that_keys_lead_through(qtbot: QtBot, classes: int, width: int, rows: int) -> None:
    """Forty-six in one row were seven pixels wide each."""
    strip = Strip()
    qtbot.addWidget(strip)
    strip.show_pictures(np.zeros((classes, 28, 28), np.float32), 0)
    strip.resize(width, 10)
    strip.resize(width, strip.sizeHint().height())
    assert len({strip.cell(label).top() for label in range(classes)}) == rows
    assert strip.cell(0).width() >= 24
    assert all(strip.rect().toRectF().contains(strip.cell(label)) for label in range(classes))
    chosen: list[int] = []
    strip.chosen.connect(chosen.append)
    strip.show()
    qtbot.keyClick(strip, Qt.Key.Key_Down)
    assert chosen == ([] if rows == 1 else [-(-classes // rows)])
