"""A digit shown enlarged, pixel for pixel: light ink on black, as the nets see it; without one, a quiet outline."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ink.raster import Raster
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded


class DigitView(Guarded, QWidget):
    """Shows a (rows, columns) or, in colour, (rows, columns, 3) float32 picture in [0, 1], each of its pixels a square.

    Attributes:
        digit: the picture shown, or None: there an outline says in words what will be here.

    Signals:
        painted(): it is on screen.
    """

    painted = Signal()

    def __init__(self, name: str, scale: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.digit: Raster | None = None
        self._smooth, self._empty = False, ""
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

    def set_empty(self, words: str) -> None:
        """What stands in the outline while there is no picture; words that find no room are left out."""
        self._empty = words
        self.update()

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
        if self.digit is None:
            paint_empty(painter, self, QRectF(frame), self._empty)
            return
        painter.fillRect(frame, Qt.GlobalColor.black)
        painter.drawImage(frame, image_of(self.digit))
        painter.setPen(QPen(theme.of(self).line, 1))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        painter.end()
        self.painted.emit()


class SquareDigit(DigitView):
    """As large as the width that a layout gives it; what stands beneath stays beneath."""

    def __init__(self, name: str, scale: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(name, scale, parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(event.size().width())


def paint_empty(painter: QPainter, widget: QWidget, frame: QRectF, words: str = "") -> None:
    """Where a picture will be: a quiet outline, with words in its middle where there is room for them."""
    colours = theme.of(widget)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colours.line, 1))
    painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
    inside = frame.adjusted(theme.GRID, theme.GRID, -theme.GRID, -theme.GRID)
    how = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    painter.setFont(theme.small(widget))
    if words and inside.contains(painter.boundingRect(inside, how, words)):
        painter.setPen(colours.quiet)
        painter.drawText(inside, how, words)


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
    return image_of_bytes(np.rint(picture.clip(0, 1) * 255).astype(np.uint8))


def image_of_bytes(picture: NDArray[np.uint8]) -> QImage:
    """A picture (rows, columns, 3) uint8 as an image, one pixel each."""
    pixels = np.ascontiguousarray(picture)
    rows, columns, _ = pixels.shape
    return QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
