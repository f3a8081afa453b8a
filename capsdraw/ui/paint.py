"""Painting strokes and ink with Qt: functions of plain data."""

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from capsdraw.ink.raster import Raster
from capsdraw.ink.sketch import PEN_WIDTH
from capsdraw.ink.strokes import Stroke


def paint_stroke(painter: QPainter, stroke: Stroke, colour: QColor) -> None:
    """Paint one stroke in the painter's units, as wide as its pen and its pressure say."""
    widths = stroke.widths(PEN_WIDTH)
    points = [QPointF(x, y) for x, y in stroke.points]
    pen = QPen(colour, float(widths[0]), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if len(points) == 1:
        painter.drawPoint(points[0])
    elif stroke.pressure is None:
        painter.drawPolyline(points)
    else:
        for start, end, width in zip(points, points[1:], (widths[:-1] + widths[1:]) / 2, strict=False):
            pen.setWidthF(float(width))
            painter.setPen(pen)
            painter.drawLine(start, end)


def ink_image(ink: Raster, colour: QColor) -> QImage:
    """A raster in [0, 1] as an image of `colour`, transparent where there is no ink."""
    rows, columns = ink.shape
    alpha = ink[..., None].clip(0, 1)
    rgba = alpha * np.array([colour.red(), colour.green(), colour.blue(), 255], np.float32)
    pixels = np.ascontiguousarray(np.rint(rgba), dtype=np.uint8)
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888_Premultiplied).copy()


def paint_ring(painter: QPainter, centre: QPointF, radius: float, colour: QColor) -> None:
    """A thin circle: how wide the eraser is."""
    painter.setPen(QPen(colour, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(centre, radius, radius)
