"""Images whose rows and columns are exchanged: asked about, once, and measured as the user says."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
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
    qtbot.mouseClick(tab.doubt.exchange, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert not tab.doubt.isVisible()
    assert tab.examined is not None
    assert tab.examined.result.error_percent < 20
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)  # it was said: not asked again
    ended(qtbot, tab)
    assert not tab.doubt.isVisible()
