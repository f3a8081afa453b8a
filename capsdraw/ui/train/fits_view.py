"""A sweep under way or done: curves, a picture over its fields, and a table; whatever is chosen is so in all three."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capsdraw.fit.series import Series
from capsdraw.sweep.supervisor import SweepNews
from capsdraw.sweep.sweep_folder import BegunSweep
from capsdraw.sweep.sweep_results import FitResult
from capsdraw.sweep.sweep_spread import SEED, colour_field, values_along
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import combo, row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.train.fits_table import FitsTable
from capsdraw.ui.train.legend import Legend, LegendEntry
from capsdraw.ui.train.several_choice import heading, value_words

if TYPE_CHECKING:
    from capsdraw.ui.train.field_picture import FieldPicture
    from capsdraw.ui.train.fit_curves import FitCurves

# Milliseconds between two paintings of what grows: at least so many, and so many times what one takes.
_EVERY: Final = 300
_SHARE: Final = 40
_ALL: Final = "All fields"
_FIGURES: Final = ("Held-out error", "Training loss")


class FitsView(Guarded, QWidget):
    """All fits of one sweep.

    Attributes:
        sweep: that is shown, or None; results: where its fits stand; chosen: number of the fit that is, or -1.
        curves, picture: None before they were first shown; table, legend.
        figure, field: what curves and picture show.

    Signals:
        picked(int): another fit is chosen.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sweep: BegunSweep | None = None
        self.results: list[FitResult] = []
        self.chosen = -1
        self.curves: FitCurves | None = None
        self.picture: FieldPicture | None = None
        self._series: list[Series] = []
        self._colours: list[QColor] = []
        self._grown: set[int] = set()  # fits whose curves are longer than they are drawn
        self._moved = False  # whether an error is another than it is drawn
        self.figure = combo("Curves", "What the curves show", letters=13)
        self.figure.addItems(_FIGURES)
        self.field = combo("Picture over", "The field that the errors are shown over", letters=19)
        self.table, self.legend = FitsTable(), Legend()
        self._wait = caption("No fit has told anything yet: the first figures come after its first batches.")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.draw)
        self._lay_out()
        self.figure.activated.connect(lambda _: self._redraw())
        self.field.activated.connect(lambda _: self._redraw())
        self.table.picked.connect(self.choose)

    @property
    def series(self) -> Sequence[Series]:
        """The figures of each fit, in the sweep's order."""
        return self._series

    def show_sweep(self, sweep: BegunSweep, results: Sequence[FitResult], series: Sequence[Series]) -> None:
        """Show a sweep as it stands; a fit that was chosen in it stays so."""
        same = self.sweep is not None and self.sweep.name == sweep.name
        keep, self.chosen = self.chosen if same and self.chosen < len(results) else -1, -1
        self.sweep, self.results, self._series = sweep, list(results), list(series)
        by = colour_field(sweep.fields)
        values = values_along(by, results)
        inks = [QColor(theme.SERIES[place % len(theme.SERIES)]) for place in range(len(values))]
        self._colours = [
            inks[values.index(result.values[by])] if by in result.values else inks[0] for result in results
        ]
        self.legend.show_entries(
            [
                LegendEntry(
                    value_words(by, value) if by == "recipe" else f"{heading(by)} {value_words(by, value)}",
                    _pen(ink),
                    True,
                )
                for value, ink in zip(values, inks, strict=True)
            ][: 2 * len(theme.SERIES)]
        )
        if not same:
            self._offer_fields(sweep.fields, by)
        self.table.show_fits(sweep.fields, results, self._colours)
        self._redraw()
        if keep >= 0:
            self.choose(keep)

    def take(self, news: SweepNews) -> None:
        """A fit told something."""
        number = news.number
        if number >= len(self.results):
            return
        if news.result != self.results[number]:
            self.results[number] = news.result
            self.table.show_result(number, news.result)
            self._moved = True
        if news.event is not None:
            self._series[number].add(news.event)
            self._grown.add(number)
        if not self._timer.isActive():
            self._timer.start()

    def choose(self, number: int) -> None:
        """That fit is chosen, in table, curves and picture."""
        if number == self.chosen or not 0 <= number < len(self.results):
            return
        self.chosen = number
        self.table.choose(number)
        if self.curves is not None and self.picture is not None:
            self.curves.choose(number)
            self.picture.choose(number)
        self.picked.emit(number)

    def draw(self) -> None:
        """Paint what has grown."""
        if self.curves is None or self.picture is None or not self.isVisible():
            return
        begun = time.perf_counter()
        self.curves.draw_fits(self._series, self._grown)
        self._grown.clear()
        if self._moved:
            self.picture.show_fits(self.results, self._colours, self._shown_fields, self.field.currentData() or "")
            self._moved = False
        self._timer.setInterval(max(_EVERY, round(_SHARE * 1000 * (time.perf_counter() - begun))))
        self._wait.setVisible(not any(series.within or series.rows for series in self._series))

    def stop(self) -> None:
        """Paint nothing any more."""
        self._timer.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.curves is None:
            self._build()
        self.draw()

    @property
    def _shown_fields(self) -> list[str]:
        return [] if self.sweep is None else self.sweep.fields

    def _offer_fields(self, fields: Sequence[str], coloured_by: str) -> None:
        """Beside the colours, another field says most; where there is none, the one of the colours."""
        self.field.clear()
        for field in fields:
            self.field.addItem(f"Over {heading(field).lower()}", field)
        if len(fields) > 1:
            self.field.addItem(_ALL, "")
        best = next((field for field in fields if field not in (coloured_by, SEED)), coloured_by)
        self.field.setCurrentIndex(max(self.field.findData(best), 0))

    def _redraw(self) -> None:
        """All of it: the sweep, or what is shown of it, is another."""
        if self.curves is None or self.picture is None:
            return
        from capsdraw.ui.train.fit_curves import FitFigure

        self.curves.begin(self._colours, list(FitFigure)[self.figure.currentIndex()])
        self._grown, self._moved = set(range(len(self._series))), True
        self.draw()

    def _build(self) -> None:
        from capsdraw.ui.train.field_picture import FieldPicture
        from capsdraw.ui.train.fit_curves import FitCurves

        self.curves, self.picture = FitCurves(), FieldPicture()
        for place, plot in enumerate((self.curves, self.picture)):
            self._plots[place].addWidget(plot, 1)
            plot.picked.connect(self.choose)
        self._redraw()
        if self.chosen >= 0:
            self.curves.choose(self.chosen)
            self.picture.choose(self.chosen)

    def _lay_out(self) -> None:
        plots = QHBoxLayout()
        plots.setSpacing(2 * theme.GRID)
        self._plots = [QVBoxLayout(), QVBoxLayout()]
        for column, choice in zip(self._plots, (self.figure, self.field), strict=True):
            column.setSpacing(theme.GRID // 2)
            column.addLayout(row(choice, None))
            plots.addLayout(column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._wait)
        layout.addLayout(plots, 3)
        layout.addWidget(self.legend)
        layout.addWidget(self.table, 2)


def _pen(ink: QColor) -> QPen:
    pen = QPen(ink)
    pen.setWidthF(1.5)
    return pen
