"""The pictures are as large as there is room, and nothing jumps."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.lab.hero import HeroDigit
from capsdraw.ui.lab.slider_legend import WORDS, SliderLegend
from capsdraw.ui.lab.sliders_face import SlidersFace
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON

SIZES = ((1024, 700), (1280, 800), (1440, 900), (2560, 1440))


def place(widget: QWidget, within: QWidget) -> QRect:
    return QRect(widget.mapTo(within, QPoint(0, 0)), widget.size())


def resized(window: MainWindow, qtbot: QtBot, size: tuple[int, int]) -> None:
    window.resize(*size)
    qtbot.waitUntil(lambda: window.size() == QSize(*size), timeout=SOON)
    for _ in range(3):
        QApplication.processEvents()


def test_the_redrawn_digit_is_as_large_as_the_canvas(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    resized(window, qtbot, (1440, 900))
    view = lab.face.redrawn.view
    assert view.width() == view.height() >= window.panel.canvas.width()
    resized(window, qtbot, (2560, 1440))
    assert view.width() >= window.panel.canvas.width() > 900


@pytest.mark.parametrize(("width", "height"), [(568, 400), (740, 520), (816, 611), (1936, 1100), (600, 900)])
def test_digit_and_sliders_stand_side_by_side_and_fill_the_face(qtbot: QtBot, width: int, height: int) -> None:
    face = SlidersFace()
    qtbot.addWidget(face)
    face.resize(width, height)
    face.show()
    QApplication.processEvents()
    hero, sliders = place(face.redrawn.view, face), place(face.list, face)
    assert hero.right() < sliders.left()
    assert hero.top() == sliders.top() == 0
    # As large as either width or height allows.
    assert sliders.width() <= 260 or face.redrawn.height() >= height - 8
    for widget in (
        face.redrawn,
        face.list,
        face.follow,
        face.keep,
        face.reach,
        face.smooth,
        face.again,
        face.difference,
    ):
        assert face.rect().contains(place(widget, face)), widget
    places = [place(widget, face) for widget in (face.redrawn, face.list, face.again, face.difference, face.keep)]
    assert not any(one.intersects(other) for one in places for other in places if one is not other)


def test_a_wide_legend_is_one_line_and_a_narrow_one_several(qtbot: QtBot) -> None:
    legend = SliderLegend()
    qtbot.addWidget(legend)
    line = legend.fontMetrics().height()
    assert legend.height_for(2000) == line + 1
    for width in (200, 288, 500):
        places = legend._places(width)
        assert all(box.right() <= width for box in places)
        assert legend.height_for(width) == len({box.top() for box in places}) * line + 1
    assert legend.height_for(200) > legend.height_for(500)
    assert "usual range" in legend.accessibleDescription()
    assert len(legend._places(500)) == len(WORDS)


@pytest.mark.parametrize("width", [120, 300, 500])
@pytest.mark.parametrize("height", [200, 400, 900])
def test_the_words_beneath_the_digit_always_have_room(qtbot: QtBot, width: int, height: int) -> None:
    hero = HeroDigit("Redrawn")
    qtbot.addWidget(hero)
    side = hero.side_for(width, height)
    assert side <= width
    assert side == 1 or hero.height_of(side) <= height
    assert hero.height_of(side + 30) > height or side + 30 > width


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_no_face_moves_a_button_the_headline_or_the_strip(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, size: tuple[int, int]
) -> None:
    resized(window, qtbot, size)
    seen = set()
    fixed = (*lab.faces, lab.undo, lab.export, lab.headline, lab.strip)
    for face in (0, 1, 2, 3, 2, 0):
        qtbot.mouseClick(lab.faces[face], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not lab.busy, timeout=60_000)
        for _ in range(3):
            QApplication.processEvents()
        seen.add(tuple(place(widget, window).getRect() for widget in fixed))
        for widget in fixed:
            assert window.rect().contains(place(widget, window))
    assert len(seen) == 1


def test_without_a_picture_there_is_a_quiet_outline_and_no_black(window: MainWindow, lab: CapsuleLab) -> None:
    window.panel.canvas.clear()
    face, morph = lab.face, lab.morph
    of_faces = (
        (0, (face.redrawn.view, face.seen, face.difference, lab.strip, face.sliders[0])),
        (1, (lab.sheet,)),
        (3, (morph.between, *(side.view for side in morph.sides))),
    )
    for turn, views in of_faces:
        lab.turn(turn)
        QApplication.processEvents()
        for view in views:
            image = view.grab().toImage()
            light = [
                image.pixelColor(x, y).lightness()
                for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
            ]  # fmt: skip
            assert min(light) > 20, view
            assert len(set(light)) > 1, view


def test_an_outline_says_what_will_be_there(qtbot: QtBot) -> None:
    view = DigitView("a digit", 8)
    qtbot.addWidget(view)
    view.resize(224, 224)
    outline = view.grab().toImage()
    view.set_empty("Draw a digit")
    assert view.grab().toImage() != outline
    # Words that find no room are left out.
    view.set_empty("Draw a digit " * 200)
    assert view.grab().toImage() == outline
