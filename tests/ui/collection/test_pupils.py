"""For a class of pupils: each class as often as the others; what is written is kept under the writer's name."""

import itertools
import random

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from capsdraw.collection.database import Collection
from capsdraw.errors import CapsDrawError
from capsdraw.ink.sketch import Sketch
from capsdraw.ui.collection.prompter import Prompter
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import COLLECTION
from tests.ui.conftest import SOON, Draw, digit

LEFT = Qt.MouseButton.LeftButton


def kept() -> list[tuple[str, str]]:
    with Collection() as collection:
        return [(item.label, item.writer) for item in collection.items()]


@pytest.mark.parametrize("seed", range(5))
def test_each_class_comes_as_often_as_the_others_and_none_twice_in_a_row(seed: int) -> None:
    prompter = Prompter("0123456789", {"3": 2}, random.Random(seed))
    asked = []
    for _ in range(48):
        asked.append(prompter.now)
        prompter.written()
    assert all(first != second for first, second in itertools.pairwise(asked))
    assert max(prompter.counts.values()) - min(prompter.counts.values()) <= 1
    assert asked[:9] != sorted(asked[:9])


def test_what_is_skipped_comes_again_and_what_is_taken_back_at_once() -> None:
    prompter = Prompter("AB", {}, random.Random(1))
    first = prompter.now
    prompter.skip()
    assert prompter.now != first
    prompter.skip()
    assert prompter.now == first
    prompter.written()
    prompter.take_back(first)
    assert prompter.now == first
    assert prompter.counts == {"A": 0, "B": 0}
    alone = Prompter(["only"], {})
    alone.skip()
    alone.written()
    assert alone.now == "only"


def test_two_pupils_write_one_after_the_other(qtbot: QtBot, window: MainWindow, draw: Draw) -> None:
    window.tabs.setCurrentIndex(COLLECTION)
    window.collection.turn(1)
    pupils, canvas = window.collection.pupils, window.panel.canvas
    qtbot.keyClicks(pupils.writer, "Nora")
    qtbot.mouseClick(pupils.begin, LEFT)
    qtbot.waitUntil(lambda: pupils.running, timeout=SOON)
    assert not canvas.sketch
    asked = []
    # By Enter, by the space bar, by the button.
    for number, key in enumerate((Qt.Key.Key_Return, Qt.Key.Key_Space, None)):
        asked.append(pupils.asked)
        assert pupils.word.text == pupils.asked
        draw(canvas, digit(int(pupils.asked)))
        if key is None:
            qtbot.mouseClick(pupils.keep, LEFT)
        else:
            qtbot.keyClick(canvas, key)
        qtbot.waitUntil(lambda: not canvas.sketch, timeout=SOON)
        assert kept() == [(label, "Nora") for label in asked[: number + 1]]
    assert sum(pupils.strip.counts.values()) == 3
    qtbot.mouseClick(pupils.back, LEFT)
    qtbot.waitUntil(lambda: len(kept()) == 2, timeout=SOON)
    qtbot.waitUntil(lambda: pupils.asked == asked[2], timeout=SOON)
    # The next pupil begins with nothing written.
    qtbot.mouseClick(pupils.writer, LEFT)
    pupils.writer.selectAll()
    qtbot.keyClicks(pupils.writer, "Ali")
    qtbot.keyClick(pupils.writer, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not pupils.back.isEnabled(), timeout=SOON)
    assert sum(pupils.strip.counts.values()) == 0
    draw(canvas, digit(int(pupils.asked), 3))
    qtbot.keyClick(canvas, Qt.Key.Key_Enter)
    qtbot.waitUntil(lambda: len(kept()) == 3, timeout=SOON)
    assert kept()[-1][1] == "Ali"
    # And Nora's count is known when she is back.
    qtbot.mouseClick(pupils.writer, LEFT)
    pupils.writer.selectAll()
    qtbot.keyClicks(pupils.writer, "Nora")
    qtbot.keyClick(pupils.writer, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sum(pupils.strip.counts.values()) == 2, timeout=SOON)


def test_an_empty_canvas_is_not_kept_and_the_row_rests_meanwhile(qtbot: QtBot, window: MainWindow) -> None:
    window.tabs.setCurrentIndex(COLLECTION)
    window.collection.turn(1)
    pupils, canvas = window.collection.pupils, window.panel.canvas
    qtbot.mouseClick(pupils.begin, LEFT)
    qtbot.waitUntil(lambda: pupils.running, timeout=SOON)
    asked = pupils.asked
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert "empty" in pupils.status.text()
    assert pupils.asked == asked
    canvas.show_sketch(Sketch(digit(4)))
    assert not window.panel.its_a.buttons[4].isEnabled()
    qtbot.mouseClick(pupils.skip, LEFT)
    assert pupils.asked != asked
    # Elsewhere nobody is prompted: Enter is nothing special, and the row is there again.
    window.tabs.setCurrentIndex(0)
    assert window.panel.its_a.buttons[4].isEnabled()
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.sketch
    window.tabs.setCurrentIndex(COLLECTION)
    qtbot.mouseClick(pupils.stop, LEFT)
    assert not pupils.running
    assert window.panel.its_a.buttons[4].isEnabled()


def test_who_types_a_name_and_draws_at_once_writes_what_was_shown(qtbot: QtBot, window: MainWindow) -> None:
    window.tabs.setCurrentIndex(COLLECTION)
    window.collection.turn(1)
    pupils, canvas = window.collection.pupils, window.panel.canvas
    qtbot.keyClicks(pupils.writer, "Nora")
    qtbot.mouseClick(pupils.begin, LEFT)
    qtbot.waitUntil(lambda: pupils.running, timeout=SOON)
    first = pupils.asked
    pupils.writer.setFocus()
    pupils.writer.selectAll()
    qtbot.keyClicks(pupils.writer, "Ali")
    # The pen comes down before the collection has told what Ali has written.
    qtbot.mousePress(canvas, LEFT, pos=QPoint(60, 60))
    qtbot.waitUntil(lambda: pupils._who.text().startswith("Ali"), timeout=SOON)
    for step in range(10):
        qtbot.mouseMove(canvas, QPoint(60 + 10 * step, 60 + 12 * step))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(160, 180))
    assert len(canvas.sketch.drawing.strokes) == 1
    assert pupils.asked == first
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: kept() == [(first, "Ali")], timeout=SOON)


def test_what_could_not_be_taken_out_can_be_later(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.tabs.setCurrentIndex(COLLECTION)
    window.collection.turn(1)
    pupils, canvas = window.collection.pupils, window.panel.canvas
    qtbot.mouseClick(pupils.begin, LEFT)
    qtbot.waitUntil(lambda: pupils.running, timeout=SOON)
    canvas.show_sketch(Sketch(digit(4)))
    qtbot.mouseClick(pupils.keep, LEFT)
    qtbot.waitUntil(pupils.back.isEnabled, timeout=SOON)

    def full(*_: object) -> None:
        raise CapsDrawError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "remove", full)
        qtbot.mouseClick(pupils.back, LEFT)
        qtbot.waitUntil(window.message.isVisible, timeout=SOON)
        assert len(kept()) == 1
    qtbot.mouseClick(pupils.back, LEFT)
    qtbot.waitUntil(lambda: not kept(), timeout=SOON)


def test_a_long_name_cuts_off_nothing_of_what_is_asked(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1024, 700)
    window.tabs.setCurrentIndex(COLLECTION)
    window.collection.turn(1)
    pupils = window.collection.pupils
    pupils.writer.setText("Ada " * 20)
    qtbot.mouseClick(pupils.begin, LEFT)
    qtbot.waitUntil(lambda: pupils._who.text().endswith("Please write:"), timeout=SOON)
    assert pupils._who.fontMetrics().horizontalAdvance(pupils._who.text()) < pupils._who.width()


def test_a_drawing_that_undo_has_brought_back_stays_what_it_was(qtbot: QtBot, window: MainWindow) -> None:
    window.tabs.setCurrentIndex(COLLECTION)
    window.collection.turn(1)
    pupils, canvas = window.collection.pupils, window.panel.canvas
    qtbot.mouseClick(pupils.begin, LEFT)
    qtbot.waitUntil(lambda: pupils.running, timeout=SOON)
    first = pupils.asked
    canvas.show_sketch(Sketch(digit(4)))
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pupils.asked != first, timeout=SOON)
    second = pupils.asked
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert canvas.sketch
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "kept already" in pupils.status.text(), timeout=SOON)
    assert kept() == [(first, "")]
    assert pupils.asked == second
    canvas.show_sketch(Sketch(digit(5)))
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: kept() == [(first, ""), (second, "")], timeout=SOON)
