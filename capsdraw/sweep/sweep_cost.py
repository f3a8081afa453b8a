"""How many fits of a sweep train at once here, how long it takes and how much memory, before it starts. No Keras."""

import heapq
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import psutil

from capsdraw import own_python, records
from capsdraw.datasets.monitor import Cancelled
from capsdraw.errors import CapsDrawError
from capsdraw.fit.cost import Estimate
from capsdraw.fit.recipe import RateSchedule, Recipe
from capsdraw.sweep.fit_process import FAILURE
from capsdraw.sweep.halving import rungs
from capsdraw.sweep.local_workers import with_threads
from capsdraw.sweep.planned_fits import PlannedFit
from capsdraw.sweep.sweep_folder import BegunSweep

# Plans that are timed, a few seconds each; the others are reckoned from the dearest of their net.
_MOST_TIMED: Final = 6
# Of the free memory so much is left to others.
_SPARED: Final = 0.1
# Seconds between two looks at whether somebody still waits.
_LOOK: Final = 0.2
_TIMING: Final = "capsdraw.sweep.timing"


@dataclass(frozen=True, kw_only=True)
class TimedPlans:
    """What timing some plans showed.

    Attributes:
        estimates: for each plan that was timed, in the order they were given.
        epochs: for each of these and then those that were only checked: that its fits have at least, for its images are
            few; 1 where they have their recipe's.
        base: bytes of a process that has read nothing yet; ready: seconds until it has read its data.
    """

    estimates: tuple[Estimate, ...]
    epochs: tuple[int, ...]
    base: int
    ready: float


@dataclass(frozen=True, kw_only=True)
class SweepForecast:
    """What a sweep will take here.

    Attributes:
        fits: that are not finished yet; processes: at once; threads: of each; cores: of this machine.
        seconds: until all are finished, were none stopped early; with that, it takes `least` at the least.
        memory: bytes, of all processes together.
    """

    fits: int
    processes: int
    threads: int
    cores: int
    seconds: float
    least: float
    memory: int


def cores() -> int:
    """Of this machine, as far as this process may use them."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def forecast(
    sweep: BegunSweep,
    open_fits: Sequence[PlannedFit],
    processes: int | None = None,
    enough: threading.Event | None = None,
) -> SweepForecast:
    """Time plans of some fits in a process of its own, with the threads that a fit has, and reckon the sweep.

    Args:
        sweep: that is to start.
        open_fits: those of its fits that are not finished, at least one.
        processes: at once; None for as many as cores and memory allow.
        enough: set, from another thread, where nobody waits for it any more.

    Raises:
        Cancelled: `enough` was set.
        CapsDrawError: a fit cannot be trained with its data or here; why not, as `train` says it.
    """
    threads = open_fits[0].threads
    plans = [_plan_of(fit.recipe) for fit in open_fits]
    chosen = _chosen(plans)
    others = [place for place in _first_of_each(plans) if place not in chosen]
    measured = _timed([open_fits[place] for place in chosen], [open_fits[place] for place in others], threads, enough)
    costs = dict(zip((plans[place] for place in chosen), measured.estimates, strict=True))
    families = [fit.recipe.family for fit in open_fits]
    dearest: dict[str, Estimate] = {}
    for place, estimate in zip(chosen, measured.estimates, strict=True):
        family = families[place]
        dearest[family] = max(dearest.get(family, estimate), estimate, key=lambda one: one.seconds(1))
    most = max(measured.estimates, key=lambda one: one.seconds(1))
    each = [costs.get(plan, dearest.get(family, most)) for plan, family in zip(plans, families, strict=True)]
    memory = [measured.base + estimate.memory for estimate in each]
    at_once = min(processes or _processes(len(open_fits), threads, max(memory)), len(open_fits))
    least = dict(zip((plans[place] for place in (*chosen, *others)), measured.epochs, strict=True))
    epochs = [max(fit.recipe.epochs, least[plan]) for fit, plan in zip(open_fits, plans, strict=True)]
    rule = sweep.early_stopping
    few = [([*rungs(rule, count), count] if rule else [count])[0] for count in epochs]
    long, short = (
        [measured.ready + one.seconds(count) for one, count in zip(each, counts, strict=True)]
        for counts in (epochs, few)
    )
    return SweepForecast(
        fits=len(open_fits), processes=at_once, threads=threads, cores=cores(),
        seconds=makespan(long, at_once), least=makespan(short, at_once),
        memory=sum(sorted(memory, reverse=True)[:at_once]),
    )  # fmt: skip


def makespan(seconds: Sequence[float], processes: int) -> float:
    """How long it takes until all is done, where so many work at once, each on the next one in the list."""
    free = [0.0] * max(processes, 1)
    for each in seconds:
        heapq.heappush(free, heapq.heappop(free) + each)
    return max(free)


def _processes(fits: int, threads: int, memory: int) -> int:
    """As many as cores and memory allow."""
    room = int((1 - _SPARED) * psutil.virtual_memory().available // max(memory, 1))
    return max(1, min(fits, cores() // threads, room))


def _plan_of(recipe: Recipe) -> str:
    """What a fit's cost depends on, as a key."""
    alike = replace(
        recipe, name="", title="", seed=1, epochs=1, learning_rate=1e-3, decay=1.0, schedule=RateSchedule.CONSTANT,
        restarts=(), average=False, reconstruction=0.0,
    )  # fmt: skip
    return json.dumps(asdict(alike), sort_keys=True)


def _chosen(plans: Sequence[str]) -> list[int]:
    """The places of the plans that are timed: each that differs, or some of them, evenly chosen."""
    places = _first_of_each(plans)
    return places[:: -(-len(places) // _MOST_TIMED)]


def _first_of_each(plans: Sequence[str]) -> list[int]:
    """The places of the plans that differ."""
    return list({plan: place for place, plan in reversed(list(enumerate(plans)))}.values())[::-1]


def _timed(
    fits: Sequence[PlannedFit], others: Sequence[PlannedFit], threads: int, enough: threading.Event | None
) -> TimedPlans:
    """What the timing process says of them, `others` being only held against their data; raises CapsDrawError."""
    if not sys.executable:
        raise CapsDrawError("this app has no Python to start: use the command line, capsdraw sweep")
    order = json.dumps({"timed": [asdict(fit) for fit in fits], "checked": [asdict(fit) for fit in others]})
    with subprocess.Popen(
        own_python.command(_TIMING), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", errors="replace", env=own_python.environment() | with_threads(threads),
    ) as process:  # fmt: skip
        said, complaints = _awaited(process, order, enough or threading.Event())
    if process.returncode == 0:
        return records.convert(records.parse_json(said.encode(), "timing"), TimedPlans, "timing")
    lines = [line for line in complaints.splitlines() if line.strip()]
    raise CapsDrawError(lines[-1].removeprefix(FAILURE) if lines else "the process that times the fits was ended")


def _awaited(process: "subprocess.Popen[str]", order: str, enough: threading.Event) -> tuple[str, str]:
    """What a process says on its two outputs to an order; it is killed where nobody waits for that any more."""
    told: str | None = order
    while True:
        try:
            return process.communicate(told, timeout=_LOOK)
        except subprocess.TimeoutExpired:
            told = None  # it has it
        except BaseException:  # Ctrl-C
            process.kill()
            raise
        if enough.is_set():
            process.kill()
            raise Cancelled("nobody waits for it any more")
