"""The real window with the real bundled models, and a hand that draws in it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakSet

import numpy as np
import pytest
from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QPoint, Qt, QThreadPool, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import SIDE, fitted
from capsdraw.ink.strokes import Drawing
from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card
from capsdraw.ui.appearance import Appearance
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.settings import ThemeChoice

# The first answer waits for the import of TensorFlow, on a machine that may be busy.
FIRST = 60_000
SOON = 10_000

_PLAIN = Qt.KeyboardModifier.NoModifier

Draw = Callable[[Canvas, Drawing], None]
Own = Callable[..., Card]


@pytest.fixture(autouse=True)
def as_the_system(qapp: QApplication) -> Iterator[None]:
    """The application outlives a test, and so would the theme that was chosen in it: the next would choose in vain."""
    yield
    for appearance in qapp.findChildren(Appearance):
        appearance.choose(ThemeChoice.SYSTEM)


@pytest.fixture(autouse=True)
def no_button_held(qapp: QApplication) -> Iterator[None]:  # noqa: ARG001
    """A button of the mouse that is down at a test's end, as after every double click of Qt's, would stay down in all
    tests that come after it.
    """
    yield
    for each in QGuiApplication.mouseButtons():
        QTest.mouseRelease(QWidget(), each)


@pytest.fixture(autouse=True)
def nothing_at_work_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What ticks on when its window is gone costs time for ever, and calls what is no more."""
    begun: WeakSet[QTimer | QAbstractAnimation] = WeakSet()
    for kind in (QTimer, QAbstractAnimation):
        monkeypatch.setattr(kind, "start", _noted(kind.start, begun))
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # type: ignore[arg-type]
    left = [each for each in begun if isValid(each) and _works(each)]
    for each in left:
        each.stop()  # it is this test's, not the next one's
    assert not left, f"left at work: {[(each, each.parent()) for each in left]}"
    assert QThreadPool.globalInstance().activeThreadCount() == 0


def _noted(start: Callable[..., Any], begun: "WeakSet[Any]") -> Callable[..., Any]:
    def noted(each: Any, *arguments: Any) -> None:
        begun.add(each)
        start(each, *arguments)

    return noted


def _works(each: QTimer | QAbstractAnimation) -> bool:
    return each.isActive() if isinstance(each, QTimer) else each.state() == QAbstractAnimation.State.Running


@pytest.fixture
def draw(qtbot: QtBot) -> Draw:
    """Draws a drawing in canvas units on a canvas, by mouse events."""

    def hand(canvas: Canvas, drawing: Drawing) -> None:
        def at(point: np.ndarray) -> QPoint:
            return QPoint(*np.rint(point * canvas.width() / SIDE).astype(int).tolist())

        for one in drawing.strokes:
            qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(one.points[0]))
            for point in one.points[1:]:
                qtbot.mouseMove(canvas, at(point))
            qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(one.points[-1]))

    return hand


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The window, shown, its example read."""
    made = MainWindow()
    # A test that failed in mid-fit must not end in a question that nobody answers.
    qtbot.addWidget(made, before_close_func=lambda window: setattr(window, "_unasked", True))
    with qtbot.waitSignal(made.reader.answered, timeout=FIRST):
        made.show()
    yield made
    made.close()


def digit(label: int, seed: int = 0) -> Drawing:
    return fitted(synthetic.drawing(label, np.random.default_rng((9, label, seed))))


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the bars show the answer to the newest request."""
    qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=SOON)


def walk(qtbot: QtBot, start: QWidget, back: bool = False) -> list[QWidget]:
    """All that Tab, or Shift+Tab, comes through from a widget until it is there again; fails where it never is."""
    start.setFocus()
    key, shift = (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier) if back else (Qt.Key.Key_Tab, _PLAIN)
    walked: list[QWidget] = []
    while start not in walked:
        qtbot.keyClick(QApplication.focusWidget(), key, shift)
        now = QApplication.focusWidget()
        assert now not in walked, f"Tab never leaves {now} again"
        walked.append(now)
    return walked


@pytest.fixture
def own(own_home: Path) -> Own:
    """Puts a model among the user's, in place of one of the same name: a copy of one of ours, or a net given."""

    def put(like: str, net: Any = None, **changes: Any) -> Card:
        known, folder = cards.find(like), own_home / "models"
        folder.mkdir(exist_ok=True)
        if net is None:
            shutil.copy(known.weights, folder / "own.new")
        else:
            zoo.save(net, folder / "own.new.keras")
            (folder / "own.new.keras").replace(folder / "own.new")
        (folder / "own.new").replace(folder / "own.keras")
        digest = cards.sha256(folder / "own.keras")
        card = replace(known, **{"name": "own", "title": "Own", "sha256": digest, "recipe": "", **changes})
        cards.write(card, folder / "own.json")
        return cards.find("own")

    return put
