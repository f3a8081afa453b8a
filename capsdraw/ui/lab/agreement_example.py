"""The hand-made example before the real thing: what agreement is, with votes that can be dragged."""

from typing import Final

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.lab.agreement import apart, two_by_two
from capsdraw.lab.steps import RoutingIteration
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.controls import button, row
from capsdraw.ui.lab.agreement_picture import WHOLES, AgreementPicture
from capsdraw.ui.lab.step_bar import StepBar, step_name
from capsdraw.ui.live_text import LiveText

# As many as CapsNet makes.
_ROUNDS: Final = 2
# (whole, part, 2): of the house the parts say that it leans to either side, of the boat that it stands nearly upright.
_VOTES: Final = np.array([[[-1.3, 0.9], [1.4, 0.7]], [[0.3, 1.5], [-0.3, 1.5]]], np.float32)
_ABOUT: Final = (
    "A triangle and a rectangle vote for how a house and a boat would stand. Drag the votes, or use Tab and the arrow "
    "keys: those that agree thicken, and the blue arrow grows."
)


class AgreementExample(QWidget):
    """Words, picture, steps.

    Attributes:
        picture: the votes; bar: which step is shown; verdict: who wins, and why; reset: all votes as at first.
        votes: (whole, part, 2); steps: of their routing.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.votes = _VOTES.copy()
        self.steps: list[RoutingIteration] = []
        self._rounds = _ROUNDS
        self.picture, self.bar = AgreementPicture(), StepBar()
        self.verdict = LiveText(theme.tabular(self.font()), quiet=False)
        self.reset = button("Reset votes", "Put all four votes back where they were")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(caption(_ABOUT))
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.verdict)
        controls = row(self.bar, self.reset)
        controls.setStretch(0, 1)
        layout.addLayout(controls)
        self.picture.moved.connect(self._move)
        self.bar.moved.connect(self._show)
        self.reset.clicked.connect(self._begin)
        self.set_rounds(_ROUNDS)

    def set_rounds(self, rounds: int) -> None:
        """Route in so many rounds."""
        self._rounds = rounds
        self.bar.set_rounds(rounds)
        self._route()
        self._show(float(self.bar.step.value()))

    def _begin(self) -> None:
        self.votes = _VOTES.copy()
        self._route()

    def _move(self, whole: int, part: int, x: float, y: float) -> None:
        self.votes[whole, part] = x, y
        self._route()

    def _route(self) -> None:
        self.steps = two_by_two(self.votes, self._rounds)
        changed = np.abs(self.votes - _VOTES).max(-1) > 1e-6
        self.reset.setEnabled(bool(changed.any()))
        self.picture.show_votes(self.votes.copy(), changed, self.steps)
        self._say()

    def _show(self, at: float) -> None:
        self.picture.show_step(at)
        if at == int(at):
            self._say()

    def _say(self) -> None:
        at = self.bar.step.value()
        self.verdict.setText(f"{step_name(at, self._rounds)}: {outcome(self.steps[at], self.votes)}")
        self.picture.setAccessibleDescription(self.verdict.text())


def outcome(step: RoutingIteration, votes: np.ndarray) -> str:
    """Who leads after a step, and how far the votes for each whole (whole, part, 2) lie apart."""
    lengths = step.lengths
    order = (0, 1) if lengths[0] > lengths[1] else (1, 0)
    first, second = (f"{apart(*votes[whole]):.0f}°" for whole in order)
    figures = " to ".join(f"{lengths[whole]:.2f}" for whole in order)
    leader, other = (WHOLES[whole] for whole in order)
    if abs(float(lengths[0] - lengths[1])) < 0.02:
        return f"neither leads, {figures}. {leader}'s votes are {first} apart, {other}'s {second}."
    return f"{leader} leads, {figures}. Its votes are {first} apart, {other}'s {second}."
