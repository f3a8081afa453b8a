"""The thread that has many fits trained, each in a process of its own, and reckons beforehand what they take."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from capsdraw.datasets.monitor import Cancelled
from capsdraw.fit.control import Control
from capsdraw.sweep import sweep_folder
from capsdraw.sweep.local_workers import LocalWorkers
from capsdraw.sweep.supervisor import Supervisor, SweepNews, SweepOutcome
from capsdraw.sweep.sweep_cost import SweepForecast, forecast
from capsdraw.sweep.sweep_folder import BegunSweep
from capsdraw.sweep.sweep_results import FitState, results_of
from capsdraw.ui.worker import Worker, in_words

# What the thread does, the most urgent first.
_CARRY_OUT, _RECKON = range(2)


@dataclass(frozen=True)
class _Work:
    kind: int
    work: Callable[[], None]
    # Set where it is not wanted any more.
    enough: threading.Event = field(default_factory=threading.Event)


class Sweeper(QObject):
    """Carries out one sweep at a time.

    Attributes:
        sweep: that is under way, or was last; busy: whether it is, or will be at once.

    Signals:
        reckoned(object, object): of a sweep that was asked about or begins, what it takes (`SweepForecast`); None where
            all of it is done.
        refused(object, str): of a sweep that was asked about, why it cannot be; one line.
        told(object): `SweepNews` of the one under way.
        ended(object, str): its `SweepOutcome`, or None and why it could not be, in one line.
    """

    reckoned = Signal(object, object)
    refused = Signal(object, str)
    told = Signal(object)
    ended = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sweep: BegunSweep | None = None
        self.busy = False
        self._worker: Worker[_Work] = Worker("fits", self._handle, owner=self)
        self._control = Control()
        self._supervisor: Supervisor | None = None
        self._asked: BegunSweep | None = None  # that is reckoned
        self._unwanted: set[int] = set()  # fits that were stopped before there was a supervisor
        self._current: _Work | None = None
        self._wanted = threading.Event()  # set where the last question is not
        self._costs: dict[tuple[str, ...], SweepForecast] = {}  # by the fits that are still to be trained
        self._closing = False
        # First of all who listen: whoever is told that one has ended may begin another.
        self.ended.connect(self._free)

    def reckon(self, sweep: BegunSweep) -> None:
        """Ask what a sweep would take; an older question is forgotten."""
        self._give_up_reckoning()
        enough = self._wanted = threading.Event()
        self._put(_Work(_RECKON, lambda: self._reckon(sweep, enough), enough))

    def forget(self) -> None:
        """Give up the question that was asked last: nobody waits for its answer."""
        self._wanted.set()

    def begin(self, sweep: BegunSweep, text: str = "") -> None:
        """Carry a sweep out, from where its runs stand; `text` of its file, "" where it is kept already."""
        self._control, self._unwanted = Control(), set()
        self.sweep, self.busy = sweep, True
        if self._current is not None and self._current.kind == _RECKON and sweep != self._asked:
            self._give_up_reckoning()
        control, enough = self._control, threading.Event()
        self._put(_Work(_CARRY_OUT, lambda: self._carry_out(sweep, text, control, enough), enough))

    def stop(self) -> None:
        """Stop all fits, each after its batch; what was learnt is kept."""
        self._control.stop()
        self._give_up_reckoning()

    def stop_fit(self, number: int) -> None:
        """Stop one of them, or leave it out."""
        self._unwanted.add(number)
        if self._supervisor is not None:
            self._supervisor.stop_fit(number)

    def close(self, seconds: float = 30.0) -> bool:
        """Stop what is under way and the thread; whether it ended. Fits have so long to keep what they learnt."""
        self._closing = True
        self.stop()
        return self._worker.close(seconds if self.busy else min(seconds, 1.0))

    def _free(self) -> None:
        self.busy = False

    def _put(self, work: _Work) -> None:
        self._worker.put(work, work.kind, work.kind)
        self._worker.start()

    def _give_up_reckoning(self) -> None:
        current = self._current
        if current is not None:
            current.enough.set()

    def _handle(self, work: _Work) -> None:
        self._current = work
        try:
            work.work()
        except Cancelled:
            pass  # nobody wants to know any more
        finally:
            self._current = None

    def _reckon(self, sweep: BegunSweep, enough: threading.Event) -> None:
        self._asked = sweep
        try:
            cost = self._cost(sweep, enough)
        except Cancelled:
            raise
        except Exception as error:
            self._tell(self.refused, sweep, in_words(error))
        else:
            self._tell(self.reckoned, sweep, cost)

    def _cost(self, sweep: BegunSweep, enough: threading.Event) -> SweepForecast | None:
        """What is left of it to be trained takes; None where that is nothing."""
        results = results_of(sweep)
        going = [fit for fit, result in zip(sweep.fits, results, strict=True) if result.status != FitState.FINISHED]
        key = tuple(fit.run for fit in going)
        if going and key not in self._costs:
            self._costs[key] = forecast(sweep, going, enough=enough)
        if enough.is_set():
            raise Cancelled("nobody waits for it any more")
        return self._costs.get(key)

    def _carry_out(self, sweep: BegunSweep, text: str, control: Control, enough: threading.Event) -> None:
        outcome, message = None, ""
        try:
            cost = self._cost(sweep, enough)
            if cost is None:
                outcome = SweepOutcome(results_of(sweep))
            else:
                self._tell(self.reckoned, sweep, cost)
                sweep_folder.keep(sweep, text)
                self._supervisor = Supervisor(sweep, LocalWorkers(cost.processes), self._pass_on)
                for number in tuple(self._unwanted):
                    self._supervisor.stop_fit(number)
                outcome = self._supervisor.run(control)
        except Cancelled:
            outcome = SweepOutcome(results_of(sweep), stopped=True)
        except Exception as error:
            message = in_words(error, "the fits could not be trained")
        finally:
            self._supervisor = None
        self._tell(self.ended, outcome, message)

    def _pass_on(self, news: SweepNews) -> None:
        self._tell(self.told, news)

    def _tell(self, signal: object, *words: object) -> None:
        """Nothing any more while the window closes: its objects may be gone."""
        if not self._closing:
            signal.emit(*words)  # type: ignore[attr-defined]
