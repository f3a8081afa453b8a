"""The app as its users meet it: the real window, worker and model, driven by real events."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capsdraw.formatting import with_article
from capsdraw.ink.sketch import Sketch
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.rooms import Rooms
from capsdraw.ui.tab_bar import COMPARE
from capsdraw.ui.worker import Worker
from tests.first_minutes import rest

from .conftest import FIRST, SOON, Draw, digit, settle


def test_the_first_screen_is_alive(window: MainWindow, qtbot: QtBot) -> None:
    settle(qtbot, window)
    assert window.panel.canvas.sketch
    assert window.readout.bars.winner == 3
    assert window.readout.picture.digit is not None
    assert "It sees a 3" in window.readout.headline.text()


@pytest.mark.parametrize("model", ["efficient-capsnet", "keras-cnn"])
def test_digits_drawn_by_mouse_are_read(window: MainWindow, qtbot: QtBot, draw: Draw, model: str) -> None:
    window.use_model(model)
    for label in range(10):
        window.panel.canvas.clear()
        draw(window.panel.canvas, digit(label))
        settle(qtbot, window)
        assert window.readout.bars.winner == label
        assert (window.readout.picture.digit is None) == (model == "keras-cnn")


def test_the_bars_move_while_the_pen_is_down(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.panel.canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    for y in range(60, 320, 20):
        qtbot.mouseMove(canvas, QPoint(200, y))
    settle(qtbot, window)
    assert window.readout.bars.winner == 1
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 320))


def test_an_empty_canvas_answers_nothing(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.panel.tools.clear, Qt.MouseButton.LeftButton)
    assert window.readout.headline.text() == "Draw a digit"
    qtbot.wait(100)  # a stale answer would arrive now
    assert window.readout.bars.scores is None
    assert window.panel.glance.sees.digit is None


def test_a_stroke_over_the_example_begins_a_new_drawing(window: MainWindow, qtbot: QtBot, draw: Draw) -> None:
    draw(window.panel.canvas, digit(1))
    assert len(window.panel.canvas.sketch.drawing.strokes) == len(digit(1).strokes)
    for _ in digit(1).strokes:
        qtbot.mouseClick(window.panel.tools.undo, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert window.readout.bars.winner == 3  # the example is back


def test_all_that_works_is_told_to_stop_before_anything_is_waited_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fit would else go on for as long as the comparison takes to end."""
    window = MainWindow()
    qtbot.addWidget(window)
    stopped, seen = threading.Event(), []
    monkeypatch.setattr(window.train.fitter, "stop", stopped.set)
    worker: Worker[int] = Worker("compare", lambda _: seen.append(stopped.wait(3)))
    monkeypatch.setattr(window.compare.comparer, "_worker", worker)
    worker.put(1)
    worker.start()
    qtbot.wait(50)  # it is at work
    window.close()
    assert seen == [True]


def test_the_canvas_grows_with_the_window_and_is_square(window: MainWindow) -> None:
    canvas = window.panel.canvas
    for size, least in (((1024, 700), 330), ((1280, 800), 440), ((1440, 900), 500), ((2560, 1440), 900)):
        window.resize(*size)
        QApplication.processEvents()
        assert least <= canvas.height() <= canvas.width() < canvas.height() + 72
    assert window.panel.width() < window.width() / 2


def test_the_edge_between_drawing_and_views_is_the_users(window: MainWindow) -> None:
    before = window.panel.width()
    window.sides.step(1)
    QApplication.processEvents()
    assert window.panel.width() > before
    wide = window.panel.width()
    window.resize(1500, 900)
    QApplication.processEvents()
    assert window.panel.width() == wide
    window.reset_layout()
    QApplication.processEvents()
    assert window.panel.width() == before


def test_nothing_is_clipped_at_the_least_size(window: MainWindow) -> None:
    window.resize(1024, 700)
    assert (window.width(), window.height()) == (1024, 700)
    for widget in (window.panel.glance.sees, window.readout.picture, window.panel.tools, window.readout.bars):
        corner = widget.mapTo(window, widget.rect().bottomRight())
        assert corner.x() < 1024
        assert corner.y() < 700
        assert widget.width() >= widget.minimumSizeHint().width()


def test_a_good_drawing_after_a_bad_one_clears_the_message(window: MainWindow, qtbot: QtBot, draw: Draw) -> None:
    window.panel.canvas.show_sketch(Sketch(picture=np.full((40, 40), 0.05, np.float32)))
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "no ink" in window.message.text
    assert window.panel.glance.sees.digit is None
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(6))
    settle(qtbot, window)
    assert window.readout.bars.winner == 6
    assert not window.message.isVisible()


def test_damaged_settings_do_not_keep_the_app_from_starting(qtbot: QtBot, own_home: Path) -> None:
    (own_home / "settings.ini").write_text("[General]\ngeometry=nonsense\nmodel=gone\n")
    window = MainWindow()
    qtbot.addWidget(window)
    assert window.reader.model == "efficient-capsnet"
    assert window.close()


def test_a_data_folder_with_a_file_twice_keeps_the_app_from_nothing(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A second download lies beside the first: said where that data is wanted, and only there."""
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    (tmp_path / "fashion-mnist").mkdir()
    for name in ("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte (1).gz", "._train-images-idx3-ubyte.gz"):
        (tmp_path / "fashion-mnist" / name).touch()
    window: MainWindow = request.getfixturevalue("window")  # it opens now
    window.tabs.setCurrentWidget(window.evaluate)
    qtbot.waitUntil(window.evaluate.start.isEnabled, timeout=SOON)
    window.evaluate.data.put("fashion-mnist")
    qtbot.mouseClick(window.evaluate.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.message.isVisible, timeout=FIRST)
    assert "both 'train-images-idx3-ubyte (1).gz' and 'train-images-idx3-ubyte.gz'" in window.message.text


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("7", "a 7"),
        ("8", "an 8"),
        ("18", "an 18"),
        ("ankle boot", "an ankle boot"),
        ("shirt", "a shirt"),
        ("Q", "a Q"),
        ("S", "an S"),
        ("A", "an A"),
        ("U", "a U"),
        ("m", "an m"),
        ("x", "an x"),
    ],
)
def test_a_class_is_named_with_its_article(name: str, words: str) -> None:
    assert with_article(name) == words


def test_a_letter_typed_in_a_list_chooses_there_and_is_no_tools_key(qtbot: QtBot, window: MainWindow) -> None:
    """E is the eraser's key, and the first letter of Efficient-CapsNet."""
    window.picker.setFocus()
    qtbot.keyClick(window.picker, "K")
    assert window.picker.currentText().startswith("Keras CNN")
    qtbot.keyClick(window.picker, Qt.Key.Key_Home)
    qtbot.keyClick(window.picker, "E")
    assert not window.panel.canvas.erasing
    window.panel.canvas.setFocus()
    qtbot.keyClick(window.panel.canvas, "E")
    assert window.panel.canvas.erasing


def test_a_word_deleted_in_a_field_leaves_the_drawing(qtbot: QtBot, window: MainWindow) -> None:
    """Ctrl+Backspace is Clear's key, too."""
    drawn = window.panel.canvas.sketch
    control = Qt.KeyboardModifier.ControlModifier
    window.tabs.setCurrentWidget(window.train)
    window.train.form.details.setChecked(True)
    note = window.train.form.note
    note.setFocus()
    qtbot.keyClicks(note, "first try")
    qtbot.keyClick(note, Qt.Key.Key_Backspace, control)
    assert note.text() == "first "
    qtbot.keyClick(note, Qt.Key.Key_Home)
    qtbot.keyClick(note, Qt.Key.Key_Delete, control)
    assert note.text() == ""
    window.tabs.setCurrentWidget(window.lab)
    window.lab.turn(2)
    count = window.lab.routing.count
    count.setFocus()
    qtbot.keyClick(count, Qt.Key.Key_Backspace, control)
    assert window.panel.canvas.sketch is drawn
    window.panel.canvas.setFocus()
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_Backspace, control)
    assert not window.panel.canvas.sketch


def test_a_tab_that_cannot_be_made_is_tried_once_and_the_window_lives(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was tried again twenty times a second, and filled log and processor with it."""
    tries: list[Rooms] = []

    def fail(rooms: Rooms) -> None:
        tries.append(rooms)
        raise RuntimeError("no such tab")

    monkeypatch.setattr(Rooms, "_make_compare", fail)
    made = MainWindow()
    qtbot.addWidget(made)
    with qtbot.captureExceptions() as exceptions:
        with qtbot.waitSignal(made.reader.answered, timeout=FIRST):
            made.show()
        qtbot.waitUntil(lambda: bool(tries), timeout=FIRST)
        rest(1500)
    assert len(tries) == len(exceptions) == 1
    made.close()


def test_where_there_is_no_answer_no_view_keeps_an_older_one_and_clear_takes_the_reason_away(
    window: MainWindow, qtbot: QtBot
) -> None:
    """Compare went on showing the digit before; the message stood over an empty canvas."""
    window.tabs.setCurrentIndex(COMPARE)
    window.panel.canvas.show_sketch(Sketch(digit(4)))
    settle(qtbot, window)
    qtbot.waitUntil(lambda: any(column.reading for column in window.compare.columns), timeout=FIRST)
    window.panel.canvas.show_sketch(Sketch(picture=np.zeros((20, 20), np.float32)))
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert window.compare.headline.text() == "No answer"
    assert not any(column.reading for column in window.compare.columns)
    window.panel.canvas.clear()
    assert not window.message.isVisible()
    assert window.compare.headline.text() != "No answer"


def test_all_of_the_screen_and_back_is_what_it_was(window: MainWindow) -> None:
    window.setWindowState(Qt.WindowState.WindowMaximized)
    window.toggle_full_screen()
    assert window.isFullScreen()
    window.toggle_full_screen()
    assert window.windowState() == Qt.WindowState.WindowMaximized
