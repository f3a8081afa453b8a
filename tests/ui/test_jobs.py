"""Jobs off the window's thread: in order within a lane, beside each other otherwise, and never waited for for ever."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from capsdraw.ink.sketch import Sketch
from capsdraw.ui import files, jobs
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.main_window import MainWindow

from .conftest import SOON


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """What a job waits for that would never end; set in the end, and its thread awaited."""
    held = threading.Event()
    yield held
    held.set()
    for thread in threading.enumerate():
        if thread.name == "capsdraw-jobs":
            thread.join(5)


@pytest.fixture
def made(qtbot: QtBot) -> Iterator[Jobs]:
    pool = Jobs()
    yield pool
    pool.close(5)
    qtbot.wait(1)


def test_jobs_of_a_lane_keep_their_order(qtbot: QtBot, made: Jobs) -> None:
    done: list[int] = []
    for number in range(20):
        made.run(lambda number=number: number, done.append)
    qtbot.waitUntil(lambda: len(done) == 20, timeout=SOON)
    assert done == list(range(20))


def test_a_job_that_hangs_holds_up_no_other_lane(qtbot: QtBot, made: Jobs, stuck: threading.Event) -> None:
    """There was one thread for all: a picture that was never read ended every later open and save."""
    done: list[str] = []
    made.run(stuck.wait, lambda _: done.append("late"), lane="canvas")
    made.run(lambda: "saved", done.append, lane="save")
    qtbot.waitUntil(lambda: done == ["saved"], timeout=SOON)


def test_what_is_opened_last_is_what_stays_and_waits_for_nothing_stuck(
    qtbot: QtBot, made: Jobs, stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_PATIENCE", 0.1)
    done: list[str] = []
    for work in (lambda: stuck.wait() and "first", lambda: "second", lambda: "third"):
        made.run(work, done.append, lane="canvas", newest=True)
    qtbot.waitUntil(lambda: bool(done), timeout=SOON)
    stuck.set()
    made.close(5)
    qtbot.wait(10)
    assert done == ["third"]


def test_a_job_beyond_its_limit_is_given_up_and_said(qtbot: QtBot, made: Jobs, stuck: threading.Event) -> None:
    done: list[str] = []
    made.run(stuck.wait, lambda _: done.append("late"), words="Reading seven.png", limit=0.2)
    made.run(lambda: "next", done.append)
    with qtbot.waitSignal(made.failed, timeout=SOON) as said:
        pass
    assert said.args == ["Reading seven.png took longer than 0 seconds: given up"]
    qtbot.waitUntil(lambda: done == ["next"], timeout=SOON)


def test_what_the_user_waits_for_is_said_and_can_be_cancelled(
    qtbot: QtBot, made: Jobs, stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_SOON", 0.1)
    done: list[object] = []
    with qtbot.waitSignal(made.waiting, timeout=SOON) as said:
        made.run(stuck.wait, done.append, words="Reading seven.png")
    assert said.args == ["Reading seven.png"]
    with qtbot.waitSignal(made.waiting, timeout=SOON) as said:
        made.cancel()
    assert said.args == [""]
    made.run(lambda: "next", done.append)
    qtbot.waitUntil(lambda: done == ["next"], timeout=SOON)
    stuck.set()
    made.close(5)
    qtbot.wait(10)
    assert done == ["next"]


def test_a_window_that_reads_for_ever_says_so_cancels_and_closes(
    qtbot: QtBot, stuck: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "sketch_from", lambda *_: Sketch() if stuck.wait() else None)
    monkeypatch.setattr(jobs, "_SOON", 0.1)
    window = MainWindow()
    qtbot.addWidget(window)
    window.files.open(Path("seven.png"))
    qtbot.waitUntil(lambda: window.waiting.text == "Reading seven.png …", timeout=SOON)
    window.waiting.cancel.click()
    assert window.waiting.text == ""
    window.files.open(Path("eight.png"))
    begun = time.monotonic()
    window.close()
    # Thirty times what it takes: a join without a limit would never end.
    assert time.monotonic() - begun < 30


def test_a_window_that_closes_waits_for_what_is_saved_and_says_so(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After a second it was gone, and the file with it."""
    said: list[str] = []
    window.statusBar().messageChanged.connect(said.append)

    def slowly(_: object, path: Path) -> None:
        time.sleep(2)
        path.write_text("whole")

    monkeypatch.setattr(files, "save", slowly)
    for name in ("one.json", "two.json"):
        window.files.save(tmp_path / name)
    window.close()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["one.json", "two.json"]
    assert said[:2] == ["Saving one.json …", "Saving two.json …"]


def test_what_is_saved_for_ever_is_not_waited_for_for_ever(made: Jobs, stuck: threading.Event) -> None:
    made.run(stuck.wait, lambda _: None, lane="save", words="Saving film.gif")
    made.run(stuck.wait, lambda _: None, lane="canvas", words="Reading seven.png")
    said: list[str] = []
    begun = time.monotonic()
    made.finish_saves(said.append, 0.2)
    assert 0.2 <= time.monotonic() - begun < 5
    assert said == ["Saving film.gif"]
    stuck.set()
