"""What the net says: ten bars, and for a capsule net the digit that its decoder draws."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, CLASSIFIER_TICKS, Bars
from capsdraw.ui.captioned_digit import CaptionedDigit, caption
from capsdraw.ui.live_text import LiveText

_CAPSULE = "The longer a digit's capsule, the surer the net is that the digit is there. Lengths need not sum to 1."
_CLASSIFIER = "The probability of each digit. They always sum to 1, whatever is drawn."
_MARGINS = "It was trained to keep absent digits below 0.1 and present ones above 0.9."


class Readout(QWidget):
    """The "Read" view.

    Attributes:
        bars: the scores.
        picture: the reconstruction.
        headline: the sentence that gives the answer.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = LiveText(theme.large(self), quiet=False)
        self._note = caption()
        self.bars = Bars()
        self._margins = caption(_MARGINS)
        self._drawn = CaptionedDigit("Reconstruction")
        self.picture = self._drawn.view
        self._lay_out()
        self.show_nothing()

    def describe(self, card: Card) -> None:
        """Lay out for the kind of model that answers from now on."""
        capsule = card.kind == NetKind.CAPSULE
        self._note.setText(_CAPSULE if capsule else _CLASSIFIER)
        self._margins.setText(_MARGINS if capsule else " ")
        self.bars.set_names(card.labels)
        self.bars.set_ticks(CAPSULE_TICKS if capsule else CLASSIFIER_TICKS)
        self._drawn.title.setText("Reconstruction" if capsule else "No reconstruction")
        self.picture.setVisible(capsule)
        self._drawn.figures.setText("")
        self._drawn.text.setText(
            "" if capsule else "A classifier has no capsule to draw from: choose a capsule net to see a reconstruction."
        )

    def show_nothing(self) -> None:
        """An empty canvas has no answer."""
        self.headline.setText("Draw a digit")
        self.bars.show_scores(None, None, 0)
        self.picture.show_digit(None)
        self._drawn.figures.setText("")
        if self.picture.isVisibleTo(self):
            self._drawn.text.setText("Here the net will draw, from the longest capsule alone, what it saw.")

    def show_waiting(self) -> None:
        """There is a drawing, and no model yet to read it."""
        self.headline.setText("Loading the net …")

    def show_reading(self, reading: Reading, request: int) -> None:
        """Show a net's answer to request `request`."""
        score = float(reading.scores[reading.label])
        sure = "" if score >= 0.5 else ", but it is not sure"
        self.headline.setText(f"It sees {with_article(self.bars.name(reading.label))}{sure}")
        self.bars.show_scores(reading.scores, reading.label, request)
        self.picture.show_digit(reading.reconstruction)
        if reading.capsules is not None and reading.error is not None:
            self._drawn.text.setText(
                f"Drawn by the decoder from the {reading.capsules.shape[1]} numbers of capsule "
                f"{self.bars.name(reading.label)} alone."
            )
            self._drawn.figures.setText(f"Mean squared error against what the net sees: {reading.error:.3f}")

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.headline)
        layout.addWidget(self._note)
        layout.addWidget(self.bars, 1)
        layout.addWidget(self._margins)
        layout.addSpacing(theme.GRID)
        layout.addWidget(self._drawn)


def with_article(name: str) -> str:
    """ "a 7", "an 8", "an ankle boot"."""
    return f"{'an' if name[:1].lower() in 'aeio8' or name in ('11', '18') else 'a'} {name}"
