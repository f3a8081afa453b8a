"""The sheet of Figure 4 in the real window."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.formatting import signed
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, Draw, digit
from .conftest import changed, picture, rest


@pytest.mark.slow
def test_a_sheet_of_another_capsule_is_not_saved(window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw) -> None:
    lab.faces[1].click()
    qtbot.waitUntil(lambda: lab.sheet.sheet is not None, timeout=SOON)
    lab.faces[0].click()
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(6))
    rest(qtbot, window)
    assert lab.sheet.sheet is None


def test_by_keyboard_a_picture_of_the_sheet_is_gone_to_and_set(qtbot: QtBot, lab: CapsuleLab) -> None:
    lab.turn(1)
    qtbot.waitUntil(lambda: lab.sheet.sheet is not None, timeout=SOON)
    assert lab.sheet.sheet is not None
    lab.sheet.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(lab.sheet, key)
    assert not any(lab.face.offsets())  # only looked at so far
    amount = float(lab.sheet.sheet.amounts[4])
    assert lab.sheet.accessibleDescription() == f"Number 3 moved by {signed(amount, plus=True)}"
    qtbot.keyClick(lab.sheet, Qt.Key.Key_Return)
    assert lab.face.offsets()[2] == pytest.approx(amount, abs=1e-3)


def test_a_click_on_the_sheet_sets_the_slider(qtbot: QtBot, lab: CapsuleLab) -> None:
    lab.faces[1].click()
    qtbot.waitUntil(lambda: lab.sheet.sheet is not None, timeout=SOON)
    before = picture(lab)
    for number, step in ((6, 9), (2, 1)):  # the second with the first one moved
        assert lab.sheet.sheet is not None
        clicked = lab.sheet.sheet.pictures[number, step]
        qtbot.mouseClick(lab.sheet, Qt.MouseButton.LeftButton, pos=lab.sheet.cell(number, step).center().toPoint())
        before = changed(qtbot, lab, before)
        assert before == pytest.approx(clicked, abs=1e-5)
    assert lab.face.offsets()[6] == pytest.approx(0.2)
    assert lab.face.offsets()[2] == pytest.approx(-0.2)
