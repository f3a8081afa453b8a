"""With a net of photographs the window asks for photographs, and "Test digit" is a test image of its own."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from capsdraw.nets import cards
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.nets.verdict import Kind, Verdict
from capsdraw.ui.answers import Answer
from capsdraw.ui.drawing_panel import DrawingPanel
from capsdraw.ui.main_window import MainWindow

from .conftest import FIRST, SOON


def read_by(qtbot: QtBot, window: MainWindow, model: str) -> None:
    """Wait for that model's answer: else it is still being loaded when the window closes."""
    qtbot.waitUntil(
        lambda: window.answers.last is not None and window.answers.last.reading.model == model, timeout=FIRST
    )


@pytest.mark.slow
def test_a_net_of_photographs_is_tested_on_one_of_its_own(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = window.test_digit
    assert action.text() == "&Test digit"
    window.use_model("cifar-cnn")
    read_by(qtbot, window, "cifar-cnn")
    assert action.text() == "&Test image"
    assert "the net was trained on" in action.toolTip()
    picture = np.zeros((32, 32, 3), np.float32)
    picture[:, :, 1] = 0.8
    monkeypatch.setattr(window.files._tests, "labelled", lambda _: (picture, "Test image 4, labelled frog", 6))
    action.trigger()
    qtbot.waitUntil(lambda: window.panel.canvas.sketch.colours is not None, timeout=SOON)
    assert window.statusBar().currentMessage() == "Test image 4, labelled frog"
    window.panel.canvas.clear()
    assert (
        window.panel.glance.headline.text() == window.readout.headline.text() == "Open a picture, or take a test image"
    )
    window.use_model("mlp")
    assert action.text() == "&Test digit"
    assert window.panel.glance.headline.text() == window.readout.headline.text() == "Draw a digit"
    assert not window.message.isVisible()


@pytest.mark.slow
def test_where_its_data_is_not_that_is_said(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    window.use_model("cifar-cnn")
    read_by(qtbot, window, "cifar-cnn")
    window.test_digit.trigger()
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert window.message.text.startswith("CIFAR-10 is not on this machine: start a fit in Train to download it")


def test_what_was_said_of_half_a_stroke_goes_with_the_answer_to_the_whole(qtbot: QtBot) -> None:
    """Beneath "sees a 7 · 0.96" stood that it knew nothing quite like this."""
    panel = DrawingPanel()
    qtbot.addWidget(panel)
    panel.describe(cards.find("efficient-capsnet"))
    digit = np.zeros((28, 28), np.float32)
    digit[8:20, 12:16] = 1
    scores = np.zeros(10, np.float32)
    scores[7] = 0.9
    reading = Reading(
        model="efficient-capsnet", kind=NetKind.CAPSULE, label=7, scores=scores, capsules=None,
        reconstruction=1 - digit, error=0.5, seconds=0.001,
    )  # fmt: skip
    panel.show_digit(digit)
    plain = panel.glance.note.text()
    panel.show_answer(Answer(1, reading, digit, Verdict(Kind.UNSURE, 7, 1)))
    assert "misses" in panel.glance.note.text()
    panel.show_answer(Answer(2, reading, digit, Verdict(Kind.SURE, 7)))
    assert panel.glance.note.text() == plain
