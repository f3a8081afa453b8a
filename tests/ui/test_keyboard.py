"""The window without a mouse: from the start to a saved sheet, a fit and a routing film; and what Tab meets."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import Data
from capsdraw.ui import window_parts
from capsdraw.ui.lab import export_menu
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import CAPSULE, TITLES, TRAIN
from capsdraw.ui.typing_keys import is_typed

from .conftest import walk

LONG = 120_000
CTRL = Qt.KeyboardModifier.ControlModifier


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def tab_to(qtbot: QtBot, there: Callable[[QWidget], bool], most: int = 150) -> QWidget:
    """Press Tab until the focus is where it is wanted."""
    for _ in range(most):
        if there(focus()):
            return focus()
        qtbot.keyClick(focus(), Qt.Key.Key_Tab)
    raise AssertionError("Tab does not lead there")


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    images, labels = synthetic.digits(1200, 1)
    data = Data("synthetic", images[:1000], labels[:1000], images[1000:], labels[1000:])
    monkeypatch.setattr(window_parts, "read_data", lambda *_: data)


@pytest.mark.slow
@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.usefixtures("few_digits")
def test_by_keys_alone_to_a_saved_sheet_a_fit_and_a_routing_film(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert focus() is window.panel.canvas
    saved = tmp_path / "sheet.png"
    monkeypatch.setattr(export_menu, "ask_where", lambda *_, **__: saved)
    move_a_number(qtbot, window)
    save_the_sheet(qtbot, window)
    qtbot.waitUntil(saved.exists, timeout=LONG)
    assert saved.read_bytes()[:4] == b"\x89PNG"
    watch_routing(qtbot, window)
    begin_and_stop_a_fit(qtbot, window)


def move_a_number(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(focus(), Qt.Key.Key_2, CTRL)
    assert window.tabs.currentIndex() == CAPSULE
    lab = window.lab
    qtbot.waitUntil(lambda: lab.label == 3 and not lab.busy, timeout=LONG)
    slider = tab_to(qtbot, lambda widget: widget in lab.face.sliders)
    for _ in range(8):
        qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert any(lab.face.offsets())


def save_the_sheet(qtbot: QtBot, window: MainWindow) -> None:
    lab = window.lab
    # Arrow keys lead from the face that is shown to the others.
    tab_to(qtbot, lambda widget: widget is lab.faces[0])
    qtbot.keyClick(focus(), Qt.Key.Key_Right)
    assert lab.faces[1].isChecked()
    qtbot.waitUntil(lambda: not lab.busy, timeout=LONG)
    tab_to(qtbot, lambda widget: widget is lab.export)
    actions = [action for action in lab.export.menu().actions() if not action.isSeparator()]
    lab.export.menu().aboutToShow.emit()
    offered = [action for action in actions if action.isEnabled()]
    steps = next(number for number, action in enumerate(offered) if "heet" in action.text()) + 1

    def choose() -> None:
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        for _ in range(steps):
            qtbot.keyClick(popup, Qt.Key.Key_Down)
        qtbot.keyClick(popup, Qt.Key.Key_Return)

    QTimer.singleShot(300, choose)
    qtbot.keyClick(lab.export, Qt.Key.Key_Space)


def watch_routing(qtbot: QtBot, window: MainWindow) -> None:
    """Of a net that routes, which is chosen by keys, too."""
    lab, routing = window.lab, window.lab.routing
    tab_to(qtbot, lambda widget: widget is window.picker)
    qtbot.keyClicks(focus(), "Caps")
    assert window.picker.currentData() == "capsnet"
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.reader.model == "capsnet", timeout=LONG)
    tab_to(qtbot, lambda widget: widget is lab.faces[1])
    qtbot.keyClick(focus(), Qt.Key.Key_Right)
    assert lab.faces[2].isChecked()
    tab_to(qtbot, lambda widget: widget is routing.modes[0])
    qtbot.keyClick(focus(), Qt.Key.Key_Right)
    assert routing.modes[1].isChecked()
    qtbot.waitUntil(lambda: routing.lengths.scores is not None, timeout=LONG)
    tab_to(qtbot, lambda widget: widget is routing.step)
    qtbot.keyClick(routing.step, Qt.Key.Key_Home)
    before = routing.lengths.scores.copy()
    qtbot.keyClick(routing.step, Qt.Key.Key_Right)
    assert routing.step.value() == 1
    assert (routing.lengths.scores != before).any()


def begin_and_stop_a_fit(qtbot: QtBot, window: MainWindow) -> None:
    """It is seen in the status bar on another tab, and stopped there."""
    qtbot.keyClick(focus(), Qt.Key.Key_5, CTRL)
    assert window.tabs.currentIndex() == TRAIN
    train = window.train
    start = train.form.cards[0].start
    qtbot.waitUntil(start.isEnabled, timeout=LONG)
    tab_to(qtbot, lambda widget: widget is start)
    qtbot.keyClick(start, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: train.fitter.busy, timeout=LONG)
    qtbot.keyClick(focus(), Qt.Key.Key_1, CTRL)
    assert train.progress.isVisible()
    stop = tab_to(qtbot, lambda widget: widget is train.progress.stop)
    qtbot.keyClick(stop, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not train.fitter.busy, timeout=LONG)


@pytest.mark.slow
@pytest.mark.parametrize("index", range(len(TITLES)))
def test_what_tab_comes_to_has_a_name_a_role_and_a_frame(qtbot: QtBot, window: MainWindow, index: int) -> None:
    window.tabs.view(index)
    window.tabs.setCurrentIndex(index)
    qtbot.wait(300)
    walked = walk(qtbot, window.panel.canvas)
    assert len(walked) > 12
    for widget in walked:
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name), f"{widget} has no name"
        assert interface.role() != QAccessible.Role.NoRole
    # Of buttons that choose among each other Tab meets the one that is down, and arrow keys lead to the others.
    for reached in (window.panel.tools.pen, window.panel.tools.thickness, window.picker):
        assert reached in walked
    assert walked.index(window.panel.tools.pen) < walked.index(window.panel.tools.thickness)
    # The frame goes along.
    window.panel.canvas.setFocus()
    qtbot.keyClick(focus(), Qt.Key.Key_Tab)
    assert window._ring.framed is focus()
    assert window._ring.isVisible()


def test_keys_with_ctrl_or_alt_are_the_windows_also_while_a_list_has_the_focus(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.picker.setFocus()
    qtbot.keyClick(focus(), Qt.Key.Key_2, CTRL)
    assert window.tabs.currentIndex() == CAPSULE
    assert focus() is window.picker
    drawn = window.panel.canvas.sketch
    qtbot.mouseClick(window.panel.tools.clear, Qt.MouseButton.LeftButton)
    window.picker.setFocus()
    qtbot.keyClick(focus(), Qt.Key.Key_Z, CTRL)
    assert window.panel.canvas.sketch is drawn
    # A letter alone chooses in the list, and is no tool's key there.
    qtbot.keyClick(focus(), Qt.Key.Key_E)
    assert not window.panel.canvas.erasing


@pytest.mark.parametrize(
    ("key", "held", "text", "typed"),
    [
        (Qt.Key.Key_F, Qt.KeyboardModifier.NoModifier, "f", True),
        (Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier, "F", True),
        # As Linux and Windows give them.
        (Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier, "f", False),
        (Qt.Key.Key_1, CTRL, "1", False),
        (Qt.Key.Key_Slash, CTRL, "/", False),
        (Qt.Key.Key_Z, CTRL, "\x1a", False),
        # AltGr, as Windows tells of it.
        (Qt.Key.Key_BracketLeft, CTRL | Qt.KeyboardModifier.AltModifier, "[", True),
    ],
)
def test_what_a_list_takes_for_a_letter(
    qtbot: QtBot, key: Qt.Key, held: Qt.KeyboardModifier, text: str, typed: bool
) -> None:
    box = QComboBox()
    qtbot.addWidget(box)
    assert is_typed(QKeyEvent(QEvent.Type.ShortcutOverride, key, held, text), box) == typed
