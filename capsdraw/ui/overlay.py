"""A map of heat laid over a digit."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.lab.heat import Heat
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import image_of, paint_empty
from capsdraw.ui.guard import Guarded

# So bright is the digit beneath: enough to be seen, and not as bright as the hottest place.
_BENEATH = np.float32(0.55)


class HeatPicture(Guarded, QWidget):
    """The digit, dimmed, and the heat over it: blue where something spoke for the class.

    Attributes:
        digit: (rows, columns), or (rows, columns, 3) in colour, or None; heat: what is laid over it, or None.
        opacity: of the hottest place, in [0, 1]; words: what stands there instead of heat, or ""; empty: while
            there is no digit.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit: Floats | None = None
        self.heat: Heat | None = None
        self.opacity = 0.8
        self.words, self.empty = "", "Draw something to see what speaks for its class"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The image, and what speaks for the class")

    def show_heat(self, digit: Floats | None, heat: Heat | None, words: str = "") -> None:
        """Show a digit with heat, or without."""
        self.digit, self.heat, self.words = digit, heat, words
        self.setAccessibleDescription(words)
        self.update()

    def set_opacity(self, opacity: float) -> None:
        """How much of the digit the heat hides where it is hottest."""
        self.opacity = opacity
        self.update()

    def frame(self) -> QRectF:
        """Where the digit stands."""
        side = min(self.width(), self.height())
        return QRectF(0, 0, side, side)

    def sizeHint(self) -> QSize:
        return QSize(336, 336)

    def minimumSizeHint(self) -> QSize:
        return QSize(196, 196)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, frame = QPainter(self), self.frame()
        if self.digit is None:
            paint_empty(painter, self, frame, self.words or self.empty)
            return
        painter.fillRect(frame, Qt.GlobalColor.black)
        painter.drawImage(frame, image_of(_BENEATH * self.digit))
        if self.heat is not None:
            paint_heat(painter, frame, self.heat.map, self.opacity)
        painter.setPen(QPen(theme.of(self).line, 1))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if self.words:
            painter.setPen(theme.DARK.text)
            inner = frame.adjusted(2 * theme.GRID, 2 * theme.GRID, -2 * theme.GRID, -2 * theme.GRID)
            painter.drawText(inner, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter, self.words)


def paint_heat(painter: QPainter, place: QRectF, heat: Floats, opacity: float) -> None:
    """Lay heat (rows, columns) in [0, 1] over what is painted: blue, the hotter the less of it is seen through."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(opacity)
    painter.drawImage(place, heat_image(heat))
    painter.restore()


def heat_image(heat: Floats) -> QImage:
    """Heat in [0, 1] as blue of that opacity, one pixel each."""
    rows, columns = heat.shape
    blue = theme.DARK.says
    pixels = np.empty((rows, columns, 4), np.uint8)
    pixels[..., :3] = blue.red(), blue.green(), blue.blue()
    pixels[..., 3] = np.rint(heat.clip(0, 1) * 255)
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGBA8888).copy()
