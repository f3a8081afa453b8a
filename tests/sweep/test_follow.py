"""A run is followed by what it writes, line by line."""

from pathlib import Path

import pytest

from capsdraw.fit import log
from capsdraw.fit.events import FINISHED, BatchEnded, Ended, EpochEnded, Started
from capsdraw.sweep.follow import RunFollower


def test_each_event_is_told_once_and_those_of_before_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_SELDOM", 0.0)
    recorder = log.Recorder(tmp_path, lambda _: None)
    recorder(Started(3, 0, 4, 200, 1000))
    follower = RunFollower(tmp_path)
    assert follower.new() == []
    batch = BatchEnded(1, 3, 2, 4, None, None, {"loss": 0.5}, 100)
    epoch = EpochEnded(1, 3, {"epoch": 1.0, "loss": 0.25}, 2.0, 4.0, True)
    recorder(batch)
    recorder(epoch)
    assert follower.new() == [batch, epoch]
    assert follower.new() == []
    recorder(Ended(FINISHED, 3, 4))
    assert follower.new() == [Ended(FINISHED, 3, 4)]


def test_a_line_that_is_half_written_comes_when_it_is_whole_and_a_torn_one_never(tmp_path: Path) -> None:
    follower = RunFollower(tmp_path)
    assert follower.new() == []  # no run yet
    path = tmp_path / log.EVENTS
    line = '{"event": "Started", "time": 1.0, "epochs": 3, "done": 0, "batches": 4, "images": 200, "parameters": 9}'
    path.write_text(line[:40])
    assert follower.new() == []
    path.write_text(f"{line}\n")
    assert follower.new() == [Started(3, 0, 4, 200, 9)]
    with path.open("a") as file:
        file.write('{"event": "Started", "ti\n{"event": "Nothing"}\n[]\n' + line + "\n")
    assert follower.new() == [Started(3, 0, 4, 200, 9)]


def test_a_run_that_was_brought_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    log.Recorder(tmp_path, lambda _: None)(Started(300, 0, 4, 200, 1000))
    follower = RunFollower(tmp_path)
    (tmp_path / log.EVENTS).unlink()
    log.Recorder(tmp_path, lambda _: None)(Ended(FINISHED, 3, 4))
    assert follower.new() == [Ended(FINISHED, 3, 4)]
