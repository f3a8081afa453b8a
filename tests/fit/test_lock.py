"""One fit at a time in a run folder, whatever the clock does and whichever process died."""

import errno
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import pytest
from filelock import FileLock

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, the time at which a process began stays")
def test_a_step_of_the_clock_lets_no_second_fit_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two fits in one folder would write over each other's weights."""
    real = psutil.Process.create_time
    with lock.hold(tmp_path):
        monkeypatch.setattr(psutil.Process, "create_time", lambda one: real(one) + 3600)
        assert lock.held(tmp_path)
        with pytest.raises(CapsDrawError, match="is already being trained"), lock.hold(tmp_path):
            pass
    assert [one.name for one in tmp_path.iterdir()] == ["run.lock"]


@pytest.mark.parametrize("links", [True, False])
def test_a_lock_is_whole_from_its_first_instant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    """An empty one would pass for that of a dead process. A disk without hard links cannot do that, and locks, too."""
    real, seen = os.link, []

    def link(temporary: Path, path: Path) -> None:
        seen.append((path.exists(), set(json.loads(temporary.read_text()))))
        if not links:
            raise OSError(errno.EPERM, "Operation not permitted")
        real(temporary, path)

    monkeypatch.setattr(os, "link", link)
    with lock.hold(tmp_path):
        assert sorted(one.name for one in tmp_path.iterdir()) == ["lock.json", "run.lock"]
        assert lock.held(tmp_path)
        with pytest.raises(CapsDrawError, match="is already being trained"), lock.hold(tmp_path):
            pass
    assert seen[0] == (False, {"pid", "began", "born", "guard"})
    assert [one.name for one in tmp_path.iterdir()] == ["run.lock"]


def record(**others: Any) -> str:
    return json.dumps({"pid": os.getpid(), "born": psutil.Process().create_time(), **others})


def test_a_lock_of_an_earlier_version_counts_while_its_process_lives(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text(record())
    assert lock.held(tmp_path)


def test_no_fit_begins_beside_one_of_an_earlier_version(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text(record())
    with pytest.raises(CapsDrawError, match="is already being trained"), lock.hold(tmp_path):
        pass
    assert json.loads((tmp_path / "lock.json").read_text()) == json.loads(record())


def test_a_dead_lock_is_taken_over_by_one_fit_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one that starts just before the first removes it would hold the run, too."""
    (tmp_path / "lock.json").write_text(record(pid=2**22 + 1))
    real, second = Path.unlink, []

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == "lock.json" and not second:
            second.append("")
            try:
                both.enter_context(lock.hold(tmp_path))
            except CapsDrawError as error:
                second.append(str(error))
        real(path, missing_ok)

    with ExitStack() as both:
        monkeypatch.setattr(Path, "unlink", unlink)
        both.enter_context(lock.hold(tmp_path))
        assert lock.held(tmp_path)
    assert second[1:] == [f"the run in '{tmp_path}' is already being trained: stop it there first"]


def test_whoever_lists_runs_keeps_no_fit_from_its_own(tmp_path: Path) -> None:
    with lock.hold(tmp_path):
        pass
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            lock.held(tmp_path)

    lists = [threading.Thread(target=look) for _ in range(2)]
    for thread in lists:
        thread.start()
    try:
        for _ in range(20):
            with lock.hold(tmp_path):
                assert lock.held(tmp_path)
    finally:
        stop.set()
        for thread in lists:
            thread.join()


def test_two_that_ask_at_once_do_not_take_each_other_for_a_fit(tmp_path: Path) -> None:
    """A run that was stopped could not be deleted, for another window listed it just then."""
    (tmp_path / "run.lock").touch()
    other = FileLock(tmp_path / "run.lock", thread_local=False)
    other.acquire()  # as it is held by who asks, for an instant
    waits = threading.Timer(0.03, other.release)
    waits.start()
    try:
        assert not lock.held(tmp_path)
    finally:
        waits.join()


def test_a_fit_is_seen_without_waiting_for_its_end(tmp_path: Path) -> None:
    """A window asks for all of its runs."""
    with lock.hold(tmp_path):
        assert lock.held(tmp_path)
        begun = time.monotonic()
        assert all(lock.held(tmp_path) for _ in range(20))
        assert time.monotonic() - begun < 1


def test_no_file_is_made_by_who_only_asks(tmp_path: Path) -> None:
    assert not lock.held(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_went_away_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), lock.hold(tmp_path / "gone"):
        pass
    assert not (tmp_path / "gone").exists()


def test_a_record_that_its_fit_could_not_remove_keeps_no_other_out(tmp_path: Path) -> None:
    """The folder was moved away while it was trained in, and put back; the app still runs."""
    with lock.hold(tmp_path):
        left = (tmp_path / "lock.json").read_text()
    (tmp_path / "lock.json").write_text(left)
    assert not lock.held(tmp_path)
    with lock.hold(tmp_path):
        assert lock.held(tmp_path)


@pytest.mark.parametrize(
    "left",
    [
        "[" * 100_000,
        '{"pid": 1' + "0" * 5000 + "}",
        '{"pid": "x"}',
        "",
        "[]",
        "{}",
        record(born=5000),
        record(began="another start of this machine"),
        record(pid=2**22 + 1),
    ],
    ids=["deep", "huge", "no number", "empty", "list", "nothing", "another process", "another start", "no process"],
)
def test_what_a_dead_process_left_is_taken_over(tmp_path: Path, left: str) -> None:
    (tmp_path / "lock.json").write_text(left)
    assert not lock.held(tmp_path)
    with lock.hold(tmp_path):
        assert lock.held(tmp_path)


def test_another_process_is_seen_until_it_dies(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from capsdraw.fit import lock\n"
        "with lock.hold(Path(sys.argv[1])): print(flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdin=-1, stdout=-1)
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        assert lock.held(tmp_path)
        child.kill()
    assert (tmp_path / "lock.json").exists()
    assert not lock.held(tmp_path)
