"""Words that change while one draws: painted, so that no layout hears of them."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ui import theme


class Words(QWidget):
    """Quiet words that wrap, in as many lines as there is room for.

    Attributes:
        text: what stands there.
    """

    def __init__(self, lines: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._lines = lines
        self.setFont(theme.tabular(theme.small(self)))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, text: str) -> None:
        """Show `text` from now on."""
        if text != self.text:
            self.text = text
            self.setToolTip(text)
            self.setAccessibleName(text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(10 * theme.GRID, self._lines * self.fontMetrics().lineSpacing() + 2)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.of(self).quiet)
        painter.drawText(QRectF(self.rect()), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, self.text)
