"""The Train tab of the real window, with digits at hand and a small plan; and runs that were made elsewhere."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import Data
from capsdraw.fit import listener, log, recipes, runs
from capsdraw.fit.events import BatchEnded, Ended, EpochEnded, Event, Started
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.nets.catalog import FAMILIES
from capsdraw.ui import window_parts
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train import forecast
from capsdraw.ui.train import tab as tab_module
from capsdraw.ui.train.tab import TrainTab

LONG = 120_000
SEVEN = Drawing((stroke([(100, 120), (380, 120), (300, 250), (220, 420)]),))
PLAN = Recipe(
    name="tutorial-cnn",
    title="Tutorial CNN",
    family="tutorial-cnn",
    held_out=200,
    epochs=3,
    batch=50,
    learning_rate=5e-3,
    schedule="constant",
)


@pytest.fixture(scope="session")
def digits() -> Data:
    images, labels = synthetic.digits(3200, 1)
    for each in (images, labels):
        each.flags.writeable = False  # all tests have the same
    return Data("synthetic", images[:3000], labels[:3000], images[3000:], labels[3000:])


@pytest.fixture(autouse=True)
def data_at_hand(monkeypatch: pytest.MonkeyPatch, digits: Data) -> None:
    monkeypatch.setattr(window_parts, "read_data", lambda *_: digits)
    # Also on a machine without MNIST, whose plans are not timed: that would download it.
    for module in (forecast, tab_module):
        monkeypatch.setattr(module, "at_hand", lambda _: True)
    # Each batch is told of: a quick machine does all of a small fit between two times that batches are told of.
    monkeypatch.setattr(listener, "_OFTEN", 0.0)


@pytest.fixture
def tab(window: MainWindow) -> TrainTab:
    """The Train tab of the real window, with a small plan."""
    window.tabs.setCurrentWidget(window.train)
    window.train.form.put(PLAN)
    return window.train


def begin(qtbot: QtBot, tab: TrainTab, batches: int = 3) -> list[object]:
    """Click Start and wait for some batches; returns the growing list of events."""
    events: list[object] = []
    tab.fitter.reported.connect(events.append)
    tab.turn(0)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)

    # A fit that has ended by itself is not waited for: its last event says why.
    def there() -> bool:
        return count(events) >= batches or any(isinstance(event, Ended) for event in events)

    qtbot.waitUntil(there, timeout=LONG)
    assert count(events) >= batches, events
    return events


def count(events: list[object]) -> int:
    return sum(isinstance(event, BatchEnded) for event in events)


def ended(qtbot: QtBot, tab: TrainTab) -> runs.Run:
    """Wait for the fit's end; returns the run."""
    qtbot.waitUntil(lambda: not tab.fitter.busy and tab.start.isEnabled(), timeout=LONG)
    return runs.list_runs()[0]


def shelve(title: str, accuracies: Sequence[float] = (0.5, 0.75), recipe: Recipe = PLAN) -> Path:
    """A run folder as a fit of so many epochs leaves it, but for its models; the accuracies are in [0, 1]."""
    folder = runs.create(replace(recipe, title=title, epochs=len(accuracies)))
    part = "lengths_" if FAMILIES[recipe.family].kind == "capsule" else ""
    events: list[Event] = [Started(len(accuracies), 0, 10, 500, 1000)]
    for epoch, accuracy in enumerate(accuracies, 1):
        figures = {"loss": 1 - accuracy, f"{part}accuracy": accuracy}
        if part:
            figures |= {"lengths_loss": 0.9 - accuracy / 2, "reconstruction_loss": 0.1 - accuracy / 2}
        events += [BatchEnded(epoch, len(accuracies), batch, 10, 100.0, 1.0, figures) for batch in (5, 10)]
        row = {"epoch": float(epoch), **figures, "val_loss": 1.1 - accuracy, f"val_{part}accuracy": accuracy - 0.01}
        log.write_row(folder, row)
        events.append(EpochEnded(epoch, len(accuracies), row, 1.0, 1.0, True))
    for event in [*events, Ended("finished", len(accuracies), 10)]:
        log.Recorder(folder, lambda _: None)(event)  # a new one each: one alone keeps few of the batches
    return folder


@contextmanager
def trained_elsewhere(folder: Path) -> Iterator[None]:
    """Another process works in a run folder."""
    child = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        yield
        child.communicate("", timeout=30)


_HOLD = """
import sys
from pathlib import Path
from capsdraw.fit import lock
with lock.hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def listed(qtbot: QtBot, tab: TrainTab, *titles: str) -> None:
    """Turn to the runs and wait until exactly these are there, in any order."""
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: sorted(run.title for run in tab.shelf.listed) == sorted(titles))


def line(tab: TrainTab, title: str) -> QTreeWidgetItem:
    """The line of the run of that name, chosen."""
    items = [tab.runs.table.topLevelItem(number) for number in range(tab.runs.table.topLevelItemCount())]
    item = next(one for one in items if one.text(0) == title)
    tab.runs.table.setCurrentItem(item)
    return item


def killed(recipe: Recipe) -> Path:
    """A run on the digits at hand that another process trained: it died, by kill -9, within its second epoch."""
    child = subprocess.Popen(
        [sys.executable, "-c", _TRAIN, recipes.to_toml(recipe)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        text=True,
    )  # fmt: skip
    with child:
        try:
            assert child.stdout is not None
            folder = Path(child.stdout.readline().strip())
        finally:
            child.kill()
    return folder


_TRAIN = """
import sys, time
from pathlib import Path
from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.fit import loop, recipes, runs
from capsdraw.fit.control import Control
from capsdraw.fit.plan import Plan
from capsdraw.paths import home

home().mkdir(parents=True, exist_ok=True)
plan = home() / "plan.toml"
plan.write_text(sys.argv[1])
recipe = recipes.load(str(plan))
images, labels = synthetic.digits(3200, 1)
data = Data("synthetic", images[:3000], labels[:3000], images[3000:], labels[3000:])
folder = runs.create(recipe, data)

def listen(event):
    if getattr(event, "epoch", 0) == 2 and getattr(event, "batch", 0) > 0:
        print(folder, flush=True)
        time.sleep(600)

loop.run(Plan.of(recipe, data.train_images, data.train_labels), folder, Control(), listen)
"""
