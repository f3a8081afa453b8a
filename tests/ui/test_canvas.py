"""The canvas under mouse, tablet and touch."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capsdraw.ink.sketch import SIDE, Sketch
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.ui.canvas import MAX_PEN, MIN_PEN, Canvas
from capsdraw.ui.tools import Tools

Touch = Callable[[], QTest.QTouchEventSequence]


@pytest.fixture
def tools(qtbot: QtBot) -> Tools:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(SIDE, SIDE)
    canvas.show()
    made = Tools(canvas, canvas)
    made.show()
    made.resize(380, 32)
    made.move(0, SIDE - 32)
    return made


@pytest.fixture
def touch(tools: Tools) -> Touch:
    """What fingers do on the canvas, a moment each call."""
    device = QTest.createTouchDevice()
    return lambda: QTest.touchEvent(tools._canvas, device)


def drag(qtbot: QtBot, canvas: Canvas, *points: tuple[int, int]) -> None:
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*points[0]))
    for point in points[1:]:
        qtbot.mouseMove(canvas, QPoint(*point))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(*points[-1]))


def tablet(
    canvas: Canvas, kind: QEvent.Type, at: tuple[float, float], pressure: float, rubber: bool = False,
    down: bool = True,
) -> None:  # fmt: skip
    end = QPointingDevice.PointerType.Eraser if rubber else QPointingDevice.PointerType.Pen
    pen = QPointingDevice("pen", 7, QPointingDevice.DeviceType.Stylus, end, QPointingDevice.Capability.Pressure, 1, 1)
    pressed = down and kind != QEvent.Type.TabletRelease
    event = QTabletEvent(
        kind, pen, QPointF(*at), QPointF(*at), pressure, 0, 0, 0, 0, 0, Qt.KeyboardModifier.NoModifier,
        Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton if pressed else Qt.MouseButton.NoButton,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_a_stroke_is_where_the_mouse_was(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (100, 50), (150, 80), (200, 300))
    points = canvas.sketch.drawing.strokes[0].points
    assert points == pytest.approx(np.array([[100, 50], [150, 80], [200, 300]]), abs=1)


def test_ink_is_painted_where_the_mouse_was(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (100, 100), (100, 250))
    picture = canvas.grab().toImage()
    assert picture.pixelColor(100, 180).lightness() < 80
    assert picture.pixelColor(200, 180).lightness() > 200


def test_a_pen_that_leaves_the_paper_draws_on_its_edge(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (300, 100), (900, 120), (-500, 140))
    points = canvas.sketch.drawing.strokes[0].points
    assert points.min() >= 0
    assert points.max() <= SIDE


def test_undo_redo_and_clear_by_their_buttons(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (100, 50), (150, 80))
    drag(qtbot, canvas, (200, 50), (250, 80))
    qtbot.mouseClick(tools.undo, Qt.MouseButton.LeftButton)
    assert len(canvas.sketch.drawing.strokes) == 1
    qtbot.mouseClick(tools.redo, Qt.MouseButton.LeftButton)
    assert len(canvas.sketch.drawing.strokes) == 2
    assert not tools.redo.isEnabled()
    qtbot.mouseClick(tools.clear, Qt.MouseButton.LeftButton)
    assert not canvas.sketch
    assert not tools.clear.isEnabled()
    qtbot.mouseClick(tools.undo, Qt.MouseButton.LeftButton)
    assert len(canvas.sketch.drawing.strokes) == 2


def test_undo_in_mid_stroke_drops_that_stroke(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (100, 50), (150, 80))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    qtbot.mouseMove(canvas, QPoint(250, 250))
    canvas.undo()
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(250, 250))
    assert len(canvas.sketch.drawing.strokes) == 1


def test_the_eraser_erases(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (50, 100), (350, 100))
    qtbot.mouseClick(tools.eraser, Qt.MouseButton.LeftButton)
    drag(qtbot, canvas, (200, 60), (200, 100), (200, 140))
    assert len(canvas.sketch.drawing.strokes) == 2
    qtbot.mouseClick(tools.pen, Qt.MouseButton.LeftButton)
    drag(qtbot, canvas, (200, 60), (200, 140))
    assert len(canvas.sketch.drawing.strokes) == 3


def test_brackets_change_the_pen_within_its_limits(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    canvas.activateWindow()
    qtbot.waitUntil(canvas.isActiveWindow, timeout=5000)
    before = canvas.pen_width
    qtbot.keyClick(canvas, "]")
    assert canvas.pen_width > before
    assert tools.thickness.value() == canvas.pen_width
    for _ in range(40):
        qtbot.keyClick(canvas, "[")
    assert canvas.pen_width == MIN_PEN
    for _ in range(40):
        qtbot.keyClick(canvas, "]")
    assert canvas.pen_width == MAX_PEN


def test_a_tablet_s_pressure_makes_the_line_thicker(tools: Tools) -> None:
    canvas = tools._canvas
    tablet(canvas, QEvent.Type.TabletPress, (50, 50), 0.1)
    tablet(canvas, QEvent.Type.TabletMove, (200, 50), 0.5)
    tablet(canvas, QEvent.Type.TabletMove, (350, 50), 1.0)
    tablet(canvas, QEvent.Type.TabletRelease, (350, 50), 0.0)
    one = canvas.sketch.drawing.strokes[0]
    assert one.pressure == pytest.approx([0.1, 0.5, 1.0])
    ink = canvas.sketch.render()
    assert ink[:, 340].sum() > 1.5 * ink[:, 60].sum()


def test_the_tablet_pen_s_other_end_erases(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (50, 100), (350, 100))
    tablet(canvas, QEvent.Type.TabletPress, (200, 100), 1.0, rubber=True)
    tablet(canvas, QEvent.Type.TabletRelease, (200, 100), 0.0, rubber=True)
    assert len(canvas.sketch.drawing.strokes) == 2


def test_a_finger_draws(tools: Tools, touch: Touch) -> None:
    canvas = tools._canvas
    touch().press(0, QPoint(100, 100), canvas).commit()
    touch().move(0, QPoint(150, 200), canvas).commit()
    touch().release(0, QPoint(150, 200), canvas).commit()
    assert len(canvas.sketch.drawing.strokes) == 1
    assert canvas.sketch.drawing.strokes[0].points == pytest.approx(np.array([[100, 100], [150, 200]]), abs=1)


def test_the_same_drawing_on_a_larger_window_is_the_same_drawing(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (98, 49), (196, 294))
    small = canvas.sketch.drawing.strokes[0].points
    canvas.clear()
    canvas.resize(2 * SIDE, 2 * SIDE)
    drag(qtbot, canvas, (196, 98), (392, 588))
    assert canvas.sketch.drawing.strokes[0].points == pytest.approx(small, abs=1)


def test_an_opened_sketch_can_be_undone(tools: Tools) -> None:
    canvas = tools._canvas
    first, second = (Sketch(Drawing((stroke([(n, n), (n, 90)]),))) for n in (10, 60))
    canvas.show_sketch(first)
    canvas.show_sketch(second)
    canvas.undo()
    assert canvas.sketch is first


def test_a_fast_swipe_of_the_eraser_erases_all_on_its_way(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    drag(qtbot, canvas, (196, 40), (196, 340))
    canvas.erasing = True
    drag(qtbot, canvas, (120, 196), (280, 196))
    assert len(canvas.sketch.drawing.strokes) == 2


def test_a_tool_changed_in_mid_stroke_waits_for_the_next(qtbot: QtBot, tools: Tools) -> None:
    """It once ended the app: the stroke under way was painted as ink that was no longer there."""
    canvas = tools._canvas
    drag(qtbot, canvas, (100, 100), (110, 100))
    tools.eraser.click()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(105, 100))
    tools.pen.click()
    canvas.grab()
    qtbot.mouseMove(canvas, QPoint(108, 100))
    canvas.grab()
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(108, 100))
    assert not canvas.sketch


def test_the_rubber_away_from_an_example_leaves_it(tools: Tools) -> None:
    canvas = tools._canvas
    canvas.show_sketch(Sketch(Drawing((stroke([(50, 50), (50, 300)]),))), example=True)
    tablet(canvas, QEvent.Type.TabletPress, (300, 100), 1.0, rubber=True)
    tablet(canvas, QEvent.Type.TabletRelease, (300, 100), 0.0, rubber=True)
    assert len(canvas.sketch.drawing.strokes) == 1


def test_a_second_finger_does_not_pull_the_stroke_away(tools: Tools, touch: Touch) -> None:
    canvas = tools._canvas
    touch().press(0, QPoint(60, 60), canvas).commit()
    touch().stationary(0).press(1, QPoint(310, 310), canvas).commit()
    touch().release(0, QPoint(60, 60), canvas).stationary(1).commit()
    touch().move(1, QPoint(320, 320), canvas).commit()
    touch().release(1, QPoint(320, 320), canvas).commit()
    assert len(canvas.sketch.drawing.strokes) == 1
    assert canvas.sketch.drawing.strokes[0].points.max() < 70


def test_a_palm_during_a_pen_s_stroke_changes_nothing(tools: Tools, touch: Touch) -> None:
    canvas = tools._canvas
    tablet(canvas, QEvent.Type.TabletPress, (50, 50), 1.0)
    tablet(canvas, QEvent.Type.TabletMove, (150, 150), 1.0)
    touch().press(0, QPoint(350, 350), canvas).commit()
    touch().release(0, QPoint(350, 350), canvas).commit()
    tablet(canvas, QEvent.Type.TabletMove, (200, 200), 1.0)
    tablet(canvas, QEvent.Type.TabletRelease, (200, 200), 0.0)
    points = canvas.sketch.drawing.strokes[0].points
    assert len(canvas.sketch.drawing.strokes) == 1
    assert points == pytest.approx(np.array([[50, 50], [150, 150], [200, 200]]), abs=1)


def test_a_picture_that_arrives_in_mid_stroke_does_not_eat_the_stroke(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    qtbot.mouseMove(canvas, QPoint(90, 200))
    canvas.show_sketch(Sketch(Drawing((stroke([(9, 9)]),))))
    canvas.undo()
    assert canvas.sketch.drawing.strokes[0].points[-1] == pytest.approx([90, 200], abs=1)


def test_on_a_screen_of_finer_pixels_strokes_are_painted_anew(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """They would else stay as coarse as on the screen that the window came from."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.show_sketch(Sketch(Drawing((stroke([(100, 100), (300, 300)]),))))
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.repaint()
    assert not canvas._paper.image.isNull()
    coarse = canvas._paper.image.width()
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: 2.0)
    canvas.repaint()
    assert canvas._paper.image.width() == 2 * coarse


def test_a_press_whose_release_was_lost_loses_no_stroke(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    for y in (60, 150):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, y))
        qtbot.mouseMove(canvas, QPoint(150, y))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(150, 150))
    assert len(canvas.sketch.drawing.strokes) == 2
    canvas.undo()
    assert len(canvas.sketch.drawing.strokes) == 1


def test_a_mouse_s_release_amid_a_pen_s_stroke_ends_nothing(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    tablet(canvas, QEvent.Type.TabletPress, (100, 100), 0.3)
    for step in range(1, 40):
        if step == 20:
            qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
            qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(140, 180))
        tablet(canvas, QEvent.Type.TabletMove, (100 + 2 * step, 100 + 4 * step), 0.3)
    tablet(canvas, QEvent.Type.TabletRelease, (180, 260), 0.0)
    assert [len(stroke.points) for stroke in canvas.sketch.drawing.strokes] == [40]


def test_a_pen_s_press_whose_release_was_lost_loses_no_stroke(tools: Tools) -> None:
    canvas = tools._canvas
    for y in (60, 150):
        tablet(canvas, QEvent.Type.TabletPress, (60, y), 0.5)
        tablet(canvas, QEvent.Type.TabletMove, (160, y), 0.5)
    tablet(canvas, QEvent.Type.TabletRelease, (160, 150), 0.0)
    assert len(canvas.sketch.drawing.strokes) == 2


def test_a_spike_of_pressure_at_a_press_makes_no_blot(tools: Tools) -> None:
    canvas = tools._canvas
    for step, pressure in enumerate((1.0, 0.9, 0.25, 0.2, 0.2, 0.25, 0.6, 0.7)):
        kind = QEvent.Type.TabletMove if step else QEvent.Type.TabletPress
        tablet(canvas, kind, (100 + 9 * step, 100), pressure)
    tablet(canvas, QEvent.Type.TabletRelease, (190, 100), 0.0)
    pressure = canvas.sketch.drawing.strokes[0].pressure
    assert pressure is not None
    assert pressure[:5].max() == pytest.approx(0.2)
    assert pressure[-1] == pytest.approx(0.7)


def test_an_example_that_undo_brings_back_gives_way_as_before(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    canvas.show_sketch(Sketch(Drawing((stroke([(10, 10), (300, 300)], 20),))), example=True)
    drag(qtbot, canvas, (50, 50), (90, 90))
    canvas.undo()
    drag(qtbot, canvas, (200, 50), (200, 190))
    assert len(canvas.sketch.drawing.strokes) == 1
    canvas.undo()
    canvas.undo()  # nothing more to undo: the example stays one
    drag(qtbot, canvas, (20, 50), (20, 190))
    assert len(canvas.sketch.drawing.strokes) == 1


def test_another_form_of_what_lies_there_is_no_step(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    canvas.show_sketch(Sketch(picture=np.ones((9, 9), np.float32)))
    drag(qtbot, canvas, (50, 50), (90, 90))
    canvas.undo()
    other = Sketch(picture=np.zeros((9, 9), np.float32))
    canvas.show_otherwise(other)
    assert canvas.sketch is other
    assert canvas.can_redo
    canvas.redo()
    canvas.undo()
    assert canvas.sketch is other


def test_a_palm_that_lands_before_its_pen_leaves_no_blot(tools: Tools, touch: Touch) -> None:
    canvas = tools._canvas
    touch().press(0, QPoint(300, 330), canvas).commit()
    tablet(canvas, QEvent.Type.TabletPress, (100, 60), 1.0)
    tablet(canvas, QEvent.Type.TabletMove, (100, 160), 1.0)
    touch().move(0, QPoint(303, 331), canvas).commit()
    touch().release(0, QPoint(303, 331), canvas).commit()
    tablet(canvas, QEvent.Type.TabletRelease, (100, 160), 0.0)
    assert [len(stroke.points) for stroke in canvas.sketch.drawing.strokes] == [2]


def test_a_finger_s_stroke_stays_when_a_pen_takes_over(tools: Tools, touch: Touch) -> None:
    canvas = tools._canvas
    touch().press(0, QPoint(300, 100), canvas).commit()
    touch().move(0, QPoint(300, 300), canvas).commit()
    tablet(canvas, QEvent.Type.TabletPress, (100, 60), 1.0)
    tablet(canvas, QEvent.Type.TabletRelease, (100, 60), 0.0)
    assert len(canvas.sketch.drawing.strokes) == 2


def test_a_pen_that_hovers_has_lost_its_release(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    tablet(canvas, QEvent.Type.TabletPress, (60, 60), 0.5)
    tablet(canvas, QEvent.Type.TabletMove, (160, 60), 0.5)
    tablet(canvas, QEvent.Type.TabletMove, (200, 90), 0.0, down=False)
    assert not canvas.drawing
    drag(qtbot, canvas, (50, 200), (250, 200))
    assert len(canvas.sketch.drawing.strokes) == 2


def test_an_eraser_that_touches_nothing_is_no_step(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    picture = np.zeros((600, 600), np.float32)
    picture[100:200, 100:120] = 1
    opened = Sketch(picture=picture, label="1", source=b"its file")
    canvas.show_sketch(opened)
    canvas.erasing = True
    drag(qtbot, canvas, (350, 350), (380, 380))
    assert canvas.sketch is opened
    drag(qtbot, canvas, (60, 90), (90, 90))
    assert canvas.sketch.source is None
    canvas.undo()
    assert canvas.sketch is opened


def test_undone_to_the_blank_canvas_the_next_stroke_is_the_first_digit_s(qtbot: QtBot, tools: Tools) -> None:
    canvas = tools._canvas
    canvas.offer_inks(True)
    drag(qtbot, canvas, (50, 50), (50, 250))
    canvas.set_ink(1)
    drag(qtbot, canvas, (90, 50), (90, 250))
    canvas.undo()
    assert canvas.ink == 1
    canvas.undo()
    assert canvas.ink == 0
