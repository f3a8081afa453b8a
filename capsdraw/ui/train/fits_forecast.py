"""What plans of many fits take here, or why they cannot be: before they start, while nothing else is under way."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from capsdraw import records
from capsdraw.datasets.sources import KNOWN
from capsdraw.fit.duration import roughly
from capsdraw.formatting import many
from capsdraw.sweep import sweep_file, sweep_folder
from capsdraw.sweep.planned_fits import fits_of
from capsdraw.sweep.sweep_cost import SweepForecast
from capsdraw.sweep.sweep_folder import BegunSweep
from capsdraw.ui.data_field import at_hand
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.train.several_choice import planned
from capsdraw.ui.train.several_form import SeveralForm
from capsdraw.ui.train.sweeper import Sweeper
from capsdraw.ui.worker import in_words

# The sweep that comes with the app.
COMPARISON: Final = "compare"
TIMING: Final = "Timing a few steps …"
# Milliseconds after the last change of the plan until it is timed.
_SETTLED: Final = 900
_LANE: Final = "plan of fits"
_ALL_DONE: Final = "All of these fits are done: Start shows them"


class FitsForecast(QObject):
    """Has the form's plan timed, and then the bundled comparison; the form says the answers.

    Args:
        form: of the plan; nothing is timed while it is not seen.
        sweeper, jobs: do it.
        idle: whether nothing else is under way, which would make the times wrong.

    Signals:
        rested(): what was timed is answered, or given up.
    """

    rested = Signal()

    def __init__(self, form: SeveralForm, sweeper: Sweeper, jobs: Jobs, idle: Callable[[], bool]) -> None:
        super().__init__(form)
        self._form, self._sweeper, self._jobs, self._idle = form, sweeper, jobs, idle
        self._plan: dict[str, Any] | None = None  # the form's, that was asked about last
        self._answer = self._refusal = ""  # what was said of it; both "" until then
        self._asked: BegunSweep | None = None  # its sweep
        self._compared: BegunSweep | None = None  # the bundled one
        self._comparison_known = False
        self._planning = False  # fits are being made up, to be asked about
        self._question: BegunSweep | None = None  # that the sweeper has not answered yet
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLED)
        self._settle.timeout.connect(self._ask)
        form.changed.connect(self._change)
        sweeper.reckoned.connect(self._reckoned)
        sweeper.refused.connect(self._refused)

    @property
    def timing(self) -> bool:
        """Whether something is asked that is not answered yet."""
        return self._planning or self._question is not None

    def see(self) -> None:
        """The form is come back to: what was refused may be in order by now."""
        if self._refusal:
            self._plan = None
        self.catch_up()

    def catch_up(self) -> None:
        """Say what is known of the plan, and ask what is not."""
        self._say()
        self._ask()

    def leave_off(self) -> None:
        """Something else is under way: what is asked is not answered any more, and asked again after it."""
        if not (self._answer or self._refusal):
            self._plan = None
        self._planning, self._question = False, None
        self._say()

    def stop(self) -> None:
        """Ask nothing any more."""
        self._settle.stop()

    @property
    def _free(self) -> bool:
        return self._idle() and not self._sweeper.busy

    def _change(self) -> None:
        """The plan is another."""
        self._settle.start()
        self._say()

    def _say(self) -> None:
        chosen = self._form.chosen()
        if chosen is None:
            return  # the form says why
        known = chosen == self._plan
        words = self._answer if known else ""
        if not words:
            then = "their data is downloaded when they start" if _to_fetch(chosen) else TIMING.lower()
            words = f"{self._form.count()}; {then if self._free else 'timed after what is under way'}"
        self._form.refuse(self._refusal if known else "")
        self._form.status.setText(words)

    def _ask(self) -> None:
        """What the plan takes, and then what the bundled one does."""
        if not self._free or not self._form.isVisible():
            return
        chosen = self._form.chosen()
        if chosen is not None and chosen != self._plan and not _to_fetch(chosen):
            self._plan, self._answer, self._refusal, self._asked = chosen, "", "", None
            self._planning = True
            self._say()
            self._jobs.run(
                lambda: _tried(lambda: planned(chosen)), lambda sweep: self._reckon(chosen, sweep), lane=_LANE,
                newest=True, limit=float("inf"),
            )  # fmt: skip
        elif not self._comparison_known and not self.timing and at_hand("mnist"):
            self._planning = True
            self._jobs.run(
                lambda: _tried(lambda: comparison()[0]), self._reckon_comparison, lane=_LANE, limit=float("inf")
            )

    def _reckon(self, chosen: dict[str, Any], sweep: BegunSweep | str) -> None:
        if chosen != self._plan:
            return  # left off
        self._planning = False
        if isinstance(sweep, str):
            self._refusal = sweep
            self._say()
        elif chosen == self._form.chosen() and self._free:
            self._asked = sweep
            self._put(sweep)
        else:
            self._plan = None  # asked about when it has settled, or what is under way has ended
        self._rest()

    def _reckon_comparison(self, sweep: BegunSweep | str) -> None:
        if not self._planning:
            return  # left off
        self._planning = False
        if isinstance(sweep, str):
            self._comparison_known = True
            self._form.about.setText(sweep)
        elif self._free:
            self._compared = sweep
            self._put(sweep)
        self._rest()

    def _put(self, sweep: BegunSweep) -> None:
        self._question = sweep
        self._sweeper.reckon(sweep)

    def _reckoned(self, sweep: BegunSweep, cost: SweepForecast | None) -> None:
        words = _ALL_DONE if cost is None else time_words(cost)
        if sweep == self._asked and self._plan is not None:
            self._answer, self._refusal = words, ""
            self._say()
        elif sweep == self._compared:
            self._comparison_known = True
            self._form.about.setText(words)
        self._end(sweep)

    def _refused(self, sweep: BegunSweep, reason: str) -> None:
        if sweep == self._asked and self._plan is not None:
            self._refusal = reason
            self._say()
        elif sweep == self._compared:
            self._comparison_known = True
        self._end(sweep)

    def _end(self, sweep: BegunSweep) -> None:
        if sweep == self._question:
            self._question = None
            self._ask()
            self._rest()

    def _rest(self) -> None:
        if not self.timing:
            self.rested.emit()


def time_words(cost: SweepForecast) -> str:
    """What a sweep takes: "4 fits, 2 at once, about 5 minutes"."""
    at_once = f"{cost.processes} at once" if cost.processes > 1 else "one after the other"
    return f"{many(cost.fits, 'fit')}, {at_once}, about {roughly(cost.seconds)}"


def comparison() -> tuple[BegunSweep, str]:
    """The bundled sweep and its file's text: as it was begun, where it was, with "" for it; else as its file has it."""
    if sweep_folder.exists(COMPARISON):
        return sweep_folder.load(COMPARISON), ""
    plan = sweep_file.load(COMPARISON)
    text = records.read_bytes(sweep_file.path_of(COMPARISON), "sweep").decode("utf-8-sig")
    return BegunSweep.of(plan, fits_of(plan)), text


def _to_fetch(chosen: dict[str, Any]) -> bool:
    """Whether its data is not on this machine: nothing is timed beforehand, for that would fetch it."""
    data = chosen["fixed"]["data"]
    return data in KNOWN and not at_hand(data)


def _tried(find: Callable[[], BegunSweep]) -> BegunSweep | str:
    try:
        return find()
    except Exception as error:  # the question must not stay open
        return in_words(error)
