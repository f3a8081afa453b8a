"""Every widget of cells finds, tells, picks and goes through them alike: by the real mouse and by real keys."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.lab.anatomy import Anatomy, LayerInfo
from capsdraw.lab.perturbation import Sheet
from capsdraw.lab.receptive_fields import ReceptiveField
from capsdraw.ui.cell_view import CellPicker
from capsdraw.ui.evaluate.gallery import Gallery, GalleryItem
from capsdraw.ui.evaluate.matrix import MatrixView
from capsdraw.ui.evaluate.pairs_view import PairsSheet
from capsdraw.ui.inside.net_view import NetView
from capsdraw.ui.inside.tiles import Tiles
from capsdraw.ui.lab.sheet_view import SheetView
from capsdraw.ui.lab.strip import Strip

# Of the offscreen platform, and of a mouse button that is let go of over what cares for presses only.
pytestmark = pytest.mark.qt_log_ignore("does not support raise", "MouseRelease.* not accepted")

Key = Qt.Key
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@dataclass
class Case:
    """A widget; what of it has the cells; what it said to have been picked; and what it should say of a cell."""

    widget: QWidget
    view: CellPicker
    picked: list[tuple]
    expected: Callable[[int], tuple]

    def middle(self, index: int) -> QPoint:
        box = self.view.cells.boxes(index)[-1]
        return QPoint(int(box.left + box.width / 2), int(box.top + box.height / 2))


def pictures(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).random(shape, np.float32)


def sheet() -> Case:
    view, picked = SheetView(), []
    amounts = np.linspace(-0.25, 0.25, 11, dtype=np.float32)
    view.show_sheet(Sheet(3, amounts, pictures(16, 11, 28, 28)))
    view.show_rows([f"number {row}" for row in range(16)], [0.05] * 16)
    view.picked.connect(lambda number, amount: picked.append((number, round(amount, 2))))
    return Case(view, view, picked, lambda index: (index // 11, round(float(amounts[index % 11]), 2)))


def pairs() -> Case:
    view, picked = PairsSheet(), []
    digits = list(pictures(43, 28, 28))
    view.show_pairs(digits, digits, {3, 42}, [f"Image {index}" for index in range(43)], "Click: to the canvas")
    view.picked.connect(lambda index: picked.append((index,)))
    return Case(view, view, picked, lambda index: (index,))


def wall() -> Case:
    gallery, picked = Gallery("Mistakes"), []
    images = np.random.default_rng(1).integers(0, 256, (300, 28, 28), np.uint8)
    shown = [GalleryItem(299 - index, "4", "9", False, "0.98") for index in range(300)]
    gallery.show_pictures(images, shown, "")
    gallery.picked.connect(lambda index: picked.append((index,)))
    return Case(gallery, gallery.wall, picked, lambda index: (299 - index,))


def matrix() -> Case:
    view, picked = MatrixView(), []
    view.show_counts(np.arange(49).reshape(7, 7), [f"class {index}" for index in range(7)])
    view.picked.connect(lambda true, read: picked.append((true, read)))
    return Case(view, view, picked, lambda index: divmod(index, 7))


def tiles() -> Case:
    view, picked = Tiles("Kernels", "Kernel"), []
    view.show_pictures(pictures(50, 9, 9))
    view.looked.connect(lambda: picked.append((view.chosen,)))
    return Case(view, view, picked, lambda index: (index,))


def strip() -> Case:
    view, picked = Strip(), []
    view.show_pictures(pictures(10, 28, 28), 3)
    view.chosen.connect(lambda label: (picked.append((label,)), view.hold(label)))
    return Case(view, view, picked, lambda index: (index,))


def net() -> Case:
    view, picked = NetView(), []
    parts = [
        LayerInfo(
            f"encoder/layer{index}", "" if index == 0 else "encoder", "image" if index == 0 else "dense", (10,), 7, 0,
            "ten numbers", False, False, ReceptiveField(), (index - 1,) if index else (), index,
        )
        for index in range(20)
    ]  # fmt: skip
    view.show_anatomy(Anatomy("net", tuple(parts)))
    view.picked.connect(lambda name: picked.append((name,)))
    return Case(view, view.picture, picked, lambda index: (f"encoder/layer{index}",))


MADE = (sheet, pairs, wall, matrix, tiles, strip, net)


def on_screen(qtbot: QtBot, case: Case, width: int, height: int) -> Case:
    qtbot.addWidget(case.widget)
    case.widget.resize(width, height)
    with qtbot.waitExposed(case.widget):
        case.widget.show()
    return case


@pytest.fixture(params=MADE, ids=[made.__name__ for made in MADE])
def case(request: pytest.FixtureRequest, qtbot: QtBot) -> Case:
    made = on_screen(qtbot, request.param(), 520, 700)
    made.widget.activateWindow()
    made.view.setFocus()
    made.picked.clear()
    return made


def some(case: Case) -> list[int]:
    """Cells at both ends and between, all in sight."""
    last = min(case.view.cells.count, 12) - 1
    return [1, last, 4, 2]


def test_what_is_clicked_is_what_lies_under_the_pointer(qtbot: QtBot, case: Case) -> None:
    for index in some(case):
        qtbot.mouseMove(case.view, case.middle(index))
        assert case.view.over == index
        assert case.view.cursor().shape() == Qt.CursorShape.PointingHandCursor
        case.picked.clear()
        qtbot.mouseClick(case.view, LEFT, pos=case.middle(index))
        assert case.picked == [case.expected(index)]
        qtbot.mouseClick(case.view, RIGHT, pos=case.middle(index))
        assert case.picked == [case.expected(index)]


def test_beside_the_cells_nothing_is_pointed_at_or_picked(qtbot: QtBot, case: Case) -> None:
    qtbot.mouseMove(case.view, case.middle(2))
    case.picked.clear()
    beside = QPoint(case.view.width() - 1, 0)
    assert case.view.under(beside.toPointF()) is None
    qtbot.mouseMove(case.view, beside)
    assert case.view.over is None
    assert case.view.cursor().shape() == Qt.CursorShape.ArrowCursor
    before = len(case.picked)
    qtbot.mouseClick(case.view, LEFT, pos=beside)
    assert len(case.picked) == before


def test_a_tool_tip_tells_of_the_cell_under_the_pointer(case: Case) -> None:
    for index in some(case):
        place = case.middle(index)
        help_wanted = QHelpEvent(QEvent.Type.ToolTip, place, case.view.mapToGlobal(place))
        QApplication.sendEvent(case.view, help_wanted)
        assert QToolTip.text() == case.view.tip(place.toPointF()) != ""
        assert case.view.words(index) in QToolTip.text() or QToolTip.text() == case.view.toolTip()
    QToolTip.hideText()


@pytest.mark.parametrize(
    "keys",
    [
        [Key.Key_Right, Key.Key_Down, Key.Key_Left, Key.Key_Down, Key.Key_Up],
        [Key.Key_End, Key.Key_Home, Key.Key_Right],
        [Key.Key_Down, Key.Key_PageDown, Key.Key_PageDown, Key.Key_PageUp],
    ],
)
def test_keys_go_where_the_layout_says_and_return_picks_what_a_click_would(
    qtbot: QtBot, case: Case, keys: list[Qt.Key]
) -> None:
    for key in keys:
        before = case.view.current
        qtbot.keyClick(case.view, key)
        assert case.view.current is None or 0 <= case.view.current < case.view.cells.count
        if case.view.current not in (None, before):
            assert case.view.accessibleDescription() == case.view.words(case.view.current)
    current = case.view.current
    assert current is not None
    case.picked.clear()
    qtbot.keyClick(case.view, Key.Key_Return)
    assert case.picked == [case.expected(current)]


def test_what_changes_is_painted_as_if_all_were_painted_anew(qtbot: QtBot, case: Case) -> None:
    for index in some(case):
        qtbot.mouseMove(case.view, case.middle(index))
        qtbot.wait(10)
    for key in (Key.Key_Right, Key.Key_Down, Key.Key_Down, Key.Key_Up):
        qtbot.keyClick(case.view, key)
        qtbot.wait(10)
    screen = case.widget.screen().grabWindow(case.widget.winId()).toImage()
    assert screen == case.widget.grab().toImage().convertToFormat(screen.format())


@pytest.mark.parametrize("made", [wall, net])
def test_keys_scroll_to_where_they_go(qtbot: QtBot, made: Callable[[], Case]) -> None:
    case = on_screen(qtbot, made(), 420, 200)
    assert isinstance(case.widget, QScrollArea)
    sight = case.widget.viewport()
    for key in (Key.Key_Down, Key.Key_PageDown, Key.Key_End, Key.Key_PageUp, Key.Key_Home):
        qtbot.keyClick(case.view, key)
        assert case.view.current is not None
        box = case.view.cells.boxes(case.view.current)[0]
        top = case.view.mapTo(sight, QPoint(0, int(box.top))).y()
        assert 0 <= top <= top + box.height <= sight.height()


@pytest.mark.parametrize("made", [wall, net])
def test_pointer_and_keys_share_one_mark_where_it_went_last(qtbot: QtBot, made: Callable[[], Case]) -> None:
    case = on_screen(qtbot, made(), 520, 700)
    qtbot.mouseMove(case.view, case.middle(2))
    assert case.view.current == 2
    qtbot.keyClick(case.view, Key.Key_Down)
    assert case.view.current not in (2, None)
    qtbot.mouseMove(case.view, case.middle(2) + QPoint(1, 1))  # within the same cell
    assert case.view.current == 2
    qtbot.keyClick(case.view, Key.Key_Down)
    QApplication.sendEvent(case.view, QEvent(QEvent.Type.Leave))
    assert case.view.current is None


def test_a_net_that_is_an_image_only_has_nothing_to_go_to(qtbot: QtBot) -> None:
    view = NetView()
    qtbot.addWidget(view)
    image = LayerInfo("image", "", "image", (28, 28, 1), 0, 0, "the image", False, False, None, (), 0)
    view.show_anatomy(Anatomy("net", (image,)))
    view.show()
    for key in (Key.Key_Down, Key.Key_End, Key.Key_PageDown, Key.Key_Return):
        qtbot.keyClick(view.picture, key)
    assert view.picture.current is None


def test_a_widget_s_own_tool_tip_is_told_where_no_cell_has_one(qtbot: QtBot) -> None:
    matrix = MatrixView()
    qtbot.addWidget(matrix)
    matrix.setToolTip("Rows are true classes")
    matrix.show()
    QApplication.sendEvent(matrix, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), matrix.mapToGlobal(QPoint(5, 5))))
    assert QToolTip.text() == "Rows are true classes"
    QToolTip.hideText()


def test_other_things_that_are_fewer_leave_nothing_pointed_at(qtbot: QtBot) -> None:
    case = on_screen(qtbot, tiles(), 520, 480)
    qtbot.mouseMove(case.view, case.middle(40))
    assert case.view.over == 40
    case.view.show_pictures(pictures(45, 9, 9))
    assert case.view.over == 40
    case.view.show_pictures(pictures(6, 9, 9))
    assert case.view.over is None
