"""The window's first picture, and its parts that come after it: nothing jumps, and nothing that was done is lost."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication, QMainWindow, QSlider, QTabBar, QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.ui import first_look
from capsdraw.ui.first_look import FirstLook, ThemeChoice
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.main_window import MainWindow

Places = dict[str, QRect]


def place(widget: QWidget, window: QMainWindow) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def buttons(around: QWidget, window: QMainWindow) -> Places:
    return {
        one.text(): place(one, window) for one in around.findChildren(QToolButton) if one.isVisible() and one.text()
    }


def places(window: MainWindow, paper: QWidget, column: QWidget) -> Places:
    """Where all stands that the first picture shows."""
    [bar] = [bar for bar in window.findChildren(QToolBar) if bar.isVisible()]
    [tabs] = [tabs for tabs in window.findChildren(QTabBar) if tabs.isVisible() and tabs.accessibleName() == "Views"]
    [slider] = [one for one in column.findChildren(QSlider) if one.isVisible()]
    headline = next(one for one in column.findChildren(LiveText) if one.isVisible() and one.text())
    known = {"paper": paper, "column": column, "bar": bar, "foot": window.statusBar(), "says": headline}
    titles = {f"tab {tabs.tabText(index)}": tabs.tabRect(index) for index in range(tabs.count())}
    menus = {action.text(): window.menuBar().actionGeometry(action) for action in window.menuBar().actions()}
    bar_of_tabs = QRect(tabs.mapTo(window, QPoint(0, 0)), QSize(0, tabs.height()))  # "?" comes at their end
    return {
        "tabs": bar_of_tabs,
        **{name: place(widget, window) for name, widget in known.items()},
        "pen": QRect(0, 0, slider.value(), slider.maximum()),
        **buttons(bar, window), **buttons(column, window), **titles, **menus,
    }  # fmt: skip


def laid_out() -> None:
    """What Qt has put off, but not the parts."""
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (960, 640), (1300, 1100)])
def test_nothing_jumps_when_the_parts_come(qtbot: QtBot, width: int, height: int) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(width, height)
    window.show()
    first = window.first_frame
    laid_out()
    before = places(window, first.paper, first.column)
    window.furnish()
    assert window.whole
    laid_out()
    after = places(window, window.panel.canvas, window.panel)
    assert {name: after.get(name) for name in before} == before
    assert after.keys() - before.keys() == {"?"} & after.keys()
    window.close()


def test_whoever_asks_for_a_part_has_it_made(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    assert not window.whole
    assert window.reader.model
    assert window.whole
    with pytest.raises(AttributeError, match="no such_thing"):
        window.such_thing  # noqa: B018
    window.close()


def test_the_first_picture_knows_the_last_session(own_home: Path) -> None:
    kept = '{"theme": "dark", "geometry": "YWJj", "splitters": {"drawing and views": [500, 700]}, "pen": 12.0}'
    (own_home / "settings.json").write_text(kept, encoding="utf-8")
    assert first_look.read() == FirstLook(ThemeChoice.DARK, b"abc", [500, 700], 12.0)


@pytest.mark.parametrize(
    "kept",
    [
        "", '{"pen": "thick"}', "[]", "{", '{"theme": "loud"}', '{"theme": ["dark"]}', '{"geometry": "?"}',
        '{"geometry": 5}',
        '{"splitters": []}', '{"splitters": {"drawing and views": ["5"]}}', '{"splitters": {"drawing and views": -1}}',
    ],
)  # fmt: skip
def test_what_the_first_picture_cannot_use_it_does_without(own_home: Path, kept: str) -> None:
    (own_home / "settings.json").write_text(kept, encoding="utf-8")
    assert first_look.read() == FirstLook()


def test_a_part_that_cannot_be_had_is_told_of_and_ends_the_app() -> None:
    code = (
        "import sys; sys.modules['capsdraw.ui.keeper'] = None; from capsdraw.cli.main import main; sys.exit(main([]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "a part of the app cannot be loaded: " in done.stderr
    assert "Traceback" not in done.stderr


# A key is pressed and a line drawn on the first picture, before any part is there; then the app goes on by itself.
EARLY = """
import subprocess, sys
from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication
from capsdraw.ui import app, furnishing, shell

gently = furnishing.furnish

def furnish(painted, module, steps):
    [window] = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, app.MainWindow)]
    assert not window.whole and "numpy" not in sys.modules
    paper = window.first_frame.paper
    at = [paper.mapToGlobal(QPoint(x, y)) for x, y in ((60, 60), (90, 160), (200, 160), (230, 60))]
    words = [word for point in at for word in ("mousemove", str(point.x()), str(point.y()))]
    focus = ["windowfocus", str(int(window.winId()))]
    words[3:3] = ["mousedown", "1"]
    subprocess.run(["xdotool", *words, "mouseup", "1", *focus, "key", "e"], check=True)
    gently(painted, module, steps)
    look = QTimer(window)
    look.timeout.connect(lambda: told(window))
    look.start(50)

def told(window):
    if not window.panel.tools.eraser.isChecked():
        return  # the key came last
    [stroke] = window.panel.canvas.sketch.drawing.strokes
    side = window.panel.canvas.width() / 392
    points = [[round(x * side), round(y * side)] for x, y in stroke.points.tolist()]
    print(points)
    window.close()

shell.furnish = furnish
sys.exit(app.run())
"""


@pytest.mark.skipif(
    not (shutil.which("xvfb-run") and shutil.which("xdotool")), reason="needs a server without a screen, and a hand"
)
def test_what_is_done_before_the_parts_are_there_is_done_to_them() -> None:
    command = ["xvfb-run", "-a", "-s", "-screen 0 1400x1000x24", sys.executable, "-c", EARLY]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[[60, 60], [90, 160], [200, 160], [230, 60]]"
