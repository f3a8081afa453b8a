"""One card of the tour."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QPushButton, QWidget

from capsdraw.teach.glimpse import Glimpse
from capsdraw.ui import theme
from capsdraw.ui.controls import button, row
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.teach.capsule_arrows import CapsuleArrows
from capsdraw.ui.teach.floating import FloatingCard, least_covered
from capsdraw.ui.teach.linked_text import LinkedText
from capsdraw.ui.teach.tour_steps import TourStep

_WIDTH = 46 * theme.GRID


class TourCard(FloatingCard):
    """What is to be tried, beside what it points at.

    Attributes:
        text, arrows: of the step; live: what is seen now.
        back, show_me, skip, next: the buttons.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.text, self.arrows = LinkedText("Tour"), CapsuleArrows()
        self._texts: tuple[str, ...] = ()
        self.live = LiveText(theme.tabular(self.font()), lines=3)
        self.back, self.show_me = button("Back", "The card before"), QPushButton("Show me")
        self.skip, self.next = button("Skip", "End the tour (Escape); it is found again at Help"), QPushButton("Next")
        self.show_me.setToolTip("Have it done for you")
        for widget in (self.text, self.arrows, self.live):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.body.addLayout(row(self.back, self.show_me, None, self.skip, self.next))
        self.setAccessibleName("Tour")
        self.skip.clicked.connect(self.shut)

    def show_step(self, step: TourStep, number: int, many: int) -> None:
        """Show card `number` of so many, from 0."""
        self.title.setText(f"{number + 1} of {many} · {step.title}")
        self.setAccessibleName(f"Tour, card {number + 1} of {many}: {step.title}")
        self.arrows.setVisible(step.arrows)
        self.back.setEnabled(number > 0)
        self.next.setText("Next" if number + 1 < many else "Finish")
        self.skip.setVisible(number + 1 < many)

    def tell(self, texts: tuple[str, ...], words: str, glimpse: Glimpse) -> None:
        """What it says, and what is seen now."""
        if texts != self._texts:  # else the link that the keyboard is at would be lost
            self._texts = texts
            self.text.show_texts(texts)
        self.live.setText(words)
        self.arrows.show_capsules(glimpse)

    def stand_beside(self, frames: list[QRect]) -> None:
        """Stand where it covers least of what it points at, unless the user has moved it."""
        size = QRect(0, 0, _WIDTH, self.height_for(_WIDTH))
        room = self.over.rect().adjusted(8, 8, -8, -8)
        place = QRect(self.pos(), size.size()) if self.moved_by_hand else least_covered(size, room, frames)
        if place != self.geometry():
            self.stand(place)
