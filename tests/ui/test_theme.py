"""What can be ticked is seen in the dark, too."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui import theme


def contrast(one: QColor, other: QColor) -> float:
    """As the Web Content Accessibility Guidelines reckon it: from 1 to 21."""

    def light(colour: QColor) -> float:
        parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def dark(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, True)
    yield
    theme.apply(qapp, False)


@pytest.mark.usefixtures("dark")
def test_an_empty_box_and_a_disabled_button_stand_out_in_the_dark(qtbot: QtBot) -> None:
    view, box = QWidget(), QCheckBox("tick")
    qtbot.addWidget(view)
    QVBoxLayout(view).addWidget(box)
    picture, ground = view.grab().toImage(), theme.DARK.window
    middle, left = box.geometry().center().y(), box.geometry().left()
    assert max(contrast(picture.pixelColor(x, middle), ground) for x in range(left, left + 16)) >= 3
    disabled = view.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    assert contrast(disabled, ground) >= 3
