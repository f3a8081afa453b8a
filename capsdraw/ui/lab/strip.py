"""What the decoder makes of each class' capsule, side by side; a click takes hold of one."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.digit_view import grey_image

_LARGEST: Final = 7 * theme.GRID
_GAP: Final = theme.GRID
_WORDS: Final = 2 * theme.GRID


class Strip(QWidget):
    """A row of pictures, one a class, the held one framed.

    Attributes:
        pictures: (C, rows, columns) float32 in [0, 1], or None.
        held: the class that is framed, or None.

    Signals:
        chosen(int): the user clicked a class, or went there by arrow keys.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures: Floats | None = None
        self.held: int | None = None
        self._classes = 10
        self._names: tuple[str, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Decoded as each class")
        self.setToolTip("What the decoder draws of each class' capsule alone. Click one to take hold of its numbers")

    def show_pictures(self, pictures: Floats | None, held: int | None) -> None:
        """Show pictures (C, rows, columns), or empty frames for None."""
        self.pictures, self.held = pictures, held
        if pictures is not None:
            self._classes = len(pictures)
        self.setAccessibleDescription("" if held is None else f"capsule {self.name(held)} is held")
        self.update()

    def show_picture(self, label: int, picture: Floats) -> None:
        """Show another picture (rows, columns) of one class, where there are pictures."""
        if self.pictures is not None and picture.shape == self.pictures.shape[1:]:
            self.pictures = self.pictures.copy()
            self.pictures[label] = picture
            self.update(self.cell(label).toAlignedRect())

    def set_names(self, names: tuple[str, ...]) -> None:
        """What the classes are called; () for their numbers."""
        self._names = names
        self.update()

    def name(self, label: int) -> str:
        """What class `label` is called."""
        return self._names[label] if label < len(self._names) else str(label)

    def hold(self, label: int | None) -> None:
        """Frame a class."""
        self.show_pictures(self.pictures, label)

    def cell(self, label: int) -> QRectF:
        """Where the picture of a class stands."""
        # Whole pixels, and one at either end: frames are drawn on the edges, the last one's within the strip.
        side = min(int((self.width() - 2 + _GAP) / self._classes - _GAP), _LARGEST)
        return QRectF(1 + label * (side + _GAP), 1, side, side)

    def sizeHint(self) -> QSize:
        return QSize(10 * (_LARGEST + _GAP), _LARGEST + _WORDS + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(10 * 4 * theme.GRID, _LARGEST + _WORDS + 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for label in range(self._classes):
            if self.cell(label).adjusted(0, 0, 0, _WORDS).contains(event.position()):
                self.chosen.emit(label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self.held is None:
            super().keyPressEvent(event)
        else:
            self.chosen.emit((self.held + step) % self._classes)

    def paintEvent(self, _: QPaintEvent) -> None:
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.small(self))
        for label in range(self._classes):
            cell, held = self.cell(label), label == self.held
            painter.fillRect(cell, Qt.GlobalColor.black)
            if self.pictures is not None:
                painter.drawImage(cell, grey_image(self.pictures[label]))
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
