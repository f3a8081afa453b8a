"""Workers on a cluster: Ray carries each fit to a machine with room for it. The one module that knows Ray.

Ray is an extra, imported when a cluster is asked for. It places the fits, carries bytes, and tells who died; what is
trained next, and where a lost fit goes on, the supervisor decides, as it does for processes here.
"""

import os
import re
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final

import psutil

from capsdraw import __version__
from capsdraw.collection.as_data import open_data
from capsdraw.errors import CapsDrawError, first_line
from capsdraw.fit import lock, runs
from capsdraw.nets import cards
from capsdraw.records import abbreviated, one_line
from capsdraw.sweep import packed_data, run_parts
from capsdraw.sweep.fit_task import FitTask, WorkerEnd
from capsdraw.sweep.node_fit import NodeFit

# Addresses besides HOST:PORT: the cluster that `ray start` began on this machine, and one that is begun for the sweep.
AUTO, LOCAL = "auto", "local"
_PLACE: Final = re.compile(r"(\[[0-9a-fA-F:.%]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
INSTALL: Final = "python -m pip install 'capsdraw[cluster]'"
# Bytes that a cluster which is begun here keeps in memory of what it carries: data, and a net for each fit.
_STORE: Final = 200 << 20
# Seconds until whoever listens at an address must have answered; for which a fit's machine waits for something new;
# and until the machines of the cluster are counted again.
_ANSWER, _PATIENCE, _COUNT = 5.0, 2.0, 2.0
# Times that a cluster is begun here, or a fit given a place in one, at most; milliseconds that Ray waits for its
# helpers, where it lets us choose.
_TRIES, _HELPERS = 5, 120_000


class RayWorkers:
    """Fits on the machines of a cluster; one of these at a time in a process.

    Args:
        address: HOST:PORT of a cluster that this machine is part of, "auto" or "local".
        threads: of each fit: so many processors of a machine it takes.
        cores: that a cluster begun here has; most: fits at once, None for as many as there is room for.

    Raises:
        CapsDrawError: Ray is not installed, no such cluster, no token, or no machine in it has so many processors.
    """

    def __init__(self, address: str, threads: int, cores: int = 1, most: int | None = None) -> None:
        self._ray = _connected(address, cores)
        self._threads, self._most, self._memory = threads, most, 0
        self._counted, self._room = 0.0, 0
        self._begun: list[RayWorker] = []
        self._packed: dict[object, tuple[str, Any]] = {}
        if not self._count():
            self.close()
            raise CapsDrawError(
                f"no machine of the cluster '{address}' has {threads} processors: start one with more, or choose fewer "
                "threads in the sweep's file"
            )

    @property
    def room(self) -> int:
        """How many fits have room at once; one at least, for a machine that is gone may be replaced."""
        if time.monotonic() - self._counted >= _COUNT:
            self._counted, self._room = time.monotonic(), self._count()
        return max(1, min(self._room, self._most or self._room))

    def reserve(self, memory: int) -> None:
        """Have each fit take so many bytes of a machine's memory: where less is free, it is not begun."""
        self._memory, self._counted = memory, 0.0

    def begin(self, task: FitTask) -> "RayWorker":
        """Have a machine take a fit in hand as soon as there is room; why it cannot be, its worker's end says."""
        self._begun = [worker for worker in self._begun if not worker.is_done]
        held = ExitStack()
        worker = RayWorker(self._ray, task, held, self._placed)
        try:
            # As a fit here would: nobody else trains in this folder, and the window shows it as running.
            task.place.mkdir(parents=True, exist_ok=True)
            held.enter_context(lock.hold(task.place))
            _require_start(task)
            digest, data = self._data_of(task)
        except (CapsDrawError, OSError) as error:
            worker.give_up(WorkerEnd(message=one_line(str(error))))
            return worker
        worker.start(digest, data)
        self._begun.append(worker)
        return worker

    def close(self) -> None:
        """End what still works, at once, and leave the cluster; one that was begun for this ends with it."""
        for worker in self._begun:
            worker.give_up(WorkerEnd(died=True))
        self._packed.clear()
        self._ray.shutdown()

    def _placed(self) -> Any:
        """A `NodeFit` wherever Ray has room for it."""
        actor = self._ray.remote(NodeFit).options(
            num_cpus=self._threads, memory=self._memory or None, max_concurrency=2, max_restarts=0, max_task_retries=0
        )
        return actor.remote()

    def _count(self) -> int:
        """How many fits the machines have room for that are in the cluster now."""
        room = 0
        for node in self._ray.nodes():
            if node["Alive"]:
                free = node["Resources"]
                by_memory = int(free.get("memory", 0) // self._memory) if self._memory else 1 << 30
                room += min(int(free.get("CPU", 0) // self._threads), by_memory)
        return room

    def _data_of(self, task: FitTask) -> tuple[str, Any]:
        """The hash of a fit's data, and where Ray has them; they are read when the first fit asks for them."""
        recipe = task.fit.recipe
        key = packed_data.key_of(recipe)
        if key not in self._packed:
            packed = packed_data.pack(recipe, open_data)
            self._packed[key] = packed.digest, self._ray.put(packed.content)
        return self._packed[key]


class RayWorker:
    """A fit that a machine of the cluster has in hand, or is to have.

    Args:
        ray: the library; task: that it has; held: what is let go of in the end, the run's lock say.
        placed: gives a place in the cluster, a `NodeFit` of Ray's.
    """

    def __init__(self, ray: Any, task: FitTask, held: ExitStack, placed: Callable[[], Any]) -> None:
        self._ray, self._task, self._held, self._placed = ray, task, held, placed
        self._data: tuple[str, Any] = "", None
        self._places = 0
        self._actor: Any = None
        self._answer: Any = None
        self._talk: Generator[Any, Any, WorkerEnd] | None = None
        self._end: WorkerEnd | None = None
        self._is_asked_to_stop = self._has_begun = False

    def start(self, digest: str, data: Any) -> None:
        """Have the task done wherever there is a place; `data` is where Ray has its data."""
        self._data, self._places = (digest, data), self._places + 1
        self._actor, self._talk = self._placed(), self._talking(digest, data)
        self._answer = next(self._talk)

    @property
    def is_done(self) -> bool:
        """Whether its end is known."""
        return self._end is not None

    def ended(self) -> WorkerEnd | None:
        """How it ended; None while it works, or waits for a machine with room."""
        if self._end is None:
            try:
                self._listen()
            except self._ray.exceptions.RayTaskError as error:  # it said why it cannot be
                cause = getattr(error, "cause", error)
                said = str(cause) if isinstance(cause, CapsDrawError) else first_line(cause, named=True)
                self.give_up(WorkerEnd(message=one_line(said)))
            except self._ray.exceptions.RayError:  # its process or its machine is gone
                # Until Ray knows that a machine is dead, it gives places there: no fit is lost that did not begin.
                if self._has_begun or self._is_asked_to_stop or self._places == _TRIES:
                    self.give_up(WorkerEnd(died=True))
                else:
                    self.start(*self._data)
            except (CapsDrawError, OSError) as error:  # what came cannot be kept here
                self.give_up(WorkerEnd(message=one_line(str(error))))
        return self._end

    def stop(self) -> None:
        """Ask it to stop and keep what was learnt; one that has not begun does not begin."""
        self._is_asked_to_stop = True
        if self._has_begun and self._end is None:
            self._actor.stop.remote()

    def give_up(self, end: WorkerEnd) -> None:
        """End it at once, if it still works; then it has ended so."""
        if self._end is not None:
            return
        self._end = end
        if self._actor is not None:
            self._ray.kill(self._actor)
        self._held.close()
        place = self._task.place
        if place.is_dir() and not (place / runs.CONFIG).exists():  # no run came of it
            shutil.rmtree(place, ignore_errors=True)

    def _listen(self) -> None:
        """Take what it has answered meanwhile, and ask on."""
        assert self._talk is not None
        while self._ray.wait([self._answer], timeout=0)[0]:
            try:
                self._answer = self._talk.send(self._ray.get(self._answer))
            except StopIteration as last:
                self.give_up(last.value)
                return
        if self._is_asked_to_stop and not self._has_begun:
            self.give_up(WorkerEnd())

    def _talking(self, digest: str, data: Any) -> Generator[Any, Any, WorkerEnd]:
        """What is asked of the fit's machine, one after the other, each answer awaited."""
        place = self._task.place
        lacks = yield self._actor.lacks.remote(__version__, digest)
        run = tuple(run_parts.all_of(place))
        yield self._actor.begin.remote(self._task.to_json(), run, digest, data if lacks else None)
        self._has_begun = True
        if self._is_asked_to_stop:
            self._actor.stop.remote()
        while True:
            news = yield self._actor.news.remote(_PATIENCE)
            run_parts.take(place, list(news.parts))
            if news.end is not None:
                end: WorkerEnd = news.end
                return end


def _connected(address: str, cores: int) -> Any:
    """Ray, in touch with the cluster."""
    place = _PLACE.fullmatch(address)
    if place is None and address not in (AUTO, LOCAL):
        raise CapsDrawError(
            f"no address of a cluster: {abbreviated(address)}; expected HOST:PORT, or 'auto' for the one that 'ray "
            "start' began on this machine, or 'local' for one that is begun here"
        )
    ray = _imported(address == LOCAL or (place is not None and place[1] in _LOOPBACK))
    if place is not None:
        _require_listener(address, place[1].strip("[]"), int(place[2]))
    quiet = {"log_to_driver": False, "configure_logging": False}
    on_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM)
    try:
        with _silence():
            if address == LOCAL:
                _begin_here(ray, cores, quiet)
            else:
                ray.init(address=address, **quiet)
    except ray.exceptions.AuthenticationError:
        raise CapsDrawError(
            "no token for the cluster: run 'ray get-auth-token --generate' on one of its machines, and bring "
            "~/.ray/auth_token to all others"
        ) from None
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise CapsDrawError(
            f"no way to the cluster '{address}': is Ray started on this machine, as part of it, and with its token? "
            f"({first_line(error)})"
        ) from None
    finally:
        if on_main:  # Ray takes this signal; here it is the command's
            signal.signal(signal.SIGTERM, before)
    return ray


def _begin_here(ray: Any, cores: int, options: dict[str, bool]) -> None:
    """Begin a cluster on this machine.

    Ray gives its helpers 15 seconds to start (its issue 65983): not enough on a machine that has other work. What is
    left then of its processes is ended, and all is tried again.

    Raises:
        CapsDrawError: they were not there in time, so often.
    """
    before = set(psutil.Process().children(recursive=True))
    for _ in range(_TRIES):
        try:
            ray.init(
                address=LOCAL, num_cpus=cores, object_store_memory=_STORE, include_dashboard=False,
                _system_config={"agent_register_timeout_ms": _HELPERS}, **options,
            )  # fmt: skip
            return
        except Exception as error:
            if type(error) is not Exception:  # of no kind: that it took too long
                raise
            ray.shutdown()
            left = set(psutil.Process().children(recursive=True)) - before
            for process in left:
                with suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(left, timeout=_ANSWER)
    raise CapsDrawError(
        f"Ray did not start in {_TRIES} tries, each of which it gives 15 seconds: try again when this machine has "
        "less to do, or leave --address out"
    )


@contextmanager
def _silence() -> Iterator[None]:
    """What Ray's libraries write on the standard error themselves goes nowhere: what counts of it, we say."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _imported(on_loopback: bool) -> Any:
    """Ray, which reads its environment when it is imported.

    Raises:
        CapsDrawError: it is not installed, or is not to ask for a token.
    """
    if os.environ.setdefault("RAY_AUTH_MODE", "token").lower() == "disabled":
        raise CapsDrawError(
            "RAY_AUTH_MODE is 'disabled': whoever reaches the cluster could run programs on it; unset it"
        )
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if on_loopback:
        # On Windows and macOS Ray listens on the loopback interface alone; so it does here, then.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
    try:
        import ray
    except ImportError:
        raise CapsDrawError(f"a cluster needs Ray, which is not installed: run  {INSTALL}") from None
    # It prints of workers that died, on the standard output, which is the command's rows' (`--json`): no option turns
    # that off. The supervisor tells of them.
    said_by: Any = sys.modules.get("ray._private.worker")
    if hasattr(said_by, "print_to_stdstream"):
        said_by.print_to_stdstream = _unsaid
    return ray


def _unsaid(*_: object, **__: object) -> None:
    """What Ray would print goes nowhere."""


def _require_listener(address: str, host: str, port: int) -> None:
    """Somebody listens there: Ray itself would wait for minutes."""
    try:
        with suppress(OverflowError), socket.create_connection((host, port), _ANSWER):
            return
    except OSError as error:
        raise CapsDrawError(
            f"no cluster answers at '{address}' ({error.strerror or error}): 'ray start --head' says its address"
        ) from None
    raise CapsDrawError(f"no cluster answers at '{address}': a port is 65535 at most")


def _require_start(task: FitTask) -> None:
    """The model that a fit begins with is one that every machine has; else CapsDrawError."""
    start = task.fit.recipe.start
    if start and not (task.place / runs.CONFIG).exists() and not cards.find(start).bundled:
        raise CapsDrawError(
            f"it starts from '{start}', a model of yours that the cluster's machines do not have: train it here"
        )
