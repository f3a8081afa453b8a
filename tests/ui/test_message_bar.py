"""What went wrong is seen, and heard by those who do not see it."""

import pytest
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui.message_bar import MessageBar


def test_a_message_is_an_alert_and_its_cross_has_a_name(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    bar = MessageBar(view)
    told: list[tuple[object, QAccessible.Event]] = []

    def hear(event: QAccessibleEvent) -> None:
        told.append((event.object(), event.type()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    bar.say("cannot read 'x.png'")
    assert told == [(bar, QAccessible.Event.Alert)]
    assert bar.accessibleName() == bar.text == "cannot read 'x.png'"
    assert bar.findChild(QToolButton).accessibleName() == "Close this message"
