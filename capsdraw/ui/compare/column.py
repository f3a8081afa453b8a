"""One model among others: its name, its bars, what it reads and how long that took."""

from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.formatting import with_article
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, CLASSIFIER_TICKS, Bars
from capsdraw.ui.controls import row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import tip

# Of curves: blue, violet, teal, pink and green. Orange is the dial's own, red what is wrong.
CURVES: Final = tuple(theme.SERIES[index] for index in (0, 3, 5, 7, 2))
STYLES: Final = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


class Column(QWidget):
    """Shows one model's answers.

    Attributes:
        card: the model; number: of its curve; bars: its scores; status: what it reads, and the time.
        reading: the newest answer, or None; refused: why the model cannot be asked, or "".
    """

    def __init__(self, card: Card, number: int, narrow: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.card, self.number = card, number
        self.reading: Reading | None = None
        self.refused = ""
        self.bars = Bars(card.classes)
        self.bars.setMinimumSize(11 * theme.GRID, 15 * theme.GRID)
        self.bars.setAccessibleName(f"Scores of {card.title}")
        self.bars.set_names(card.labels)
        self.bars.set_ticks(CAPSULE_TICKS if card.kind == NetKind.CAPSULE else CLASSIFIER_TICKS)
        self.status = LiveText(theme.tabular(theme.small(self)))
        title = LiveText(theme.small(self) if narrow else self.font(), quiet=False)
        title.setText(card.title)
        title.setToolTip(tip(f"{card.title}: {'lengths of capsules' if card.kind == 'capsule' else 'probabilities'}"))
        foot = row(Swatch(number), self.status)
        foot.setStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID // 2)
        layout.addWidget(title)
        layout.addWidget(self.bars, 1)
        layout.addLayout(foot)

    @property
    def name(self) -> str | None:
        """Of the class that is read; None without an answer."""
        return None if self.reading is None else self.card.label(self.reading.label)

    def show_reading(self, reading: Reading | None, question: int = 0) -> None:
        """Show an answer to question `question`, or none."""
        self.reading = reading
        if reading is None:
            self.bars.show_scores(None, None, question)
            self.status.setText("cannot be loaded" if self.refused else "")
            return
        self.bars.show_scores(reading.scores, reading.label, question)
        self.status.setText(f"{with_article(self.card.label(reading.label))} · {_milliseconds(reading.seconds)}")

    def refuse(self, reason: str) -> None:
        """Say that the model cannot be asked, and, under the pointer, why."""
        self.refused = reason
        self.status.setToolTip(tip(reason))
        self.show_reading(None)


class Swatch(Guarded, QWidget):
    """A piece of the line that is a model's curve."""

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index = index
        self.setFixedSize(3 * theme.GRID, 2 * theme.GRID)

    def sizeHint(self) -> QSize:
        return QSize(3 * theme.GRID, 2 * theme.GRID)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(colour(self._index), 2, style(self._index)))
        middle = self.height() / 2
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))


def colour(index: int) -> QColor:
    """Of curve number `index`."""
    return QColor(CURVES[index % len(CURVES)])


def style(index: int) -> Qt.PenStyle:
    """Of curve number `index`."""
    return STYLES[index % len(STYLES)]


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.00995 else f"{seconds * 1000:.0f} ms"
