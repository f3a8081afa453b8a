"""The lab in the real window."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, settle


@pytest.fixture
def lab(window: MainWindow, qtbot: QtBot) -> CapsuleLab:
    """The lab, looked at, with the example's capsule held and everything asked answered."""
    window.tabs.setCurrentWidget(window.lab)
    rest(qtbot, window)
    return window.lab


def rest(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the drawing was read, and the newest question about it was answered."""
    settle(qtbot, window)
    qtbot.waitUntil(lambda: window.lab.face.redrawn.view.digit is not None and not window.lab.busy, timeout=SOON)


def picture(lab: CapsuleLab) -> np.ndarray:
    assert lab.face.redrawn.view.digit is not None
    return lab.face.redrawn.view.digit.copy()


def changed(qtbot: QtBot, lab: CapsuleLab, before: np.ndarray) -> np.ndarray:
    qtbot.waitUntil(lambda: not np.array_equal(lab.face.redrawn.view.digit, before), timeout=SOON)
    qtbot.waitUntil(lambda: not lab.busy, timeout=SOON)
    return picture(lab)
