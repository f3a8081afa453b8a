"""The Qt binding itself, where a release of it was broken."""

import sys

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


def test_qt_calls_keep_the_count_of_none(qtbot: QtBot) -> None:
    """PySide6 6.12.0 lost a reference with each call; Python 3.11 aborted after a minute of drawing."""
    widget = QWidget()
    qtbot.addWidget(widget)
    before = sys.getrefcount(None)
    for _ in range(1000):
        widget.update()
    assert abs(sys.getrefcount(None) - before) < 100
