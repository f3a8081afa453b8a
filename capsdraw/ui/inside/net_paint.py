"""Paints a layer's line, frames and the ways between layers: functions of plain data."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from capsdraw.formatting import class_name, many, times
from capsdraw.lab.anatomy import Anatomy, LayerInfo
from capsdraw.lab.trace import LayerTrace, Trace
from capsdraw.ui import theme
from capsdraw.ui.digit_view import image_of

_LANE: Final = 4 * theme.GRID
_THUMB: Final = 5 * theme.GRID
_FIGURES: Final = 16 * theme.GRID
# Words take that much before pictures do, where there is room.
_WORDS: Final = 44 * theme.GRID
# So much is left to them however large three pictures could be.
_LEAST_WORDS: Final = 31 * theme.GRID
_BAR: Final = 15 * theme.GRID


@dataclass(frozen=True)
class LayerRow:
    """What is to be painted of a layer: where, what the drawing makes of it, whether it is pointed at."""

    layer: LayerInfo
    place: QRectF
    stop: LayerTrace | None
    hot: bool
    names: tuple[str, ...]

    @property
    def low(self) -> bool:
        """Whether there is room for one line of words only."""
        return self.place.height() < _THUMB

    @property
    def thumb(self) -> float:
        """Side of its pictures."""
        return self.place.height() - 2 * theme.GRID

    @property
    def thumbs(self) -> QRectF:
        """Where the pictures stand: as much as words and figures leave."""
        width = min(max(self.place.width() - _LANE - _WORDS - _FIGURES, 3 * (self.thumb + 3)), 8 * (self.thumb + 3))
        return QRectF(self.place.left() + _LANE, self.place.center().y() - self.thumb / 2, width, self.thumb)

    @property
    def words(self) -> QRectF:
        """Where its words stand."""
        left = self.place.left() + _LANE if self.low else self.thumbs.right() + 2 * theme.GRID
        return QRectF(left, self.place.top(), self.place.right() - _FIGURES - left, self.place.height())


def highest(width: float) -> float:
    """How high a line so wide may be, pixels: beside three pictures there is room for words."""
    return (width - _LANE - 2 * theme.GRID - _LEAST_WORDS - _FIGURES) / 3 - 3 + 2 * theme.GRID


def paint_frame(painter: QPainter, place: QRectF, title: str, widget: QWidget) -> None:
    """A frame round a part of the net, with a title."""
    colours = theme.of(widget)
    painter.setPen(QPen(colours.line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place, theme.GRID, theme.GRID)
    painter.setFont(theme.small(widget))
    painter.setPen(colours.quiet)
    head = place.adjusted(theme.GRID + _LANE, theme.GRID, 0, 0)
    painter.drawText(head, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)


def paint_ways(
    painter: QPainter, colours: theme.Theme, anatomy: Anatomy, rows: list[QRectF], trace: Trace | None
) -> None:
    """From layer to layer, blue where a drawing goes; past others in a bow."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colours.line if trace is None else colours.says, 2))
    for source, target in anatomy.edges:
        start, end = _node(rows[source]), _node(rows[target])
        path = QPainterPath(start)
        if target == source + 1:
            path.lineTo(end)
        else:
            side = start.x() - 1.5 * theme.GRID
            path.cubicTo(QPointF(side, start.y() + 12), QPointF(side, end.y() - 12), end)
        painter.drawPath(path)


def paint_line(painter: QPainter, line: LayerRow, widget: QWidget) -> None:
    """A layer: its node, its pictures, its words, its figures."""
    colours = theme.of(widget)
    if line.hot:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.track)
        painter.drawRoundedRect(line.place.adjusted(_LANE - 4, 1, 0, -1), 4, 4)
    painter.setPen(QPen(colours.line if line.stop is None else colours.says, 2))
    painter.setBrush(colours.window if line.low or line.stop is None else colours.says)
    size = 2.5 if line.low else 4.5
    painter.drawEllipse(_node(line.place), size, size)
    if not line.low:
        _paint_thumbs(painter, line, colours)
    _paint_words(painter, line, widget)
    _paint_figures(painter, line, widget)


def _paint_thumbs(painter: QPainter, line: LayerRow, colours: theme.Theme) -> None:
    if line.stop is None:
        painter.setPen(QPen(colours.line, 1, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(line.thumbs.left() + 0.5, line.thumbs.top() + 0.5, line.thumb - 1, line.thumb - 1))
        return
    x = line.thumbs.left()
    for picture in line.stop.pictures:
        rows, columns = picture.shape[:2]
        wide = min(line.thumb * columns / rows, line.thumbs.width())
        if x + wide > line.thumbs.right() + 1:
            break
        # Few numbers are a band of cells.
        high = line.thumb if rows > 1 else min(line.thumb, wide / columns)
        place = QRectF(x, line.thumbs.center().y() - high / 2, wide, high)
        painter.drawImage(place, image_of(picture))
        painter.setPen(QPen(colours.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)
        if rows == 1:
            for column in range(1, columns):
                edge = place.left() + column * wide / columns
                painter.drawLine(QPointF(edge, place.top()), QPointF(edge, place.bottom()))
        winner = _winner(line.stop, place, rows, columns)
        if winner is not None:
            painter.setPen(QPen(colours.says, 2))
            painter.drawRect(winner)
        x += wide + 3


def _winner(stop: LayerTrace, place: QRectF, rows: int, columns: int) -> QRectF | None:
    """Where in a picture that lies there the cell, or the line, is that stands out."""
    if stop.winner is None:
        return None
    wide, high = place.width() / columns, place.height() / rows
    if stop.in_lines:
        return QRectF(place.left(), place.top() + stop.winner * high, place.width(), high)
    row, column = divmod(stop.winner, columns)
    return QRectF(place.left() + column * wide, place.top() + row * high, wide, high)


def _paint_words(painter: QPainter, line: LayerRow, widget: QWidget) -> None:
    colours = theme.of(widget)
    place = line.words
    left, name = place.left(), line.layer.title
    if line.low:
        painter.setFont(theme.tabular(theme.small(widget)))
        painter.setPen(colours.quiet)
        shape = painter.fontMetrics().horizontalAdvance(times(line.layer.shape, grouped=True))
        place.setRight(line.place.right() - shape - 3 * theme.GRID)
        _elided(painter, place, line.layer.says)
        return
    painter.setFont(QFont(widget.font()))
    painter.setPen(colours.text)
    high = painter.fontMetrics().height()
    share = None if line.stop is None else line.stop.share
    top = line.place.center().y() - high - (0 if share is None else 3)
    _elided(painter, QRectF(left, top, place.width(), high), line.layer.says)
    painter.setFont(theme.tabular(theme.small(widget)))
    painter.setPen(colours.quiet)
    wide = painter.fontMetrics().horizontalAdvance(name) + theme.GRID
    _elided(painter, QRectF(left, top + high, place.width(), high), name)
    painter.setPen(colours.says)
    _elided(painter, QRectF(left + wide, top + high, place.width() - wide, high), _said(line))
    if share is not None:
        bar = QRectF(left, top + 2 * high + 2, min(_BAR, place.width()), 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.line)
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(colours.says)
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), 2, 2)


def _said(line: LayerRow) -> str:
    """What the drawing makes the layer answer."""
    stop = line.stop
    if stop is None:
        return ""
    if stop.winner is not None:
        name = class_name(line.names, stop.winner)
        if line.layer.kind == "mask":
            return f"only capsule {name} is passed on"
        return f"{name}, {stop.answer}" if line.layer.kind == "capsules" else f"{name}: {stop.answer}"
    strongest = f"; strongest {', '.join(str(index + 1) for index in stop.numbers[:3])}" if stop.numbers else ""
    return f"{stop.answer}{strongest}"


def _paint_figures(painter: QPainter, line: LayerRow, widget: QWidget) -> None:
    """Shape over parameters, at the right."""
    colours = theme.of(widget)
    right = line.place.right() - theme.GRID
    place = QRectF(right - _FIGURES, line.place.top(), _FIGURES, line.place.height())
    painter.setFont(theme.tabular(theme.small(widget)))
    shape = times(line.layer.shape, grouped=True)
    end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.setPen(colours.quiet)
    if line.low or not line.layer.parameters:
        painter.drawText(place, end, shape)
        return
    high = painter.fontMetrics().height()
    top = line.place.center().y() - high
    painter.drawText(QRectF(place.left(), top, place.width(), high), end, shape)
    painter.setPen(colours.text)
    painter.drawText(
        QRectF(place.left(), top + high, place.width(), high), end, many(line.layer.parameters, "parameter")
    )


def _elided(painter: QPainter, place: QRectF, text: str) -> None:
    painter.drawText(
        place,
        Qt.AlignmentFlag.AlignVCenter,
        painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(place.width())),
    )


def _node(row: QRectF) -> QPointF:
    return QPointF(row.left() + 2 * theme.GRID, row.center().y())
