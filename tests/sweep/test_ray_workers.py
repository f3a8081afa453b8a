"""Sweeps on a cluster for real: two machines that are processes here, on the loopback interface."""

import importlib.util
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from capsdraw.cli.main import main
from capsdraw.fit import lock, log, runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import EpochEnded
from capsdraw.sweep import sweep_folder
from capsdraw.sweep.local_workers import LocalWorkers
from capsdraw.sweep.ray_workers import RayWorkers
from capsdraw.sweep.supervisor import Supervisor, SweepNews
from capsdraw.sweep.sweep_folder import place_of
from capsdraw.sweep.sweep_results import FitState

from .conftest import Write, begun, starts

# Of fits that are met on their way, however late somebody looks; and times that a cluster is begun.
EPOCHS, TRIES = 60, 5


@dataclass(frozen=True)
class Cluster:
    """Where it is, the process of each machine's Ray, and its folder."""

    address: str
    machines: list[psutil.Process]
    homes: list[Path]

    def machine_of(self, run: str) -> psutil.Process:
        """The one that has had a run last."""
        begun = [(path.stat().st_mtime, number) for number, home in enumerate(self.homes)
                 for path in home.glob(f"cache/cluster/runs/*/{run}")]  # fmt: skip
        return self.machines[max(begun)[1]]

    def listening(self) -> set[str]:
        """The addresses that any process of it listens at."""
        found = [machine for machine in self.machines if machine.is_running()]
        parent = found[0].parent()
        assert parent is not None
        return _listening([parent, *parent.children(recursive=True)])


def _children(machine: psutil.Process) -> list[psutil.Process]:
    return [child for child in machine.children() if "NodeFit" in "".join(child.cmdline())]


@pytest.fixture(scope="session")
def with_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Ray reads its environment, and its token, once in a process."""
    if importlib.util.find_spec("ray") is None:
        pytest.skip("an extra")
    token = tmp_path_factory.mktemp("ray") / "token"
    token.write_text(secrets.token_hex(32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN_PATH", str(token))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # the loopback interface alone
        patch.setenv("RAY_agent_register_timeout_ms", "120000")
        patch.setenv("RAY_raylet_start_wait_time_s", "40")  # in which it gives up, to be begun anew
        patch.setenv("RAY_worker_niceness", "0")  # else what trains would wait for all other tests
        yield


@pytest.fixture
def cluster(tmp_path: Path, with_token: None) -> Iterator[Cluster]:  # noqa: ARG001
    process, where = _begun_cluster(tmp_path)
    try:
        yield Cluster(
            where["address"], [psutil.Process(pid) for pid in where["machines"]], list(map(Path, where["homes"]))
        )
    finally:
        _end(process)


def _begun_cluster(folder: Path) -> tuple[subprocess.Popen[bytes], dict[str, Any]]:
    """The program that holds a cluster, and what it tells of it; Ray starts none on a machine that is too busy."""
    program = [sys.executable, str(Path(__file__).with_name("ray_cluster.py")), str(folder / "cluster"), "2"]
    for _ in range(TRIES):
        with (folder / "cluster.txt").open("w") as errors:
            process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        assert process.stdout is not None
        told = process.stdout.readline()
        if told:
            return process, json.loads(told)
        _end(process)
    pytest.fail(f"no cluster in {TRIES} tries: {(folder / 'cluster.txt').read_text()[-400:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a cluster: its program ends it when nothing is to come any more."""
    of_it = psutil.Process(process.pid).children(recursive=True)
    for stream in (process.stdin, process.stdout):
        assert stream is not None
        stream.close()
    process.wait()
    for left in psutil.wait_procs(of_it, timeout=20)[1]:
        left.kill()


def epochs(place: Path) -> list[int]:
    return [int(record["epoch"]) for record in log.read_events(place, "EpochEnded")]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_on_machines_whose_workers_are_killed_all_fits_go_on_and_finish(
    cluster: Cluster, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep = begun(write("seed = [1, 2]", epochs=EPOCHS))
    sweep_folder.keep(sweep)
    lost: list[int] = []
    killed: list[int] = []

    def listen(news: SweepNews) -> None:
        if news.lost:
            lost.append(news.number)
        if isinstance(news.event, EpochEnded) and news.event.epoch >= 2 and len(killed) == len(lost) < 2:
            # First who has the fit in hand, then, when somebody else has taken that over, a whole machine.
            if lost and not starts(place_of(sweep.fits[lost[0]]))[1:]:
                return
            machine = cluster.machine_of(sweep.fits[news.number].run)
            victim = machine if killed else _children(machine)[0]
            killed.append(news.number)
            victim.kill()

    workers = RayWorkers(cluster.address, threads=1)
    assert workers.room == 2
    outcome = Supervisor(sweep, workers, listen).run(Control())
    assert [result.status for result in outcome.results] == [FitState.FINISHED] * 2
    assert (len(killed), lost) == (2, killed)
    for fit in sweep.fits:
        place = place_of(fit)
        begin, *again = starts(place)
        assert begin == 0
        assert all(done >= 1 for done in again)
        assert sorted(set(epochs(place))) == list(range(1, EPOCHS + 1))
        assert len(epochs(place)) <= EPOCHS + 2 * len(again)
        assert not lock.held(place)
    assert sum(len(starts(place_of(fit))) for fit in sweep.fits) == 4
    assert capsys.readouterr().out == ""  # where a command has its rows


@pytest.mark.slow
@pytest.mark.usefixtures("known_cost")
def test_a_sweep_on_a_cluster_has_the_errors_that_it_has_here_and_its_data_come_once(
    cluster: Cluster, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write('recipe = ["tutorial-cnn", "efficient-capsnet"]')
    text = path.read_text()
    tables = f"[fixed]\ndata = {json.dumps(_data_of(text))}\nheld_out = 100\nlimit = 100\nepochs = 1\nsynthetic = 0\n"
    path.write_text(f'name = "tiny"\n{tables}strokes = 0\n{text[text.index("[over]") :]}')
    assert main(["sweep", str(path), "--address", cluster.address, "--json"]) == 0
    there = json.loads(capsys.readouterr().out)
    assert [row["state"] for row in there] == ["finished"] * 2
    brought = [folder for home in cluster.homes for folder in home.glob("cache/cluster/data/*")]
    assert len({folder.name for folder in brought}) == 1
    assert not any(_left(home) for home in cluster.homes)
    assert cluster.listening() == {"127.0.0.1"}

    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "elsewhere"))
    assert main(["sweep", str(path), "--json"]) == 0
    here = json.loads(capsys.readouterr().out)
    errors = "held_out_error_percent"
    assert [row[errors] for row in there] == [row[errors] for row in here]
    assert [runs.read(Path(row["run"])).rows[-1]["loss"] for row in there] == [
        runs.read(Path(row["run"])).rows[-1]["loss"] for row in here
    ]


def _left(home: Path) -> list[Path]:
    """What fits that have ended left on a machine."""
    return list(home.glob("cache/cluster/runs/*"))


def _data_of(text: str) -> str:
    line = next(line for line in text.splitlines() if line.startswith("data = "))
    return str(json.loads(line.partition("= ")[2]))


@pytest.mark.slow
@pytest.mark.usefixtures("with_token")
def test_a_cluster_begun_here_is_closed_to_the_outside_and_a_sweep_that_is_stopped_on_it_goes_on(write: Write) -> None:
    sweep = begun(write("seed = [1, 2]", epochs=EPOCHS))
    sweep_folder.keep(sweep)
    control = Control()
    workers = RayWorkers("local", threads=1, cores=1)
    assert workers.room == 1  # the other one waits for a processor
    assert _listening(psutil.Process().children(recursive=True)) == {"127.0.0.1"}

    def listen(news: SweepNews) -> None:
        if isinstance(news.event, EpochEnded):
            control.stop()

    outcome = Supervisor(sweep, workers, listen).run(control)
    assert outcome.stopped
    assert [result.status for result in outcome.results] == [FitState.STOPPED, FitState.WAITING]
    first = place_of(sweep.fits[0])
    assert not lock.held(first)
    done = runs.read(first).epochs_done
    assert 1 <= done < EPOCHS
    assert not psutil.wait_procs(psutil.Process().children(recursive=True), timeout=60)[1]

    outcome = Supervisor(sweep, LocalWorkers(2), lambda _: None).run(Control())
    assert [result.status for result in outcome.results] == [FitState.FINISHED] * 2
    assert starts(first) == [0, done]
    assert epochs(first) == list(range(1, EPOCHS + 1))


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.usefixtures("known_cost", "interrupted_once")
def test_ctrl_c_stops_a_sweep_on_a_cluster_which_goes_on_there_when_it_is_resumed(
    cluster: Cluster, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("seed = [1, 2]", epochs=EPOCHS)
    assert main(["sweep", str(path), "--address", cluster.address, "--json"]) == 0
    output = capsys.readouterr()
    assert "stopped; to resume:  capsdraw sweep tiny --resume" in output.err
    rows = json.loads(output.out)
    assert {row["state"] for row in rows} <= {"stopped", "waiting"}
    done = {Path(row["run"]): row["epochs_done"] for row in rows if row["state"] == "stopped"}
    assert done
    assert not any(lock.held(place) for place in done)
    assert not any(_left(home) for home in cluster.homes)

    assert main(["sweep", "tiny", "--resume", "--address", cluster.address, "--json"]) == 0
    assert [row["state"] for row in json.loads(capsys.readouterr().out)] == ["finished"] * 2
    for place, before in done.items():
        assert starts(place) == [0, before]
        assert epochs(place) == list(range(1, EPOCHS + 1))


def _listening(processes: list[psutil.Process]) -> set[str]:
    """The addresses that processes listen at."""
    found = set()
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # Ray ends those that it does not need
            found |= {
                connection.laddr.ip.removeprefix("::ffff:")
                for connection in process.net_connections("tcp")
                if connection.status == psutil.CONN_LISTEN
            }
    return found
