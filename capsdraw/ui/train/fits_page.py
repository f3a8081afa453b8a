"""The page of a sweep's fits: what it is, how far it is, what can be done with it, and the fits themselves."""

from collections.abc import Sequence

from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from capsdraw.fit.series import Series
from capsdraw.sweep.sweep_folder import BegunSweep
from capsdraw.sweep.sweep_results import FitResult, FitState
from capsdraw.ui import theme
from capsdraw.ui.controls import button, row
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import tip
from capsdraw.ui.train.fits_view import FitsView

_OPEN = (FitState.WAITING, FitState.RUNNING)


class FitsPage(QWidget):
    """Buttons, status and the view.

    Attributes:
        back: to the plan; title: of the sweep; status: how far it is; bar: likewise.
        open_run: shows the chosen fit's run; stop_one: stops that fit; go_on, stop: of all.
        view: curves, picture and table.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = button("‹ Plan", "Back to the plan; fits that are under way go on")
        self.title = LiveText(theme.large(self), quiet=False)
        self.status = LiveText(theme.tabular(self.font()), quiet=False)
        self.open_run = button("Open run", "Show the chosen fit among the runs")
        self.stop_one = button(
            "Stop this fit", "Stop the chosen fit after its batch, or leave it out; the others go on"
        )
        self.go_on, self.stop = QPushButton("Go on"), QPushButton("Stop all")
        self.go_on.setToolTip(tip("Train what is not finished, each from where it stopped"))
        self.stop.setToolTip(tip("Stop all fits, each after its batch; what they learnt is kept"))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme.GRID // 2)
        self.bar.setRange(0, 0)
        self.view = FitsView()
        head = row(self.back, self.title, self.go_on, self.stop)
        head.setStretch(1, 1)
        state = row(self.status, self.open_run, self.stop_one)
        state.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(head)
        layout.addLayout(state)
        layout.addWidget(self.bar)
        layout.addWidget(self.view, 1)

    @property
    def chosen(self) -> FitResult | None:
        """Where the chosen fit stands."""
        return self.view.results[self.view.chosen] if self.view.chosen >= 0 else None

    def show_sweep(self, sweep: BegunSweep, results: Sequence[FitResult], series: Sequence[Series]) -> None:
        """Show a sweep as it stands."""
        self.title.setText(sweep.title)
        self.bar.setRange(0, 0)
        self.view.show_sweep(sweep, results, series)

    def tell_share(self, done: float, epochs: int) -> None:
        """So many epochs of so many are done."""
        self.bar.setRange(0, 100 * epochs)
        self.bar.setValue(round(100 * done))

    def refresh(self, under_way: bool, busy: bool, stoppable: bool) -> None:
        """What can be done.

        Args:
            under_way: whether this sweep is; busy: whether any is, or is being read.
            stoppable: whether it was not told to stop yet.
        """
        fit = self.chosen
        unfinished = any(result.status != FitState.FINISHED for result in self.view.results)
        self.bar.setVisible(under_way)
        self.stop.setVisible(under_way)
        self.stop.setEnabled(stoppable)
        self.go_on.setVisible(not under_way and unfinished)
        self.go_on.setEnabled(not busy)
        self.open_run.setEnabled(fit is not None and fit.run.is_dir())
        self.stop_one.setEnabled(under_way and stoppable and fit is not None and fit.status in _OPEN)
