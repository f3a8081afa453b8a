"""The numbers of a capsule in the real window: turned by mouse and keyboard, undone, named."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capsdraw.lab.meaning import Meaning
from capsdraw.lab.names import Names
from capsdraw.nets import cards
from capsdraw.ui import theme
from capsdraw.ui.lab.asking import Picture
from capsdraw.ui.lab.number_slider import NumberSlider
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, Draw, digit, settle
from .conftest import changed, picture, rest


def drag(qtbot: QtBot, slider: NumberSlider, by: float) -> None:
    """By mouse, from the knob, over `by` of the track."""
    start = slider.knob().toPoint()
    end = start + QPoint(round(by * slider._track().width()), 0)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for part in (0.3, 0.7, 1.0):
        qtbot.mouseMove(slider, start + (QPointF(end - start) * part).toPoint())
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)


def test_untouched_the_picture_is_the_net_s_own(window: MainWindow, lab: CapsuleLab) -> None:
    assert lab.label == 3
    assert len(lab.face.sliders) == 16
    assert np.array_equal(picture(lab), window.readout.picture.digit)
    assert lab.face.again.scores is not None
    assert lab.strip.pictures is not None
    assert lab.strip.pictures[3] == pytest.approx(picture(lab), abs=1e-5)


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


def test_without_a_card_s_ranges_the_class_range_cannot_be_chosen_and_says_why(lab: CapsuleLab) -> None:
    reach, own, scores = lab.face.reach, np.zeros(16, np.float32), np.zeros(10, np.float32)
    item = reach.model().index(1, 0)
    assert item.flags() & Qt.ItemFlag.ItemIsEnabled
    reach.setCurrentIndex(1)
    lab.face.hold(None, own, None, None, scores)
    assert not item.flags() & Qt.ItemFlag.ItemIsEnabled
    assert reach.currentIndex() == 0
    for tip in (item.data(Qt.ItemDataRole.ToolTipRole), reach.toolTip()):
        assert "keeps no ranges" in tip
    lab.face.hold(None, own, np.tile(np.float32([-0.1, 0.1]), (16, 1)), None, scores)
    assert item.flags() & Qt.ItemFlag.ItemIsEnabled
    assert "keeps no ranges" not in reach.toolTip()


@pytest.mark.parametrize("count", [8, 16, 32, 64])
def test_capsules_of_many_numbers_need_no_larger_window(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, count: int
) -> None:
    """64 numbers, as a fit can be asked for, made the window 1111 pixels high."""
    usual = lab.face.minimumSizeHint().height()
    lab.face.hold(None, np.zeros(count, np.float32), None, None, np.zeros(10, np.float32))
    window.resize(1024, 700)
    first, last = lab.face.sliders[0], lab.face.sliders[-1]
    qtbot.waitUntil(lambda: first.visibleRegion().boundingRect() == first.rect(), timeout=SOON)
    # Only what is shown counts.
    assert lab.face.minimumSizeHint().height() <= usual
    first.setFocus()
    for _ in range(count - 1):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert last.hasFocus()
    qtbot.waitUntil(lambda: last.visibleRegion().boundingRect() == last.rect(), timeout=SOON)
    place = last.mapTo(lab.face, last.rect().bottomRight())
    assert place.x() < lab.face.width()
    assert place.y() < lab.face.follow.y()
    assert (window.width(), window.height()) == (1024, 700)


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


def test_difference_and_rereading_are_those_of_the_picture_shown(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    before = picture(lab)
    drag(qtbot, lab.face.sliders[0], 0.3)
    shown, seen = changed(qtbot, lab, before), lab.face.seen.view.digit
    assert seen is not None
    assert np.array_equal(lab.face.difference.view.digit, np.abs(shown - seen))
    error = float(((shown.astype(float) - seen) ** 2).mean())
    assert lab.face.difference.text.text() == f"mean squared {error:.3f}"
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
    window.reader.answered.emit(window.reader.number, reading, digit)
    assert lab.face.seen.view.digit is digit


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


def test_the_reach_can_be_the_class_own_and_nothing_moves_by_it(lab: CapsuleLab) -> None:
    lab.set_offsets((0.25, *[0.0] * 15))
    kept = lab.face.offsets()
    lab.face.reach.setCurrentIndex(1)
    assert lab.face.offsets() == kept
    card = cards.find("efficient-capsnet")
    for slider in lab.face.sliders[1:]:
        low, _, high = card.ranges[3][slider.number]
        assert slider.own + slider.minimum() / 1000 <= low + 1e-3
        assert slider.own + slider.maximum() / 1000 >= high - 1e-3


def painted(slider: NumberSlider, place: QRectF) -> list[tuple[int, int, int]]:
    """The colours in the slider's own coordinates, from left to right along the middle of `place`."""
    image = slider.grab().toImage()
    row = int(place.center().y())
    return [image.pixelColor(x, row).getRgb()[:3] for x in range(round(place.left()), round(place.right()))]


def test_a_measured_name_shows_its_strength_and_says_it(qtbot: QtBot) -> None:
    slider = NumberSlider(4)
    qtbot.addWidget(slider)
    slider.resize(slider.sizeHint())
    quiet = theme.of(slider).quiet.getRgb()[:3]
    lengths = []
    for strength in (2.0, 4.0, 20.0):
        slider.set_name("thickness", False, Meaning("thickness", strength, False, (-strength / 2, *[0.0] * 6)))
        along = painted(slider, slider.strength_area())
        lengths.append(along.count(quiet) / len(along))
    assert lengths == pytest.approx([1 / 4, 1 / 2, 1], abs=0.03)
    said = "Thickness falls by 10.0 pixels over its range: 20.0 times what is just visible"
    assert said in slider.toolTip()
    assert said in slider.accessibleDescription()
    # The user's own name is not what was measured; that is still told.
    slider.set_name("mine", True, slider.meaning)
    assert quiet not in painted(slider, slider.strength_area())
    assert said in slider.toolTip()
    slider.set_name("", False, Meaning(None, 1.5, True, (0.5, 0.1, *[0.0] * 5)))
    assert quiet not in painted(slider, slider.strength_area())
    assert "No one measure of the ink stands out" in slider.toolTip()


def test_the_window_s_sliders_know_how_strong_their_names_are(lab: CapsuleLab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: any(slider.name for slider in lab.face.sliders), timeout=SOON)
    for slider in lab.face.sliders:
        assert slider.meaning is not None
        assert slider.name == (slider.meaning.name or "")
        assert not slider.name or slider.meaning.strength >= 1


def test_a_slider_says_what_was_read_and_how_far_it_was_moved(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []
    monkeypatch.setattr(QPainter, "drawText", lambda *arguments: words.append(arguments[-1]))
    slider = NumberSlider(0)
    qtbot.addWidget(slider)
    slider.set_number(0.314, None, (-0.25, 0.25))
    slider.grab()
    assert "0.31" in words
    assert "+0.00" not in words
    slider.set_offset(0.1)
    words.clear()
    slider.grab()
    assert {"0.31", "+0.10"} <= set(words)
    assert "Read 0.31, moved by +0.10: 0.41" in slider.toolTip()
    words.clear()
    slider.set_number(-0.002, None, (-0.25, 0.25))
    slider.grab()
    assert "0.00" in words
    assert "-0.00" not in words


def test_the_mark_of_what_was_read_stays_while_the_slider_is_dragged(qtbot: QtBot, lab: CapsuleLab) -> None:
    slider = lab.face.sliders[0]
    blue = theme.of(slider).says.getRgb()[:3]
    tip = QRectF(slider._track().left(), slider.height() / 2 - 7.5, slider._track().width(), 1)  # above the knob

    def marks() -> list[int]:
        return [x for x, colour in enumerate(painted(slider, tip)) if colour == blue]

    before, knob = marks(), slider.knob()
    assert before
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=knob.toPoint())
    for pixels in (20, -30, 45):
        qtbot.mouseMove(slider, knob.toPoint() + QPoint(pixels, 0))
        assert slider.knob().x() == pytest.approx(knob.x() + pixels, abs=1)
        assert marks() == before
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=knob.toPoint() + QPoint(45, 0))
    assert marks() == before


def test_numbers_get_measured_names_and_the_user_s_are_kept(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    assert any(slider.name for slider in lab.face.sliders)
    slider = lab.face.sliders[0]
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.name_area().center().toPoint())
    editor = slider.findChild(type(window.focusWidget()))
    qtbot.keyClicks(window.focusWidget(), "  my  name ")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert editor is not None
    assert slider.name == "my name"
    assert Names().get("efficient-capsnet", 3, 0) == "my name"
    assert Names().get("efficient-capsnet", 4, 0) is None
    # Begun for a 3, ended when an 8 is held: it is the 3's. Escape gives no name.
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.name_area().center().toPoint())
    qtbot.keyClicks(window.focusWidget(), "other")
    lab.hold(8)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert Names().get("efficient-capsnet", 3, 0) == "other"
    assert Names().get("efficient-capsnet", 8, 0) is None
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.name_area().center().toPoint())
    qtbot.keyClicks(window.focusWidget(), "none")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    assert Names().get("efficient-capsnet", 8, 0) is None
    # Without a mouse.
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_F2)
    qtbot.keyClicks(window.focusWidget(), "by key")
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert Names().get("efficient-capsnet", 8, 0) == "by key"


def test_names_asked_for_by_a_class_left_meanwhile_are_there_when_it_is_held_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    settle(qtbot, window)
    window.tabs.setCurrentWidget(window.lab)  # asks for the names of 3
    window.tabs.setCurrentWidget(window.readout)
    window.lab.hold(8)  # while nobody looks
    window.lab.hold(3)
    window.tabs.setCurrentWidget(window.lab)
    rest(qtbot, window)
    qtbot.waitUntil(lambda: any(slider.name for slider in window.lab.face.sliders), timeout=SOON)


def test_damaged_names_do_not_keep_the_lab_from_working(own_home: Path) -> None:
    for content in ('{"n/1/1": "mine",}', "[1, 2]", "{"):
        (own_home / "names.json").write_text(content)
        names = Names()
        assert (own_home / "names.damaged.json").read_text() == content
        names.put("m", 1, 2, "x")
        assert Names().get("m", 1, 2) == "x"
        names.put("m", 1, 2, " ")
        assert Names().get("m", 1, 2) is None
