"""The models' scores along a dial: the only file of this view that needs pyqtgraph, which takes long to import."""

import math
from collections.abc import Sequence
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.datasets.moves import MoveKind
from capsdraw.lab.dial import Curve, Sweep
from capsdraw.ui import theme
from capsdraw.ui.compare.column import colour, style
from capsdraw.ui.guard import Guarded, guard_library

guard_library(pg.__name__)


class DialPlot(Guarded, QWidget):
    """Curves, a thin upright line where each model breaks, and where the dial stands.

    Attributes:
        plot: with the curves; dial: the line that shows where the dial stands, to be dragged.

    Signals:
        moved(float): the user dragged the dial's line to that amount.
        laid(int, int): where the dial's least and largest amount stand now, pixels from the left edge.
    """

    moved = Signal(float)
    laid = Signal(int, int)

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
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        # The slider has the keys; here the pointer alone does something.
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.getAxis("left").setWidth(6 * theme.GRID)
        # Half of the slider's knob stands beyond the axis' end.
        self.plot.getPlotItem().setContentsMargins(0, 0, theme.GRID, 0)
        self._ends = (0.0, 1.0)
        for signal in (self.plot.getViewBox().sigResized, self.plot.getViewBox().sigXRangeChanged):
            signal.connect(lambda *_: self._tell_ends())
        self.dial = pg.InfiniteLine(angle=90, movable=True)
        self.dial.sigDragged.connect(lambda line: self.moved.emit(float(line.value())))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        self._colour()

    def draw(self, along: Sweep, curves: Sequence[tuple[int, Curve]], followed: str) -> None:
        """Draw the curves anew, each with the number that its colour and dashes go by."""
        self.plot.clear()
        self.range(along.kind)
        self.plot.setLabel("left", f"score of {escape(followed)}")
        for index, curve in curves:
            pen = pg.mkPen(colour(index), width=2, style=style(index))
            self.plot.plot(along.positions, curve.scores, pen=pen, name=curve.model)
            for broken in {curve.below, curve.above} - {None}:
                # Where it is misread at once, both stand at the still amount.
                mark = pg.mkPen(colour(index), width=1, style=Qt.PenStyle.DashLine)
                self.plot.addItem(pg.InfiniteLine(broken, angle=90, pen=mark))
        self.plot.addItem(self.dial, ignoreBounds=True)

    def range(self, kind: MoveKind) -> None:
        """The axis is that dial's."""
        self._ends = kind.low, kind.high
        self.plot.setXRange(kind.low, kind.high, padding=0.01)
        self.plot.setLabel("bottom", f"{kind.name}, {kind.unit}")
        self._tell_ends()

    def place(self, amount: float) -> int:
        """Where an amount stands, pixels from the left edge."""
        scene = self.plot.getViewBox().mapViewToScene(QPointF(amount, 0))
        return self.plot.viewport().mapTo(self, self.plot.mapFromScene(scene)).x()

    def _tell_ends(self) -> None:
        self.laid.emit(*map(self.place, self._ends))

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
