"""Routing, seen: how much each place of the digit gives to the held class, update by update.

Iteration i makes the class' capsules with the coupling that i - 1 updates led to: before the first
one all share alike, and what the last update led to nobody uses. The user sees all of them, 0 to r.
"""

from typing import Final

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QSpinBox, QVBoxLayout, QWidget

from capsdraw.lab.steps import RoutingIteration, Votes, sent, share
from capsdraw.nets.reading import Floats
from capsdraw.ui import theme
from capsdraw.ui.bars import CAPSULE_TICKS, CLASSIFIER_TICKS, Bars
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.coupling_map import CouplingMap
from capsdraw.ui.live_text import LiveText

MOST_STEPS: Final = 10


class RoutingView(QWidget):
    """The map, the steps, and what comes out of each.

    Attributes:
        map: the digit and what its places send; step: after how many updates of the coupling, 0 to r;
        count: r, how many iterations are made.
        lengths: of the class' capsules that this coupling makes; shared: by the place under the pointer.
        after, entropy: the same in words.

    Signals:
        counted(int): the user wants so many iterations.
    """

    counted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digit: Floats | None = None
        self._votes: Votes | None = None
        self._steps: list[RoutingIteration] = []
        self._held = 0
        self._answer = 0  # the step whose coupling makes what the net answers
        self._at: tuple[int, ...] | None = None
        self.map = CouplingMap()
        self.lengths, self.shared = Bars(), Bars()
        for bars, ticks in ((self.lengths, CAPSULE_TICKS), (self.shared, CLASSIFIER_TICKS)):
            bars.setMinimumSize(20 * theme.GRID, 14 * theme.GRID)
            bars.set_ticks(ticks)
        self.step, self.count = QSlider(Qt.Orientation.Horizontal), QSpinBox()
        self._about = caption()
        self.after, self.entropy, self._under = (
            LiveText(theme.tabular(theme.small(self)), quiet=False) for _ in range(3)
        )
        self._lay_out()
        self.step.valueChanged.connect(self._show)
        self.count.valueChanged.connect(self.counted)
        self.map.pointed.connect(self._point)

    def show_routing(self, digit: Floats, votes: Votes, steps: list[RoutingIteration], held: int) -> None:
        """Show what routing does with a digit, for the class `held`.

        Args:
            digit: as the net saw it.
            votes: of its primary capsules.
            steps: r + 1 of dynamic routing, what the last update leads to being the last; one of self-attention.
            held: the class.
        """
        answered = self.step.value() == self._answer
        self._digit, self._votes, self._steps, self._held = digit, votes, steps, held
        dynamic = votes.prior is None
        with QSignalBlocker(self.step), QSignalBlocker(self.count):
            self.step.setRange(0, len(steps) - 1)
            self._answer = max(len(steps) - 2, 0)
            if answered:
                self.step.setValue(self._answer)
            self.count.setValue(self._answer + 1)
        for control in (self.step, self.count):
            control.setEnabled(dynamic)
        self._show()

    def show_nothing(self) -> None:
        """Nothing is drawn."""
        self._digit, self._votes, self._steps, self._at = None, None, [], None
        self.map.show_step(None, None, None, 0)
        for bars in (self.lengths, self.shared):
            bars.show_scores(None, None, 0)
        for words in (self.after, self.entropy):
            words.setText("")

    def _show(self) -> None:
        if self._votes is None or not self._steps:
            return
        step = self._steps[self.step.value()]
        self.map.show_step(self._digit, self._votes, self._heats(step), self._held)
        winner = int(step.lengths.argmax())
        self.lengths.show_scores(step.lengths, winner, 0)
        self.lengths.set_reference(self._steps[min(self._votes.iterations, len(self._steps)) - 1].lengths)
        self.after.setText(f"{self._when()}: {self.lengths.name(winner)}")
        self.entropy.setText(f"Entropy of the coupling {step.entropy:.2f} of {np.log2(len(step.lengths)):.2f} bits")
        self._about.setText(self._sentence())
        self._show_share(step)

    def _when(self) -> str:
        """What the shown coupling is to routing, in words that end before its winner."""
        assert self._votes is not None
        if self._votes.prior is not None:
            return "The net's answer"
        at, last = self.step.value(), len(self._steps) - 1
        updated = "Before any update" if at == 0 else f"After update {at} of {last}"
        return updated + {self._answer: ", the answer", last: ", not used"}.get(at, "")

    def _sentence(self) -> str:
        assert self._votes is not None
        if self._votes.grid is None:
            return (
                f"Each of its {len(self._votes.activity)} primary capsules (rows) sees the whole digit; self-attention "
                "says in one step how it divides itself among the classes (columns)."
            )
        rows, columns = self._votes.grid
        return (
            f"{rows} × {columns} places look at the digit through windows of {self._votes.field[1]} pixels. "
            f"Bright places give more of themselves to {self.lengths.name(self._held)}. At 0 all divide evenly."
        )

    def _heats(self, step: RoutingIteration) -> Floats:
        """In [0, 1], the same scale for every step, so that steps can be compared."""
        assert self._votes is not None
        if self._votes.grid is None:
            return step.coupling
        most = max(float(sent(other, self._votes)[..., self._held].max()) for other in self._steps)
        return sent(step, self._votes)[..., self._held] / max(most, 1e-9)

    def _point(self, at: tuple[int, ...] | None) -> None:
        self._at = at
        if self._steps:
            self._show_share(self._steps[self.step.value()])

    def _show_share(self, step: RoutingIteration) -> None:
        assert self._votes is not None
        what = "row" if self._votes.grid is None else "place"
        if self._at is None:
            self._under.setText(f"Point at a {what} to see how it divides itself")
            self.shared.show_scores(None, None, 0)
            return
        shares = step.coupling[self._at[0]] if self._votes.grid is None else share(step, self._votes, *self._at[:2])
        self._under.setText(f"The {what} under the pointer divides itself like this")
        self.shared.show_scores(shares, int(shares.argmax()), 0)

    def _lay_out(self) -> None:
        self.step.setRange(0, 0)
        self.step.setPageStep(1)
        self.step.setAccessibleName("Updates of the coupling")
        self.step.setToolTip(
            "How often the coupling was updated: 0 is before routing, all equal; the last iteration makes the "
            "answer with the coupling before the last update"
        )
        self.count.setRange(1, MOST_STEPS)
        self.count.setAccessibleName("Number of iterations")
        self.count.setToolTip(
            "Number of routing iterations; the bars mark the answer with the number that the net was trained with"
        )
        steps = QHBoxLayout()
        steps.setSpacing(theme.GRID)
        for widget in (QLabel("Update"), self.step, QLabel("of"), self.count):
            steps.addWidget(widget, 1 if widget is self.step else 0)
        right = QVBoxLayout()
        right.setSpacing(theme.GRID // 2)
        right.addLayout(steps)
        right.addWidget(self.after)
        right.addWidget(self.entropy)
        right.addWidget(self.lengths, 1)
        right.addWidget(self._under)
        right.addWidget(self.shared, 1)
        columns = QHBoxLayout()
        columns.setSpacing(2 * theme.GRID)
        columns.addWidget(self.map, 1)
        columns.addLayout(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self._about)
        layout.addLayout(columns, 1)
