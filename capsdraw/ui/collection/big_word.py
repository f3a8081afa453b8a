"""A class' name, as large as there is room: to be read from the last row of a class room."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded


class BigWord(Guarded, QWidget):
    """Paints one word.

    Attributes:
        text: the word.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    def show_word(self, text: str) -> None:
        """Show that word."""
        self.text = text
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter, room = QPainter(self), QRectF(self.rect())
        font = self.font()
        font.setPixelSize(100)
        # A 7 and an "ankle boot" alike: by the height of a line, and no wider than there is room.
        wide = max(QFontMetricsF(font).horizontalAdvance(self.text), 1.0)
        font.setPixelSize(max(8, int(min(0.8 * room.height(), 90 * room.width() / wide))))
        painter.setFont(font)
        painter.setPen(theme.of(self).text)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text)
