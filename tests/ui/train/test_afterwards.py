"""The end of a fit, and how far it is, seen from every tab."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.fit.events import BatchEnded, EpochEnded, Paused, Resumed
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import cards
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train.tab import TrainTab

from .conftest import LONG, PLAN, begin, ended, shelve

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def asked(tab: TrainTab, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[Recipe]:
    """Fits that were asked for, none of which is made; its progress stands in the status bar."""
    recipes: list[Recipe] = []

    def train(recipe: Recipe, *_: object) -> None:
        recipes.append(recipe)
        tab.fitter.busy = True

    monkeypatch.setattr(tab.fitter, "train", train)
    window.statusBar().addPermanentWidget(tab.progress)
    return recipes


@pytest.mark.usefixtures("asked")
def test_progress_and_stop_are_seen_on_every_tab(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = tab.progress
    assert not progress.isVisible()
    qtbot.mouseClick(tab.start, LEFT)
    window.tabs.setCurrentIndex(0)
    assert progress.isVisible()
    tab.fitter.loading.emit(45, 100)
    assert progress.words.text() == "training: loading the data · 45%"
    tab.fitter.began.emit(shelve("Mine"))
    place = progress.stop.mapTo(window, progress.stop.rect().center())
    for seconds, words in ((None, ""), (70.0, " · 1:10 left"), (40_000.0, " · 11:06:40 left")):
        tab.fitter.reported.emit(BatchEnded(2, 3, 5, 10, 1.0, seconds, {"loss": 0.5}))
        assert progress.words.text() == f"training: epoch 2 of 3{words}"
        qtbot.wait(20)
        assert progress.stop.mapTo(window, progress.stop.rect().center()) == place  # nothing moves
    tab.fitter.reported.emit(Paused(2, 5))
    assert progress.words.text() == "training: paused in epoch 2 of 3"
    tab.fitter.reported.emit(Resumed(2, 5))
    seen: list[bool] = []
    progress.opened.connect(lambda: seen.append(True))
    qtbot.mouseClick(progress.words, LEFT)
    assert seen == [True]
    stopped: list[bool] = []
    monkeypatch.setattr(tab.fitter, "stop", lambda: stopped.append(True))
    qtbot.mouseClick(progress.stop, LEFT)
    assert stopped == [True]
    tab.fitter.reported.emit(BatchEnded(2, 3, 6, 10, 1.0, 60.0, {"loss": 0.5}))
    assert progress.words.text() == "training: stopping after this batch"
    tab.fitter.ended.emit(None, "stopped", "")
    assert not progress.isVisible()


@pytest.mark.usefixtures("asked")
def test_a_progress_that_stands_nowhere_opens_no_window(qtbot: QtBot, tab: TrainTab) -> None:
    tab.progress.setParent(None)
    qtbot.mouseClick(tab.start, LEFT)
    assert not tab.progress.isVisible()
    tab.fitter.ended.emit(None, "stopped", "")


@pytest.mark.usefixtures("asked")
def test_the_end_is_said_with_its_figure_and_three_buttons_that_move_nothing(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    window.resize(1024, 700)
    qtbot.mouseClick(tab.start, LEFT)
    assert not tab.afterwards.isVisible()
    folder = shelve("Mine")
    (folder / "model.keras").write_bytes(b"a net")
    tab.fitter.began.emit(folder)
    row = {"epoch": 1.0, "loss": 0.1, "val_accuracy": 0.985}
    tab.fitter.reported.emit(EpochEnded(1, 3, row, 1.0, 1.0, True))
    qtbot.wait(20)
    place = tab.status.y(), tab.status.height()
    tab.fitter.ended.emit(folder, "finished", "")
    assert tab.status.text() == "Finished · 98.50% of held-out images right"
    assert window.statusBar().currentMessage() == "Training: finished · 98.50% of held-out images right"
    assert tab.afterwards.isVisible()
    qtbot.wait(20)
    assert (tab.status.y(), tab.status.height()) == place
    tab.turn(3)  # there each run has its own
    assert not tab.afterwards.isVisible()
    tab.turn(2)
    assert tab.afterwards.isVisible()
    qtbot.mouseClick(tab.form.cards[0].start, LEFT)
    assert not tab.afterwards.isVisible()
    tab.fitter.ended.emit(None, "failed", "no room")
    assert not tab.afterwards.isVisible()


@pytest.mark.parametrize("what", ["draw", "evaluate", "compare"])
@pytest.mark.usefixtures("asked")
def test_each_button_keeps_the_model_and_says_what_it_is_for(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    card = cards.find("mlp")
    kept: list[tuple[Path, str]] = []

    def adopt(folder: Path, title: str) -> None:
        kept.append((folder, title))
        tab.fitter.adopting = True

    monkeypatch.setattr(tab.fitter, "adopt", adopt)
    told: list[str] = []
    for name, signal in (("draw", tab.adopted), ("evaluate", tab.to_evaluate), ("compare", tab.to_compare)):
        signal.connect(lambda given, name=name: told.append(f"{name} {given.name}"))
    qtbot.mouseClick(tab.start, LEFT)
    folder = shelve("My net")
    (folder / "model.keras").write_bytes(b"a net")
    tab.fitter.began.emit(folder)
    tab.fitter.ended.emit(folder, "stopped", "")
    for _ in range(2):  # the second press comes while the first is under way
        qtbot.mouseClick(getattr(tab.afterwards, what), LEFT)
    assert [one for one, _ in kept] == [folder]
    assert kept[0][1].startswith("My net, ")
    assert not tab.afterwards.isEnabled()
    tab.fitter.adopted.emit(card)
    assert told == [f"{what} mlp"]
    assert tab.afterwards.isEnabled()


@pytest.mark.slow
def test_a_net_that_was_trained_draws_at_a_click(qtbot: QtBot, window: MainWindow, tab: TrainTab) -> None:
    begin(qtbot, tab)
    run = ended(qtbot, tab)
    assert run.recipe == PLAN
    assert run.seconds > 0
    before = len(window.picker.names)
    qtbot.mouseClick(tab.afterwards.draw, LEFT)
    qtbot.waitUntil(lambda: len(window.picker.names) == before + 1 and window.answers.ready, timeout=LONG)
    assert window.reader.model.startswith("tutorial-cnn")
