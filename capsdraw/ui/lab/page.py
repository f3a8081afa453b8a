"""The lab as it is laid out: buttons, headline and sentence, the face that is shown, and the strip beneath."""

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.guard import Guarded
from capsdraw.ui.lab.buttons import Toolbar
from capsdraw.ui.lab.morph_view import MorphView
from capsdraw.ui.lab.routing_view import RoutingView
from capsdraw.ui.lab.sheet_view import SheetView
from capsdraw.ui.lab.sliders_face import SlidersFace
from capsdraw.ui.lab.strip import Strip
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.no_capsules import NoCapsules

# Of each face, short enough for the least window; the routing says its own.
_ABOUT: Final = (
    "Each number says how your drawing is made: move one, and it is redrawn.",
    "Each number in steps, the others as they are. Click a picture to set its slider.",
    "",
    "Keep two drawings: the slider leads from one capsule to the other.",
)


# Of the height, a picture of the strip takes such a part.
_STRIP: Final = 12


class LabPage(Guarded, QStackedWidget):
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
        # Fixed lines, whatever they say: no button moves under the pointer.
        self._about = LiveText(self.font())
        self._about.setText(_ABOUT[0])
        self._faces = QStackedWidget()
        for face in (self.face, self.sheet, self.routing, self.morph):
            self._faces.addWidget(face)
        self._lab = QWidget()
        lab = QVBoxLayout(self._lab)
        lab.setContentsMargins(0, 0, 0, 0)
        lab.setSpacing(theme.GRID)
        lab.addLayout(self.tools.row())
        lab.addWidget(self.headline)
        lab.addWidget(self._about)
        lab.addWidget(self._faces, 1)
        lab.addWidget(self.strip)
        self.addWidget(self._lab)
        self.addWidget(self.none)

    @property
    def current_face(self) -> QWidget | None:
        """The face that is shown."""
        return self._faces.currentWidget()

    def describe(self, card: Card, models: list[Card]) -> None:
        """Lay out for a model; `models` are all that could answer."""
        for named in (self.strip, self.face.again):
            named.set_names(card.labels)
        self.routing.describe(card, models)
        self.face.follow.setChecked(True)
        if card.kind != "capsule":
            self.none.describe(card, models)
        self.setCurrentWidget(self._lab if card.kind == "capsule" else self.none)

    def turn(self, face: int) -> None:
        """Show the sliders (0), the sheet (1), the routing (2) or the morph (3)."""
        self.tools.faces[face].setChecked(True)
        self._faces.setCurrentIndex(face)
        self._about.setText(_ABOUT[face])
        self._about.setVisible(bool(_ABOUT[face]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Pictures grow with the window, those of the classes too.
        self.strip.set_side(min(event.size().width() // 10 - theme.GRID, event.size().height() // _STRIP))
        super().resizeEvent(event)
