"""The numbers of a capsule in the real window: turned by mouse and keyboard, undone, kept."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, Draw, digit
from .conftest import changed, drag, picture, rest


@pytest.mark.slow
def test_a_slider_dragged_redraws_and_reset_brings_the_first_picture_back(qtbot: QtBot, lab: CapsuleLab) -> None:
    first = picture(lab)
    drag(qtbot, lab.face.sliders[0], 0.3)
    moved = changed(qtbot, lab, first)
    assert lab.face.sliders[0].offset == pytest.approx(0.15, abs=0.02)
    assert np.abs(moved - first).max() > 0.05
    qtbot.mouseClick(lab.reset, Qt.MouseButton.LeftButton)
    assert np.array_equal(changed(qtbot, lab, moved), first)
    assert not lab.reset.isEnabled()


def test_a_slider_moves_by_keys(qtbot: QtBot, lab: CapsuleLab) -> None:
    slider = lab.face.sliders[4]
    slider.setFocus()
    before = picture(lab)
    for key, offset in (
        (Qt.Key.Key_Right, 0.01), (Qt.Key.Key_PageUp, 0.06), (Qt.Key.Key_Left, 0.05), (Qt.Key.Key_PageDown, 0.0),
        (Qt.Key.Key_PageDown, -0.05), (Qt.Key.Key_Home, 0.0),
    ):  # fmt: skip
        qtbot.keyClick(slider, key)
        assert slider.offset == pytest.approx(offset), key
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    changed(qtbot, lab, before)


def test_a_double_click_brings_one_number_back_in_one_step(qtbot: QtBot, lab: CapsuleLab) -> None:
    before = (0.1, 0.2, *[0.0] * 14)
    lab.set_offsets(before)
    slider = lab.face.sliders[1]
    place = slider.knob().toPoint() - QPoint(40, 0)
    # As a hand does it: the first click moves the number on its way.
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=place)
    assert slider.offset < 0.2
    qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=place)
    assert lab.face.offsets()[:2] == pytest.approx((0.1, 0.0))
    lab.undo.click()
    assert lab.face.offsets() == before


def test_a_click_on_the_knob_moves_nothing(qtbot: QtBot, lab: CapsuleLab) -> None:
    slider = lab.face.sliders[1]
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.knob().toPoint() + QPoint(4, 0))
    qtbot.mouseDClick(slider, Qt.MouseButton.RightButton, pos=slider.knob().toPoint() + QPoint(60, 0))
    lab.face.settle()
    assert not any(lab.face.offsets())
    assert not lab.undo.isEnabled()


def test_a_burst_of_keys_is_one_step_and_undo_s_key_is_the_lab_s(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    drawn = window.panel.canvas.sketch
    slider = lab.face.sliders[3]
    slider.setFocus()
    for _ in range(20):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert slider.offset == pytest.approx(0.2)
    qtbot.keyClick(slider, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not any(lab.face.offsets())
    assert window.panel.canvas.sketch is drawn
    qtbot.keyClick(slider, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert slider.offset == pytest.approx(0.2)


@pytest.mark.slow
def test_undo_s_key_is_the_canvas_where_the_lab_has_no_step(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    """Pressed in the lab after a stroke, it did nothing."""
    canvas, control = window.panel.canvas, Qt.KeyboardModifier.ControlModifier
    first = canvas.sketch
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().center())
    drawn = canvas.sketch
    rest(qtbot, window)
    slider = lab.face.sliders[3]
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Z, control)
    assert canvas.sketch is first
    qtbot.keyClick(slider, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    assert canvas.sketch is drawn
    window.use_model("keras-cnn")
    qtbot.waitUntil(lab.none.offer.isVisible, timeout=SOON)
    lab.none.offer.setFocus()
    qtbot.keyClick(lab.none.offer, Qt.Key.Key_Z, control)
    assert canvas.sketch is first


def test_what_was_moved_is_still_there_when_its_class_is_held_again(
    lab: CapsuleLab,
) -> None:
    offsets = (0.1, *[0.0] * 15)
    lab.set_offsets(offsets)
    lab.hold(8)
    assert not any(lab.face.offsets())
    lab.hold(3)
    assert lab.face.offsets() == offsets
    lab.undo.click()
    assert not any(lab.face.offsets())


@pytest.mark.slow
def test_undo_and_redo_go_over_whole_moves(qtbot: QtBot, lab: CapsuleLab) -> None:
    drag(qtbot, lab.face.sliders[2], 0.2)
    first = lab.face.offsets()
    drag(qtbot, lab.face.sliders[3], -0.2)
    second = lab.face.offsets()
    for button, expected in (
        (lab.undo, first), (lab.undo, (0.0,) * 16), (lab.redo, first), (lab.redo, second),
    ):  # fmt: skip
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert lab.face.offsets() == expected
    assert not lab.redo.isEnabled()


@pytest.mark.slow
def test_a_new_stroke_drops_or_keeps_what_was_moved(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw
) -> None:
    for keep in (False, True):
        lab.face.keep.setChecked(keep)
        window.panel.canvas.clear()
        draw(window.panel.canvas, digit(5))
        rest(qtbot, window)
        assert lab.label == 5
        offsets = (0.2, *[0.0] * 15)
        lab.set_offsets(offsets)
        # A dot beside it changes the drawing, and leaves it a 5.
        place = window.panel.canvas.rect().center() + QPoint(4, 0)
        qtbot.mouseClick(window.panel.canvas, Qt.MouseButton.LeftButton, pos=place)
        rest(qtbot, window)
        assert lab.label == 5
        assert lab.face.offsets() == (offsets if keep else (0.0,) * 16)


@pytest.mark.slow
def test_a_move_under_way_is_kept_when_a_reading_arrives(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    """Nothing had been let go of yet, and all came back to where it was read."""
    canvas, slider = window.panel.canvas, lab.face.sliders[4]
    lab.face.keep.click()
    slider.setFocus()
    for _ in range(5):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    lab.show_reading(lab._reading, lab._digit)
    assert slider.offset == pytest.approx(0.05)
    lab.face.settle()
    start = slider.knob().toPoint()
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(slider, start + QPoint(20, 0))
    half = slider.offset
    assert half > 0.06
    lab.show_reading(lab._reading, lab._digit)
    assert slider.offset == half
    qtbot.mouseMove(slider, start + QPoint(30, 0))
    whole = slider.offset
    assert whole > half
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(30, 0))
    assert lab.face.offsets()[4] == whole
    # An empty canvas has no numbers, and takes none of those that are kept with it.
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    canvas.clear()
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    canvas.undo()
    rest(qtbot, window)
    assert slider.offset == pytest.approx(whole + 0.01)


def test_keys_and_a_button_at_once_after_them_are_two_steps(qtbot: QtBot, lab: CapsuleLab) -> None:
    slider = lab.face.sliders[2]
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_PageUp)
    lab.random.click()
    everywhere = lab.face.offsets()
    lab.reset.click()
    assert not any(lab.face.offsets())
    for expected in (everywhere, (0.0, 0.0, 0.05, *[0.0] * 13), (0.0,) * 16):
        assert lab.undo.isEnabled()
        lab.undo.click()
        assert lab.face.offsets() == expected
