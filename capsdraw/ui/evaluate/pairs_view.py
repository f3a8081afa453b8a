"""Test images above their reconstructions, or what a classifier has instead."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QToolTip, QVBoxLayout, QWidget

from capsdraw.ink.raster import Raster
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.digit_view import image_of
from capsdraw.ui.evaluate.examiner import Examined
from capsdraw.ui.evaluate.views import hint
from capsdraw.ui.no_capsules import NoCapsules

_IN_A_ROW: Final = 10
_GAP: Final = 3
_CAPTION: Final = 3 * theme.GRID
_MOST: Final = 64
_STEPS: Final = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_IN_A_ROW, Qt.Key.Key_Down: _IN_A_ROW,
}  # fmt: skip


class PairsView(QWidget):
    """50 test images over their 50 reconstructions; for a classifier, why it has none.

    Attributes:
        head: words; sheet: the pictures; none: what a classifier has instead.

    Signals:
        picked(int): the image of that index was clicked.
        wanted(str): the user would like that model measured.
    """

    picked = Signal(int)
    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.head, self.sheet, self.none = caption(), PairsSheet(), NoCapsules("Nothing is reconstructed")
        self.sheet.picked.connect(self.picked)
        self.none.wanted.connect(self.wanted)
        both = QWidget()
        layout = QVBoxLayout(both)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.head)
        layout.addWidget(self.sheet, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(both)
        self._pages.addWidget(self.none)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._pages)

    def show_result(self, found: Examined, models: Sequence[Card]) -> None:
        """Show what was measured; `models` are all that could be."""
        self._pages.setCurrentIndex(int(found.pairs is None))
        if found.pairs is None:
            self.none.describe(found.card, [one for one in models if one.input == found.card.input])
            self.none.offer.setText(self.none.offer.text().replace("Use", "Measure"))
            return
        wrong = set((found.pairs.read != found.result.labels[: len(found.pairs.read)]).nonzero()[0].tolist())
        self.head.setText(
            f"The first {len(found.pairs.read)} test images, and each as {found.card.title} draws it from its longest "
            f"capsule: mean squared error {found.pairs.error:.4f}. "
            f"{'None is misread.' if not wrong else f'{len(wrong)} misread, in red frames.'}"
        )
        words = [
            f"Image {number}: {found.names[int(true)]}, read as {found.names[int(read)]}"
            for number, (true, read) in enumerate(zip(found.result.labels, found.pairs.read, strict=False))
        ]
        self.sheet.show_pairs(list(found.pairs.real), list(found.pairs.made), wrong, words, hint(found))


class PairsSheet(QWidget):
    """Two blocks of pictures, ten in a row.

    Attributes:
        real, made: the pictures.
        at: number of the image that the keyboard is at, or None.

    Signals:
        picked(int): that real image, or its reconstruction, was clicked, or chosen by Return.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.real: list[QImage] = []
        self.made: list[QImage] = []
        self.at: int | None = None
        self._wrong: set[int] = set()
        self._words: list[str] = []
        self._hint = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Images over their reconstructions")

    def show_pairs(
        self, real: Sequence[Raster], made: Sequence[Raster], wrong: set[int], words: list[str], hint: str
    ) -> None:
        """Show images and their reconstructions, each (rows, columns) or (rows, columns, 3) in [0, 1].

        Args:
            real, made: as many of both.
            wrong: which of them were misread; words: on each; hint: what a click does.
        """
        self.real, self.made = [image_of(one) for one in real], [image_of(one) for one in made]
        self._wrong, self._words, self._hint = wrong, words, hint
        self.at = None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_IN_A_ROW * 48, 2 * _CAPTION + 10 * 48)

    def minimumSizeHint(self) -> QSize:
        return QSize(_IN_A_ROW * 31, 2 * _CAPTION + 10 * 31)

    def cell(self, block: int, number: int) -> QRectF:
        """Where image `number` stands among the real ones (block 0) or their reconstructions (1)."""
        rows = max(1, -(-len(self.real) // _IN_A_ROW))
        side = min(self.width() / _IN_A_ROW, (self.height() - 2 * _CAPTION) / (2 * rows), _MOST)
        row, column = divmod(number, _IN_A_ROW)
        top = _CAPTION + block * (rows * side + _CAPTION)
        return QRectF(column * side, top + row * side, side - _GAP, side - _GAP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(found)
            self.picked.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if self.real and step is not None:
            self._go(0 if self.at is None else min(max(self.at + step, 0), len(self.real) - 1))
        elif self.at is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.at)
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            found = self._under(QPointF(event.pos()))
            if found is None:
                QToolTip.hideText()
            else:
                end = f". {self._hint}" if self._hint else ""
                QToolTip.showText(event.globalPos(), f"{self._words[found]}{end}", self)
            return True
        return super().event(event)  # type: ignore[arg-type]

    def paintEvent(self, _: QPaintEvent) -> None:
        if not self.real:
            return
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setFont(theme.small(self))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for block, (pictures, words) in enumerate(((self.real, "real"), (self.made, "reconstructed"))):
            painter.setPen(colours.quiet)
            first = self.cell(block, 0)
            line = QRectF(0, first.top() - _CAPTION, self.width(), _CAPTION)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
            for number, picture in enumerate(pictures):
                cell = self.cell(block, number)
                painter.drawImage(cell, picture)
                if number in self._wrong:
                    painter.setPen(QPen(colours.wrong, 2))
                    painter.drawRect(cell)
        if self.at is not None and self.hasFocus():
            painter.setPen(QPen(colours.says, 2))
            for block in range(2):
                painter.drawRect(self.cell(block, self.at))

    def _go(self, number: int) -> None:
        self.at = number
        self.setAccessibleDescription(self._words[number])
        self.update()

    def _under(self, place: QPointF) -> int | None:
        cells = ((block, number) for block in range(2) for number in range(len(self.real)))
        return next((number for block, number in cells if self.cell(block, number).contains(place)), None)
