"""Many pictures with a few words beneath each; only those in sight are painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from capsdraw.ui import theme

# Screen pixels for a digit's pixel, and round a picture.
_SCALE: Final = 2
_GAP: Final = theme.GRID
# Of the words beneath it, pixels: folders are called as their owner likes, and nothing is scrolled sideways.
_LONGEST: Final = 160
_ARROW: Final = " → "


@dataclass(frozen=True)
class Shown:
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


class Gallery(QScrollArea):
    """Pictures in rows, as many in a row as there is room.

    Attributes:
        wall: what is scrolled.

    Signals:
        picked(int): the image of that index was clicked.
    """

    picked = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.wall = _Wall(self)
        self.wall.setAccessibleName(name)
        self.wall.picked.connect(self.picked)
        self.wall.moved.connect(lambda box: self.ensureVisible(box.center().x(), box.center().y(), 0, box.height()))
        self.setWidget(self.wall)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusProxy(self.wall)
        self.viewport().setAutoFillBackground(False)
        self.wall.setAutoFillBackground(False)

    def show_pictures(self, images: NDArray[np.uint8], shown: Sequence[Shown], hint: str) -> None:
        """Show some of the images.

        Args:
            images: (N, rows, columns[, 3]) uint8, ink is 255.
            shown: which of them, in this order.
            hint: what a click does, in words.
        """
        self.wall.show_pictures(images, shown, hint)
        self.verticalScrollBar().setValue(0)

    @property
    def shown(self) -> Sequence[Shown]:
        """What is shown."""
        return self.wall.shown

    def tile(self, place: int) -> QRect:
        """Where the picture number `place` stands on the wall."""
        return self.wall.tile(place)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)


class _Wall(QWidget):
    """All tiles.

    Signals:
        picked(int): an image was clicked; moved(object): the keyboard is at that tile.
    """

    picked = Signal(int)
    moved = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: Sequence[Shown] = ()
        self._images: NDArray[np.uint8] = np.zeros((0, 28, 28), np.uint8)
        self._hint = ""
        self._at: int | None = None  # the tile under the pointer or the keyboard
        self._tile = QSize(64, 88)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_pictures(self, images: NDArray[np.uint8], shown: Sequence[Shown], hint: str) -> None:
        """As `Gallery` has it."""
        self._images, self.shown, self._hint, self._at = images, shown, hint, None
        metrics = QFontMetrics(theme.small(self))
        # Of thousands, captions are of few kinds.
        words = {f"{one.true}{_ARROW}{one.read}" for one in shown} | {one.note for one in shown}
        wide = min(max((metrics.horizontalAdvance(one) for one in words), default=0), _LONGEST)
        rows, columns = images.shape[1:3]
        scale = max(1, min(_SCALE, 96 // max(rows, 1)))
        lines = 2 if any(one.note for one in shown) else 1
        self._picture = QSize(columns * scale, rows * scale)
        self._tile = QSize(
            max(self._picture.width(), wide) + _GAP, self._picture.height() + lines * metrics.height() + _GAP + 2
        )
        self.setAccessibleDescription(f"{len(shown)} pictures")
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return -(-len(self.shown) // self._columns(width)) * self._tile.height()

    def sizeHint(self) -> QSize:
        # How high it is, its width says: a hint would keep room that wider rows do not need.
        return self._tile

    def tile(self, place: int) -> QRect:
        """Where picture number `place` stands."""
        row, column = divmod(place, self._columns(self.width()))
        size = self._tile
        return QRect(column * size.width(), row * size.height(), size.width(), size.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.small(self))
        columns = self._columns(self.width())
        first = event.rect().top() // self._tile.height() * columns
        last = (event.rect().bottom() // self._tile.height() + 1) * columns
        for place in range(first, min(last, len(self.shown))):
            self._paint(painter, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(self._under(event.position()))
        self.setCursor(Qt.CursorShape.ArrowCursor if self._at is None else Qt.CursorShape.PointingHandCursor)

    def leaveEvent(self, _: QEvent) -> None:
        self._go(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._under(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self.shown[place].index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._columns(self.width())
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns,
        }  # fmt: skip
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at is not None:
            self.picked.emit(self.shown[self._at].index)
        elif Qt.Key(event.key()) in steps and self.shown:
            wanted = 0 if self._at is None else self._at + steps[Qt.Key(event.key())]
            self._go(min(max(wanted, 0), len(self.shown) - 1))
            assert self._at is not None
            self.moved.emit(self.tile(self._at))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place = self._under(QPointF(event.pos()))
            if place is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.words(self.shown[place]), self)
            return True
        return super().event(event)

    def words(self, one: Shown) -> str:
        """A picture in words."""
        said = f"Image {one.index:,}: {one.true}, read as {one.read}"
        return ", ".join(filter(None, (said, one.note))) + (f". {self._hint}" if self._hint else "")

    def fitting(self, one: Shown, metrics: QFontMetrics) -> tuple[str, str]:
        """The two names beneath a picture, elided where the tile has no room for them."""
        room = self._tile.width() - _GAP
        if one.right:
            return metrics.elidedText(one.true, Qt.TextElideMode.ElideRight, room), ""
        room -= metrics.horizontalAdvance(_ARROW)
        # A short name leaves its room to the other.
        first = max(room - metrics.horizontalAdvance(one.read), room // 2)
        true = metrics.elidedText(one.true, Qt.TextElideMode.ElideRight, first)
        left = room - metrics.horizontalAdvance(true)
        return true, metrics.elidedText(one.read, Qt.TextElideMode.ElideRight, left)

    def _go(self, place: int | None) -> None:
        if place != self._at:
            self._at = place
            self.update()

    def _under(self, place: QPointF) -> int | None:
        column, row = int(place.x()) // self._tile.width(), int(place.y()) // self._tile.height()
        columns = self._columns(self.width())
        found = row * columns + column
        return found if column < columns and 0 <= found < len(self.shown) else None

    def _columns(self, width: int) -> int:
        return max(1, width // self._tile.width())

    def _paint(self, painter: QPainter, place: int) -> None:
        colours, one, tile = theme.of(self), self.shown[place], self.tile(place)
        picture = QRect(QPoint(tile.left(), tile.top()), self._picture)
        painter.drawImage(picture, byte_image(self._images[one.index]))
        painter.setPen(QPen(colours.says, 2) if place == self._at else QPen(colours.line, 1))
        painter.drawRect(picture.adjusted(0, 0, -1, -1))
        high = painter.fontMetrics().height()
        line = QRectF(tile.left(), picture.bottom() + 3, tile.width(), high)
        true, read = self.fitting(one, painter.fontMetrics())
        parts = ((true, colours.right), (_ARROW, colours.quiet), (read, colours.wrong))
        for text, colour in parts[:1] if one.right else parts:
            painter.setPen(colour)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, text)
            line.setLeft(line.left() + painter.fontMetrics().horizontalAdvance(text))
        if one.note:
            painter.setPen(colours.quiet)
            beneath = QRectF(tile.left(), picture.bottom() + 3 + high, tile.width(), high)
            painter.drawText(beneath, Qt.AlignmentFlag.AlignLeft, one.note)


def byte_image(pixels: NDArray[np.uint8]) -> QImage:
    """An image (rows, columns[, 3]) uint8 as Qt's."""
    whole = np.ascontiguousarray(pixels)
    rows, columns = whole.shape[:2]
    grey = whole.ndim == 2
    form = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(whole.data, columns, rows, columns if grey else 3 * columns, form).copy()


def under(view: QWidget, *widgets: QWidget) -> None:
    """Widgets one beneath the other, the last with all the room that is left."""
    layout = QVBoxLayout(view)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.GRID)
    for widget in widgets[:-1]:
        layout.addWidget(widget)
    layout.addWidget(widgets[-1], 1)
