"""Sentences with links: laid out in any width, nothing lost, nothing beyond the edge."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.teach.lessons import lessons
from capsdraw.teach.linked import plain_words
from capsdraw.ui.teach.linked_text import LinkedText

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # of windows of their own


@pytest.mark.parametrize("width", [200, 320, 480])
def test_all_words_are_there_in_order_and_within(qtbot: QtBot, width: int) -> None:
    text = LinkedText("Explanation")
    qtbot.addWidget(text)
    for lesson in lessons():
        text.show_texts(lesson.sentences)
        text.resize(width, text.heightForWidth(width))
        pieces = text._pieces()
        said = "".join(piece.text for piece in pieces)
        assert said == "".join(plain_words(" ".join(lesson.sentences)).split())
        assert all(piece.place.right() <= width and piece.place.bottom() <= text.height() for piece in pieces)
        places = [(piece.place.top(), piece.place.left()) for piece in pieces]
        assert places == sorted(places)


def test_tab_goes_from_link_to_link_and_then_on(qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    layout = QVBoxLayout(around)
    first, second = LinkedText("first"), LinkedText("second")
    for text in (first, second):
        text.show_texts(["A [vote] and a [length]."])
        layout.addWidget(text)
    around.show()
    around.activateWindow()
    qtbot.waitUntil(around.isActiveWindow)
    first.setFocus(Qt.FocusReason.TabFocusReason)
    followed: list[str] = []
    for text in (first, second):
        text.followed.connect(followed.append)
    for _ in range(3):
        focused = around.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Return)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert followed == ["vote", "length", "vote"]
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(second, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert first.hasFocus()
    assert first.at == 1
