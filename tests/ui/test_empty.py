"""A picture that is still to come is a quiet outline with words, in the light and in the dark: no black square."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui import theme
from capsdraw.ui.coupling_map import CouplingMap
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.overlay import HeatPicture

from .test_theme import contrast


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def colours(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[theme.Theme]:
    theme.apply(qapp, request.param)
    yield theme.DARK if request.param else theme.LIGHT
    theme.apply(qapp, False)


def digit_view() -> DigitView:
    view = DigitView("Redrawn", 6)
    view.set_empty("What the decoder draws")
    return view


@pytest.mark.parametrize("make", [digit_view, HeatPicture, CouplingMap])
def test_what_is_still_to_come_is_an_outline_with_words(
    qtbot: QtBot, colours: theme.Theme, make: Callable[[], QWidget]
) -> None:
    view = make()
    qtbot.addWidget(view)
    view.resize(240, 240)
    picture = view.grab().toImage()
    seen = [picture.pixelColor(x, y) for x in range(240) for y in range(240)]
    ground = sum(colour == colours.window for colour in seen)
    assert ground > 0.8 * len(seen)
    inside = [picture.pixelColor(x, y) for x in range(40, 200) for y in range(60, 180)]
    assert max(contrast(colour, colours.window) for colour in inside) > 3  # words
    assert max(contrast(picture.pixelColor(x, 0), colours.window) for x in range(240)) > 1.25  # the outline


def test_words_that_have_no_room_are_left_out_and_a_digit_takes_their_place(qtbot: QtBot) -> None:
    view = DigitView("Redrawn", 2)
    qtbot.addWidget(view)
    view.resize(56, 56)
    view.set_empty("There is by far too little room for so many words as stand here")
    picture = view.grab().toImage()
    assert {picture.pixelColor(x, y).name() for x in range(6, 50) for y in range(6, 50)} == {theme.LIGHT.window.name()}
    view.show_digit(np.zeros((28, 28), np.float32))
    assert view.grab().toImage().pixelColor(20, 20) == QColor("black")
