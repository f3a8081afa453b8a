"""The offer of the tour lies beside the answer alone, never over another view, and goes for good when it is closed."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.read.tab import ANSWER, TIMELINE
from capsdraw.ui.tab_bar import CAPSULE, READ


def test_it_is_in_sight_with_the_answer_alone(qtbot: QtBot, window: MainWindow) -> None:
    window.welcome()
    invitation, read = window.teaching.invitation, window.tabs.read
    assert invitation.isVisible()
    qtbot.mouseClick(read.faces[TIMELINE], Qt.MouseButton.LeftButton)
    assert not invitation.isVisible()
    window.tabs.setCurrentIndex(CAPSULE)
    assert not invitation.isVisible()
    window.tabs.setCurrentIndex(READ)
    assert not invitation.isVisible()
    qtbot.mouseClick(read.faces[ANSWER], Qt.MouseButton.LeftButton)
    assert invitation.isVisible()


@pytest.mark.parametrize("how", ["Not now", "Escape"])
def test_closed_it_does_not_come_again(qtbot: QtBot, window: MainWindow, how: str) -> None:
    window.welcome()
    invitation = window.teaching.invitation
    if how == "Escape":
        window.banners._escape.activated.emit()
    else:
        qtbot.mouseClick(invitation.later, Qt.MouseButton.LeftButton)
    assert not invitation.isVisible()
    for index in (CAPSULE, READ):
        window.tabs.setCurrentIndex(index)
        assert not invitation.isVisible()
