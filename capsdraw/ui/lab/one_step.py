"""What the routing face says of a net that has no rounds to be watched, and the offer of one that has."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.plain_text import unmarked

# The bundled net whose routing goes by rounds.
_FAMILY = "capsnet"


class OneStep(QWidget):
    """A sentence and a button.

    Attributes:
        why: the sentence; offer: the button.

    Signals:
        wanted(str): the user would like that model to answer.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why, self.offer = caption(), QPushButton("Use CapsNet")
        self._model = _FAMILY
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(self.why, 1)
        layout.addWidget(self.offer)
        self.offer.clicked.connect(lambda: self.wanted.emit(self._model))
        self._say("This net")

    def describe(self, card: Card, models: list[Card]) -> None:
        """Say it of the model of `card`; offer one of `models` that has rounds, and knows the same classes."""
        self._say(card.title)
        rounds = (model for model in models if model.family == _FAMILY and model.input == card.input)
        other = next((model for model in rounds if model.names == card.names), None)
        self.offer.setVisible(other is not None)
        if other is not None:
            self._model = other.name
            self.offer.setText(unmarked(f"Use {other.title}"))

    def _say(self, title: str) -> None:
        self.why.setText(
            f"{title} gathers its votes in one step, so there are no rounds to watch. CapsNet takes three."
        )
