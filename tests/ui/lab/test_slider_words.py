"""What a slider says: its name, how strong that is, what was read and how far it was moved."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from capsdraw.lab.meaning import Meaning
from capsdraw.lab.names import Names
from capsdraw.ui import theme
from capsdraw.ui.lab.number_slider import NumberSlider
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import READ

from ..conftest import SOON, settle
from .conftest import rest


def painted(slider: NumberSlider, place: QRectF) -> list[tuple[int, int, int]]:
    """The colours in the slider's own coordinates, from left to right along the middle of `place`."""
    image = slider.grab().toImage()
    row = int(place.center().y())
    return [image.pixelColor(x, row).getRgb()[:3] for x in range(round(place.left()), round(place.right()))]


def test_a_slider_marks_its_effect_and_says_what_was_measured(qtbot: QtBot) -> None:
    slider = NumberSlider(4)
    qtbot.addWidget(slider)
    slider.resize(slider.sizeHint())
    quiet = theme.of(slider).quiet.getRgb()[:3]
    lengths = []
    slider.set_name("thickness", False, Meaning("thickness", 20.0, False, (-10.0, *[0.0] * 6), 0.123))
    for effect in (0.25, 0.5, 1.0):
        slider.set_effect(effect)
        along = painted(slider, slider.effect_area())
        lengths.append(along.count(quiet) / len(along))
    assert lengths == pytest.approx([1 / 4, 1 / 2, 1], abs=0.05)
    said = "Thickness falls by 10.0 pixels over its range: 20.0 times a just visible change"
    assert said in slider.toolTip()
    assert said in slider.accessibleDescription()
    assert "It changes 12.3% of the picture over that range" in slider.toolTip()
    # The user's own name is not what was measured; that is still told.
    slider.set_name("mine", True, slider.meaning)
    assert said in slider.toolTip()
    slider.set_name("", False, Meaning(None, 1.5, True, (0.5, 0.1, *[0.0] * 5)))
    slider.set_effect(0)
    assert quiet not in painted(slider, slider.effect_area())
    assert "No single property of the ink stands out" in slider.toolTip()


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
    assert "−0.00" not in words
    # A minus as wide as a plus, as everywhere else: figures stand beneath one another.
    slider.set_number(-0.314, None, (-0.25, 0.25))
    slider.set_offset(-0.1)
    words.clear()
    slider.grab()
    assert {"−0.31", "−0.10"} <= set(words)
    assert "Read −0.31, moved by −0.10: −0.41" in slider.toolTip()


@pytest.mark.slow
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
    window.tabs.setCurrentIndex(READ)
    window.lab.hold(8)  # while nobody looks
    window.lab.hold(3)
    window.tabs.setCurrentWidget(window.lab)
    rest(qtbot, window)
    qtbot.waitUntil(lambda: any(slider.name for slider in window.lab.face.sliders), timeout=SOON)


def test_damaged_names_do_not_keep_the_lab_from_working(own_home: Path) -> None:
    for content, aside in (('{"n/1/1": "mine",}', ""), ("[1, 2]", "-2"), ("{", "-3")):
        (own_home / "names.json").write_text(content)
        names = Names()
        assert (own_home / f"names.damaged{aside}.json").read_text() == content
        names.put("m", 1, 2, "x")
        assert Names().get("m", 1, 2) == "x"
        names.put("m", 1, 2, " ")
        assert Names().get("m", 1, 2) is None
