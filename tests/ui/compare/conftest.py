"""The Compare tab of the real window, its first curves drawn."""

import pytest
from pytestqt.qtbot import QtBot

from capsdraw.ui.compare.tab import CompareTab
from capsdraw.ui.main_window import MainWindow

LONG = 30_000
FIRST = ["efficient-capsnet", "keras-cnn"]


@pytest.fixture
def tab(window: MainWindow, qtbot: QtBot) -> CompareTab:
    """The Compare tab of the real window, the example read by both models and its curves drawn."""
    window.tabs.setCurrentWidget(window.compare)
    drawn(qtbot, window.compare, FIRST)
    return window.compare


def drawn(qtbot: QtBot, tab: CompareTab, names: list[str]) -> None:
    """Wait until each model has answered the newest questions."""

    def done() -> bool:
        read = all(column.bars.request >= tab._fresh_reads for column in tab.columns)
        return read and sorted(tab.curves) == sorted(names) and bool(tab.status.text().strip())

    qtbot.waitUntil(done, timeout=LONG)
