"""One button: the chosen model learns from what is kept, as a run; what came of it is told, kept, and reads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item
from capsdraw.datasets.sources import local_file
from capsdraw.fit.events import FAILED, STOPPED
from capsdraw.fit.lesson import Change, Lesson
from capsdraw.ink.sketch import SIDE, Sketch
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.nets import cards
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import COLLECTION
from capsdraw.ui.train.fitter import Fitter
from capsdraw.ui.train.learning import HandFit, in_words
from tests.ui.conftest import SOON, digit

LEFT = Qt.MouseButton.LeftButton
LONG = 280_000


def odd(label: int, seed: int) -> Item:
    """Of a hand that writes its sevens in a mirror."""
    drawing = digit(label, seed)
    if label == 7:
        drawing = Drawing(tuple(
            Stroke(stroke.points * np.array([-1, 1]) + np.array([SIDE, 0]), stroke.width, stroke.pressure)
            for stroke in drawing.strokes
        ))  # fmt: skip
    return Item(Sketch(replace(drawing, canvas=float(SIDE))), str(label), 1.7e9 + seed)


@pytest.mark.slow
@pytest.mark.skipif(local_file("mnist") is None, reason="needs MNIST")
def test_one_click_teaches_a_small_net_a_hand(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    # MNIST may be read a little worse by so small a net, which is asked about.
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    with Collection() as collection:
        collection.add([odd(label, seed) for seed in range(8) for label in (7, 7, 1, 4)])
        collection.add([odd(7, 100 + seed) for seed in range(12)])
    window.use_model("mlp")
    window.tabs.setCurrentIndex(COLLECTION)
    tab = window.collection
    qtbot.waitUntil(lambda: tab.listing.tally.read > 0, timeout=LONG)
    before = tab.listing.tally.misread / tab.listing.tally.read
    assert before > 0.2
    with qtbot.waitSignal(window.tabs.adopted, timeout=LONG):
        qtbot.mouseClick(tab.kept.learn, LEFT)
        assert "learns from your drawings" in tab.kept.figures.text()
    assert window.models.readers[window.reader.model].title == "MLP, your hand"
    assert "Your drawings that it never saw" in tab.kept.figures.text()
    assert "MNIST" in tab.kept.figures.text()
    # And the new model reads them, here and now.
    count = len(tab.listing.entries)
    qtbot.waitUntil(
        lambda: tab.listing.tally.read == count and tab.listing.tally.misread < before * count / 2, timeout=LONG
    )
    assert window.train.shelf is not None


def test_what_got_worse_is_kept_only_if_asked(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    fitter = Fitter(lambda *_: pytest.fail("nothing is read"))
    learning, kept, told = HandFit(fitter, parent), [], []
    learning.using.connect(lambda *words: kept.append(words[-1]))
    learning.told.connect(told.append)
    good = Lesson(Change(40.0, 5.0, 20), Change(0.31, 0.40, 10_000), "mnist")
    bad = Lesson(Change(40.0, 45.0, 20), Change(0.31, 2.0, 10_000), "mnist")
    assert in_words(good).startswith("Your drawings that it never saw: 40.0 → 5.0% of 20 wrong. MNIST")
    asked = []

    def answer(yes: bool) -> QMessageBox.StandardButton:
        return QMessageBox.StandardButton.Yes if yes else QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", lambda *words: asked.append(words[-1]) or answer(len(asked) == 2))
    card = cards.find("mlp")
    fitter.learnt.emit(card, None, good)
    assert (kept, asked) == (["draw"], [])
    fitter.learnt.emit(card, None, bad)
    assert kept == ["draw"]
    assert "Not kept" in told[-1]
    assert "0.31 → 2.00% wrong" in asked[0]
    fitter.learnt.emit(card, None, bad)
    assert kept == ["draw", "draw"]
    fitter.learnt.emit(card, None, None)
    assert "not kept" in told[-1]


def test_what_learns_again_has_a_title_of_its_own(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    fitter, titles = Fitter(lambda *_: pytest.fail("nothing is read")), list[str]()
    monkeypatch.setattr(fitter, "learn", lambda _, title: titles.append(title))
    learning, card = HandFit(fitter, parent), cards.find("mlp")
    for _ in range(3):
        learning.begin(card, {card.title, *titles})
        card = replace(card, title=titles[-1])  # from the one that learnt last
    assert titles == ["MLP, your hand", "MLP, your hand 2", "MLP, your hand 3"]


def test_a_fit_that_failed_was_not_stopped(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    fitter = Fitter(lambda *_: pytest.fail("nothing is read"))
    learning, told = HandFit(fitter, parent), []
    learning.told.connect(told.append)
    card = cards.find("mlp")
    fitter.ended.emit(Path("run"), FAILED, "the disk is full")
    fitter.learnt.emit(card, Path("run"), None)
    assert told[-1] == "It failed (the disk is full): not kept, the run is in Train."
    fitter.ended.emit(Path("run"), STOPPED, "")
    fitter.learnt.emit(card, Path("run"), None)
    assert told[-1].startswith("Stopped")


def test_a_net_of_two_digits_is_said_to_learn_from_no_single_ones(qtbot: QtBot, window: MainWindow) -> None:
    window.use_model("multi-cnn")
    window.tabs.setCurrentIndex(COLLECTION)
    kept = window.collection.kept
    qtbot.waitUntil(lambda: "Pair CNN reads two digits at once" in kept._empty.text(), timeout=SOON)
    # There is no row beneath the answer in which to say what it is.
    assert not window.panel.its_a.isVisible()
    assert "row" not in kept._empty.text()
    assert not kept.draw.isVisible()
    assert kept.pupils.isVisible()
    with Collection() as collection:
        collection.add([odd(label, 0) for label in range(6)])
    window.drawings.changed.emit()
    qtbot.waitUntil(lambda: len(window.collection.listing.entries) == 6, timeout=SOON)
    assert not kept.learn.isEnabled()
    assert kept._needs.text().startswith("6 drawings. Pair CNN reads two digits at once")
    window.use_model("mlp")
    qtbot.waitUntil(kept.learn.isEnabled, timeout=SOON)
    assert "fewer than 5" in kept._needs.text()
