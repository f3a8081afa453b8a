"""What the decoder makes of each class' capsule, side by side; a click takes hold of one."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.formatting import class_name
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Move, Ring
from capsdraw.ui.cell_view import CellPicker
from capsdraw.ui.digit_view import image_of

# Of a picture, pixels.
_LEAST: Final = 4 * theme.GRID
_LEAST_OF_MANY: Final = 3 * theme.GRID
_LARGEST: Final = 14 * theme.GRID
_GAP: Final = theme.GRID
_MOST_ROWS: Final = 4
_WORDS: Final = 2 * theme.GRID


class Strip(CellPicker[Ring]):
    """A row of pictures, one a class, the held one framed; several rows where one has no room for all.

    Attributes:
        pictures: (C, rows, columns) float32 in [0, 1], or None.

    Signals:
        chosen(int): the user clicked a class, or went there by arrow keys.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Decoded as each class", parent)
        self.pictures: Floats | None = None
        self._classes = 10
        self._side = 7 * theme.GRID
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("What the decoder draws from each class' capsule alone. Click one to change its numbers")

    def set_side(self, side: int) -> None:
        """How large its pictures are where there is room across, pixels."""
        side = min(max(side, _LEAST), _LARGEST)
        if side != self._side:
            self._side = side
            self.shown_anew()
            self.updateGeometry()

    def show_pictures(self, pictures: Floats | None, held: int | None) -> None:
        """Show pictures (C, rows, columns), or outlines for None."""
        self.pictures, self.current = pictures, held
        if pictures is not None and len(pictures) != self._classes:
            self._classes = len(pictures)
            self.updateGeometry()
        self.setAccessibleDescription("" if held is None else self.words(held))
        self.shown_anew()

    @property
    def held(self) -> int | None:
        """The class that is framed, or None."""
        return self.current

    def show_picture(self, label: int, picture: Floats) -> None:
        """Show another picture (rows, columns) of one class, where there are pictures."""
        if self.pictures is not None and picture.shape == self.pictures.shape[1:]:
            self.pictures = self.pictures.copy()
            self.pictures[label] = picture
            self.renew(label)

    def set_names(self, names: tuple[str, ...]) -> None:
        """What the classes are called; () for their numbers."""
        self._names = names
        self.update()

    def name(self, index: int) -> str:
        """What class `index` is called."""
        return class_name(self._names, index)

    def hold(self, label: int | None) -> None:
        """Frame a class."""
        self.show_pictures(self.pictures, label)

    def cell(self, label: int) -> QRectF:
        """Where the picture of a class stands."""
        return QRectF(*self.cells.box(label)).adjusted(0, 0, 0, -_WORDS)

    def lay_out(self, width: int, height: int) -> Ring:  # noqa: ARG002
        columns, side, gap = self._form(width)
        return Ring(
            count=self._classes, columns=columns, across=side + gap, down=side + _WORDS, width=side,
            height=side + _WORDS, left=1, top=1,
        )  # fmt: skip

    def _form(self, width: int) -> tuple[int, int, int]:
        """Pictures in a row, their side, and the gap between two: in as few rows as let one see what they show."""
        columns, side, gap = self._classes, 1, _GAP
        for rows in range(1, _MOST_ROWS + 1):
            columns = -(-self._classes // rows)
            # Whole pixels, and one at either end: frames are drawn on the edges, the last one's within the strip.
            wide = int((width - 2 + _GAP) / columns - _GAP)
            gap = _GAP if wide >= _LEAST else _GAP // 2
            side = max(min(int((width - 2 + gap) / columns - gap), self._side), 1)
            if side >= _LEAST_OF_MANY:
                break
        return columns, side, gap

    def words(self, index: int) -> str:
        return f"capsule {self.name(index)} is selected"

    def tip(self, place: QPointF) -> str:  # noqa: ARG002
        return self.toolTip()

    def begin(self, move: Move, page: float) -> int | None:  # noqa: ARG002
        # There is nothing to hold yet.
        return None

    def clicked(self, index: int) -> None:
        self.chosen.emit(index)

    def stepped(self, index: int) -> None:
        self.chosen.emit(index)

    def sizeHint(self) -> QSize:
        return QSize(10 * (self._side + _GAP), self._high())

    def minimumSizeHint(self) -> QSize:
        return QSize(10 * _LEAST, self._high())

    def _high(self) -> int:
        """What all rows take at the width of now."""
        columns, side, _ = self._form(self.width())
        rows = -(-self._classes // columns)
        return rows * ((self._side if rows == 1 else side) + _WORDS) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.small(self))
        for label in self.in_sight(event.rect()):
            cell, held = self.cell(label), label == self.held
            if self.pictures is not None:
                painter.drawImage(cell, image_of(self.pictures[label]))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.says if held else colours.line, 2 if held else 1))
            painter.drawRect(cell)
            painter.setPen(colours.text if held else colours.quiet)
            words = QRectF(cell.left(), cell.bottom(), cell.width(), _WORDS)
            name = self.name(label)
            if self._names:
                name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(words.width()))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, name)
        if self.hasFocus() and self.held is not None:
            painter.setPen(QPen(colours.text, 1, Qt.PenStyle.DotLine))
            painter.drawRect(self.cell(self.held).adjusted(-2, -2, 2, 2))
