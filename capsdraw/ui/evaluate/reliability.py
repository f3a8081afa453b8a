"""The reliability diagram: needs pyqtgraph, which takes long to import."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.evaluate.metrics import Bin, Calibration, wilson
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded, guard_library

guard_library(pg.__name__)


class Reliability(Guarded, QWidget):
    """How often answers of about the same confidence are right, a dot each, and where that may lie.

    Attributes:
        plot: the diagram.
        dots: the bins that have answers, as the plot's item; None before there are any.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dots: pg.PlotDataItem | None = None
        self._bins: tuple[Bin, ...] = ()
        self.plot = pg.PlotWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).enableAutoSIPrefix(False)
        self.plot.setLabel("bottom", "confidence")
        self.plot.setLabel("left", "share that is right")
        self.plot.setRange(xRange=(-0.02, 1.1), yRange=(-0.06, 1.02), padding=0.01)
        self.plot.showGrid(x=True, y=True, alpha=0.15)
        self.plot.setMouseEnabled(False, False)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.setMinimumSize(240, 200)
        self.plot.setAccessibleName("Confidence against correctness")
        self._draw()

    def show_calibration(self, calibration: Calibration) -> None:
        """Show these bins."""
        self._bins = tuple(answers_bin for answers_bin in calibration.bins if answers_bin.count)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        now = theme.of(self)
        self.plot.clear()
        self.plot.setBackground(now.paper)
        for side in ("left", "bottom"):
            self.plot.getAxis(side).setPen(now.line)
            self.plot.getAxis(side).setTextPen(now.quiet)
        self.plot.plot([0, 1], [0, 1], pen=pg.mkPen(now.quiet, width=1, style=Qt.PenStyle.DashLine))
        if not self._bins:
            return
        x = np.array([answers_bin.confidence for answers_bin in self._bins])
        y = np.array([answers_bin.right for answers_bin in self._bins])
        ends = np.array(
            [wilson(round(answers_bin.right * answers_bin.count), answers_bin.count) for answers_bin in self._bins]
        )
        self.plot.addItem(
            pg.ErrorBarItem(
                x=x, y=y, top=ends[:, 1] - y, bottom=y - ends[:, 0], beam=0.012, pen=pg.mkPen(now.says, width=1)
            )
        )
        self.dots = self.plot.plot(
            x, y, pen=pg.mkPen(now.says, width=2), symbol="o", symbolSize=8, symbolBrush=now.says, symbolPen=None
        )
        for answers_bin in self._bins:
            text = pg.TextItem(f"{answers_bin.count:,}", now.quiet, anchor=(-0.1, 0))
            text.setPos(answers_bin.confidence, answers_bin.right)
            self.plot.addItem(text)
