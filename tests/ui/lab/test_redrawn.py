"""What the decoder draws of moved numbers, and what the net reads in that."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.nets import cards
from capsdraw.nets.verdict import Kind, Verdict
from capsdraw.ui.lab.asking import Picture
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, Draw, digit
from .conftest import changed, drag, picture, rest


def test_untouched_the_picture_is_the_net_s_own(window: MainWindow, lab: CapsuleLab) -> None:
    assert lab.label == 3
    assert len(lab.face.sliders) == 16
    assert np.array_equal(picture(lab), window.readout.picture.digit)
    assert lab.face.again.scores is not None
    assert lab.strip.pictures is not None
    assert lab.strip.pictures[3] == pytest.approx(picture(lab), abs=1e-5)


def test_difference_and_rereading_are_those_of_the_picture_shown(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    before = picture(lab)
    drag(qtbot, lab.face.sliders[0], 0.3)
    shown, seen = changed(qtbot, lab, before), lab.face.seen.digit
    assert seen is not None
    assert np.array_equal(lab.face.difference.digit, np.abs(shown - seen))
    error = float(((shown.astype(float) - seen) ** 2).mean())
    assert lab.face.redrawn.error.text() == f"squared error {error:.3f}"
    session = window.models.cache.open(cards.find("efficient-capsnet"))
    again, drawn = session.read(shown), session.read(seen)
    assert lab.face.again.scores == pytest.approx(again.scores, abs=1e-6)
    assert lab.face.again.winner == again.label
    assert lab.face.again.reference == pytest.approx(drawn.scores, abs=1e-6)
    assert np.abs(again.scores - drawn.scores).max() > 1e-3


def test_a_picture_of_the_last_drawing_comes_too_late(qtbot: QtBot, lab: CapsuleLab) -> None:
    """It was compared with the new one."""
    pictures: list[int] = []
    for _ in range(2):  # both of the same class
        lab.show_reading(lab._reading, lab._digit)
        qtbot.waitUntil(lambda: not lab.busy, timeout=SOON)
        pictures.append(lab.questions.picture.answered)
    now = picture(lab)
    assert pictures[0] < pictures[1]
    lab.questions.picture.take(pictures[0], Picture(3, np.zeros_like(now), 0.5))
    assert np.array_equal(picture(lab), now)


def test_a_reading_is_shown_with_the_digit_that_was_read(window: MainWindow, lab: CapsuleLab) -> None:
    """While the pen moves, a newer one is on its way already."""
    reading, digit = lab._reading, lab._digit
    assert digit is not None
    window.reader.seen.emit(window.reader.number + 1, np.zeros_like(digit))
    window.reader.answered.emit(window.reader.number, reading, digit, Verdict(Kind.SURE, reading.label), None)
    assert lab.face.seen.digit is digit


def test_drawn_by_mouse_and_dragged_by_mouse_reset_brings_the_very_first_picture_back(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw
) -> None:
    example = picture(lab)
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(5))
    rest(qtbot, window)
    first = picture(lab)
    assert lab.label == 5
    assert not np.array_equal(first, example)
    assert np.array_equal(first, window.readout.picture.digit)
    drag(qtbot, lab.face.sliders[0], 0.3)
    moved = changed(qtbot, lab, first)
    lab.face.sliders[1].setFocus()
    qtbot.keyClick(lab.face.sliders[1], Qt.Key.Key_PageDown)
    moved = changed(qtbot, lab, moved)
    assert np.abs(moved - first).max() > 0.05
    qtbot.mouseClick(lab.reset, Qt.MouseButton.LeftButton)
    assert np.array_equal(changed(qtbot, lab, moved), first)
    assert window.panel.canvas.sketch


def test_a_length_above_one_says_whose_doing_it_is(qtbot: QtBot, lab: CapsuleLab) -> None:
    """Lengths are below 1, it is said elsewhere; this one need not be."""
    before = picture(lab)
    assert lab.face.redrawn.text.text() == f"length {lab._reading.scores[3]:.2f}"
    lab.set_offsets((0.25,) * 16)
    changed(qtbot, lab, before)
    held = lab.held()
    assert held is not None
    length = float(np.linalg.norm(held.changed()[3]))
    assert length > 1
    assert lab.face.redrawn.text.text() == f"length {length:.2f}: moved by you, it may pass 1"
