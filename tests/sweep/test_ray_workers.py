"""Sweeps on a cluster for real: two machines that are processes here, on the loopback interface."""

import importlib.util
import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from capsdraw.cli import sweep as command
from capsdraw.cli.main import main
from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock, log, runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import EpochEnded
from capsdraw.sweep import ray_workers, sweep_folder
from capsdraw.sweep.ray_workers import RayWorkers
from capsdraw.sweep.supervisor import Supervisor, SweepNews
from capsdraw.sweep.sweep_cost import SweepForecast
from capsdraw.sweep.sweep_folder import place_of
from capsdraw.sweep.sweep_results import FitState

from .conftest import Write, begun

EPOCHS = 16


@dataclass(frozen=True)
class Cluster:
    """Where it is, the process of each machine's Ray, and its folder."""

    address: str
    machines: list[psutil.Process]
    homes: list[Path]

    def fits(self) -> list[psutil.Process]:
        """What has a fit in hand, on all machines."""
        return [process for machine in self.machines if machine.is_running() for process in _children(machine)]

    def listening(self) -> set[str]:
        """The addresses that any process of it listens at."""
        found = [machine for machine in self.machines if machine.is_running()]
        parent = found[0].parent()
        assert parent is not None
        processes = [parent, *parent.children(recursive=True)]
        return {
            connection.laddr.ip
            for process in processes
            for connection in process.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        }


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
        yield


@pytest.fixture
def cluster(tmp_path: Path, with_token: None) -> Iterator[Cluster]:  # noqa: ARG001
    program = [sys.executable, str(Path(__file__).with_name("ray_cluster.py")), str(tmp_path / "cluster"), "2"]
    with (tmp_path / "cluster.txt").open("w") as errors:
        process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        where = json.loads(process.stdout.readline())
        yield Cluster(
            where["address"], [psutil.Process(pid) for pid in where["machines"]], list(map(Path, where["homes"]))
        )
    finally:
        of_it = psutil.Process(process.pid).children(recursive=True)
        process.stdin.close()
        process.wait()
        process.stdout.close()
        for left in psutil.wait_procs(of_it, timeout=20)[1]:
            left.kill()


@pytest.fixture
def known_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is measured in a process of its own; here it would take the time of a fit."""
    cost = SweepForecast(fits=2, processes=2, threads=1, cores=2, seconds=9.0, least=9.0, memory=1 << 30)
    monkeypatch.setattr(command, "forecast", lambda *_: cost)


def starts(place: Path) -> list[int]:
    """Epochs that were done when each part of a fit began."""
    return [int(record["done"]) for record in log.read_events(place, "Started")]


def epochs(place: Path) -> list[int]:
    return [int(record["epoch"]) for record in log.read_events(place, "EpochEnded")]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_on_machines_whose_workers_are_killed_all_fits_go_on_and_finish(cluster: Cluster, write: Write) -> None:
    sweep = begun(write("seed = [1, 2, 3]", epochs=EPOCHS))
    sweep_folder.keep(sweep)
    lost: list[int] = []
    killed: list[int] = []

    def listen(news: SweepNews) -> None:
        if news.lost:
            lost.append(news.number)
        if isinstance(news.event, EpochEnded) and news.event.epoch >= 2 and len(killed) == len(lost):
            # First what has a fit in hand, then, when another one has taken that over, a whole machine.
            if not killed:
                victim = cluster.fits()[0]
            elif len(killed) == 1 and starts(place_of(sweep.fits[lost[0]]))[1:] and _children(cluster.machines[1]):
                victim = cluster.machines[1]
            else:
                return
            killed.append(victim.pid)
            victim.kill()

    workers = RayWorkers(cluster.address, threads=1)
    assert workers.room == 2
    outcome = Supervisor(sweep, workers, listen).run(Control())
    assert [result.status for result in outcome.results] == [FitState.FINISHED] * 3
    assert (len(killed), len(lost)) == (2, 2)
    for fit in sweep.fits:
        place = place_of(fit)
        begin, *again = starts(place)
        assert begin == 0
        assert all(done >= 1 for done in again)
        assert sorted(set(epochs(place))) == list(range(1, EPOCHS + 1))
        assert len(epochs(place)) <= EPOCHS + 2 * len(again)
        assert not lock.held(place)
    assert sum(len(starts(place_of(fit))) for fit in sweep.fits) == 5
