"""The tour: five cards on the live window, each of which waits for the user, or does it."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QPoint, QRect, QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractSlider, QScrollArea, QWidget

from capsdraw.ink.normalize import Digit
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.teach.glimpse import Glimpse
from capsdraw.ui.square import Square
from capsdraw.ui.teach.drawing_hand import DrawingHand
from capsdraw.ui.teach.spotlight import Spotlight
from capsdraw.ui.teach.tour_card import TourCard
from capsdraw.ui.teach.tour_stage import TourStage
from capsdraw.ui.teach.tour_steps import CAPSULE_NET, STEPS, TourNotes, TourStep

_OFTEN: Final = 200  # milliseconds: widgets move, and sliders get their names late
_SLIDE: Final = 250  # from one push of the slider to the next
_PUSHES: Final = 4


class Tour(QObject):
    """Leads through the window.

    Args:
        stage: the window as the tour uses it; window: over which cards lie.

    Attributes:
        card: the card; spotlight: the frames; hand: what draws.
        at: number of the card, from 0; running: whether the tour is on.
        pause: milliseconds from what the user has done to the next card.

    Signals:
        ended(): it is over, finished or skipped; followed(str): a link to the glossary was.
    """

    ended = Signal()
    followed = Signal(str)

    def __init__(self, stage: TourStage, window: QWidget) -> None:
        super().__init__(window)
        self._stage, self._window = stage, window
        self.spotlight, self.card = Spotlight(window), TourCard(window)
        self.hand = DrawingHand(stage.canvas, self)
        self.at, self.running, self.pause = 0, False, 2500
        self._seen = TourNotes()
        self._model = ""  # that the user had
        self._slider: QAbstractSlider | None = None
        self._digit: Digit | None = None
        self._empty = False  # nothing is drawn any more
        self._pushes = 0
        self._often, self._slide, self._done = QTimer(self), QTimer(self), QTimer(self)
        self._often.setInterval(_OFTEN)
        self._slide.setInterval(_SLIDE)
        self._done.setSingleShot(True)
        self._connect()

    @property
    def step(self) -> TourStep:
        """The card's."""
        return STEPS[self.at]

    def start(self) -> None:
        """Begin with the first card."""
        if not self.running:
            self.running = True
            self._model = self._stage.model
            self._seen = TourNotes(reading=self._seen.reading, names=self._seen.names)
            self.card.moved_by_hand = False
        self.go(0)
        self.card.next.setFocus()

    def go(self, at: int) -> None:
        """Show a card; beyond the last one the tour ends."""
        self._still()
        if at >= len(STEPS):
            self.card.shut()
            return
        self.at = max(at, 0)
        self._prepare()
        self.card.show_step(self.step, self.at, len(STEPS))
        self._often.start()
        self._tell()
        self._point()
        self.card.appear()

    def show_me(self) -> None:
        """Do for the user what the card asks for."""
        step = self.step
        if step.drawing is not None:
            if self._stage.canvas.erasing:
                self._stage.draw(Sketch(step.drawing()))  # its pen would erase
            else:
                self.hand.play(step.drawing())
        elif step.slides:
            self._pushes = _PUSHES
            self._slide.start()
        elif step.shows_model:
            self._stage.use_model(step.shows_model)

    def see_nothing(self) -> None:
        """Nothing is drawn any more: what was said of it is not said of an empty canvas."""
        self._empty = True
        if self.running:
            self._tell()

    def end(self) -> None:
        """End it: the model that the user had is back, and what was drawn stays."""
        if not self.running:
            return
        self.running = False
        self._still()
        self._often.stop()
        self._watch(None)
        self.spotlight.point_at(())
        self.card.hide()
        if self._stage.model != self._model:
            self._stage.use_model(self._model)
        self.ended.emit()

    def _connect(self) -> None:
        self._stage.answered.connect(self._answer)
        self._often.timeout.connect(self._point)
        self._slide.timeout.connect(self._push)
        self._done.timeout.connect(self._advance)
        self.card.next.clicked.connect(lambda: self.go(self.at + 1))
        self.card.back.clicked.connect(lambda: self.go(self.at - 1))
        self.card.show_me.clicked.connect(self.show_me)
        self.card.closed.connect(self.end)
        self.card.text.followed.connect(self.followed)

    def _prepare(self) -> None:
        """The window as the card needs it."""
        stage, seen, step = self._stage, self._seen, self.step
        seen.sketch, seen.drawn, seen.moved = stage.canvas.sketch, False, False
        if step.capsules:
            seen.scribble = None
        if seen.scribble is None and seen.reading is not None and seen.reading.kind == NetKind.CAPSULE:
            seen.digit = seen.reading
        # As long as nothing was read, it is not known what kind another model is.
        known = stage.model == CAPSULE_NET if seen.reading is None else seen.reading.kind == NetKind.CAPSULE
        if step.capsules and not (known and stage.reads_digits):
            stage.use_model(CAPSULE_NET)
        if step.face:
            stage.turn_to(step.face)

    def _answer(self, _: int, reading: Reading, digit: Digit, names: tuple[str, ...]) -> None:
        """The window shows an answer."""
        seen = self._seen
        seen.reading, seen.names, self._digit, self._empty = reading, names, digit, False
        if not self.running:
            return
        seen.drawn = self._stage.canvas.sketch is not seen.sketch
        if reading.kind == NetKind.CAPSULE:
            if self.step.scribbles and seen.drawn:
                seen.scribble = reading
            elif seen.scribble is None:
                seen.digit = reading
        self._check()

    def _check(self) -> None:
        self._tell()
        if self.step.done(self._seen):
            # Not before the user has had a look, and the pen rests.
            self._done.start(self.pause)

    def _advance(self) -> None:
        if not self._window.isVisible():
            return  # closed, it may be with a button of the mouse down
        busy = self.hand.busy or self._slide.isActive()
        if busy or QGuiApplication.mouseButtons():
            self._done.start(self.pause)
        elif self.at + 1 < len(STEPS):
            self.go(self.at + 1)  # the last one stays until it is closed

    def _tell(self) -> None:
        seen = replace(self._seen, reading=None) if self._empty else self._seen
        glimpse = Glimpse()
        if seen.reading is not None and self._digit is not None:
            glimpse = Glimpse.of(seen.reading, self._digit, seen.names)
        self.card.tell(self.step.said(self._seen), self.step.says(seen), glimpse)

    def _point(self) -> None:
        """Frame what the card points at, wherever that is by now."""
        if not self._window.isVisible():
            self._often.stop()  # closed
            return
        places = [self._stage.place_of(name) for name in self.step.places]
        shown = [self._place(widget) for widget in places if widget is not None and widget.isVisible()]
        frames = [place for place in shown if not place.isEmpty()]
        self.spotlight.point_at(frames)
        self.spotlight.raise_()
        self.card.stand_beside(frames)
        self.card.raise_()
        slider = self._stage.place_of("slant") if self.step.slides else None
        cut = slider is not None and self._place(slider).height() < slider.height()
        if slider is not None and cut and not QGuiApplication.mouseButtons():
            _bring_into_sight(slider)  # it was laid out, or the window was made smaller
        self._watch(slider if isinstance(slider, QAbstractSlider) else None)

    def _place(self, widget: QWidget) -> QRect:
        """What of it is in sight: it may lie in something that is scrolled."""
        size, around = widget.size(), widget.parentWidget()
        if isinstance(widget, Square):
            size = QSize(*[min(size.width(), size.height())] * 2)  # the paper, and not what lies beside it
        seen = QRect(widget.mapTo(self._window, QPoint(0, 0)), size)
        while around is not None and around is not self._window:
            seen &= QRect(around.mapTo(self._window, QPoint(0, 0)), around.size())
            around = around.parentWidget()
        return seen

    def _watch(self, slider: QAbstractSlider | None) -> None:
        """Wait for that slider to be moved."""
        if slider is not self._slider:
            if self._slider is not None:
                self._slider.valueChanged.disconnect(self._moved)
            self._slider = slider
            if slider is not None:
                slider.valueChanged.connect(self._moved)
                _bring_into_sight(slider)

    def _moved(self) -> None:
        self._seen.moved = True
        self._check()

    def _push(self) -> None:
        """Move the slider on, as a key would."""
        self._pushes -= 1
        if self._slider is not None:
            self._slider.triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
        if self._pushes <= 0:
            self._slide.stop()

    def _still(self) -> None:
        """What was being done for the user is left as it is."""
        self.hand.stop()
        self._slide.stop()
        self._done.stop()


def _bring_into_sight(widget: QWidget) -> None:
    """Scroll whatever it lies in."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()
