"""What travels between machines: data by their hash, a run piece by piece, and nothing that no run has."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capsdraw.collection.as_data import open_data
from capsdraw.errors import CapsDrawError
from capsdraw.fit import log, runs
from capsdraw.fit.events import FINISHED, Ended, Started
from capsdraw.sweep import packed_data, ray_workers, run_parts
from capsdraw.sweep.fit_task import FitTask
from capsdraw.sweep.node_fit import NodeFit
from capsdraw.sweep.run_parts import RunPart, RunSender

from .conftest import Write, begun


def test_data_come_as_they_were_read_and_the_same_have_the_same_hash(write: Write, tmp_path: Path) -> None:
    recipe = begun(write()).fits[0].recipe
    packed = packed_data.pack(recipe, open_data)
    assert packed_data.pack(recipe, open_data) == packed
    assert not packed_data.has(tmp_path / "there", packed.digest)
    folder = packed_data.unpack(tmp_path / "there", packed)
    assert packed_data.has(tmp_path / "there", packed.digest)
    came, read = packed_data.read(folder), open_data(recipe.data)
    for name in ("train_images", "train_labels", "test_images", "test_labels"):
        np.testing.assert_array_equal(getattr(came, name), getattr(read, name))
    assert (came.name, came.labels, came.pictures, came.notes) == (read.name, read.labels, read.pictures, read.notes)
    assert packed_data.unpack(tmp_path / "there", packed) == folder  # another fit was quicker


def test_data_that_are_not_what_was_sent_are_refused(write: Write, tmp_path: Path) -> None:
    packed = packed_data.pack(begun(write()).fits[0].recipe, open_data)
    with pytest.raises(CapsDrawError, match="not those that were sent"):
        packed_data.unpack(tmp_path, replace(packed, content=packed.content[:-1] + b"x"))


def test_data_that_no_fit_asked_for_in_weeks_leave_the_machine(write: Write, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "used").mkdir()
    for name in ("old", "used"):
        os.utime(tmp_path / name, (1e9, 1e9))
    assert packed_data.has(tmp_path, "used")
    packed = packed_data.pack(begun(write()).fits[0].recipe, open_data)
    packed_data.unpack(tmp_path, packed)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"used", packed.digest}


def test_a_run_is_brought_home_as_it_grows_each_change_once(write: Write, tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    here.mkdir()
    sender = RunSender(there)
    assert sender.new() == []
    runs.create(begun(write()).fits[0].recipe, place=there)
    recorder = log.Recorder(there, lambda _: None)
    recorder(Started(3, 0, 4, 200, 1000))
    (there / "last.keras").write_bytes(b"one")
    (there / "notes.txt").touch()
    parts = sender.new()
    assert [part.name for part in parts] == ["last.keras", "run.json", "config.toml", "events.jsonl"]
    run_parts.take(here, parts)
    assert sender.new() == []
    recorder(Ended(FINISHED, 3, 4))
    (there / "last.keras").write_bytes(b"three")
    more = sender.new()
    assert [(part.name, part.start > 0) for part in more] == [("last.keras", False), ("events.jsonl", True)]
    run_parts.take(here, more)
    for name in ("last.keras", "run.json", "config.toml", "events.jsonl"):
        assert (here / name).read_bytes() == (there / name).read_bytes()
    assert [part.name for part in run_parts.all_of(here)] == [part.name for part in parts]


@pytest.mark.parametrize("name", ["../config.toml", "evil.py", "model.keras.py", ".bashrc", ""])
def test_what_no_run_has_is_not_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(CapsDrawError, match="that no run has"):
        run_parts.take(tmp_path, [RunPart(name, 0, b"x")])
    assert list(tmp_path.iterdir()) == []


def test_a_task_says_where_its_data_were_brought_to(write: Write, tmp_path: Path) -> None:
    task = FitTask(fit=begun(write()).fits[0], place=tmp_path, until=2, data=tmp_path / "data")
    assert FitTask.from_json(task.to_json().encode()) == task


def test_a_machine_with_another_version_or_without_a_token_trains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capsdraw.sweep.node_fit.__version__", "9")
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    with pytest.raises(CapsDrawError, match="install the same version"):
        NodeFit().lacks("8", "0" * 64)
    assert NodeFit().lacks("9", "0" * 64)
    for mode in ("", "disabled"):
        monkeypatch.setenv("RAY_AUTH_MODE", mode)
        with pytest.raises(CapsDrawError, match="asks for no token"):
            NodeFit().lacks("9", "0" * 64)


@pytest.mark.parametrize("address", ["", "ray://x:1", "somewhere", "x:y", "a b:1", "x:1;rm"])
def test_what_is_no_address_is_refused_before_ray_is_imported(address: str) -> None:
    with pytest.raises(CapsDrawError, match="no address of a cluster"):
        ray_workers.RayWorkers(address, 1)


def test_without_ray_the_command_that_installs_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "1")
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "1")
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(CapsDrawError, match=r"pip install 'capsdraw\[cluster\]'"):
        ray_workers.RayWorkers("local", 1)
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


def test_a_cluster_without_a_token_is_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    with pytest.raises(CapsDrawError, match="run programs on it"):
        ray_workers.RayWorkers("auto", 1)
