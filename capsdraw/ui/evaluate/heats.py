"""What spoke for the answers of two models to one image: their Grad-CAM, side by side."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capsdraw.lab.heat import Heat
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.evaluate.examiner import Explained
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.overlay import HeatPicture
from capsdraw.ui.readout import with_article

_SIDE: Final = 16 * theme.GRID


class Heats(QWidget):
    """A picture for each of two models, and a few words.

    Attributes:
        pictures, said: of each model.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting = False
        self.pictures = [HeatPicture() for _ in range(2)]
        self.said = [LiveText(theme.tabular(theme.small(self)), lines=3) for _ in range(2)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        for picture, said in zip(self.pictures, self.said, strict=True):
            picture.setFixedSize(_SIDE, _SIDE)
            picture.set_opacity(0.9)
            column = QVBoxLayout()
            column.setSpacing(theme.GRID // 2)
            column.addWidget(picture)
            column.addWidget(said)
            column.addStretch(1)
            layout.addLayout(column)
        self.setToolTip("Grad-CAM of each model's last convolution, towards the class that the model reads")
        self.show_nothing()

    def show_nothing(self) -> None:
        """No image was clicked; what is still answered is about another one."""
        self._waiting = False
        for picture, said in zip(self.pictures, self.said, strict=True):
            picture.show_heat(None, None)
            said.setText("")
        self.said[0].setText("Click an image: what spoke for each answer")

    def show_waiting(self, cards: Sequence[Card]) -> None:
        """An image was clicked, these models are being asked."""
        self._waiting = True
        for picture, said, card in zip(self.pictures, self.said, cards, strict=True):
            picture.show_heat(None, None)
            said.setText(f"Asking {card.title} …")

    def show_explained(self, found: Explained) -> None:
        """What spoke for the answer of each of the two, if it is still wanted."""
        if not self._waiting:
            return
        for number, (picture, said) in enumerate(zip(self.pictures, self.said, strict=True)):
            card, heat = found.cards[number], found.heats[number]
            read = with_article(card.label(found.read[number]))
            if isinstance(heat, Heat):
                picture.show_heat(found.image, heat, "Nothing spoke for it" if heat.peak == 0 else "")
                said.setText(f"{card.title} reads {read}")
            else:
                picture.show_heat(found.image, None)
                said.setText(f"{card.title} reads {read}; {heat.split(': ')[0]}")
