"""`capsdraw sweep` before anything is trained, and what it prints meanwhile."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from capsdraw.cli import sweep as command
from capsdraw.cli.main import main
from capsdraw.cli.progress import sweeping
from capsdraw.fit import runs
from capsdraw.fit.events import BatchEnded
from capsdraw.sweep import sweep_folder
from capsdraw.sweep.supervisor import SweepNews
from capsdraw.sweep.sweep_cost import SweepForecast
from capsdraw.sweep.sweep_results import FitState, results_of
from tests.sweep.conftest import begun, kept_run

COST = SweepForecast(fits=3, processes=1, threads=1, cores=8, seconds=700.0, least=100.0, memory=3 << 29)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "tiny.toml"
    file.write_text(
        'name = "tiny"\nbudget_minutes = 5\nrecipe = "mlp"\n[over]\nseed = [1, 2, 3]\n[fixed]\nheld_out = 100\n'
    )
    return file


@pytest.fixture(autouse=True)
def known_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "forecast", lambda *_: COST)


def test_what_it_takes_is_said_and_nothing_is_started(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", str(path), "--check"]) == 0
    output = capsys.readouterr()
    assert "tiny: 3 fits, one after the other, 1 thread each; about 12 minutes, 1.5 GB of memory\n" in output.err
    assert "this machine has 8 cores: threads = 8 in the sweep's file would use them all" in output.err
    assert "its budget of 5 minutes will be used up before" in output.err
    assert [line.partition("  ")[2] for line in output.out.splitlines()] == ["seed 1", "seed 2", "seed 3"]
    assert main(["sweep", str(path), "--check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seconds"] == 700
    assert runs.list_runs() == []
    assert sweep_folder.names() == []


def test_a_sweep_that_was_begun_is_gone_on_with_only_where_that_is_asked_for(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = begun(path)
    sweep_folder.keep(sweep)
    assert main(["sweep", str(path)]) == 1
    assert "add --resume to go on with it" in capsys.readouterr().err
    for fit, wrong in zip(sweep.fits, (12, 5, 9), strict=True):
        kept_run(sweep_folder.place_of(fit), replace(fit.recipe, epochs=1), [wrong])
    assert main(["sweep", "tiny", "--resume", "--check"]) == 0
    assert capsys.readouterr().out == "tiny: all of 3 fits are finished\n"
    assert main(["sweep", "tiny", "--resume", "--check", "--json"]) == 0
    left = json.loads(capsys.readouterr().out)
    assert left == {"sweep": "tiny", "fits": 0, "processes": 0, "threads": 1, "seconds": 0, "memory_bytes": 0}
    assert main(["sweep", "tiny", "--resume"]) == 0  # all are finished: their table
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [(line[0], line[1]) for line in lines[1:]] == [("2", "5.00%"), ("3", "9.00%"), ("1", "12.00%")]


def test_jobs_are_written_and_nothing_is_started(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", str(path), "--write-jobs", str(tmp_path / "jobs")]) == 0
    assert "3 jobs; the first:  capsdraw run-job" in capsys.readouterr().out
    assert main(["run-job", str(tmp_path / "jobs" / "4")]) == 1
    assert "no job in" in capsys.readouterr().err
    assert runs.list_runs() == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nothing"], 'no sweep "nothing": available are compare'),
        (["nothing", "--resume"], 'no sweep "nothing"'),
        (["no/such.toml"], "cannot read sweep 'such.toml'"),
        (["compare", "--processes", "0"], "--processes 0: it must be at least 1"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", *words]) == 1
    error = capsys.readouterr().err
    assert says in error
    assert error.count("\n") == 1


def test_a_line_tells_each_fit_that_ended_or_lost_its_process(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = results_of(begun(path))
    with sweeping("tiny", (first, second, third)) as show:
        show(SweepNews(0, replace(first, status=FitState.RUNNING)))
        show(SweepNews(0, replace(first, status=FitState.RUNNING), BatchEnded(1, 9, 1, 2, None, None, {}, 0)))
        show(SweepNews(0, replace(first, status=FitState.WAITING, epochs_done=1), lost=True))
        show(SweepNews(0, replace(first, status=FitState.FINISHED, held_out_error_percent=2.5)))
        show(SweepNews(1, replace(second, status=FitState.FAILED, message="no memory")))
    assert capsys.readouterr().err.splitlines() == [
        "tiny  seed 1: its process died; it goes on after 1 epoch",
        "tiny  1/3  seed 1: finished, 2.50% of the held-out images wrong",
        "tiny  2/3  seed 2: failed (no memory)",
    ]


def test_a_damaged_list_of_fits_says_how_it_is_made_anew_and_is(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was damaged was said, not of which sweep; and where all was trained, it stayed so for ever."""
    sweep = begun(path)
    sweep_folder.keep(sweep, path.read_text())
    for fit in sweep.fits:
        kept_run(sweep_folder.place_of(fit), fit.recipe, [30] * fit.recipe.epochs)
    (sweep.folder / sweep_folder.FITS).write_text("{")
    assert main(["sweep", "tiny", "--resume"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("capsdraw: sweep 'tiny': cannot read sweep's list 'fits.json'")
    file = sweep.folder / sweep_folder.FILE
    assert error.endswith(f"; 'capsdraw sweep {file} --resume' makes it anew\n")
    assert main(["sweep", str(file), "--resume"]) == 0
    assert main(["sweep", "tiny", "--resume"]) == 0
    assert sweep_folder.load("tiny") == sweep
