"""Curves of the fit under way, and of other runs beside it."""

from pathlib import Path
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from capsdraw.fit.events import Event
from capsdraw.fit.series import Series
from capsdraw.paths import replacing
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button

# Milliseconds between two paintings of curves that grow.
_EVERY: Final = 100
# Of runs laid over, in turn; told apart by name in the legend too.
COLOURS: Final = ("#2563d9", "#c2570a", "#2e8b57", "#8a4fbf", "#b3261e", "#0e7c86", "#8b6d00", "#d1468b")
# How a figure's line is drawn: solid for what is trained on, dots for the check.
_PARTS: Final = {
    "loss": ("loss", Qt.PenStyle.SolidLine), "lengths_loss": ("margin loss", Qt.PenStyle.DashLine),
    "reconstruction_loss": ("reconstruction loss", Qt.PenStyle.DotLine),
    "accuracy": ("training", Qt.PenStyle.SolidLine), "lengths_accuracy": ("training", Qt.PenStyle.SolidLine),
}  # fmt: skip
_LOSSES: Final = ("loss", "lengths_loss", "reconstruction_loss")
_ACCURACIES: Final = ("accuracy", "lengths_accuracy")


class Curves(QWidget):
    """Losses at the left, accuracies at the right, both over epochs.

    Attributes:
        loss, accuracy: the plots; smoothing, logarithmic, fit_view, export: the controls.
        said: the values under the pointer.
        series: of the run under way or looked at, or None; others: laid over.

    Signals:
        failed(str): a file could not be written; saved(str): it was.
    """

    failed = Signal(str)
    saved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.series: Series | None = None
        self.others: list[Series] = []
        self.loss, self.accuracy = _plot("Loss"), _plot("Accuracy, %")
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.logarithmic = QCheckBox("Log scale")
        self.fit_view = button("Fit view", "Show all of the curves again (the wheel and a drag zoom and move them)")
        self.export = QToolButton()
        self.said = caption(" ")
        self._crosses = [_Cross(plot, self._say) for plot in (self.loss, self.accuracy)]
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self.draw)
        self.smoothing.valueChanged.connect(lambda _: self.draw())
        self.logarithmic.toggled.connect(lambda on: self.loss.setLogMode(y=on))
        self.fit_view.clicked.connect(self._fit_view)
        self._colour()

    def show_series(self, series: Series | None, others: list[Series] | None = None) -> None:
        """Show a run's curves, and others' laid over (None leaves those)."""
        self.series = series
        if others is not None:
            self.others = others
        self._fit_view()
        self.draw()

    def add(self, event: Event) -> None:
        """Take in what the fit under way tells."""
        if self.series is not None:
            self.series.add(event)
            if not self._timer.isActive():
                self._timer.start()

    def draw(self) -> None:
        """Paint all curves anew."""
        if not self.isVisible():
            return
        for plot in (self.loss, self.accuracy):
            plot.clear()
            for cross in self._crosses:
                cross.add_to(plot)
        runs = ([self.series] if self.series is not None else []) + self.others
        for number, series in enumerate(runs):
            self._draw(series, QColor(COLOURS[number % len(COLOURS)]), alone=len(runs) == 1)
        self._about.setVisible(not any(series.within or series.rows for series in runs))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.draw()

    def _draw(self, series: Series, colour: QColor, alone: bool) -> None:
        smooth = self.smoothing.value() / 100
        names = series.names()
        head = "" if alone else f"{series.title}: "
        for plot, known, factor in ((self.loss, _LOSSES, 1.0), (self.accuracy, _ACCURACIES, 100.0)):
            for name in known:
                if name not in names or (not alone and name not in ("loss", *_ACCURACIES)):
                    continue
                words, style = _PARTS[name]
                thin = pg.mkPen(colour, width=1.5, style=style)
                fine = series.fine_line(name, smooth)
                _line(plot, fine if len(fine[0]) else series.line(name), factor, f"{head}{words}", thin)
                self._draw_check(plot, series, f"val_{name}", f"{head}held-out {words}", colour, factor)

    def _draw_check(
        self, plot: pg.PlotWidget, series: Series, name: str, words: str, colour: QColor, factor: float
    ) -> None:
        """Figures on the held-out images: a dot an epoch."""
        if name.startswith("val_") and name.removeprefix("val_") not in ("loss", *_ACCURACIES):
            return
        places, values = series.line(name)
        if len(places):
            words = words.replace("held-out training", "held-out").replace("held-out loss", "held-out")
            plot.plot(
                places, factor * values, name=words, pen=pg.mkPen(colour, width=2), symbol="o", symbolSize=6,
                symbolBrush=colour, symbolPen=None,
            )  # fmt: skip

    def _say(self, plot: pg.PlotWidget, place: QPointF) -> None:
        """What the curves are at the pointer's epoch."""
        found = []
        for item in plot.listDataItems():
            places, values = item.getOriginalDataset()
            if places is not None and len(places) and item.name():
                nearest = int(np.abs(places - place.x()).argmin())
                found.append(f"{item.name()} {values[nearest]:.4g}")
        self.said.setText(f"epoch {place.x():.1f}   " + "   ".join(found) if found else " ")

    def _fit_view(self) -> None:
        for plot in (self.loss, self.accuracy):
            plot.enableAutoRange()

    def _colour(self) -> None:
        now = theme.of(self)
        for plot in (self.loss, self.accuracy):
            plot.setBackground(now.paper)
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(now.line)
                axis.setTextPen(now.quiet)
            plot.getPlotItem().legend.setLabelTextColor(now.text)
            plot.getPlotItem().titleLabel.setText(plot.getPlotItem().titleLabel.text, color=now.text.name())
        for cross in self._crosses:
            cross.colour(now.quiet)

    def _ask_csv(self) -> None:
        if self.series is not None:
            name, _ = QFileDialog.getSaveFileName(self, "Save the figures", "curves.csv", "CSV (*.csv)")
            if name:
                self.save_csv(Path(name))

    def _ask_png(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the curves", "curves.png", "PNG (*.png)")
        if name:
            self.save_png(Path(name))

    def save_csv(self, path: Path) -> None:
        """Write the figures of the run that is shown, an epoch a line."""
        assert self.series is not None
        text = self.series.csv()
        self._save(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))

    def save_png(self, path: Path) -> None:
        """Write both plots as they are seen."""
        picture = self._plots.grab()
        self._save(path, lambda temporary: picture.save(str(temporary), "PNG"))

    def _save(self, path: Path, write: object) -> None:
        try:
            with replacing(path) as temporary:
                if write(temporary) is False:  # type: ignore[operator]
                    raise OSError("the picture could not be written")
        except OSError as error:
            self.failed.emit(f"cannot write '{path.name}': {error.strerror or error}")
        else:
            self.saved.emit(f"Saved {path.name}")

    def _lay_out(self) -> None:
        self.smoothing.setRange(0, 99)
        self.smoothing.setFixedWidth(120)
        self.smoothing.setAccessibleName("Smoothing")
        self.export.setText("Export")
        self.export.setAutoRaise(True)
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.export)
        menu.addAction("Curves as PNG …", self._ask_png)
        menu.addAction("Figures as CSV …", self._ask_csv)
        self.export.setMenu(menu)
        self._about = caption("No curve yet: start a fit, or tick runs to compare in Runs.")
        controls = QHBoxLayout()
        controls.setSpacing(theme.GRID)
        for widget in (QLabel("Smoothing"), self.smoothing, self.logarithmic):
            controls.addWidget(widget)
        controls.addStretch()
        controls.addWidget(self.fit_view)
        controls.addWidget(self.export)
        self._plots = QWidget()
        plots = QHBoxLayout(self._plots)
        plots.setContentsMargins(0, 0, 0, 0)
        plots.setSpacing(theme.GRID)
        plots.addWidget(self.loss)
        plots.addWidget(self.accuracy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(controls)
        layout.addWidget(self._about)
        layout.addWidget(self._plots, 1)
        layout.addWidget(self.said)


class _Cross:
    """A thin upright line under the pointer."""

    def __init__(self, plot: pg.PlotWidget, say: object) -> None:
        self._plot, self._say = plot, say
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._line.hide()
        plot.scene().sigMouseMoved.connect(self._move)

    def add_to(self, plot: pg.PlotWidget) -> None:
        if plot is self._plot:
            plot.addItem(self._line, ignoreBounds=True)

    def colour(self, colour: QColor) -> None:
        self._line.setPen(pg.mkPen(colour, width=1))

    def _move(self, place: QPointF) -> None:
        if self._plot.sceneBoundingRect().contains(place):
            point = self._plot.getPlotItem().vb.mapSceneToView(place)
            self._line.setPos(point.x())
            self._line.show()
            self._say(self._plot, point)  # type: ignore[operator]


def _plot(title: str) -> pg.PlotWidget:
    plot = pg.PlotWidget()
    plot.setTitle(title, size="10pt")
    plot.setLabel("bottom", "epoch")
    plot.addLegend(offset=(-8, 8) if title == "Loss" else (-8, -8), labelTextSize="8pt")
    plot.showGrid(x=True, y=True, alpha=0.15)
    plot.setMinimumSize(240, 200)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setAccessibleName(title)
    return plot


def _line(plot: pg.PlotWidget, line: tuple[np.ndarray, np.ndarray], factor: float, name: str, pen: object) -> None:
    places, values = line
    if len(places):
        plot.plot(places, factor * values, name=name, pen=pen)
