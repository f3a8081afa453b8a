"""Downloads: placed whole and checked, or not at all; told of, and stopped at once."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from capsdraw.datasets import fetch as fetching
from capsdraw.datasets.fetch import fetch, sha256_check
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.errors import CapsDrawError
from tests.datasets.conftest import Server

CONTENT = bytes(range(256)) * 4000
RIGHT = sha256_check(hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """In a folder that is still to be made."""
    return tmp_path / "datasets" / "one" / "file.npz"


def left(target: Path) -> list[str]:
    return [one.name for one in target.parent.iterdir()] if target.parent.exists() else []


def ended() -> bool:
    """Whether no fetching thread is left, within a few seconds."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if not any(thread.name == "capsdraw-fetch" for thread in threading.enumerate()):
            return True
        time.sleep(0.01)
    return False


def test_a_file_is_fetched_and_told_of(server: Server, target: Path) -> None:
    server.files["/file"] = CONTENT
    told: list[tuple[int, int]] = []
    fetch(server.url("/file"), target, RIGHT, 2 * len(CONTENT), ReadMonitor(lambda *far: told.append(far), often=0))
    assert target.read_bytes() == CONTENT
    assert left(target) == ["file.npz"]
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert len(told) > 3


def test_without_a_length_the_total_is_unknown(server: Server, target: Path) -> None:
    server.files["/file"], server.lengths["/file"] = CONTENT, None
    told: list[tuple[int, int]] = []
    fetch(server.url("/file"), target, RIGHT, 2 * len(CONTENT), ReadMonitor(lambda *far: told.append(far), often=0))
    assert told[-1] == (len(CONTENT), 0)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("old", [None, b"what was there before"])
@pytest.mark.parametrize(
    ("path", "content", "length", "says"),
    [
        ("/file", CONTENT[:-1], None, "not the expected one"),
        ("/file", CONTENT[:-1], len(CONTENT), "the connection ended after 1,023,999 of 1,024,000 bytes"),
        ("/file", b"<html>Welcome to our wireless network</html>", None, "not the expected one"),
        ("/file", CONTENT * 3, None, "sent more than 2,048,000 bytes for 'file.npz'"),
        ("/other", CONTENT, None, "HTTP 404 Not Found"),
    ],
    ids=["wrong hash", "truncated", "portal", "endless", "404"],
)
def test_what_fails_leaves_what_was_there(
    server: Server, target: Path, old: bytes | None, path: str, content: bytes, length: int | None, says: str
) -> None:
    if old is not None:
        target.parent.mkdir(parents=True)
        target.write_bytes(old)
    server.files[path] = content
    server.lengths[path] = length
    with pytest.raises(CapsDrawError, match=says) as refused:
        fetch(server.url("/file"), target, RIGHT, 2 * len(CONTENT))
    assert "\n" not in str(refused.value)
    assert left(target) == ([] if old is None else ["file.npz"])
    assert old is None or target.read_bytes() == old
    assert ended()


def test_a_silent_server_is_stopped_at_once(server: Server, target: Path) -> None:
    """A user who presses Cancel on a dead network must not wait for its time to run out."""
    server.files["/file"] = CONTENT
    server.stalled.add("/file")
    cancel, pressed = threading.Event(), []

    def tell(done: int, total: int) -> None:
        if done >= total // 4 and not pressed:
            pressed.append(time.monotonic() + 0.2)
            threading.Timer(0.2, cancel.set).start()

    with pytest.raises(Cancelled):
        fetch(server.url("/file"), target, RIGHT, 2 * len(CONTENT), ReadMonitor(tell, cancel, often=0))
    assert time.monotonic() - pressed[0] < 2  # of twenty that the server may be silent
    assert left(target) == []
    server.go.set()
    assert ended()


def test_a_server_that_never_answers_is_given_up(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_SILENCE", 0.2)
    server.files["/file"] = CONTENT
    server.stalled.add("/file")
    with pytest.raises(CapsDrawError, match=r"127\.0\.0\.1: no answer for"):
        fetch(server.url("/file"), target, RIGHT, 2 * len(CONTENT))
    assert left(target) == []


def test_without_a_network_it_is_one_line(target: Path) -> None:
    with pytest.raises(CapsDrawError, match=r"nowhere\.invalid: ") as refused:
        fetch("http://nowhere.invalid/file", target, RIGHT, 1)
    assert "\n" not in str(refused.value)
    with pytest.raises(CapsDrawError, match=r"127\.0\.0\.1: Connection refused"):
        fetch("http://127.0.0.1:1/file", target, RIGHT, 1)
    assert left(target) == []


def test_a_disk_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    server.files["/file"] = CONTENT
    (tmp_path / "a file").touch()
    with pytest.raises(CapsDrawError, match=r"cannot write '.*a file/datasets/data\.npz': Not a directory"):
        fetch(server.url("/file"), tmp_path / "a file" / "datasets" / "data.npz", RIGHT, 2 * len(CONTENT))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_named(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server.files["/file"] = CONTENT
    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, mode="r", *rest: opened(Path("/dev/full") if mode == "wb" else path, mode, *rest)
    )
    with pytest.raises(CapsDrawError, match=r"cannot write '.*file\.npz': No space left on device"):
        fetch(server.url("/file"), target, RIGHT, 2 * len(CONTENT))
    assert left(target) == []
    assert ended()


def test_a_killed_download_leaves_nothing_under_the_name_and_is_swept_up_later(server: Server, target: Path) -> None:
    server.files["/file"] = CONTENT
    server.stalled.add("/file")
    code = (
        "import sys; from pathlib import Path; from capsdraw.datasets.fetch import fetch\n"
        "from capsdraw.datasets.monitor import ReadMonitor\n"
        "fetch(sys.argv[1], Path(sys.argv[2]), lambda _: None, 10**9, ReadMonitor(lambda *at: print(*at, flush=True)))"
    )
    command = [sys.executable, "-c", code, server.url("/file"), str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
    assert not target.exists()
    [half] = left(target)
    os.utime(target.parent / half, (0, 0))
    server.stalled.clear()
    fetch(server.url("/file"), target, RIGHT, 2 * len(CONTENT))
    assert left(target) == ["file.npz"]
