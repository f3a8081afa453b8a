"""The thread that trains: what it reads, when it reads it anew, and that a fit ends whatever goes wrong."""

import json
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import data, synthetic
from capsdraw.datasets.monitor import ReadMonitor
from capsdraw.datasets.sources import Data
from capsdraw.fit import runs
from capsdraw.nets import cards, heavy, zoo
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train import fitter, forecast
from capsdraw.ui.train.tab import TrainTab
from capsdraw.ui.window_parts import read_data as opened

from .conftest import LONG, PLAN, begin, ended


def photographs(folder: Path) -> Path:
    """Red and blue ones of several sizes, hardly any square."""
    random = np.random.default_rng(1)
    for name, colour in (("red", (200, 40, 40)), ("blue", (40, 40, 200))):
        (folder / name).mkdir(parents=True)
        for number in range(30):
            rows, columns = random.integers(30, 90, 2)
            pixels = np.clip(random.normal(colour, 20, (rows, columns, 3)), 0, 255)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{number}.jpg")
    return folder


@pytest.mark.slow
def test_a_folder_of_ordinary_pictures_is_trained_on(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tab.fitter, "_open", opened)
    tab.form.put(replace(PLAN, data=str(photographs(tmp_path / "colours")), held_out=10, epochs=8, batch=10))
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    run = ended(qtbot, tab)
    assert (run.state, run.message, run.labels) == ("finished", "", ("blue", "red"))
    assert run.best == 1


def written(path: Path, digits: Data, count: int) -> Path:
    np.savez(
        path, x_train=digits.train_images[:count], y_train=digits.train_labels[:count], x_test=digits.test_images,
        y_test=digits.test_labels,
    )  # fmt: skip
    return path


@pytest.mark.slow
def test_a_file_that_has_changed_is_read_again_and_one_that_has_not_is_not(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, digits: Data
) -> None:
    """The second fit is on what the file holds now: its run says so."""
    read: list[str] = []

    def counted(name: str, watch: ReadMonitor, shape: tuple[int, ...] | None) -> Data:
        read.append(name)
        return opened(name, watch, shape)

    monkeypatch.setattr(tab.fitter, "_open", counted)
    path = written(tmp_path / "digits.npz", digits, 600)
    tab.form.put(replace(PLAN, data=str(path), epochs=1))
    trained = []
    for count in (600, 600, 400):
        if count == 400:
            written(path, digits, count)
        qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
        run = ended(qtbot, tab)
        trained.append(json.loads((run.folder / runs.ABOUT).read_text())["images"])
    assert trained == [600, 600, 400]
    assert len(read) == 2


@pytest.mark.slow
def test_a_wrong_label_is_named_and_nothing_is_trained(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, digits: Data
) -> None:
    labels = digits.train_labels.copy()
    labels[1234] = 99
    monkeypatch.setattr(tab.fitter, "_open", lambda *_: replace(digits, train_labels=labels))
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "no image has class 10, though there is a class 99" in window.message.text, timeout=LONG)
    assert not tab.fitter.busy
    assert runs.list_runs() == []


@pytest.mark.slow
def test_a_fit_whose_libraries_cannot_be_imported_ends_with_the_reason(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tab can be used again, and once they can be, so can nets be trained."""

    def broken() -> None:
        raise ImportError("libtensorflow_framework.so.2: cannot open shared object file")

    with monkeypatch.context() as without:
        without.setattr(fitter.heavy, "load", broken)
        qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not tab.fitter.busy and tab.status.text() == "Failed", timeout=LONG)
    assert "libtensorflow_framework.so.2: cannot open shared object file" in window.message.text
    assert tab.start.isEnabled()
    assert not tab.stop.isEnabled()
    monkeypatch.setattr(tab.fitter, "_open", lambda *_: synthetic.data(700, 100))
    tab.form.put(replace(PLAN, epochs=1))
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert ended(qtbot, tab).state == "finished"


def test_a_fit_that_is_stopped_while_the_libraries_are_imported_leaves_no_run(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, digits: Data
) -> None:
    """Its data was at hand, where nothing was looked at but what was to be read: an empty run stood in the list."""
    imported = threading.Event()
    load = heavy.load

    def slow() -> None:
        assert imported.wait(60)
        load()

    monkeypatch.setattr(heavy, "load", slow)
    monkeypatch.setattr(tab.fitter, "_open", lambda *_: digits)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert tab.fitter.busy
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    imported.set()
    qtbot.waitUntil(lambda: tab.status.text() == "Stopped before anything was learnt", timeout=LONG)
    assert not tab.fitter.busy
    assert runs.list_runs() == []


def test_a_model_that_cannot_be_put_at_hand_for_want_of_libraries_can_be_tried_again(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ImportError("no keras")

    monkeypatch.setattr(fitter.heavy, "load", broken)
    tab.fitter.adopt(runs.create(PLAN), "Mine")
    assert tab.fitter.adopting
    qtbot.waitUntil(lambda: not tab.fitter.adopting and "no keras" in window.message.text, timeout=LONG)


def test_a_window_that_is_closed_while_a_model_is_put_at_hand_keeps_none_of_it(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its data is being read: kept without it, it would have no ranges for the sliders of its capsules."""
    reading = threading.Event()

    def endless(_: str, watch: ReadMonitor, __: object) -> Data:
        reading.set()
        while True:
            watch.check()
            time.sleep(0.01)

    monkeypatch.setattr(tab.fitter, "_open", endless)
    run = runs.create(PLAN)
    zoo.build(PLAN.family).save(run / "model.keras")
    tab.fitter.adopt(run, "Mine")
    qtbot.waitUntil(reading.is_set, timeout=LONG)
    assert tab.fitter.close()
    assert [card.name for card in cards.list_cards() if not card.bundled] == []


def test_data_that_memory_has_no_room_for_is_said_with_advice(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, digits: Data
) -> None:
    monkeypatch.setattr(tab.fitter, "_open", opened)
    monkeypatch.setattr(data, "_bytes", lambda *_: np.empty(1 << 50, np.uint8))
    tab.form.put(replace(PLAN, data=str(written(tmp_path / "digits.npz", digits, 600))))
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "close other programs, or use fewer or smaller" in window.message.text, timeout=LONG)
    qtbot.waitUntil(lambda: not tab.fitter.busy, timeout=LONG)
    assert runs.list_runs() == []


@pytest.mark.slow
def test_what_is_promised_of_a_set_that_is_not_at_hand_comes(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is timed beforehand: that would fetch it. The fit itself tells the time that is left."""
    monkeypatch.setattr(forecast, "at_hand", lambda _: False)
    tab.form.put(replace(PLAN, epochs=500))
    qtbot.waitUntil(lambda: "downloaded when the fit starts" in tab.form.status.text(), timeout=LONG)
    assert tab.form.status.text().endswith("the time left is shown from the first batches on.")
    begin(qtbot, tab)
    qtbot.waitUntil(lambda: " left" in tab.status.text(), timeout=LONG)
    tab.stop.click()
    ended(qtbot, tab)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["waits", "is about to begin", "is under way"])
def test_start_waits_for_no_estimate(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, digits: Data, moment: str) -> None:
    """Wherever it is when Start is pressed: also after the thread has taken it and before it has begun it."""
    heavy.load()
    from capsdraw.fit import estimate

    asked: list[bool] = []
    real = estimate.estimate

    def timed(*given: Any) -> Any:
        if moment == "is under way":
            start()
        asked.append(given[-1]())  # whether it is not wanted any more
        return real(*given)

    class Pressed(fitter.Fitter):
        def _handle(self, job: Any) -> None:
            if moment == "is about to begin" and job.kind == fitter._ESTIMATE:
                start()
            super()._handle(job)

    def start() -> None:
        own.train(replace(PLAN, epochs=1))

    monkeypatch.setattr(estimate, "estimate", timed)
    own = Pressed(lambda *_: digits)
    answers, ends = [], []
    own.estimated.connect(lambda *given: answers.append(given), Qt.ConnectionType.DirectConnection)
    own.ended.connect(lambda _folder, how, _why: ends.append(how))
    own.estimate(PLAN)
    if moment == "waits":
        start()
    qtbot.waitUntil(lambda: ends == ["finished"], timeout=LONG)
    assert own.close()
    assert answers == []
    assert False not in asked


@pytest.mark.slow
@pytest.mark.parametrize("same", [True, False])
def test_start_uses_the_data_that_an_estimate_is_reading(qtbot: QtBot, digits: Data, same: bool) -> None:
    """A folder of ten thousand pictures is not read twice; that of another plan is no longer read."""
    heavy.load()
    reads: list[str] = []
    reading = threading.Event()

    def read(name: str, watch: ReadMonitor, _: tuple[int, ...] | None) -> Data:
        reads.append(name)
        reading.set()
        for step in range(20 if len(reads) == 1 else 0):
            time.sleep(0.02)
            watch.tell(step, 20)
        return digits

    own, ends = fitter.Fitter(read), []
    own.ended.connect(lambda _folder, how, _why: ends.append(how))
    own.estimate(PLAN)
    assert reading.wait(60)
    own.train(replace(PLAN, epochs=1, data=PLAN.data if same else "synthetic"))
    qtbot.waitUntil(lambda: bool(ends), timeout=LONG)
    assert own.close()
    assert ends == ["finished"]
    assert reads == ([PLAN.data] if same else [PLAN.data, "synthetic"])


def test_start_goes_on_reading_where_a_fit_was_stopped_before(digits: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stop of that one had the estimate drop the data that the new one was to go on reading."""
    own = fitter.Fitter(lambda *_: digits)
    monkeypatch.setattr(own._worker, "start", lambda: None)
    own.train(PLAN)
    own.stop()
    own.ended.emit(None, "stopped", "")
    own.estimate(PLAN)
    reading = own._estimate_job
    assert reading is not None
    wanted: list[bool] = []

    class Heard(threading.Event):
        """The thread that reads looks as soon as it is told."""

        def set(self) -> None:
            super().set()
            wanted.append(not own._unwanted(reading, *reading.data))

    object.__setattr__(reading, "enough", Heard())
    own.train(replace(PLAN, epochs=1))
    assert wanted == [True]
    own.stop()
    assert own._unwanted(reading, *reading.data)


@pytest.mark.parametrize("asked", ["nothing", "a fit", "a model"])
def test_closing_does_not_wait_for_a_step_of_an_estimate(
    monkeypatch: pytest.MonkeyPatch, digits: Data, asked: str
) -> None:
    """Nor for the fit that was to come after it, of which there is nothing yet."""
    under_way, done = threading.Event(), threading.Event()

    def step(*_: object) -> None:
        under_way.set()
        done.wait(30)

    own = fitter.Fitter(lambda *_: digits)
    monkeypatch.setattr(own, "_estimate", step)
    own.estimate(PLAN)
    assert under_way.wait(10)
    if asked == "a fit":
        own.train(PLAN)
    elif asked == "a model":
        own.adopt(runs.create(PLAN), "Mine")
    begun = time.perf_counter()
    assert not own.close()
    assert time.perf_counter() - begun < 10  # of the thirty that its step takes
    done.set()
