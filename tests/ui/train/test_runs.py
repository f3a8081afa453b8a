"""The runs in the real window: gone on with, compared, used, thrown away."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QFile, Qt
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from capsdraw.fit import log, runs, series
from capsdraw.nets import cards, zoo
from capsdraw.ui import theme
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train.tab import TrainTab

from .conftest import LONG, PLAN, begin, ended


def train_an_epoch(qtbot: QtBot, tab: TrainTab) -> None:
    """Train, and look at the runs."""
    tab.form.put(replace(PLAN, epochs=1))
    begin(qtbot, tab)
    ended(qtbot, tab)
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.runs.use.isEnabled)


@pytest.mark.slow
def test_a_stopped_run_goes_on_from_the_list(qtbot: QtBot, tab: TrainTab) -> None:
    tab.form.put(replace(PLAN, epochs=6))
    begin(qtbot, tab)
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    stopped = ended(qtbot, tab)
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.runs.resume.isEnabled)
    qtbot.mouseClick(tab.runs.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runs.read(stopped.folder).state == "finished", timeout=LONG)
    assert runs.read(stopped.folder).epochs_done == 6


@pytest.mark.slow
def test_a_finished_run_is_gone_on_with_for_more_epochs(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(qtbot, tab)
    run = ended(qtbot, tab)
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (2, True))
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.runs.more.isEnabled)
    qtbot.mouseClick(tab.runs.more, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runs.read(run.folder).epochs_done == 5, timeout=LONG)
    ended(qtbot, tab)


@pytest.mark.slow
def test_the_runs_and_the_legends_follow_when_the_system_turns_dark(qtbot: QtBot, tab: TrainTab) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    begin(qtbot, tab)
    ended(qtbot, tab)
    tab.turn(3)
    table = tab.runs.table
    try:
        theme.apply(application, True)
        place = table.rect().center()
        qtbot.waitUntil(lambda: table.grab().toImage().pixelColor(place).lightness() < 80)
        tab.turn(1)
        assert tab.curves.plots is not None
        legend = tab.curves.plots.loss.legend
        assert legend.names
        text = theme.DARK.text
        words = legend.rect()
        qtbot.waitUntil(
            lambda: any(
                legend.grab(words).toImage().pixelColor(x, y) == text
                for y in range(words.height())
                for x in range(words.width())
            )
        )
    finally:
        theme.apply(application, False)


@pytest.mark.slow
def test_a_run_is_renamed_compared_and_thrown_away(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(qtbot, tab)
    run = ended(qtbot, tab)
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    item = tab.runs.table.topLevelItem(0)
    item.setText(0, "My own")
    qtbot.waitUntil(lambda: runs.read(run.folder).title == "My own", timeout=LONG)
    qtbot.waitUntil(lambda: [one.title for one in tab.shelf.listed] == ["My own"], timeout=LONG)
    tab.runs.table.topLevelItem(0).setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: [one.title for one in tab.curves.runs] == ["My own"], timeout=LONG)
    thrown: list[str] = []

    def bin_it(path: str) -> bool:
        thrown.append(path)
        Path(path).rename(run.folder.parent / "in the bin")
        (run.folder.parent / "in the bin" / "config.toml").unlink()
        return True

    monkeypatch.setattr(QFile, "moveToTrash", bin_it)
    qtbot.waitUntil(tab.runs.delete.isEnabled, timeout=LONG)  # the list may be made anew just now
    qtbot.mouseClick(tab.runs.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.runs.table.topLevelItemCount() == 0, timeout=LONG)
    assert thrown == [str(run.folder)]
    assert tab.curves.runs == []


@pytest.mark.slow
def test_curves_are_saved_as_a_picture_and_as_figures(qtbot: QtBot, tab: TrainTab, tmp_path: Path) -> None:
    begin(qtbot, tab)
    ended(qtbot, tab)
    tab.turn(1)
    tab.curves.save_csv(tmp_path / "curves.csv")
    lines = (tmp_path / "curves.csv").read_text().splitlines()
    assert lines[0].split(",") == ["run", "epoch", "accuracy", "loss", "val_accuracy", "val_loss"]
    assert [line.split(",")[:2] for line in lines[1:]] == [["Tutorial CNN", str(epoch)] for epoch in (1, 2, 3)]
    # Beside another run, both are in it.
    tab.curves.show_series(tab.curves.series, [series.of_run(runs.list_runs()[0].folder, "Another")])
    tab.curves.save_csv(tmp_path / "curves.csv")
    lines = (tmp_path / "curves.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["Tutorial CNN"] * 3 + ["Another"] * 3
    tab.curves.save_png(tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    said: list[str] = []
    tab.curves.failed.connect(said.append)
    (tmp_path / "file").write_text("")
    tab.curves.save_csv(tmp_path / "file" / "curves.csv")
    assert said[0].startswith("cannot save 'curves.csv'")


@pytest.mark.slow
def test_a_fit_that_holds_nothing_out_says_so_and_its_last_epoch_can_be_used(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    tab.form.put(replace(PLAN, held_out=0, epochs=2, limit=1000))
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert "No images are held out" in tab._about.text()
    assert "that it learns from (none is held out)" in tab.theatre._about.text()
    run = ended(qtbot, tab)
    assert (run.state, run.epochs_done, run.best) == ("finished", 2, None)
    tab.curves.draw()
    assert tab.curves.plots is not None
    drawn = {
        item.opts["words"]
        for plot in (tab.curves.plots.loss, tab.curves.plots.accuracy)
        for item in plot.listDataItems()
    }
    assert drawn == {"training"}
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    assert "No images" not in tab._about.text()
    qtbot.waitUntil(lambda: tab.runs.table.topLevelItem(0).text(3) == "none")
    before = len(window.picker.names)
    qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.picker.names) == before + 1, timeout=LONG)
    # The last epoch's weights, not the first's: nothing made another the better one.
    rows = log.read_rows(run.folder)
    model = zoo.load(cards.find(window.picker.currentData()))
    images, labels = tab.fitter._data[1].train_images[:1000], tab.fitter._data[1].train_labels[:1000]
    right = (np.asarray(model(images[..., None].astype(np.float32) / 255)).argmax(1) == labels).mean()
    assert right > rows[0]["accuracy"]


@pytest.mark.slow
def test_a_model_is_put_at_hand_once_however_often_it_is_asked_for(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    train_an_epoch(qtbot, tab)
    before = len(window.picker.names)
    for _ in range(3):
        qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    assert not tab.runs.use.isEnabled()
    assert tab.status.text().startswith("Adding the model of 'Tutorial CNN, ")
    qtbot.waitUntil(tab.runs.use.isEnabled, timeout=LONG)
    assert len(window.picker.names) == before + 1
    # Again, when it is there: the same one.
    qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.runs.use.isEnabled() and "is available" in tab.status.text(), timeout=LONG)
    assert len(window.picker.names) == before + 1


@pytest.mark.slow
def test_the_run_that_was_trained_last_is_the_one_that_is_used(qtbot: QtBot, tab: TrainTab) -> None:
    train_an_epoch(qtbot, tab)
    qtbot.mouseClick(tab.faces[0], Qt.MouseButton.LeftButton)
    tab.form.put(replace(PLAN, title="Newer", epochs=1))
    begin(qtbot, tab)
    run = ended(qtbot, tab)
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.runs.chosen is not None and tab.runs.chosen.folder == run.folder, timeout=LONG)


@pytest.mark.slow
def test_a_fit_started_while_a_model_is_put_at_hand_does_not_put_it_off(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    train_an_epoch(qtbot, tab)
    before = len(window.picker.names)
    tab.form.put(replace(PLAN, epochs=500))
    qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.picker.names) == before + 1, timeout=LONG)
    assert tab.fitter.busy
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
