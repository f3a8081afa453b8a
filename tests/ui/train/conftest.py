"""The Train tab of the real window, with digits at hand and a small plan."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import Data
from capsdraw.fit import runs
from capsdraw.fit.events import BatchEnded
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.ui import main_window
from capsdraw.ui.main_window import MainWindow
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
