"""A few pictures one beneath the other, as large as there is room, with their names and some lines of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import image_of
from capsdraw.ui.guard import Guarded
from capsdraw.ui.overlay import paint_heat

# Of the width of all, as much; and so many pixels at least.
_SHARE: Final = 4
_WIDTH: Final = 19 * theme.GRID
_STEPS: Final = {
    Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
}  # fmt: skip
_CONFIRM: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True)
class DetailPicture:
    """A picture, (rows, columns[, 3]) float32 in [0, 1]; `heat` (rows, columns) is laid over it.

    `opens`: a value of it can be picked; `frame`: top, left, bottom and right edge of what is framed, in its pixels.
    """

    name: str
    pixels: Floats
    heat: Floats | None = None
    opens: bool = False
    frame: tuple[float, float, float, float] | None = None


class Detail(Guarded, QWidget):
    """Pictures and figures.

    Attributes:
        pictures: that are shown; lines: of figures.
        at: row and column of the value that the keyboard is at, in the first picture that opens.

    Signals:
        picked(int, int): a value was clicked, or chosen by Return: row and column.
    """

    picked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: Sequence[DetailPicture] = ()
        self.lines: Sequence[str] = ()
        self.at = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName("What is looked at")

    def show_pictures(self, pictures: Sequence[DetailPicture], lines: Sequence[str]) -> None:
        """Show these from now on."""
        self.pictures, self.lines = pictures, lines
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._opening() else Qt.FocusPolicy.NoFocus)
        self._step((0, 0))  # within the new picture
        self.setAccessibleDescription("; ".join(lines))
        self.update()

    def share(self, width: int) -> None:
        """Take a part of that width, of all that stands side by side."""
        self.setFixedWidth(max(width // _SHARE, _WIDTH))

    def places(self) -> list[QRectF]:
        """Where the pictures stand."""
        high = self._line()
        y = float(high * len(self.lines))
        room = (self.height() - y) / max(len(self.pictures), 1) - high - theme.GRID
        side = max(min(room, self.width() - 1.0), 1.0)
        places = []
        for picture in self.pictures:
            rows, columns = picture.pixels.shape[:2]
            largest = max(rows, columns)
            y += theme.GRID / 2 + high
            places.append(QRectF(0.5, y + 0.5, side * columns / largest, side * rows / largest))
            y += places[-1].height() + theme.GRID / 2
        return places

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 40 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(_WIDTH, 24 * theme.GRID)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._under(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if over is None else Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._under(event.position())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self.at = at
            self.picked.emit(*at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if self._opening() is None or (step is None and event.key() not in _CONFIRM):
            super().keyPressEvent(event)
        elif step is None:
            self.picked.emit(*self.at)
        else:
            self._step(step)
            self.setAccessibleDescription(f"row {self.at[0] + 1}, column {self.at[1] + 1}: Return opens it")
            self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.of(self)
        painter.setFont(theme.tabular(theme.small(self)))
        high = painter.fontMetrics().lineSpacing()
        painter.setPen(colours.text)
        for number, line in enumerate(self.lines):
            painter.drawText(QRectF(0, number * high, self.width(), high), Qt.AlignmentFlag.AlignVCenter, line)
            painter.setPen(colours.quiet)
        for picture, place in zip(self.pictures, self.places(), strict=True):
            painter.setPen(colours.quiet)
            name = QRectF(0, place.top() - 0.5 - high, self.width(), high)
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, picture.name)
            painter.drawImage(place, image_of(picture.pixels))
            if picture.heat is not None:
                paint_heat(painter, place, picture.heat, 0.85)
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(place)
            if picture.frame is not None:
                _paint_frame(painter, place, picture, QPen(colours.changed, 2))
        opening = self._opening()
        if opening is not None and self.hasFocus():
            painter.setPen(QPen(colours.says, 2))
            painter.drawRect(self._cell(opening))

    def _line(self) -> int:
        """Height of a line, as it is painted."""
        return QFontMetrics(theme.tabular(theme.small(self))).lineSpacing()

    def _opening(self) -> int | None:
        """Number of the picture whose values can be picked."""
        return next((number for number, picture in enumerate(self.pictures) if picture.opens), None)

    def _step(self, step: tuple[int, int]) -> None:
        opening = self._opening()
        if opening is not None:
            sides = self.pictures[opening].pixels.shape[:2]
            row, column = (min(max(at + by, 0), side - 1) for at, by, side in zip(self.at, step, sides, strict=True))
            self.at = row, column

    def _cell(self, opening: int) -> QRectF:
        """Where the keyboard is."""
        place, (rows, columns) = self.places()[opening], self.pictures[opening].pixels.shape[:2]
        wide, high = place.width() / columns, place.height() / rows
        return QRectF(place.left() + self.at[1] * wide, place.top() + self.at[0] * high, wide, high)

    def _under(self, point: QPointF) -> tuple[int, int] | None:
        """Row and column of the value that lies there, or None."""
        opening = self._opening()
        if opening is None or not self.places()[opening].contains(point):
            return None
        place, (rows, columns) = self.places()[opening], self.pictures[opening].pixels.shape[:2]
        away = point - place.topLeft()
        row, column = int(away.y() / place.height() * rows), int(away.x() / place.width() * columns)
        return min(row, rows - 1), min(column, columns - 1)


def _paint_frame(painter: QPainter, place: QRectF, picture: DetailPicture, pen: QPen) -> None:
    """What is framed in a picture, as far as it lies in it."""
    assert picture.frame is not None
    rows, columns = picture.pixels.shape[:2]
    down, across = place.height() / rows, place.width() / columns
    top, left, bottom, right = picture.frame
    framed = QRectF(left * across, top * down, (right - left) * across, (bottom - top) * down).translated(
        place.topLeft()
    )
    painter.setPen(pen)
    painter.drawRect(framed.intersected(place))
