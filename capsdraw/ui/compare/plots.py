"""The models' scores along a dial: the only file of this view that needs pyqtgraph, which takes long to import."""

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.lab.dial import Curve, Sweep
from capsdraw.ui import theme
from capsdraw.ui.compare.column import colour, style


class DialPlot(QWidget):
    """Curves, a thin upright line where each model breaks, and where the dial stands.

    Attributes:
        plot: with the curves; dial: the line that shows where the dial stands, to be dragged.

    Signals:
        moved(float): the user dragged the dial's line to that amount.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = pg.PlotWidget()
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        self.plot.setMinimumSize(200, 14 * theme.GRID)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setYRange(0, 1, padding=0.04)
        self.plot.setAccessibleName("Scores along the dial")
        # Amounts below 1 are told as they are, not in thousandths.
        self.plot.getAxis("bottom").enableAutoSIPrefix(False)
        self.dial = pg.InfiniteLine(angle=90, movable=True)
        self.dial.sigDragged.connect(lambda line: self.moved.emit(float(line.value())))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self._colour()

    def draw(self, along: Sweep, curves: Sequence[Curve | None], followed: str) -> None:
        """Draw the curves anew, each in the colour of its place; None leaves its place empty."""
        self.plot.clear()
        self.plot.setXRange(along.kind.low, along.kind.high, padding=0.01)
        self.plot.setLabel("bottom", f"{along.kind.name}, {along.kind.unit}")
        self.plot.setLabel("left", f"score of {followed}")
        for index, curve in enumerate(curves):
            if curve is None:
                continue
            pen = pg.mkPen(colour(index), width=2, style=style(index))
            self.plot.plot(along.positions, curve.scores, pen=pen, name=curve.model)
            for broken in {curve.below, curve.above} - {None}:
                # Where it is misread at once, both stand at the still amount.
                mark = pg.mkPen(colour(index), width=1, style=Qt.PenStyle.DashLine)
                self.plot.addItem(pg.InfiniteLine(broken, angle=90, pen=mark))
        self.plot.addItem(self.dial, ignoreBounds=True)

    def clear(self) -> None:
        """Nothing is drawn."""
        self.plot.clear()

    def turn(self, amount: float) -> None:
        """The dial stands at `amount` now."""
        if not math.isclose(self.dial.value(), amount):
            self.dial.setValue(amount)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def _colour(self) -> None:
        now = theme.of(self)
        self.plot.setBackground(now.paper)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(now.line)
            axis.setTextPen(now.quiet)
        # What the user changes is orange, everywhere.
        self.dial.setPen(pg.mkPen(now.changed, width=2))
        self.dial.setHoverPen(pg.mkPen(now.changed, width=4))
