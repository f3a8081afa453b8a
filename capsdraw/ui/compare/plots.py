"""The models' scores along a dial: the only file of this view that needs pyqtgraph, which takes long to import."""

from collections.abc import Sequence
from html import escape
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from capsdraw.datasets.moves import MoveKind
from capsdraw.lab.dial import Curve, Sweep
from capsdraw.ui.compare.column import colour, style
from capsdraw.ui.lined_plot import LinedPlot

# Of a longer name of a class, letters that have room along the upright axis: its beginning and its end.
_NAME: Final = 12


class DialPlot(LinedPlot):
    """Curves, a thin upright line where each model breaks, and one where the dial stands, to be dragged."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Scores along the dial", parent)

    def clear(self) -> None:
        # Of which class is not known any more.
        super().clear()
        self._call("score")

    def draw(self, along: Sweep, curves: Sequence[tuple[int, Curve]], followed: str) -> None:
        """Draw the curves anew, each with the number that its colour and dashes go by."""
        self.plot.clear()
        self.range(along.kind)
        name = followed if len(followed) <= _NAME else f"{followed[: _NAME // 2]}…{followed[-_NAME // 2 :]}"
        self._call(f"score of {name}")
        for index, curve in curves:
            pen = pg.mkPen(colour(index), width=2, style=style(index))
            self.plot.plot(along.positions, curve.scores, pen=pen, name=curve.model)
            for broken in {curve.below, curve.above} - {None}:
                # Where it is misread at once, both stand at the still amount.
                mark = pg.mkPen(colour(index), width=1, style=Qt.PenStyle.DashLine)
                self.plot.addItem(pg.InfiniteLine(broken, angle=90, pen=mark))
        self.plot.addItem(self.line, ignoreBounds=True)

    def _call(self, scores: str) -> None:
        """What the upright axis shows."""
        axis = self.plot.getAxis("left")
        axis.setLabel(escape(scores))
        # A label stands where its last words were in the middle, until the axis is as large as it was not.
        axis.resizeEvent()

    def range(self, kind: MoveKind) -> None:
        """The axis is that dial's."""
        self.plot.setLabel("bottom", f"{kind.name}, {kind.unit}")
        self.set_ends(kind.low, kind.high)
