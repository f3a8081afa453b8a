"""How far the sliders reach, and the room that many of them need."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from capsdraw.nets import cards
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON


@pytest.mark.slow
def test_random_stays_within_the_chosen_range_and_is_one_step(qtbot: QtBot, lab: CapsuleLab) -> None:
    low, _, high = np.array(cards.find("efficient-capsnet").ranges[3]).T
    for reach in (0, 1):
        lab.face.reach.setCurrentIndex(reach)
        # What grew a slider's reach before does not widen the draw.
        lab.set_offsets((-0.9, 0.9, *[0.0] * 14))
        before = lab.face.offsets()
        for _ in range(40):
            qtbot.mouseClick(lab.random, Qt.MouseButton.LeftButton)
            offsets = np.array(lab.face.offsets())
            if reach == 0:
                assert np.abs(offsets).max() <= 0.25
            else:
                values = offsets + [slider.own for slider in lab.face.sliders]
                assert np.all(values >= low - 1e-6)
                assert np.all(values <= high + 1e-6)
            assert np.ptp(offsets) > 0
            lab.undo.click()
            assert lab.face.offsets() == before


def test_a_class_range_that_no_slider_step_falls_in_is_drawn_at_its_middle(lab: CapsuleLab) -> None:
    face, own = lab.face, np.zeros(16, np.float32)
    bands = np.full((16, 2), (0.1002, 0.1004), np.float32)
    face.hold(None, own, bands, None, np.zeros(10, np.float32))
    face.reach.setCurrentIndex(1)
    assert face.random() == (0.1,) * 16


@pytest.mark.slow
def test_without_a_card_s_ranges_the_class_range_cannot_be_chosen_and_says_why(lab: CapsuleLab) -> None:
    reach, own, scores = lab.face.reach, np.zeros(16, np.float32), np.zeros(10, np.float32)
    item = reach.model().index(1, 0)
    assert item.flags() & Qt.ItemFlag.ItemIsEnabled
    reach.setCurrentIndex(1)
    lab.face.hold(None, own, None, None, scores)
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
    assert reach.currentIndex() == 0
    for tip in (item.data(Qt.ItemDataRole.ToolTipRole), reach.toolTip()):
        assert "has no class ranges" in tip
    lab.face.hold(None, own, np.tile(np.float32([-0.1, 0.1]), (16, 1)), None, scores)
    assert item.flags() & Qt.ItemFlag.ItemIsEnabled
    assert "has no class ranges" not in reach.toolTip()


@pytest.mark.parametrize("count", [8, 16, 32, 64])
def test_capsules_of_many_numbers_need_no_larger_window(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, count: int
) -> None:
    """64 numbers, as a fit can be asked for, made the window 1111 pixels high."""
    usual = lab.face.minimumSizeHint().height()
    lab.face.hold(None, np.zeros(count, np.float32), None, None, np.zeros(10, np.float32))
    window.resize(1024, 700)
    shown = lab.face.list.shown()
    first, last = shown[0], shown[-1]
    assert len(shown) == count
    qtbot.waitUntil(lambda: first.visibleRegion().boundingRect() == first.rect(), timeout=SOON)
    # Only what is shown counts.
    assert lab.face.minimumSizeHint().height() <= usual
    first.setFocus()
    for _ in range(count - 1 + len(lab.face.list.more)):
        if not last.hasFocus():
            qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert last.hasFocus()
    qtbot.waitUntil(lambda: last.visibleRegion().boundingRect() == last.rect(), timeout=SOON)
    place = last.mapTo(lab.face, last.rect().bottomRight())
    assert place.x() < lab.face.width()
    assert place.y() < lab.face.follow.mapTo(lab.face, QPoint(0, 0)).y()
    assert (window.width(), window.height()) == (1024, 700)


def test_the_reach_can_be_the_class_own_and_nothing_moves_by_it(lab: CapsuleLab) -> None:
    lab.set_offsets((0.25, *[0.0] * 15))
    kept = lab.face.offsets()
    lab.face.reach.setCurrentIndex(1)
    assert lab.face.offsets() == kept
    card = cards.find("efficient-capsnet")
    for slider in lab.face.sliders[1:]:
        low, _, high = card.ranges[3][slider.dimension]
        assert slider.own + slider.minimum() / 1000 <= low + 1e-3
        assert slider.own + slider.maximum() / 1000 >= high - 1e-3
