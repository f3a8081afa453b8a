"""Data that was changed on the disk is known to be another; data that was not is not read twice."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from capsdraw.datasets import stamp, synthetic
from capsdraw.datasets.opening import open_data
from tests.datasets.test_opening import KINDS, make


@pytest.mark.parametrize("kind", KINDS)
def test_reading_changes_nothing_and_another_file_does(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path / "scans", kind)
    before = stamp.of(str(path))
    assert before
    open_data(path)
    assert stamp.of(str(path)) == before
    for one in sorted((tmp_path / "scans").rglob("*")):
        if one.is_file():
            kept, now = one.read_bytes(), one.stat()
            one.write_bytes(kept[:-1])
            assert stamp.of(str(path)) != before, f"'{one.name}' is another"
            one.write_bytes(kept)
            os.utime(one, ns=(now.st_atime_ns, now.st_mtime_ns))
            assert stamp.of(str(path)) == before


def test_what_is_written_anew_with_the_same_size_is_another(tmp_path: Path) -> None:
    path = make(tmp_path / "scans", "npz")
    before = stamp.of(str(path))
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
    assert stamp.of(str(path)) != before


def test_pictures_that_come_go_or_change_their_class_are_seen(tmp_path: Path) -> None:
    folder = make(tmp_path / "scans", "pictures")
    whole = stamp.of(str(folder))
    picture = next((folder / "3").iterdir())
    shutil.copy2(picture, folder / "3" / "again.png")
    more = stamp.of(str(folder))
    (folder / "3" / "again.png").unlink()
    assert stamp.of(str(folder)) == whole != more
    picture.rename(folder / "5" / picture.name)
    assert stamp.of(str(folder)) != whole
    (folder / "5" / picture.name).rename(picture)
    (folder / "3").rename(folder / "11")
    assert stamp.of(str(folder)) != whole


def test_what_file_managers_write_is_no_change(tmp_path: Path) -> None:
    folder = make(tmp_path / "scans", "pictures")
    before = stamp.of(str(folder))
    (folder / ".DS_Store").touch()
    assert stamp.of(str(folder)) == before


def test_only_the_users_own_copy_of_a_known_set_can_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    assert stamp.of("synthetic") == stamp.of("mnist") == frozenset()
    images, labels = synthetic.digits(10, 1)
    np.savez(tmp_path / "mnist.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    assert len(stamp.of("mnist")) == 1


def test_where_nothing_is_there_is_no_stamp(tmp_path: Path) -> None:
    assert stamp.of(str(tmp_path / "gone.npz")) == frozenset()
