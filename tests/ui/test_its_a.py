"""What the user says a drawing is, is kept by one click or one key, can be taken back, and survives anything after."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from capsdraw.collection.database import Collection
from capsdraw.errors import CapsDrawError
from capsdraw.ink.sketch import Sketch
from capsdraw.ui.its_a import ItsA, keys_of
from capsdraw.ui.main_window import MainWindow

from .conftest import SOON, digit, settle

LEFT = Qt.MouseButton.LeftButton
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def put(qtbot: QtBot, window: MainWindow, label: int, seed: int = 0) -> Sketch:
    sketch = Sketch(digit(label, seed))
    window.panel.canvas.show_sketch(sketch)
    settle(qtbot, window)
    return sketch


def kept() -> list[tuple[str, str]]:
    """Label, and what the first model said, of each kept drawing; the oldest first."""
    with Collection() as collection:
        return [(item.label, item.answers[0].label if item.answers else "") for item in collection.items()]


def words(window: MainWindow) -> str:
    return window.panel.its_a.words.text()


def test_one_click_keeps_a_drawing_with_its_strokes_and_what_the_model_said(qtbot: QtBot, window: MainWindow) -> None:
    sketch, row = put(qtbot, window, 4), window.panel.its_a
    qtbot.mouseClick(row.buttons[7], LEFT)
    qtbot.waitUntil(lambda: words(window).startswith("Kept as a 7"), timeout=SOON)
    assert row.buttons[7].isChecked()
    assert row.undo.isVisible()
    with Collection() as collection:
        (item,) = collection.items()
    assert item.label == "7"
    for drawn, stroke in zip(sketch.drawing.strokes, item.sketch.drawing.strokes, strict=True):
        assert np.array_equal(drawn.points, stroke.points)
    said = next(answer for answer in item.answers if answer.model == window.reader.model)
    assert (said.label, said.sha256) == ("4", window.models.readers[said.model].sha256)
    assert 0.5 < said.score <= 1


def test_a_key_keeps_it_and_undo_takes_it_out_again(qtbot: QtBot, window: MainWindow) -> None:
    put(qtbot, window, 4)
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: words(window).startswith("Kept as a 4"), timeout=SOON)
    assert [label for label, _ in kept()] == ["4"]
    # Said otherwise: the same drawing, another class; undo leads back to the first.
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_9)
    qtbot.waitUntil(lambda: words(window).startswith("Kept as a 9"), timeout=SOON)
    assert [label for label, _ in kept()] == ["9"]
    qtbot.mouseClick(window.panel.its_a.undo, LEFT)
    qtbot.waitUntil(lambda: words(window) == "Kept as a 4 again", timeout=SOON)
    assert [label for label, _ in kept()] == ["4"]
    put(qtbot, window, 5)
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_5)
    qtbot.waitUntil(lambda: words(window).startswith("Kept as a 5"), timeout=SOON)
    qtbot.mouseClick(window.panel.its_a.undo, LEFT)
    qtbot.waitUntil(lambda: not window.panel.its_a.buttons[5].isChecked(), timeout=SOON)
    assert [label for label, _ in kept()] == ["4"]


def test_what_is_kept_already_says_so_when_it_is_seen_again(qtbot: QtBot, window: MainWindow) -> None:
    sketch = put(qtbot, window, 4)
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_4)
    qtbot.waitUntil(lambda: words(window).startswith("Kept as a 4"), timeout=SOON)
    put(qtbot, window, 5)
    assert not any(class_button.isChecked() for class_button in window.panel.its_a.buttons)
    window.panel.canvas.show_sketch(sketch)
    qtbot.waitUntil(lambda: window.panel.its_a.buttons[4].isChecked(), timeout=SOON)
    # Another window takes it out.
    window.tabs.setCurrentIndex(6)
    with Collection() as collection:
        collection.remove([entry.id for entry in collection.entries()])
    qtbot.waitUntil(lambda: not window.panel.its_a.buttons[4].isChecked(), timeout=SOON)


def test_nothing_is_said_of_an_empty_canvas_nor_by_figures_that_are_typed(qtbot: QtBot, window: MainWindow) -> None:
    window.panel.canvas.clear()
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_4)
    assert not window.panel.its_a.buttons[4].isEnabled()
    put(qtbot, window, 4)
    window.tabs.setCurrentIndex(6)
    window.collection.turn(1)
    writer = window.collection.pupils.writer
    writer.setFocus()
    qtbot.keyClicks(writer, "4b")
    assert writer.text() == "4b"
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_7)
    qtbot.waitUntil(lambda: words(window).startswith("Kept as a 7"), timeout=SOON)
    assert [label for label, _ in kept()] == ["7"]


def test_a_collection_that_cannot_be_opened_is_one_line_and_nothing_else(
    qtbot: QtBot, window: MainWindow, own_home: Path
) -> None:
    (own_home / "collection.sqlite").write_bytes(b"this is no collection" * 100)
    put(qtbot, window, 4)
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_4)
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "collection.sqlite" in window.message.text
    assert "\n" not in window.message.text
    put(qtbot, window, 5)
    assert window.panel.glance.bars.winner == 5


def test_many_classes_have_a_menu_and_what_the_net_sees(qtbot: QtBot) -> None:
    row = ItsA()
    qtbot.addWidget(row)
    said: list[str] = []
    row.said.connect(said.append)
    row.describe(LETTERS)
    row.show_drawing()
    row.see("Q")
    assert row.buttons[0].text() == "Q"
    row.buttons[0].click()
    menu = row.another.menu()
    menu.aboutToShow.emit()
    assert tuple(action.text() for action in menu.actions()) == LETTERS
    menu.actions()[2].trigger()
    assert said == ["Q", "C"]
    # Ten digits again.
    row.describe(tuple("0123456789"))
    row.show_drawing()
    row.buttons[3].click()
    assert said[-1] == "3"


def test_an_explanation_closes_though_the_button_that_had_the_focus_is_gone(qtbot: QtBot, window: MainWindow) -> None:
    row, teacher = window.panel.its_a, window.teaching.teacher
    row.buttons[0].setFocus()
    teacher.explain()
    qtbot.waitUntil(teacher.panel.isVisible, timeout=SOON)
    row.describe(LETTERS)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    teacher.panel.close_button.setFocus()
    qtbot.mouseClick(teacher.panel.close_button, LEFT)
    assert not teacher.panel.isVisible()


def test_the_focus_goes_on_from_a_button_whose_class_is_gone(qtbot: QtBot, window: MainWindow) -> None:
    """It went with the button, and the frame around that was an error."""
    put(qtbot, window, 4)
    row, ring = window.panel.its_a, window._ring
    for names, taker in ((LETTERS, lambda: row.another), (tuple("0123456789"), lambda: row.buttons[0])):
        before = next(one for one in (*row.buttons, row.another) if one.isVisible() and one.isEnabled())
        with ring.following():
            window.panel.canvas.setFocus()
            before.setFocus()
        assert ring.framed is before
        row.describe(names)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert QApplication.focusWidget() is taker()
    row.show_empty()  # nothing can be said: whatever comes next in the window has it
    row.buttons[0].setEnabled(True)
    row.buttons[0].setFocus()
    row.describe(tuple("xyz"))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.isVisible()


def test_the_frame_goes_with_what_it_is_around(window: MainWindow) -> None:
    button = QToolButton(window)
    button.show()
    with window._ring.following():
        button.setFocus()
    assert window._ring.framed is button
    shiboken6.delete(button)
    assert window._ring.framed is None
    assert not window._ring.isVisible()


def test_letters_have_keys_that_are_no_tool_s() -> None:
    keys = keys_of(LETTERS)
    assert keys["A"] == "A"
    assert (keys["P"], keys["E"]) == ("Shift+P", "Shift+E")
    assert len(set(keys.values())) == len(keys) == 26
    both = keys_of(("a", "A", "p", "P", "7", "ankle boot"))
    assert both == {"a": "A", "A": "Shift+A", "p": "Shift+P", "7": "7"}


def test_the_window_does_not_wait_for_sqlite() -> None:
    code = (
        "import sys\nfrom PySide6.QtWidgets import QApplication; a = QApplication([])\n"
        "from capsdraw.ui.main_window import MainWindow; w = MainWindow(); w.grab(); w.tabs.view(6)\n"
        "assert 'sqlite3' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


_CHILD = """
import sys
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QToolButton
application = QApplication([])
from capsdraw.ui.main_window import MainWindow
window = MainWindow()
window.show()
row, loop, look = window.panel.its_a, QEventLoop(), QTimer()
asked = []

def step():
    if not asked and window.answers.newest is not None:
        asked.append(row.buttons[3].click())
    if row.words.text().startswith("Kept as a 3"):
        print("kept", flush=True)
        look.stop()

look.timeout.connect(step)
look.start(1)
loop.exec()
"""


@pytest.mark.slow
def test_what_was_said_to_be_kept_survives_a_kill(own_home: Path) -> None:
    environment = {**os.environ, "CAPSDRAW_HOME": str(own_home)}
    with subprocess.Popen([sys.executable, "-c", _CHILD], stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == b"kept\n"
        finally:
            child.kill()
    assert [label for label, _ in kept()] == ["3"]


@pytest.mark.slow
def test_small_models_of_the_same_classes_are_asked_behind_it(qtbot: QtBot, window: MainWindow) -> None:
    put(qtbot, window, 4)
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_4)

    def asked() -> bool:
        with Collection() as collection:
            return any({"mlp", "keras-cnn", window.reader.model} <= {said.model for said in item.answers}
                       for item in collection.items())  # fmt: skip

    loop, look = QEventLoop(), QTimer()
    look.timeout.connect(lambda: loop.quit() if asked() else None)
    look.start(200)
    QTimer.singleShot(60_000, loop.quit)
    loop.exec()
    assert asked()


def test_the_same_said_twice_is_taken_back_at_once(qtbot: QtBot, window: MainWindow) -> None:
    put(qtbot, window, 4)
    row = window.panel.its_a
    for _ in range(2):  # a double click
        qtbot.mouseClick(row.buttons[7], LEFT)
    qtbot.waitUntil(lambda: words(window).startswith("Kept as a 7"), timeout=SOON)
    window.drawings.ask(lambda _: None, lambda _: None, "both are done")
    qtbot.wait(300)
    assert row.undo.isVisible()
    qtbot.mouseClick(row.undo, LEFT)
    qtbot.waitUntil(lambda: not kept(), timeout=SOON)
    assert not any(action.autoRepeat() for action in row.actions())


def test_what_could_not_be_taken_back_can_be_later(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(qtbot, window, 4)
    row = window.panel.its_a
    qtbot.mouseClick(row.buttons[4], LEFT)
    qtbot.waitUntil(row.undo.isVisible, timeout=SOON)

    def full(*_: object) -> None:
        raise CapsDrawError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "remove", full)
        qtbot.mouseClick(row.undo, LEFT)
        qtbot.waitUntil(window.message.isVisible, timeout=SOON)
        assert len(kept()) == 1
    assert row.undo.isVisible()
    qtbot.mouseClick(row.undo, LEFT)
    qtbot.waitUntil(lambda: not kept(), timeout=SOON)
