"""The sliders as they are shown: the strongest first, by name, with what each draws at both ends."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from capsdraw.lab import meaning, perturbation
from capsdraw.lab.grouping import grouped
from capsdraw.lab.names import Names
from capsdraw.nets import cards
from capsdraw.nets.ranges import from_card
from capsdraw.ui.lab.number_slider import NumberSlider
from capsdraw.ui.lab.slider_list import SliderList
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, Draw, digit
from .conftest import rest, unfold

LEFT = Qt.MouseButton.LeftButton


def order(lab: CapsuleLab) -> list[int]:
    """All numbers from the top down, as they lie."""
    unfold(lab)
    lying = sorted(lab.face.sliders, key=lambda slider: slider.mapTo(lab.face.list.widget(), QPoint(0, 0)).y())
    return [slider.dimension for slider in lying]


def test_the_strongest_come_first_under_the_name_that_they_share(window: MainWindow, lab: CapsuleLab) -> None:
    card = cards.find("efficient-capsnet")
    ranges = from_card(card.ranges, 10, 16)
    assert ranges is not None
    found = meaning.of_class(window.models.cache.open(card).decode, ranges.middle, 3, ranges)
    groups = grouped([number.name or "" for number in found], [number.effect for number in found])
    assert order(lab) == [dimension for group in groups for dimension in group.members]
    assert [heading.text().split(" · ")[0] for heading in lab.face.list.headings] == [
        group.name or "no single name" for group in groups
    ]
    width = next(group for group in groups if group.name == "width")
    assert f"width · {len(width.members)} numbers" in [heading.text() for heading in lab.face.list.headings]
    strongest = max(number.effect for number in found)
    for slider, number in zip(lab.face.sliders, found, strict=True):
        assert slider.effect == pytest.approx(number.effect / strongest, rel=1e-3)
    # What is saved, the sheet and the perturbation keep the numbers' own order.
    assert [slider.dimension for slider in lab.face.sliders] == list(range(16))


def test_weaker_ones_are_folded_away_and_unfolded(window: MainWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.lab)
    rest(qtbot, window)
    shown = window.lab.face.list
    group = next(group for group in shown.groups if group.name == "width")
    assert len(group.folded) > 1
    folded = [shown.sliders[dimension] for dimension in group.folded]
    more = shown.more["width"]
    assert not any(slider.isVisible() for slider in folded)
    assert more.text() == f"▾ {len(folded)} more"
    window.lab.set_offsets(tuple(0.1 * (dimension == group.folded[0]) for dimension in range(16)))
    assert more.text() == f"▾ {len(folded)} more, 1 moved"
    qtbot.mouseClick(more, LEFT)
    assert all(slider.isVisible() for slider in folded)
    assert all(slider in shown.shown() for slider in folded)
    qtbot.mouseClick(more, LEFT)
    assert not any(slider.isVisible() for slider in folded)


def test_by_keyboard_the_sliders_are_gone_through_as_they_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.lab)
    rest(qtbot, window)
    shown = window.lab.face.list.shown()
    assert [slider.dimension for slider in shown] != sorted(slider.dimension for slider in shown)
    shown[0].setFocus()
    passed: list[NumberSlider] = []
    while len(passed) < len(shown):
        at = window.focusWidget()
        if isinstance(at, NumberSlider):
            passed.append(at)
            qtbot.keyClick(at, Qt.Key.Key_Right)
            assert at.offset == pytest.approx(0.01)
            qtbot.keyClick(at, Qt.Key.Key_Home)
            assert at.offset == 0
        else:
            assert isinstance(at, QToolButton)
        qtbot.keyClick(at, Qt.Key.Key_Tab)
    assert passed == shown


@pytest.mark.slow
def test_the_order_is_the_class_own_and_no_stroke_or_slider_changes_it(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw
) -> None:
    first = order(lab)
    lab.set_offsets((0.25, *[0.0] * 14, -0.25))
    qtbot.waitUntil(lambda: not lab.busy, timeout=SOON)
    assert order(lab) == first
    lab.hold(8)
    qtbot.waitUntil(lambda: not lab.busy and order(lab) != first, timeout=SOON)
    lab.hold(3)
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(3, 1))
    rest(qtbot, window)
    assert lab.label == 3
    assert order(lab) == first


def test_names_that_come_late_move_nothing_under_the_hand(qtbot: QtBot, lab: CapsuleLab) -> None:
    first, slider = order(lab), lab.face.list.shown()[0]
    effects = [float(dimension) for dimension in range(16)]
    groups = grouped([""] * 16, effects)
    qtbot.mousePress(slider, LEFT, pos=slider.knob().toPoint())
    lab.face.arrange(groups, effects)
    assert order(lab) == first
    qtbot.mouseMove(slider, slider.knob().toPoint() + QPoint(20, 0))
    qtbot.mouseRelease(slider, LEFT, pos=slider.knob().toPoint() + QPoint(20, 0))
    qtbot.waitUntil(lambda: order(lab) == list(range(15, -1, -1)), timeout=SOON)


def test_while_it_is_not_known_what_numbers_do_all_stays_where_it_is(qtbot: QtBot) -> None:
    shown = SliderList()
    qtbot.addWidget(shown)
    shown.resize(260, 600)
    shown.put([NumberSlider(dimension) for dimension in range(4)])
    shown.show()
    shown.arrange(grouped(["width", "", "width", "slant"], [1, 4, 3, 2]))
    qtbot.waitUntil(lambda: shown.headings[-1].y() > 0, timeout=SOON)
    places = [slider.y() for slider in shown.sliders]
    shown.blank()
    qtbot.wait(20)
    assert [heading.text().strip() for heading in shown.headings] == ["", "", ""]
    assert [slider.y() for slider in shown.sliders] == places
    shown.arrange(shown.groups)
    assert [heading.text() for heading in shown.headings] == ["no single name", "width · 2 numbers", "slant"]


def test_at_both_ends_stands_what_the_decoder_draws_there(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    def ends(dimension: int) -> list[np.ndarray]:
        assert lab.face.sliders[dimension]._ends is not None
        return [
            np.array(image.constBits()).reshape(28, -1)[:, :28] / 255 for image in lab.face.sliders[dimension]._ends
        ]

    decode = window.models.cache.open(cards.find("efficient-capsnet")).decode
    held = lab.held()
    assert held is not None
    for end, amount in zip(ends(6), (-0.25, 0.25), strict=True):
        moved = perturbation.moved(held.capsules, 3, np.eye(16)[6] * amount)
        assert end == pytest.approx(perturbation.picture(decode, moved, 3), abs=1 / 250)
    # Elsewhere when the others are moved, or the sliders reach elsewhere.
    before = ends(6)[0]
    lab.set_offsets((0.25, *[0.0] * 15))
    qtbot.waitUntil(lambda: not np.array_equal(ends(6)[0], before), timeout=SOON)
    before = ends(6)[0]
    lab.face.reach.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not np.array_equal(ends(6)[0], before), timeout=SOON)


def test_a_click_on_an_end_s_picture_goes_there(qtbot: QtBot, lab: CapsuleLab) -> None:
    slider = lab.face.list.shown()[0]
    less, more = slider.end_areas()
    assert slider.has_ends
    qtbot.mouseClick(slider, LEFT, pos=more.center().toPoint())
    assert slider.offset == 0.25
    lab.face.settle()
    qtbot.mouseClick(slider, LEFT, pos=less.center().toPoint())
    assert slider.offset == -0.25
    lab.undo.click()
    assert slider.offset == 0.25


def test_a_number_that_is_named_goes_to_that_name_s_group(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    slider = lab.face.sliders[1]
    assert slider.name == ""
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_F2)
    qtbot.keyClicks(window.focusWidget(), "width")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert Names().get("efficient-capsnet", 3, 1) == "width"
    width = next(group for group in lab.face.list.groups if group.name == "width")
    assert 1 in width.members
    assert slider.isVisible()
    assert slider.hasFocus()


@pytest.mark.parametrize("width", [240, 300, 800])
def test_no_name_is_cut_off(qtbot: QtBot, width: int) -> None:
    shown = SliderList()
    qtbot.addWidget(shown)
    shown.resize(width, 500)
    shown.put([NumberSlider(dimension) for dimension in range(4)])
    shown.show()
    shown.arrange(grouped(["a name of twenty-four ch"] * 3 + ["position across"], [3, 2, 1, 0.5]))
    qtbot.waitUntil(lambda: shown.headings[-1].y() > 0, timeout=SOON)
    for heading in shown.headings:
        needed = heading.heightForWidth(heading.width())
        assert heading.height() >= needed
        assert heading.fontMetrics().horizontalAdvance("position across") <= heading.width()
    for slider in shown.sliders:
        assert slider.width() <= shown.viewport().width()
        assert slider._track().width() >= 40
