"""One class of routing, painted: the votes for it as arrows, the capsule that gathers them, and its length as a bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from capsdraw.ui.capsule_arrow import UnitCircle, paint_arrow, paint_length
from capsdraw.ui.theme import GRID, Theme

_BAR: Final = 10.0
_ROOM: Final = 5.0 * GRID  # of the bar, with its figure
# The width of a shaft for a whole capsule, in parts of the circle's radius; of the least one, in pixels.
_SHAFT: Final = 0.09
_LEAST: Final = 1.5


@dataclass(frozen=True)
class PaintedVote:
    """A vote as it is painted.

    Attributes:
        x, y: its end, in lengths of the panel's circle, to the right and up.
        coupling: from 0 to 1: how thick it is.
        colour: its own, for a coupling of 1.
    """

    x: float
    y: float
    coupling: float
    colour: QColor


@dataclass(frozen=True)
class Panel:
    """Where the parts of one class' picture stand.

    Attributes:
        box: all of it; title: its head; circle: of the length 1; bar: its full length, as high as the circle's radius.
    """

    box: QRectF
    title: QRectF
    circle: UnitCircle
    bar: QRectF

    @classmethod
    def within(cls, box: QRectF, head: float) -> "Panel":
        """Of a box, with a head of that height; the picture stands in the middle of what is left."""
        inner = box.adjusted(GRID, GRID / 2, -GRID, -GRID)
        radius = max(min((inner.width() - _ROOM - GRID) / 2, (inner.height() - head) / 2), 4.0)
        wide = 2 * radius + GRID + _ROOM
        centre = QPointF(
            inner.center().x() - wide / 2 + radius, inner.top() + head + (inner.height() - head) / 2
        )  # fmt: skip
        bar = QRectF(centre.x() + radius + GRID, centre.y() - radius, _BAR, radius)
        return cls(box, QRectF(inner.left(), inner.top(), inner.width(), head), UnitCircle(centre, radius), bar)


def paint_ground(painter: QPainter, panel: Panel, colours: Theme, held: bool) -> None:
    """The paper beneath a panel; that of the class that is held has a frame of its own."""
    painter.setPen(QPen(colours.says if held else colours.line, 2 if held else 1))
    painter.setBrush(colours.paper)
    painter.drawRoundedRect(panel.box.adjusted(1, 1, -1, -1), 6, 6)


def paint_titles(
    painter: QPainter, panel: Panel, name: str, note: str, fonts: tuple[QFont, QFont], colours: Theme
) -> None:
    """The class' name at the left, a note at the right where there is room for it; `fonts`: of the two."""
    painter.setFont(fonts[0])
    painter.setPen(colours.text)
    wide = painter.fontMetrics().horizontalAdvance(name)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.drawText(
        panel.title,
        middle,
        painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(panel.title.width())),
    )
    painter.setFont(fonts[1])
    if wide + painter.fontMetrics().horizontalAdvance(note) + 2 * GRID <= panel.title.width():
        painter.setPen(colours.quiet)
        painter.drawText(panel.title, middle | Qt.AlignmentFlag.AlignRight, note)


def paint_votes(painter: QPainter, panel: Panel, votes: Sequence[PaintedVote], colours: Theme) -> None:
    """The votes, the thinnest first: what counts lies on top."""
    for vote in sorted(votes, key=lambda one: one.coupling):
        width = max(_SHAFT * panel.circle.radius * vote.coupling, _LEAST)
        # Mixed with the paper instead of transparent: head and shaft lie over one another.
        colour = _mixed(colours.paper, vote.colour, 0.45 + 0.55 * vote.coupling)
        paint_arrow(painter, panel.circle.centre, panel.circle.at(vote.x, vote.y), colour, width)


def paint_gathered(
    painter: QPainter, panel: Panel, arrow: tuple[float, float], length: float, figures: QFont, colours: Theme
) -> None:
    """The capsule's arrow, and its length as a bar that is as high as the disc reaches."""
    circle, bar = panel.circle, panel.bar
    paint_arrow(painter, circle.centre, circle.at(*arrow), colours.says, max(0.035 * circle.radius, 2.5))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.track)
    painter.drawRoundedRect(bar, 3, 3)
    painter.setBrush(colours.says)
    high = bar.height() * min(max(length, 0.0), 1.0)
    painter.drawRoundedRect(QRectF(bar.left(), bar.bottom() - high, bar.width(), high), min(3.0, high / 2), 3)
    painter.setPen(QPen(colours.says, 1, Qt.PenStyle.DotLine))
    painter.drawLine(QPointF(circle.centre.x(), bar.bottom() - high), QPointF(bar.left(), bar.bottom() - high))
    painter.setFont(figures)
    painter.setPen(colours.text)
    place = QRectF(bar.left() - 2, bar.bottom() + 2, _ROOM, 2.5 * GRID)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, f"{length:.2f}")


def paint_circle(painter: QPainter, panel: Panel, length: float, colours: Theme) -> None:
    """The circle of the length 1, and the disc that is as large as the capsule is long."""
    faint = QColor(colours.says)
    faint.setAlphaF(0.5)
    paint_length(painter, panel.circle, length, colours.line, faint)


def _mixed(ground: QColor, colour: QColor, part: float) -> QColor:
    under, over = (np.array((one.redF(), one.greenF(), one.blueF())) for one in (ground, colour))
    return QColor.fromRgbF(*((1 - part) * under + part * over).tolist())
