"""Scores along the pen's way, a curve a class: the only file of this view that needs pyqtgraph, slow to import."""

from collections.abc import Callable
from typing import Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from capsdraw.lab.timeline import Timeline
from capsdraw.nets.catalog import NetKind
from capsdraw.ui import theme
from capsdraw.ui.lined_plot import LinedPlot

# Of the class that scored most after the one that was read; orange is the line's own.
_RIVAL: Final = theme.SERIES[3]
_TICKS: Final = [(share / 100, f"{share}%") for share in (0, 25, 50, 75, 100)]


class TimelinePlot(LinedPlot):
    """The winner strong and blue, its rival dashed, all others pale; classes that were read are named at their curves.

    Attributes:
        timeline: that is shown, or None.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Scores along the drawing", parent)
        self.timeline: Timeline | None = None
        self._name: Callable[[int], str] = str
        self.plot.setYRange(0, 1.08, padding=0)
        self.plot.setLabel("bottom", "share of the drawing, along the pen's way")
        axis = self.plot.getAxis("bottom")
        axis.setTicks([_TICKS])
        # Upright lines are the strokes' ends; and a grid would hide the ticks that stand half beyond the axis.
        self.plot.showGrid(x=False, y=True, alpha=0.15)
        axis.setStyle(hideOverlappingLabels=3 * theme.GRID)
        self.plot.getPlotItem().setContentsMargins(0, 0, 2.5 * theme.GRID, 0)
        self.plot.scene().sigMouseClicked.connect(self._click)
        self.set_ends(0.0, 1.0)

    def show_timeline(self, timeline: Timeline | None, name: Callable[[int], str]) -> None:
        """Draw the curves of a timeline, or none; `name` is what a class is called."""
        self.timeline, self._name = timeline, name
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        self.plot.clear()
        timeline, now = self.timeline, theme.of(self)
        if timeline is None:
            self.plot.setLabel("left", "")
            return
        lengths = timeline.last.reading.kind == NetKind.CAPSULE
        self.plot.setLabel("left", "length of the capsule" if lengths else "probability")
        for end in timeline.way.ends[:-1].tolist():
            self._upright(end, now.line, Qt.PenStyle.SolidLine)
        if timeline.last.verdict.names_a_class:
            self._upright(timeline.settled.share, now.says, Qt.PenStyle.DashLine)
        winner, rival = timeline.last.reading.label, timeline.rival
        strong = {rival: pg.mkPen(_RIVAL, width=2, style=Qt.PenStyle.DashLine), winner: pg.mkPen(now.says, width=3)}
        pale = pg.mkPen(now.quiet, width=1)
        pale.setColor(_faint(now.quiet))
        for label in [*(set(range(timeline.scores.shape[1])) - set(strong)), *strong]:
            if label is not None:
                self.plot.plot(timeline.shares, timeline.scores[:, label], pen=strong.get(label, pale))
        self._name_curves(timeline, {winner: now.says, rival: QColor(_RIVAL)}, now.quiet)
        self.plot.addItem(self.line, ignoreBounds=True)

    def _upright(self, share: float, colour: QColor, style: Qt.PenStyle) -> None:
        self.plot.addItem(pg.InfiniteLine(share, angle=90, pen=pg.mkPen(colour, width=1, style=style)))

    def _name_curves(self, timeline: Timeline, colours: dict[int | None, QColor], others: QColor) -> None:
        """The rival and each class that was read, at the highest point of its curve."""
        rival = () if timeline.rival is None else (timeline.rival,)
        for label in {*(label for label, _ in timeline.answers), *rival}:
            top = int(timeline.scores[:, label].argmax())
            text = pg.TextItem(self._name(label)[:12], colours.get(label, others), anchor=(0.5, 1.0))
            text.setPos(float(timeline.shares[top].clip(0.02, 0.98)), float(timeline.scores[top, label]))
            self.plot.addItem(text, ignoreBounds=True)

    def _click(self, event: object) -> None:
        """A click anywhere on the curves takes the line there."""
        place = self.plot.getViewBox().mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        if self.timeline is not None:
            self.moved.emit(float(place.x()))


def _faint(colour: QColor) -> QColor:
    faint = QColor(colour)
    faint.setAlphaF(0.45)
    return faint
