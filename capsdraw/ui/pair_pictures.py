"""Two digits over one another, told apart: the drawn strokes, and what each capsule alone redraws, in their inks."""

from collections.abc import Callable
from itertools import chain
from typing import Final

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from capsdraw.ink.pair import together
from capsdraw.ink.raster import Raster
from capsdraw.nets.answering import Answering
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Floats, Reading, masked
from capsdraw.nets.verdict import relative_error
from capsdraw.ui import theme
from capsdraw.ui.controls import button, combo, row
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.pair_colours import FIRST, SECOND, coloured
from capsdraw.ui.plain_text import Label
from capsdraw.ui.questions import Desk, Half, Question, Topic, Urgency
from capsdraw.ui.wording import of_ink

_ASK: Final = "Have the decoder draw other classes' capsules: what is not there comes out faint, or as something else"


class PairPictures(Guarded, QWidget):
    """What a net makes of two digits over one another.

    Args:
        desk: takes what is asked to a thread; fail: is told why something could not be answered.

    Attributes:
        drawn: the strokes as the net saw them, each in its ink; both: the two redrawn; apart: each of these alone.
        first, second: the classes whose capsules are redrawn; as_read: has them follow the answer again.
        misses: how far what is redrawn is from what was drawn.
    """

    def __init__(self, desk: Desk, fail: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        self._digit: Raster | None = None
        self._own = False
        self.drawn, self.both = _view("What the net sees, in the pen's inks"), _view("Both redrawn")
        self.apart = _view("The first digit redrawn"), _view("The second digit redrawn")
        self.first, self.second = combo("First class redrawn", _ASK, 4), combo("Second class redrawn", _ASK, 4)
        self.as_read = button("As read", "Redraw the two classes that the net reads")
        self.misses = LiveText(theme.tabular(theme.small(self)), lines=2)
        words = ("Drawn, in your inks", "Both redrawn", "The first alone", "The second alone")
        self._cells = [
            (view, _words(self, text)) for view, text in zip((self.drawn, self.both, *self.apart), words, strict=True)
        ]
        self._redraws = True
        self._chooser = QWidget(self)
        self._chooser.setLayout(row(Label("Redraw"), self.first, Label("and"), self.second, self.as_read, None))
        self._chooser.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
        self.misses.setParent(self)
        for view, _ in self._cells:
            view.setParent(self)
        self.model = Topic()
        self.redraw = Question(
            desk, ask_parts, self._show_parts, fail, urgency=Urgency.MOVED, about=self.model, half=Half.DECODER,
            newest=True,
        )  # fmt: skip
        for box in (self.first, self.second):
            box.activated.connect(self._choose)
        self.as_read.clicked.connect(self._follow)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(2 * 72 + theme.GRID, 2 * 72 + self._beneath())
        self._follow()

    def describe(self, card: Card) -> None:
        """Lay out for that net of pairs; what was asked of another comes too late."""
        self.model.forget()
        self.model.net = card
        self._own = False
        self._redraws = card.kind == NetKind.CAPSULE
        for part in (self._chooser, *chain.from_iterable(self._cells[1:])):
            part.setVisible(self._redraws)
        self._place()
        for box in (self.first, self.second):
            box.clear()
            box.addItems(list(card.names))
            box.setCurrentIndex(-1)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is drawn."""
        self.model.forget()
        self._reading = self._digit = None
        for view, _ in self._cells:
            view.show_digit(None)
        self.misses.setText("")
        self._chooser.setEnabled(False)

    def show_reading(self, reading: Reading, digit: Raster) -> None:
        """Show what a net of pairs reads in a picture, and redraws of it."""
        self._reading, self._digit = reading, digit
        self.drawn.show_digit(digit if reading.drawn is None else coloured(reading.drawn))
        self._chooser.setEnabled(reading.capsules is not None)
        if reading.parts is None:
            self.misses.setText("A classifier keeps nothing to redraw them from.")
        elif self._own:
            self._ask()
        else:
            first, second = reading.by_ink()
            self.first.setCurrentIndex(first)
            self.second.setCurrentIndex(second)
            self._show_parts(reading.parts if first == reading.label else reading.parts[::-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()
        super().resizeEvent(event)

    def _choose(self) -> None:
        self._own = True
        self.as_read.setEnabled(True)
        self._ask()

    def _follow(self) -> None:
        self._own = False
        self.as_read.setEnabled(False)
        self.model.forget()
        if self._reading is not None and self._digit is not None:
            self.show_reading(self._reading, self._digit)

    def _ask(self) -> None:
        reading = self._reading
        if reading is not None and reading.capsules is not None and self._digit is not None:
            labels = (self.first.currentIndex(), self.second.currentIndex())
            self.redraw.put(reading.capsules, labels, self._digit.shape)

    def _show_parts(self, parts: Floats) -> None:
        self.both.show_digit(coloured(parts))
        for view, part, ink in zip(self.apart, parts, (FIRST, SECOND), strict=True):
            view.show_digit(part[..., None] * ink)
        if self._digit is not None:
            share = relative_error(together(parts), self._digit)
            self.misses.setText(f"Together they miss {of_ink(share)}.")

    def _beneath(self) -> int:
        """Height of all that is no picture, pixels."""
        words = 2 * (self._cells[0][1].sizeHint().height() + theme.GRID)
        return words + self._chooser.sizeHint().height() + self.misses.sizeHint().height() + theme.GRID

    def _place(self) -> None:
        # Of a net that redraws nothing, the drawing alone: in the place of all four.
        each = 2 if self._redraws else 1
        side = max(min((self.width() - (each - 1) * theme.GRID) // each, (self.height() - self._beneath()) // each), 1)
        top = 0
        for line in (self._cells[:2], self._cells[2:]) if self._redraws else (self._cells[:1],):
            high = max(words.sizeHint().height() for _, words in line)
            for column, (view, words) in enumerate(line):
                left = column * (side + theme.GRID)
                view.setGeometry(left, top, side, side)
                words.setGeometry(QRect(left, top + side + theme.GRID // 2, side, high))
            top += side + high + theme.GRID
        high = self._chooser.sizeHint().height() if self._redraws else 0
        self._chooser.setGeometry(0, top, self.width(), high)
        self.misses.setGeometry(0, top + high + theme.GRID // 2, self.width(), self.misses.sizeHint().height())


def ask_parts(session: Answering, capsules: Floats, labels: tuple[int, int], shape: tuple[int, ...]) -> Floats:
    """What the decoder draws from each of two classes' capsules alone: (2, rows, columns)."""
    return session.decode(np.stack([masked(capsules, label) for label in labels])).reshape(2, *shape)


def _view(name: str) -> DigitView:
    view = DigitView(name, 3)
    view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return view


def _words(parent: QWidget, text: str) -> LiveText:
    words = LiveText(theme.small(parent))
    words.setParent(parent)
    words.setText(text)
    words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return words
