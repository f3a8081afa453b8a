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
# Around a reading.
_PADDING: Final = 2


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
        digits = list(zip(self.number.digits, self.boxes(), strict=True))
        said = [colours.quiet if digit.verdict.kind == Kind.NONE else colours.says for digit, _ in digits]
        for (digit, box), colour in zip(digits, said, strict=True):
            dashed = Qt.PenStyle.SolidLine if digit.verdict.kind == Kind.SURE else Qt.PenStyle.DashLine
            painter.setPen(QPen(colour, 1.5, dashed))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        # Boxes of digits that touch overlap: no line runs through a reading.
        for (digit, box), colour in zip(digits, said, strict=True):
            _paint_reading(painter, digit.text, box, colour, colours.paper)


def _paint_reading(painter: QPainter, text: str, box: QRectF, colour: QColor, paper: QColor) -> None:
    """Above the box, in its middle; below it where there is no room above."""
    metrics = painter.fontMetrics()
    high, wide = metrics.height(), metrics.horizontalAdvance(text) + 2 * _PADDING
    top = box.top() - high if box.top() >= high else box.bottom()
    place = QRectF(box.center().x() - wide / 2, top, wide, high)
    painter.fillRect(place, paper)
    painter.setPen(colour)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
