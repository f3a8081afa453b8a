"""The digits that the theatre shows: as they are, as the net redraws them, and what it reads in them."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.fit.events import Floats, Snapshot
from capsdraw.formatting import class_name
from capsdraw.ui import theme
from capsdraw.ui.digit_view import colour_image, grey_image
from capsdraw.ui.placed_tips import PlacedTips

# Pixels: the largest side of a digit; and there is room for so many digits, the user's own among them.
_SIDE: Final = 18 * theme.GRID
_MOST: Final = 11


class Stage(PlacedTips):
    """Digits in a row, beneath each its redrawn form, and what the net reads, green where it is right.

    Attributes:
        look: the one that is shown, or None.
        names: what the classes are called; () where their numbers speak for themselves.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look: Snapshot | None = None
        self.names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Images as the net in training reads and redraws them")

    def call(self, names: Sequence[str]) -> None:
        """What the classes are called from now on; () for their numbers."""
        self.names = tuple(names)
        self.setFixedHeight(self.heightForWidth(self.width()))  # names have a line of their own

    def show_look(self, look: Snapshot | None) -> None:
        """Show a look from now on."""
        self.look = look
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.update()

    def read(self) -> list[str]:
        """What the net reads in each digit that is shown, by its class' name; "3+7" of two over one another."""
        return [] if self.look is None else [self._name(labels) for labels in self.look.read]

    def words(self) -> list[list[str]]:
        """The lines beneath each digit, from the uppermost on; a name that is too long is cut where it is painted."""
        look = self.look
        if look is None:
            return []
        return [self._words(look, index) for index in range(len(look.digits))]

    def sizeHint(self) -> QSize:
        return QSize(720, self.heightForWidth(720))

    def heightForWidth(self, width: int) -> int:
        """Of all rows, the line of the user's own digit among them."""
        lines = 3 if self.names or (self.look is not None and self.look.others is not None) else 2
        return self._rows() * (self._side(width) + theme.GRID) + lines * self._line()

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Not left to the layout: in tabs and stacks it keeps the height of another width.
        self.setFixedHeight(self.heightForWidth(event.size().width()))
        super().resizeEvent(event)

    def tip(self, place: QPoint) -> str:
        """What a digit is and what it is read as, in full; "" where there is none."""
        look = self.look
        if look is None:
            return ""
        index = next((column for column in range(len(look.digits)) if self._cell(column).contains(place)), None)
        if index is None:
            return ""
        read = f"read as {self.read()[index]}, {look.confidence[index]:.2f}"
        return f"Yours, {read}" if look.labels[index] < 0 else f"{self._name(look.true[index])}, {read}"

    def paintEvent(self, _: QPaintEvent) -> None:
        look = self.look
        if look is None:
            return
        painter, now, side = QPainter(self), theme.of(self), self._side(self.width())
        painter.setFont(self._font())
        metrics, right = painter.fontMetrics(), look.right
        for index, (digit, lines) in enumerate(zip(look.digits, self.words(), strict=True)):
            cell = self._cell(index)
            place = QRect(cell.left(), 0, side, side)
            _paint(painter, place, digit)
            if look.pictures is not None:
                _paint(painter, place.translated(0, side + theme.GRID), look.pictures[index])
            own = look.labels[index] < 0
            colour = now.text if own else (now.right if right[index] else now.wrong)
            for line_number, line in enumerate(lines):
                painter.setPen(QPen(now.changed if own and line_number == len(lines) - 1 else colour))
                # As wide as the picture and half a gap on either side; in the least window that is just enough.
                room = QRect(cell.left(), self._rows() * (side + theme.GRID), side, self._line())
                room = room.adjusted(-theme.GRID // 2, 0, theme.GRID // 2, 0).translated(0, line_number * self._line())
                cut = metrics.elidedText(line, Qt.TextElideMode.ElideRight, room.width())
                painter.drawText(room, Qt.AlignmentFlag.AlignHCenter, cut)
        painter.end()

    def _words(self, look: Snapshot, index: int) -> list[str]:
        read, own = self.read()[index], bool(look.labels[index] < 0)
        mark, score = " " if own or look.right[index] else "✗", f"{look.confidence[index]:.2f}"
        in_two = bool(self.names) or look.others is not None
        lines = [read, f"{mark} {score}".strip()] if in_two else [f"{read}{mark} {score}"]
        return [*lines, "yours"] if own else lines

    def _name(self, labels: Iterable[int]) -> str:
        return "+".join(class_name(self.names, int(label)) for label in labels)

    def _rows(self) -> int:
        return _rows(self.look)

    def _side(self, width: int) -> int:
        count = max(_MOST, 0 if self.look is None else len(self.look.digits))
        return max(min((width - (count + 1) * theme.GRID) // count, _SIDE), 1)

    def _cell(self, index: int) -> QRect:
        """A digit's column; the user's own stands apart."""
        side = self._side(self.width())
        own = self.look is not None and bool(self.look.own) and index == len(self.look.digits) - 1
        return QRect(index * (side + theme.GRID) + (2 * theme.GRID if own else 0), 0, side, self.height())

    def _font(self) -> QFont:
        return theme.tabular(theme.small(self))

    def _line(self) -> int:
        return QFontMetrics(self._font()).lineSpacing()


def _rows(look: Snapshot | None) -> int:
    """Rows of pictures."""
    return 1 if look is not None and look.pictures is None else 2


def _paint(painter: QPainter, place: QRect, digit: Floats) -> None:
    painter.drawImage(place, grey_image(digit[..., 0]) if digit.shape[-1] == 1 else colour_image(digit))
