"""The timeline in the real window."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.read.tab import TIMELINE, ReadTab
from capsdraw.ui.read.timeline_face import TimelineFace

from ..conftest import SOON, Draw, digit, settle


@pytest.fixture
def face(window: MainWindow, qtbot: QtBot, draw: Draw) -> TimelineFace:
    """The face, turned to by mouse, with the timeline of a 7 that was drawn by mouse."""
    window.resize(1280, 800)
    tab = window.tabs.read
    qtbot.mouseClick(tab.faces[TIMELINE], Qt.MouseButton.LeftButton)
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(7))
    rest(qtbot, window)
    return tab.timeline


def rest(qtbot: QtBot, window: MainWindow) -> ReadTab:
    """Wait until what is drawn was read, and its timeline is shown."""
    settle(qtbot, window)
    tab = window.tabs.read

    def shown() -> bool:
        line = tab.timeline.timeline
        return line is not None and line.last.sketch is window.panel.canvas.sketch and not tab.asker.busy

    qtbot.waitUntil(shown, timeout=SOON)
    return tab
