"""What pictures of explanations are painted with: a digit, bars, arrows, words, in the theme's colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from capsdraw.datasets import synthetic
from capsdraw.nets.reading import Floats
from capsdraw.teach.glimpse import Glimpse
from capsdraw.ui.capsule_arrow import paint_arrow
from capsdraw.ui.digit_view import image_of
from capsdraw.ui.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
_NAMED = 11.0  # of a bar's line that has room for its name


@cache
def example() -> Floats:
    """A digit (28, 28) for who has drawn none yet: a 5 of the app's own pen."""
    return synthetic.digits(10, 4)[0][5].astype(np.float32) / np.float32(255)


@dataclass(frozen=True, eq=False)
class Slate:
    """A painter, what it paints, and in which colours."""

    painter: QPainter
    colours: Theme
    glimpse: Glimpse

    @property
    def picture(self) -> Floats:
        """The user's digit, or the example; in grey."""
        digit = example() if self.glimpse.digit is None else self.glimpse.digit
        return digit if digit.ndim == 2 else digit.mean(2).astype(np.float32)

    def digit(self, place: QRectF, picture: Floats | None = None, lean: float = 0.0, turn: float = 0.0) -> None:
        """A picture, light on black; the user's digit where none is given. `lean` is a shear, `turn` in degrees."""
        painter = self.painter
        painter.save()
        painter.setClipRect(place)
        painter.fillRect(place, Qt.GlobalColor.black)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, bool(lean or turn))
        painter.translate(place.center())
        painter.rotate(turn)
        painter.shear(-lean, 0)
        half = QRectF(-place.width() / 2, -place.height() / 2, place.width(), place.height())
        painter.drawImage(half, image_of(self.picture if picture is None else picture))
        painter.restore()
        self.frame(place, self.colours.line, 1)

    def frame(self, place: QRectF, colour: QColor, width: float = 2) -> None:
        """A rectangle's edge."""
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(colour, width))
        self.painter.drawRect(place)

    def box(self, place: QRectF, colour: QColor, words: str = "", ink: QColor | None = None) -> None:
        """A filled rectangle with words in it."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        self.painter.drawRoundedRect(place, 3, 3)
        if words:
            self.words(place, words, ink or self.colours.text)

    def words(self, place: QRectF, text: str, colour: QColor | None = None, how: Qt.AlignmentFlag = _CENTRE) -> None:
        """Words in a place; they may be a little wider."""
        self.painter.setPen(colour or self.colours.quiet)
        self.painter.drawText(place, how | Qt.TextFlag.TextDontClip, text)

    def line(self, points: Sequence[QPointF], colour: QColor, width: float = 2, dashed: bool = False) -> None:
        """A line through points."""
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setPen(QPen(colour, width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
        self.painter.drawPolyline(QPolygonF(list(points)))

    def dot(self, place: QPointF, colour: QColor, radius: float = 3.5) -> None:
        """A filled circle."""
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        self.painter.drawEllipse(place, radius, radius)

    def arrow(self, start: QPointF, end: QPointF, colour: QColor, width: float = 2) -> None:
        """An arrow, painted as a capsule's is; one that is too short for a head has none."""
        paint_arrow(self.painter, start, end, colour, width)

    def bars(self, place: QRectF) -> None:
        """The scores, a bar each, empty where nothing was read; the winner in blue, its name bold."""
        scores, count = self.glimpse.scores, 10 if self.glimpse.scores is None else len(self.glimpse.scores)
        high = place.height() / count
        for index in range(count):
            row = QRectF(place.left(), place.top() + index * high, place.width(), high)
            wins = index == self.glimpse.label
            name = self.glimpse.names[index] if index < len(self.glimpse.names) else str(index)
            if len(name) == 1 and (wins or high >= _NAMED):
                self.words(QRectF(row.left(), row.top(), 12, high), name, self.colours.text if wins else None)
            track = QRectF(row.left() + 16, row.center().y() - high * 0.3, row.width() - 16, high * 0.6)
            self.painter.fillRect(track, self.colours.track)
            if scores is not None:
                track.setWidth(track.width() * min(max(float(scores[index]), 0.0), 1.0))
                self.painter.fillRect(track, self.colours.says if wins else self.colours.quiet)

    def numbers(self, place: QRectF, values: Floats, changed: int | None = None) -> None:
        """Numbers of either sign as bars up and down, one of them in the colour of what the user changed."""
        wide, middle = place.width() / len(values), place.center().y()
        scale = place.height() / 2 / max(float(np.abs(values).max()), 1e-6)
        self.line([QPointF(place.left(), middle), QPointF(place.right(), middle)], self.colours.line, 1)
        for index, value in enumerate(values.tolist()):
            bar = QRectF(place.left() + index * wide + 1, middle, max(wide - 2, 1), -value * scale).normalized()
            self.painter.fillRect(bar, self.colours.changed if index == changed else self.colours.says)


def columns(area: QRectF, *parts: float, gap: float = 14) -> list[QRectF]:
    """The area side by side, in widths that are to each other as `parts`."""
    room = (area.width() - gap * (len(parts) - 1)) / sum(parts)
    places, left = [], area.left()
    for part in parts:
        places.append(QRectF(left, area.top(), part * room, area.height()))
        left += part * room + gap
    return places


def square(area: QRectF) -> QRectF:
    """The largest square in the middle of an area."""
    side = min(area.width(), area.height())
    return QRectF(area.center().x() - side / 2, area.center().y() - side / 2, side, side)
