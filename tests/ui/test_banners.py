"""What is said over the window is as wide as the window from its first moment on."""

import pytest
from PySide6.QtWidgets import QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui.banners import Banners
from capsdraw.ui.drop_bar import DropBar
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.message_bar import MessageBar
from capsdraw.ui.mnist_bar import MnistBar


@pytest.mark.parametrize("name", ["mnist", "message"])
def test_a_bar_has_its_words_in_one_line_where_there_is_room(qtbot: QtBot, name: str) -> None:
    """They stood in a column of a letter each, until the window was resized."""
    window, content, jobs = QMainWindow(), QWidget(), Jobs()
    qtbot.addWidget(window)
    window.setCentralWidget(content)
    mnist, message = MnistBar(jobs), MessageBar()
    banners = Banners(content, content, message, DropBar(jobs), mnist)
    window.resize(1000, 600)
    window.show()
    if name == "mnist":
        mnist.offer()
        words, last = mnist.words, mnist.close_button
    else:
        message.say("cannot read 'seven.png': No such file or directory")
        words, last = message._label, message._label
    assert banners.isVisible()
    assert words.width() > 600
    assert words.geometry().height() < 3 * words.fontMetrics().height()
    assert last.geometry().right() > 850
