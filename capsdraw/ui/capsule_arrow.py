"""A capsule as it is painted everywhere: a circle for the length 1, a disc as large as it is long, and its arrow."""

from dataclasses import dataclass
from math import hypot
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

# Pixels: an arrow that is shorter has no head.
_LEAST: Final = 5.0


@dataclass(frozen=True)
class UnitCircle:
    """Where a capsule is painted: the circle round `centre`, `radius` pixels away from it, is the length 1."""

    centre: QPointF
    radius: float

    def at(self, x: float, y: float) -> QPointF:
        """Where a vector from the centre ends; y goes up."""
        return self.centre + QPointF(x, -y) * self.radius


def paint_capsule(
    painter: QPainter,
    circle: UnitCircle,
    arrow: tuple[float, float],
    length: float,
    line: QColor,
    says: QColor,
    width: float,
) -> None:
    """A capsule in its circle.

    Args:
        arrow: of two of its directions, x to the right and y up; no longer than `length`.
        line: the colour of the circle; says: of the rest.
        width: of the arrow's shaft, in pixels.
    """
    paint_length(painter, circle, length, line, says)
    paint_arrow(painter, circle.centre, circle.at(*arrow), says, width)


def paint_length(painter: QPainter, circle: UnitCircle, length: float, line: QColor, says: QColor) -> None:
    """The circle of the length 1, and in it the disc of a capsule's own."""
    painter.setPen(QPen(line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(circle.centre, circle.radius, circle.radius)
    disc = QColor(says)
    disc.setAlphaF(0.3 * says.alphaF())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(disc)
    painter.drawEllipse(circle.centre, circle.radius * length, circle.radius * length)


def paint_arrow(painter: QPainter, start: QPointF, tip: QPointF, colour: QColor, width: float) -> None:
    """A shaft with a head, which grows with it; what is short has a shaft alone."""
    way = tip - start
    long = hypot(way.x(), way.y())
    if long <= _LEAST:
        painter.setPen(QPen(colour, width))
        painter.drawLine(start, tip)
        return
    along = way / long
    across = QPointF(-along.y(), along.x())
    half = 2.5 + 0.75 * width
    deep = min(1.6 * half, long)
    # The shaft ends within the head: a thick one would be seen beside its point.
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(start, tip - along * (0.8 * deep))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, tip - along * deep + across * half, tip - along * deep - across * half]))
