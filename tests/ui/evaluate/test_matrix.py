"""The confusion matrix: what is seen is what was counted, and the pointer finds the cell it is at."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from capsdraw.ui.evaluate.matrix import Matrix


@pytest.mark.usefixtures("qapp")
@settings(deadline=None, max_examples=40)
@given(classes=st.integers(2, 30), width=st.integers(264, 900), height=st.integers(264, 900), long=st.booleans())
def test_every_cell_is_found_under_its_own_middle_and_lies_within(
    classes: int, width: int, height: int, long: bool
) -> None:
    matrix = Matrix()
    matrix.show_counts(np.ones((classes, classes), np.int64), ["automobile" if long else "7"] * classes)
    matrix.resize(width, height)
    for true in range(classes):
        for read in range(classes):
            cell = matrix.cell(true, read)
            assert matrix._under(cell.center()) == (true, read)
            assert cell.left() >= 0
            assert cell.right() <= width
            assert cell.bottom() <= height
    assert matrix._under(QPointF(0, 0)) is None
    matrix.deleteLater()


def test_right_is_green_wrong_is_red_and_nothing_is_paper(qtbot: QtBot) -> None:
    matrix = Matrix()
    qtbot.addWidget(matrix)
    matrix.resize(400, 400)
    matrix.show_counts(np.array([[90, 10], [0, 100]]), ["0", "1"])
    matrix.show()
    picture = matrix.grab().toImage()

    def colour(true: int, read: int) -> tuple[int, int, int]:
        corner = matrix.cell(true, read).topLeft()
        found = picture.pixelColor(int(corner.x()) + 4, int(corner.y()) + 4)
        return found.red(), found.green(), found.blue()

    right, wrong, none = colour(0, 0), colour(0, 1), colour(1, 0)
    assert right[1] > right[0] + 40
    assert wrong[0] > wrong[1] + 20
    assert max(none) - min(none) < 5
    assert wrong[1] < none[1]  # one in ten is seen


def test_a_long_number_is_not_cut_off(qtbot: QtBot) -> None:
    matrix = Matrix()
    qtbot.addWidget(matrix)
    matrix.resize(320, 320)
    counts = np.zeros((10, 10), np.int64)
    # Of its row it is so small a part that it is written in ink: paper on paper would not be seen.
    counts[4, 4], counts[4, 9] = 8_888_888, 88_888_888_888
    matrix.show_counts(counts, [str(one) for one in range(10)])
    matrix.show()
    picture, cell = matrix.grab().toImage(), matrix.cell(4, 4)
    rows = range(int(cell.top()) + 3, int(cell.bottom()) - 3)
    for x in (int(cell.left()) + 2, int(cell.right()) - 2):  # ink here would go on beyond the cell
        assert len({picture.pixel(x, y) for y in rows}) == 1


def test_arrow_keys_choose_cells(qtbot: QtBot) -> None:
    matrix = Matrix()
    qtbot.addWidget(matrix)
    matrix.resize(400, 400)
    matrix.show_counts(np.ones((3, 3), np.int64), ["0", "1", "2"])
    matrix.show()
    picked: list[tuple[int, int]] = []
    matrix.picked.connect(lambda true, read: picked.append((true, read)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(matrix, key)
    assert picked == [(0, 1), (1, 1), (0, 1), (0, 1)]
