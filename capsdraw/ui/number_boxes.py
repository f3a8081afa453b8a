"""Boxes around the digits of a number, each with what is read in it, laid over the canvas."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from capsdraw.ink.sketch import SIDE
from capsdraw.nets.side_by_side import WrittenNumber
from capsdraw.nets.verdict import Kind
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded

# Pixels between ink and box, and of its corners' radius.
_MARGIN: Final = 3.0
_RADIUS: Final = 4.0


class NumberBoxes(Guarded, QWidget):
    """Covers the canvas; the pen goes through it.

    Attributes:
        number: whose digits it frames, or None.
    """

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.number: WrittenNumber | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFont(theme.tabular(canvas.font()))
        self.setGeometry(canvas.rect())
        self.hide()
        canvas.installEventFilter(self)

    def show_number(self, number: WrittenNumber | None) -> None:
        """Frame the digits of that number, or none."""
        self.number = number
        self.setVisible(number is not None)
        self.update()

    def boxes(self) -> list[QRectF]:
        """Around each digit's ink, from left to right, in pixels."""
        scale = min(self.width(), self.height()) / SIDE
        whole = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        boxes = [] if self.number is None else [[value * scale for value in digit.box] for digit in self.number.digits]
        return [QRectF(*box).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN) & whole for box in boxes]

    def eventFilter(self, canvas: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(canvas, QWidget):
            self.setGeometry(canvas.rect())
        return False

    def paintEvent(self, _: QPaintEvent) -> None:
        if self.number is None:
            return
        painter, colours = QPainter(self), theme.of(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for digit, box in zip(self.number.digits, self.boxes(), strict=True):
            kind = digit.verdict.kind
            colour = colours.quiet if kind == Kind.NONE else colours.says
            dashed = Qt.PenStyle.SolidLine if kind == Kind.SURE else Qt.PenStyle.DashLine
            painter.setPen(QPen(colour, 1.5, dashed))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)
            _paint_reading(painter, digit.text, box, colour)


def _paint_reading(painter: QPainter, text: str, box: QRectF, colour: QColor) -> None:
    """Above the box, in its middle; below it where there is no room above."""
    high = painter.fontMetrics().height()
    top = box.top() - high if box.top() >= high else box.bottom()
    painter.setPen(colour)
    place = QRectF(box.center().x() - 2 * high, top, 4 * high, high)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
