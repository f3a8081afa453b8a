"""Words that change live do not make the window lay itself out anew."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui import theme
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import CAPSULE, READ

from .conftest import SOON, settle


class Layouts(QObject):
    """Counts how often a widget is asked to lay itself out."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.asked = 0
        widget.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        self.asked += event.type() == QEvent.Type.LayoutRequest
        return False


def test_a_line_keeps_its_room_whatever_it_says(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    line = LiveText(theme.small(box), "length 0.00")
    layout = QVBoxLayout(box)
    layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
    layout.addWidget(line)
    box.show()
    qtbot.waitExposed(box)
    line.setText("length 0.50")
    qtbot.wait(50)
    before, layouts, shown = line.size(), Layouts(box), line.grab().toImage()
    line.setText("a length that nothing here is wide enough for")
    qtbot.wait(50)
    assert line.text().startswith("a length")
    assert line.accessibleName() == line.text()
    assert line.size() == before
    assert layouts.asked == 0
    assert line.grab().toImage() != shown


def test_a_slider_moves_without_a_new_layout(window: MainWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.lab)
    settle(qtbot, window)
    face = window.lab.face
    qtbot.waitUntil(lambda: face.redrawn.view.digit is not None and not window.lab.busy, timeout=SOON)
    face.sliders[0].setFocus()
    qtbot.keyClick(face.sliders[0], Qt.Key.Key_Right)  # the first move lets "Reset" be clicked
    qtbot.waitUntil(lambda: not window.lab.busy, timeout=SOON)
    qtbot.wait(50)
    words, layouts = face.redrawn.error.text(), Layouts(window.tabs)
    for _ in range(5):
        qtbot.keyClick(face.sliders[0], Qt.Key.Key_PageUp)
        qtbot.waitUntil(lambda: not window.lab.busy, timeout=SOON)
    assert face.redrawn.error.text() != words
    assert layouts.asked == 0


@pytest.mark.parametrize("tab", [READ, CAPSULE])
def test_a_pen_moves_without_a_new_layout(window: MainWindow, qtbot: QtBot, tab: int) -> None:
    window.use_model("efficient-capsnet")
    window.tabs.setCurrentIndex(tab)
    canvas = window.panel.canvas
    canvas.clear()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    qtbot.mouseMove(canvas, QPoint(200, 250))
    settle(qtbot, window)
    qtbot.waitUntil(lambda: not window.lab.busy, timeout=SOON)
    qtbot.wait(50)
    answered, layouts = window.readout.bars.request, [Layouts(window.tabs), Layouts(window.statusBar())]
    for y in range(255, 285, 5):
        qtbot.mouseMove(canvas, QPoint(200, y))
        settle(qtbot, window)
        qtbot.waitUntil(lambda: not window.lab.busy, timeout=SOON)
    assert window.readout.headline.text() == "It sees a 1"  # words of another length would need another room
    assert window.readout.bars.request >= answered + 6
    assert [one.asked for one in layouts] == [0, 0]
