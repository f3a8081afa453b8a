"""A net of 26 letters: no view takes it for one of ten digits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import letters
from capsdraw.datasets.sources import CAPITALS
from capsdraw.fit import runs
from capsdraw.fit.snapshots import one_of_each
from capsdraw.ink.intake import DIGITS
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card
from capsdraw.ui.evaluate import examiner
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.rooms import CAPSULE, COMPARE, EVALUATE, INSIDE, READ

from ..made import made_card
from .conftest import FIRST, SOON, settle

LEFT = Qt.MouseButton.LeftButton
LONG = 600_000


def a_letter(name: str) -> Sketch:
    return Sketch(fitted(letters.drawing(name, np.random.default_rng(4))), label=name)


@pytest.fixture
def capitals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Card:
    """A capsule net of 26 letters among the user's own, with random weights."""
    home = tmp_path / "home"
    monkeypatch.setenv("CAPSDRAW_HOME", str(home))
    net = zoo.build("efficient-capsnet", classes=26, size=8, channels=8)
    digest = zoo.save(net, home / "models" / "capitals.keras")
    ranges = tuple(tuple((-0.1, 0.0, 0.1) for _ in range(8)) for _ in range(26))
    card = made_card(
        name="capitals", title="Capitals", kind="capsule", classes=26, sha256=digest, labels=CAPITALS, ranges=ranges,
        data_set="synthetic-letters", pictures=DIGITS,
    )  # fmt: skip
    cards.write(card, home / "models" / "capitals.json")
    return cards.find("capitals")


@pytest.fixture
def at_letters(capitals: Card, window: MainWindow, qtbot: QtBot) -> MainWindow:
    """The window with that net, and an R on its canvas."""
    window.use_model(capitals.name)
    window.panel.canvas.show_sketch(a_letter("R"))
    with qtbot.waitSignal(window.answers.answered, timeout=FIRST):
        pass
    settle(qtbot, window)
    return window


def test_every_view_follows_a_net_of_letters(
    at_letters: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(letters.data(0, 52), pictures=DIGITS)
    monkeypatch.setattr(examiner, "open_data", lambda *_, **__: few)
    for see in (read_is_of_letters, capsule_is, inside_is, compare_is, evaluate_is, tour_is_of_digits, canvas_is):
        see(at_letters, qtbot)
    theatre_looks_at_all(few.test_images, few.test_labels)


def read_is_of_letters(window: MainWindow, _: QtBot) -> None:
    scores = window.readout.bars.scores
    assert scores is not None
    assert len(scores) == 26
    assert window.readout.why.text().startswith(f"Length of {CAPITALS[int(scores.argmax())]}: ")
    assert window.panel.glance.bars.tip(window.panel.glance.bars.rect().topLeft()).startswith("A: ")
    assert "digit" not in window.readout._note.text()


def capsule_is(window: MainWindow, qtbot: QtBot) -> None:
    lab = window.lab
    window.tabs.setCurrentIndex(CAPSULE)
    qtbot.waitUntil(lambda: lab.strip.pictures is not None and not lab.busy, timeout=SOON)
    assert len(lab.strip.pictures) == 26  # type: ignore[arg-type]
    lab.hold(17)
    assert lab.headline.text().startswith("Capsule R, the ")
    assert lab.strip.words(25) == "capsule Z is selected"
    lab.routing.turn(1)
    lab.turn(2)
    qtbot.waitUntil(lambda: bool(lab.routing.film.scenes), timeout=FIRST)
    assert lab.routing.film.scenes[0].label == 17
    assert lab.routing.plane.text().startswith("R and its ")
    assert not lab.routing.one_step.offer.isVisibleTo(lab.routing)  # CapsNet knows digits


def inside_is(window: MainWindow, qtbot: QtBot) -> None:
    inside = window.inside
    window.tabs.setCurrentIndex(INSIDE)
    qtbot.waitUntil(lambda: inside.anatomy is not None and not inside.busy, timeout=FIRST)
    assert [inside.heat.label.itemText(row) for row in range(1, 27)] == list(CAPITALS)
    assert not inside.images.isVisible()  # it reads what is drawn
    inside.open_maps("encoder/digit_capsules")
    qtbot.waitUntil(lambda: inside.maps.current is not None and not inside.busy, timeout=SOON)
    assert inside.maps.tiles.name(25).endswith(" Z")


def compare_is(window: MainWindow, qtbot: QtBot) -> None:
    """Nets of other classes are there only where they are ticked."""
    tab = window.compare
    window.tabs.setCurrentIndex(COMPARE)
    assert [column.card.name for column in tab.columns] == ["capitals"]
    qtbot.waitUntil(lambda: tab.headline.text().startswith("It reads "), timeout=SOON)
    tab.choose("mlp", True)
    assert [column.card.name for column in tab.columns] == ["mlp", "capitals"]
    qtbot.waitUntil(lambda: tab.headline.text().startswith("They know different classes: MLP reads "), timeout=SOON)
    qtbot.waitUntil(lambda: "MLP has no class R" in tab.status.text(), timeout=SOON)
    assert tab.wanted.currentText() == "R"


def evaluate_is(window: MainWindow, qtbot: QtBot) -> None:
    tab = window.evaluate
    window.tabs.setCurrentIndex(EVALUATE)
    qtbot.waitUntil(lambda: tab.model.currentData() == "capitals", timeout=SOON)
    assert tab.data.value() == "synthetic-letters"
    qtbot.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: tab.examined is not None, timeout=FIRST)
    table = tab.result.table
    assert [item.text() for row in range(26) if (item := table.item(row, 0)) is not None] == list(CAPITALS)
    assert tab.confusion.matrix.words(17 * 26 + 25) == "R, read as Z"
    with qtbot.waitSignal(tab.wanted, timeout=SOON) as picked:
        tab._pick_found(17)
    assert ", labelled R; Capitals read " in picked.args[1]
    assert picked.args[2] == "R"


def theatre_looks_at_all(images: np.ndarray, labels: np.ndarray) -> None:
    """Ten of 26 classes are looked at in training: not the first ten of the alphabet."""
    assert one_of_each(images, labels)[1].tolist() == [0, 3, 6, 8, 11, 14, 17, 19, 22, 25]


def tour_is_of_digits(window: MainWindow, _: QtBot) -> None:
    """Its cards speak of a bar for each digit, whichever net was chosen before; at its end that is back."""
    window.tabs.setCurrentIndex(READ)
    window.teaching.teacher.start_tour()
    assert window.reader.model == cards.DEFAULT_MODEL
    window.teaching.teacher.tour.end()
    assert window.reader.model == "capitals"


def canvas_is(window: MainWindow, _: QtBot) -> None:
    assert window.test_digit.text() == "&Test letter"
    window.test_digit.trigger()
    label = window.panel.canvas.sketch.label
    assert label in CAPITALS
    assert window.statusBar().currentMessage() == f"CapsDraw's own pen drew this {label}"
    window.panel.canvas.clear()
    assert window.panel.glance.headline.text() == window.readout.headline.text() == "Draw a letter"
    assert window.panel.canvas._invitation == "Draw a letter"
    assert window.lab.headline.text().startswith("Draw a letter")
    window.use_model("mlp")
    assert window.panel.glance.headline.text() == "Draw a digit"
    assert window.test_digit.text() == "&Test digit"


@pytest.mark.slow
def test_a_net_of_letters_is_trained_from_the_window_and_reads_them(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "home"))
    tab = window.train
    recipe = tab.form.recipe()
    assert recipe is not None
    plan = replace(
        recipe,
        data="synthetic-letters",
        family="keras-cnn",
        options={"channels": 8},
        limit=5200,
        held_out=520,
        epochs=6,
        start="",
    )
    tab.form.put(plan)
    qtbot.waitUntil(tab.start.isEnabled, timeout=LONG)
    qtbot.mouseClick(tab.start, LEFT)
    with qtbot.waitSignal(tab.fitter.ended, timeout=LONG) as end:
        pass
    assert end.args[1] == "finished", end.args[2]
    looks = tab.theatre.looks
    assert [lines[0] in CAPITALS for lines in tab.theatre.stage.words()] == [True] * len(looks[len(looks) - 1].digits)
    with qtbot.waitSignal(tab.adopted, timeout=LONG):
        tab.fitter.adopt(runs.read(end.args[0]).folder, "My letters")
    card = cards.find("my-letters")
    assert (card.classes, card.names, card.noun, card.reads_digits) == (26, CAPITALS, "letter", True)
    assert window.reader.model == "my-letters"
    right = 0
    for name in CAPITALS:
        window.panel.canvas.show_sketch(a_letter(name))
        settle(qtbot, window)
        right += window.readout.bars.winner == CAPITALS.index(name)
    assert right >= 20
