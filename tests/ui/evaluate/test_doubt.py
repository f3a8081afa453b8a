"""Images whose rows and columns are exchanged: asked about, once, and measured as the user says."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.ui.evaluate.tab import EvaluateTab

from .conftest import choose, ended


def test_exchanged_images_are_asked_about(qtbot: QtBot, tab: EvaluateTab, tmp_path: Path) -> None:
    images, labels = synthetic.digits(100, 3)
    np.savez(tmp_path / "own.npz", x_test=images.swapaxes(1, 2), y_test=labels)
    choose(tab, "mlp", tmp_path / "own.npz")
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.doubt.isVisible()
    assert "rows and columns exchanged" in tab.doubt.words.text()
    assert tab.examined is None
    tab.doubt.exchange.setFocus()
    qtbot.keyClick(tab.doubt.exchange, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is tab.cancel
    ended(qtbot, tab)
    assert QApplication.focusWidget() is tab.start
    assert not tab.doubt.isVisible()
    assert tab.examined is not None
    assert tab.examined.result.error_percent < 20
    assert "Rows and columns were exchanged." in tab.result.figures.text()
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)  # it was said: not asked again
    ended(qtbot, tab)
    assert not tab.doubt.isVisible()


def exchanged(path: Path, back: bool = False) -> None:
    images, labels = synthetic.digits(100, 3)
    np.savez(path, x_test=images if back else images.swapaxes(1, 2), y_test=labels)


def asked(qtbot: QtBot, tab: EvaluateTab) -> bool:
    """Click Start; whether a question came of it."""
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    return tab.doubt.isVisible()


def test_an_answer_is_taken_back_by_choosing_the_data_anew(qtbot: QtBot, tab: EvaluateTab, tmp_path: Path) -> None:
    """It held until the app was closed, and nothing said so."""
    path = tmp_path / "own.npz"
    exchanged(path)
    choose(tab, "mlp", path)
    assert asked(qtbot, tab)
    qtbot.mouseClick(tab.doubt.leave, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.examined is not None
    assert tab.examined.result.error_percent > 20
    assert "exchanged" not in tab.result.figures.text()
    assert not asked(qtbot, tab)
    choose(tab, "mlp", path)
    assert asked(qtbot, tab)


def test_an_answer_is_of_what_lay_there_when_it_was_asked(qtbot: QtBot, tab: EvaluateTab, tmp_path: Path) -> None:
    """The file was mended while the question was there, and its upright images were turned."""
    path = tmp_path / "own.npz"
    exchanged(path)
    choose(tab, "mlp", path)
    assert asked(qtbot, tab)
    exchanged(path, back=True)
    qtbot.mouseClick(tab.doubt.exchange, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.examined is not None
    assert tab.examined.result.error_percent < 20
    assert "exchanged" not in tab.result.figures.text()


def test_nothing_is_asked_of_data_that_was_not_measured(qtbot: QtBot, tab: EvaluateTab, tmp_path: Path) -> None:
    """A file that was dropped meanwhile got the question, and the answer."""
    exchanged(tmp_path / "own.npz")
    exchanged(tmp_path / "dropped.npz", back=True)
    choose(tab, "mlp", tmp_path / "own.npz")
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    tab.take_data(str(tmp_path / "dropped.npz"))
    ended(qtbot, tab)
    assert not tab.doubt.isVisible()


def test_no_answer_is_taken_where_nothing_would_come_of_it(qtbot: QtBot, tab: EvaluateTab, tmp_path: Path) -> None:
    """On Sets without two models the question went, and nothing was begun."""
    exchanged(tmp_path / "own.npz")
    choose(tab, "mlp", tmp_path / "own.npz")
    assert asked(qtbot, tab)
    qtbot.mouseClick(tab.faces[5], Qt.MouseButton.LeftButton)
    assert not tab.start.isEnabled()
    qtbot.mouseClick(tab.doubt.exchange, Qt.MouseButton.LeftButton)
    tab.doubt.answered.emit(True)
    assert tab.doubt.isVisible()
    qtbot.mouseClick(tab.faces[0], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tab.doubt.exchange, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.examined is not None
