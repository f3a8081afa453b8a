"""The digits of a number under the canvas: what the net sees of each, what it reads, and whether to believe that."""

from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.nets.side_by_side import DigitInRow, WrittenNumber
from capsdraw.nets.verdict import DIGITS, Kind
from capsdraw.ui import theme
from capsdraw.ui.digit_view import grey_image
from capsdraw.ui.placed_tips import PlacedTips

# Of a digit's pixel, pixels of the screen at most; between two digits.
_LARGEST: Final = 3
_GAP: Final = theme.GRID


class NumberRow(PlacedTips):
    """It lies over what is shown of one digit, and is seen as long as there is a number.

    Attributes:
        number: what it shows, or None.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number: WrittenNumber | None = None
        self.setFont(theme.tabular(theme.small(self)))
        self.setAutoFillBackground(True)
        # It takes the room that is there, and asks for none.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName("Digits of the number")
        self.hide()

    def show_number(self, number: WrittenNumber | None) -> None:
        """Show a number's digits; nothing for None."""
        self.number = number
        said = [] if number is None else [_said(digit) for digit in number.digits]
        self.setAccessibleDescription("; ".join(said))
        self.setVisible(number is not None)
        self.update()

    def tip(self, place: QPoint) -> str:
        if self.number is None:
            return ""
        for digit, cell in zip(self.number.digits, self._cells(), strict=True):
            if cell.contains(place):
                return f"{_said(digit)}, {_score(digit)}"
        return ""

    def paintEvent(self, _: QPaintEvent) -> None:
        if self.number is None:
            return
        painter = QPainter(self)
        colours, line = theme.of(self), self.fontMetrics().height()
        for digit, cell in zip(self.number.digits, self._cells(), strict=True):
            frame = QRectF(cell.left(), cell.top(), cell.width(), cell.width())
            painter.fillRect(frame, Qt.GlobalColor.black)
            painter.drawImage(frame, grey_image(digit.image))
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
            bold = self.font()
            bold.setBold(True)
            doubtful = digit.verdict.kind != Kind.SURE
            for font, text, place in (
                (bold, digit.text, frame.bottom()), (self.font(), _verdict(digit), frame.bottom() + line)
            ):  # fmt: skip
                painter.setFont(font)
                strong = font is bold and not doubtful
                painter.setPen(colours.text if strong else colours.quiet)
                words = QRectF(cell.left() - _GAP / 2, place, cell.width() + _GAP, line)
                painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)

    def _cells(self) -> list[QRectF]:
        """Where each digit stands, with its words."""
        count = 0 if self.number is None else len(self.number.digits)
        room = self.height() - 2 * self.fontMetrics().height()
        wide = min((self.width() - _GAP * (count - 1)) / max(count, 1), room, 28.0 * _LARGEST)
        return [QRectF(index * (wide + _GAP), 0, wide, self.height()) for index in range(count)]


def of_number(number: WrittenNumber, boxed: bool = False) -> str:
    """What is to be known about a number, in a line: which of its digits are doubtful.

    `boxed`: it is a picture's, of which the other views read what lies in a box.
    """
    doubts = [f"digit {place} looks like {sentence}" for place, sentence in number.doubts]
    if not doubts:
        right = "the one in the dashed box" if boxed else "as one"
        return f"{len(number.digits)} digits side by side, each read alone; at the right, {right}."
    return f"Each digit is read alone; {', '.join(doubts)}."


def _said(digit: DigitInRow) -> str:
    return digit.verdict.sentence(DIGITS)


def _score(digit: DigitInRow) -> str:
    return f"{float(digit.reading.scores[digit.reading.label]):.2f}"


def _verdict(digit: DigitInRow) -> str:
    """In a word or two, as there is little room: "0.98", "4 or 9", "doubtful"."""
    if digit.verdict.kind == Kind.SURE:
        return _score(digit)
    if digit.verdict.second is not None:
        return f"{digit.verdict.label} or {digit.verdict.second}"
    return "doubtful"
