"""The Evaluate tab of the real window, and data to measure on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.ui.evaluate.examiner import Examined
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.main_window import MainWindow

LONG = 120_000

Measure = Callable[..., Examined]


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 pen digits, all to be measured on: `mlp`, which has seen none, misreads some."""
    images, labels = synthetic.digits(600, 3)
    path = tmp_path_factory.mktemp("data") / "pen.npz"
    np.savez(path, x_test=images, y_test=labels)
    return path


@pytest.fixture
def tab(window: MainWindow, qtbot: QtBot) -> EvaluateTab:
    """The tab, shown, with all models to choose from."""
    window.tabs.setCurrentWidget(window.evaluate)
    qtbot.waitUntil(lambda: window.evaluate.model.count() > 0, timeout=LONG)
    return window.evaluate


def choose(tab: EvaluateTab, model: str, data: Path | str) -> None:
    """As a user chooses in both lists."""
    row = tab.model.findData(model)
    assert row >= 0
    tab.model.setCurrentIndex(row)
    tab.model.activated.emit(row)
    tab.data.put(str(data))
    tab.data.changed.emit()


def ended(qtbot: QtBot, tab: EvaluateTab) -> None:
    """Wait until what was begun is done with."""
    qtbot.waitUntil(lambda: not tab.examiner.busy and tab.start.isEnabled(), timeout=LONG)


@pytest.fixture
def measure(qtbot: QtBot, tab: EvaluateTab, digits: Path) -> Measure:
    """Chooses, clicks Start, waits; gives the result."""

    def run(model: str = "mlp", data: Path | str = digits) -> Examined:
        choose(tab, model, data)
        qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
        assert tab.examiner.busy
        ended(qtbot, tab)
        assert tab.examined is not None
        return tab.examined

    return run
