"""A plot that only answers clicks, for pictures of many fits: needs pyqtgraph, which takes long to import."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPen

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded, guard_library

guard_library(pg.__name__)

# Of lines that are not chosen, from 0 to 255; pixels within which a click is on a line.
_FAINT, _NEAR = 110, 10


class FitsPlot(Guarded, pg.PlotWidget):  # type: ignore[misc]
    """Nothing in it is dragged or zoomed.

    Signals:
        picked(int): the fit of that number was clicked.
        coloured(): the theme is another: what is drawn in its colours is to be drawn anew.
        resized(): it is wider or narrower now.
    """

    picked = Signal(int)
    coloured = Signal()
    resized = Signal()

    _whole = False  # Qt tells of the palette before there are axes

    def __init__(self, name: str) -> None:
        super().__init__()
        self._whole = True
        self.setAccessibleName(name)
        self.setMinimumSize(200, 140)
        self.setMenuEnabled(False)
        self.setMouseEnabled(False, False)
        self.hideButtons()
        self.showGrid(x=True, y=True, alpha=0.15)
        # Here the pointer alone does something: keys have the table beneath it.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for side in ("left", "bottom"):
            self.getAxis(side).enableAutoSIPrefix(False)
            self.getAxis(side).setStyle(tickFont=theme.small(self))
        self.getViewBox().sigResized.connect(lambda *_: self.resized.emit())
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._whole:
            self._colour()
            self.coloured.emit()
        super().changeEvent(event)

    def _colour(self) -> None:
        now = theme.of(self)
        self.setBackground(now.paper)
        for side in ("left", "bottom"):
            self.getAxis(side).setPen(now.line)
            self.getAxis(side).setTextPen(now.quiet)

    def follow_clicks(self, curve: pg.PlotDataItem, number: int) -> None:
        """A click on that curve is one on that fit."""
        curve.setCurveClickable(True, _NEAR)
        curve.sigClicked.connect(lambda *_: self.picked.emit(number))
        curve.sigPointsClicked.connect(lambda *_: self.picked.emit(number))


def line_pen(colour: QColor, chosen: bool) -> QPen:
    """Of a fit's line: the chosen one strong, all others faint."""
    shown = QColor(colour)
    shown.setAlpha(255 if chosen else _FAINT)
    return pg.mkPen(shown, width=3 if chosen else 1.2)
