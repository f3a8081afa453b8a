"""A digit shown enlarged, pixel for pixel: light ink on black, as the nets see it."""

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ink.raster import Raster
from capsdraw.ui import theme


class DigitView(QWidget):
    """Shows a (rows, columns) float32 picture in [0, 1], each of its pixels a square.

    Attributes:
        digit: the picture shown, or None for a blank one.

    Signals:
        painted(): it is on screen.
    """

    painted = Signal()

    def __init__(self, name: str, scale: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit: Raster | None = None
        self._smooth = False
        self._side = 28 * scale
        self.setMinimumSize(28 * min(scale, 4), 28 * min(scale, 4))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_digit(self, digit: Raster | None) -> None:
        """Show `digit` from now on."""
        self.digit = digit
        self.update()

    def set_scale(self, scale: int) -> None:
        """So many screen pixels for a digit's pixel."""
        self._side = 28 * scale
        self.updateGeometry()

    def set_smooth(self, smooth: bool) -> None:
        """Enlarge smoothly instead, as an eye far away would see it."""
        self._smooth = smooth
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        frame = QRect(0, 0, side, side)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._smooth)
        painter.fillRect(frame, Qt.GlobalColor.black)
        if self.digit is not None:
            painter.drawImage(frame, grey_image(self.digit))
        painter.setPen(QPen(theme.of(self).line, 1))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        painter.end()
        if self.digit is not None:
            self.painted.emit()


def image_of(picture: Raster) -> QImage:
    """A picture (rows, columns) or (rows, columns, 3) in [0, 1] as an 8-bit image, one pixel each."""
    return grey_image(picture) if picture.ndim == 2 else colour_image(picture)


def grey_image(picture: Raster) -> QImage:
    """A picture in [0, 1] as an 8-bit grey image, one pixel each."""
    pixels = np.ascontiguousarray(np.rint(picture.clip(0, 1) * 255), dtype=np.uint8)
    rows, columns = pixels.shape
    return QImage(pixels.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()


def colour_image(picture: Raster) -> QImage:
    """A picture (rows, columns, 3) in [0, 1] as an 8-bit colour image, one pixel each."""
    pixels = np.ascontiguousarray(np.rint(picture.clip(0, 1) * 255), dtype=np.uint8)
    rows, columns, _ = pixels.shape
    return QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
