"""Menus, the one choice of a model, and what they lead to."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from capsdraw.ui import theme
from capsdraw.ui.lines_dialog import LinesDialog
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import TITLES

from .conftest import SOON, digit, settle

CTRL = Qt.KeyboardModifier.ControlModifier


def entry(menu: QMenu, words: str) -> QAction:
    return next(action for action in menu.actions() if action.text().replace("&", "") == words)


def test_every_menu_has_what_a_desktop_expects(window: MainWindow) -> None:
    menus = window.commands.menus
    words = {
        menu.title(): [action.text().replace("&", "") for action in menu.actions()]
        for menu in (menus.file, menus.edit, menus.view, menus.help)
    }
    assert {"Open …", "Open Recent", "Save …", "Export Picture …", "Quit"} <= set(words["&File"])
    assert {"Undo", "Redo", "Copy Drawing", "Paste", "Clear"} <= set(words["&Edit"])
    assert {*TITLES, "Theme", "Full Screen", "Reset Layout", "Wider Drawing"} <= set(words["&View"])
    assert {"Explain This View", "Tour", "Glossary", "Shortcuts", "About CapsDraw"} <= set(words["&Help"])
    keys = [action.shortcut().toString() for action in menus.actions if not action.shortcut().isEmpty()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("index", range(len(TITLES)))
def test_tabs_have_numbers(qtbot: QtBot, window: MainWindow, index: int) -> None:
    qtbot.keyClick(window.panel.canvas, Qt.Key(Qt.Key.Key_1 + index), CTRL)
    assert window.tabs.currentIndex() == index


def test_models_are_grouped_and_the_menu_has_the_same_choice(
    qtbot: QtBot, window: MainWindow, colour_model: cards.Card
) -> None:
    window._take_model(colour_model)
    headings = [window.picker.itemText(row) for row in range(window.picker.count()) if not window.picker.itemData(row)]
    assert headings == ["Capsule nets", "Classifiers", "Two digits at once", "Photographs", "Yours"]
    assert window.picker.names[-1] == colour_model.name
    menu = window.commands.menus.model
    menu.aboutToShow.emit()
    offered = [action for action in menu.actions() if not action.isSeparator() and action.isCheckable()]
    assert menu.actions()[-1].text() == "E&xport Model …"
    assert len(offered) == len(window.picker.names)
    assert [action.text() for action in offered if action.isChecked()] == ["Photographs"]
    next(action for action in offered if action.text().startswith("MLP")).trigger()
    assert window.picker.currentData() == "mlp"
    settle(qtbot, window)
    assert window.panel.glance.headline.text().startswith("MLP sees ")


def test_a_drawing_is_copied_as_a_picture_and_pasted_again(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(qtbot, window)
    clipboard, main = QGuiApplication.clipboard(), threading.main_thread()
    clipboard.clear()
    drawn_by: list[bool] = []
    plain = Sketch.render

    def render(sketch: Sketch) -> Raster:
        drawn_by.append(threading.current_thread() is main)
        return plain(sketch)

    monkeypatch.setattr(Sketch, "render", render)
    entry(window.commands.menus.edit, "Copy Drawing").trigger()
    qtbot.waitUntil(lambda: clipboard.image().width() == 392, timeout=SOON)
    assert clipboard.image().height() == 392
    assert drawn_by == [False]  # a scribble of thousands of points would hold the window for a second
    entry(window.commands.menus.edit, "Paste").trigger()
    qtbot.waitUntil(lambda: window.panel.canvas.sketch.picture is not None, timeout=SOON)
    settle(qtbot, window)
    assert window.readout.bars.winner == 3
    window.panel.canvas.clear()
    entry(window.commands.menus.edit, "Copy Drawing").trigger()
    assert window.message.isVisible()


def test_what_was_opened_is_offered_again(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    recent = window.commands.menus.recent
    recent.aboutToShow.emit()
    assert [action.text() for action in recent.actions()] == ["Nothing was opened yet"]
    Image.fromarray(np.pad(np.zeros((60, 12), np.uint8), 40, constant_values=255)).save(tmp_path / "one & only.png")
    window.files.open(tmp_path / "one & only.png")
    qtbot.waitUntil(lambda: bool(window.files.recent), timeout=SOON)
    window.panel.canvas.clear()
    recent.aboutToShow.emit()
    assert recent.actions()[0].text() == "one && only.png"
    recent.actions()[0].trigger()
    qtbot.waitUntil(lambda: window.panel.canvas.sketch.picture is not None, timeout=SOON)
    recent.actions()[-1].trigger()
    assert window.files.recent == []


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_about_tells_versions_and_copies_them(qtbot: QtBot, window: MainWindow) -> None:
    entry(window.commands.menus.help, "About CapsDraw").trigger()
    dialog = next(one for one in window.findChildren(LinesDialog) if one.isVisible())
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    said = QGuiApplication.clipboard().text()
    assert "CapsDraw: 0." in said
    assert "numpy: " in said
    dialog.reject()
    entry(window.commands.menus.help, "Shortcuts").trigger()
    dialog = next(one for one in window.findChildren(LinesDialog) if one.isVisible())
    assert ("Ctrl+O", "Open …") in dialog._lines
    # Those that no menu has, too: how else would one learn of them?
    keys = [keys for keys, _ in dialog._lines]
    assert {"Space", "Enter, Space", "Delete, Ctrl+Z"} <= set(keys)
    dialog.reject()


def test_the_theme_is_chosen(qtbot: QtBot, window: MainWindow) -> None:
    dark = entry(window.commands.menus.theme, "Dark")
    dark.trigger()
    qtbot.waitUntil(lambda: theme.of(window) is theme.DARK, timeout=SOON)
    assert dark.isChecked()
    entry(window.commands.menus.theme, "Light").trigger()
    qtbot.waitUntil(lambda: theme.of(window) is theme.LIGHT, timeout=SOON)
    assert not dark.isChecked()
    entry(window.commands.menus.theme, "As the system").trigger()


def test_the_answer_stands_beneath_the_canvas_on_every_tab(qtbot: QtBot, window: MainWindow) -> None:
    from capsdraw.ink.sketch import Sketch

    for index in range(len(TITLES)):
        window.tabs.setCurrentIndex(index)
        for label in (4, 7):
            window.panel.canvas.show_sketch(Sketch(digit(label)))
            settle(qtbot, window)
            assert f"sees a {label} · " in window.panel.glance.headline.text()
            assert window.panel.glance.bars.winner == label
            assert window.panel.glance.isVisible()
    window.panel.canvas.clear()
    assert window.panel.glance.headline.text() == "Draw a digit"
    assert window.panel.glance.bars.scores is None


@pytest.mark.parametrize(
    ("button", "words"), [("A letter", "no digit it knows"), ("42", "sees 4 2"), ("A scribble", "no digit")]
)
def test_nonsense_is_doubted(qtbot: QtBot, window: MainWindow, button: str, words: str) -> None:
    action = next(action for action in window.commands.toolbar.actions() if action.text() == button)
    action.trigger()
    qtbot.waitUntil(lambda: words in window.panel.glance.headline.text(), timeout=SOON)
    assert "·" not in window.panel.glance.headline.text()
    assert window.panel.glance.bars.winner is None


def test_the_frame_of_the_focus_comes_with_tab_alone(qtbot: QtBot, window: MainWindow) -> None:
    window.panel.canvas.setFocus()
    assert window._ring.framed is None
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_Tab)
    focused = QApplication.focusWidget()
    assert window._ring.framed is focused
    assert window._ring.isVisible()
    assert focused is not None
    assert window._ring.geometry().contains(focused.mapTo(window, focused.rect().center()))
    qtbot.mouseClick(window.panel.canvas, Qt.MouseButton.LeftButton)
    assert window._ring.framed is None


def test_a_click_that_hides_what_had_the_focus_frames_nothing(qtbot: QtBot, window: MainWindow) -> None:
    """Qt moves the focus on as if by Tab: after "Not now" a frame lay around Open."""
    window.welcome()
    later = window.teaching.invitation.later
    later.setFocus()
    qtbot.mouseClick(later, Qt.MouseButton.LeftButton)
    assert not later.isVisible()
    assert window._ring.framed is None
