"""The capsule lab in the real window: which capsule is held, for whatever net answers."""

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from capsdraw.lab.meaning import meanings
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.ranges import from_card
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, Draw, digit, settle
from .conftest import changed, picture, rest


def test_a_chosen_class_stays_held_over_a_cleared_canvas(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw
) -> None:
    lab.hold(8)
    window.panel.canvas.clear()
    assert lab.label is None
    draw(window.panel.canvas, digit(6))
    rest(qtbot, window)
    assert lab.label == 8
    assert "Capsule 8, the chosen one" in lab.headline.text()


def test_what_was_held_stays_held_when_the_longest_is_no_longer_followed(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw
) -> None:
    qtbot.mouseClick(lab.face.follow, Qt.MouseButton.LeftButton, pos=QPoint(8, lab.face.follow.height() // 2))
    assert not lab.face.follow.isChecked()
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(6))
    rest(qtbot, window)
    assert lab.label == 3
    # A class chosen before the longest was followed again is not remembered.
    lab.hold(8)
    lab.face.follow.click()
    assert lab.label == 6
    lab.face.follow.click()
    qtbot.mouseClick(window.panel.canvas, Qt.MouseButton.LeftButton, pos=window.panel.canvas.rect().center())
    rest(qtbot, window)
    assert lab.label == 6


@pytest.mark.slow
def test_another_model_is_asked_nothing_about_the_last_one_s_capsules(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    """Its numbers got the names of what the last model's ranges do to its decoder."""
    lab.hold(8)
    rest(qtbot, window)
    before = lab.questions.model.times_asked
    window.use_model("capsnet")
    assert lab.questions.model.times_asked == before
    assert lab.headline.text() == "Loading the net …"
    settle(qtbot, window)
    rest(qtbot, window)
    assert lab.label == 3
    card = cards.find("capsnet")
    ranges = from_card(card.ranges, 10, 16)
    assert ranges is not None
    found = meanings(window.models.cache.open(card).decode, ranges.middle, 3, ranges)
    assert [slider.name for slider in lab.face.sliders] == [one.name or "" for one in found]


def test_a_click_on_the_strip_holds_that_class_until_the_longest_is_followed(qtbot: QtBot, lab: CapsuleLab) -> None:
    before = picture(lab)
    qtbot.mouseClick(lab.strip, Qt.MouseButton.LeftButton, pos=lab.strip.cell(8).center().toPoint())
    assert lab.label == 8
    assert not lab.face.follow.isChecked()
    held = changed(qtbot, lab, before)
    assert lab.strip.pictures is not None
    assert held == pytest.approx(lab.strip.pictures[8], abs=1e-5)
    lab.face.follow.click()
    assert lab.label == 3
    assert np.array_equal(changed(qtbot, lab, held), before)


def test_an_empty_canvas_has_nothing_to_hold(window: MainWindow, lab: CapsuleLab) -> None:
    window.panel.canvas.clear()
    assert lab.label is None
    assert lab.face.redrawn.view.digit is None
    assert not any(slider.isEnabled() for slider in lab.face.sliders)
    assert not lab.random.isEnabled()


def test_a_classifier_has_no_capsules_and_a_capsule_net_is_offered(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    window.use_model("keras-cnn")
    settle(qtbot, window)
    assert "Keras CNN has no capsules" in lab.none.why.text()
    qtbot.mouseClick(lab.none.offer, Qt.MouseButton.LeftButton)
    assert cards.find(window.reader.model).kind == "capsule"
    rest(qtbot, window)
    assert np.array_equal(picture(lab), window.readout.picture.digit)


@pytest.mark.usefixtures("letters")
def test_another_number_and_length_of_capsules_is_laid_out_anew(
    letters: Card, window: MainWindow, qtbot: QtBot, lab: CapsuleLab, tmp_path: Path
) -> None:
    window.use_model(letters.name)
    rest(qtbot, window)
    assert len(lab.face.sliders) == 8
    assert lab.strip.pictures is not None
    assert len(lab.strip.pictures) == 26
    assert lab.strip.cell(25).right() <= lab.strip.width()
    lab.faces[1].click()
    qtbot.waitUntil(lambda: lab.sheet.sheet is not None, timeout=SOON)
    assert lab.sheet.sheet is not None
    assert lab.sheet.sheet.pictures.shape[:2] == (8, 11)
    # Classes go by their names.
    lab.hold(4)
    assert lab.strip.accessibleDescription() == "capsule e is selected"
    lab.morph.wanted.emit(0)
    assert lab.morph.sides[0].text.text() == "capsule e"
    with qtbot.waitSignal(lab.saved, timeout=SOON):
        lab.export.menu().save_numbers(tmp_path / "n.json")
    document = json.loads((tmp_path / "n.json").read_text())
    assert (document["class"], document["class_name"]) == (4, "e")
    window.use_model("efficient-capsnet")
    rest(qtbot, window)
    assert len(lab.face.sliders) == 16


def test_pictures_are_enlarged_by_pixels_or_smoothly(qtbot: QtBot, lab: CapsuleLab) -> None:
    view, digit = lab.face.redrawn.view, picture(lab)

    def colours() -> set[int]:
        image = view.grab().toImage()
        # Within the frame's line.
        return {image.pixelColor(x, y).red() for x in range(2, view.width() - 2) for y in range(2, view.height() - 2)}

    own = {int(one) for one in np.unique(np.rint(255 * digit.clip(0, 1)))}
    by_pixels = view.grab().toImage()
    assert colours() <= own
    qtbot.mouseClick(lab.face.smooth, Qt.MouseButton.LeftButton, pos=QPoint(8, lab.face.smooth.height() // 2))
    assert lab.face.smooth.isChecked()
    assert view.grab().toImage() != by_pixels
    # A step between neighbours is gone over in smaller ones.
    image, scale = view.grab().toImage(), view.width() / 28
    row, column = np.unravel_index(np.abs(np.diff(digit, axis=1)).argmax(), (28, 27))
    y, left = int((row + 0.5) * scale), int((column + 0.5) * scale)
    along = [image.pixelColor(x, y).red() for x in range(left, left + int(scale) + 2)]
    assert max(np.abs(np.diff(along))) < 0.6 * 255 * np.abs(np.diff(digit, axis=1)).max()
    qtbot.mouseClick(lab.face.smooth, Qt.MouseButton.LeftButton, pos=QPoint(8, lab.face.smooth.height() // 2))
    assert view.grab().toImage() == by_pixels


def test_nothing_of_the_lab_is_clipped_at_the_least_size(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    window.resize(1024, 700)
    assert (window.width(), window.height()) == (1024, 700)

    def within() -> None:
        for widget in (
            lab.face.list,
            lab.strip,
            lab.face.again,
            lab.face.redrawn.legend,
            lab.face.keep,
            lab.face.reach,
            lab.face.difference,
        ):
            corner = widget.mapTo(window, widget.rect().bottomRight())
            assert corner.x() < 1024
            assert corner.y() < 700 - window.statusBar().height()

    qtbot.waitUntil(within, timeout=SOON)


def test_nothing_is_asked_while_the_lab_is_not_looked_at(window: MainWindow, qtbot: QtBot, draw: Draw) -> None:
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(2))
    settle(qtbot, window)
    assert window.lab.questions.model.times_asked == 0


@pytest.mark.slow
def test_the_held_class_in_the_strip_moves_with_the_sliders(qtbot: QtBot, lab: CapsuleLab) -> None:
    before = picture(lab)
    assert lab.strip.pictures is not None
    others = np.delete(lab.strip.pictures, 3, 0)
    lab.set_offsets((0.25,) * 16)
    moved = changed(qtbot, lab, before)
    assert np.array_equal(lab.strip.pictures[3], moved)
    assert np.array_equal(np.delete(lab.strip.pictures, 3, 0), others)
    # Left moved, it is shown moved.
    lab.hold(8)
    qtbot.waitUntil(lambda: not lab.busy, timeout=SOON)
    assert lab.strip.pictures[3] == pytest.approx(moved, abs=1e-5)
    assert lab.strip.pictures[8] == pytest.approx(picture(lab), abs=1e-5)


def test_the_buttons_stay_under_the_pointer_whichever_face_is_chosen(qtbot: QtBot, lab: CapsuleLab) -> None:
    places = set()
    for face in lab.faces:
        qtbot.mouseClick(face, Qt.MouseButton.LeftButton)
        qtbot.wait(20)  # laid out anew
        places.add(tuple(button.mapTo(lab, QPoint(0, 0)).toTuple() for button in (*lab.faces, lab.undo, lab.strip)))
    assert len(places) == 1
