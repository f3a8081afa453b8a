"""The "Read" view: the close look at the answer, and how it came about while the drawing grew."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QToolButton, QVBoxLayout, QWidget

from capsdraw.ink.sketch import Sketch
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.answers import Answer
from capsdraw.ui.controls import button, one_of, row
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.questions import Desk
from capsdraw.ui.read.timeline_asker import TimelineAsker
from capsdraw.ui.read.timeline_face import TimelineFace
from capsdraw.ui.read.timeline_menu import TimelineMenu
from capsdraw.ui.readout import Readout

ANSWER, TIMELINE = range(2)
_FACES: Final = (
    ("Answer", "What the net says of the drawing, and what that rests on"),
    ("Timeline", "What it said while the drawing grew: when did it know?"),
)


class ReadTab(QWidget):
    """What the net says of the drawing.

    Attributes:
        readout: the answer; timeline: how it came about; faces: the buttons that choose among them.
        asker: asks for the timeline; export: saves it.

    Signals:
        failed(str): something could not be done; saved(str): something was saved. One line each.
        turned(int): another face is in sight.
    """

    failed = Signal(str)
    saved = Signal(str)
    turned = Signal(int)

    def __init__(self, desk: Desk, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readout, self.timeline = Readout(desk), TimelineFace()
        self.readout.failed.connect(self.failed)
        self.asker = TimelineAsker(desk, self.timeline, self)
        self.faces = one_of(*(button(name, tip) for name, tip in _FACES))
        self.export = button("Export", "Save the timeline: picture, curves or film")
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = TimelineMenu(self.timeline, jobs, self)
        self.export.setMenu(menu)
        menu.failed.connect(self.failed)
        menu.saved.connect(self.saved)
        self._stack = QStackedWidget()
        for face in (self.readout, self.timeline):
            self._stack.addWidget(face)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(row(*self.faces, None, self.export))
        layout.addWidget(self._stack, 1)
        for face_number, face_button in enumerate(self.faces):
            face_button.clicked.connect(lambda _, face=face_number: self.turn(face))
        self.turn(ANSWER)

    def turn(self, face: int) -> None:
        """Show the answer (0) or the timeline (1)."""
        self.faces[face].setChecked(True)
        self._stack.setCurrentIndex(face)
        self.export.setVisible(face == TIMELINE)
        self.turned.emit(face)

    def describe(self, card: Card) -> None:
        """Lay out for the model that answers from now on."""
        self.readout.describe(card)
        self.asker.describe(card)

    def show_nothing(self) -> None:
        """An empty canvas has no answer."""
        self.readout.show_nothing()
        self.asker.show_nothing()

    def show_failure(self) -> None:
        """There is no answer to what is drawn."""
        self.readout.show_failure()
        self.asker.show_nothing()

    def show_answer(self, answer: Answer, sketch: Sketch) -> None:
        """Show a net's answer, and how it came to it in the drawing as it is now."""
        self.readout.show_reading(
            answer.reading, answer.request, answer.verdict, answer.digit, answer.number, sketch.box is not None
        )
        self.asker.show_sketch(sketch, answer.number)
