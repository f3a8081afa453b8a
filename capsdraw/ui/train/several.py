"""Several fits: a plan for many, and what comes of them; each is trained in a process of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from capsdraw.errors import CapsDrawError
from capsdraw.fit.duration import duration
from capsdraw.fit.recipes import in_toml
from capsdraw.fit.series import Series, of_run
from capsdraw.formatting import many
from capsdraw.sweep import sweep_folder
from capsdraw.sweep.supervisor import SweepNews, SweepOutcome
from capsdraw.sweep.sweep_cost import SweepForecast
from capsdraw.sweep.sweep_folder import BegunSweep
from capsdraw.sweep.sweep_pace import SweepPace
from capsdraw.sweep.sweep_results import FitResult, FitState, best_first, results_of
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.train import train_words
from capsdraw.ui.train.fits_forecast import TIMING, FitsForecast, comparison, time_words
from capsdraw.ui.train.fits_page import FitsPage
from capsdraw.ui.train.several_choice import planned, words_of
from capsdraw.ui.train.several_form import SeveralForm
from capsdraw.ui.train.status import WorkStatus
from capsdraw.ui.train.sweeper import Sweeper
from capsdraw.ui.worker import in_words

_LANE: Final = "sweeps"
_LIKE: Final = "000 of 000 fits done · 00:00:00 left"


@dataclass(frozen=True)
class _Loaded:
    """A sweep as its folders say it stands, and the text of its file, "" where that is kept already."""

    sweep: BegunSweep
    text: str
    results: tuple[FitResult, ...]
    series: tuple[Series, ...]


class Several(Guarded, QWidget):
    """The plan's page, and that of the fits.

    Args:
        jobs: read and plan for it.
        idle: whether nothing is trained or timed on the window's own thread: only then is timed here.

    Attributes:
        form: the plan; page: what comes of it; sweeper: the thread; progress: for the window's status bar.

    Signals:
        failed(str): something could not be done; one line. said(str): something was done, in words.
        turned(): another of the two pages is shown.
        opened(object): the run in that folder is to be shown.
        moved(): fits have begun or ended, or what was timed is answered.
    """

    failed = Signal(str)
    said = Signal(str)
    turned = Signal()
    opened = Signal(object)
    moved = Signal()

    def __init__(self, jobs: Jobs, idle: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.sweeper = Sweeper(self)
        self.form, self.page = SeveralForm(), FitsPage()
        self._forecast = FitsForecast(self.form, self.sweeper, jobs, idle)
        self.progress = WorkStatus(
            _LIKE, "Stop all fits", "Stop all fits, each after its batch; what they learnt is kept"
        )
        self._pace: SweepPace | None = None
        self._loading = False
        self._pages = QStackedWidget()
        for page in (self.form, self.page):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._pages)
        self._connect()
        self._refresh()

    @property
    def about(self) -> str:
        """The sentence on what is seen."""
        return train_words.SEVERAL_DONE if self._pages.currentWidget() is self.page else train_words.ABOUT[-1]

    @property
    def busy(self) -> bool:
        """Whether fits are under way, or will be at once."""
        return self.sweeper.busy

    @property
    def timing(self) -> bool:
        """Whether plans of fits are being timed."""
        return self._forecast.timing

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list_sweeps()
        self._forecast.see()

    def list_sweeps(self) -> None:
        """Read which were begun."""
        self._jobs.run(_begun, self.form.offer_earlier, lane=_LANE)

    def show_form(self) -> None:
        """Turn to the plan."""
        self._pages.setCurrentWidget(self.form)
        self.list_sweeps()
        self._forecast.see()

    def give_way(self) -> None:
        """A fit begins elsewhere: what is being timed would be timed wrong."""
        self.sweeper.forget()
        self._forecast.leave_off()

    def catch_up(self) -> None:
        """What was under way elsewhere has ended: time what was left."""
        self._forecast.catch_up()

    def look(self, name: str, begin: bool = False) -> None:
        """Show a sweep that was begun; go on with it, where that is wanted."""
        self._load(lambda: (sweep_folder.load(name), ""), begin)

    def stop(self) -> None:
        """Stop all fits."""
        if self.busy:
            self.sweeper.stop()
            if self._shows_current:
                self.page.status.setText("Stopping each fit after its batch …")
            self.progress.end("fits: each stops after its batch")
            self._refresh()

    def close_sweeper(self) -> None:
        """Stop what is under way and wait for it."""
        self._forecast.stop()
        self.page.view.stop()
        self.sweeper.close()

    def _begin(self) -> None:
        chosen = self.form.chosen()
        if chosen is not None:
            self._load(lambda: (planned(chosen), in_toml(chosen)), True)

    def _compare(self) -> None:
        """Begin the bundled sweep, or show it and go on with it where it was begun."""
        self._load(comparison, True)

    def _load(self, find: Callable[[], tuple[BegunSweep, str]], begin: bool) -> None:
        if self._loading or (begin and self.busy):
            return

        def work() -> _Loaded | str:
            try:
                sweep, text = find()
                results = results_of(sweep)
                series = tuple(of_run(one.run, words_of(fit)) for one, fit in zip(results, sweep.fits, strict=True))
            except Exception as error:  # the buttons must not stay shut
                return in_words(error)
            return _Loaded(sweep, text, results, series)

        self._loading = True
        self._refresh()
        self._jobs.run(work, lambda loaded: self._loaded(loaded, begin), lane=_LANE, limit=float("inf"))

    def _loaded(self, loaded: _Loaded | str, begin: bool) -> None:
        self._loading = False
        if isinstance(loaded, str):
            self.failed.emit(loaded)
        else:
            done = all(result.status == FitState.FINISHED for result in loaded.results)
            # What is under way, and shown, is shown as it grows.
            if not (self.busy and self.sweeper.sweep == loaded.sweep == self.page.view.sweep):
                self.page.show_sweep(loaded.sweep, loaded.results, loaded.series)
            self._pages.setCurrentWidget(self.page)
            if begin and not done:
                self._pace = SweepPace(loaded.results)
                self.page.status.setText(TIMING)
                self.progress.begin("fits: timing a few steps")
                self.sweeper.begin(loaded.sweep, loaded.text)
                self._forecast.leave_off()
                self.moved.emit()
            else:
                self.page.status.setText(_stands(loaded.results))
        self._refresh()

    def _told(self, news: SweepNews) -> None:
        if self._pace is None:
            return
        self._pace.add(news)
        if self._shows_current:
            self.page.view.take(news)
        left = self._pace.seconds_left()
        time = "" if left is None else f" · {duration(left)} left"
        done = f"{len(self._pace.ended)} of {many(len(self._pace.epochs), 'fit')} done"
        self.progress.say(f"{done}{time}")
        if self._shows_current and self.progress.stop.isEnabled():
            self.page.status.setText(f"{done} · {len(self._pace.under_way)} under way{time}")
            self.page.tell_share(sum(self._pace.done), sum(self._pace.epochs))
        if news.event is None and news.number == self.page.view.chosen:
            self._refresh()

    @property
    def _shows_current(self) -> bool:
        """Whether the page shows the sweep that is under way, or was last."""
        shown = self.page.view.sweep
        return shown is not None and self.sweeper.sweep is not None and shown.name == self.sweeper.sweep.name

    def _ended(self, outcome: SweepOutcome | None, message: str) -> None:
        self.progress.hide()
        sweep = self.sweeper.sweep
        if outcome is None or sweep is None:
            self.failed.emit(message)
            if self._shows_current:
                self.page.status.setText("Could not be trained")
        else:
            words = _stands(outcome.results)
            self.said.emit(f"{sweep.title}: {words[0].lower()}{words[1:]}")
            if self._shows_current:
                self.page.show_sweep(sweep, outcome.results, self.page.view.series)
                self.page.status.setText(words)
        self.list_sweeps()
        self._refresh()
        self.catch_up()
        self.moved.emit()

    def _refresh(self) -> None:
        busy = self.busy or self._loading
        self.form.allow(not busy)
        self.page.refresh(self.busy and self._shows_current, busy, self.progress.stop.isEnabled())

    def _reckoned(self, sweep: BegunSweep, cost: SweepForecast | None) -> None:
        if self.busy and sweep == self.sweeper.sweep and cost is not None and self._shows_current:
            self.page.status.setText(time_words(cost))

    def _open_run(self) -> None:
        result = self.page.chosen
        if result is not None:
            self.opened.emit(result.run)

    def _connect(self) -> None:
        self._forecast.rested.connect(self.moved)
        self._pages.currentChanged.connect(lambda _: self.turned.emit())
        self.form.started.connect(self._begin)
        self.form.compared.connect(self._compare)
        self.form.looked.connect(self.look)
        self.page.back.clicked.connect(self.show_form)
        self.page.stop.clicked.connect(self.stop)
        self.page.go_on.clicked.connect(self._go_on)
        self.page.stop_one.clicked.connect(self._stop_one)
        self.page.open_run.clicked.connect(self._open_run)
        self.page.view.picked.connect(lambda _: self._refresh())
        self.progress.stopped.connect(self.stop)
        self.sweeper.told.connect(self._told)
        self.sweeper.ended.connect(self._ended)
        self.sweeper.reckoned.connect(self._reckoned)

    def _go_on(self) -> None:
        if self.page.view.sweep is not None:
            self.look(self.page.view.sweep.name, begin=True)

    def _stop_one(self) -> None:
        if self.busy and self.page.view.chosen >= 0:
            self.sweeper.stop_fit(self.page.view.chosen)
            self.page.stop_one.setEnabled(False)


def _begun() -> list[tuple[str, str]]:
    """All sweeps that were begun, the newest first: (name, words). Of one that cannot be read, "Show" says why."""

    def begun(name: str) -> float:
        try:
            return (sweep_folder.root() / name / sweep_folder.FITS).stat().st_mtime
        except OSError:  # removed just now
            return 0.0

    sweeps = []
    for name in sorted(sweep_folder.names(), key=begun, reverse=True):
        try:
            sweep = sweep_folder.load(name)
            sweeps.append((name, f"{sweep.title} · {_done(results_of(sweep))}"))
        except (CapsDrawError, OSError):
            sweeps.append((name, f"{name} · cannot be read"))
    return sweeps


def _done(results: tuple[FitResult, ...]) -> str:
    done = sum(result.status == FitState.FINISHED for result in results)
    return f"{done} of {many(len(results), 'fit')} done"


def _stands(results: tuple[FitResult, ...]) -> str:
    """Where all fits stand, and which is the best, in words."""
    parts = [_done(results)]
    for status, words in (
        (FitState.STOPPED, "stopped"),
        (FitState.EARLY, "stopped early"),
        (FitState.FAILED, "failed"),
    ):
        count = sum(result.status == status for result in results)
        parts += [f"{count} {words}"] if count else []
    best = best_first(results)[0]
    if best.held_out_error_percent is not None:
        parts.append(f"the least error is {best.held_out_error_percent:.2f}%")
    return " · ".join(parts)
