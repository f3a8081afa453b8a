"""Many small pictures at once, each as large as there is room for all; one of them is chosen."""

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import grey_image

_LARGEST: Final = 12 * theme.GRID
_LARGEST_DOT: Final = 6 * theme.GRID
# As wide as high, or so: the form of many small pictures that are as large as they may be.
_FORM: Final = 1.5
# So many numbers stand in a line, where there is room.
_LINE: Final = 16
_GAP: Final = 4


class Tiles(QWidget):
    """Grey pictures in rows, as many in a row as makes them largest.

    Attributes:
        pictures: (N, rows, columns) float32 in [0, 1], or None.
        what: one of them is called, before its name or number.
        chosen: number of the one that is framed; it stays while the pictures change.
        hovered: number of the one under the pointer, or None.

    Signals:
        looked(): another one is chosen, or is under the pointer.
    """

    looked = Signal()

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: Floats | None = None
        self.chosen = 0
        self.hovered: int | None = None
        self.what = what
        self._names: tuple[str, ...] = ()
        self._strip: QImage | None = None
        self._sheet: tuple[int, QImage] | None = None  # pictures in a row, and all as one
        self._laid: tuple[tuple[int, ...], tuple[int, QSize]] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    @property
    def at(self) -> int:
        """The one that is looked at: under the pointer, else the chosen one."""
        return self.chosen if self.hovered is None else self.hovered

    def show_pictures(self, pictures: Floats | None, names: tuple[str, ...] = ()) -> None:
        """Show these, called by `names` or by their numbers; None for none."""
        self.pictures, self._names, self._sheet = pictures, names, None
        if pictures is None:
            self._strip, self.hovered = None, None
        else:
            # One image beneath the other: one object for Qt, however many there are.
            self._strip = grey_image(pictures.reshape(-1, pictures.shape[2]))
            self.chosen = min(self.chosen, len(pictures) - 1)
            if self.hovered is not None and self.hovered >= len(pictures):
                self.hovered = None
        self.update()

    def choose(self, number: int) -> None:
        """Frame another one."""
        if self.pictures is not None and 0 <= number < len(self.pictures):
            self.chosen = number
            self.setAccessibleDescription(self.name(number))
            self.update()
            self.looked.emit()

    def name(self, number: int) -> str:
        """What it is called."""
        return f"{self.what} {self._names[number] if number < len(self._names) else number + 1}"

    def tile(self, number: int) -> QRect:
        """Where a picture stands."""
        columns, size = self._layout()
        gap = self._gap()
        row, column = divmod(number, columns)
        return QRect(column * (size.width() + gap) + 2, row * (size.height() + gap) + 2, size.width(), size.height())

    def sizeHint(self) -> QSize:
        return QSize(60 * theme.GRID, 40 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(25 * theme.GRID, 20 * theme.GRID)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._under(event.position()))

    def leaveEvent(self, _: QEvent) -> None:
        self._hover(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.pictures is None:
            super().keyPressEvent(event)
            return
        columns, last = self._layout()[0], len(self.pictures) - 1
        to = {
            Qt.Key.Key_Left: self.chosen - 1, Qt.Key.Key_Right: self.chosen + 1, Qt.Key.Key_Up: self.chosen - columns,
            Qt.Key.Key_Down: self.chosen + columns, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))  # fmt: skip
        if to is None:
            super().keyPressEvent(event)
        else:
            self.choose(min(max(to, 0), last))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._under(QPointF(event.pos()))
            if found is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.name(found), self)
            return True
        return super().event(event)

    def paintEvent(self, _: QPaintEvent) -> None:
        if self.pictures is None or self._strip is None:
            return
        painter, colours = QPainter(self), theme.of(self)
        count, rows, columns = self.pictures.shape
        painter.setPen(QPen(colours.line, 1))
        if self._gap() == 0:
            self._paint_sheet(painter)
        else:
            for number in range(count):
                place = self.tile(number)
                painter.drawImage(place, self._strip, QRect(0, number * rows, columns, rows))
                painter.drawRect(place.adjusted(-1, -1, 0, 0))
        self._paint_names(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for framed, width in ((self.hovered, 1), (self.chosen, 2)):
            if framed is not None:
                painter.setPen(QPen(colours.says, width))
                painter.drawRect(self.tile(framed).adjusted(-1, -1, 0, 0))

    def _paint_sheet(self, painter: QPainter) -> None:
        """Thousands without gaps are one picture: one by one they would take longer than a frame."""
        assert self.pictures is not None
        across, size = self._layout()
        count, rows, columns = self.pictures.shape
        lines = -(-count // across)
        if self._sheet is None or self._sheet[0] != across:
            # What is left of the last line is as the ground.
            ground = np.float32(theme.of(self).window.lightnessF())
            full = np.full((lines * across, rows, columns), ground, np.float32)
            full[:count] = self.pictures
            whole = full.reshape(lines, across, rows, columns).swapaxes(1, 2).reshape(lines * rows, across * columns)
            self._sheet = across, grey_image(whole)
        painter.drawImage(QRect(2, 2, across * size.width(), lines * size.height()), self._sheet[1])

    def _paint_names(self, painter: QPainter) -> None:
        """In the corner of each that has one, so that it can be read on what lies beneath."""
        assert self.pictures is not None
        painter.setFont(theme.small(self))
        for number, name in enumerate(self._names):
            place = self.tile(number).adjusted(4, 2, -4, -2)
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, place.width())
            painter.setPen(theme.DARK.text if self.pictures[number, 0, 0] < 0.6 else theme.LIGHT.text)
            painter.drawText(place, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, text)

    def _gap(self) -> int:
        assert self.pictures is not None
        return _GAP if len(self.pictures) <= 300 else 1 if len(self.pictures) <= 1200 else 0

    def _layout(self) -> tuple[int, QSize]:
        """Pictures in a row, and their size."""
        assert self.pictures is not None
        key = (*self.pictures.shape, self.width(), self.height())
        if self._laid is None or self._laid[0] != key:
            count, rows, columns = self.pictures.shape
            self._laid = key, fitted(count, rows, columns, self.width() - 4, self.height() - 4, self._gap())
        return self._laid[1]

    def _under(self, place: QPointF) -> int | None:
        if self.pictures is None:
            return None
        columns, size = self._layout()
        column, row = (
            int(at // (side + self._gap()))
            for at, side in ((place.x() - 2, size.width()), (place.y() - 2, size.height()))
        )
        found = row * columns + column
        return found if 0 <= column < columns and 0 <= found < len(self.pictures) else None

    def _hover(self, number: int | None) -> None:
        if number != self.hovered:
            self.hovered = number
            self.setCursor(Qt.CursorShape.ArrowCursor if number is None else Qt.CursorShape.PointingHandCursor)
            self.update()
            self.looked.emit()


def fitted(count: int, rows: int, columns: int, width: int, height: int, gap: int) -> tuple[int, QSize]:
    """How many pictures of (rows, columns) a row of `width` pixels has, and their size, so that all are in sight."""
    # No more in a row than have a pixel each.
    in_a_row = np.arange(1, max(min(count, (width + gap) // (1 + gap)), 1) + 1)
    # Lines of numbers may be as wide as several pictures.
    most = _LARGEST_DOT * columns if rows == 1 else _LARGEST
    wide = np.minimum((width + gap) / in_a_row - gap, most)
    high = wide * rows / columns
    lines = -(-count // in_a_row)
    fits = (wide >= 1) & (lines * (high + gap) - gap <= height)
    wide = np.where(fits, wide, np.minimum(wide, ((height + gap) / lines - gap) * columns / rows))
    # Where several are as large, the row that makes the whole neither a pillar nor a line.
    form = np.abs(np.log(in_a_row * columns / (lines * rows) / _FORM))
    if rows == columns == 1 and count <= _LINE:
        form = lines
    best = int(np.where(wide > wide.max() - 0.5, form, np.inf).argmin())
    side = max(float(wide[best]), 1.0)
    return best + 1, QSize(max(int(side), 1), max(int(side * rows / columns), 1))
