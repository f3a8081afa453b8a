"""The picture of a net, in the real window: words and pictures have room, and what is gone is not scrolled to."""

import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from capsdraw.ui.inside.net_paint import LayerRow
from capsdraw.ui.inside.tab import HEAT, NET
from capsdraw.ui.main_window import MainWindow

from .conftest import Look


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800)])
def test_a_small_net_s_pictures_grow_as_far_as_its_words_have_room(
    window: MainWindow, look: Look, size: tuple[int, int]
) -> None:
    """In a window of 1,024 pixels pictures took all the width, and no layer of the MLP was called by a word."""
    window.resize(*size)
    picture = look("mlp", NET).net.picture
    assert picture.anatomy is not None
    assert picture.trace is not None
    for index, layer in enumerate(picture.anatomy.layers):
        line = LayerRow(layer, picture.row(index), picture.trace.layers[index], False, ())
        assert QFontMetrics(picture.font()).horizontalAdvance(layer.says) <= line.words.width(), layer.says


def test_a_net_that_was_chosen_while_another_face_was_open_is_scrolled_no_further_than_it_goes(
    qtbot: QtBot, look: Look
) -> None:
    tab = look("efficient-capsnet", NET)
    assert tab.net.verticalScrollBar().maximum() > 0
    look("mlp", HEAT)
    look("mlp", NET)
    qtbot.waitUntil(lambda: tab.net.verticalScrollBar().maximum() == 0)
