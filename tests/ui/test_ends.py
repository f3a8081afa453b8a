"""The window ends when it is asked to, without a question where nobody could answer, and keeps what was learnt."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from capsdraw.fit import recipes, runs
from capsdraw.ui import ends, preflight
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train import fitter as fitter_module

from ..cli.test_ends import PLAN

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
xvfb = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")

# The app itself, whose window begins a fit at once.
TRAINS = """
import sys
from PySide6.QtCore import QTimer
from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.fit import recipes
from capsdraw.ui import app, main_window, window_parts

images, labels = synthetic.digits(500, 1)
window_parts.read_data = lambda *_: Data("synthetic", images[:400], labels[:400], images[400:], labels[400:])

class Window(main_window.MainWindow):
    def __init__(self):
        super().__init__()
        QTimer.singleShot(500, self.begin)

    def begin(self):
        self.tabs.setCurrentWidget(self.train)
        self.train.form.put(recipes.load(sys.argv[1]))
        self.train._begin()

app.MainWindow = Window
sys.exit(app.run())
"""


def begun(own_home: Path, plan: Path, **environment: str) -> "subprocess.Popen[str]":
    """The app in mid-fit."""
    plan.write_text(recipes.to_toml(PLAN), encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, "-c", TRAINS, str(plan)], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "CAPSDRAW_HOME": str(own_home), **environment},
    )  # fmt: skip
    for _ in range(3600):
        if any(run.epochs_done for run in runs.list_runs()):
            return child
        assert child.poll() is None, child.stderr.read() if child.stderr else ""
        time.sleep(0.1)
    child.kill()
    raise AssertionError("no fit began")


def kept() -> None:
    (run,) = runs.list_runs()
    assert run.state == "stopped"
    assert (run.folder / "last.keras").exists()


@posix
@pytest.mark.slow
@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP"])
def test_a_signal_stops_the_window_s_fit_without_a_question(how: str, own_home: Path, tmp_path: Path) -> None:
    child = begun(own_home, tmp_path / "plan.toml")
    child.send_signal(signal.Signals[how])
    _, errors = child.communicate(timeout=200)
    assert child.returncode == 0
    assert "Traceback" not in errors
    assert "deleted" not in errors
    kept()


@posix
@pytest.mark.slow
def test_ctrl_c_asks_once_however_often_it_is_pressed(own_home: Path, tmp_path: Path) -> None:
    child = begun(own_home, tmp_path / "plan.toml")
    for _ in range(4):
        child.send_signal(signal.SIGINT)
        time.sleep(0.7)
    assert child.poll() is None
    child.send_signal(signal.SIGTERM)  # also while the question is there
    child.communicate(timeout=200)
    assert child.returncode == 0
    kept()


@posix
@xvfb
@pytest.mark.slow
def test_a_display_that_is_lost_costs_no_fit(own_home: Path, tmp_path: Path) -> None:
    server = subprocess.Popen(["Xvfb", ":97", "-screen", "0", "1280x900x24"], stderr=subprocess.DEVNULL)
    time.sleep(2)
    try:
        child = begun(own_home, tmp_path / "plan.toml", DISPLAY=":97", QT_QPA_PLATFORM="xcb")
    finally:
        server.kill()
        server.wait()
    _, errors = child.communicate(timeout=200)
    assert "Traceback" not in errors
    kept()


def test_a_question_that_is_open_is_not_asked_again(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def question(*_: object) -> QMessageBox.StandardButton:
        asked.append(window.train.may_close())  # Ctrl-C while it is open
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", question)
    monkeypatch.setattr(window.train.fitter, "busy", True)
    assert not window.close()
    assert asked == [False]
    monkeypatch.setattr(window.train.fitter, "busy", False)


@pytest.mark.qt_log_ignore("This plugin does not support")  # of a question that opens
def test_an_end_from_without_takes_an_open_question_with_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QApplication, "quit", lambda: None)
    monkeypatch.setattr(window.train.fitter, "busy", True)
    QTimer.singleShot(200, window.end)
    window.close()  # the real question, which nobody answers
    assert not window.isVisible()
    assert not any(thread.name == "capsdraw-ask" for thread in threading.enumerate())


def test_closing_waits_for_no_step_of_an_estimate(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    waited = []
    monkeypatch.setattr(window.train.fitter._worker, "close", lambda seconds: waited.append(seconds) or True)
    fitter = window.train.fitter
    fitter.close()
    for kind in ("fit", fitter_module._ESTIMATE):
        monkeypatch.setattr(fitter, "_current", SimpleNamespace(kind=kind, enough=threading.Event()))
        fitter.close()
    assert waited == [1.0, 30.0, 0.0]
    monkeypatch.undo()  # else the window would ask whether to close


@pytest.mark.slow
def test_a_thread_that_does_not_end_does_not_keep_the_process() -> None:
    program = (
        "import sys, threading, time\nfrom capsdraw.ui import ends\n"
        "threading.Thread(target=time.sleep, args=(60,), name='capsdraw-fit').start()\nsys.exit(ends.leave(3))"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=20).returncode == 3


@pytest.mark.slow
def test_a_file_that_is_not_done_by_then_leaves_nothing_behind(tmp_path: Path) -> None:
    program = (
        "import sys, threading, time\nfrom pathlib import Path\nfrom capsdraw import paths\n"
        "from capsdraw.ui import ends\n"
        "def write():\n with paths.replacing(Path(sys.argv[1], 'film.gif')) as temporary:\n"
        "  temporary.write_text('half'); begun.set(); time.sleep(60)\n"
        "begun = threading.Event()\nthreading.Thread(target=write, name='capsdraw-jobs', daemon=True).start()\n"
        "begun.wait(); sys.exit(ends.leave(3))"
    )
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], timeout=60).returncode == 3
    assert list(tmp_path.iterdir()) == []


def test_where_all_threads_ended_the_code_is_all_that_is_given() -> None:
    assert ends.leave(4) == 4


@pytest.mark.parametrize(("name", "known"), [("nosuch", False), ("offscreen", True), ("nosuch;offscreen:dpi=96", True)])
def test_an_unknown_platform_of_qt_is_said(name: str, known: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", name)
    said = preflight.problem()
    if known:
        assert said is None
    else:
        assert said is not None
        assert said.startswith("Qt has no platform 'nosuch' (QT_QPA_PLATFORM): leave it unset, or choose of ")
        assert "offscreen" in said
