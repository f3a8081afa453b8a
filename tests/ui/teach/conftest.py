"""The real window, explained: its parts as the tour and the explanations use them."""

import pytest
from pytestqt.qtbot import QtBot

from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.teach.teacher import Teacher

from ..conftest import FIRST


@pytest.fixture
def teacher(window: MainWindow) -> Teacher:
    for index in range(window.tabs.count()):
        window.tabs.view(index)
    return window.teaching.teacher


def rest(qtbot: QtBot, window: MainWindow) -> None:
    """Wait for what the faces that were turned to have asked: TensorFlow may be in the middle of its import."""
    qtbot.waitUntil(lambda: not window.lab.busy and not window.inside.busy, timeout=FIRST)
