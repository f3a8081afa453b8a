"""The lab in the real window."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card
from capsdraw.ui.lab.number_slider import NumberSlider
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ...made import made_card
from ..conftest import SOON, settle


@pytest.fixture
def lab(window: MainWindow, qtbot: QtBot) -> CapsuleLab:
    """The lab, looked at, with the example's capsule held, everything asked answered, and no slider folded away."""
    window.tabs.setCurrentWidget(window.lab)
    rest(qtbot, window)
    unfold(window.lab)
    return window.lab


def unfold(lab: CapsuleLab) -> None:
    """Show all sliders."""
    for fold in lab.face.list.more.values():
        fold.setChecked(True)
    QApplication.processEvents()  # laid out


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


def drag(qtbot: QtBot, slider: NumberSlider, by: float) -> None:
    """By mouse, from the knob, over `by` of the track."""
    start = slider.knob().toPoint()
    end = start + QPoint(round(by * slider._track().width()), 0)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for part in (0.3, 0.7, 1.0):
        qtbot.mouseMove(slider, start + (QPointF(end - start) * part).toPoint())
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)


def user_s_own(home: Path, name: str, family: str, **options: int) -> Card:
    """A capsule net among the user's own models, with random weights."""
    model = zoo.build(family, **options)
    digest = zoo.save(model, home / "models" / f"{name}.keras")
    classes = model.output["lengths"].shape[-1]
    labels = tuple("abcdefghijklmnopqrstuvwxyz") if classes == 26 else ()
    card = made_card(name=name, title=name.title(), kind="capsule", classes=classes, sha256=digest, labels=labels)
    cards.write(card, home / "models" / f"{name}.json")
    return cards.find(name)


@pytest.fixture
def letters(own_home: Path) -> Card:
    """A net of 26 classes with 8 numbers each."""
    return user_s_own(own_home, "letters", "efficient-capsnet", classes=26, size=8, channels=8)


@pytest.fixture
def paper_net(own_home: Path) -> Card:
    """A small CapsNet."""
    return user_s_own(own_home, "small", "capsnet", **zoo.TINY["capsnet"])
