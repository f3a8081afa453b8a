"""A second digit over the first, by mouse and keys on the real window, read by the net of pairs."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.ink import sketch_file
from capsdraw.ink.pair import pair_from_drawing, parts_from_drawing
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.nets.verdict import Kind
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.own_pictures import two_inks
from capsdraw.ui.pair_colours import FIRST, SECOND, coloured, in_inks

from .conftest import FIRST as LOADING
from .conftest import SOON, Draw, digit, settle


@pytest.fixture
def pairs(qtbot: QtBot, window: MainWindow) -> MainWindow:
    """The window, its canvas empty, with the net of pairs."""
    window.use_model("multi-capsnet")
    qtbot.waitUntil(lambda: window.answers.newest is not None, timeout=LOADING)
    window.panel.canvas.clear()
    return window


def test_space_takes_the_second_ink_and_both_digits_are_read(qtbot: QtBot, pairs: MainWindow, draw: Draw) -> None:
    canvas, tools = pairs.panel.canvas, pairs.panel.tools
    assert tools.second.isVisible()
    assert not tools.second.isChecked()
    both = two_inks(digit(0), digit(7))
    draw(canvas, both.of_ink(0))
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.ink == 1
    assert tools.second.isChecked()
    draw(canvas, both.of_ink(1))
    settle(qtbot, pairs)
    inks = [stroke.ink for stroke in canvas.sketch.drawing.strokes]
    assert inks == sorted(inks)
    assert set(inks) == {0, 1}
    answer = pairs.answers.last
    assert answer is not None
    assert answer.digit == pytest.approx(pair_from_drawing(canvas.sketch.drawing, 36), abs=1e-6)
    assert {answer.reading.label, answer.reading.second} == {0, 7}
    assert answer.verdict.kind == Kind.PAIR
    assert answer.reading.by_ink() == (0, 7)
    assert pairs.panel.glance.headline.text().endswith("sees a 0 and a 7")
    bars = pairs.readout.bars
    assert (bars.winner, bars.second) == (0, 7)
    assert "0, " in bars.accessibleDescription()
    assert "7, " in bars.accessibleDescription()
    assert not pairs.panel.its_a.isVisible()


def test_the_button_does_what_the_key_does_and_a_clear_canvas_begins_with_the_first(
    qtbot: QtBot, pairs: MainWindow, draw: Draw
) -> None:
    canvas, tools = pairs.panel.canvas, pairs.panel.tools
    qtbot.mouseClick(tools.second, Qt.MouseButton.LeftButton)
    assert canvas.ink == 1
    draw(canvas, digit(3))
    assert {stroke.ink for stroke in canvas.sketch.drawing.strokes} == {1}
    canvas.clear()
    assert canvas.ink == 0
    assert not tools.second.isChecked()


def test_undo_takes_the_second_digit_back_stroke_by_stroke(qtbot: QtBot, pairs: MainWindow, draw: Draw) -> None:
    canvas = pairs.panel.canvas
    both = two_inks(digit(0), digit(1))
    draw(canvas, both.of_ink(0))
    before = canvas.sketch
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    draw(canvas, both.of_ink(1))
    for _ in both.of_ink(1).strokes:
        canvas.undo()
    assert canvas.sketch is before
    canvas.redo()
    assert canvas.sketch.drawing.strokes[-1].ink == 1


def test_a_net_of_one_digit_has_one_ink_and_says_what_it_makes_of_both(
    qtbot: QtBot, pairs: MainWindow, draw: Draw
) -> None:
    canvas = pairs.panel.canvas
    both = two_inks(digit(0), digit(7))
    draw(canvas, both.of_ink(0))
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    draw(canvas, both.of_ink(1))
    settle(qtbot, pairs)
    pairs.tabs.setCurrentWidget(pairs.tabs.compare)
    compared = pairs.tabs.compare.view
    qtbot.waitUntil(lambda: compared.digit is not None and compared.digit.shape == (28, 28), timeout=SOON)
    pairs.use_model("efficient-capsnet")
    qtbot.waitUntil(lambda: pairs.answers.newest is not None, timeout=LOADING)
    assert canvas.ink == 0
    assert not pairs.panel.tools.second.isVisible()
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.ink == 0
    answer = pairs.answers.last
    assert answer is not None
    assert answer.digit.shape == (28, 28)
    assert answer.reading.second is None
    assert pairs.panel.its_a.isVisible()


def test_a_net_that_redraws_nothing_shows_the_drawing_alone_and_no_answer_of_another(
    qtbot: QtBot, pairs: MainWindow, draw: Draw
) -> None:
    view, bars = pairs.readout.pair, pairs.readout.bars
    draw(pairs.panel.canvas, digit(7))
    settle(qtbot, pairs)
    small = view.drawn.width()
    assert view.both.isVisible()
    pairs.use_model("multi-cnn")
    assert pairs.readout.headline.text() == "Loading the net …"
    assert bars.scores is None
    assert pairs.readout.why.text() == ""
    qtbot.waitUntil(lambda: pairs.answers.newest is not None, timeout=LOADING)
    assert bars.scores is not None
    assert view.drawn.width() > small
    assert not any(one.isVisible() for one in (view.both, *view.apart, view.first, view.as_read))
    pairs.use_model("multi-capsnet")
    qtbot.waitUntil(lambda: pairs.answers.newest is not None, timeout=LOADING)
    assert all(one.isVisible() for one in (view.both, *view.apart, view.first, view.as_read))


def test_another_pair_is_redrawn_when_it_is_asked_for(qtbot: QtBot, pairs: MainWindow, draw: Draw) -> None:
    canvas, view = pairs.panel.canvas, pairs.readout.pair
    both = two_inks(digit(0), digit(7))
    draw(canvas, both.of_ink(0))
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    draw(canvas, both.of_ink(1))
    settle(qtbot, pairs)
    answer = pairs.answers.last
    assert answer is not None
    assert answer.reading.parts is not None
    assert (view.first.currentIndex(), view.second.currentIndex()) == (0, 7)
    as_read = view.both.digit
    assert as_read == pytest.approx(in_inks(answer.reading))
    view.first.setCurrentIndex(4)
    view.first.activated.emit(4)
    qtbot.waitUntil(lambda: not view.redraw.awaited, timeout=SOON)
    assert view.both.digit is not None
    assert np.abs(view.both.digit - as_read).max() > 0.05
    assert view.as_read.isEnabled()
    qtbot.mouseClick(view.as_read, Qt.MouseButton.LeftButton)
    assert view.both.digit == pytest.approx(as_read)
    assert (view.first.currentIndex(), view.second.currentIndex()) == (0, 7)


def test_a_drawing_in_two_inks_is_saved_opened_and_kept_as_any_other(
    qtbot: QtBot, pairs: MainWindow, draw: Draw, tmp_path: Path
) -> None:
    from capsdraw.ink import strokes

    canvas = pairs.panel.canvas
    both = two_inks(digit(2), digit(5))
    draw(canvas, both.of_ink(0))
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    draw(canvas, both.of_ink(1))
    kept = canvas.sketch
    assert sketch_file.decoded(sketch_file.encoded(kept), "a").drawing.strokes == kept.drawing.strokes
    strokes.save(kept.drawing, tmp_path / "pair.json")
    canvas.clear()
    pairs.files.open(tmp_path / "pair.json")
    qtbot.waitUntil(lambda: bool(canvas.sketch), timeout=SOON)
    opened = canvas.sketch.drawing.strokes
    assert [stroke.ink for stroke in opened] == [stroke.ink for stroke in kept.drawing.strokes]


def test_test_digit_and_example_show_two(qtbot: QtBot, pairs: MainWindow) -> None:
    canvas = pairs.panel.canvas
    pairs.files.open_example()
    qtbot.waitUntil(lambda: bool(canvas.sketch), timeout=SOON)
    assert {stroke.ink for stroke in canvas.sketch.drawing.strokes} == {0, 1}
    canvas.clear()
    pairs.files.open_test_image()
    qtbot.waitUntil(lambda: bool(canvas.sketch), timeout=LOADING)
    settle(qtbot, pairs)
    picture = canvas.sketch.picture
    if picture is None:  # MNIST is not here: the app's own pen
        assert {stroke.ink for stroke in canvas.sketch.drawing.strokes} == {0, 1}
    else:
        assert picture.shape == (36, 36)
        assert pairs.answers.digit == pytest.approx(picture)


def test_each_ink_has_its_colour_and_both_together_are_light() -> None:
    parts = np.zeros((2, 1, 3), np.float32)
    parts[0, 0, :2], parts[1, 0, 1:] = 1, 1
    picture = coloured(parts)
    assert picture[0, 0] == pytest.approx(FIRST)
    assert picture[0, 2] == pytest.approx(SECOND)
    assert (picture[0, 1] >= np.maximum(FIRST, SECOND) - 1e-6).all()


def test_what_is_redrawn_goes_to_the_ink_that_it_fits() -> None:
    drawn = parts_from_drawing(two_inks(digit(1), digit(0)), 36)
    scores = np.zeros(10, np.float32)
    reading = Reading("m", NetKind.CAPSULE, 0, scores, None, None, None, 0.0, 1, drawn[::-1].copy(), drawn)
    assert reading.by_ink() == (1, 0)  # the first capsule redraws what is in the second ink
    assert in_inks(reading) == pytest.approx(coloured(drawn))
    unknown = Reading("m", NetKind.CAPSULE, 0, scores, None, None, None, 0.0, 1, drawn)
    assert unknown.by_ink() == (0, 1)


def test_an_eraser_leaves_inks_as_they_are() -> None:
    rubbed = Sketch(two_inks(digit(1), digit(0))).erased(np.array([[100.0, 200.0], [300.0, 200.0]]), 10)
    assert {stroke.ink for stroke in rubbed.drawing.strokes} == {0, 1}


def test_who_takes_a_wipe_back_goes_on_with_the_ink_of_before(qtbot: QtBot, pairs: MainWindow, draw: Draw) -> None:
    """The second digit's next stroke was one of the first's: wiping takes the first ink, and Undo left it at that."""
    canvas, both = pairs.panel.canvas, two_inks(digit(0), digit(7))
    draw(canvas, both.of_ink(0))
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    canvas.clear()
    assert canvas.ink == 0
    canvas.undo()
    assert canvas.ink == 1  # chosen, though nothing was drawn with it yet
    draw(canvas, both.of_ink(1))
    canvas.clear()
    canvas.undo()
    assert canvas.ink == 1
    canvas.undo()  # a stroke of the second digit, which is to be drawn again
    assert canvas.ink == 1
    canvas.clear()
    canvas.offer_inks(False)
    canvas.undo()
    assert canvas.ink == 0


def test_a_stroke_that_rubbed_all_away_and_is_given_up_leaves_the_ink(qtbot: QtBot, pairs: MainWindow) -> None:
    canvas = pairs.panel.canvas
    qtbot.keyClick(canvas, Qt.Key.Key_Space)
    middle, left = canvas.rect().center(), Qt.MouseButton.LeftButton
    qtbot.mouseClick(canvas, left, pos=middle)
    for end in (canvas.undo, lambda: qtbot.keyClick(canvas, Qt.Key.Key_Escape)):
        canvas.erasing = True
        canvas.set_pen_width(60)
        qtbot.mousePress(canvas, left, pos=middle)
        assert not canvas.sketch
        end()
        assert canvas.sketch
        assert canvas.ink == 1
        qtbot.mouseRelease(canvas, left, pos=middle)
    qtbot.mouseClick(canvas, left, pos=middle)
    assert not canvas.sketch
    assert canvas.ink == 0
