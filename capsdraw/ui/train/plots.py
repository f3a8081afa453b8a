"""Two plots over epochs, losses and accuracies: the only file that needs pyqtgraph, which takes long to import."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from capsdraw.fit.series import Line, Series, names
from capsdraw.ui import theme

# How a figure's line is drawn.
_PARTS: Final = {
    "loss": ("training", Qt.PenStyle.SolidLine), "lengths_loss": ("margin loss", Qt.PenStyle.DashLine),
    "reconstruction_loss": ("reconstruction loss", Qt.PenStyle.DotLine),
    "accuracy": ("training", Qt.PenStyle.SolidLine), "lengths_accuracy": ("training", Qt.PenStyle.SolidLine),
}  # fmt: skip
_LOSSES: Final = ("loss", "lengths_loss", "reconstruction_loss")
_ACCURACIES: Final = ("accuracy", "lengths_accuracy")
# Of these the figures on held-out images are drawn too.
_CHECKED: Final = ("loss", *_ACCURACIES)


class Plots(QWidget):
    """Losses at the left, accuracies at the right.

    Attributes:
        loss, accuracy: the plots.

    Signals:
        pointed(str): the values at the pointer, in words.
    """

    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss, self.accuracy = _plot("Loss", (-8, 8)), _plot("Accuracy, %", (-8, -8))
        self._crosses = [_Cross(plot, self._say) for plot in (self.loss, self.accuracy)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.loss)
        layout.addWidget(self.accuracy)
        self._colour()

    def draw(self, runs: Sequence[Series], smoothing: float) -> None:
        """Draw the curves of these runs anew, each in its colour; `smoothing` in [0, 1)."""
        for plot, cross in zip((self.loss, self.accuracy), self._crosses, strict=True):
            plot.clear()
            plot.addItem(cross.line, ignoreBounds=True)
        alone = len(runs) == 1
        for number, (name, series) in enumerate(zip(names(runs), runs, strict=True)):
            colour = QColor(theme.SERIES[number % len(theme.SERIES)])
            head = "" if alone else f"{name}, "
            self._draw(self.loss, series, _LOSSES if alone else _LOSSES[:1], 1.0, colour, head, smoothing)
            self._draw(self.accuracy, series, _ACCURACIES, 100.0, colour, head, smoothing)

    def fit_view(self) -> None:
        """Show all of the curves again."""
        for plot in (self.loss, self.accuracy):
            plot.enableAutoRange()

    def set_log(self, on: bool) -> None:
        """Losses by powers of ten."""
        self.loss.setLogMode(y=on)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _draw(
        self, plot: pg.PlotWidget, series: Series, figures: Sequence[str], factor: float, colour: QColor, head: str,
        smoothing: float,
    ) -> None:  # fmt: skip
        known = series.names()
        for name in figures:
            if name not in known:
                continue
            words, style = _PARTS[name]
            fine = series.fine_line(name, smoothing)
            places, values = fine if len(fine[0]) else series.line(name)
            plot.plot(places, factor * values, name=head + words, pen=pg.mkPen(colour, width=1.5, style=style))
            if name in _CHECKED:
                _dots(plot, series.line(f"val_{name}"), factor, f"{head}held-out", colour)

    def _say(self, plot: pg.PlotWidget, epoch: float) -> None:
        """What the curves are at the pointer's epoch."""
        found = []
        for item in plot.listDataItems():
            places, values = item.getOriginalDataset()
            if places is not None and len(places) and item.name():
                found.append(f"{item.name()} {values[int(np.abs(places - epoch).argmin())]:.4g}")
        self.pointed.emit(f"epoch {epoch:.1f}   " + "   ".join(found) if found else " ")

    def _colour(self) -> None:
        now = theme.of(self)
        for plot in (self.loss, self.accuracy):
            plot.setBackground(now.paper)
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(now.line)
                axis.setTextPen(now.quiet)
            item = plot.getPlotItem()
            item.legend.setLabelTextColor(now.text)
            for _, label in item.legend.items:
                label.setText(label.text)  # painted anew only now
            item.titleLabel.setText(item.titleLabel.text, color=now.text.name())
        for cross in self._crosses:
            cross.line.setPen(pg.mkPen(now.quiet, width=1))


class _Cross:
    """A thin upright line under the pointer."""

    def __init__(self, plot: pg.PlotWidget, say: Callable[[pg.PlotWidget, float], None]) -> None:
        self._plot, self._say = plot, say
        self.line = pg.InfiniteLine(angle=90, movable=False)
        self.line.hide()
        plot.scene().sigMouseMoved.connect(self._move)

    def _move(self, place: QPointF) -> None:
        if self._plot.sceneBoundingRect().contains(place):
            epoch = self._plot.getPlotItem().vb.mapSceneToView(place).x()
            self.line.setPos(epoch)
            self.line.show()
            self._say(self._plot, epoch)


def _plot(title: str, legend: tuple[int, int]) -> pg.PlotWidget:
    plot = pg.PlotWidget()
    plot.setTitle(title, size="10pt")
    plot.setLabel("bottom", "epoch")
    plot.addLegend(offset=legend, labelTextSize="8pt")
    plot.showGrid(x=True, y=True, alpha=0.15)
    plot.setMinimumSize(200, 200)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setAccessibleName(title)
    return plot


def _dots(plot: pg.PlotWidget, line: Line, factor: float, name: str, colour: QColor) -> None:
    """A figure of whole epochs: a dot each."""
    places, values = line
    if len(places):
        plot.plot(
            places, factor * values, name=name, pen=pg.mkPen(colour, width=2), symbol="o", symbolSize=6,
            symbolBrush=colour, symbolPen=None,
        )  # fmt: skip
