"""Many pictures with a few words beneath each; only those in sight are painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.formatting import many
from capsdraw.ui import theme
from capsdraw.ui.cell_layout import Flow
from capsdraw.ui.cell_view import CellFollower, CellScroll

# Screen pixels for a digit's pixel, at least, and where all have room; and round a picture.
_SCALE: Final = 2
_LARGEST: Final = 6
_GAP: Final = theme.GRID
# Of the words beneath it, pixels: folders are called as their owner likes, and nothing is scrolled sideways.
_LONGEST: Final = 160
_ARROW: Final = " → "


@dataclass(frozen=True)
class GalleryItem:
    """A picture of a gallery.

    Attributes:
        index: among the images.
        true, read: what its class, and what was read, are called.
        right: whether these are the same; note: a second line, or "".
    """

    index: int
    true: str
    read: str
    right: bool
    note: str = ""


class Gallery(CellScroll):
    """Pictures in rows, as many in a row as there is room.

    Attributes:
        wall: what is scrolled.

    Signals:
        picked(int): the image of that index was clicked.
    """

    picked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        wall = _Wall(name)
        super().__init__(wall, parent)
        self.wall = wall
        self.wall.picked.connect(self.picked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.wall.fit(self.viewport().size())
        super().resizeEvent(event)

    def show_pictures(
        self, images: NDArray[np.uint8], items: Sequence[GalleryItem], hint: str, noun: str = "image"
    ) -> None:
        """Show some of the images.

        Args:
            images: (N, rows, columns[, 3]) uint8, ink is 255.
            items: which of them, in this order.
            hint: what a click does, in words; noun: what each of them is.
        """
        self.wall.show_pictures(images, items, hint, noun)
        self.verticalScrollBar().setValue(0)

    @property
    def items(self) -> Sequence[GalleryItem]:
        """What is shown."""
        return self.wall.items

    def tile(self, place: int) -> QRect:
        """Where the picture number `place` stands on the wall."""
        return self.wall.tile(place)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)


class _Wall(CellFollower[Flow]):
    """All tiles.

    Signals:
        picked(int): an image was clicked.
    """

    picked = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.items: Sequence[GalleryItem] = ()
        self._images: NDArray[np.uint8] = np.zeros((0, 28, 28), np.uint8)
        self._hint, self._noun = "", "Image"
        self._picture, self._tile = QSize(56, 56), QSize(64, 88)
        # In sight at a time; of the words beneath a picture, the width and the height.
        self._room, self._wide, self._beneath = QSize(0, 0), 0, 0
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_pictures(
        self, images: NDArray[np.uint8], items: Sequence[GalleryItem], hint: str, noun: str = "image"
    ) -> None:
        """As `Gallery` has it."""
        self._images, self.items, self._hint, self._noun = images, items, hint, noun.title()
        self.over = self.current = None
        metrics = QFontMetrics(theme.small(self))
        # Of thousands, captions are of few kinds.
        words = {(item.true, _ARROW, item.read) for item in items} | {(item.note,) for item in items}
        # Part by part, as they are painted; what is elided is held against its width to a fraction of a pixel.
        wide = (sum(metrics.horizontalAdvance(part) + 1 for part in parts) for parts in words)
        self._wide = min(max(wide, default=0), _LONGEST)
        self._beneath = (2 if any(item.note for item in items) else 1) * metrics.height() + 2
        self.setAccessibleDescription(many(len(items), "picture"))
        self._enlarge()

    def fit(self, room: QSize) -> None:
        """So much is in sight at a time."""
        if room != self._room:
            self._room = room
            self._enlarge()

    def _enlarge(self) -> None:
        """Pictures as large as all of them have room for without scrolling; else as they are best looked through."""
        rows, columns = self._images.shape[1:3]
        least = max(1, min(_SCALE, 96 // max(rows, 1)))
        for scale in range(max(least, _LARGEST * 28 // max(rows, 1)), least - 1, -1):
            self._picture = QSize(columns * scale, rows * scale)
            tile = QSize(max(self._picture.width(), self._wide) + _GAP, self._picture.height() + self._beneath + _GAP)
            self._tile = tile
            in_a_row = max(1, self._room.width() // tile.width())
            if -(-len(self.items) // in_a_row) * tile.height() <= self._room.height():
                break
        self.updateGeometry()
        self.shown_anew()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self.lay_out(width, 0).rows * self._tile.height()

    def sizeHint(self) -> QSize:
        # How high it is, its width says: a hint would keep room that wider rows do not need.
        return self._tile

    def tile(self, place: int) -> QRect:
        """Where picture number `place` stands."""
        return QRectF(*self.cells.box(place)).toRect()

    def lay_out(self, width: int, height: int) -> Flow:  # noqa: ARG002
        tile = self._tile
        return Flow.without_gaps(len(self.items), max(1, width // tile.width()), tile.width(), tile.height())

    def words(self, index: int) -> str:
        return self.described(self.items[index])

    def clicked(self, index: int) -> None:
        self.picked.emit(self.items[index].index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.small(self))
        for place in self.in_sight(event.rect()):
            self._paint(painter, place)

    def described(self, item: GalleryItem) -> str:
        """A picture in words."""
        text = f"{self._noun} {item.index:,}: {item.true}, read as {item.read}"
        return ", ".join(filter(None, (text, item.note))) + (f". {self._hint}" if self._hint else "")

    def fitting(self, item: GalleryItem, metrics: QFontMetrics) -> tuple[str, str]:
        """The two names beneath a picture, elided where the tile has no room for them."""
        room = self._tile.width() - _GAP
        if item.right:
            return metrics.elidedText(item.true, Qt.TextElideMode.ElideRight, room), ""
        room -= metrics.horizontalAdvance(_ARROW)
        # A short name leaves its room to the other.
        first = max(room - metrics.horizontalAdvance(item.read), room // 2)
        true = metrics.elidedText(item.true, Qt.TextElideMode.ElideRight, first)
        left = room - metrics.horizontalAdvance(true)
        return true, metrics.elidedText(item.read, Qt.TextElideMode.ElideRight, left)

    def _paint(self, painter: QPainter, place: int) -> None:
        colours, item, tile = theme.of(self), self.items[place], self.tile(place)
        picture = QRect(tile.topLeft(), self._picture)
        painter.drawImage(picture, byte_image(self._images[item.index]))
        painter.setPen(QPen(colours.says, 2) if place == self.current else QPen(colours.line, 1))
        painter.drawRect(picture.adjusted(0, 0, -1, -1))
        high = painter.fontMetrics().height()
        line = QRectF(tile.left(), picture.bottom() + 3, tile.width(), high)
        true, read = self.fitting(item, painter.fontMetrics())
        parts = ((true, colours.right), (_ARROW, colours.quiet), (read, colours.wrong))
        for text, colour in parts[:1] if item.right else parts:
            painter.setPen(colour)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, text)
            line.setLeft(line.left() + painter.fontMetrics().horizontalAdvance(text))
        if item.note:
            painter.setPen(colours.quiet)
            beneath = QRectF(tile.left(), picture.bottom() + 3 + high, tile.width(), high)
            painter.drawText(beneath, Qt.AlignmentFlag.AlignLeft, item.note)


def byte_image(pixels: NDArray[np.uint8]) -> QImage:
    """An image (rows, columns[, 3]) uint8 as Qt's."""
    contiguous = np.ascontiguousarray(pixels)
    rows, columns = contiguous.shape[:2]
    grey = contiguous.ndim == 2
    form = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(contiguous.data, columns, rows, columns if grey else 3 * columns, form).copy()
