"""One moment in pictures, one beneath the other: the drawing so far, what the net saw of it, its redrawing."""

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.ink.sketch import Sketch
from capsdraw.lab.timeline import Moment
from capsdraw.ui import theme
from capsdraw.ui.digit_view import DigitView
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.read.partial_view import PartialView

_LEAST: Final = 8 * theme.GRID


class TimelinePictures(QWidget):
    """As large as there is room for; a classifier redraws nothing.

    Attributes:
        part: the drawing so far; seen: what the net saw; redrawn: what its decoder drew.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part = PartialView()
        self.seen, self.redrawn = DigitView("What the net saw then", 1), DigitView("Its redrawing then", 1)
        self._captions = [LiveText(theme.small(self)) for _ in range(3)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID // 2)
        for view, caption, words in zip(
            (self.part, self.seen, self.redrawn),
            self._captions,
            ("Drawn so far", "What it saw", "Redrawn"),
            strict=True,
        ):
            caption.setText(words)
            layout.addWidget(view)
            layout.addWidget(caption)
        layout.addStretch(1)

    def show_moment(self, moment: Moment | None, whole: Sketch | None) -> None:
        """Show a moment of that sketch, or none."""
        self.part.show_part(None if moment is None else moment.sketch, whole)
        self.seen.show_digit(None if moment is None else moment.seen)
        self.redrawn.show_digit(None if moment is None else moment.reading.reconstruction)

    def show_redrawn(self, on: bool) -> None:
        """Whether the net redraws what it sees."""
        self.redrawn.setVisible(on)
        self._captions[2].setVisible(on)

    def fit(self, width: int, height: int) -> None:
        """Be as large as that leaves room for, each picture a square."""
        count = 2 if self.redrawn.isHidden() else 3
        beneath = self._captions[0].sizeHint().height() + theme.GRID
        side = max(min(width, height // count - beneath), _LEAST)
        for view in (self.part, self.seen, self.redrawn):
            view.setFixedSize(side, side)
        self.setFixedWidth(side)
