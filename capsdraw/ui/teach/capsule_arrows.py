"""Capsules as arrows: each as long as its class's bar."""

from math import hypot
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.formatting import class_name
from capsdraw.nets.reading import Floats
from capsdraw.teach.glimpse import Glimpse
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded
from capsdraw.ui.teach.slate import LEFT, Slate

_HEIGHT: Final = 18 * theme.GRID
# Shorter ones are not named: their names would lie on one another.
_NAMED: Final = 0.3


class CapsuleArrows(Guarded, QWidget):
    """All classes' capsules from one point; lengths are true, directions are those of two of the numbers.

    Attributes:
        glimpse: whose capsules are shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.glimpse = Glimpse()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Capsules as arrows")

    def show_capsules(self, glimpse: Glimpse) -> None:
        """Show those."""
        self.glimpse = glimpse
        if glimpse.numbers is not None:
            length = float(np.linalg.norm(glimpse.numbers))
            self.setAccessibleDescription(f"the longest: {glimpse.name}, {length:.2f}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(40 * theme.GRID, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(30 * theme.GRID, _HEIGHT)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.tabular(theme.small(self)))
        slate = Slate(painter, colours, self.glimpse)
        radius = self.height() / 2 - 4
        middle = QPointF(radius + 6, self.height() / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for length, style in ((1.0, Qt.PenStyle.SolidLine), (0.9, Qt.PenStyle.DashLine), (0.1, Qt.PenStyle.DashLine)):
            painter.setPen(QPen(colours.line, 1, style))
            painter.drawEllipse(middle, length * radius, length * radius)
        capsules, label = self.glimpse.capsules, self.glimpse.label
        beside = QRectF(middle.x() + radius + 16, 4, self.width() - middle.x() - radius - 16, 18)
        if capsules is None or label is None:
            slate.words(beside, "Draw a digit", how=LEFT)
            return
        ends = directions(capsules, label)
        order = [index for index in range(len(ends)) if index != label] + [label]
        for index in order:
            wins = index == label
            end = middle + QPointF(ends[index][0], -ends[index][1]) * radius
            slate.arrow(middle, end, colours.says if wins else colours.quiet, 3 if wins else 1.5)
        lengths = np.linalg.norm(capsules, axis=1)
        long = [index for index in np.argsort(-lengths, kind="stable")[:4].tolist() if lengths[index] > _NAMED]
        for number, index in enumerate(long or [label]):
            words = f"{class_name(self.glimpse.names, index)}: length {lengths[index]:.2f}"
            place = beside.translated(0, 20 * number)
            slate.words(place, words, colours.says if index == label else colours.quiet, LEFT)
        for number, words in enumerate(("outer circle: 1", "dashed: 0.9 and 0.1")):
            slate.words(beside.translated(0, self.height() - 46 + 18 * number), words, how=LEFT)


def directions(capsules: Floats, label: int) -> list[tuple[float, float]]:
    """Of each capsule (C, K) a point in the plane, x and y: as far from the middle as it is long.

    The plane is that of the two largest numbers of capsule `label`; a capsule that has nothing there points upwards.
    """
    first, second = np.argsort(-np.abs(capsules[label]), kind="stable")[:2].tolist()
    points = []
    for capsule in capsules:
        length, x, y = float(np.linalg.norm(capsule)), float(capsule[first]), float(capsule[second])
        seen = hypot(x, y)
        points.append((length * x / seen, length * y / seen) if seen > 1e-9 else (0.0, length))
    return points
