"""The face "Timeline" of the tab "Read": the scores along the drawing, and any moment of it, chosen or played."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from capsdraw.lab.timeline import Moment, Timeline
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.side_by_side import WrittenNumber
from capsdraw.ui import theme
from capsdraw.ui.controls import row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import Label
from capsdraw.ui.play_button import PlayButton
from capsdraw.ui.read import timeline_words as words
from capsdraw.ui.read.scrubber import Scrubber
from capsdraw.ui.read.timeline_pictures import TimelinePictures

if TYPE_CHECKING:
    from capsdraw.ui.read.plots import TimelinePlot

HEADLINE: Final = "When did it know?"
_ABOUT: Final = "The scores while you drew, read again at each moment of the pen's way. Drag along it."
_EVERY: Final = 80  # milliseconds of a moment, while it plays


class TimelineFace(Guarded, QWidget):
    """Curves, the pen's way beneath them, and the moment that is chosen.

    Attributes:
        timeline: what is shown, or None; names: of the classes.
        plot: the curves, None before they were first shown; scrubber: chooses a moment; play: goes through all.
        pictures: of that moment; at: it in words.
        headline: when it knew; why: how often it changed its mind; none: why there is nothing to see.
        picture: all that is saved as one.

    Signals:
        sighted(bool): it is looked at from now on, or no more.
    """

    sighted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.timeline: Timeline | None = None
        self.names: tuple[str, ...] = ()
        self.plot: TimelinePlot | None = None
        self.scrubber, self.play, self.pictures = Scrubber(), PlayButton(_EVERY), TimelinePictures()
        self.play.setToolTip("Watch the drawing grow, and the net make up its mind")
        self.headline = LiveText(theme.tabular(theme.large(self)), quiet=False)
        self.why, self._about = LiveText(self.font(), quiet=False), LiveText(self.font())
        self._about.setText(_ABOUT)
        self.at = LiveText(theme.tabular(self.font()), quiet=False)
        self.none = Label()
        self._lay_out()
        self.scrubber.valueChanged.connect(self._show_moment)
        self.play.toggled.connect(self._begin)
        self.play.due.connect(self._advance)
        self.say("")

    @property
    def moment(self) -> Moment | None:
        """The one that is chosen."""
        return None if self.timeline is None else self.timeline.moments[self.scrubber.value()]

    def describe(self, card: Card) -> None:
        """Lay out for the model that answers from now on."""
        self.names = card.names
        self.pictures.show_redrawn(card.kind == NetKind.CAPSULE)
        self._fit()

    def show_timeline(self, timeline: Timeline, number: WrittenNumber | None = None) -> None:
        """Show it, of a drawing in which that number is read; the chosen moment stays where it is, or at the end."""
        self.timeline = timeline
        self.headline.setText(words.headline(timeline, self.names, number))
        self.why.setText(words.changes(timeline, self.names))
        self.scrubber.show_way(timeline.shares, timeline.way.ends)
        if self.plot is not None:
            self.plot.show_timeline(timeline, self.names.__getitem__)
        self._stack.setCurrentIndex(1)
        self._enable(True)
        self._show_moment()

    def say(self, why: str) -> None:
        """There is no timeline; `why` stands in its place."""
        self.timeline = None
        self.headline.setText(HEADLINE)
        self.why.setText("")
        self.at.setText("")
        self.none.setText(why)
        self.pictures.show_moment(None, None)
        self._stack.setCurrentIndex(0)
        self._enable(False)

    def wait(self, share: float) -> None:
        """So much of the next timeline is there; what is shown stays until then."""
        self.headline.setText(f"Reading the drawing moment by moment: {share:.0%}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plot is None:
            from capsdraw.ui.read.plots import TimelinePlot

            self.plot = TimelinePlot()
            self.plot.moved.connect(self._drag)
            self.plot.laid.connect(self._align)
            self._room.addWidget(self.plot)
            if self.timeline is not None:
                self.plot.show_timeline(self.timeline, self.names.__getitem__)
                self._show_moment()
        self.sighted.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.sighted.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        """The pictures take a quarter of the width at most, and the height that is left by lines of words."""
        lines = (self.headline, self._about, self.why, self.play)
        left = self.height() - sum(widget.sizeHint().height() + theme.GRID for widget in lines)
        self.pictures.fit(self.width() // 4, left)

    def _enable(self, on: bool) -> None:
        if not on:
            self.play.setChecked(False)
        for control in (self.scrubber, self.play):
            control.setEnabled(on)

    def _show_moment(self) -> None:
        moment, timeline = self.moment, self.timeline
        if moment is None or timeline is None:
            return
        said = words.at(moment, self.names)
        self.at.setText(said)
        self.scrubber.setAccessibleDescription(said)
        self.pictures.show_moment(moment, timeline.last.sketch)
        if self.plot is not None:
            self.plot.turn(moment.share)

    def _drag(self, share: float) -> None:
        """By the line in the plot, or a click there; the line then goes to the nearest moment."""
        self.play.setChecked(False)
        self.scrubber.choose(share)
        self._show_moment()

    def _align(self, left: int, right: int) -> None:
        if self.plot is not None:
            # Both stand in the same column.
            self.scrubber.align(left, right)

    def _begin(self, on: bool) -> None:
        if on and self.scrubber.value() == self.scrubber.maximum():
            self.scrubber.setValue(0)

    def _advance(self) -> None:
        self.scrubber.setValue(self.scrubber.value() + 1)
        if self.scrubber.value() == self.scrubber.maximum():
            self.play.setChecked(False)

    def _lay_out(self) -> None:
        self.none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.none.setWordWrap(True)
        self.none.setForegroundRole(self.none.palette().ColorRole.PlaceholderText)
        self._room = QVBoxLayout()
        left = QVBoxLayout()
        left.setSpacing(theme.GRID // 2)
        left.addLayout(self._room, 1)
        left.addWidget(self.scrubber)
        columns = QWidget()
        beside = QHBoxLayout(columns)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(2 * theme.GRID)
        beside.addLayout(left, 1)
        beside.addWidget(self.pictures)
        self._stack = QStackedWidget()
        for page in (self.none, columns):
            self._stack.addWidget(page)
        self.picture = QWidget()
        inner = QVBoxLayout(self.picture)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.GRID)
        for line in (self.headline, self._about, self.why):
            inner.addWidget(line)
        inner.addWidget(self._stack, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.picture, 1)
        foot = row(self.play, self.at)
        foot.setStretch(1, 1)
        layout.addLayout(foot)
