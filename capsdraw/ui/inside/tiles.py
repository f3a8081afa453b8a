"""Many small pictures at once, each as large as there is room for all; one of them is chosen."""

from typing import Final

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontInfo, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Flow
from capsdraw.ui.cell_view import CellPicker
from capsdraw.ui.digit_view import grey_image

_LARGEST: Final = 30 * theme.GRID
_LARGEST_DOT: Final = 6 * theme.GRID
# As wide as high, or so: the form of many small pictures that are as large as they may be.
_FORM: Final = 1.5
# So many numbers stand in a line, where there is room.
_LINE: Final = 16
_GAP: Final = 4


class Tiles(CellPicker[Flow]):
    """Grey pictures in rows, as many in a row as makes them largest.

    Attributes:
        pictures: (N, rows, columns) float32 in [0, 1], or None.
        what: one of them is called, before its name or number.

    Signals:
        looked(): another one is chosen, or is under the pointer.
    """

    looked = Signal()

    def __init__(self, name: str, what: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.pictures: Floats | None = None
        self.what = what
        self._names: tuple[str, ...] = ()
        self._strip: QImage | None = None
        self._sheet: tuple[int, QImage] | None = None  # pictures in a row, and all as one
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.choose_first()

    @property
    def chosen(self) -> int:
        """Number of the one that is framed; it stays while the pictures change."""
        return self.current or 0

    @property
    def at(self) -> int:
        """The one that is looked at: under the pointer, else the chosen one."""
        return self.chosen if self.over is None else self.over

    def choose_first(self) -> None:
        """Frame the first one of the pictures that come next."""
        self.current = 0

    def show_pictures(self, pictures: Floats | None, names: tuple[str, ...] = ()) -> None:
        """Show these, called by `names` or by their numbers; None for none."""
        self.pictures, self._names, self._sheet = pictures, names, None
        if pictures is None:
            self._strip = None
        else:
            # One image beneath the other: one object for Qt, however many there are.
            self._strip = grey_image(pictures.reshape(-1, pictures.shape[2]))
            self.current = min(self.chosen, len(pictures) - 1)
        self.shown_anew()

    def choose(self, index: int) -> None:
        """Frame another one."""
        if 0 <= index < self.cells.count:
            self.go(index)
            self.looked.emit()

    def name(self, index: int) -> str:
        """What it is called."""
        return f"{self.what} {self._names[index] if index < len(self._names) else index + 1}"

    def tile(self, index: int) -> QRect:
        """Where a picture stands: the gap beside it answers the pointer, too."""
        return QRectF(*self.cells.box(index)).toRect().adjusted(0, 0, -self._gap(), -self._gap())

    def sizeHint(self) -> QSize:
        return QSize(60 * theme.GRID, 40 * theme.GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(25 * theme.GRID, 20 * theme.GRID)

    def lay_out(self, width: int, height: int) -> Flow:
        if self.pictures is None:
            return Flow.empty()
        count, rows, columns = self.pictures.shape
        gap = self._gap()
        in_a_row, size = fitted(count, rows, columns, width - 4, height - 4, gap)
        return Flow.without_gaps(count, in_a_row, size.width() + gap, size.height() + gap, 2, 2)

    def words(self, index: int) -> str:
        return self.name(index)

    def entered(self, before: int | None) -> None:
        self.renew(before, self.over)
        self.looked.emit()

    def clicked(self, index: int) -> None:
        self.choose(index)

    def stepped(self, index: int) -> None:
        self.choose(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.pictures is None or self._strip is None:
            return
        painter, colours = QPainter(self), theme.of(self)
        _, rows, columns = self.pictures.shape
        painter.setPen(QPen(colours.line, 1))
        if self._gap() == 0:
            self._paint_sheet(painter)
        else:
            for index in self.in_sight(event.rect()):
                place = self.tile(index)
                painter.drawImage(place, self._strip, QRect(0, index * rows, columns, rows))
                painter.drawRect(place.adjusted(-1, -1, 0, 0))
        self._paint_names(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for framed, width in ((self.over, 1), (self.chosen, 2)):
            if framed is not None:
                painter.setPen(QPen(colours.says, width))
                painter.drawRect(self.tile(framed).adjusted(-1, -1, 0, 0))

    def _paint_sheet(self, painter: QPainter) -> None:
        """Thousands without gaps are one picture: one by one they would take longer than a frame."""
        assert self.pictures is not None
        cells = self.cells
        across, lines = cells.columns, cells.rows
        count, rows, columns = self.pictures.shape
        if self._sheet is None or self._sheet[0] != across:
            # What is left of the last line is as the ground.
            ground = np.float32(theme.of(self).window.lightnessF())
            full = np.full((lines * across, rows, columns), ground, np.float32)
            full[:count] = self.pictures
            sheet = full.reshape(lines, across, rows, columns).swapaxes(1, 2).reshape(lines * rows, across * columns)
            self._sheet = across, grey_image(sheet)
        painter.drawImage(QRectF(cells.left, cells.top, across * cells.across, lines * cells.down), self._sheet[1])

    def _paint_names(self, painter: QPainter) -> None:
        """In the corner of each that has one, so that it can be read on what lies beneath."""
        assert self.pictures is not None
        painter.setFont(theme.small(self))
        if not self._names:
            return
        high, least = self.tile(0).height(), painter.fontMetrics().height()
        if high < least:  # lines of many classes are low
            font = painter.font()
            font.setPixelSize(max(QFontInfo(font).pixelSize() * high // least, 7))
            painter.setFont(font)
        margin = min(2, max((high - least) // 2, 0))
        for index, name in enumerate(self._names):
            place = self.tile(index).adjusted(4, margin, -4, -margin)
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, place.width())
            painter.setPen(theme.DARK.text if self.pictures[index, 0, 0] < 0.6 else theme.LIGHT.text)
            painter.drawText(place, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, text)

    def _gap(self) -> int:
        assert self.pictures is not None
        return _GAP if len(self.pictures) <= 300 else 1 if len(self.pictures) <= 1200 else 0


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
