"""Curves of the fit under way, and of other runs beside it."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QMenu, QSlider, QToolButton, QVBoxLayout, QWidget

from capsdraw.errors import CapsDrawError
from capsdraw.fit.events import Event
from capsdraw.fit.series import Series, to_csv
from capsdraw.paths import saving
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.picture_file import save_picture
from capsdraw.ui.plain_text import Label
from capsdraw.ui.save_dialog import ask_where

if TYPE_CHECKING:
    from capsdraw.ui.train.plots import Plots

# Milliseconds between two paintings of curves that grow: at least so many, and so many times what one takes.
_EVERY: Final = 200
_SHARE: Final = 60


class Curves(Guarded, QWidget):
    """Losses and accuracies over epochs.

    Attributes:
        plots: both plots, or None before they were first shown.
        smoothing, logarithmic, fit_view, export: the controls; status: the values under the pointer.
        series: of the run under way or looked at, or None; others: laid over.

    Signals:
        failed(str): a file could not be written; saved(str): it was.
    """

    failed = Signal(str)
    saved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: Plots | None = None
        self.series: Series | None = None
        self.others: list[Series] = []
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.logarithmic = QCheckBox("Log scale")
        self.fit_view = button("Fit view", "Show all of the curves again (scroll to zoom, drag to move)")
        self.export = button("Export", "Save the curves or their figures")
        # Painted: where it grew with its words, the plots above it would move under the pointer.
        self.status = LiveText(theme.tabular(theme.small(self)), lines=3)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.draw)
        self._lay_out()
        self.smoothing.valueChanged.connect(lambda _: self.draw())

    @property
    def runs(self) -> list[Series]:
        """All that are shown."""
        return ([self.series] if self.series is not None else []) + self.others

    def show_series(self, series: Series | None, others: list[Series] | None = None) -> None:
        """Show a run's curves, and others' laid over (None leaves those)."""
        self.series = series
        if others is not None:
            self.others = others
        if self.plots is not None:
            self.plots.fit_view()
        self.draw()

    def add(self, event: Event) -> None:
        """Take in what the fit under way tells."""
        if self.series is not None:
            self.series.add(event)
            if not self._timer.isActive():
                self._timer.start()

    def draw(self) -> None:
        """Paint all curves anew."""
        if not self.isVisible() or self.plots is None:
            return
        begun = time.perf_counter()
        self.plots.draw(self.series, self.others, self.smoothing.value() / 100)
        self._timer.setInterval(max(_EVERY, round(_SHARE * 1000 * (time.perf_counter() - begun))))
        self._about.setVisible(not any(series.within or series.rows for series in self.runs))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plots is None:
            self._build()
        self.draw()

    def save_csv(self, path: Path) -> None:
        """Write the figures of all runs that are shown, a line for each epoch of each."""
        text = to_csv(self.runs)
        try:
            with saving(path, ".csv") as temporary:
                temporary.write_text(text, encoding="utf-8")
        except CapsDrawError as error:
            self.failed.emit(str(error))
        else:
            self.saved.emit(f"Saved {path.name}")

    def save_png(self, path: Path) -> None:
        """Write both plots as they are seen."""
        assert self.plots is not None
        save_picture(self.plots, path, self.failed.emit, self.saved.emit)

    def _build(self) -> None:
        from capsdraw.ui.train.plots import Plots

        self.plots = Plots()
        self.plots.pointed.connect(self.status.setText)
        self.logarithmic.toggled.connect(self.plots.set_log)
        self.fit_view.clicked.connect(self.plots.fit_view)
        self._room.addWidget(self.plots)

    def _ask_csv(self) -> None:
        path = ask_where(self, "Save the figures", "curves", ("Table (*.csv)",))
        if path is not None:
            self.save_csv(path)

    def _ask_png(self) -> None:
        path = ask_where(self, "Save the curves", "curves", ("Picture (*.png)",))
        if path is not None:
            self.save_png(path)

    def _lay_out(self) -> None:
        self.smoothing.setRange(0, 99)
        self.smoothing.setFixedWidth(120)
        self.smoothing.setAccessibleName("Smoothing")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.export)
        menu.addAction("Curves as PNG …", self._ask_png)
        menu.addAction("Figures as CSV …", self._ask_csv)
        self.export.setMenu(menu)
        self._about = caption("No curve yet: start a fit, or tick runs to compare in Runs.")
        self._room = QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(
            row(Label("Smoothing"), self.smoothing, self.logarithmic, None, self.fit_view, self.export)
        )  # fmt: skip
        layout.addWidget(self._about)
        layout.addLayout(self._room, 1)
        layout.addWidget(self.status)
