"""No error in an event ends the app: with it a fit and an unsaved drawing would be gone."""

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

import capsdraw.ui
from capsdraw.ui import faults
from capsdraw.ui.guard import Guarded, is_guarded
from capsdraw.ui.main_window import MainWindow

# Functions of our classes that bear the name of one of Qt's which Qt itself never calls, for it is not virtual.
OWN = {"text", "setText", "update", "move", "position", "start", "children", "clear", "select", "find", "close"}


def classes() -> list[type]:
    """All classes of the window that derive from Qt's."""
    found = []
    for module in pkgutil.walk_packages(capsdraw.ui.__path__, "capsdraw.ui."):
        for value in vars(importlib.import_module(module.name)).values():
            own = isinstance(value, type) and value.__module__ == module.name
            if own and issubclass(value, Shiboken.Object):
                found.append(value)
    return found


def overridden(kind: type) -> list[str]:
    """Names of what a class defines over one of Qt's own functions, those that Qt never calls aside."""
    native = [base for base in kind.__mro__ if base.__module__.startswith("PySide6.")]
    return [
        name
        for name, value in vars(kind).items()
        if isinstance(value, FunctionType)
        and not name.startswith("__")
        and name not in OWN
        and any(name in vars(base) for base in native)
    ]


def test_every_function_that_qt_calls_is_guarded() -> None:
    found = {kind: overridden(kind) for kind in classes()}
    assert sum(map(len, found.values())) > 80
    bare = [f"{kind.__qualname__}.{name}" for kind, names in found.items() for name in names
            if not is_guarded(vars(kind)[name])]  # fmt: skip
    assert not bare, f"derive from capsdraw.ui.guard.Guarded: {bare}"


def test_curves_are_guarded_within_the_library_that_draws_them() -> None:
    importlib.import_module("capsdraw.ui.train.plots")
    pyqtgraph = importlib.import_module("pyqtgraph")
    for kind in (pyqtgraph.AxisItem, pyqtgraph.PlotCurveItem, pyqtgraph.ViewBox, pyqtgraph.GraphicsView):
        names = [name for name in overridden(kind) if name.endswith("Event") or name in ("paint", "boundingRect")]
        assert names
        assert all(is_guarded(vars(kind)[name]) for name in names), kind


class Faulty(Guarded, QWidget):
    """Fails by an error of C code, which PySide6 alone does not survive, while it paints."""

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(1 // 0, 1)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.drawText(self.rect(), 0, str(int(float("inf"))))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults go where they go in the app, not to pytest-qt."""
    faults.forget()
    monkeypatch.setattr(sys, "stderr", None)  # as without a terminal
    monkeypatch.setattr(sys, "excepthook", faults._caught)


@pytest.mark.usefixtures("kept")
def test_a_fault_is_said_once_and_kept(window: MainWindow, qtbot: QtBot, own_home: Path) -> None:
    view = Faulty()
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: bool(window.message.text))
    said = []
    faults.listen(said.append)
    for _ in range(3):
        view.repaint()
    faults.unlisten(said.append)
    assert view.sizeHint() == QSize()
    assert not said
    kept = (own_home / faults.FILE).read_text()
    assert kept.count("Traceback") == 2  # of the size and of the paint, once each
    assert "cannot convert float infinity to integer" in kept
    assert str(own_home / faults.FILE) in window.message.text
    copy = next(button for button in window.message.findChildren(QPushButton) if button.isVisible())
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert "Traceback" in QGuiApplication.clipboard().text()
    # The window goes on.
    window.message.hide()
    window.message.say("another message")
    assert not copy.isVisible()


@pytest.mark.usefixtures("kept")
def test_a_fault_in_a_slot_and_in_a_thread_go_to_the_same_place(qtbot: QtBot, own_home: Path) -> None:
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(lambda: [][1])
    button.click()
    assert "IndexError" in (own_home / faults.FILE).read_text()


@pytest.mark.usefixtures("kept")
def test_the_file_does_not_grow_without_end(own_home: Path) -> None:
    (own_home / faults.FILE).write_bytes(b"x" * 400_000)
    faults.tell(ValueError("the last one"))
    kept = (own_home / faults.FILE).read_bytes()
    assert len(kept) == 2**18
    assert b"the last one" in kept


@pytest.mark.usefixtures("kept")
def test_a_fault_where_nothing_can_be_kept_is_told_all_the_same(own_home: Path) -> None:
    (own_home / faults.FILE).mkdir()
    said: list[faults.Fault] = []
    faults.listen(said.append)
    faults.tell(ValueError("told"))
    faults.unlisten(said.append)
    assert [fault.line for fault in said] == ["A fault of CapsDraw's own, which goes on: ValueError: told"]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["1 / 0", "int(float('nan'))", "[][1]", "float('x')", "1 + 'a'"])
def test_a_process_survives_what_kills_it_without_the_guard(how: str, tmp_path: Path) -> None:
    program = f"""
import sys
from PySide6.QtWidgets import QApplication, QWidget
from capsdraw.ui import faults
from capsdraw.ui.guard import Guarded
faults.install()
class View(Guarded, QWidget):
    def showEvent(self, _):
        {how}
application = QApplication([])
view = View()
view.show()
print("alive")
"""
    surroundings = {**os.environ, "CAPSDRAW_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=surroundings)
    assert done.returncode == 0
    assert done.stdout == "alive\n"
    assert "Traceback" in (tmp_path / faults.FILE).read_text()
