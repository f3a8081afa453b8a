"""Runs taken out and in: whole, none over another, and nothing that is no run's."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock, run_files, runs
from capsdraw.fit.recipe import Recipe
from tests.sweep.conftest import kept_run

RECIPE = Recipe(name="mine", title="Mine", family="mlp", held_out=100, epochs=3)


def kept(name: str = "mine-1", errors: tuple[int, ...] = (30, 20, 10)) -> runs.Run:
    place = runs.root() / name
    kept_run(place, RECIPE, list(errors))
    (place / "model.keras").write_bytes(b"a model")
    return runs.read(place)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in ("run.lock", "lock.json")}


@pytest.mark.parametrize("target", ["out.zip", "out"])
def test_what_was_written_out_comes_in_again_to_the_bit(target: str, tmp_path: Path) -> None:
    both = [kept("mine-1"), kept("mine-2", (40, 30))]
    before = [files(run.folder) for run in both]
    run_files.export(both, tmp_path / target)
    assert run_files.bring([tmp_path / target]).there == ("mine-1", "mine-2")
    for run in both:
        runs.delete(run.folder)
    brought = run_files.bring([tmp_path / target])
    assert [folder.name for folder in brought.new] == ["mine-1", "mine-2"]
    assert [files(folder) for folder in brought.new] == before
    assert {run.folder.name for run in runs.list_runs()} == {"mine-1", "mine-2"}


def test_another_run_of_the_same_name_is_never_overwritten(tmp_path: Path) -> None:
    run = kept()
    run_files.export([run], tmp_path / "out.zip")
    runs.delete(run.folder)
    other = files(kept("mine-1", (50, 40, 30)).folder)
    brought = run_files.bring([tmp_path / "out.zip"])
    assert not brought.new
    assert "'mine-1': another run of that name is here" in brought.left_out[0]
    assert files(runs.root() / "mine-1") == other


def test_of_a_folder_of_jobs_those_that_are_done_are_taken(tmp_path: Path) -> None:
    for number, errors in (("1", (30, 20, 10)), ("2", (30,)), ("10", (30, 20, 10))):
        place = tmp_path / "jobs" / number / f"mine-{number}"
        kept_run(place, RECIPE, list(errors), "finished" if len(errors) == 3 else "stopped")
        (place.parent / run_files.JOB).write_text("{}")
    brought = run_files.bring([tmp_path / "jobs"])
    assert [folder.name for folder in brought.new] == ["mine-1", "mine-10"]
    assert brought.left_out == ("'mine-2': its job is not done yet: run it to its end",)


def test_nothing_but_a_run_s_own_files_comes_along(tmp_path: Path) -> None:
    place = tmp_path / "mine-1"
    kept_run(place, RECIPE, [30, 20, 10])
    (place / "setup.py").write_text("raise SystemExit")
    (place / "inner").mkdir()
    (folder,) = run_files.bring([place]).new
    assert set(files(folder)) == {"config.toml", "run.json", "log.csv", "events.jsonl"}


@pytest.mark.skipif(os.name != "posix", reason="links need rights elsewhere")
def test_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("nobody's")
    place = tmp_path / "in" / "mine-1"
    kept_run(place, RECIPE, [30, 20, 10])
    (place / "model.keras").symlink_to(secret)
    (tmp_path / "in" / "other").symlink_to(place)
    (folder,) = run_files.bring([tmp_path / "in"]).new
    assert not (folder / "model.keras").exists()


@pytest.mark.parametrize(
    "member",
    ["../evil/config.toml", "/etc/config.toml", "mine/../../evil", "mine/setup.py", "config.toml", ".mine/config.toml",
     "mine/inner/config.toml", "mine\\..\\config.toml"],
)  # fmt: skip
def test_an_archive_with_anything_else_in_it_is_refused_whole(member: str, tmp_path: Path) -> None:
    run = kept()
    run_files.export([run], tmp_path / "out.zip")
    runs.delete(run.folder)
    with zipfile.ZipFile(tmp_path / "out.zip", "a") as archive:
        archive.writestr(member, "x")
    with pytest.raises(CapsDrawError, match="which no run has"):
        run_files.bring([tmp_path / "out.zip"])
    assert list(runs.root().iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_an_archive_that_would_fill_the_disk_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capsdraw.archives.SMALL", 1000)
    with zipfile.ZipFile(tmp_path / "out.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mine/model.keras", bytes(1 << 20))
    with pytest.raises(CapsDrawError, match="claims to hold more"):
        run_files.bring([tmp_path / "out.zip"])


def test_what_is_damaged_or_no_run_is_said(tmp_path: Path) -> None:
    place = tmp_path / "in" / "mine-1"
    kept_run(place, RECIPE, [30, 20, 10])
    (place / "config.toml").write_text("family = 3")
    kept_run(tmp_path / "in" / "mine-2", RECIPE, [])
    kept_run(tmp_path / "in" / "a name", RECIPE, [30])
    brought = run_files.bring([tmp_path / "in"])
    assert not brought.new
    assert "its name is no run's" in brought.left_out[0]
    assert "name, title is missing" in brought.left_out[1]
    assert "'mine-2': it has no whole epoch yet" in brought.left_out[2]
    (tmp_path / "empty").mkdir()
    with pytest.raises(CapsDrawError, match="no run in"):
        run_files.bring([tmp_path / "empty"])
    (tmp_path / "no.zip").write_text("no archive")
    with pytest.raises(CapsDrawError, match=r"cannot read runs 'no\.zip'"):
        run_files.bring([tmp_path / "no.zip"])


def test_a_run_that_is_being_trained_is_left_alone(tmp_path: Path) -> None:
    run = kept()
    shutil.copytree(run.folder, tmp_path / "mine-2")
    with lock.hold(run.folder), pytest.raises(CapsDrawError, match="is being trained"):
        run_files.export([runs.read(run.folder)], tmp_path / "out.zip")
    with lock.hold(tmp_path / "mine-2"):
        assert "is being trained" in run_files.bring([tmp_path / "mine-2"]).left_out[0]


def test_an_export_overwrites_no_folder(tmp_path: Path) -> None:
    run = kept()
    run_files.export([run], tmp_path / "out")
    with pytest.raises(CapsDrawError, match="is there already"):
        run_files.export([run], tmp_path / "out")


def test_a_new_run_in_a_place_of_its_own_is_not_made_over_another(tmp_path: Path) -> None:
    folder = runs.create(RECIPE, place=tmp_path / "here")
    assert runs.read(folder).title == "Mine"
    with pytest.raises(CapsDrawError, match="there is a run in"):
        runs.create(RECIPE, place=tmp_path / "here")


def test_an_archive_that_another_program_packed_is_taken(tmp_path: Path) -> None:
    """It has an entry for the folder, which was taken for a file of no name."""
    run = kept()
    files = shutil.make_archive(str(tmp_path / "packed"), "zip", runs.root(), run.folder.name)
    assert any(name.endswith("/") for name in zipfile.ZipFile(files).namelist())
    runs.delete(run.folder)
    assert [folder.name for folder in run_files.bring([Path(files)]).new] == ["mine-1"]


@pytest.mark.parametrize("place", ["stream", "flags"])
def test_a_damaged_archive_is_one_line(place: str, tmp_path: Path) -> None:
    """Each ended in an error of the library's own."""
    path = tmp_path / "out.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mine/config.toml", "name = 'mine'\n" * 100)
    content = bytearray(path.read_bytes())
    if place == "stream":
        content[46:58] = bytes(value ^ 0xFF for value in content[46:58])
    else:
        for entry in (6, content.find(b"PK\1\2") + 8):
            content[entry] |= 0x20
    path.write_bytes(content)
    with pytest.raises(CapsDrawError, match=r"cannot read (runs )?'out\.zip'"):
        run_files.bring([path])
    assert not list(runs.root().glob("*"))
