"""Many fits from the window: planned, carried out by pretended workers, watched, stopped, found again."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.fit import runs
from capsdraw.sweep import sweep_folder
from capsdraw.sweep.sweep_results import FitState
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import READ, TRAIN
from capsdraw.ui.train import fits_forecast, several_form, sweeper
from capsdraw.ui.train.several import Several

from .players import Players, reckon, refuse

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SOON, LONG = 20_000, 300_000
PLAN: dict[str, Any] = {"epochs": (3,), "seed": (1, 2), "learning_rate": (0.001, 0.01)}


@pytest.fixture
def players(monkeypatch: pytest.MonkeyPatch) -> Players:
    made = Players()
    monkeypatch.setattr(sweeper, "LocalWorkers", made)
    monkeypatch.setattr(sweeper, "forecast", reckon)
    monkeypatch.setattr("capsdraw.sweep.supervisor._LOOK", 0.005)
    for module in (several_form, fits_forecast):
        monkeypatch.setattr(module, "at_hand", lambda _: True)
    return made


def opened(qtbot: QtBot) -> Several:
    """The face by itself."""
    jobs = Jobs()
    face = Several(jobs, lambda: True)
    jobs.setParent(face)  # it ends with it, as a window's does

    def close(_: QWidget) -> None:
        face.close_sweeper()
        jobs.close()

    qtbot.addWidget(face, before_close_func=close)
    face.resize(640, 560)
    face.show()
    return face


@pytest.fixture
def several(qtbot: QtBot, players: Players) -> Several:
    """With a plan of four fits; nobody works yet."""
    assert not players.begun
    face = opened(qtbot)
    face.form.put(["mlp"], "mnist", PLAN)
    face.form.changed.emit()
    return face


def click(qtbot: QtBot, button: Any) -> None:
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def done(qtbot: QtBot, face: Several) -> list[FitState]:
    """Begin the form's plan and wait for its end."""
    click(qtbot, face.form.start)
    qtbot.waitUntil(lambda: face.page.isVisible() and not face.busy, timeout=SOON)
    return [result.status for result in face.page.view.results]


def retype(qtbot: QtBot, face: Several, name: str, text: str) -> None:
    editor = face.form.rows.rows[name].editor
    editor.setFocus()
    editor.selectAll()  # type: ignore[attr-defined]
    qtbot.keyClicks(editor, text)


def test_the_plan_says_how_many_fits_and_how_long_before_it_starts(qtbot: QtBot, several: Several) -> None:
    qtbot.waitUntil(lambda: several.form.status.text() == "4 fits, 2 at once, about 5 minutes", timeout=SOON)
    retype(qtbot, several, "seed", "1 to 5")
    assert several.form.status.text().startswith("10 fits; ")
    qtbot.waitUntil(lambda: several.form.status.text() == "10 fits, 2 at once, about 12 minutes", timeout=SOON)
    # The bundled one too, when nothing else is asked.
    qtbot.waitUntil(lambda: several.form.about.text().startswith("9 fits, 2 at once, about "), timeout=SOON)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "write a value, or several with commas between them"),
        ("1, x", "x is not a whole number"),
        ("1, 1", "1 is there twice"),
        ("-1", "-1 is not between 0 and 2,147,483,647"),
        ("5,000", "a comma stands between two values: write 5000, not 5,000"),
        ("9 to 3", "9 to 3: write the smaller one first, for at most 100 values"),
    ],
)
def test_a_wrong_value_is_said_beside_it_while_it_is_typed(
    qtbot: QtBot, several: Several, typed: str, said: str
) -> None:
    row = several.form.rows.rows["seed"]
    retype(qtbot, several, "seed", typed or "\b")
    assert row.reason == said
    assert row.reason_label.isVisible()
    assert not several.form.start.isEnabled()
    retype(qtbot, several, "seed", "7")
    assert (row.reason, several.form.start.isEnabled()) == ("", True)


def test_one_fit_only_is_no_sweep_and_too_many_are_none(qtbot: QtBot, several: Several) -> None:
    retype(qtbot, several, "seed", "1")
    retype(qtbot, several, "learning_rate", "0.1")
    assert not several.form.start.isEnabled()
    assert "several values" in several.form.wrong.text()
    retype(qtbot, several, "seed", "1 to 100")
    retype(qtbot, several, "learning_rate", ", ".join(str(0.001 * (1 + step)) for step in range(11)))
    assert several.form.wrong.text().startswith("1,100 fits: at most 1,000")
    assert not several.form.start.isEnabled()


def test_fields_come_from_a_list_and_go_again(qtbot: QtBot, several: Several) -> None:
    rows = several.form.rows
    words = [rows.add.itemText(index) for index in range(rows.add.count())]
    assert "Hidden units" in words
    assert "Seed" not in words  # it is there
    rows.add.setCurrentIndex(words.index("Hidden units"))
    rows.add.activated.emit(words.index("Hidden units"))
    assert rows.rows["options.hidden"].editor.hasFocus()
    assert not several.form.start.isEnabled()  # it has no value yet
    qtbot.keyClicks(rows.rows["options.hidden"].editor, "20, 40")
    assert several.form.count() == "8 fits"
    # A net that has no such field takes its row away.
    cnn = next(action for action in several.form.nets.menu().actions() if action.data() == "tutorial-cnn")
    cnn.trigger()
    assert "options.hidden" not in rows.rows
    assert (several.form.nets.text(), several.form.count()) == ("Tutorial CNN, MLP", "8 fits")
    remove = rows.rows["learning_rate"].remove
    qtbot.waitUntil(lambda: remove.height() > 0)  # it was moved
    click(qtbot, remove)
    assert several.form.count() == "4 fits"


def test_what_is_typed_stays_over_a_restart_right_or_wrong(qtbot: QtBot, several: Several) -> None:
    retype(qtbot, several, "seed", "1, 2, x")
    typed = several.form.typed()
    assert typed == {
        "epochs": "3", "seed": "1, 2, x", "learning_rate": "0.001, 0.01", "recipe": "mlp", "data": "mnist"
    }  # fmt: skip
    later = several_form.SeveralForm()
    qtbot.addWidget(later)
    later.put_typed(typed)
    assert later.typed() == typed
    assert later.rows.rows["seed"].reason == "x is not a whole number"
    later.put_typed({"recipe": "of-later,mlp", "of_later": "1", "seed": "1, 2"})
    assert later.chosen_nets == ["mlp"]
    assert set(later.rows.rows) == {"seed"}


def test_fits_are_carried_out_and_seen_in_curves_picture_and_table(
    qtbot: QtBot, several: Several, players: Players
) -> None:
    assert done(qtbot, several) == [FitState.FINISHED] * 4
    view = several.page.view
    assert view.curves is not None
    assert view.picture is not None
    # Said when the thread has ended, which is a moment after its last fit.
    qtbot.waitUntil(lambda: several.page.status.text() == "4 of 4 fits done · the least error is 1.34%")
    heads = [view.table.headerItem().text(column) for column in range(view.table.columnCount())]
    assert heads == ["Seed", "Learning rate", "Held-out error", "Epochs", "State"]
    qtbot.waitUntil(lambda: len(view.curves.listDataItems()) == 4)
    places, errors = view.curves.listDataItems()[0].getOriginalDataset()
    np.testing.assert_allclose(places, [1, 2, 3])
    np.testing.assert_allclose(errors, [4.0, 2.0, 4 / 3])
    # Two seeds at each learning rate: a bar, and a dot each.
    assert view.field.currentText() == "Over learning rate"
    assert len(players.begun) == 4


def test_a_click_on_a_line_or_a_dot_chooses_that_run_everywhere(qtbot: QtBot, several: Several) -> None:
    done(qtbot, several)
    view = several.page.view
    assert view.picture is not None
    item = view.table.topLevelItem(2)
    assert item is not None
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=view.table.visualItemRect(item).center())
    assert view.chosen == 2
    view.picture.grab()  # ranges are set when it is painted: before, a dot is not where it will stand
    cloud = next(item for item in view.picture.getPlotItem().items if hasattr(item, "points") and len(item.points()))
    spot = cloud.points()[0]
    place = view.picture.mapFromScene(cloud.mapToScene(spot.pos()))
    qtbot.mouseClick(view.picture.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
    assert view.chosen == spot.data() != 2
    current = view.table.currentItem()
    assert current is not None
    assert view.table.indexOfTopLevelItem(current) == view.chosen
    with qtbot.waitSignal(several.opened) as opened:
        click(qtbot, several.page.open_run)
    assert opened.args == [view.results[view.chosen].run]


def test_the_table_sorts_by_figures(qtbot: QtBot, several: Several) -> None:
    several.form.put(["mlp"], "mnist", {"epochs": (2,), "seed": (2, 10, 1)})
    done(qtbot, several)
    table = several.page.view.table
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [table.topLevelItem(line).text(0) for line in range(3)] == ["1", "2", "10"]
    several.page.view.choose(0)
    assert table.currentItem().text(0) == "2"


def test_all_fields_are_seen_as_lines_through_an_axis_each(qtbot: QtBot, several: Several) -> None:
    done(qtbot, several)
    view = several.page.view
    view.field.setCurrentIndex(view.field.findText("All fields"))
    view.field.activated.emit(view.field.currentIndex())
    lines = [item.getOriginalDataset()[1] for item in view.picture.listDataItems()]  # type: ignore[union-attr]
    assert len(lines) == 4
    # Seed, learning rate, error: from the least to the most.
    np.testing.assert_allclose(lines[0], [0, 0, 0])
    np.testing.assert_allclose(lines[3], [1, 1, 1])


def test_one_fit_is_stopped_then_all_and_they_go_on_after_a_restart(
    qtbot: QtBot, several: Several, players: Players
) -> None:
    players.holds = True
    click(qtbot, several.form.start)
    view = several.page.view
    qtbot.waitUntil(lambda: [one.status for one in view.results].count(FitState.RUNNING) == 2, timeout=SOON)
    qtbot.waitUntil(lambda: view.series[0].within != [], timeout=SOON)
    assert not several.form.start.isEnabled()
    view.choose(0)
    click(qtbot, several.page.stop_one)
    qtbot.waitUntil(lambda: view.results[0].status == FitState.STOPPED, timeout=SOON)
    qtbot.waitUntil(lambda: view.results[2].status == FitState.RUNNING, timeout=SOON)
    click(qtbot, several.page.stop)
    qtbot.waitUntil(several.page.go_on.isVisible, timeout=SOON)
    assert not several.busy
    assert several.page.status.text().startswith("0 of 4 fits done")
    players.holds = False
    later = opened(qtbot)  # the app was started anew
    qtbot.waitUntil(later.form.look.isVisible, timeout=SOON)
    assert later.form.earlier.currentText() == "MLP: seed, learning rate · 0 of 4 fits done"
    click(qtbot, later.form.look)
    qtbot.waitUntil(later.page.go_on.isVisible, timeout=SOON)
    click(qtbot, later.page.go_on)
    qtbot.waitUntil(lambda: later.page.status.text().startswith("4 of 4"), timeout=SOON)


def test_the_same_plan_goes_on_with_what_is_there(qtbot: QtBot, several: Several, players: Players) -> None:
    done(qtbot, several)
    click(qtbot, several.page.back)
    qtbot.waitUntil(lambda: several.form.status.text() == "All of these fits are done: Start shows them", timeout=SOON)
    assert done(qtbot, several) == [FitState.FINISHED] * 4
    assert len(players.begun) == 4
    assert len(sweep_folder.names()) == 1


def test_the_bundled_comparison_is_one_click(qtbot: QtBot, several: Several, players: Players) -> None:
    click(qtbot, several.form.ready)
    qtbot.waitUntil(lambda: several.page.isVisible() and not several.busy, timeout=SOON)
    assert sweep_folder.names() == ["compare"]
    assert len(players.begun) == 9
    assert several.page.view.legend.names == ["MLP", "Tutorial CNN", "Efficient-CapsNet"]
    assert several.page.view.field.currentText() == "Over net"


def test_what_cannot_be_trained_is_said_and_what_has_no_room_too(
    qtbot: QtBot, several: Several, players: Players, monkeypatch: pytest.MonkeyPatch
) -> None:
    players.refuses = "no process can be started for a fit"
    with qtbot.waitSignal(several.failed) as failed:
        click(qtbot, several.form.start)
    assert failed.args == ["no process can be started for a fit"]
    qtbot.waitUntil(lambda: not several.busy)

    monkeypatch.setattr(sweeper, "forecast", refuse)
    click(qtbot, several.page.back)
    retype(qtbot, several, "seed", "5, 6")
    qtbot.waitUntil(lambda: several.form.wrong.text() == "too few images", timeout=SOON)
    assert not several.form.start.isEnabled()


def test_what_is_under_way_is_shown_again(qtbot: QtBot, several: Several, players: Players) -> None:
    """Title, table and curves were still another sweep's."""
    done(qtbot, several)
    click(qtbot, several.page.back)
    players.holds = True
    retype(qtbot, several, "seed", "5, 6, 7")
    click(qtbot, several.form.start)
    qtbot.waitUntil(lambda: len(players.begun) == 6, timeout=SOON)
    for words, fits in (("4 of 4", 4), ("0 of 6", 6)):
        click(qtbot, several.page.back)
        box = several.form.earlier
        qtbot.waitUntil(lambda words=words, box=box: words in " ".join(map(box.itemText, range(box.count()))))
        box.setCurrentIndex(next(place for place in range(box.count()) if words in box.itemText(place)))
        click(qtbot, several.form.look)
        qtbot.waitUntil(several.page.isVisible, timeout=SOON)
        assert several.page.view.table.topLevelItemCount() == fits
    assert several.page.stop.isVisible()
    click(qtbot, several.page.stop)
    qtbot.waitUntil(lambda: not several.busy, timeout=SOON)


def test_what_is_known_of_a_plan_is_said_again_when_it_is_typed_again(
    qtbot: QtBot, several: Several, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It said "timing a few steps" for ever, or that it can be started."""
    said = "4 fits, 2 at once, about 5 minutes"
    editor = several.form.rows.rows["seed"].editor
    qtbot.waitUntil(lambda: several.form.status.text() == said, timeout=SOON)
    qtbot.keyClicks(editor, ",")
    assert not several.form.start.isEnabled()
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert (several.form.status.text(), several.form.start.isEnabled()) == (said, True)

    monkeypatch.setattr(sweeper, "forecast", refuse)
    qtbot.keyClicks(editor, ", 3")
    qtbot.waitUntil(lambda: several.form.wrong.text() == "too few images", timeout=SOON)
    qtbot.keyClicks(editor, ",")
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert (several.form.wrong.text(), several.form.start.isEnabled()) == ("too few images", False)
    # Come back to, it is asked again.
    monkeypatch.setattr(sweeper, "forecast", reckon)
    several.hide()
    several.show()
    qtbot.waitUntil(lambda: several.form.status.text().startswith("6 fits, 2 at once"), timeout=SOON)
    assert (several.form.wrong.text(), several.form.start.isEnabled()) == ("", True)


def test_a_plan_changed_meanwhile_is_timed_afterwards(qtbot: QtBot, several: Several, players: Players) -> None:
    players.holds = True
    click(qtbot, several.form.start)
    qtbot.waitUntil(lambda: len(players.begun) == 2, timeout=SOON)
    click(qtbot, several.page.back)
    retype(qtbot, several, "seed", "5, 6, 7")
    assert several.form.status.text() == "6 fits; timed after what is under way"
    several.stop()
    qtbot.waitUntil(lambda: several.form.status.text() == "6 fits, 2 at once, about 7 minutes", timeout=SOON)


@pytest.mark.slow
def test_fits_under_way_are_seen_on_every_tab_and_asked_about_before_the_window_closes(
    qtbot: QtBot, window: MainWindow, players: Players, monkeypatch: pytest.MonkeyPatch
) -> None:
    players.holds = True
    tab = window.train
    window.tabs.setCurrentIndex(TRAIN)
    click(qtbot, tab.faces[4])
    several = tab.several
    several.form.put(["mlp"], "mnist", PLAN)
    click(qtbot, several.form.start)
    qtbot.waitUntil(lambda: len(players.begun) == 2, timeout=SOON)
    window.tabs.setCurrentIndex(READ)
    qtbot.waitUntil(lambda: several.progress.words.text().startswith("0 of 4 fits done"), timeout=SOON)
    assert several.progress.isVisible()
    asked: list[str] = []

    def answer(_: object, title: str, __: str) -> QMessageBox.StandardButton:
        asked.append(title)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", answer)
    window.close()
    assert (asked, window.isVisible()) == (["Nets are being trained"], True)
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    window.close()
    assert not window.isVisible()
    places = [task.place for task in players.begun]
    assert [runs.read(place).state for place in places] == ["stopped", "stopped"]


@pytest.mark.slow
def test_real_fits_from_the_first_click_to_the_run(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    images, labels = synthetic.digits(360, 1)
    data = tmp_path / "digits.npz"
    np.savez(data, x_train=images[:300], y_train=labels[:300], x_test=images[300:], y_test=labels[300:])
    tab = window.train
    window.tabs.setCurrentIndex(TRAIN)
    click(qtbot, tab.faces[4])
    several = tab.several
    several.form.put(["mlp"], str(data), {"epochs": (2,), "held_out": (100,), "options.hidden": (8,), "seed": (1, 2)})
    click(qtbot, several.form.start)
    qtbot.waitUntil(lambda: several.page.isVisible() and not several.busy, timeout=LONG)
    assert [result.status for result in several.page.view.results] == [FitState.FINISHED] * 2
    item = several.page.view.table.topLevelItem(1)
    assert item is not None
    table = several.page.view.table
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualItemRect(item).center())
    click(qtbot, several.page.open_run)
    folder = several.page.view.results[1].run
    qtbot.waitUntil(lambda: tab.runs.isVisible() and tab.runs.chosen is not None, timeout=SOON)
    qtbot.waitUntil(lambda: tab.runs.chosen is not None and tab.runs.chosen.folder == folder, timeout=SOON)
