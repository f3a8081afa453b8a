"""The confusion matrix: what is seen is what was counted, and the pointer finds the cell it is at."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QPaintEvent
from pytestqt.qtbot import QtBot

from capsdraw.ui.evaluate.matrix import MatrixView, depth


@pytest.mark.usefixtures("qapp")
@settings(deadline=None, max_examples=40)
@given(
    classes=st.integers(2, 30), width=st.integers(264, 900), height=st.integers(264, 900),
    name=st.sampled_from(["7", "automobile", 70 * "M"]),
)  # fmt: skip
def test_every_cell_is_found_under_its_own_middle_and_lies_within(
    classes: int, width: int, height: int, name: str
) -> None:
    matrix = MatrixView()
    matrix.show_counts(np.ones((classes, classes), np.int64), [name] * classes)
    matrix.resize(width, height)
    for true in range(classes):
        for read in range(classes):
            cell = matrix.cell(true, read)
            assert matrix.under(cell.center()) == true * classes + read
            assert cell.left() >= 0
            assert cell.right() <= width
            assert cell.bottom() <= height
    assert matrix.under(QPointF(0, 0)) is None
    matrix.deleteLater()


def test_right_is_green_wrong_is_red_and_nothing_is_paper(qtbot: QtBot) -> None:
    matrix = MatrixView()
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
    matrix = MatrixView()
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


def test_long_names_leave_room_for_the_cells_and_are_told_whole_under_the_pointer(qtbot: QtBot) -> None:
    """Names of the user's folders, 70 letters long: the matrix vanished."""
    matrix = MatrixView()
    qtbot.addWidget(matrix)
    matrix.resize(560, 480)
    names = [f"class {number} of plates seen by the camera at the northern gate in the rain" for number in range(3)]
    matrix.show_counts(np.ones((3, 3), np.int64), names)
    matrix.show()
    cell = matrix.cell(1, 2)
    assert cell.width() >= 48
    assert matrix.tip(cell.center()) == f"{names[1]}, read as {names[2]}"
    assert matrix.tip(QPointF(cell.left() - 2 * cell.width() - 24, cell.center().y())) == names[1]
    assert matrix.tip(QPointF(cell.center().x(), matrix.cell(0, 2).top() - 20)) == names[2]
    assert matrix.tip(QPointF(2, 2)) == matrix.tip(QPointF(559, 479)) == ""


def test_arrow_keys_choose_cells(qtbot: QtBot) -> None:
    matrix = MatrixView()
    qtbot.addWidget(matrix)
    matrix.resize(400, 400)
    matrix.show_counts(np.ones((3, 3), np.int64), ["0", "1", "2"])
    matrix.show()
    picked: list[tuple[int, int]] = []
    matrix.picked.connect(lambda true, read: picked.append((true, read)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(matrix, key)
    assert picked == [(0, 1), (1, 1), (0, 1), (0, 1)]


class Counted(list[str]):
    """Counts how often all the names were gone through."""

    times = 0

    def __iter__(self) -> Iterator[str]:
        self.times += 1
        return super().__iter__()


class Painted(QObject):
    """Listens to what of a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.places: list[QRect] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            self.places.append(event.rect())
        return super().eventFilter(watched, event)


def test_many_classes_do_not_stall_the_window(qtbot: QtBot) -> None:
    """Names were measured twice for each cell: a hundred classes took four seconds."""
    matrix, painted = MatrixView(), Painted()
    qtbot.addWidget(matrix)
    matrix.resize(700, 700)
    names = Counted(f"class {number}" for number in range(100))
    names.times = 0
    matrix.show_counts(np.eye(100, dtype=np.int64), names)
    with qtbot.waitExposed(matrix):
        matrix.show()
    matrix.grab()
    assert names.times < 20
    qtbot.wait(20)
    matrix.installEventFilter(painted)
    for cell in ((3, 4), (3, 5)):
        qtbot.mouseMove(matrix, matrix.cell(*cell).center().toPoint())
        qtbot.waitUntil(lambda cell=cell: matrix.hovered == cell and bool(painted.places))
    assert max(place.height() for place in painted.places) < 20


def test_a_frame_that_moves_on_leaves_no_trace(qtbot: QtBot) -> None:
    matrix = MatrixView()
    qtbot.addWidget(matrix)
    matrix.resize(401, 397)
    matrix.show_counts(np.arange(49).reshape(7, 7), [str(one) for one in range(7)])
    with qtbot.waitExposed(matrix):
        matrix.show()
    for cell in ((0, 0), (6, 6), (0, 6), (3, 3), (3, 4)):
        matrix.choose(cell)
        qtbot.mouseMove(matrix, matrix.cell(cell[1], cell[0]).center().toPoint())
        qtbot.wait(20)
    # Its parts as they are on screen are as the whole painted at once.
    screen = matrix.screen().grabWindow(matrix.winId()).toImage()
    assert screen == matrix.grab().toImage().convertToFormat(screen.format())


def test_one_misread_image_in_a_thousand_is_seen_to_be_red() -> None:
    """It was so pale that nobody saw it, and its own explanation spoke of red."""
    assert depth(0, 1000, False) == 0
    assert depth(1, 1000, False) > 0.25
    assert depth(1, 1000, False) < depth(10, 1000, False) < depth(50, 1000, False) == depth(400, 1000, False) == 1
    assert depth(1000, 1000, True) == 1
