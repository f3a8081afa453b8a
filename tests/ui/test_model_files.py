"""Models of others come in by File > Open and by dropping, models go out by the menu; the window goes on meanwhile."""

import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.models_process import ModelsProcess, UnknownSight
from capsdraw.ui.sight_dialog import SightDialog

from ..nets.foreign_nets import linear
from .conftest import FIRST, SOON, settle

LONG = 200_000


def theirs(path: Path) -> Path:
    model = keras.Sequential([layers.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])
    model.layers[-1].set_weights(linear())
    model.save(path)
    return path


def dropped(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


@pytest.mark.slow
def test_a_dropped_model_reads_the_drawing_and_is_exported(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = theirs(tmp_path / "Theirs.h5")
    with qtbot.waitSignal(window.model_files.opened, timeout=LONG):
        window.files.take(dropped(path))
    assert window.picker.currentData() == "theirs"
    assert window.picker.currentText() == "Theirs"
    assert "of 100 of the app's own digits" in window.statusBar().currentMessage()
    qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=FIRST)
    assert window.readout.bars.winner == 3  # the example
    with qtbot.waitSignal(window.model_files.said, timeout=LONG):
        window.model_files.export(cards.find("theirs"), tmp_path / "out.keras")
    assert "read back and compared" in window.statusBar().currentMessage()
    assert keras.saving.load_model(tmp_path / "out.keras").count_params() == 7850


@pytest.mark.slow
def test_why_a_model_is_refused_is_told_in_one_line(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    model = keras.Sequential([layers.Input((28, 28)), layers.Flatten(), layers.Lambda(abs, name="mine")])
    model.save(tmp_path / "net.keras")
    with qtbot.waitSignal(window.files.failed, timeout=LONG) as failed:
        window.files.open(tmp_path / "net.keras")
    assert failed.args[0].startswith("cannot open the model 'net.keras': its layer 'mine' is of kind 'Lambda', which")
    assert window.message.isVisible()


def test_what_a_file_holds_decides_whether_it_is_a_model(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Data and nets are both called .h5."""
    asked: list[tuple[str, ...]] = []

    def ask(_: ModelsProcess, *words: str) -> dict[str, Any]:
        asked.append(words)
        raise CapsDrawError("as the other process said")

    monkeypatch.setattr(ModelsProcess, "ask", ask)
    with h5py.File(tmp_path / "usps.h5", "w") as file:
        file["train/data"] = np.zeros((3, 256))
    window.files.take(dropped(tmp_path / "usps.h5"))
    qtbot.waitUntil(window.dropped.isVisible, timeout=SOON)
    assert window.dropped.words.text().startswith("usps.h5: data to train a net on")
    assert asked == []
    with h5py.File(tmp_path / "net.h5", "w") as file:
        file.attrs["model_config"] = "{}"
    for name in ("net.h5", "net.keras"):
        with qtbot.waitSignal(window.files.failed, timeout=SOON) as failed:
            window.files.take(dropped(tmp_path / name))
        assert failed.args == ["as the other process said"]
        assert asked[-1] == ("--open", str(tmp_path / name), "--sure")


def test_the_menu_exports_the_model_that_reads(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(qtbot, window)
    asked: list[tuple[str, ...]] = []

    def ask(_: ModelsProcess, *words: str) -> dict[str, Any]:
        asked.append(words)
        return {"file": words[-1], "bytes": 1_250_000}

    monkeypatch.setattr(ModelsProcess, "ask", ask)
    monkeypatch.setattr(QFileDialog, "exec", lambda _: 1)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _: [str(tmp_path / "out.tflite")])
    menu = window.commands.menus.model
    menu.aboutToShow.emit()
    export = next(action for action in menu.actions() if action.text() == "E&xport Model …")
    with qtbot.waitSignal(window.model_files.said, timeout=SOON) as said:
        export.trigger()
    assert asked == [("--export", window.reader.model, str(tmp_path / "out.tflite"))]
    assert said.args == ["exported Efficient-CapsNet to out.tflite: 1.2 MB, read back and compared"]
    # And again, after the menu was filled anew.
    menu.aboutToShow.emit()
    assert menu.actions()[-1] is export


def started(window: MainWindow, qtbot: QtBot, python: Path, path: Path) -> "subprocess.Popen[str]":
    """What was started for a file that is opened; `python` is what it is started with."""
    window.model_files.open(path)
    qtbot.waitUntil(lambda: any(each.process for each in window.model_files._processes), timeout=SOON)
    (process,) = [each.process for each in window.model_files._processes]
    assert process is not None
    assert str(python) in process.args  # type: ignore[operator]
    return process


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Python that waits for ever, and hears of no interruption."""
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\ntrap '' INT\nwhile :; do sleep 1; done\n")
    python.chmod(0o700)
    monkeypatch.setattr("capsdraw.ui.models_process.sys.executable", str(python))
    return python


@pytest.mark.skipif(os.name != "posix", reason="the other process is a shell's")
def test_a_window_that_is_closed_leaves_no_process(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, waiting: Path
) -> None:
    process = started(window, qtbot, waiting, tmp_path / "net.keras")
    window.close()
    assert process.wait(10) != 0


@pytest.mark.skipif(os.name != "posix", reason="the other process is a shell's")
def test_cancel_ends_the_process_and_nothing_is_said(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, waiting: Path
) -> None:
    """It went on, and put its model among the user's a minute later."""
    process = started(window, qtbot, waiting, tmp_path / "net.keras")
    qtbot.waitUntil(window.waiting.isVisible, timeout=SOON)
    qtbot.mouseClick(window.waiting.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=SOON)
    assert not window.message.isVisible()


@pytest.mark.skipif(os.name != "posix", reason="an interruption is a signal")
def test_what_is_given_up_takes_back_what_it_has_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """The name of its model was taken for ever."""
    claimed = tmp_path / "net.keras"
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ntrap 'rm {claimed}; exit 1' INT\ntouch '{claimed}'\nwhile :; do sleep 0.1; done\n")
    python.chmod(0o700)
    monkeypatch.setattr("capsdraw.ui.models_process.sys.executable", str(python))
    process = ModelsProcess()
    # Where tests run behind a shell, Ctrl-C is ignored, which a child would inherit; the app has a handler of its own.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))

    def ask() -> None:
        with pytest.raises(CapsDrawError):
            process.ask("--open", "net.keras")

    thread = threading.Thread(target=ask)
    thread.start()
    while not claimed.exists():
        thread.join(0.01)
    process.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert not claimed.exists()
    with pytest.raises(CapsDrawError, match="given up"):
        process.ask("--open", "net.keras")


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_what_nobody_can_measure_is_asked_and_the_net_is_opened_so(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A net of letters was taken to see pictures as they are, from 0 to 1, without a question."""
    asked: list[tuple[str, ...]] = []

    def ask(_: ModelsProcess, *words: str) -> dict[str, Any]:
        asked.append(words)
        if len(asked) < 3:
            raise UnknownSight("nobody knows", ("pixels", "ink"), "it knows 3 classes", colour=len(asked) == 2)
        return {"name": "mlp", "notes": ["as was said"]}

    monkeypatch.setattr(ModelsProcess, "ask", ask)
    path = tmp_path / "letters.keras"
    path.touch()

    def dialog() -> SightDialog:
        qtbot.waitUntil(lambda: bool(window.findChildren(SightDialog)), timeout=SOON)
        return window.findChildren(SightDialog)[0]

    window.files.take(dropped(path))
    first = dialog()
    assert "it knows 3 classes" in " ".join(label.text() for label in first.findChildren(QLabel))
    assert (first.pixels.currentData(), first.ink.currentData()) == ("0..1", "light")
    buttons = first.findChild(QDialogButtonBox)
    qtbot.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.findChildren(SightDialog), timeout=SOON)
    assert len(asked) == 1  # nothing was opened
    window.files.take(dropped(path))
    second = dialog()
    assert second.ink.currentData() == "none"  # colours: a net of pictures
    second.pixels.setCurrentIndex(second.pixels.findData("0..255"))
    second.ink.setCurrentIndex(second.ink.findData("dark"))
    buttons = second.findChild(QDialogButtonBox)
    with qtbot.waitSignal(window.model_files.opened, timeout=SOON):
        qtbot.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Open), Qt.MouseButton.LeftButton)
    assert asked[2] == ("--open", str(path), "--sure", "--pixels=0..255", "--ink=dark")


@pytest.mark.slow
@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_net_of_three_classes_is_asked_about_by_the_real_process(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    model = keras.Sequential([layers.Input((28, 28)), layers.Flatten(), layers.Dense(3, activation="softmax")])
    model.save(tmp_path / "three.keras")
    window.files.take(dropped(tmp_path / "three.keras"))
    qtbot.waitUntil(lambda: bool(window.findChildren(SightDialog)), timeout=LONG)
    (dialog,) = window.findChildren(SightDialog)
    assert not cards.folders()[-1].exists() or not list(cards.folders()[-1].glob("three*"))
    with qtbot.waitSignal(window.model_files.opened, timeout=LONG) as opened:
        dialog.accept()
    assert opened.args[0].intake.ground == "dark"  # light ink, the first of the list
