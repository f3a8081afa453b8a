"""The curves of many fits, as they grow: needs pyqtgraph, which takes long to import."""

from collections.abc import Collection, Sequence
from enum import StrEnum

import pyqtgraph as pg
from PySide6.QtGui import QColor

from capsdraw.fit.series import CurvePoints, Series
from capsdraw.ui.train.fits_plot import FitsPlot, line_pen


class FitFigure(StrEnum):
    """What the curves show."""

    ERROR = "Held-out error, %"
    LOSS = "Training loss"


class FitCurves(FitsPlot):
    """A line a fit, over its epochs."""

    def __init__(self) -> None:
        super().__init__("Curves of all fits")
        self._curves: dict[int, pg.PlotDataItem] = {}
        self._colours: list[QColor] = []
        self._figure, self._chosen = FitFigure.ERROR, -1
        self.setLabel("bottom", "epoch")

    def begin(self, colours: Sequence[QColor], figure: FitFigure) -> None:
        """Of another sweep, or another figure: nothing is drawn yet."""
        self.clear()
        self._curves, self._colours, self._figure = {}, list(colours), figure

    def draw_fits(self, series: Sequence[Series], changed: Collection[int]) -> None:
        """Draw the curves of these fits anew, of whichever have something to draw."""
        for number in sorted(changed):
            places, values = _points(series[number], self._figure)
            if not len(places):
                continue
            if number not in self._curves:
                curve = self._curves[number] = self.plot([], [], symbolSize=4, symbolPen=None)
                self.follow_clicks(curve, number)
                self._ink(number)
            curve = self._curves[number]
            # Of whole epochs a dot each: a fit of one would have no line.
            curve.setSymbol("o" if self._figure == FitFigure.ERROR else None)
            curve.setData(places, values)

    def choose(self, number: int) -> None:
        """That fit's line is strong."""
        before, self._chosen = self._chosen, number
        for changed in (before, number):
            if changed in self._curves:
                self._ink(changed)

    def _ink(self, number: int) -> None:
        curve, chosen = self._curves[number], number == self._chosen
        pen = line_pen(self._colours[number], chosen)
        curve.setPen(pen)
        curve.setSymbolBrush(pen.color())
        curve.setSymbolSize(7 if chosen else 4)
        curve.setZValue(1 if chosen else 0)


def _points(series: Series, figure: FitFigure) -> CurvePoints:
    if figure == FitFigure.LOSS:
        return series.fine_line("loss")
    name = next((name for name in ("val_lengths_accuracy", "val_accuracy") if name in series.names()), "")
    places, accuracies = series.line(name)
    return places, 100 * (1 - accuracies)
