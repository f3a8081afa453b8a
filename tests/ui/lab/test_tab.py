"""The capsule lab in the real window: strip, sheet, routing and morph, for whatever net answers."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from capsdraw.lab import export, perturb
from capsdraw.lab.meaning import meanings
from capsdraw.lab.steps import sent
from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.ranges import from_card
from capsdraw.ui import theme
from capsdraw.ui.lab import export_menu
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


def test_another_model_is_asked_nothing_about_the_last_one_s_capsules(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    """Its numbers got the names of what the last model's ranges do to its decoder."""
    lab.hold(8)
    rest(qtbot, window)
    before = lab.questions.model.asked
    window.use_model("capsnet")
    assert lab.questions.model.asked == before
    assert lab.headline.text() == "Loading the net …"
    settle(qtbot, window)
    rest(qtbot, window)
    assert lab.label == 3
    card = cards.find("capsnet")
    ranges = from_card(card.ranges, 10, 16)
    assert ranges is not None
    found = meanings(window.models.cache.open(card).decode, ranges.middle, 3, ranges)
    assert [slider.name for slider in lab.face.sliders] == [one.name or "" for one in found]


def test_a_sheet_of_another_capsule_is_not_saved(window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw) -> None:
    lab.faces[1].click()
    qtbot.waitUntil(lambda: lab.sheet.sheet is not None, timeout=SOON)
    lab.faces[0].click()
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(6))
    rest(qtbot, window)
    assert lab.sheet.sheet is None


@pytest.mark.usefixtures("paper_net")
def test_a_place_pointed_at_is_forgotten_with_its_net(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    """A place of a table is no place of a grid: painting it would fail."""
    lab.faces[2].click()
    qtbot.waitUntil(lambda: lab.routing.lengths.scores is not None, timeout=SOON)
    qtbot.mouseMove(lab.routing.map, lab.routing.map.place(5).center().toPoint())
    window.use_model("small")
    rest(qtbot, window)
    qtbot.waitUntil(lambda: lab.routing.count.isEnabled(), timeout=SOON)
    lab.routing.map.grab()
    assert lab.routing.shared.scores is None


def test_a_question_that_fails_leaves_the_reading_alone(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.questions.routing, "ask", lambda *_: 1 / 0)
    headline = window.readout.headline.text()
    lab.faces[2].click()
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "ZeroDivisionError" in window.message.text
    assert window.readout.headline.text() == headline
    assert lab.label == 3
    assert not lab.busy


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


def test_by_keyboard_a_picture_of_the_sheet_is_gone_to_and_set(qtbot: QtBot, lab: CapsuleLab) -> None:
    lab.turn(1)
    qtbot.waitUntil(lambda: lab.sheet.sheet is not None, timeout=SOON)
    assert lab.sheet.sheet is not None
    lab.sheet.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        qtbot.keyClick(lab.sheet, key)
    assert not any(lab.face.offsets())  # only looked at so far
    amount = float(lab.sheet.sheet.amounts[4])
    assert lab.sheet.accessibleDescription() == f"Number 3 moved by {amount:+.2f}"
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
    assert "Keras CNN keeps no capsules" in lab.none.why.text()
    qtbot.mouseClick(lab.none.offer, Qt.MouseButton.LeftButton)
    assert cards.find(window.reader.model).kind == "capsule"
    rest(qtbot, window)
    assert np.array_equal(picture(lab), window.readout.picture.digit)


def user_s_own(home: Path, name: str, family: str, **options: int) -> Card:
    """A capsule net among the user's own models, with random weights."""
    model = zoo.build(family, **options)
    digest = zoo.save(model, home / "models" / f"{name}.keras")
    classes = model.output["lengths"].shape[-1]
    card = Card(
        name, name.title(), "capsule", (28, 28, 1), classes, 1, "", "", 1, 1, None, 0, digest,
        labels=tuple("abcdefghijklmnopqrstuvwxyz") if classes == 26 else (),
    )  # fmt: skip
    cards.write(card, home / "models" / f"{name}.json")
    return card


@pytest.fixture
def letters(own_home: Path) -> Card:
    """A net of 26 classes with 8 numbers each."""
    return user_s_own(own_home, "letters", "efficient-capsnet", classes=26, size=8, channels=8)


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
    assert lab.strip.accessibleDescription() == "capsule e is held"
    lab.morph.wanted.emit(0)
    assert lab.morph.sides[0].text.text() == "capsule e"
    with qtbot.waitSignal(lab.saved, timeout=SOON):
        lab.export.menu().save_numbers(tmp_path / "n.json")
    document = json.loads((tmp_path / "n.json").read_text())
    assert (document["class"], document["class_name"]) == (4, "e")
    window.use_model("efficient-capsnet")
    rest(qtbot, window)
    assert len(lab.face.sliders) == 16


@pytest.fixture
def paper_net(own_home: Path) -> Card:
    """A small CapsNet."""
    return user_s_own(own_home, "small", "capsnet", **zoo.TINY["capsnet"])


@pytest.mark.usefixtures("paper_net")
def test_routing_is_shown_by_step_and_place_and_can_take_more_steps(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    window.use_model("small")
    rest(qtbot, window)
    lab.faces[2].click()
    view = lab.routing
    qtbot.waitUntil(lambda: view.lengths.scores is not None, timeout=SOON)
    assert (view.step.minimum(), view.step.maximum(), view.count.value()) == (0, 3, 3)
    # The last iteration's capsules are made with what two updates led to.
    assert view.step.value() == 2
    assert "After update 2 of 3, the answer: " in view.after.text()
    assert view.lengths.scores == pytest.approx(window.readout.bars.scores, abs=1e-4)
    qtbot.mouseMove(view.map, view.map.place(2, 4).center().toPoint())
    assert view.shared.scores is not None
    assert view.shared.scores.sum() == pytest.approx(1, abs=1e-5)
    view.step.setValue(0)
    assert view.shared.scores == pytest.approx(0.1, abs=1e-5)
    assert "Before any update: " in view.after.text()
    assert view.entropy.text() == "Entropy of the coupling 3.32 of 3.32 bits"
    view.step.setValue(3)
    assert "After update 3 of 3, not used: " in view.after.text()
    view.step.setValue(1)
    view.count.setValue(7)
    qtbot.waitUntil(lambda: view.step.maximum() == 7, timeout=SOON)
    assert view.step.value() == 1
    view.step.setValue(6)
    view.count.setValue(2)
    qtbot.waitUntil(lambda: view.step.maximum() == 2, timeout=SOON)
    assert view.step.value() == 1
    window.panel.canvas.clear()
    assert view.lengths.scores is None


@pytest.mark.usefixtures("paper_net")
def test_the_heat_map_s_colours_are_the_coupling(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    """Told by the painted pixels, as by an eye: the brighter, the more a place sends to the held class."""
    window.use_model("small")
    rest(qtbot, window)
    lab.faces[2].click()
    view = lab.routing
    qtbot.waitUntil(lambda: view.lengths.scores is not None, timeout=SOON)
    votes, steps = view._votes, view._steps
    assert votes is not None
    assert len(steps) == votes.iterations + 1
    # A digit of paper alone: what is painted is the heat.
    view.show_routing(np.zeros((28, 28), np.float32), votes, steps, 3)
    most = max(float(sent(step, votes)[..., 3].max()) for step in steps)
    blue = theme.DARK.says.blue()
    for at, step in enumerate(steps):
        assert step.coupling.sum(1) == pytest.approx(1, abs=1e-5)
        view.step.setValue(at)
        image = view.map.grab().toImage()
        heat = sent(step, votes)[..., 3] / most
        for place in np.ndindex(6, 6):
            painted = image.pixelColor(view.map.place(*place).center().toPoint()).blue()
            assert painted == pytest.approx(0.9 * heat[place] * blue, abs=2)


@pytest.mark.usefixtures("paper_net")
def test_what_routing_comes_to_is_read_whole_in_the_least_window(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    window.resize(1024, 700)
    window.use_model("small")
    rest(qtbot, window)
    lab.faces[2].click()
    view = lab.routing
    qtbot.waitUntil(lambda: view.lengths.scores is not None, timeout=SOON)
    view.count.setValue(10)
    qtbot.waitUntil(lambda: view.step.maximum() == 10, timeout=SOON)
    for at in range(11):
        view.step.setValue(at)
        for words in (view.after, view.entropy):
            assert words.width() >= words.fontMetrics().horizontalAdvance(words.text()), words.text()
    qtbot.mouseMove(view.map, QPoint(1, 1))
    assert view._under.width() >= view._under.fontMetrics().horizontalAdvance(view._under.text())


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
    image, scale = view.grab().toImage(), view.width() // 28
    row, column = np.unravel_index(np.abs(np.diff(digit, axis=1)).argmax(), (28, 27))
    y, left = int((row + 0.5) * scale), int((column + 0.5) * scale)
    along = [image.pixelColor(x, y).red() for x in range(left, left + scale + 1)]
    assert max(np.abs(np.diff(along))) < 0.6 * 255 * np.abs(np.diff(digit, axis=1)).max()
    qtbot.mouseClick(lab.face.smooth, Qt.MouseButton.LeftButton, pos=QPoint(8, lab.face.smooth.height() // 2))
    assert view.grab().toImage() == by_pixels


def test_self_attention_is_shown_as_a_table(qtbot: QtBot, lab: CapsuleLab) -> None:
    lab.faces[2].click()
    qtbot.waitUntil(lambda: lab.routing.lengths.scores is not None, timeout=SOON)
    assert not lab.routing.count.isEnabled()
    assert lab.routing.count.value() == 1
    assert lab.routing.after.text() == "The net's answer: 3"
    qtbot.mouseMove(lab.routing.map, lab.routing.map.place(5).center().toPoint())
    assert lab.routing.shared.scores is not None
    assert lab.routing.shared.scores.sum() == pytest.approx(1, abs=1e-5)


def test_nothing_of_the_lab_is_clipped_at_the_least_size(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    window.resize(1024, 700)
    assert (window.width(), window.height()) == (1024, 700)

    def within() -> None:
        for widget in (*lab.face.sliders, lab.strip, lab.face.again, lab.face.reach, lab.face.difference):
            corner = widget.mapTo(window, widget.rect().bottomRight())
            assert corner.x() < 1024
            assert corner.y() < 700 - window.statusBar().height()

    qtbot.waitUntil(within, timeout=SOON)


def test_nothing_is_asked_while_the_lab_is_not_looked_at(window: MainWindow, qtbot: QtBot, draw: Draw) -> None:
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(2))
    settle(qtbot, window)
    assert window.lab.questions.model.asked == 0


def test_a_morph_walks_between_two_drawings_and_is_saved(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw, tmp_path: Path
) -> None:
    lab.faces[3].click()
    qtbot.mouseClick(lab.morph.keep[0], Qt.MouseButton.LeftButton)
    first = picture(lab)
    window.panel.canvas.clear()
    qtbot.mouseClick(lab.morph.keep[1], Qt.MouseButton.LeftButton)
    assert "nothing is read yet" in window.message.text
    draw(window.panel.canvas, digit(6))
    rest(qtbot, window)
    qtbot.mouseClick(lab.morph.keep[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lab.morph.frames is not None, timeout=SOON)
    assert lab.morph.between.digit == pytest.approx(first, abs=1e-5)
    lab.morph.place.setValue(lab.morph.place.maximum())
    assert lab.morph.between.digit == pytest.approx(picture(lab), abs=1e-5)
    qtbot.mouseClick(lab.morph.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: lab.morph.place.value() < lab.morph.place.maximum() - 2, timeout=SOON)
    lab.faces[0].click()
    assert not lab.morph.play.isChecked()
    with qtbot.waitSignal(lab.saved, timeout=SOON) as said:
        lab.export.menu().save_morph(tmp_path / "m.gif")
    assert said.args == ["saved m.gif"]
    with Image.open(tmp_path / "m.gif") as image:
        assert image.n_frames > 40
    window.use_model("keras-cnn")
    assert lab.morph.frames is None


def test_what_is_held_is_saved_and_copied(window: MainWindow, qtbot: QtBot, lab: CapsuleLab, tmp_path: Path) -> None:
    lab.set_offsets((0.1, *[0.0] * 15))
    qtbot.waitUntil(lambda: not lab.busy, timeout=SOON)
    menu = lab.export.menu()
    for save, name in ((menu.save_picture, "p.png"), (menu.save_numbers, "n.json"), (menu.save_numbers, "n.csv")):
        with qtbot.waitSignal(lab.saved, timeout=SOON):
            save(tmp_path / name)
    with Image.open(tmp_path / "p.png") as image:
        assert np.asarray(image, np.float32)[5::10, 5::10] / 255 == pytest.approx(picture(lab), abs=1 / 500)
    assert json.loads((tmp_path / "n.json").read_text())["numbers"][0]["offset"] == pytest.approx(0.1)
    menu.save_morph(tmp_path / "m.gif")
    assert "there is no morph yet" in window.message.text
    with qtbot.waitSignal(window.jobs.failed, timeout=SOON):
        menu.save_picture(tmp_path / "p.png" / "no.png")
    assert "cannot save 'no.png'" in window.message.text
    clipboard, copies = QGuiApplication.clipboard(), {one.text(): one for one in menu.actions()}
    copies["Copy numbers"].trigger()
    rows = list(csv.DictReader(io.StringIO(clipboard.text())))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, 17)]
    assert all((row["model"], row["class"], row["class_name"]) == ("efficient-capsnet", "3", "3") for row in rows)
    assert [row["name"] for row in rows] == [slider.name for slider in lab.face.sliders]
    assert [float(row["offset"]) for row in rows] == pytest.approx(lab.face.offsets())
    assert [float(row["value"]) for row in rows] == pytest.approx(
        [slider.own + slider.offset for slider in lab.face.sliders], abs=1e-5
    )
    copies["Copy redrawn digit"].trigger()
    image = clipboard.image().convertToFormat(QImage.Format.Format_Grayscale8)
    assert (image.width(), image.height()) == (280, 280)
    greys = np.array(image.constBits()).reshape(280, -1)[5::10, 5:280:10]
    assert greys / 255 == pytest.approx(picture(lab), abs=1 / 500)


def test_the_sheet_that_is_saved_is_of_the_numbers_held_now(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was the one looked at last, and none where none had been looked at."""
    offsets = (0.25, -0.2, *[0.1] * 14)
    lab.set_offsets(offsets)
    assert lab.sheet.sheet is None
    path = tmp_path / "s.png"
    monkeypatch.setattr(export_menu, "ask_where", lambda *_: path)
    said: list[str] = []
    lab.saved.connect(said.append)
    next(one for one in lab.export.menu().actions() if one.text() == "Sheet …").trigger()
    window.panel.canvas.clear()  # it is saved all the same
    qtbot.waitUntil(lambda: said == ["saved s.png"], timeout=SOON)
    window.panel.canvas.undo()
    rest(qtbot, window)
    session, reading = window.models.cache.open(cards.find("efficient-capsnet")), lab._reading
    assert reading is not None
    assert reading.capsules is not None
    names = [slider.name for slider in lab.face.sliders]
    export.sheet(perturb.sheet(session.decode, reading.capsules, 3, offsets), names, tmp_path / "own.png")
    with Image.open(path) as saved, Image.open(tmp_path / "own.png") as own:
        assert saved.size == own.size
        assert np.abs(np.asarray(saved, int) - np.asarray(own, int)).max() <= 1


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


def test_what_is_kept_for_a_morph_is_shown_as_its_numbers_are(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, tmp_path: Path
) -> None:
    """Kept right after a move, before its picture came, an end showed the picture before the move."""
    menu, before = lab.export.menu(), picture(lab)
    save = next(one for one in menu.actions() if one.text() == "Morph …")
    menu.offer()
    assert not save.isEnabled()
    assert "keep two drawings" in save.toolTip()
    lab.turn(3)
    lab.set_offsets((0.25,) * 16)
    lab.morph.keep[0].click()
    lab.set_offsets((-0.25,) * 16)
    lab.morph.keep[1].click()
    qtbot.waitUntil(lambda: lab.morph.frames is not None, timeout=SOON)
    assert lab.morph.frames is not None
    for side, frame in zip(lab.morph.sides, lab.morph.frames[[0, -1]], strict=True):
        assert np.array_equal(side.view.digit, frame)
        assert np.abs(frame - before).max() > 0.05
    # The walk can be saved from an empty canvas; there is nothing else to save.
    window.panel.canvas.clear()
    assert lab.export.isEnabled()
    menu.offer()
    assert [one.text() for one in menu.actions() if one.isEnabled() and one.text()] == ["Morph …"]
    with qtbot.waitSignal(lab.saved, timeout=SOON):
        menu.save_morph(tmp_path / "m.gif")
    window.use_model("keras-cnn")
    assert not lab.export.isEnabled()
