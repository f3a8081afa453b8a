"""Models of others come in by File > Open and by dropping, models go out by the menu; the window goes on meanwhile."""

import os
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from capsdraw.errors import CapsDrawError
from capsdraw.nets import cards
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.model_files import ModelFiles

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

    def ask(_: ModelFiles, *words: str) -> dict[str, Any]:
        asked.append(words)
        raise CapsDrawError("as the other process said")

    monkeypatch.setattr(ModelFiles, "_asked", ask)
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
        assert asked[-1] == ("--open", str(tmp_path / name))


def test_the_menu_exports_the_model_that_reads(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(qtbot, window)
    asked: list[tuple[str, ...]] = []

    def ask(_: ModelFiles, *words: str) -> dict[str, Any]:
        asked.append(words)
        return {"file": words[-1], "bytes": 1_250_000}

    monkeypatch.setattr(ModelFiles, "_asked", ask)
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


@pytest.mark.skipif(os.name != "posix", reason="the other process is a shell's")
def test_a_window_that_is_closed_leaves_no_process(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = tmp_path / "python"
    waiting.write_text("#!/bin/sh\nexec sleep 600\n")
    waiting.chmod(0o700)
    monkeypatch.setattr("capsdraw.ui.model_files.sys.executable", str(waiting))
    window.model_files.open(tmp_path / "net.keras")
    qtbot.waitUntil(lambda: len(window.model_files._running) == 1, timeout=SOON)
    process = window.model_files._running[0]
    window.close()
    assert process.wait(10) != 0
