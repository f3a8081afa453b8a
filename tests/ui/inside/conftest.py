"""The tab "Inside" of the real window, and clicks on it."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.ui.inside.tab import InsideTab
from capsdraw.ui.main_window import MainWindow

LONG = 60_000

Look = Callable[[str, int], InsideTab]


@pytest.fixture
def look(window: MainWindow, qtbot: QtBot) -> Look:
    """Opens a face with a model, and waits until all is answered."""

    def open_face(model: str, face: int) -> InsideTab:
        tab = window.inside
        if window.reader.model != model:
            window.use_model(model)
        window.tabs.setCurrentWidget(tab)
        qtbot.waitUntil(lambda: tab.anatomy is not None, timeout=LONG)
        qtbot.mouseClick(tab.faces[face], Qt.MouseButton.LeftButton)
        rest(qtbot, window)
        return tab

    return open_face


def rest(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the drawing was read, and the newest questions about it were answered."""
    qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=LONG)
    qtbot.waitUntil(lambda: not window.inside.busy, timeout=LONG)


def require_room_for_all_faces(qtbot: QtBot, window: MainWindow) -> None:
    """No face of the tab is clipped, or makes the window larger than its least size."""
    tab = window.inside
    for face in tab.faces:
        qtbot.mouseClick(face, Qt.MouseButton.LeftButton)
        rest(qtbot, window)
        least = tab.minimumSizeHint()
        assert least.width() <= tab.width()
        assert least.height() <= tab.height()
    assert window.size() == window.minimumSize()
