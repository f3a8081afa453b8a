"""The lab as it is laid out: headline, buttons, the face that is shown, and the strip beneath."""

from typing import Final

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.lab.buttons import Toolbar
from capsdraw.ui.lab.morph_view import MorphView
from capsdraw.ui.lab.routing_view import RoutingView
from capsdraw.ui.lab.sheet_view import SheetView
from capsdraw.ui.lab.sliders_face import SlidersFace
from capsdraw.ui.lab.strip import Strip
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.no_capsules import NoCapsules

# Of the sliders and of the sheet; the routing says its own.
_ABOUT: Final = (
    "Each number says how the digit is written. Move one, and the decoder redraws the digit.",
    "A row for each number, changed in steps while the others stay. Click a picture to set its slider.",
)


class LabPage(QStackedWidget):
    """All widgets of the lab, or, for a classifier, what it has instead.

    Attributes:
        headline: what is held; tools: the buttons.
        face, sheet, routing, morph: the faces; strip: each class decoded; none: what a classifier has.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = LiveText(theme.large(self), quiet=False)
        self.tools = Toolbar()
        self.face, self.sheet, self.routing, self.morph = SlidersFace(), SheetView(), RoutingView(), MorphView()
        self.strip, self.none = Strip(), NoCapsules()
        self._about = caption(_ABOUT[0])
        self._faces = QStackedWidget()
        for face in (self.face, self.sheet, self.routing, self.morph):
            self._faces.addWidget(face)
        self._lab = QWidget()
        lab = QVBoxLayout(self._lab)
        lab.setContentsMargins(0, 0, 0, 0)
        lab.setSpacing(theme.GRID)
        lab.addWidget(self.headline)
        lab.addWidget(self._about)
        lab.addLayout(self.tools.row())
        lab.addWidget(self._faces, 1)
        lab.addWidget(self.strip)
        self.addWidget(self._lab)
        self.addWidget(self.none)

    @property
    def shown(self) -> QWidget | None:
        """The face that is shown."""
        return self._faces.currentWidget()

    def describe(self, card: Card, models: list[Card]) -> None:
        """Lay out for a model; `models` are all that could answer."""
        for named in (self.strip, self.face.again, self.routing.lengths, self.routing.shared):
            named.set_names(card.labels)
        self.face.follow.setChecked(True)
        if card.kind != "capsule":
            self.none.describe(card, models)
        self.setCurrentWidget(self._lab if card.kind == "capsule" else self.none)

    def turn(self, face: int) -> None:
        """Show the sliders (0), the sheet (1), the routing (2) or the morph (3)."""
        self.tools.faces[face].setChecked(True)
        self._faces.setCurrentIndex(face)
        self._about.setVisible(face < len(_ABOUT))
        self._about.setText(_ABOUT[min(face, len(_ABOUT) - 1)])
