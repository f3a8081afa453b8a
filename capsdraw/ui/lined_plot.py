"""Scores along something, and an upright line at one place of it: needs pyqtgraph, which takes long to import."""

import math

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded, guard_library

guard_library(pg.__name__)


class LinedPlot(Guarded, QWidget):
    """A plot from 0 to 1, with a line that the user drags; keys have what stands beside it.

    Args:
        name: for screen readers.

    Attributes:
        plot: with the curves; line: the upright one.

    Signals:
        moved(float): the user dragged the line to that place.
        laid(int, int): where the axis begins and ends now, pixels from the left edge.
    """

    moved = Signal(float)
    laid = Signal(int, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = pg.PlotWidget()
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        self.plot.setMinimumSize(200, 14 * theme.GRID)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setYRange(0, 1, padding=0.04)
        self.plot.setAccessibleName(name)
        # Amounts below 1 are told as they are, not in thousandths.
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        # Here the pointer alone does something.
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.getAxis("left").setWidth(6 * theme.GRID)
        # Half of the knob beside it stands beyond the axis' end.
        self.plot.getPlotItem().setContentsMargins(0, 0, theme.GRID, 0)
        self._ends = (0.0, 1.0)
        for signal in (self.plot.getViewBox().sigResized, self.plot.getViewBox().sigXRangeChanged):
            signal.connect(lambda *_: self._tell_ends())
        self.line = pg.InfiniteLine(angle=90, movable=True)
        self.line.sigDragged.connect(lambda line: self.moved.emit(float(line.value())))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self._colour()

    def set_ends(self, first: float, last: float) -> None:
        """The axis goes from `first` to `last`."""
        self._ends = first, last
        self.plot.setXRange(first, last, padding=0.01)
        self._tell_ends()

    def place(self, amount: float) -> int:
        """Where an amount stands, pixels from the left edge."""
        scene = self.plot.getViewBox().mapViewToScene(QPointF(amount, 0))
        return self.plot.viewport().mapTo(self, self.plot.mapFromScene(scene)).x()

    def clear(self) -> None:
        """Nothing is drawn."""
        self.plot.clear()

    def turn(self, amount: float) -> None:
        """The line stands at `amount` now."""
        if not math.isclose(self.line.value(), amount):
            self.line.setValue(amount)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _tell_ends(self) -> None:
        self.laid.emit(*map(self.place, self._ends))

    def _colour(self) -> None:
        now = theme.of(self)
        self.plot.setBackground(now.paper)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(now.line)
            axis.setTextPen(now.quiet)
        # What the user changes is orange, everywhere.
        self.line.setPen(pg.mkPen(now.changed, width=2))
        self.line.setHoverPen(pg.mkPen(now.changed, width=4))
