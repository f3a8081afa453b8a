"""A net is trained in the real window: by clicks, with the pen at hand, and nothing is lost."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QFile, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.opening import open_data
from capsdraw.datasets.sources import Data
from capsdraw.datasets.watch import Watch
from capsdraw.errors import CapsDrawError
from capsdraw.fit import log, room, runs, schedule, series
from capsdraw.fit.events import BatchEnded, Looked
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.nets import cards, zoo
from capsdraw.ui import data_field, main_window, theme
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train import form
from capsdraw.ui.train import tab as tab_module
from capsdraw.ui.train.fields import NumberField
from capsdraw.ui.train.tab import TrainTab

LONG = 120_000
SEVEN = Drawing((stroke([(100, 120), (380, 120), (300, 250), (220, 420)]),))
PLAN = Recipe(
    "tutorial-cnn", "Tutorial CNN", "tutorial-cnn", held_out=200, epochs=3, batch=50, learning_rate=5e-3,
    schedule="constant",
)  # fmt: skip


@pytest.fixture(scope="module")
def digits() -> Data:
    images, labels = synthetic.digits(3200, 1)
    return Data("synthetic", images[:3000], labels[:3000], images[3000:], labels[3000:])


@pytest.fixture(autouse=True)
def data_at_hand(monkeypatch: pytest.MonkeyPatch, digits: Data) -> None:
    monkeypatch.setattr(main_window, "_open_data", lambda *_: digits)


@pytest.fixture
def tab(window: MainWindow) -> TrainTab:
    """The Train tab of the real window, with a small plan."""
    window.tabs.setCurrentWidget(window.train)
    window.train.form.put(PLAN)
    return window.train


def begin(qtbot: QtBot, tab: TrainTab, batches: int = 3) -> list[object]:
    """Click Start and wait for some batches; returns the growing list of events."""
    events: list[object] = []
    tab.fitter.told.connect(events.append)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: count(events) >= batches, timeout=LONG)
    return events


def count(events: list[object]) -> int:
    return sum(isinstance(event, BatchEnded) for event in events)


def ended(qtbot: QtBot, tab: TrainTab) -> runs.Run:
    """Wait for the fit's end; returns the run."""
    qtbot.waitUntil(lambda: not tab.fitter.busy and tab.start.isEnabled(), timeout=LONG)
    return runs.list_runs()[0]


def test_a_fit_started_by_a_click_ends_in_a_model_that_reads_a_stroke(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, draw: Callable[..., None]
) -> None:
    begin(qtbot, tab)
    assert tab.curves.series is not None
    qtbot.waitUntil(lambda: len(tab.curves.series.fine_line("loss")[0]) > 5, timeout=LONG)
    assert tab.curves.plots is not None
    qtbot.waitUntil(lambda: len(tab.curves.plots.loss.listDataItems()) > 0)
    run = ended(qtbot, tab)
    assert (run.state, run.epochs_done) == ("finished", 3)
    assert run.best is not None
    assert run.best > 0.9
    before = window.picker.count()
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.runs.use.isEnabled)
    qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.picker.count() == before + 1 and window._answered, timeout=LONG)
    assert window.reader.model.startswith("tutorial-cnn")
    window.panel.canvas.clear()
    draw(window.panel.canvas, SEVEN)
    qtbot.waitUntil(lambda: window.readout.headline.text().startswith("It sees a 7"), timeout=LONG)


def test_pause_holds_resume_goes_on_and_stop_ends_at_once(qtbot: QtBot, tab: TrainTab) -> None:
    tab.form.put(replace(PLAN, epochs=500))
    events = begin(qtbot, tab)
    qtbot.mouseClick(tab.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Paused" in tab.said.text(), timeout=LONG)
    assert tab.pause.text() == "Resume"
    held = count(events)
    rows = len(log.read_rows(tab.fitter.folder))
    qtbot.wait(700)
    assert (count(events), len(log.read_rows(tab.fitter.folder))) == (held, rows)
    qtbot.mouseClick(tab.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: count(events) > held + 3, timeout=LONG)
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    run = ended(qtbot, tab)
    assert run.state == "stopped"
    assert run.can_resume
    assert (run.folder / "model.keras").exists()


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


def test_the_users_digit_is_read_by_the_net_in_training_while_it_changes(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, draw: Callable[..., None]
) -> None:
    tab.form.put(replace(PLAN, epochs=500))
    events = begin(qtbot, tab)
    window.panel.canvas.clear()
    draw(window.panel.canvas, SEVEN)

    def shown() -> bool:
        looks = [event for event in events if isinstance(event, Looked) and event.own]
        seen = window.panel.sees.digit
        return bool(looks) and seen is not None and np.array_equal(looks[-1].digits[-1, ..., 0], seen)

    qtbot.waitUntil(shown, timeout=LONG)
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(tab.theatre.stage.read()) == 11)
    tab.theatre.scrubber.setValue(0)
    assert tab.theatre.look is tab.theatre.looks[0]
    assert "Before epoch 1" in tab.theatre.said.text()
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)


def test_impossible_values_are_refused_at_their_field(qtbot: QtBot, tab: TrainTab) -> None:
    edit = tab.form.fields["batch"].editor
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "0")
    assert tab.form.fields["batch"].reason == "0 is not between 1 and 8192"
    edit.selectAll()
    QTest.keyClicks(edit, "ten")
    assert tab.form.fields["batch"].reason == "'ten' is not a whole number"
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert not tab.fitter.busy
    edit.selectAll()
    QTest.keyClicks(edit, "64")
    assert tab.form.fields["batch"].reason == ""
    recipe = tab.form.recipe()
    assert recipe is not None
    assert recipe.batch == 64


def test_the_plan_says_how_long_it_will_take_and_how_much_memory(qtbot: QtBot, tab: TrainTab) -> None:
    qtbot.waitUntil(lambda: "on this machine" in tab.form.said.text() and "MB" in tab.form.said.text(), timeout=LONG)


def test_more_held_out_images_than_there_are_is_refused_at_the_field(qtbot: QtBot, tab: TrainTab) -> None:
    tab.form.put(replace(PLAN, held_out=3000))
    reason = tab.form.fields["held_out"]
    qtbot.waitUntil(lambda: reason.reason == "all 3,000 images are held out: none is left to train on", timeout=LONG)


def test_a_batch_without_room_in_memory_is_refused_at_the_field_before_anything_runs(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system would else end the program without a word, and with it all that was drawn."""
    monkeypatch.setattr(room, "free", lambda: 150 << 20)
    tab.form.put(replace(PLAN, batch=2000))
    batch = tab.form.fields["batch"]
    qtbot.waitUntil(lambda: "of memory, 150 MB are free: up to " in batch.reason, timeout=LONG)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert not tab.fitter.busy
    assert runs.list_runs() == []
    monkeypatch.undo()
    # Something else was closed: a click asks anew, and the next one starts.
    qtbot.waitUntil(lambda: batch.reason == "" and "on this machine" in tab.form.said.text(), timeout=LONG)


def test_reasons_at_every_field_leave_each_field_readable_in_the_least_window(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    """They once pressed the fields of a window of 1024 × 700 flat."""
    window.resize(1024, 700)
    high = {name: field.editor.height() for name, field in tab.form.fields.items()}
    numbers = {name: field for name, field in tab.form.fields.items() if isinstance(field, NumberField)}
    for field in numbers.values():
        field.editor.selectAll()
        QTest.keyClicks(field.editor, "1,5x")
    assert all(field.reason for field in numbers.values() if field.isVisibleTo(tab.form))
    qtbot.wait(50)
    for name, field in numbers.items():
        if field.isVisibleTo(tab.form):
            assert field.editor.height() >= high[name] - 4, name
            assert field.told.height() >= field.told.heightForWidth(field.told.width()), name
    said = tab.form.said
    assert said.isVisible()
    assert said.mapTo(window, said.rect().bottomLeft()).y() < window.height()


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
        legend = tab.curves.plots.loss.getPlotItem().legend
        assert legend.items
        text = theme.DARK.text.name()
        qtbot.waitUntil(lambda: all(text in label.item.toHtml() for _, label in legend.items))
    finally:
        theme.apply(application, False)


def test_only_models_that_the_plan_can_start_from_are_offered(qtbot: QtBot, tab: TrainTab) -> None:
    start, box = tab.form.fields["start"], tab.form.fields["start"].box

    def offered() -> list[str]:
        return [box.itemText(row) for row in range(box.count())]

    assert offered() == ["Random weights", "Tutorial CNN"]
    tab.form.put(replace(PLAN, family="mlp", name="mlp", title="MLP"))
    assert offered() == ["Random weights", "MLP"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    recipe = tab.form.recipe()
    assert recipe is not None
    assert recipe.start == "mlp"
    # The net is made another: what was chosen stays, and the field says why it does not fit.
    hidden = tab.form.fields["hidden"].editor
    hidden.selectAll()
    QTest.keyClicks(hidden, "20")
    assert start.reason == "its hidden units are 50, the plan's 20"
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert not tab.fitter.busy
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert (start.reason, offered()) == ("", ["Random weights"])


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes])
def test_closing_in_mid_fit_asks_and_keeps_the_checkpoint(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    tab.form.put(replace(PLAN, epochs=500))
    begin(qtbot, tab)
    folder = tab.fitter.folder
    assert folder is not None
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answer)
    window.close()
    if answer == QMessageBox.StandardButton.No:
        assert window.isVisible()
        assert tab.fitter.busy
        qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
        ended(qtbot, tab)
    else:
        assert not window.isVisible()
        assert runs.read(folder).state == "stopped"
        assert (folder / "last.keras").exists()


def test_a_fit_that_fails_says_why_and_the_window_lives(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> Data:
        raise CapsDrawError("cannot read 'digits.npz': half of it is missing")

    monkeypatch.setattr(tab.fitter, "_open", unreadable)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "half of it is missing" in window.message.text, timeout=LONG)
    assert tab.start.isEnabled()
    monkeypatch.undo()


def test_a_loss_that_is_no_number_is_said_in_the_window(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    wild = schedule.Schedule("constant", 1e30, 10, 3)
    monkeypatch.setattr(schedule.Schedule, "of", lambda *_: wild)
    tab.form.put(replace(PLAN, family="efficient-capsnet", options={"channels": 8}))
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    run = ended(qtbot, tab)
    assert (run.state, run.message) == (
        "failed", "the loss is no longer a number: lower the learning rate and train again"
    )  # fmt: skip
    assert window.message.text == run.message
    monkeypatch.undo()


def test_data_that_is_truncated_during_the_run_does_no_harm_and_is_refused_by_the_next(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, digits: Data
) -> None:
    """All of it was read before the first batch."""
    path = tmp_path / "digits.npz"
    np.savez(
        path, x_train=digits.train_images, y_train=digits.train_labels, x_test=digits.test_images,
        y_test=digits.test_labels,
    )  # fmt: skip
    monkeypatch.setattr(tab.fitter, "_open", lambda name, watch: open_data(name, watch=watch))
    tab.form.put(replace(PLAN, data=str(path)))
    begin(qtbot, tab)
    path.write_bytes(path.read_bytes()[:100_000])
    assert ended(qtbot, tab).state == "finished"
    tab.fitter._data = None  # as in another session
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "digits" in window.message.text, timeout=LONG)
    assert not tab.fitter.busy


def test_a_run_is_renamed_compared_and_thrown_away(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(qtbot, tab)
    run = ended(qtbot, tab)
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    item = tab.runs.table.topLevelItem(0)
    item.setText(0, "My own")
    qtbot.waitUntil(lambda: runs.read(run.folder).title == "My own")
    qtbot.waitUntil(lambda: [one.title for one in tab._listed] == ["My own"])
    tab.runs.table.topLevelItem(0).setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: [one.title for one in tab.curves.runs] == ["My own"])
    thrown: list[str] = []

    def bin_it(path: str) -> bool:
        thrown.append(path)
        Path(path).rename(run.folder.parent / "in the bin")
        (run.folder.parent / "in the bin" / "config.toml").unlink()
        return True

    monkeypatch.setattr(QFile, "moveToTrash", bin_it)
    qtbot.mouseClick(tab.runs.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.runs.table.topLevelItemCount() == 0)
    assert thrown == [str(run.folder)]


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
    assert said[0].startswith("cannot write 'curves.csv'")


def test_the_sliders_of_a_capsule_work_while_a_net_is_trained(qtbot: QtBot, window: MainWindow, tab: TrainTab) -> None:
    tab.form.put(replace(PLAN, epochs=500))
    begin(qtbot, tab)
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: window.lab.face.redrawn.view.digit is not None, timeout=LONG)
    before = window.lab.face.redrawn.view.digit
    slider = window.lab.face.sliders[0]
    slider.setFocus()
    for _ in range(20):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not np.array_equal(window.lab.face.redrawn.view.digit, before), timeout=LONG)
    tab.stop.click()
    ended(qtbot, tab)


def test_data_that_is_being_fetched_is_told_of_and_can_be_stopped(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: str, watch: Watch) -> Data:
        for part in range(10_000):
            watch.tell(part, 10_000)
            time.sleep(0.01)
        raise AssertionError("was not stopped")

    monkeypatch.setattr(tab.fitter, "_open", slow)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.said.text() == "Getting the data: 1%", timeout=LONG)
    assert tab.bar.isVisible()
    qtbot.waitUntil(lambda: 0.01 <= tab.bar.value() / tab.bar.maximum() < 0.1, timeout=LONG)
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.fitter.busy and "Stopped" in tab.said.text(), timeout=LONG)


def test_a_set_that_is_fetched_is_called_by_its_name(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(_: str, watch: Watch) -> Data:
        for done in range(0, 10_000, 10):
            watch.tell(done, 0)  # the server has not said how much it is
            time.sleep(0.01)
        raise AssertionError("was not stopped")

    monkeypatch.setattr(tab_module, "at_hand", lambda _: False)
    monkeypatch.setattr(tab.fitter, "_open", fetched)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.said.text().startswith("Fetching MNIST: "), timeout=LONG)
    qtbot.waitUntil(lambda: tab.bar.maximum() == 0)  # moves, and claims nothing
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.fitter.busy, timeout=LONG)
    assert runs.list_runs() == []


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
        item.name() for plot in (tab.curves.plots.loss, tab.curves.plots.accuracy) for item in plot.listDataItems()
    }
    assert drawn == {"training"}
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    assert "No images" not in tab._about.text()
    qtbot.waitUntil(lambda: tab.runs.table.topLevelItem(0).text(4) == "none")
    before = window.picker.count()
    qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.picker.count() == before + 1, timeout=LONG)
    # The last epoch's weights, not the first's: nothing made another the better one.
    rows = log.read_rows(run.folder)
    model = zoo.load(cards.find(window.picker.currentData()))
    images, labels = tab.fitter._data[1].train_images[:1000], tab.fitter._data[1].train_labels[:1000]
    right = (np.asarray(model(images[..., None].astype(np.float32) / 255)).argmax(1) == labels).mean()
    assert right > rows[0]["accuracy"]


def test_a_model_is_put_at_hand_once_however_often_it_is_asked_for(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    tab.form.put(replace(PLAN, epochs=1))
    begin(qtbot, tab)
    ended(qtbot, tab)
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.runs.use.isEnabled)
    before = window.picker.count()
    for _ in range(3):
        qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    assert not tab.runs.use.isEnabled()
    assert tab.said.text() == "Putting the model of 'Tutorial CNN' among those at hand …"
    qtbot.waitUntil(tab.runs.use.isEnabled, timeout=LONG)
    assert window.picker.count() == before + 1
    # Again, when it is there: the same one.
    qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.runs.use.isEnabled() and "is at hand" in tab.said.text(), timeout=LONG)
    assert window.picker.count() == before + 1


def test_a_fit_started_while_a_model_is_put_at_hand_does_not_put_it_off(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    tab.form.put(replace(PLAN, epochs=1))
    begin(qtbot, tab)
    ended(qtbot, tab)
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.runs.use.isEnabled)
    before = window.picker.count()
    tab.form.put(replace(PLAN, epochs=500))
    qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.picker.count() == before + 1, timeout=LONG)
    assert tab.fitter.busy
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)


def test_a_machine_without_mnist_is_offered_pen_digits(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_field, "local_file", lambda _: None)
    made = form.Form()
    qtbot.addWidget(made)
    recipe = made.recipe()
    assert recipe is not None
    assert recipe.data == "synthetic"
