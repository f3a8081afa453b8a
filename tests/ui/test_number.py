"""A number drawn on the canvas: its digits framed where they lie, and told one by one beneath it."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from capsdraw.datasets.non_digits import several
from capsdraw.ink import strokes
from capsdraw.ink.found import SEVERAL
from capsdraw.ink.sketch import SIDE, Sketch, fitted
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets.answering import Answering
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.nets.side_by_side import DigitInRow, NumberReader, WrittenNumber
from capsdraw.nets.verdict import Kind, Verdict
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.number_boxes import NumberBoxes
from capsdraw.ui.wording import of_ink
from tests.ui.conftest import SOON, Draw, digit, settle

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"


def shown(window: MainWindow) -> WrittenNumber | None:
    """The number in sight: on the canvas and beneath it it is the same."""
    panel = window.panel
    assert panel.boxes.number is panel.glance.digits.number
    assert panel.boxes.isVisible() == panel.glance.digits.isVisible() == (panel.boxes.number is not None)
    return panel.boxes.number


def test_forty_two_is_read_and_its_digits_framed(qtbot: QtBot, window: MainWindow, draw: Draw) -> None:
    canvas = window.panel.canvas
    canvas.clear()
    drawing = strokes.load(EXAMPLES / "forty-two.json")
    draw(canvas, drawing)
    settle(qtbot, window)
    number = shown(window)
    assert number is not None
    assert number.text == "42"
    assert window.panel.glance.headline.text().endswith("sees 4 2")
    assert window.readout.headline.text().startswith("It sees 4 2. Here, ")
    four, two = window.panel.boxes.boxes()
    scale = canvas.width() / SIDE
    for stroke, box in zip(drawing.strokes, (four, four, two), strict=True):
        for x, y in stroke.points * scale:
            assert box.contains(x, y)
    assert four.right() < two.left() + 2
    said = window.panel.glance.digits.accessibleDescription()
    assert said == "; ".join(each.verdict.sentence(tuple("0123456789")) for each in number.digits)


def test_boxes_come_with_the_second_digit_and_go_with_it(qtbot: QtBot, window: MainWindow, draw: Draw) -> None:
    canvas = window.panel.canvas
    canvas.clear()
    drawing = strokes.load(EXAMPLES / "forty-two.json")
    draw(canvas, Drawing(drawing.strokes[:2]))
    settle(qtbot, window)
    assert shown(window) is None
    assert "a 4" in window.panel.glance.headline.text()
    draw(canvas, Drawing(drawing.strokes[2:]))
    settle(qtbot, window)
    assert shown(window) is not None
    canvas.undo()
    settle(qtbot, window)
    assert shown(window) is None
    canvas.redo()
    settle(qtbot, window)
    assert shown(window) is not None
    canvas.clear()
    assert shown(window) is None


def test_a_digit_and_a_scribble_are_no_number(qtbot: QtBot, window: MainWindow, draw: Draw) -> None:
    for drawing in (digit(8), strokes.load(EXAMPLES / "scribble.json"), strokes.load(EXAMPLES / "letter.json")):
        window.panel.canvas.clear()
        draw(window.panel.canvas, drawing)
        settle(qtbot, window)
        assert shown(window) is None


def test_boxes_follow_the_canvas_when_the_window_grows(qtbot: QtBot, window: MainWindow) -> None:
    drawing = fitted(several(np.random.default_rng(3), digits=(2, 0, 2, 6)))
    window.panel.canvas.show_sketch(Sketch(drawing))
    qtbot.waitUntil(lambda: window.panel.boxes.number is not None, timeout=SOON)
    before = window.panel.boxes.boxes()
    window.resize(window.width() + 300, window.height() + 300)
    qtbot.waitUntil(lambda: window.panel.boxes.size() == window.panel.canvas.size(), timeout=SOON)
    after, grown = window.panel.boxes.boxes(), window.panel.canvas.width()
    assert len(after) == 4
    assert all(box.right() <= grown for box in after)
    assert after[0].left() >= before[0].left()


def test_what_lies_under_the_pointer_is_told(qtbot: QtBot, window: MainWindow) -> None:
    window.panel.canvas.show_sketch(Sketch(strokes.load(EXAMPLES / "forty-two.json")))
    qtbot.waitUntil(lambda: window.panel.boxes.number is not None, timeout=SOON)
    row = window.panel.glance.digits
    assert row.tip(QPoint(4, 4)).startswith("a 4, 0.")
    assert row.tip(QPoint(row.width() - 4, 4)) == ""


def test_another_net_reads_the_number_anew(qtbot: QtBot, window: MainWindow) -> None:
    window.panel.canvas.show_sketch(Sketch(strokes.load(EXAMPLES / "forty-two.json")))
    qtbot.waitUntil(lambda: window.panel.boxes.number is not None, timeout=SOON)
    before = shown(window)
    window.use_model("keras-cnn")
    qtbot.waitUntil(lambda: window.panel.boxes.number not in (None, before), timeout=SOON)
    number = shown(window)
    assert number is not None
    assert number.text == "42"
    assert all(each.reading.model == "keras-cnn" for each in number.digits)


def test_while_the_pen_draws_one_digit_it_is_not_cut_at_each_move(
    qtbot: QtBot, window: MainWindow, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A move in twenty waited 28 ms for all that a digit might be besides; a number stays one while it grows."""
    canvas, asked = window.panel.canvas, list[int]()
    real = NumberReader.read_sketch

    def counted(reader: NumberReader, net: Answering, sketch: Sketch, verdict: Verdict) -> WrittenNumber | None:
        asked.append(len(sketch.drawing.strokes))
        return real(reader, net, sketch, verdict)

    monkeypatch.setattr(NumberReader, "read_sketch", counted)
    canvas.clear()
    drawing = strokes.load(EXAMPLES / "forty-two.json")
    scale = canvas.width() / SIDE
    first = [QPoint(*np.rint(point * scale).astype(int).tolist()) for point in drawing.strokes[0].points]
    asked.clear()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first[0])
    for place in first[1:]:
        qtbot.mouseMove(canvas, place)
        settle(qtbot, window)
    assert asked == []
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=first[-1])
    settle(qtbot, window)
    assert asked == [1]
    draw(canvas, Drawing(drawing.strokes[1:]))
    settle(qtbot, window)
    assert shown(window) is not None
    asked.clear()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseMove(canvas, QPoint(9, 9))
    settle(qtbot, window)
    assert asked
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(9, 9))


def test_a_number_stays_while_another_digit_is_begun_and_goes_with_the_drawing(
    qtbot: QtBot, window: MainWindow, draw: Draw
) -> None:
    """Of a digit's first point no figure is made: those that stand there already are shown until the pen is lifted."""
    canvas = window.panel.canvas
    canvas.clear()
    drawing = strokes.load(EXAMPLES / "forty-two.json")
    small = Drawing(tuple(Stroke(each.points * 0.55 + [0, SIDE * 0.2], each.width) for each in drawing.strokes))
    draw(canvas, small)
    settle(qtbot, window)
    before = shown(window)
    assert before is not None
    x, top = round(canvas.width() * 0.8), round(canvas.height() * 0.35)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, top))
    settle(qtbot, window)
    assert shown(window) == before
    for down in range(5, round(canvas.height() * 0.3), 5):
        qtbot.mouseMove(canvas, QPoint(x, top + down))
        settle(qtbot, window)
        assert shown(window) is not None, down  # the pen is still down
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, top + down))
    settle(qtbot, window)
    after = shown(window)
    assert after is not None
    assert len(after.digits) == len(before.digits) + 1
    canvas.clear()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, top))
    settle(qtbot, window)
    assert shown(window) is None
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(x, top))


def test_of_a_picture_s_number_the_other_views_read_what_lies_in_the_box(qtbot: QtBot, window: MainWindow) -> None:
    """They were said to read all of it as one digit."""
    drawing = strokes.load(EXAMPLES / "forty-two.json")
    ink = Sketch(fitted(drawing)).render()
    left, top, right, bottom = fitted(drawing).strokes[-1].box
    box = (left - 20, top - 20, right - left + 40, bottom - top + 40)
    window.panel.canvas.show_sketch(Sketch(picture=ink, box=box, doubts=(SEVERAL,)))
    settle(qtbot, window)
    assert shown(window) is not None
    assert window.readout.headline.text() == "It sees 4 2. Here, the one in the dashed box"
    assert "at the right, the one in the dashed box" in window.panel.glance.note.text()


def test_a_redrawing_misses_all_of_the_ink_and_no_more() -> None:
    assert [of_ink(share) for share in (0.0, 0.844, 1.0, 1.6)] == [
        "0% of the ink", "84% of the ink", "all of the ink", "all of the ink",
    ]  # fmt: skip


def test_no_box_runs_through_a_reading(qtbot: QtBot) -> None:
    """Boxes of digits that touch overlap: where a reading stands, all is as if its own digit were alone."""
    canvas = QWidget()
    canvas.resize(SIDE, SIDE)
    qtbot.addWidget(canvas)
    boxes = NumberBoxes(canvas)
    canvas.show()
    reading = Reading("a net", NetKind.CLASSIFIER, 1, np.eye(10, dtype=np.float32)[1], None, None, None, 0.0)
    edges = ((60.0, 100.0, 140.0, 200.0), (103.0, 60.0, 180.0, 160.0))
    one, other = (DigitInRow(own, np.zeros((28, 28), np.float32), reading, Verdict(Kind.SURE, 1), 1.0) for own in edges)
    pictures = []
    for digits in ((one,), (one, other), ()):
        boxes.show_number(WrittenNumber(digits))
        high = boxes.fontMetrics().height()
        pictures.append(boxes.grab(QRect(98, 97 - high, 5, high - 1)).toImage())
    alone, both, none = pictures
    assert alone != none
    assert both == alone
