"""Threads of the window's own: newest wins, faults are told, nothing hangs."""

import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from shiboken6 import delete

from capsdraw.errors import CapsDrawError
from capsdraw.nets.cache import SessionCache
from capsdraw.ui.compare.comparer import Comparer
from capsdraw.ui.evaluate.examiner import Examiner
from capsdraw.ui.reader import Reader
from capsdraw.ui.worker import Mailbox, Worker, in_words


def test_a_mailbox_keeps_only_the_newest() -> None:
    box: Mailbox[int] = Mailbox()
    box.put(1)
    box.put(2)
    assert box.take() == 2
    box.close()
    assert box.take() is None


def test_a_mailbox_gives_the_urgent_kind_first_and_the_newest_of_each() -> None:
    box: Mailbox[int] = Mailbox()
    for number, kind in enumerate(("later", "urgent", "later", "urgent")):
        box.put(number, kind, urgency=("urgent", "later").index(kind))
    assert [box.take(), box.take()] == [3, 2]
    box.close()
    assert box.take() is None


def test_of_equally_urgent_kinds_the_one_that_waits_longest_is_given_first() -> None:
    """One that is asked again and again keeps its place, and no other waits for ever behind it."""
    box: Mailbox[str] = Mailbox()
    for item in ("a1", "b1", "a2", "c1", "a3"):
        box.put(item, item[0])
    assert [box.take(), box.take(), box.take()] == ["a3", "b1", "c1"]


def test_an_item_of_a_kind_that_nobody_foresaw_is_handled_and_the_worker_goes_on() -> None:
    """`take` raised StopIteration, and with it the thread ended."""
    got: list[str] = []
    there = threading.Semaphore(0)

    def handle(item: str) -> None:
        got.append(item)
        there.release()

    worker = Worker("test", handle)
    worker.start()
    for item in ("known", "unforeseen", "known again"):
        worker.put(item, kind=item)
        assert there.acquire(timeout=5), item
    assert worker.close(5)
    assert got == ["known", "unforeseen", "known again"]


def test_a_mailbox_s_close_wakes_who_waits() -> None:
    box: Mailbox[int] = Mailbox()
    got: list[int | None] = []
    thread = threading.Thread(target=lambda: got.append(box.take()))
    thread.start()
    box.close()
    thread.join(5)
    assert got == [None]


def test_a_worker_handles_what_it_got_before_and_after_its_start_and_ends() -> None:
    got: list[int] = []
    both = threading.Semaphore(0)

    def handle(number: int) -> None:
        got.append(number)
        both.release()

    worker = Worker("test", handle)
    worker.put(1)
    assert not worker.alive
    worker.start()
    worker.start()
    assert both.acquire(timeout=5)
    worker.put(2)
    assert both.acquire(timeout=5)
    assert worker.close(5)
    assert not worker.alive
    assert got == [1, 2]


def test_a_worker_that_was_never_started_can_be_closed() -> None:
    assert Worker("test", print).close(5)


def test_a_busy_worker_is_waited_for_as_long_as_one_cares_to() -> None:
    begun, enough = threading.Event(), threading.Event()

    def handle(_: int) -> None:
        begun.set()
        enough.wait(30)

    worker = Worker("test", handle)
    worker.put(1)
    worker.start()
    assert begun.wait(30)  # closed before that, there is nothing to wait for
    assert not worker.close(0.05)
    enough.set()
    assert worker.close(5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives single threads a niceness")
@pytest.mark.parametrize("back", [True, False])
def test_a_worker_stands_back_behind_the_window(back: bool) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    got: list[int] = []
    asked = threading.Event()

    def handle(_: int) -> None:
        got.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        asked.set()

    worker = Worker("test", handle, back=back)
    worker.put(1)
    worker.start()
    assert asked.wait(5)
    assert worker.close(5)
    assert got == [max(10, own) if back else own]
    assert os.getpriority(os.PRIO_PROCESS, 0) == own


def test_an_expected_fault_says_its_own_line_and_another_its_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert in_words(CapsDrawError("no such file: draw one")) == "no such file: draw one"
    assert capsys.readouterr().err == ""
    assert in_words(ValueError("bad\nworse"), "not read") == "not read: ValueError: bad"
    assert "ValueError" in capsys.readouterr().err


class Owner(QObject):
    done = Signal(int)


@pytest.mark.parametrize("lives", [False, True])
def test_of_work_that_outlasts_its_owner_nothing_is_told(lives: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """An import that took longer than closing waits ended in "Signal source has been deleted" on the terminal."""
    raised: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda caught: raised.append(caught.exc_value))
    owner, begun, go = Owner(), threading.Event(), threading.Event()

    def handle(item: int) -> None:
        begun.set()
        go.wait()
        if lives:
            raise RuntimeError("a fault of its own")
        owner.done.emit(item)

    worker: Worker[int] = Worker("test", handle, owner=owner)
    worker.start()
    worker.put(1)
    begun.wait()
    assert not worker.close(0)
    if not lives:
        delete(owner)
    go.set()
    assert worker.close()
    assert len(raised) == int(lives)


@pytest.mark.parametrize("kind", [Reader, Comparer, Examiner])
def test_who_answers_tells_nothing_of_a_fault_when_its_window_is_gone(
    kind: type[QObject], capfd: pytest.CaptureFixture[str], own_home: Path
) -> None:
    owner: Any = kind("mlp", SessionCache()) if kind is Reader else kind(SessionCache())
    gone_by_then = owner._try(owner._look) if kind is Reader else owner._handle if kind is Comparer else owner._try
    delete(owner)
    gone_by_then(None)  # which is no work that any of them could do
    assert capfd.readouterr() == ("", "")
    assert not (own_home / "crashes.txt").exists()
