"""One fit at a time in a run folder, whatever the clock does and whichever process died."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, the time at which a process began stays")
def test_a_step_of_the_clock_lets_no_second_fit_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two fits in one folder would write over each other's weights."""
    real = psutil.Process.create_time
    with lock.hold(tmp_path):
        monkeypatch.setattr(psutil.Process, "create_time", lambda one: real(one) + 3600)
        assert lock.held(tmp_path)
        with pytest.raises(CapsDrawError, match="is being trained already"), lock.hold(tmp_path):
            pass
    assert list(tmp_path.iterdir()) == []


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
        assert [one.name for one in tmp_path.iterdir()] == ["lock.json"]
        assert lock.held(tmp_path)
        with pytest.raises(CapsDrawError, match="is being trained already"), lock.hold(tmp_path):
            pass
    assert seen[0] == (False, {"pid", "began", "born"})
    assert list(tmp_path.iterdir()) == []


def record(**others: Any) -> str:
    return json.dumps({"pid": os.getpid(), "born": psutil.Process().create_time(), **others})


def test_a_lock_of_an_earlier_version_counts_while_its_process_lives(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text(record())
    assert lock.held(tmp_path)


@pytest.mark.parametrize(
    "left", ["", "[]", "{}", record(born=5000), record(began="another start of this machine"), record(pid=2**22 + 1)]
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
