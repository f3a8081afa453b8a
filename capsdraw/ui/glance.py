"""What the net sees, at one glance: a sentence, a small bar for each class, the digit, and its redrawing.

It stands beneath the canvas, whatever tab is open; "Read" is the close look at the same answer.
"""

from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from capsdraw.formatting import class_name
from capsdraw.ink.raster import Raster
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.nets.side_by_side import WrittenNumber
from capsdraw.nets.verdict import Kind, Verdict
from capsdraw.ui import theme
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.number_row import NumberRow
from capsdraw.ui.pair_colours import bar_colour, in_inks
from capsdraw.ui.paper_column import LEAST, scale_of
from capsdraw.ui.placed_tips import PlacedTips
from capsdraw.ui.wording import invitation

_LENGTHS: Final = "Bars: the length of each class' capsule. The longer, the surer."
_PROBABILITIES: Final = "Bars: the probability of each class. They sum to 1."


class SmallBars(PlacedTips):
    """One upright bar a class, in the classes' own order, each from 0 to 1; the winner stands out.

    Attributes:
        scores: (C,) float32, or None where there is nothing to show; winner: the class that stands out, or None;
            second: of two digits over one another, the other one.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scores: NDArray[np.float32] | None = None
        self.winner: int | None = None
        self.second: int | None = None
        self._classes, self._names = 10, tuple[str, ...]()
        self.setFont(theme.tabular(theme.small(self)))
        self.setMinimumSize(20 * theme.GRID, 6 * theme.GRID)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Scores of the classes at a glance")

    def describe(self, classes: int, names: tuple[str, ...]) -> None:
        """So many classes, called like this; () for their numbers."""
        self._classes, self._names = classes, names
        self.update()

    def show_scores(self, scores: NDArray[np.float32] | None, winner: int | None, second: int | None = None) -> None:
        """Show scores (C,), or empty bars for None."""
        self.scores, self.winner, self.second = scores, winner, second
        best = [] if scores is None else [label for label in (winner, second) if label is not None]
        said = [f"{class_name(self._names, label)}, {scores[label]:.2f}" for label in best if scores is not None]
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def tip(self, place: QPoint) -> str:
        """The class whose bar lies there, and its score."""
        index = min(max(int(place.x() * self._classes / max(self.width(), 1)), 0), self._classes - 1)
        score = "" if self.scores is None or index >= len(self.scores) else f": {self.scores[index]:.2f}"
        return f"{class_name(self._names, index)}{score}"

    def sizeHint(self) -> QSize:
        return QSize(24 * theme.GRID, 28 * LEAST)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, words = theme.of(self), self.fontMetrics().height()
        step, room = self.width() / self._classes, self.height() - words
        wide = min(0.7 * step, 2.0 * theme.GRID)
        names = [class_name(self._names, index) for index in range(self._classes)]
        fit = max(map(self.fontMetrics().horizontalAdvance, names)) <= step
        for index, name in enumerate(names):
            won = index in (self.winner, self.second)
            middle = (index + 0.5) * step
            bar = QRectF(middle - wide / 2, 0, wide, room)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.track)
            painter.drawRoundedRect(bar, 2, 2)
            if self.scores is not None and index < len(self.scores):
                bar.setTop(room * (1 - min(max(float(self.scores[index]), 0.0), 1.0)))
                painter.setBrush(bar_colour(self, index, self.winner, self.second))
                painter.drawRoundedRect(bar, 2, 2)
            if not (fit or won):
                continue  # there is no room for all: the one that counts has its name
            font = self.font()
            font.setBold(won)
            painter.setFont(font)
            painter.setPen(colours.text if won else colours.quiet)
            across = step if fit else min(painter.fontMetrics().horizontalAdvance(name) + 2.0, self.width())
            left = middle - across / 2 if fit else min(max(middle - across / 2, 0.0), self.width() - across)
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, ceil(across))
            painter.drawText(QRectF(left, room, across, words), Qt.AlignmentFlag.AlignCenter, name if fit else shown)


class Glance(QWidget):
    """The answer, on every tab.

    Attributes:
        headline: the sentence; note: what is to be known about it, in a line or two; bars: the scores.
        sees, redrawn: what the net sees, and what its decoder makes of the longest capsule.
        digits: instead of these, those of a number.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: Card | None = None
        self.headline = LiveText(theme.tabular(theme.large(self)), quiet=False)
        self.note = LiveText(theme.small(self), lines=2)
        self.bars = SmallBars()
        self.sees, self.redrawn = DigitView("What the net sees", LEAST), DigitView("Redrawn", LEAST)
        self.digits = NumberRow()
        self._below = {view: LiveText(theme.small(self)) for view in (self.sees, self.redrawn)}
        self._lay_out()
        self.show_nothing()

    def grow(self, spare: int) -> None:
        """Use so many pixels of height more than the least, for bars and digits."""
        for view in (self.sees, self.redrawn):
            view.set_scale(scale_of(spare))

    def describe(self, card: Card) -> None:
        """Lay out for the model that answers from now on."""
        self._card = card
        # What another net said stands there no longer.
        self.digits.show_number(None)
        self.bars.show_scores(None, None)
        self.redrawn.show_digit(None)
        self.bars.describe(card.classes, card.labels)
        self._below[self.redrawn].setText("it redraws" if card.kind == NetKind.CAPSULE else "no decoder")
        self.show_note("")

    def show_nothing(self) -> None:
        """An empty canvas has no answer."""
        self.digits.show_number(None)
        self.headline.setText(invitation(self._card))
        self.bars.show_scores(None, None)
        self.redrawn.show_digit(None)
        self.show_note("")

    def show_waiting(self) -> None:
        """There is a drawing, and no model yet to read it."""
        self.headline.setText("Loading the net …")

    def show_failure(self) -> None:
        """There is no answer to what is drawn."""
        self.show_nothing()
        self.headline.setText("No answer")

    def show_picture(self, picture: Raster | None) -> None:
        """Show what the net sees, or nothing; the answer to it is still to come."""
        self.sees.show_digit(picture)

    def show_reading(self, reading: Reading, verdict: Verdict, number: WrittenNumber | None = None) -> None:
        """Show a net's answer, and whether it can be trusted; of several digits side by side, the number."""
        assert self._card is not None
        self.digits.show_number(number)
        sure = verdict.kind == Kind.SURE
        score = f" · {float(reading.scores[reading.label]):.2f}" if sure else ""
        self.headline.setText(f"{self._card.title} sees {verdict.sentence(self._card.names)}{score}")
        if verdict.kind == Kind.PAIR:
            first, second = reading.by_ink()
            self.bars.show_scores(reading.scores, first, second)
            self.redrawn.show_digit(in_inks(reading))
            return
        if number is not None:
            self.headline.setText(f"{self._card.title} sees {' '.join(number.text)}")
        self.bars.show_scores(reading.scores, reading.label if verdict.names_a_class else None)
        self.redrawn.show_digit(reading.reconstruction if reading.parts is None else reading.parts[0])

    def show_note(self, words: str, stands_out: bool = False) -> None:
        """Say something about the answer; "" for what the bars are."""
        capsule = self._card is None or self._card.kind == NetKind.CAPSULE
        self.note.setText(words or (_LENGTHS if capsule else _PROBABILITIES))
        role = QPalette.ColorRole
        self.note.setForegroundRole(role.WindowText if stands_out else role.PlaceholderText)

    def _lay_out(self) -> None:
        self._below[self.sees].setText("it sees")
        pictures = QHBoxLayout()
        pictures.setSpacing(theme.GRID)
        pictures.addWidget(self.bars, 1)
        pictures.addSpacing(theme.GRID)
        for view, words in self._below.items():
            column = QVBoxLayout()
            column.setSpacing(theme.GRID // 4)
            column.addWidget(view)
            column.addWidget(words)
            pictures.addLayout(column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID // 2)
        layout.addWidget(self.headline)
        layout.addWidget(self.note)
        # One over the other.
        lower = QGridLayout()
        lower.addLayout(pictures, 0, 0)
        lower.addWidget(self.digits, 0, 0)
        layout.addLayout(lower)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
