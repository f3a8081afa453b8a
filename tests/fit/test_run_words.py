"""What a run is called: by its user, whose words stay as they are, and by its folder."""

import errno
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from capsdraw.datasets import synthetic
from capsdraw.datasets.data import Data
from capsdraw.errors import CapsDrawError
from capsdraw.fit import log, run_files, runs
from capsdraw.fit.recipe import Recipe

PLAN = Recipe(name="mlp", title="MLP", family="mlp", epochs=3)


def test_who_changes_the_note_of_a_run_leaves_its_long_name_as_it_is() -> None:
    """What is listed is cut, and was written back so."""
    name, note = "a name of many words " * 10, "a note of many words " * 60
    folder = runs.create(replace(PLAN, title=name), note=note)
    run = runs.read(folder)
    assert (run.title[-1], run.note[-1]) == ("…", "…")
    runs.describe(folder, note="another")
    runs.describe(folder, title="renamed")
    assert json.loads((folder / "run.json").read_text())["note"] == "another"
    other = runs.create(replace(PLAN, title=name), note=note)
    runs.describe(other, note="another")
    assert json.loads((other / "run.json").read_text())["title"] == name
    runs.describe(other, title="renamed")
    assert (runs.read(other).title, runs.read(other).note) == ("renamed", "another")


def test_on_a_full_disk_a_new_name_is_refused_with_advice_and_the_old_one_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The window said "[Errno 28]"."""
    folder = runs.create(PLAN, note="a try")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(CapsDrawError, match=r"^cannot write name and note into .*: No space left on device: free some"):
        runs.describe(folder, title="Other")
    monkeypatch.undo()
    assert (runs.read(folder).title, runs.read(folder).note) == ("MLP", "a try")


def test_words_in_another_encoding_leave_what_is_known_of_a_run_readable() -> None:
    """An argument that is no UTF-8 made all of `run.json` unreadable: the names of classes, the hash of the data."""
    images, labels = synthetic.digits(20, 1)
    data = Data("letters", images, labels, images, labels, tuple("abcdefghij"))
    folder = runs.create(PLAN, data, note="caf\udce9")
    assert (runs.read(folder).note, runs.read(folder).labels) == ("caf\ufffd", tuple("abcdefghij"))
    runs.describe(folder, title="caf\udce9s", note="")
    assert (runs.read(folder).title, runs.read(folder).labels) == ("caf\ufffds", tuple("abcdefghij"))


@pytest.mark.parametrize("name", ["a" * 300, ".hidden", "-x", "日本", "..", "a/b", ""])
def test_a_run_has_a_folder_whose_name_every_disk_takes_and_export_and_import_do(name: str, tmp_path: Path) -> None:
    folder = runs.create(replace(PLAN, name=name))
    assert folder.parent == runs.root()
    log.write_row(folder, {"epoch": 1, "loss": 0.5})
    run_files.export([runs.find(folder.name)], tmp_path / "out.zip")
    runs.delete(folder)
    assert run_files.bring([tmp_path / "out.zip"]).new == (folder,)


@pytest.mark.skipif(os.name != "posix", reason="links as POSIX has them")
def test_where_the_folder_of_runs_is_a_link_to_a_disk_that_is_not_there_no_run_is_begun(tmp_path: Path) -> None:
    """Each name seemed to be taken, and the next one was tried for ever."""
    runs.root().parent.mkdir(parents=True, exist_ok=True)
    runs.root().symlink_to(tmp_path / "unplugged" / "runs")
    with pytest.raises(CapsDrawError, match="it is a link to a folder that is not there"):
        runs.create(PLAN)
