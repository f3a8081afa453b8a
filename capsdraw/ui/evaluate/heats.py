"""What spoke for the answers of two models to one image: their Grad-CAM, side by side."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capsdraw.formatting import with_article
from capsdraw.lab.heat import Heat
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.evaluate.examiner import Explained
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.overlay import HeatPicture

# Of a picture, pixels.
_SIDE: Final = 16 * theme.GRID
_LEAST, _LARGEST = 6 * theme.GRID, 40 * theme.GRID


class HeatPair(Guarded, QWidget):
    """A picture for each of two models, and a few words.

    Attributes:
        pictures, status: of each model.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting = False
        self.pictures = [HeatPicture() for _ in range(2)]
        self.status = [LiveText(theme.tabular(theme.small(self)), lines=3) for _ in range(2)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        for picture, status in zip(self.pictures, self.status, strict=True):
            picture.setFixedSize(_SIDE, _SIDE)
            picture.set_opacity(0.9)
            picture.empty = "Click an image"
            column = QVBoxLayout()
            column.setSpacing(theme.GRID // 2)
            column.addWidget(picture)
            column.addWidget(status)
            column.addStretch(1)
            layout.addLayout(column)
        self.setToolTip("Grad-CAM of each model's last convolution, for the class that the model reads")
        self.show_nothing()

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * _LEAST + theme.GRID, _LEAST + self._beneath())

    def resizeEvent(self, event: QResizeEvent) -> None:
        # As high as there is room; both together take no more than half of the width.
        around = self.parentWidget()
        wide = (self.width() if around is None else around.width()) // 4
        side = max(min(event.size().height() - self._beneath(), wide, _LARGEST), _LEAST)
        for picture in self.pictures:
            picture.setFixedSize(side, side)
        super().resizeEvent(event)

    def _beneath(self) -> int:
        """Height of the words, pixels."""
        return self.status[0].sizeHint().height() + theme.GRID // 2

    def show_nothing(self) -> None:
        """No image was clicked; what is still answered is about another one."""
        self._waiting = False
        for picture, status in zip(self.pictures, self.status, strict=True):
            picture.show_heat(None, None)
            status.setText("")
        self.status[0].setText("Click an image to see what spoke for each answer")

    def show_waiting(self, cards: Sequence[Card]) -> None:
        """An image was clicked, these models are being asked."""
        self._waiting = True
        for picture, status, card in zip(self.pictures, self.status, cards, strict=True):
            picture.show_heat(None, None)
            status.setText(f"Asking {card.title} …")

    def show_explained(self, explained: Explained) -> None:
        """What spoke for the answer of each of the two, if it is still wanted."""
        if not self._waiting:
            return
        for index, (picture, status) in enumerate(zip(self.pictures, self.status, strict=True)):
            card, heat = explained.cards[index], explained.heats[index]
            read = with_article(card.label(explained.read[index]))
            if isinstance(heat, Heat):
                picture.show_heat(explained.image, heat, "Nothing spoke for it" if heat.peak == 0 else "")
                status.setText(f"{card.title} reads {read}")
            else:
                picture.show_heat(explained.image, None)
                status.setText(f"{card.title} reads {read}; {heat.split(': ')[0]}")
