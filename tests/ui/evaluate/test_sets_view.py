"""Several models on many sets, in the real window: the verdict, the images, and a set that is kept."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets.npz import load_npz
from capsdraw.datasets.opening import open_data
from capsdraw.datasets.sources import FASHION_CLASSES
from capsdraw.evaluate import luck, sets
from capsdraw.ink.raster import from_bytes
from capsdraw.lab.gradcam import GradCam
from capsdraw.nets import cards, zoo
from capsdraw.nets.cache import SessionCache
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session
from capsdraw.ui.evaluate import exports
from capsdraw.ui.evaluate.examiner import Comparison
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Measure, ended

SETS = 5


def tick(tab: EvaluateTab, *names: str) -> None:
    """Tick these models, and no others."""
    items = [tab.sets.models.item(row) for row in range(tab.sets.models.count())]
    for wanted in (False, True):  # first those that are not wanted: a model of other images cannot be ticked
        for item in items:
            if (item.data(Qt.ItemDataRole.UserRole) in names) == wanted:
                item.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)


def compare(qtbot: QtBot, tab: EvaluateTab, data: Path, *names: str) -> Comparison:
    """Open Sets, tick, draw 50 sets of 5 each, click Start, wait."""
    qtbot.mouseClick(tab.faces[SETS], Qt.MouseButton.LeftButton)
    tick(tab, *names)
    tab.data.put(str(data))
    tab.sets.each.put(5)
    tab.sets.count.put(50)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.compared is not None
    return tab.compared


def test_two_models_are_compared_in_words_and_by_their_images(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, digits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = measure("mlp").result
    opened: list[str] = []
    plain = SessionCache.open
    monkeypatch.setattr(
        SessionCache, "open", lambda of, card, *rest: opened.append(card.name) or plain(of, card, *rest)
    )
    found = compare(qtbot, tab, digits, "efficient-capsnet", "mlp")
    assert opened == ["efficient-capsnet"]  # the other is known
    assert found.results[1] is known

    first, second = (one.right for one in found.results)
    only = np.flatnonzero(first & ~second), np.flatnonzero(second & ~first)
    p = min(1.0, 2 * luck.mcnemar(len(only[0]), len(only[1])))
    assert p < 0.01
    item = tab.sets.pairs.item(0)
    errors = int((~first).sum()), int((~second).sum())
    assert item.text() == f"Efficient-CapsNet is better than MLP: {errors[0]} errors against {errors[1]} (p = {p:.4f})"
    assert tab.sets.headline.text() == "Signal: the two models differ on all of the data."
    labels = found.data.test_labels
    lead = sum(5 * (first[labels == one].mean() - second[labels == one].mean()) for one in range(10))
    deviation = found.report.pairs[0].deviation
    assert f"On a set of this size a lead of {lead:+.1f} ± {deviation:.1f} images is expected." in tab.sets.about.text()
    assert [one.index for one in tab.sets.gallery.items] == only[0].tolist()
    qtbot.mouseClick(tab.sets.only[1], Qt.MouseButton.LeftButton)
    assert [one.index for one in tab.sets.gallery.items] == only[1].tolist()
    qtbot.mouseClick(tab.sets.only[0], Qt.MouseButton.LeftButton)
    wall = tab.sets.gallery.wall
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    assert np.array_equal(window.panel.canvas.sketch.picture, from_bytes(found.data.test_images[only[0][0]]))
    # Read by the one of the two that misread it.
    assert window.reader.model == "mlp"


def test_a_set_is_chosen_seen_and_kept_as_data(
    qtbot: QtBot,
    window: MainWindow,
    tab: EvaluateTab,
    digits: Path,
    tmp_path: Path,
    measure: Measure,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = compare(qtbot, tab, digits, "mlp", "tutorial-cnn")
    [pair] = found.report.pairs
    assert not tab.sets.keep.isEnabled()  # the first line is all of the data
    place = tab.sets.sets.visualItemRect(tab.sets.sets.item(1, 1)).center()
    qtbot.mouseClick(tab.sets.sets.viewport(), Qt.MouseButton.LeftButton, pos=place)
    chosen = tab.sets.chosen
    assert chosen is pair.top_sets[0]
    shown = {one.index for one in tab.sets.gallery.items}
    assert not len(chosen.first_only)
    assert shown == set(chosen.second_only.tolist()) <= set(chosen.images.tolist())
    assert tab.sets.keep.isEnabled()
    asked: list[str] = []
    monkeypatch.setattr(exports, "ask_where", lambda _, title, *__: asked.append(title) or tmp_path / "set.npz")
    qtbot.mouseClick(tab.sets.keep, Qt.MouseButton.LeftButton)
    parts = "50 test images, the other 550 for training"
    assert asked == [f"Save the set: {parts}"]
    qtbot.waitUntil(lambda: f"saved set.npz ({parts})" in window.statusBar().currentMessage(), timeout=LONG)
    kept, pool = open_data(tmp_path / "set.npz"), load_npz(digits, "pen")
    assert np.array_equal(kept.test_images, pool.test_images[chosen.images])
    assert len(kept.train_labels) == 600 - 50
    qtbot.mouseClick(tab.faces[0], Qt.MouseButton.LeftButton)
    assert measure("mlp", tmp_path / "set.npz").result.errors == 50 - chosen.right[0]


def test_what_was_found_is_saved_as_a_table_and_a_picture(
    qtbot: QtBot, tab: EvaluateTab, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered() -> list[tuple[str, bool]]:
        """What the menu shows when it is opened, and whether it can be chosen."""
        tab.exports.aboutToShow.emit()  # no menu can be opened without a screen
        return [(one.text(), one.isEnabled()) for one in tab.exports.actions() if one.isVisible()]

    assert ("Calibration …", False) in offered()
    qtbot.mouseClick(tab.faces[SETS], Qt.MouseButton.LeftButton)
    assert tab.export.isVisible()
    assert offered() == [("Table of sets …", False), ("Images that make the difference …", False)]
    found = compare(qtbot, tab, digits, "mlp", "tutorial-cnn")
    assert offered() == [("Table of sets …", True), ("Images that make the difference …", True)]
    said: list[str] = []
    tab.saved.connect(said.append)
    endings = {"Save: Table of sets": ".csv", "Save: Images that make the difference": ".png"}

    def ask(_: object, title: str, name: str, __: object) -> Path:
        tab.exports.show_compared(replace(found, results=found.results[::-1]))  # compared while the dialog is open
        return tmp_path / (name + endings[title])

    monkeypatch.setattr(exports, "ask_where", ask)
    tab.exports.findings.trigger()
    tab.exports.difference.trigger()
    tab.sets.sets.selectRow(1)
    tab.exports.save_difference(tmp_path / "set.png")
    qtbot.waitUntil(lambda: len(said) == 3, timeout=LONG)
    with (tmp_path / "pen-sets.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    [pair] = found.report.pairs
    assert (rows[0]["first model"], rows[0]["second model"]) == ("mlp", "tutorial-cnn")
    assert [row["set"] for row in rows] == ["all", *(str(one.number + 1) for one in pair.top_sets)]
    heights = []
    for name in ("pen-difference.png", "set.png"):
        with Image.open(tmp_path / name) as picture:
            heights.append(picture.height)
    assert heights[0] > heights[1]  # one has the images of a set, the other those of all


def test_a_set_that_differs_in_a_way_of_its_own_is_shown_first(qtbot: QtBot, tab: EvaluateTab, digits: Path) -> None:
    """On it the worse model leads, by less than the better one does on others: it stands at the list's end."""
    found = compare(qtbot, tab, digits, "efficient-capsnet", "mlp")
    random = np.random.default_rng(0)
    right = random.random((2, 600)) >= np.array([[0.02], [0.5]])
    right[0, found.sets[7]] = random.random(50) >= 0.3
    right[1, found.sets[7]] = True
    report = sets.find(right, found.data.test_labels, found.sets, shuffles=200)
    assert [one.number for one in report.pairs[0].top_sets if one.verdict == sets.SetVerdict.HERE] == [7]
    tab.sets.show_found(replace(found, report=report))
    chosen = tab.sets.chosen
    assert chosen is not None
    assert chosen.number == 7
    assert chosen is report.pairs[0].top_sets[-1]
    line = tab.sets.sets.visualItemRect(tab.sets.sets.item(tab.sets.sets.currentRow(), 0))
    assert tab.sets.sets.viewport().rect().contains(line.center())
    assert {one.index for one in tab.sets.gallery.items} <= set(found.sets[7].tolist())
    assert tab.sets.headline.text() == "Signal: the models differ on one set in particular."


def test_the_same_model_twice_is_luck(qtbot: QtBot, window: MainWindow, own_home: Path, digits: Path) -> None:
    """A teacher who compares a model with itself must not be sent to look for reasons."""
    models = own_home / "models"
    models.mkdir()
    card = json.loads((Path("trained") / "mlp.json").read_text())
    (models / "twin.json").write_text(json.dumps({**card, "name": "twin", "title": "Twin"}))
    shutil.copy(Path("trained") / "mlp.keras", models / "twin.keras")
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("twin") >= 0, timeout=LONG)
    compare(qtbot, tab, digits, "mlp", "twin")
    assert tab.sets.headline.text() == "No signal: the differences are no more than luck."
    assert tab.sets.pairs.item(0).text().endswith("no more than luck (p = 1.00)")
    assert not tab.sets.gallery.items
    assert tab.sets.under.text() == "There are no such images."
    qtbot.mouseClick(tab.sets.change, Qt.MouseButton.LeftButton)
    assert tab.sets.models.isVisible()


def test_only_what_can_be_compared_can_be_ticked_and_started(qtbot: QtBot, tab: EvaluateTab) -> None:
    qtbot.mouseClick(tab.faces[SETS], Qt.MouseButton.LeftButton)
    assert not tab.start.isEnabled()
    tick(tab, "mlp")
    assert not tab.start.isEnabled()
    able = {
        item.data(Qt.ItemDataRole.UserRole)
        for row in range(tab.sets.models.count())
        if (item := tab.sets.models.item(row)).flags() & Qt.ItemFlag.ItemIsEnabled
    }
    assert "keras-cnn" in able
    assert "cifar-cnn" not in able
    tick(tab, "mlp", "keras-cnn")
    assert tab.start.isEnabled()
    tab.sets.each.put(0)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert not tab.examiner.busy
    assert tab.sets.each.reason == "expected 1 to 1,000"
    tab.sets.each.put(1000)
    tab.sets.count.put(10_000)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert tab.sets.count.reason == "at most 200 of this size"


def test_models_of_other_classes_cannot_be_ticked_and_names_of_the_data_are_shown(
    qtbot: QtBot, window: MainWindow, own_home: Path, digits: Path, tmp_path: Path
) -> None:
    own = cards.find("mlp")
    for name, labels in (("fashion", FASHION_CLASSES), ("fashion-too", FASHION_CLASSES)):
        cards.write(replace(own, name=name, title=name, labels=labels), own_home / "models" / f"{name}.json")
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("fashion") >= 0, timeout=LONG)
    qtbot.mouseClick(tab.faces[SETS], Qt.MouseButton.LeftButton)

    def ticked_with(name: str) -> dict[str, str]:
        """Which can be ticked beside it, and why not."""
        tick(tab, name)
        items = [tab.sets.models.item(row) for row in range(tab.sets.models.count())]
        return {one.data(Qt.ItemDataRole.UserRole): one.toolTip() for one in items}

    reasons = ticked_with("mlp")
    assert reasons["fashion"] == "It knows other classes than the ticked models"
    assert reasons["keras-cnn"] == ""
    reasons = ticked_with("fashion")
    assert (reasons["fashion-too"], reasons["mlp"] != "") == ("", True)

    with np.load(digits) as pool:
        np.savez(tmp_path / "named.npz", **pool, names=[f"the {number}" for number in range(10)])
    compare(qtbot, tab, tmp_path / "named.npz", "mlp", "tutorial-cnn")
    qtbot.mouseClick(tab.sets.only[1], Qt.MouseButton.LeftButton)
    assert {one.true.split()[0] for one in tab.sets.gallery.items} == {"the"}
    assert "The model does not name its classes" in tab.sets.about.text()


def test_sets_larger_than_the_data_are_one_line(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, digits: Path
) -> None:
    qtbot.mouseClick(tab.faces[SETS], Qt.MouseButton.LeftButton)
    tick(tab, "mlp", "keras-cnn")
    tab.data.put(str(digits))
    tab.sets.each.put(400)
    tab.sets.count.put(10)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert window.message.text.startswith("cannot draw 400 images of each class")
    assert tab.sets.models.isVisible()  # what was ticked is still there
    assert len(tab.sets.ticked()) == 2


def test_an_image_that_is_clicked_shows_what_spoke_for_each_answer(
    qtbot: QtBot, tab: EvaluateTab, digits: Path
) -> None:
    found = compare(qtbot, tab, digits, "tutorial-cnn", "mlp")
    heats = tab.sets.heats
    assert heats.pictures[0].digit is None
    wall = tab.sets.gallery.wall
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    # In the order in which they are listed.
    assert [card.name for card in found.cards] == ["mlp", "tutorial-cnn"]
    qtbot.waitUntil(lambda: heats.pictures[1].heat is not None, timeout=LONG)
    index = tab.sets.gallery.items[0].index
    image = from_bytes(found.data.test_images[index])
    read = [int(one.read[index]) for one in found.results]
    heat = heats.pictures[1].heat
    assert heat is not None
    assert heat.label == read[1] != read[0]
    expected = GradCam(Session.open(found.cards[1])).map(image, read[1])
    assert heat.layer == expected.layer == "conv2"
    assert heat.map == pytest.approx(expected.map, abs=1e-4)
    # A net without convolutions says so, and shows the image all the same.
    assert heats.pictures[0].heat is None
    assert np.array_equal(heats.pictures[0].digit, image)
    assert f"MLP reads a{'n' if read[0] == 8 else ''} {read[0]}; 'mlp' has no convolutions" in heats.status[0].text()
    assert not tab.examiner.busy


def test_the_side_that_has_the_images_is_shown_and_no_empty_pictures(
    qtbot: QtBot, tab: EvaluateTab, digits: Path
) -> None:
    found = compare(qtbot, tab, digits, "efficient-capsnet", "mlp")
    sides = [(len(one.first_only), len(one.second_only)) for one in found.report.pairs[0].top_sets]
    line = next(number for number, (first, second) in enumerate(sides, 1) if first and not second)
    qtbot.mouseClick(tab.sets.only[1], Qt.MouseButton.LeftButton)
    tab.sets.sets.selectRow(line)
    assert tab.sets.only[0].isChecked()
    assert len(tab.sets.gallery.items) == sides[line - 1][0]
    assert tab.sets.heats.isVisible()
    qtbot.mouseClick(tab.sets.only[1], Qt.MouseButton.LeftButton)  # asked for by name: there are none
    assert tab.sets.gallery.items == []
    assert not tab.sets.heats.isVisible()


def test_what_spoke_for_an_image_that_is_gone_is_not_shown(qtbot: QtBot, tab: EvaluateTab, digits: Path) -> None:
    compare(qtbot, tab, digits, "tutorial-cnn", "mlp")
    heats, wall = tab.sets.heats, tab.sets.gallery.wall
    answered: list[object] = []
    tab.examiner.explained.connect(lambda number, _: answered.append(number))
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    qtbot.mouseClick(tab.sets.only[1], Qt.MouseButton.LeftButton)  # other images, before the answer
    qtbot.waitUntil(lambda: bool(answered), timeout=LONG)
    assert heats.pictures[1].heat is None
    assert heats.status[0].text().startswith("Click an image")


def test_two_nets_of_photographs_are_explained_in_colour(
    qtbot: QtBot, window: MainWindow, own_home: Path, colour_model: Card, tmp_path: Path
) -> None:
    net = zoo.build("cifar-cnn", **zoo.TINY["cifar-cnn"])
    digest = zoo.save(net, own_home / "models" / "other.keras")
    cards.write(replace(colour_model, name="other", title="Other", sha256=digest), own_home / "models" / "other.json")
    generator = np.random.default_rng(0)
    np.savez(
        tmp_path / "colour.npz", x_test=generator.integers(0, 256, (200, 32, 32, 3), np.uint8),
        y_test=np.repeat(np.arange(10), 20),
    )  # fmt: skip
    window.tabs.setCurrentWidget(window.evaluate)
    tab = window.evaluate
    qtbot.waitUntil(lambda: tab.model.findData("other") >= 0, timeout=LONG)
    compare(qtbot, tab, tmp_path / "colour.npz", "photographs", "other")
    if not tab.sets.gallery.items:
        qtbot.mouseClick(tab.sets.only[1], Qt.MouseButton.LeftButton)
    wall, heats = tab.sets.gallery.wall, tab.sets.heats
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    qtbot.waitUntil(lambda: all(one.heat is not None for one in heats.pictures), timeout=LONG)
    assert heats.pictures[0].digit is not None
    assert heats.pictures[0].digit.shape == (32, 32, 3)
    assert heats.status[0].text().startswith("Other reads a")
    assert heats.status[1].text().startswith("Photographs reads a")
    # Painted in colour: dimmed, but not grey.
    colour = heats.pictures[0].grab().toImage().pixelColor(3, 3)
    assert len({colour.red(), colour.green(), colour.blue()}) > 1
