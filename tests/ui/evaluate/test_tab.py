"""A model is measured in the real window: by clicks, with the pen at hand, until it ends or is ended."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.npz import load_npz
from capsdraw.ink.sketch import fitted
from capsdraw.nets import cards
from capsdraw.nets.session import Session
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Measure, choose, ended


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory, digits: Path) -> Path:
    """So many digits that a large net needs a while."""
    data = load_npz(digits, "pen")
    path = tmp_path_factory.mktemp("many") / "many.npz"
    np.savez(path, x_test=np.repeat(data.test_images, 17, 0), y_test=np.repeat(data.test_labels, 17, 0))
    return path


def begin(qtbot: QtBot, tab: EvaluateTab, many: Path) -> None:
    """Start what takes a while, and wait for its first images."""
    choose(tab, "efficient-capsnet", many)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.bar.maximum() == 10_200 and tab.bar.value() > 0, timeout=LONG)


def test_a_measurement_is_what_a_plain_count_says(tab: EvaluateTab, measure: Measure, digits: Path) -> None:
    found = measure("mlp")
    data = load_npz(digits, "pen")
    scores = Session.open(cards.find("mlp")).scores(data.test_images)
    read = scores.argmax(1)
    wrong = int((read != data.test_labels).sum())
    assert wrong > 5
    assert tab.result.headline.text() == f"{100 * wrong / 600:.2f}% wrong: {wrong} of 600 images"
    low, high = found.result.interval_percent
    assert f"between {low:.2f}% and {high:.2f}%" in tab.result.interval.text()
    fours = data.test_labels == 4
    item = tab.result.table.item(4, 2)
    assert item is not None
    assert item.text() == str(int((read[fours] != 4).sum()))
    assert len(tab.mistakes.gallery.items) == wrong
    surest = scores.max(1)[read != data.test_labels].max()
    assert tab.mistakes.gallery.items[0].note == f"{surest:.2f}"


def test_cancel_ends_it_and_what_was_measured_stands(
    qtbot: QtBot, tab: EvaluateTab, measure: Measure, many: Path
) -> None:
    before = measure("mlp")
    begin(qtbot, tab, many)
    qtbot.mouseClick(tab.cancel, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.status.text() == "Stopped. Below: measured MLP on pen"
    assert tab.examined is before
    assert "of 600 images" in tab.result.headline.text()
    assert not tab.bar.isVisible()
    assert measure("mlp").result.errors == before.result.errors  # it goes on


def test_after_a_failure_the_status_says_what_is_shown(
    qtbot: QtBot, tab: EvaluateTab, measure: Measure, tmp_path: Path
) -> None:
    """The lists named one model and data, and the figures below were of others."""
    np.savez(tmp_path / "big.npz", x_test=np.zeros((5, 28, 28), np.uint8), y_test=np.array([0, 1, 12, 3, 4]))
    choose(tab, "mlp", tmp_path / "big.npz")
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.status.text() == "Failed"
    measure("mlp")
    choose(tab, "keras-cnn", tmp_path / "big.npz")
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.status.text() == "Failed. Below: measured MLP on pen"


def test_start_measures_the_time_anew(tab: EvaluateTab, measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured beside a fit, a model stayed slow until the next start of the app, whoever asked again."""
    plain = Session.scores

    def beside_a_fit(session: Session, images: np.ndarray) -> np.ndarray:
        time.sleep(0.5)
        return plain(session, images)

    with monkeypatch.context() as busy:
        busy.setattr(Session, "scores", beside_a_fit)
        slow = measure("mlp").result.seconds_per_image
    quick = measure("mlp").result.seconds_per_image
    assert quick < slow / 2
    assert f"{1000 * quick:.2f} ms an image" in tab.result.figures.text()


def test_a_digit_drawn_meanwhile_is_read(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, many: Path, draw: Callable[..., None]
) -> None:
    begin(qtbot, tab, many)
    window.panel.canvas.clear()
    draw(window.panel.canvas, fitted(synthetic.drawing(5, np.random.default_rng((9, 5, 0)))))
    qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=LONG)
    assert tab.examiner.busy
    assert window.readout.bars.winner == 5
    qtbot.mouseClick(tab.cancel, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)


def test_closing_the_window_ends_it(qtbot: QtBot, window: MainWindow, tab: EvaluateTab, many: Path) -> None:
    begin(qtbot, tab, many)
    assert window.close()
    assert not tab.examiner._worker.alive
