"""Routing as a film: how votes that agree find one another, round by round; before it, the same in small, by hand.

Step 0 is made with equal coupling: before routing. Each round then couples the primary capsules more to the
classes that agreed with them; the last step is the net's answer.
"""

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QStackedWidget, QVBoxLayout, QWidget

from capsdraw.lab.agreement import loudest, place_of, rivals, scenes
from capsdraw.lab.steps import RoutingIteration, Votes, route, sent, share
from capsdraw.nets.cards import Card
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, CLASSIFIER_TICKS, Bars
from capsdraw.ui.controls import button, one_of, row
from capsdraw.ui.guard import Guarded
from capsdraw.ui.lab.agreement_example import AgreementExample
from capsdraw.ui.lab.one_step import OneStep
from capsdraw.ui.lab.place_map import Place, PlaceMap
from capsdraw.ui.lab.routing_film import RoutingFilm
from capsdraw.ui.lab.step_bar import StepBar, step_name
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.plain_text import Label, tip

MOST_ROUNDS: Final = 9
EXAMPLE, DIGIT = 0, 1
# Votes that are drawn: of all places, and of one.
_STRONGEST: Final = 8
_AT_A_PLACE: Final = 6
# Below this width the pictures get the room of the bars.
_WIDE: Final = 130 * theme.GRID

_PLANE: Final = (
    "A vote has as many numbers as the capsule that it is for. Each picture shows the votes for its class in the two "
    "directions in which they reach furthest; the share is of their variance about zero."
)


class RoutingView(Guarded, QWidget):
    """The example and the user's digit, and what is chosen of it.

    Attributes:
        modes: the buttons Example and Your drawing; example: the hand-made one.
        map: the digit and what its places send; film: the votes of the chosen place; bar: Play and the scrubber;
        step: the scrubber; count: how many rounds are made; strongest: back from a place to the strongest few.
        lengths: of the class' capsules at the step that is shown; shared: how a place divides itself.
        about, plane: what is seen; after: the step in words; chosen: whose votes are drawn; one_step: without rounds.

    Signals:
        counted(int): the user wants so many iterations: one more than rounds.
        wanted(str): the user would like that model to answer.
    """

    counted = Signal(int)
    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit: Floats | None = None
        self._votes: Votes | None = None
        self._steps: list[RoutingIteration] = []
        self._own: Floats | None = None  # the lengths that the net itself answers
        self._held = 0
        # Places and capsules of the net that was shown last.
        self._form: tuple[tuple[int, int] | None, int] = (None, 0)
        self._at: Place | None = None  # under the pointer
        self._place: Place | None = None  # chosen; None for the strongest few
        self.modes = one_of(
            button("Example", "Agreement in small: two parts, two wholes, four votes to drag"),
            button("Your drawing", "The votes of your drawing's primary capsules"),
            first=True,
        )
        self.example, self.one_step = AgreementExample(), OneStep()
        self.map, self.bar, self.count = PlaceMap(), StepBar(), QSpinBox()
        self.step = self.bar.step
        self.lengths, self.shared = Bars(), Bars()
        self.film = RoutingFilm(self.lengths.name)
        self.strongest = button("All places", f"The {_STRONGEST} strongest votes of the whole drawing")
        small = theme.tabular(theme.small(self))
        self.about = LiveText(self.font(), lines=2)
        self.after = LiveText(theme.tabular(self.font()), quiet=False)
        self.plane, self.chosen, self._under = LiveText(small, lines=2), LiveText(small), LiveText(small, lines=2)
        self._lay_out()
        self._connect()
        self.show_nothing()

    def describe(self, card: Card, models: list[Card]) -> None:
        """Lay out for a model; `models` are all that could answer."""
        for bars in (self.lengths, self.shared):
            bars.set_names(card.labels)
        self.one_step.describe(card, models)

    def show_routing(self, digit: Floats, votes: Votes, steps: list[RoutingIteration], held: int) -> None:
        """Show what routing does with a digit, for the class `held`.

        Args:
            digit: as the net saw it.
            votes: of its primary capsules.
            steps: of dynamic routing, the last being the answer; one of self-attention.
            held: the class.
        """
        form = votes.grid, len(votes.activity)
        if form != self._form:
            self._form, self._place = form, None  # a place of another net's is none of this one's
        self._digit, self._votes, self._steps, self._held = digit, votes, steps, held
        enough = len(steps) >= votes.iterations
        self._own = (steps[votes.iterations - 1] if enough else route(votes)[-1]).lengths
        dynamic = votes.prior is None
        self.bar.set_rounds(len(steps) - 1)
        if dynamic:
            with QSignalBlocker(self.count):
                self.count.setValue(len(steps) - 1)
            self.example.set_rounds(len(steps) - 1)
        self.one_step.setVisible(not dynamic)
        self._picture.setCurrentIndex(1)
        self._refresh_count()
        self._choose(self._place)

    def show_nothing(self) -> None:
        """Nothing is drawn."""
        self._digit, self._votes, self._steps, self._at = None, None, [], None
        self.bar.play.setChecked(False)
        self.map.show_step(None, None, None, 0)
        self.film.show_scenes(())
        for bars in (self.lengths, self.shared):
            bars.show_scores(None, None, 0)
        for words in (self.after, self.about, self.plane, self.chosen, self._under):
            words.setText("")
        self._picture.setCurrentIndex(0)
        self._refresh_count()

    def turn(self, mode: int) -> None:
        """Show the example (0) or the user's digit (1)."""
        self.modes[mode].setChecked(True)
        self._pages.setCurrentIndex(mode)
        self._refresh_count()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= _WIDE
        self._figures.setVisible(wide)
        for column, part in enumerate((5, 6, 2) if wide else (4, 6, 0)):
            self._columns.setStretch(column, part)

    def _choose(self, place: Place | None) -> None:
        """Draw the votes of a place, or the strongest of all."""
        self._place = place
        votes = self._votes
        self.strongest.setEnabled(place is not None)
        if votes is None:
            return
        capsules = loudest(votes, _STRONGEST if place is None else _AT_A_PLACE, place)
        self.map.mark(list(dict.fromkeys(place_of(votes, capsule) for capsule in capsules)))
        classes = rivals(self._steps[-1].lengths, self._held, self.film.room)
        self.film.show_scenes(scenes(votes, self._steps, classes, capsules))
        self.chosen.setText(self._whose(len(capsules)))
        self.about.setText(self._sentence())
        self.plane.setText(self._directions())
        self._show(float(self.step.value()))

    def _show(self, at: float) -> None:
        if self._votes is None:
            return
        self.film.show_step(at)
        if at != int(at):
            return
        step = self._steps[int(at)]
        assert self._digit is not None
        heat, most = self._heat(step)
        self.map.show_heat(self._digit, self._votes, heat, self._held, most, self.lengths.name(self._held))
        winner = int(step.lengths.argmax())
        self.lengths.show_scores(step.lengths, winner, 0)
        self.lengths.set_reference(self._own)
        name = step_name(int(at), len(self._steps) - 1)
        self.after.setText(f"{name}: {self.lengths.name(winner)} leads with length {step.lengths[winner]:.2f}")
        self._show_share()

    def _heat(self, step: RoutingIteration) -> tuple[Floats, float]:
        """In [0, 1], the same scale for every step, so that steps can be compared; and what 1 stands for."""
        assert self._votes is not None
        if self._votes.grid is None:
            return step.coupling, 1.0
        most = max(float(sent(other, self._votes)[..., self._held].max()) for other in self._steps)
        return sent(step, self._votes)[..., self._held] / max(most, 1e-9), most

    def _sentence(self) -> str:
        scale = self.film.scale
        drawn = "" if scale == 1 else f", drawn at 1 : {scale:g}" if scale > 1 else f", drawn at {1 / scale:.3g} : 1"
        place = "row" if self._votes is not None and self._votes.grid is None else "place"
        return (
            f"Each arrow is a primary capsule's vote{drawn}; votes that agree thicken. The blue arrow gathers them: "
            f"its length is the bar. Choose a {place} in the map to see its own votes."
        )

    def _directions(self) -> str:
        """Which classes are seen, and what of their votes."""
        shown, all_classes = len(self.film.scenes), len(self._steps[-1].lengths)
        name = self.lengths.name(self._held)
        which = (
            f"All {all_classes} classes, {name} first"
            if shown == all_classes
            else f"{name} and its {shown - 1} longest rivals"
        )
        return f"{which}, each in its votes' two main directions. Click a picture beneath to put another class first."

    def _whose(self, count: int) -> str:
        assert self._votes is not None
        if self._place is None:
            return f"The {count} strongest votes"
        if self._votes.grid is None:
            return f"The votes of capsule {self._place[0] + 1}"
        return f"Row {self._place[0] + 1}, column {self._place[1] + 1}"

    def _point(self, at: Place | None) -> None:
        self._at = at
        self._show_share()

    def _show_share(self) -> None:
        """How the place under the pointer, else the chosen one, divides itself."""
        at = self._place if self._at is None else self._at
        if self._votes is None or at is None:
            self._under.setText("Point at the map to see how a place divides itself" if self._votes else "")
            self.shared.show_scores(None, None, 0)
            return
        step = self._steps[self.step.value()]
        places = self._votes.grid is not None
        shares = share(step, self._votes, *at[:2]) if places else step.coupling[at[0]]
        where = f"Row {at[0] + 1}, column {at[1] + 1}" if places else f"Capsule {at[0] + 1}"
        self._under.setText(f"{where} divides itself like this")
        self.shared.show_scores(shares, int(shares.argmax()), 0)

    def _refresh_count(self) -> None:
        one_step = self._votes is not None and self._votes.prior is not None
        self.count.setEnabled(self._pages.currentIndex() == EXAMPLE or not one_step)

    def _count(self, rounds: int) -> None:
        self.example.set_rounds(rounds)
        self.counted.emit(rounds + 1)

    def _connect(self) -> None:
        for mode, mode_button in enumerate(self.modes):
            mode_button.clicked.connect(lambda _, mode=mode: self.turn(mode))
        self.bar.moved.connect(self._show)
        self.count.valueChanged.connect(self._count)
        self.map.pointed.connect(self._point)
        self.map.picked.connect(self._choose)
        self.strongest.clicked.connect(lambda: self._choose(None))
        self.one_step.wanted.connect(self.wanted)
        self.film.resized.connect(lambda: self._choose(self._place))

    def _lay_out(self) -> None:
        self.count.setRange(0, MOST_ROUNDS)
        self.count.setValue(2)
        self.count.setAccessibleName("Number of rounds")
        self.count.setToolTip("How many rounds are made; the marks on the bars are the net's own answer")
        for bars, ticks in ((self.lengths, CAPSULE_TICKS), (self.shared, CLASSIFIER_TICKS)):
            bars.setMinimumSize(20 * theme.GRID, 14 * theme.GRID)
            bars.set_ticks(ticks)
        self.plane.setToolTip(tip(_PLANE))
        self._pages, self._picture = QStackedWidget(), QStackedWidget()
        nothing = Label("Draw something: its votes appear here as soon as the net has answered.")
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setForegroundRole(nothing.palette().ColorRole.PlaceholderText)
        self._picture.addWidget(nothing)
        self._picture.addWidget(self._shown())
        self._pages.addWidget(self.example)
        self._pages.addWidget(self._picture)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addLayout(row(*self.modes, None, Label("Rounds"), self.count))
        layout.addWidget(self._pages, 1)

    def _shown(self) -> QWidget:
        left = QVBoxLayout()
        left.setSpacing(theme.GRID // 2)
        choice = row(self.chosen, self.strongest)
        choice.setStretch(0, 1)
        left.addLayout(choice)
        left.addWidget(self.map, 1)
        self._figures = QWidget()
        self._figures.hide()  # until there is room
        figures = QVBoxLayout(self._figures)
        figures.setContentsMargins(0, 0, 0, 0)
        figures.setSpacing(theme.GRID // 2)
        title = Label("Lengths at this step")
        title.setFont(theme.small(self))
        for widget in (title, self.lengths, self._under, self.shared):
            figures.addWidget(widget, 1 if isinstance(widget, Bars) else 0)
        columns = self._columns = QHBoxLayout()
        columns.setSpacing(2 * theme.GRID)
        columns.addLayout(left, 4)
        right = QVBoxLayout()
        right.setSpacing(theme.GRID // 2)
        right.addWidget(self.film, 1)
        right.addWidget(self.plane)
        columns.addLayout(right, 6)
        columns.addWidget(self._figures)
        shown = QWidget()
        inner = QVBoxLayout(shown)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.GRID)
        inner.addWidget(self.about)
        inner.addWidget(self.one_step)
        inner.addLayout(columns, 1)
        inner.addWidget(self.after)
        inner.addWidget(self.bar)
        return shown
