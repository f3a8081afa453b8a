"""What a view of capsules shows for a classifier: what a capsule net would, and an offer of one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption


class NoCapsules(QWidget):
    """Words and a button.

    Attributes:
        why: the words; offer: the button.

    Signals:
        wanted(str): the user would like that model to answer.
    """

    wanted = Signal(str)

    def __init__(self, title: str = "No capsules", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why, self.offer = caption(), QPushButton()
        self._model = ""
        head = QLabel(title)
        head.setFont(theme.large(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.GRID)
        layout.addWidget(head)
        layout.addWidget(self.why)
        layout.addWidget(self.offer, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()
        self.offer.clicked.connect(lambda: self.wanted.emit(self._model))

    def describe(self, card: Card, models: list[Card]) -> None:
        """Say why the model of `card` has nothing to hold, and offer the first of `models` that has."""
        self.why.setText(
            f"{card.title} has no capsules: its last layer says which digit it is, but not how it is written. "
            "A capsule net has 16 numbers for each digit, and a decoder that draws from them."
        )
        capsule_net = next((model for model in models if model.kind == NetKind.CAPSULE), None)
        self.offer.setVisible(capsule_net is not None)
        if capsule_net is not None:
            self._model = capsule_net.name
            self.offer.setText(f"Use {capsule_net.title}")
