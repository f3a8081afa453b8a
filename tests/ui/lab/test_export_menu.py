"""What is held in the lab, saved and copied; and a walk between two drawings."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from capsdraw.lab import export, perturbation
from capsdraw.nets import cards
from capsdraw.ui.lab import export_menu
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, Draw, digit
from .conftest import picture, rest


@pytest.mark.slow
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
    copies["Copy redrawn picture"].trigger()
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
    export.sheet(perturbation.sheet(session.decode, reading.capsules, 3, offsets), names, tmp_path / "own.png")
    with Image.open(path) as saved, Image.open(tmp_path / "own.png") as own:
        assert saved.size == own.size
        assert np.abs(np.asarray(saved, int) - np.asarray(own, int)).max() <= 1


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
