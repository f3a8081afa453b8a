"""Sweeps for real: processes that train, are killed, are stopped, and go on."""

import io
import json
import os
import signal
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from capsdraw.cli.main import main
from capsdraw.fit import lock, log, runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import EpochEnded
from capsdraw.sweep import sweep_folder, timing
from capsdraw.sweep.local_workers import LocalWorkers
from capsdraw.sweep.supervisor import Supervisor, SweepNews
from capsdraw.sweep.sweep_cost import forecast
from capsdraw.sweep.sweep_folder import place_of
from capsdraw.sweep.sweep_results import FitState

from .conftest import Write, begun, starts

pytestmark = pytest.mark.slow

# Of a fit that is to be met on its way: each takes some tenths of a second, a look at it one.
EPOCHS = 16


@pytest.mark.usefixtures("known_cost")
def test_a_sweep_has_the_errors_that_its_fits_have_one_by_one(
    write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the fits of a folder of jobs are brought home under the same names."""
    path, jobs = write(), str(tmp_path / "jobs")
    assert main(["sweep", str(path), "--json"]) == 0
    output = capsys.readouterr()
    swept = json.loads(output.out)
    assert [row["seed"] for row in swept] == [1, 2]
    assert all(row["state"] == "finished" for row in swept)
    assert "tiny  2/2  seed" in output.err
    assert main(["sweep", str(path)]) == 1
    assert "add --resume to go on with it" in capsys.readouterr().err

    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "elsewhere"))
    assert main(["sweep", str(path), "--write-jobs", jobs]) == 0
    assert main(["run-job", f"{jobs}/1"]) == 0
    capsys.readouterr()
    assert main(["runs", "import", jobs, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["new"]) == 1
    assert main(["run-job", f"{jobs}/2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seed"] == 2
    assert main(["run-job", f"{jobs}/2", "--json"]) == 0  # done: nothing
    assert starts(next(Path(jobs, "2").glob("tiny-*"))) == [0]
    capsys.readouterr()
    assert main(["runs", "import", jobs, "--json"]) == 0
    brought = json.loads(capsys.readouterr().out)
    assert (len(brought["new"]), len(brought["there_already"])) == (1, 1)
    by_name = {Path(row["run"]).name: row["held_out_error_percent"] for row in swept}
    assert {run.folder.name: run.held_out_error_percent for run in runs.list_runs()} == by_name
    # Brought home, the sweep is done.
    capsys.readouterr()
    assert main(["sweep", str(path), "--resume", "--json"]) == 0
    assert [row["held_out_error_percent"] for row in json.loads(capsys.readouterr().out)] == list(by_name.values())


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_fit_whose_process_is_killed_goes_on_and_all_finish(write: Write) -> None:
    sweep = begun(write("seed = [1, 2]", epochs=EPOCHS))
    sweep_folder.keep(sweep)
    killed: list[int] = []
    lost: list[int] = []

    def listen(news: SweepNews) -> None:
        if news.lost:
            lost.append(news.number)
        if not killed and news.number == 0 and isinstance(news.event, EpochEnded) and news.event.epoch >= 2:
            killed.append(json.loads((place_of(sweep.fits[0]) / "lock.json").read_text())["pid"])
            os.kill(killed[0], signal.SIGKILL)

    outcome = Supervisor(sweep, LocalWorkers(2), listen).run(Control())
    assert [result.status for result in outcome.results] == [FitState.FINISHED] * 2
    assert lost == [0]
    first, again = starts(place_of(sweep.fits[0]))
    assert (first, again >= 2) == (0, True)
    assert starts(place_of(sweep.fits[1])) == [0]
    ended = [int(record["epoch"]) for record in log.read_events(place_of(sweep.fits[0]), "EpochEnded")]
    assert sorted(set(ended)) == list(range(1, EPOCHS + 1))
    assert len(ended) <= EPOCHS + 1  # but for the one under way, none twice


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.usefixtures("known_cost", "interrupted_once")
def test_ctrl_c_stops_all_fits_which_go_on_when_the_sweep_is_resumed(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("seed = [1, 2]", epochs=EPOCHS)
    before = signal.getsignal(signal.SIGINT)
    assert main(["sweep", str(path), "--json"]) == 0
    assert signal.getsignal(signal.SIGINT) is before
    output = capsys.readouterr()
    assert "stopped; to resume:  capsdraw sweep tiny --resume" in output.err
    rows = json.loads(output.out)
    assert {row["state"] for row in rows} <= {"stopped", "waiting"}
    begun_runs = [Path(row["run"]) for row in rows if row["state"] == "stopped"]
    assert begun_runs
    assert not any(lock.held(place) for place in begun_runs)
    assert main(["sweep", "tiny", "--resume", "--json"]) == 0
    capsys.readouterr()
    for place in begun_runs:
        run = runs.read(place)
        assert (run.state, run.epochs_done) == ("finished", EPOCHS)
        epochs = [int(record["epoch"]) for record in log.read_events(place, "EpochEnded")]
        assert epochs == list(range(1, EPOCHS + 1))


def test_what_a_sweep_takes_is_measured_and_what_has_no_room_in_its_data_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = begun(write(epochs=3))
    cost = forecast(sweep, sweep.fits, 2)
    assert (cost.fits, cost.processes, cost.threads) == (2, 2, 1)
    assert 0.5 < cost.seconds < 600
    assert 1 << 27 < cost.memory < 1 << 33
    fits = begun(write("reconstruction = [0.1]\nlimit = [100]")).fits + begun(write("held_out = [100, 300]")).fits
    order = {"timed": [asdict(fits[0])], "checked": [asdict(fit) for fit in fits[1:]]}
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(json.dumps(order).encode())))
    assert timing.main() == 1
    assert "held_out all 300 images are held out" in capsys.readouterr().err
