"""The errors of many fits over one of their fields, or over all: needs pyqtgraph, which takes long to import."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics

from capsdraw.sweep.sweep_results import FitResult
from capsdraw.sweep.sweep_spread import SEED, SpreadLine, spread_over, values_along
from capsdraw.sweep.varied import Value
from capsdraw.ui import theme
from capsdraw.ui.train.fits_plot import FitsPlot, line_pen
from capsdraw.ui.train.several_choice import heading, value_words

_ERROR: Final = "Held-out error"
# Values that are written beside an upright axis, at most.
_MOST: Final = 6
# Places of an axis by which lines that belong to the same value stand apart, so that bars do not hide one another.
_APART: Final = 0.06


class FieldPicture(FitsPlot):
    """A dot a fit; or, over all fields, a line a fit through an upright axis for each."""

    def __init__(self) -> None:
        super().__init__("Held-out error over the fields")
        self._results: Sequence[FitResult] = ()
        self._colours: Sequence[QColor] = ()
        self._field, self._fields, self._chosen = "", list[str](), -1
        self._ticks: list[str] = []
        self.resized.connect(self._write_ticks)
        self.coloured.connect(self._draw)

    def show_fits(
        self, results: Sequence[FitResult], colours: Sequence[QColor], fields: Sequence[str], field: str
    ) -> None:
        """Show fits over one of `fields`, or, where `field` is "", over all."""
        self._results, self._colours, self._fields, self._field = results, colours, list(fields), field
        self._draw()

    def choose(self, number: int) -> None:
        """That fit stands out."""
        if number != self._chosen:
            self._chosen = number
            self._draw()

    def _draw(self) -> None:
        self.clear()
        if self._field:
            self._draw_over(self._field)
        elif self._fields:
            self._draw_all()

    def _draw_over(self, field: str) -> None:
        now, order = theme.of(self), values_along(field, self._results)
        self.setLabel("bottom", heading(field))
        self.setLabel("left", f"{_ERROR}, %")
        self.showAxis("left")
        self.getViewBox().enableAutoRange(y=True)
        self.setXRange(-0.5, max(len(order) - 0.5, 0.5), padding=0)
        self._ticks = [value_words(field, value) for value in order]
        self._write_ticks()
        lines = spread_over(field, self._results)
        for index, line in enumerate(lines):
            aside = _APART * (index - (len(lines) - 1) / 2) / max(1, len(lines) / 4)
            self._draw_line(line, order, aside, field, now)

    def _draw_line(self, line: SpreadLine, order: Sequence[Value], aside: float, field: str, now: theme.Theme) -> None:
        places = [order.index(point.value) + aside for point in line.points]
        inks = {self._colours[number].name() for point in line.points for number in point.numbers}
        # A line has its fits' colour, where they have one.
        ink = QColor(inks.pop()) if len(inks) == 1 else now.quiet
        means = [(x, point.mean, point.counted) for x, point in zip(places, line.points, strict=True) if point.counted]
        several = [(x, mean, max(errors), min(errors)) for x, mean, errors in means if len(errors) > 1]
        if several:
            x, middles, highs, lows = np.array(several, np.float64).T
            bars = {"top": highs - middles, "bottom": middles - lows, "beam": 0.08}
            self.addItem(pg.ErrorBarItem(x=x, y=middles, pen=pg.mkPen(ink, width=1.5), **bars))
        if field != SEED and not any(isinstance(value, str) for value in order):  # between words there is nothing
            self.plot([x for x, *_ in means], [mean for _, mean, _ in means], pen=pg.mkPen(ink, width=1.5))
        dots = [
            {"pos": (x, error), "data": number, **self._dot(number, finished, now)}
            for x, point in zip(places, line.points, strict=True)
            for number, error, finished in zip(point.numbers, point.errors, point.finished, strict=True)
        ]
        cloud = pg.ScatterPlotItem(spots=dots)
        cloud.sigClicked.connect(lambda _, hit, *__: self.picked.emit(int(hit[0].data())))
        self.addItem(cloud)

    def _dot(self, number: int, finished: bool, now: theme.Theme) -> dict[str, object]:
        """Hollow where the fit is not finished; the chosen one large, in the colour of words around it."""
        chosen, ink = number == self._chosen, self._colours[number]
        frame = pg.mkPen(now.text if chosen else now.paper if finished else ink, width=2 if chosen else 1.5)
        return {"size": 13 if chosen else 9, "brush": pg.mkBrush(ink if finished else now.paper), "pen": frame}

    def _draw_all(self) -> None:
        """A line a fit, from its values to its error."""
        now = theme.of(self)
        for side, words in (("bottom", ""), ("left", "")):
            self.setLabel(side, words)
        self.hideAxis("left")
        self.setXRange(-0.3, len(self._fields) + 0.4, padding=0)
        self.setYRange(-0.05, 1.05, padding=0)
        self._ticks = [*map(heading, self._fields), _ERROR]
        self._write_ticks()
        axes = [values_along(field, self._results) for field in self._fields]
        known = [error for result in self._results if (error := result.held_out_error_percent) is not None]
        low, high = min(known, default=0.0), max(known, default=1.0)
        for x in range(len(self._ticks)):
            self.addItem(pg.InfiniteLine(pos=x, angle=90, pen=pg.mkPen(now.line, width=1)))
        for number, result in enumerate(self._results):
            error = result.held_out_error_percent
            if error is None or any(field not in result.values for field in self._fields):
                continue
            heights = [
                _height(axis.index(result.values[field]), len(axis))
                for field, axis in zip(self._fields, axes, strict=True)
            ]
            heights.append((error - low) / (high - low) if high > low else 0.5)
            chosen = number == self._chosen
            curve = self.plot(range(len(heights)), heights, pen=line_pen(self._colours[number], chosen))
            curve.setZValue(2 if chosen else 1)
            self.follow_clicks(curve, number)
        for x, (field, axis) in enumerate(zip(self._fields, axes, strict=True)):
            self._write(x, [(_height(at, len(axis)), value_words(field, axis[at])) for at in _some(len(axis))])
        if known:
            self._write(
                len(self._fields),
                [(0.0, f"{low:.2f}%"), (1.0, f"{high:.2f}%")] if high > low else [(0.5, f"{low:.2f}%")],
            )

    def _write(self, x: int, words: Sequence[tuple[float, str]]) -> None:
        now = theme.of(self)
        ground = QColor(now.paper)
        ground.setAlpha(200)  # lines go on behind it
        for height, text in words:
            label = pg.TextItem(text, now.text, anchor=(0, 0.5), fill=ground)
            label.setFont(theme.small(self))
            label.setPos(x, height)
            label.setZValue(3)
            self.addItem(label)

    def _write_ticks(self) -> None:
        """As many as there is room for, each as long as there is room."""
        count = max(len(self._ticks), 1)
        metrics = QFontMetrics(theme.small(self))
        room = max(self.getViewBox().width() / count, 1)
        widest = max((metrics.horizontalAdvance(text) for text in self._ticks), default=0)
        # Words are cut; of many numbers some are left out.
        step = 1 if count <= 2 * _MOST else -(-count // _MOST)
        shown = [
            (
                place,
                metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(room * step) - 4) if widest > room else text,
            )
            for place, text in list(enumerate(self._ticks))[::step]
        ]
        self.getAxis("bottom").setTicks([shown])


def _height(place: int, count: int) -> float:
    """Of a value on an upright axis from 0 to 1."""
    return place / (count - 1) if count > 1 else 0.5


def _some(count: int) -> list[int]:
    """Places of values that are written: all, or some of them, the first and the last among them."""
    if count <= _MOST:
        return list(range(count))
    return sorted({round(step * (count - 1) / (_MOST - 1)) for step in range(_MOST)})
