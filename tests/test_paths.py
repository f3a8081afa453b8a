"""A file that cannot be written is named as the user knows it."""

import errno
import os
from pathlib import Path

import pytest

from capsdraw.paths import replacing


def test_a_full_disk_names_the_file_and_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "card.json"
    target.write_text("old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as raised, replacing(target) as temporary:
        temporary.write_text("new")
    assert raised.value.filename == str(target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_the_temporary_file_is_not_named(tmp_path: Path) -> None:
    target = tmp_path / "card.json"
    target.mkdir()
    with pytest.raises(IsADirectoryError) as raised, replacing(target) as temporary:
        temporary.write_text("new")
    assert (raised.value.filename, raised.value.filename2) == (str(target), None)


def test_another_file_that_fails_on_the_way_keeps_its_name(tmp_path: Path) -> None:
    other = tmp_path / "none"
    with pytest.raises(FileNotFoundError) as raised, replacing(tmp_path / "card.json"):
        other.read_bytes()
    assert raised.value.filename == str(other)
