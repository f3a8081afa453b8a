"""The window, taught: "?" and F1 explain the face in sight, words lead to the glossary, a tour leads through it all."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from capsdraw.ui import theme
from capsdraw.ui.answers import Answer
from capsdraw.ui.controls import button
from capsdraw.ui.plain_text import Label

if TYPE_CHECKING:
    from capsdraw.ui.main_window import MainWindow
    from capsdraw.ui.teach.teacher import Teacher

_INVITATION: Final = "New here? Five cards show what a capsule is, on your own digit. It takes two minutes."


class Invitation(QFrame):
    """Offers the tour to who has not seen it; hidden until then.

    Attributes:
        start: begins it; later: closes the offer.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start, self.later = QPushButton("Start the tour"), QPushButton("Not now")
        words = Label(_INVITATION)
        words.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * theme.GRID, theme.GRID, theme.GRID, theme.GRID)
        layout.addWidget(words, 1)
        layout.addWidget(self.start)
        layout.addWidget(self.later)
        self.start.clicked.connect(self.hide)
        self.later.clicked.connect(self.hide)
        self.hide()


class Teaching(QObject):
    """Makes what explains a window when it is first wanted, and tells it what is drawn.

    Attributes:
        question_mark: the button at the end of the tabs; invitation: to the tour.
    """

    _read = Signal(int, object, object, object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._teacher: Teacher | None = None
        self.invitation = Invitation()
        self.question_mark: QToolButton = button("?", "What is seen here, in three sentences (F1)")
        self.question_mark.setAccessibleName("Explain this view")
        self.question_mark.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        window.tabs.setCornerWidget(self.question_mark, Qt.Corner.TopRightCorner)
        self.question_mark.clicked.connect(lambda: self.teacher.explain())
        self.invitation.start.clicked.connect(lambda: self.teacher.start_tour())
        # Whether the tour is offered, and whether the offer is in sight.
        self._offered = self._inviting = False
        window.tabs.currentChanged.connect(self._offer)
        window.tabs.turned.connect(self._offer)
        window.answers.answered.connect(self._see)
        window.answers.emptied.connect(self._see_nothing)

    @property
    def teacher(self) -> "Teacher":
        """What explains; made now if it was not yet."""
        if self._teacher is None:
            from capsdraw.ui.teach.teacher import Teacher
            from capsdraw.ui.teach.tour_stage import WindowStage, slider_called

            window = self._window
            stage = WindowStage(
                window.panel.canvas, self._read, window.tabs, lambda: window.reader.model, self._reads_digits,
                window.use_model,
                {
                    "canvas": lambda: window.panel.canvas,
                    "bars": self._bars,
                    "reconstruction": lambda: None if self._shows_number else window.panel.glance.redrawn,
                    "slant": lambda: slider_called("slant", window.lab.face.list.shown()),
                    "redrawn": lambda: window.lab.face.redrawn.view,
                    "model": lambda: window.picker,
                },
            )  # fmt: skip
            self._teacher = Teacher(window, window.tabs, window.panel, stage)
            self._teacher.touring.connect(self._withdraw)
            window.tabs.made.connect(self._teacher.watch)
            if window.answers.last is not None:
                self._see(window.answers.last)
        return self._teacher

    def invite(self) -> None:
        """Offer the tour; beside the answer alone, for it lies over the foot of the views, where others have levers."""
        self._offered = True
        self._offer()

    def _offer(self) -> None:
        if self._inviting and self.invitation.isHidden():
            self._offered = False  # the user closed it
        self._inviting = self._offered and self._window.tabs.shows_answer
        self.invitation.setVisible(self._inviting)

    def _withdraw(self) -> None:
        """The tour was begun some other way."""
        self._offered = False
        self._offer()

    def _bars(self) -> QWidget:
        """Those beneath the canvas; where a number's digits stand in their place, those of the answer."""
        tabs = self._window.tabs
        return tabs.readout.bars if self._shows_number and tabs.shows_answer else self._window.panel.glance.bars

    @property
    def _shows_number(self) -> bool:
        return self._window.panel.glance.digits.isVisible()

    def _see(self, answer: Answer) -> None:
        card = self._window.models.readers.get(answer.reading.model)
        names = () if card is None else card.labels
        self._read.emit(answer.request, answer.reading, answer.digit, names)
        if self._teacher is not None:
            from capsdraw.teach.glimpse import Glimpse

            self._teacher.see(Glimpse.of(answer.reading, answer.digit, names))

    def _reads_digits(self) -> bool:
        card = self._window.models.readers.get(self._window.reader.model)
        # Of two digits over one another a net of pairs makes something else than the tour tells.
        return card is None or (card.noun == "digit" and not card.reads_pairs)

    def _see_nothing(self) -> None:
        if self._teacher is not None:
            from capsdraw.teach.glimpse import Glimpse

            self._teacher.see(Glimpse())
