"""Two plots over epochs, losses and accuracies: the only file that needs pyqtgraph, which takes long to import."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from capsdraw.fit.series import CurvePoints, Series, names
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded, guard_library
from capsdraw.ui.train.epoch_axis import EpochAxis
from capsdraw.ui.train.legend import Legend, LegendEntry

guard_library(pg.__name__)

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
# Of the dots: another form for each time that the colours are used up, as for the lines.
_FORMS: Final = ("o", "s", "t", "d")


@dataclass(frozen=True)
class _CurveStyle:
    """How a run is drawn: `name` is "" where it is alone; `dashes` are Qt's, () for a line without gaps."""

    colour: QColor
    dashes: tuple[float, ...]
    form: str
    name: str


class Plots(Guarded, QWidget):
    """Losses at the left, accuracies at the right.

    Attributes:
        loss, accuracy: the plots, each with its legend, which stands beneath it.

    Signals:
        pointed(str): the values at the pointer, in words.
    """

    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss, self.accuracy = _plot("Loss"), _plot("Accuracy, %")
        self._log = False
        self._crosses = [_Cross(plot, self._say) for plot in (self.loss, self.accuracy)]
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        for column, plot in enumerate((self.loss, self.accuracy)):
            layout.addWidget(plot, 0, column)
            layout.addWidget(plot.legend, 1, column)
            layout.setColumnStretch(column, 1)
        layout.setRowStretch(0, 1)
        self._colour()

    def draw(self, own: Series | None, others: Sequence[Series], smoothing: float) -> None:
        """Draw curves anew, each run in its colour; `smoothing` in [0, 1).

        Args:
            own: the run whose loss is shown with its parts, first of all, or None.
            others: laid over; by itself, one is shown with its parts too.
        """
        runs = [*([] if own is None else [own]), *others]
        for plot, cross in zip((self.loss, self.accuracy), self._crosses, strict=True):
            plot.clear()
            plot.entries = []
            for line in cross.lines:
                plot.addItem(line, ignoreBounds=True)
        for index, (name, series) in enumerate(zip(names(runs), runs, strict=True)):
            look = _look(index, "" if len(runs) == 1 else name)
            losses = _LOSSES if series is own or len(runs) == 1 else _LOSSES[:1]
            self._draw(self.loss, series, losses, 1.0, look, smoothing)
            self._draw(self.accuracy, series, _ACCURACIES, 100.0, look, smoothing)
        for plot, cross in zip((self.loss, self.accuracy), self._crosses, strict=True):
            plot.legend.show_entries(plot.entries)
            cross.follow()

    def fit_view(self) -> None:
        """Show all of the curves again."""
        for plot in (self.loss, self.accuracy):
            plot.enableAutoRange()

    def set_log(self, on: bool) -> None:
        """Losses by powers of ten."""
        self._log = on
        self.loss.setLogMode(y=on)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _draw(
        self,
        plot: "_Plot",
        series: Series,
        figures: Sequence[str],
        factor: float,
        look: _CurveStyle,
        smoothing: float,
    ) -> None:
        available = series.names()
        for name in figures:
            if name not in available:
                continue
            words, style = _PARTS[name]
            places, values = series.fine_line(name, smoothing)
            pen = _pen(look, 1.5) if style == Qt.PenStyle.SolidLine else pg.mkPen(look.colour, width=1.5, style=style)
            self._add(plot, plot.plot(places, factor * values, pen=pen), look, words)
            if name in _CHECKED:
                dots = _dots(plot, series.line(f"val_{name}"), factor, look)
                if dots is not None:
                    self._add(plot, dots, look, "held-out")

    def _add(self, plot: "_Plot", item: pg.PlotDataItem, look: _CurveStyle, words: str) -> None:
        """Call a curve by its run and by what it is, in the legend too.

        Of several runs each stands there once, for its colour and dashes: at the right; and at the left the parts of
        the loss, which one run alone has.
        """
        item.opts |= {"run": look.name, "words": words}
        if not look.name:
            name = words
        elif words == "training":
            name = look.name if plot is self.accuracy else ""
        else:
            name = "" if words == "held-out" else words
        if name:
            plot.entries.append(LegendEntry(name, QPen(item.opts["pen"]), words == "held-out"))

    def _say(self, plot: pg.PlotWidget, place: QPointF | None) -> None:
        """What the curves are at the pointer's epoch, and how high the pointer is."""
        if place is None:
            self.pointed.emit(" ")
            return
        epoch, height = place.x(), 10 ** place.y() if plot is self.loss and self._log else place.y()
        figures_by_run: dict[str, list[str]] = {}
        for item in plot.listDataItems():
            places, values = item.getOriginalDataset()
            if places is not None and len(places):
                run, words = item.opts["run"], item.opts["words"]
                figures_by_run.setdefault(run, []).append(f"{words} {values[int(np.abs(places - epoch).argmin())]:.4g}")
        sentences = [(f"{run}: " if run else "") + ", ".join(figures) for run, figures in figures_by_run.items()]
        self.pointed.emit("   ·   ".join([f"Epoch {epoch:.1f}, {height:.4g}", *sentences]))

    def _colour(self) -> None:
        now = theme.of(self)
        for plot in (self.loss, self.accuracy):
            plot.setBackground(now.paper)
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(now.line)
                axis.setTextPen(now.quiet)
            item = plot.getPlotItem()
            item.titleLabel.setText(item.titleLabel.text, color=now.text.name())
        for cross in self._crosses:
            for line in cross.lines:
                line.setPen(pg.mkPen(now.quiet, width=1))


class _Plot(Guarded, pg.PlotWidget):  # type: ignore[misc]
    """Says when the pointer goes away.

    Attributes:
        legend: what stands beneath it; entries: that it is to say.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__(axisItems={"bottom": EpochAxis()})
        self.legend, self.entries = Legend(), list[LegendEntry]()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.left.emit()


class _Cross:
    """Two thin lines that cross under the pointer; none where it is not over the curves.

    Attributes:
        lines: the upright one and the level one.
    """

    def __init__(self, plot: _Plot, say: Callable[[pg.PlotWidget, QPointF | None], None]) -> None:
        self._plot, self._say = plot, say
        self._view = plot.getPlotItem().vb
        self._pointer: QPointF | None = None
        self.lines = tuple(pg.InfiniteLine(angle=angle, movable=False) for angle in (90, 0))
        self._place(None)
        plot.scene().sigMouseMoved.connect(self._place)
        plot.left.connect(lambda: self._place(None))
        # While curves grow, are zoomed or get other room, what is under the pointer moves.
        self._view.sigTransformChanged.connect(self.follow)

    def follow(self) -> None:
        """Stay under the pointer, and say anew what the curves are there."""
        if self._pointer is None:
            return
        place = self._view.mapSceneToView(self._pointer)
        for line, value in zip(self.lines, (place.x(), place.y()), strict=True):
            line.setPos(value)
        self._say(self._plot, place)

    def _place(self, pointer: QPointF | None) -> None:
        over = pointer is not None and self._view.sceneBoundingRect().contains(pointer)
        gone = not over and self._pointer is not None
        self._pointer = pointer if over else None
        for line in self.lines:
            line.setVisible(over)
        if gone:
            self._say(self._plot, None)
        self.follow()


def _look(index: int, name: str) -> _CurveStyle:
    """Of run `index` of those in the plot: its own colour, or, where they are used up, its own dashes and dots."""
    turn, place = divmod(index, len(theme.SERIES))
    # Neither the margin loss' dashes nor the reconstruction loss' dots: a dash and so many dots.
    dashes = () if not turn else (5.0, 2.0, *(1.0, 2.0) * turn)
    return _CurveStyle(QColor(theme.SERIES[place]), dashes, _FORMS[turn % len(_FORMS)], name)


def _pen(look: _CurveStyle, width: float) -> QPen:
    return pg.mkPen(look.colour, width=width, dash=look.dashes or None)


def _plot(title: str) -> _Plot:
    plot = _Plot()
    plot.setTitle(title, size="10pt")
    plot.getAxis("left").enableAutoSIPrefix(False)
    plot.showGrid(x=True, y=True, alpha=0.15)
    plot.setMinimumSize(200, 200)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setAccessibleName(title)
    return plot


def _dots(plot: pg.PlotWidget, line: CurvePoints, factor: float, look: _CurveStyle) -> pg.PlotDataItem | None:
    """A figure of whole epochs, a dot each; None where there is none yet."""
    places, values = line
    if not len(places):
        return None
    return plot.plot(
        places, factor * values, pen=_pen(look, 2), symbol=look.form, symbolSize=6, symbolBrush=look.colour,
        symbolPen=None,
    )  # fmt: skip
