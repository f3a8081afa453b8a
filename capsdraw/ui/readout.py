"""The close look at an answer: a bar a class, what the net sees, and for a capsule net what its decoder draws."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from capsdraw.ink.raster import Raster
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.nets.side_by_side import WrittenNumber
from capsdraw.nets.verdict import Kind, Verdict, relative_error
from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, CLASSIFIER_TICKS, Bars
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.pair_pictures import PairPictures
from capsdraw.ui.questions import Desk
from capsdraw.ui.wording import invitation, of_ink

# Of digits, or of classes.
_CAPSULE: Final = (
    "The longer a {one}'s capsule, the surer the net is that the {one} is there. Lengths need not sum to 1: it was "
    "trained to keep absent {many} below 0.1 and present ones above 0.9."
)
_CLASSIFIER: Final = "The probability of each {one}. They always sum to 1, whatever is drawn."
_EACH: Final = "The probability of each {one}, by itself: of two over one another, both can be there."
_REDRAWN: Final = "Redrawn from the longest capsule alone"
_AS_ONE: Final = ". Here, all of it read as one digit"
_BOXED: Final = ". Here, the one in the dashed box"
_NO_DECODER: Final = "A classifier keeps nothing to redraw it from; a capsule net does"


class Readout(QWidget):
    """The "Read" view.

    Attributes:
        headline: the sentence that gives the answer; why: what it rests on.
        bars: the scores.
        seen, picture: what the net sees, and the reconstruction; pair: in their place for a net of two digits.

    Args:
        desk: takes what is asked to a thread.

    Signals:
        failed(str): one line that says why something could not be answered.
    """

    failed = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: Card | None = None
        self.headline = LiveText(theme.tabular(theme.large(self)), quiet=False)
        self._note = caption()
        self.bars = Bars()
        self.why = LiveText(theme.tabular(self.font()), lines=2)
        self.seen, self.picture = _Large("What the net sees"), _Large("Reconstruction")
        self.seen.set_empty("what the net sees")
        self.picture.set_empty("drawn from the longest capsule alone")
        seen = LiveText(theme.small(self))
        seen.setText("What the net sees")
        self._drawn = LiveText(theme.small(self), lines=2)
        self._pictures = _Pictures((self.seen, seen), (self.picture, self._drawn))
        self.pair = PairPictures(desk, self.failed.emit)
        self.pair.hide()
        self._lay_out()
        self.show_nothing()

    def describe(self, card: Card) -> None:
        """Lay out for the kind of model that answers from now on."""
        self._card = card
        capsule = card.kind == NetKind.CAPSULE
        one = card.noun if card.noun in ("digit", "letter") else "class"
        many = "classes" if one == "class" else f"{one}s"
        each = _EACH if card.reads_pairs else _CLASSIFIER
        self._note.setText((_CAPSULE if capsule else each).format(one=one, many=many))
        self.pair.setVisible(card.reads_pairs)
        self._pictures.setVisible(not card.reads_pairs)
        if card.reads_pairs:
            self.pair.describe(card)
        self.bars.set_names(card.labels)
        self.bars.set_ticks(CAPSULE_TICKS if capsule else CLASSIFIER_TICKS)
        self._pictures.show_second(capsule)
        self._drawn.setText(_REDRAWN if capsule else _NO_DECODER)
        if self.bars.scores is None:
            self.headline.setText(invitation(card))

    def show_nothing(self) -> None:
        """An empty canvas has no answer."""
        self.headline.setText(invitation(self._card))
        self.bars.show_scores(None, None, 0)
        self.why.setText("")
        for view in (self.seen, self.picture):
            view.show_digit(None)
        self.pair.show_nothing()

    def show_waiting(self) -> None:
        """There is a drawing, and no model yet to read it: what another one said of it is no answer."""
        self.show_nothing()
        self.headline.setText("Loading the net …")

    def show_failure(self) -> None:
        """There is no answer to what is drawn."""
        self.show_nothing()
        self.headline.setText("No answer")

    def show_reading(
        self, reading: Reading, request: int, verdict: Verdict, digit: Raster, number: WrittenNumber | None = None,
        boxed: bool = False,
    ) -> None:  # fmt: skip
        """Show a net's answer to request `request`, and what it was asked; and the number that it reads in it.

        `boxed`: it was asked about what lies in a picture's box.
        """
        assert self._card is not None
        doubt = ", but it is not sure" if verdict.kind == Kind.UNSURE else ""
        sees = verdict.sentence(self._card.names) if number is None else " ".join(number.text)
        self.headline.setText(f"It sees {sees}{doubt if number is None else _BOXED if boxed else _AS_ONE}")
        if reading.second is not None:
            first, second = reading.by_ink()
            both = verdict.kind == Kind.PAIR
            self.bars.show_scores(reading.scores, *((first, request, second) if both else (reading.label, request)))
            self.pair.show_reading(reading, digit)
        else:
            self.bars.show_scores(reading.scores, reading.label, request)
        self.seen.show_digit(digit)
        self.picture.show_digit(reading.reconstruction)
        self.why.setText(self._reasons(reading, digit))

    def _reasons(self, reading: Reading, digit: Raster) -> str:
        """What a verdict is made of, in figures."""
        best = reading.scores.argsort()[::-1][:2].tolist()
        what = "Length" if reading.kind == NetKind.CAPSULE else "Probability"
        words = [f"{self.bars.name(label)}: {reading.scores[label]:.2f}" for label in best]
        said = f"{what} of {', of '.join(words)}."
        if reading.reconstruction is None or reading.reconstruction.shape != digit.shape:
            return said
        share = relative_error(reading.reconstruction, digit)
        return f"{said} Its redrawing misses {of_ink(share)} (mean squared error {reading.error:.3f})."

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(3 * theme.GRID)
        columns.addWidget(self.bars, 6)
        columns.addWidget(self._pictures, 4)
        columns.addWidget(self.pair, 5)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.headline)
        layout.addWidget(self._note)
        layout.addLayout(columns, 1)
        layout.addWidget(self.why)


class _Pictures(Guarded, QWidget):
    """Two pictures, one beneath the other, as large as there is room, each with its words right beneath it."""

    def __init__(self, *pairs: tuple[DigitView, LiveText]) -> None:
        super().__init__()
        self._pairs, self._second = pairs, True
        for view, words in pairs:
            view.setParent(self)
            words.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        (view, _), *_ = pairs
        self.setMinimumSize(view.minimumWidth(), len(pairs) * view.minimumHeight() + self._beneath())

    def show_second(self, on: bool) -> None:
        """Whether there is a second picture; its words stay, and then say why there is none."""
        self._second = on
        self._pairs[1][0].setVisible(on)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def _beneath(self) -> int:
        """Height of all words with what stands around them, pixels."""
        return sum(words.sizeHint().height() + theme.GRID for _, words in self._pairs)

    def _place(self) -> None:
        side = max(min(self.width(), (self.height() - self._beneath()) // (2 if self._second else 1)), 1)
        top = 0
        for (view, words), shown in zip(self._pairs, (True, self._second), strict=True):
            if shown:
                view.setGeometry(0, top, side, side)
                top += side + theme.GRID // 2
            words.setGeometry(0, top, self.width(), words.sizeHint().height())
            top += words.sizeHint().height() + theme.GRID // 2


class _Large(DigitView):
    """A digit whose size its surroundings choose."""

    def __init__(self, name: str) -> None:
        super().__init__(name, 4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
