"""A few pictures one beneath the other, as large as there is room, with their names and some lines of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import image_of
from capsdraw.ui.overlay import paint_heat

_WIDTH: Final = 19 * theme.GRID
_LARGEST: Final = 18 * theme.GRID


@dataclass(frozen=True)
class DetailPicture:
    """A picture, (rows, columns[, 3]) float32 in [0, 1]; `heat` (rows, columns) is laid over it."""

    name: str
    pixels: Floats
    heat: Floats | None = None


class Detail(QWidget):
    """Pictures and figures.

    Attributes:
        pictures: that are shown; lines: of figures.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: Sequence[DetailPicture] = ()
        self.lines: Sequence[str] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("What is looked at")

    def show_pictures(self, pictures: Sequence[DetailPicture], lines: Sequence[str]) -> None:
        """Show these from now on."""
        self.pictures, self.lines = pictures, lines
        self.setAccessibleDescription("; ".join(lines))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 40 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTH, 24 * theme.GRID)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        painter.setFont(theme.tabular(theme.small(self)))
        high = painter.fontMetrics().lineSpacing()
        y = 0.0
        painter.setPen(colours.text)
        for line in self.lines:
            painter.drawText(QRectF(0, y, self.width(), high), Qt.AlignmentFlag.AlignVCenter, line)
            painter.setPen(colours.quiet)
            y += high
        room = (self.height() - y) / max(len(self.pictures), 1) - high - theme.GRID
        side = max(min(room, _LARGEST, self.width() - 1.0), 1.0)
        for picture in self.pictures:
            y += theme.GRID / 2
            painter.setPen(colours.quiet)
            painter.drawText(QRectF(0, y, self.width(), high), Qt.AlignmentFlag.AlignVCenter, picture.name)
            y += high
            rows, columns = picture.pixels.shape[:2]
            largest = max(rows, columns)
            place = QRectF(0.5, y + 0.5, side * columns / largest, side * rows / largest)
            painter.drawImage(place, image_of(picture.pixels))
            if picture.heat is not None:
                paint_heat(painter, place, picture.heat, 0.85)
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(place)
            y += place.height() + theme.GRID / 2
