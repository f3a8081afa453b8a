"""Confidence against correctness, in a diagram and in words."""

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capsdraw.nets.catalog import NetKind
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.evaluate.examiner import Examined
from capsdraw.ui.guard import Guarded

if TYPE_CHECKING:
    from capsdraw.ui.evaluate.reliability import Reliability

_CAPSULES: Final = (
    "Confidence here is the length of the longest capsule. Training asks for a length of 0.9 and no more, so a capsule "
    "net that is hardly ever wrong is less confident than it is right: its dots lie above the dashed line."
)
_CLASSIFIER: Final = (
    "Confidence here is the largest probability. On the dashed line a net is right as often as it is confident; "
    "beneath it, it is surer than it should be."
)
_PAIRS: Final = (
    "Confidence here is the smaller score of the two digits that are read, for both have to be there. On the dashed "
    "line a net is right about both as often as it is confident."
)


class CalibrationView(Guarded, QWidget):
    """The diagram, with what confidence means above it and the error beneath.

    Attributes:
        about, status: words; plot: the diagram, or None before it was first shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot: Reliability | None = None
        self.about, self.status = caption(), caption()
        self._examined: Examined | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        self._room = QVBoxLayout()
        layout.addWidget(self.about)
        layout.addLayout(self._room, 1)
        layout.addWidget(self.status)

    def show_result(self, examined: Examined) -> None:
        """Show what was measured."""
        self._examined = examined
        of_one = _CAPSULES if examined.card.kind == NetKind.CAPSULE else _CLASSIFIER
        self.about.setText(_PAIRS if examined.card.reads_pairs else of_one)
        self.status.setText(
            f"Expected calibration error {examined.result.calibration.error:.4f}: how far confidence and correctness "
            "lie apart, on average. Beside each dot stands how many answers it is of; its line shows where their rate "
            "may lie, at 95% confidence."
        )
        self._draw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.plot is None:
            from capsdraw.ui.evaluate.reliability import Reliability

            self.plot = Reliability()
            self._room.addWidget(self.plot)
        self._draw()

    def _draw(self) -> None:
        if self.plot is not None and self._examined is not None:
            self.plot.show_calibration(self._examined.result.calibration)
