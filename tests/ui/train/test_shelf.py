"""The list of runs is true to the run folders, whoever works there; nothing is read where it would hold the window."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QFile, Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMainWindow, QMessageBox
from pytestqt.qtbot import QtBot

from capsdraw.fit import lock, log, runs, series
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train import shelf
from capsdraw.ui.train.tab import TrainTab

from .conftest import PLAN, begin, ended, line, listed, shelve, trained_elsewhere


@pytest.mark.slow
def test_runs_of_other_processes_are_seen_when_the_runs_are_turned_to_and_when_the_window_is_come_back_to(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    """A fit that the command line had begun was listed as stopped, and could be thrown away."""
    listed(qtbot, tab)
    tab.turn(0)
    shelve("First")
    listed(qtbot, tab, "First")
    other = QMainWindow()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    folder = shelve("Second")
    with trained_elsewhere(folder):
        window.activateWindow()
        qtbot.waitUntil(lambda: {run.title: run.state for run in tab.shelf.listed}.get("Second") == "running")


@pytest.mark.slow
@pytest.mark.parametrize("button", ["delete", "resume", "more"])
def test_a_run_that_another_process_trains_is_left_alone(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, button: str
) -> None:
    """Also where the list does not know of it yet."""
    folder = shelve("Elsewhere")
    if button == "resume":
        (folder / "events.jsonl").unlink()  # as where the power went
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (2, True))
    monkeypatch.setattr(QFile, "moveToTrash", lambda *_: pytest.fail("was thrown away"))
    listed(qtbot, tab, "Elsewhere")
    line(tab, "Elsewhere")
    clicked = getattr(tab.runs, button)
    assert clicked.isEnabled()
    with trained_elsewhere(folder):
        qtbot.mouseClick(clicked, Qt.MouseButton.LeftButton)
        words = "'Elsewhere' is being trained by another process: stop it there first"
        qtbot.waitUntil(lambda: window.message.text == words)
        qtbot.waitUntil(lambda: tab.shelf.listed[0].state == "running" and not clicked.isEnabled())
        assert not tab.fitter.busy
        assert tab.start.isEnabled()


@pytest.mark.slow
def test_a_run_is_read_off_the_gui_thread_and_a_click_is_answered_at_once(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The events of a night take a second to read: the window stood still so long."""
    shelve("Long")
    listed(qtbot, tab, "Long")
    line(tab, "Long")
    readers: list[str] = []
    go_on = threading.Event()

    def slow(work: Callable[..., Any]) -> Callable[..., Any]:
        def read(*given: Any) -> Any:
            readers.append(threading.current_thread().name)
            assert go_on.wait(30)
            return work(*given)

        return read

    monkeypatch.setattr(runs, "read", slow(runs.read))
    monkeypatch.setattr(shelf, "of_run", slow(series.of_run))
    monkeypatch.setattr(QInputDialog, "getInt", lambda *_: (2, True))
    begun: list[object] = []
    monkeypatch.setattr(tab.fitter, "train", lambda *given: begun.append(given))
    qtbot.mouseClick(tab.runs.more, Qt.MouseButton.LeftButton)
    assert tab.status.text() == "Reading the run 'Long' …"
    assert (tab.runs.more.isEnabled(), tab.start.isEnabled()) == (False, False)
    assert not begun
    go_on.set()
    qtbot.waitUntil(lambda: bool(begun))
    assert len(readers) >= 3
    assert threading.main_thread().name not in readers


def test_a_new_name_is_seen_in_the_curves_and_a_run_that_is_gone_is_not_drawn(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = {title: shelve(title) for title in ("One", "Two")}
    listed(qtbot, tab, "One", "Two")
    for title in folders:
        line(tab, title).setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: len(tab.curves.runs) == 2)
    line(tab, "One").setText(0, "Renamed")
    tab.turn(1)
    qtbot.waitUntil(lambda: legend(tab) == {"Renamed", "Two"})
    monkeypatch.setattr(QFile, "moveToTrash", lambda path: Path(path).joinpath("config.toml").unlink() or True)
    tab.turn(3)
    line(tab, "Renamed")
    qtbot.mouseClick(tab.runs.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.runs.table.topLevelItemCount() == 1)
    tab.turn(1)
    assert legend(tab) == {"training", "held-out"}
    assert [one.title for one in tab.curves.runs] == ["Two"]


@pytest.mark.slow
def test_the_fit_that_has_just_ended_stays_in_the_plot_until_its_tick_is_taken_away(
    qtbot: QtBot, tab: TrainTab
) -> None:
    """Who ticked an older run to compare the new one with it saw the older one alone."""
    shelve("Older")
    begin(qtbot, tab)
    ended(qtbot, tab)
    listed(qtbot, tab, "Older", PLAN.title)
    line(tab, "Older").setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: [one.title for one in tab.curves.runs] == [PLAN.title, "Older"])
    own = line(tab, PLAN.title)
    own.setText(0, "Newer")
    qtbot.waitUntil(lambda: [one.title for one in tab.curves.runs] == ["Newer", "Older"])
    own = line(tab, "Newer")
    assert own.checkState(0) == Qt.CheckState.Checked  # what is drawn is ticked
    own.setCheckState(0, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: [one.title for one in tab.curves.runs] == ["Older"])
    own.setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: sorted(one.title for one in tab.curves.runs) == ["Newer", "Older"])


@pytest.mark.slow
def test_a_folder_that_cannot_be_opened_is_said(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shelve("Mine")
    listed(qtbot, tab, "Mine")
    line(tab, "Mine")
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: bool(asked.append(url.toLocalFile())))
    qtbot.mouseClick(tab.runs.reveal, Qt.MouseButton.LeftButton)
    assert asked == [str(folder)]
    assert window.message.text == f"no program here opens folders: the run's files are in '{folder}'"
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: True)
    window.message.hide()
    qtbot.mouseClick(tab.runs.reveal, Qt.MouseButton.LeftButton)
    assert not window.message.isVisible()
    folder.rename(folder.with_name("moved"))
    qtbot.mouseClick(tab.runs.reveal, Qt.MouseButton.LeftButton)
    assert window.message.text == f"'{folder}' is no longer there"


def test_a_note_is_changed_in_its_cell(qtbot: QtBot, tab: TrainTab) -> None:
    folder = shelve("Mine")
    listed(qtbot, tab, "Mine")
    table = tab.runs.table
    index = table.indexFromItem(line(tab, "Mine"), 9)
    table.scrollTo(index)
    cell = table.visualRect(index).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    qtbot.waitUntil(lambda: table.viewport().findChild(QLineEdit) is not None)
    editor = table.viewport().findChild(QLineEdit)
    QTest.keyClicks(editor, "with elastic moves")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tab.shelf.listed[0].note == "with elastic moves")
    assert (runs.read(folder).title, runs.read(folder).note) == ("Mine", "with elastic moves")


def legend(tab: TrainTab) -> set[str]:
    """What stands in the legend of the accuracies."""
    assert tab.curves.plots is not None
    return set(tab.curves.plots.accuracy.legend.names)


def table_line(tab: TrainTab) -> dict[str, str]:
    """What the list says of the first run, by its columns' heads."""
    head, item = tab.runs.table.headerItem(), tab.runs.table.topLevelItem(0)
    return {head.text(column): item.text(column) for column in range(tab.runs.table.columnCount())}


def test_a_line_tells_data_time_and_size_and_that_a_fit_crashed_or_is_held(
    qtbot: QtBot, tab: TrainTab, tmp_path: Path
) -> None:
    data = tmp_path / "letters of mine.npz"
    folder = runs.create(replace(PLAN, title="Mine", data=str(data)))
    with (folder / log.EVENTS).open("w") as file:
        for moment, event in ((1000, '"Started"'), (1090, '"BatchEnded"')):
            file.write(f'{{"event": {event}, "time": {moment}, "epoch": 1}}\n')
    (folder / "model.keras").write_bytes(bytes(3_200_000))
    listed(qtbot, tab, "Mine")
    told = table_line(tab)
    assert (told["State"], told["Data"], told["Time"], told["Size"]) == (
        "crashed",
        "letters of mine.npz",
        "1:30",
        "3.2 MB",
    )
    assert "Resume goes on" in tab.runs.table.topLevelItem(0).toolTip(1)
    assert tab.runs.resume.isEnabled()
    with lock.hold(folder):
        with (folder / log.EVENTS).open("a") as file:
            file.write('{"event": "Paused", "time": 1100, "epoch": 1, "batch": 5}\n')
        tab.shelf.list_runs()
        qtbot.waitUntil(lambda: table_line(tab)["State"] == "paused")
        assert (tab.runs.resume.isEnabled(), tab.runs.delete.isEnabled()) == (False, False)


@pytest.mark.qt_log_ignore("propagateSizeHints")
@pytest.mark.parametrize("sure", [True, False])
def test_where_there_is_no_trash_deleting_for_good_is_offered_and_asked(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    folder = shelve("Mine")
    listed(qtbot, tab, "Mine")
    line(tab, "Mine")
    monkeypatch.setattr(QFile, "moveToTrash", lambda *_: False)
    asked: list[str] = []

    def answer() -> None:
        box = tab.runs.findChild(QMessageBox)
        assert box is not None
        asked.append(box.text() + box.informativeText())
        assert box.defaultButton().text() == "Keep it"  # Return deletes nothing
        wanted = "Delete for good" if sure else "Keep it"
        button = next(one for one in box.buttons() if one.text() == wanted)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    QTimer.singleShot(200, answer)
    qtbot.mouseClick(tab.runs.delete, Qt.MouseButton.LeftButton)
    assert "Delete the run 'Mine' for good?" in asked[0]
    assert "0.1 MB" in asked[0]
    assert folder.exists() == (not sure)
    qtbot.waitUntil(lambda: tab.runs.table.topLevelItemCount() == (0 if sure else 1))
    said = window.statusBar().currentMessage()
    assert said == ("'Mine' is deleted" if sure else "'Mine' was kept")


def test_what_goes_to_the_trash_is_said(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelve("Mine")
    listed(qtbot, tab, "Mine")
    line(tab, "Mine")
    monkeypatch.setattr(QFile, "moveToTrash", lambda path: Path(path).joinpath("config.toml").unlink() or True)
    qtbot.mouseClick(tab.runs.delete, Qt.MouseButton.LeftButton)
    assert window.statusBar().currentMessage() == "'Mine' is in the trash"


def test_a_run_that_cannot_be_read_is_told_of_beneath_the_list(qtbot: QtBot, tab: TrainTab) -> None:
    """It was left out in silence."""
    folders = [shelve(title) for title in ("Whole", "Damaged", "Worse")]
    listed(qtbot, tab, "Whole", "Damaged", "Worse")
    assert tab.runs.unread.isHidden()
    kept = [folder.joinpath("config.toml").read_text() for folder in folders]
    for folder in folders[1:]:
        (folder / "config.toml").write_text("name = ")
    tab.shelf.list_runs()
    qtbot.waitUntil(lambda: not tab.runs.unread.isHidden())
    assert [run.title for run in tab.shelf.listed] == ["Whole"]
    words = tab.runs.unread.text()
    assert words.startswith(f"Not listed, for it cannot be read: run '{folders[1].name}': cannot read recipe")
    assert words.endswith(" (and 1 more)")
    assert folders[2].name in tab.runs.unread.toolTip()
    assert str(runs.root()) in tab.runs.unread.toolTip()
    for folder, text in zip(folders, kept, strict=True):
        (folder / "config.toml").write_text(text)
    listed(qtbot, tab, "Whole", "Damaged", "Worse")
    assert tab.runs.unread.isHidden()


def test_a_changed_note_leaves_a_name_that_is_longer_than_its_column(qtbot: QtBot, tab: TrainTab) -> None:
    name = "a name of many words " * 10
    folder = shelve(name)
    tab.turn(3)
    qtbot.waitUntil(lambda: tab.runs.table.topLevelItemCount() == 1)
    item = tab.runs.table.topLevelItem(0)
    assert item is not None
    item.setText(9, "new words")
    qtbot.waitUntil(lambda: tab.shelf.listed[0].note == "new words")
    about = json.loads((folder / "run.json").read_text())
    assert (about["title"], about["note"]) == (name, "new words")
    item.setText(0, "short")
    qtbot.waitUntil(lambda: tab.shelf.listed[0].title == "short")
    assert json.loads((folder / "run.json").read_text())["note"] == "new words"
