"""Test images above their reconstructions, or what a classifier has instead."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from capsdraw.ink.raster import Raster
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.cell_layout import Blocks, Flow
from capsdraw.ui.cell_view import CellPicker
from capsdraw.ui.controls import stacked
from capsdraw.ui.digit_view import image_of
from capsdraw.ui.evaluate.examiner import Examined
from capsdraw.ui.evaluate.views import hint
from capsdraw.ui.no_capsules import NoCapsules
from capsdraw.ui.pair_colours import coloured

_IN_A_ROW: Final = 10
_GAP: Final = 3
_CAPTION: Final = 3 * theme.GRID
_MOST: Final = 20 * theme.GRID


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
        self.head, self.sheet, self.none = caption(), PairsSheet(), NoCapsules("No reconstructions")
        self.sheet.picked.connect(self.picked)
        self.none.wanted.connect(self.wanted)
        page = QWidget()
        stacked(page, self.head, self.sheet)
        self._pages = QStackedWidget()
        self._pages.addWidget(page)
        self._pages.addWidget(self.none)
        stacked(self, self._pages)

    def show_result(self, examined: Examined, models: Sequence[Card]) -> None:
        """Show what was measured; `models` are all that could be."""
        self._pages.setCurrentIndex(int(examined.pairs is None))
        if examined.pairs is None:
            self.none.describe(examined.card, [card for card in models if card.input == examined.card.input])
            self.none.offer.setText(self.none.offer.text().replace("Use", "Measure"))
            return
        result, count = examined.result, len(examined.pairs.real)
        wrong = set((~result.right[:count]).nonzero()[0].tolist())
        by = "its two longest capsules" if examined.card.reads_pairs else "its longest capsule"
        self.head.setText(
            f"The first {count} test {result.noun}s, and each as {examined.card.title} draws it from {by}: mean "
            f"squared error {examined.pairs.error:.4f}. "
            f"{'None are misread.' if not wrong else f'{len(wrong)} misread, in red frames.'}"
        )
        words = [
            "{} {}: {}, read as {}".format(result.noun.title(), index, *result.told(index, examined.names))
            for index in range(count)
        ]
        parts = examined.pairs.parts
        drawn = examined.pairs.reconstructed if parts is None or parts.ndim > 4 else map(coloured, parts)
        self.sheet.show_pairs(list(examined.pairs.real), list(drawn), wrong, words, hint(examined))


class PairsSheet(CellPicker[Blocks]):
    """Two blocks of pictures, ten in a row.

    Attributes:
        real, reconstructed: the pictures.

    Signals:
        picked(int): that real image, or its reconstruction, was clicked, or chosen by Return.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Images over their reconstructions", parent)
        self.real: list[QImage] = []
        self.reconstructed: list[QImage] = []
        self._wrong: set[int] = set()
        self._words: list[str] = []
        self._hint = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pairs(
        self, real: Sequence[Raster], reconstructed: Sequence[Raster], wrong: set[int], words: list[str], hint: str
    ) -> None:
        """Show images and their reconstructions, each (rows, columns) or (rows, columns, 3) in [0, 1].

        Args:
            real, reconstructed: as many of both.
            wrong: which of them were misread; words: on each; hint: what a click does.
        """
        self.real, self.reconstructed = (
            [image_of(picture) for picture in real],
            [image_of(picture) for picture in reconstructed],
        )
        self._wrong, self._words, self._hint = wrong, words, hint
        self.current = None
        self.shown_anew()

    def sizeHint(self) -> QSize:
        return QSize(_IN_A_ROW * 48, 2 * _CAPTION + 10 * 48)

    def minimumSizeHint(self) -> QSize:
        return QSize(_IN_A_ROW * 31, 2 * _CAPTION + 10 * 31)

    def cell(self, block: int, index: int) -> QRectF:
        """Where image `index` stands among the real ones (block 0) or their reconstructions (1)."""
        return QRectF(*self.cells.boxes(index)[block])

    def lay_out(self, width: int, height: int) -> Blocks:
        count = len(self.real)
        rows = max(1, -(-count // _IN_A_ROW))
        side = max(min(width / _IN_A_ROW, (height - 2 * _CAPTION) / (2 * rows), _MOST), _GAP + 1)
        return Blocks(
            tuple(
                Flow(
                    count=count, columns=_IN_A_ROW, across=side, down=side, width=side - _GAP, height=side - _GAP,
                    top=_CAPTION + block * (rows * side + _CAPTION),
                )
                for block in range(2)
            )
        )  # fmt: skip

    def words(self, index: int) -> str:
        return self._words[index]

    def tip(self, place: QPointF) -> str:
        words = super().tip(place)
        return f"{words}. {self._hint}" if words and self._hint else words

    def clicked(self, index: int) -> None:
        self.go(index)
        self.picked.emit(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.real:
            return
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setFont(theme.small(self))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        indices = list(self.in_sight(event.rect()))
        for block, (pictures, words) in enumerate(((self.real, "real"), (self.reconstructed, "reconstructed"))):
            painter.setPen(colours.quiet)
            first = self.cell(block, 0)
            line = QRectF(0, first.top() - _CAPTION, self.width(), _CAPTION)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, words)
            for index in indices:
                cell = self.cell(block, index)
                painter.drawImage(cell, pictures[index])
                if index in self._wrong:
                    painter.setPen(QPen(colours.wrong, 2))
                    painter.drawRect(cell)
        if self.current is not None and self.hasFocus():
            painter.setPen(QPen(colours.says, 2))
            for box in self.cells.boxes(self.current):
                painter.drawRect(QRectF(*box))
