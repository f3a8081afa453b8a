"""One fit over several processes of this machine: begins its ranks, follows the first; where one dies, begins anew."""

import importlib.util
import json
import shutil
import socket
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from capsdraw.errors import CapsDrawError
from capsdraw.fit import lock, log, runs
from capsdraw.fit.control import Control
from capsdraw.fit.events import FINISHED, STOPPED, Ended, Event, Prepared, Started
from capsdraw.nets.cards import Card
from capsdraw.paths import sweep
from capsdraw.sweep import rank_process
from capsdraw.sweep.fit_task import WorkerEnd
from capsdraw.sweep.follow import RunFollower
from capsdraw.sweep.local_workers import OrderedProcess, with_threads
from capsdraw.sweep.rank_process import RankOrder
from capsdraw.sweep.supervisor import MOST_DEATHS
from capsdraw.sweep.sweep_cost import cores

if TYPE_CHECKING:
    from capsdraw.fit.adapt import Open
    from capsdraw.fit.launch import Order

INSTALL: Final = "python -m pip install 'capsdraw[workers]'"
# Most ranks of a fit.
MOST_RANKS: Final = 64
# Seconds between two looks at the ranks, and for which those are waited for that die of another's death.
_LOOK, _SETTLE = 0.1, 3.0


@dataclass(frozen=True, kw_only=True)
class SharedFit:
    """What came of a fit that several processes shared.

    Attributes:
        folder: of its run; card: of the model that was put among those at hand, if that was asked for.
    """

    folder: Path
    card: Card | None = None


def require(workers: int) -> None:
    """Raises CapsDrawError where so many processes cannot share a fit here."""
    if not 1 <= workers <= MOST_RANKS:
        raise CapsDrawError(f"--workers {workers}: it must be from 1 to {MOST_RANKS}")
    if importlib.util.find_spec("jax") is None:
        raise CapsDrawError(f"a fit with --workers computes with JAX, which is not installed: {INSTALL}")


def train(
    order: "Order", workers: int, open_data: "Open", control: Control, publish: Callable[[Event], None],
    say: Callable[[str], None],
) -> SharedFit:  # fmt: skip
    """Do what is asked for, in so many processes.

    What speaks against it is found here, and here the net's first weights are made, so they are those of a fit that
    nobody shares. Each process goes on from that checkpoint, the first time as after any death.

    Args:
        order, open_data: as `fit.launch.launch` has them; control: its `stop` stops all.
        publish: told `Prepared`, what the first process keeps of its events, and how all of it ended.
        say: told a line when a process died.

    Raises:
        CapsDrawError: as `launch` does; or processes die again and again.
    """
    from capsdraw.fit import adopt, checkpoint
    from capsdraw.fit.launch import begin

    require(workers)
    data, plan, folder = begin(order, open_data, workers)
    publish(Prepared(folder, data.labels, None, data.notes))
    with lock.hold(folder):
        sweep(folder, ".keras", ".npz", ".csv", ".toml", ".lock")
        checkpoint.keep_first(plan, folder)
    _Team(folder, workers, control, publish, say).run()
    card = None
    if order.keep_as:
        card = adopt.adopt(runs.read(folder), order.keep_as, data.train_images, data.train_labels, data.labels)
    return SharedFit(folder=folder, card=card)


class _Team:
    """The ranks of one fit, as often as they are begun."""

    def __init__(
        self, folder: Path, count: int, control: Control, publish: Callable[[Event], None], say: Callable[[str], None]
    ) -> None:
        self._folder, self._count, self._control = folder, count, control
        self._publish, self._say = publish, say
        self._follower = RunFollower(folder)
        self._started = False  # the ranks that were begun last have met, and train

    def run(self) -> None:
        """Until the fit is at its end, or stopped; raises CapsDrawError where it cannot be."""
        deaths, done_at_death = 0, -1
        while self._lost():
            done = runs.read(self._folder).epochs_done
            deaths = deaths + 1 if done <= done_at_death else 1
            done_at_death = done
            if deaths >= MOST_DEATHS:
                raise CapsDrawError(
                    f"a worker died {deaths} times without an epoch more: is there enough memory? The run is "
                    f"'{self._folder}'"
                )
            if self._control.stopped:
                break
            self._say(f"a worker died; all {self._count} go on after {done} epochs")
        run = runs.read(self._folder)
        self._publish(Ended(FINISHED if run.state == FINISHED and self._started else STOPPED, run.epochs_done, 0))

    def _lost(self) -> bool:
        """Begin all ranks and wait for their end; whether one died."""
        with tempfile.TemporaryDirectory(prefix="capsdraw-ranks-") as scratch:
            begun: list[OrderedProcess] = []
            self._started = False
            try:
                port = _free_port()
                for number in range(self._count):
                    begun.append(self._begin(number, port, Path(scratch)))
                ends = self._wait(begun)
            finally:
                for rank in reversed(begun):  # the first one last: the others would say that it is gone
                    rank.kill()
        self._pass_on()
        if ends[0] is not None and not ends[0].died and not ends[0].message:
            return False
        messages = [end.message for end in ends if end is not None and end.message]
        if messages:
            raise CapsDrawError(messages[0])
        return True

    def _begin(self, number: int, port: int, scratch: Path) -> OrderedProcess:
        place = self._folder
        if number:
            place = scratch / str(number)
            place.mkdir()
            for path in _needed(self._folder):
                shutil.copyfile(path, place / path.name)
        order = RankOrder(folder=str(place), number=number, count=self._count, port=port)
        threads = max(1, cores() // self._count)
        # JAX takes the number of its threads from NPROC.
        environment = with_threads(threads) | {"KERAS_BACKEND": "jax", "NPROC": str(threads)}
        return OrderedProcess(rank_process.__name__, json.dumps(asdict(order)), environment)

    def _wait(self, begun: list[OrderedProcess]) -> list[WorkerEnd | None]:
        """How each rank ended, None where it is at work: when the first has ended, or one has not ended well."""
        until = None
        while True:
            if self._control.stopped:
                begun[0].stop()
                if not self._started:  # nothing was learnt since the checkpoint
                    return [WorkerEnd()]
            ends = [rank.ended() for rank in begun]
            self._pass_on()
            ill = any(end is not None and (end.died or end.message) for end in ends)
            if all(ends) or (ends[0] is not None and not ill):
                return ends
            if ill:
                until = until or time.monotonic() + _SETTLE
                if time.monotonic() >= until:
                    return ends
            time.sleep(_LOOK)

    def _pass_on(self) -> None:
        """What the first rank told; how it ended is told once, in the end."""
        for event in self._follower.new():
            self._started = self._started or isinstance(event, Started)
            if not isinstance(event, Ended):
                self._publish(event)


def _needed(folder: Path) -> list[Path]:
    """Files of a run that a rank goes on from."""
    from capsdraw.fit.checkpoint import LAST

    files = [folder / name for name in (runs.CONFIG, runs.ABOUT, LAST, log.LOG)]
    return [path for path in (*files, *folder.glob("cycle-*.npz")) if path.exists()]


def _free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
