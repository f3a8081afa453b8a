"""`capsdraw runs`: what lies in the folder of all runs."""

import json
from pathlib import Path

import pytest

from capsdraw.cli.main import main
from capsdraw.fit import lock, runs
from capsdraw.fit.recipe import Recipe
from tests.sweep.conftest import kept_run

RECIPE = Recipe(name="mine", title="Mine", family="mlp", held_out=200, epochs=3)


@pytest.fixture(autouse=True)
def two() -> None:
    kept_run(runs.root() / "mine-1", RECIPE, [30, 10, 13])
    kept_run(runs.root() / "mine-2", RECIPE, [], "stopped")


def test_runs_are_listed_with_the_error_of_their_best_epoch(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "list", "--json"]) == 0
    rows = {Path(row["run"]).name: row for row in json.loads(capsys.readouterr().out)}
    assert {name: row["held_out_error_percent"] for name, row in rows.items()} == {"mine-1": 5.0, "mine-2": None}
    assert (rows["mine-1"]["state"], rows["mine-1"]["epochs_done"]) == ("finished", 3)
    assert main(["runs", "list"]) == 0
    assert "5.00%" in capsys.readouterr().out


def test_a_run_goes_to_another_home_and_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = str(tmp_path / "out.zip")
    assert main(["runs", "export", "mine-1", target]) == 0
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "other"))
    assert main(["runs", "import", target]) == 0
    assert main(["runs", "import", target]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "1 run taken in, 0 there already", "0 runs taken in, 1 there already",
    ]  # fmt: skip
    assert [run.folder.name for run in runs.list_runs()] == ["mine-1"]


def test_nothing_is_deleted_unasked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["runs", "delete", "mine-1"]) == 1
    assert "add --yes" in capsys.readouterr().err

    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return "no\n"

    monkeypatch.setattr("sys.stdin", Terminal())
    assert main(["runs", "delete", "mine-1"]) == 1
    assert "nothing was deleted" in capsys.readouterr().err
    assert len(runs.list_runs()) == 2
    assert main(["runs", "delete", "mine-1", "mine-1", "--yes"]) == 0
    assert [run.folder.name for run in runs.list_runs()] == ["mine-2"]


def test_what_cannot_be_taken_in_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "import", str(runs.root() / "mine-2")]) == 1
    error = capsys.readouterr().err
    assert "left out 'mine-2': it has no whole epoch yet" in error
    assert "nothing was taken in" in error
    assert main(["runs", "import", str(tmp_path / "nowhere")]) == 1
    assert main(["runs", "export", "nowhere", str(tmp_path / "out")]) == 1


def test_a_damaged_run_is_told_of_and_can_be_deleted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (runs.root() / "mine-2" / "config.toml").write_text("name = ")
    (runs.root() / "no run").mkdir()
    assert main(["runs", "list", "--json"]) == 0
    listed = capsys.readouterr()
    assert [Path(row["run"]).name for row in json.loads(listed.out)] == ["mine-1"]
    assert listed.err.startswith("capsdraw: run 'mine-2': cannot read recipe 'config.toml': not TOML")
    assert listed.err.count("\n") == 1
    for words in (["runs", "export", "mine-2", str(tmp_path / "out")], ["train", "--resume", "mine-2"]):
        assert main(words) == 1
        assert capsys.readouterr().err.startswith("capsdraw: run 'mine-2': cannot read recipe 'config.toml'")
    assert main(["runs", "delete", "mine-2", "--yes"]) == 0
    assert sorted(path.name for path in runs.root().iterdir()) == ["mine-1", "no run"]


def test_of_several_runs_none_is_deleted_where_one_has_to_stay(capsys: pytest.CaptureFixture[str]) -> None:
    """The first was gone before the second was refused."""
    (runs.root() / "mine-2" / "thesis.txt").write_text("years of work")
    assert main(["runs", "delete", "mine-1", "mine-2", "--yes"]) == 1
    assert "'mine-2' also holds 'thesis.txt', which is no run's: move it first" in capsys.readouterr().err
    (runs.root() / "mine-2" / "thesis.txt").unlink()
    with lock.hold(runs.root() / "mine-2"):
        assert main(["runs", "delete", "mine-1", "mine-2", "--yes"]) == 1
    assert "is being trained: stop it first" in capsys.readouterr().err
    assert len(runs.list_runs()) == 2
    assert main(["runs", "delete", "mine-1", "mine-2", "--yes"]) == 0
    assert runs.list_runs() == []


def test_runs_that_could_not_be_taken_in_again_are_not_written_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file was made, and refused by who was to take it in."""
    kept_run(tmp_path / "mine-1", RECIPE, [30, 10, 13])
    for target in (tmp_path / "out.zip", tmp_path / "out"):
        assert main(["runs", "export", "mine-1", str(tmp_path / "mine-1"), str(target)]) == 1
        assert "two of the runs are called 'mine-1'" in capsys.readouterr().err
        (runs.root() / "mine-2").rename(runs.root() / "my run")
        assert main(["runs", "export", "mine-1", "my run", str(target)]) == 1
        assert "the run 'my run' could not be taken in again: rename its folder" in capsys.readouterr().err
        (runs.root() / "my run").rename(runs.root() / "mine-2")
        assert not target.exists()
