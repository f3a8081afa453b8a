"""The box on a picture: what lies in it is read, and it goes where it is dragged."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capsdraw.ink.found import SEVERAL, Found
from capsdraw.ink.normalize import digit_from_raster
from capsdraw.ink.sketch import SIDE, Sketch, of_found
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.crop_box import dragged, grip_at
from capsdraw.ui.drawing_panel import DrawingPanel

BOX = (100.0, 100.0, 80.0, 120.0)


def two_bars() -> Sketch:
    """A bar at the left, in the box, and a ring at the right."""
    ink = np.zeros((SIDE, SIDE), np.float32)
    ink[110:210, 130:150] = 1
    ink[110:210, 280:360] = 1
    ink[130:190, 300:340] = 0
    share = tuple(value / SIDE for value in BOX)
    return of_found(Found(ink, share, (SEVERAL,)))  # type: ignore[arg-type]


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(SIDE, SIDE)
    canvas.show()
    canvas.show_sketch(two_bars())
    return canvas


def drag(qtbot: QtBot, canvas: Canvas, *points: tuple[int, int]) -> None:
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*points[0]))
    for point in points[1:]:
        qtbot.mouseMove(canvas, QPoint(*point))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*points[-1]))


def test_only_what_lies_in_the_box_is_read() -> None:
    sketch = two_bars()
    assert sketch.picture is not None
    assert np.array_equal(sketch.digit(), digit_from_raster(sketch.picture[100:220, 100:180]))


def test_dragging_an_edge_moves_the_box_and_what_is_read(qtbot: QtBot, canvas: Canvas) -> None:
    drag(qtbot, canvas, (100, 160), (200, 160), (280, 160))
    sketch = canvas.sketch
    assert sketch.box == pytest.approx((280, 100, 80, 120), abs=2)
    assert not sketch.doubts  # somebody chose it
    assert not sketch.drawing
    ring = np.zeros((SIDE, SIDE), np.float32)
    assert sketch.picture is not None
    ring[100:220, 280:360] = sketch.picture[100:220, 280:360]
    assert np.abs(sketch.digit() - digit_from_raster(ring)).mean() < 0.03
    canvas.undo()
    assert canvas.sketch.box == pytest.approx(BOX)


def test_dragging_a_corner_changes_the_box_s_size(qtbot: QtBot, canvas: Canvas) -> None:
    drag(qtbot, canvas, (180, 220), (300, 300), (370, 330))
    assert canvas.sketch.box == pytest.approx((100, 100, 270, 230), abs=2)


def test_arrow_keys_move_the_box_and_with_shift_its_corner(qtbot: QtBot, canvas: Canvas) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(canvas, key)
    left, top, width, height = BOX
    moved = canvas.sketch.box
    assert moved is not None
    assert moved[0] > left
    assert (moved[0] - left) == pytest.approx(2 * (moved[1] - top))
    assert moved[2:] == BOX[2:]
    assert not canvas.sketch.doubts
    qtbot.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.sketch.box is not None
    assert canvas.sketch.box[:2] == moved[:2]
    assert canvas.sketch.box[2] < width
    assert canvas.sketch.box[3] == height
    for _ in range(100):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.sketch.box[0] + canvas.sketch.box[2] == SIDE


def test_a_key_held_down_is_one_step_and_its_picture_is_read_meanwhile(canvas: Canvas) -> None:
    shown: list[Sketch] = []
    canvas.changed.connect(shown.append)
    for again in (False, True, True):
        QApplication.sendEvent(canvas, _key(QEvent.Type.KeyPress, again))
    assert len({sketch.box for sketch in shown}) == 3
    QApplication.sendEvent(canvas, _key(QEvent.Type.KeyRelease, again=True))  # as X11 sends them while a key is held
    assert canvas.drawing
    QApplication.sendEvent(canvas, _key(QEvent.Type.KeyRelease))
    assert canvas.sketch.box == shown[-1].box
    canvas.undo()
    assert canvas.sketch.box == BOX
    canvas.redo()
    QApplication.sendEvent(canvas, _key(QEvent.Type.KeyPress))
    canvas.clearFocus()  # the release goes elsewhere
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert not canvas.drawing


def test_escape_puts_the_box_back_where_it_was(qtbot: QtBot, canvas: Canvas) -> None:
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 160))
    qtbot.mouseMove(canvas, QPoint(200, 200))
    assert canvas.sketch.box != BOX
    shown: list[Sketch] = []
    canvas.changed.connect(shown.append)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.sketch.box == shown[-1].box == BOX
    assert canvas.sketch.doubts == (SEVERAL,)
    qtbot.mouseMove(canvas, QPoint(300, 300))  # the button is still down
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    assert canvas.sketch.box == BOX
    assert not canvas.can_undo
    QApplication.sendEvent(canvas, _key(QEvent.Type.KeyPress))
    assert canvas.sketch.box != BOX
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.sketch.box == BOX


def test_arrows_without_a_box_are_not_the_canvas_s(canvas: Canvas) -> None:
    canvas.show_sketch(Sketch())
    press = _key(QEvent.Type.KeyPress)
    QApplication.sendEvent(canvas, press)
    assert not canvas.drawing
    assert not press.isAccepted()


def _key(kind: QEvent.Type, again: bool = False) -> QKeyEvent:
    return QKeyEvent(kind, Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, "", again)


def test_within_the_box_the_pen_draws(qtbot: QtBot, canvas: Canvas) -> None:
    drag(qtbot, canvas, (140, 160), (160, 180))
    assert len(canvas.sketch.drawing.strokes) == 1
    assert canvas.sketch.box == BOX


def test_the_box_is_painted(canvas: Canvas) -> None:
    picture = canvas.grab().toImage()
    edge = [picture.pixelColor(100, y) for y in range(120, 160)]
    assert any(colour.blue() > colour.red() + 60 for colour in edge)


def test_a_box_stays_on_the_canvas_and_large_enough_to_hold() -> None:
    assert dragged(BOX, (0, 0), (-500, 900)) == (0, SIDE - 120, 80, 120)
    left, top, width, height = dragged(BOX, (-1, -1), (900, 900))
    assert (left + width, top + height) == (180, 220)
    assert min(width, height) > 5
    assert grip_at(None, (5, 5)) is None
    assert grip_at(BOX, (140, 160)) is None
    assert grip_at(BOX, (300, 160)) is None


def test_a_doubtful_box_is_said_to_be_so(qtbot: QtBot) -> None:
    panel = DrawingPanel()
    qtbot.addWidget(panel)
    panel.canvas.show_sketch(two_bars())
    panel.show_digit(panel.canvas.sketch.digit())
    assert "several digits" in panel.glance.note.text()
    panel.canvas.show_sketch(two_bars().with_box(BOX))
    panel.show_digit(panel.canvas.sketch.digit())
    assert "Doubtful" not in panel.glance.note.text()
