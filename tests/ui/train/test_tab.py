"""A net is trained in the real window: by clicks, with the pen at hand, and nothing is lost."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from capsdraw.datasets.opening import open_data
from capsdraw.datasets.sources import Data
from capsdraw.errors import CapsDrawError
from capsdraw.fit import log, runs, schedule
from capsdraw.fit.events import BatchEnded, Ended, Snapshot
from capsdraw.nets import zoo
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train.tab import TrainTab

from .conftest import LONG, PLAN, SEVEN, begin, count, ended


@pytest.mark.slow
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
    before = len(window.picker.names)
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(tab.runs.use.isEnabled)
    qtbot.mouseClick(tab.runs.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.picker.names) == before + 1 and window.answers.ready, timeout=LONG)
    assert window.reader.model.startswith("tutorial-cnn")
    window.panel.canvas.clear()
    draw(window.panel.canvas, SEVEN)
    # Whether it is sure is another matter, after three epochs.
    qtbot.waitUntil(lambda: window.readout.bars.winner == 7, timeout=LONG)


@pytest.mark.slow
def test_pause_holds_resume_goes_on_and_stop_ends_at_once(qtbot: QtBot, tab: TrainTab) -> None:
    tab.form.put(replace(PLAN, epochs=500))
    events = begin(qtbot, tab)
    qtbot.mouseClick(tab.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Paused" in tab.status.text(), timeout=LONG)
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


@pytest.mark.slow
def test_a_capsnet_is_stopped_within_a_batch_and_its_losses_were_drawn_in_their_parts(
    qtbot: QtBot, tab: TrainTab
) -> None:
    tab.form.put(replace(PLAN, family="capsnet", title="CapsNet", options=zoo.TINY["capsnet"], batch=500, epochs=50))
    events = begin(qtbot, tab, 2)
    plots = tab.curves.plots
    assert plots is not None

    def drawn() -> dict[str, float]:
        items = plots.loss.listDataItems()
        return {item.opts["words"]: float(item.getOriginalDataset()[1][-1]) for item in items}

    qtbot.waitUntil(lambda: {"training", "margin loss", "reconstruction loss"} <= set(drawn()), timeout=LONG)
    last = drawn()
    assert last["margin loss"] + last["reconstruction loss"] == pytest.approx(last["training"], rel=1e-3)
    before = count(events)
    qtbot.waitUntil(lambda: count(events) > before, timeout=LONG)  # the next batch has only just begun
    done = [event for event in events if isinstance(event, BatchEnded)][-1]
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    run = ended(qtbot, tab)
    end = [event for event in events if isinstance(event, Ended)][-1]
    passed = (end.epoch - done.epoch) * done.batches + end.batch - done.batch
    assert 0 <= passed <= 1
    assert (run.state, run.can_resume) == ("stopped", True)
    assert (run.folder / "model.keras").exists()


@pytest.mark.slow
def test_the_users_digit_is_read_by_the_net_in_training_while_it_changes(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, draw: Callable[..., None]
) -> None:
    tab.form.put(replace(PLAN, epochs=500))
    assert not tab.theatre.scrubber.isVisibleTo(tab.theatre)  # there is no time yet to go back in
    events = begin(qtbot, tab)
    window.panel.canvas.clear()
    draw(window.panel.canvas, SEVEN)

    def shown() -> bool:
        looks = [event for event in events if isinstance(event, Snapshot) and event.own]
        seen = window.panel.glance.sees.digit
        return bool(looks) and seen is not None and np.array_equal(looks[-1].digits[-1, ..., 0], seen)

    qtbot.waitUntil(shown, timeout=LONG)
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(tab.theatre.stage.read()) == 11)
    assert tab.theatre.scrubber.isVisibleTo(tab.theatre)
    tab.theatre.scrubber.setValue(0)
    assert tab.theatre.look is tab.theatre.looks[0]
    assert "Before epoch 1" in tab.theatre.status.text()
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)


@pytest.mark.parametrize("family", [pytest.param("efficient-capsnet", marks=pytest.mark.slow), "multi-cnn"])
def test_a_net_of_two_digits_learns_in_the_tab_and_is_watched(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, draw: Callable[..., None], family: str
) -> None:
    """Every such fit ended before it began, with a line about arrays: the pictures that are watched had one digit."""
    draw(window.panel.canvas, SEVEN)
    options = zoo.TINY[family] | ({"halvings": 2} if family == "efficient-capsnet" else {})
    tab.form.put(replace(PLAN, family=family, title="Pairs", options=options, overlaid=4, epochs=1, limit=400))
    events = begin(qtbot, tab)
    run = ended(qtbot, tab)
    assert (run.state, run.message) == ("finished", "")
    looks = [event for event in events if isinstance(event, Snapshot)]
    last = looks[-1]
    assert last.digits.shape[1:] == (36, 36, 1)
    assert (last.labels != last.others).all()
    assert last.read.shape == last.true.shape == (10, 2)
    # Of each pair both classes that are read, the smaller first, and both scores are above all others.
    for scores, read in zip(last.scores, last.read.tolist(), strict=True):
        assert set(np.argsort(-scores)[:2].tolist()) == set(read)
    assert last.right.tolist() == [
        {first, second} == set(read)
        for first, second, read in zip(last.labels, last.others, last.read.tolist(), strict=True)
    ]
    assert (last.pictures is not None) == (family == "efficient-capsnet")
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    assert f"{int(last.right.sum())} of 10 right" in tab.theatre.status.text()
    words = tab.theatre.stage.words()
    assert [lines[0] for lines in words] == [f"{first}+{second}" for first, second in last.read.tolist()]
    assert all(("✗" in lines[1]) != right for lines, right in zip(words, last.right.tolist(), strict=True))


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_data_that_is_truncated_during_the_run_does_no_harm_and_is_refused_by_the_next(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, digits: Data
) -> None:
    """All of it was read before the first batch."""
    path = tmp_path / "digits.npz"
    np.savez(
        path, x_train=digits.train_images, y_train=digits.train_labels, x_test=digits.test_images,
        y_test=digits.test_labels,
    )  # fmt: skip
    monkeypatch.setattr(tab.fitter, "_open", lambda name, watch, shape: open_data(name, shape, watch=watch))
    tab.form.put(replace(PLAN, data=str(path)))
    begin(qtbot, tab)
    path.write_bytes(path.read_bytes()[:100_000])
    assert ended(qtbot, tab).state == "finished"
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "digits" in window.message.text, timeout=LONG)
    assert not tab.fitter.busy


@pytest.mark.slow
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
