"""Words that change while something moves: painted, so that no layout hears of them."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ui.guard import Guarded
from capsdraw.ui.plain_text import tip


class LiveText(Guarded, QWidget):
    """Words that never ask for room, unlike a QLabel's.

    A label tells every layout above it that its size may have changed, up to the tabs, whose
    pages are then measured one by one: with each move of a slider, milliseconds. Here the room is
    what the layout gives; a line that is too long for it ends in an ellipsis, several wrap.

    Args:
        font: of the words.
        like: words as wide as any that will come; "" takes whatever room there is.
        quiet: in the colour of captions, else in that of words.
        lines: how many there is room for; several are read whole in a tool tip, too.
    """

    def __init__(
        self, font: QFont, like: str = "", quiet: bool = True, lines: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._like, self._lines = like, lines
        self.setFont(font)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText if quiet else QPalette.ColorRole.WindowText)
        across = QSizePolicy.Policy.Fixed if like else QSizePolicy.Policy.Ignored
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """The words."""
        return self._text

    def setText(self, text: str) -> None:
        """Show other words."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            if self._lines > 1:
                self.setToolTip(tip(text))
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        height = metrics.height() + (self._lines - 1) * metrics.lineSpacing()
        return QSize(metrics.horizontalAdvance(self._like), height)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        if self._lines > 1:
            painter.drawText(self.rect(), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, self._text)
            return
        metrics = painter.fontMetrics()
        words = self._text
        if metrics.horizontalAdvance(words) > self.width():
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, words)
