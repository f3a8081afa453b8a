"""What a view of capsules shows for a classifier: what a capsule net would, and an offer of one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.plain_text import Label, unmarked


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
        head = Label(title)
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
        """Say why the model of `card` has nothing to hold, and offer one of `models` that has.

        The first that knows the same classes, or else the first of all.
        """
        self.why.setText(
            f"{card.title} has no capsules: its last layer says which class it is, but not how it is drawn. "
            "A capsule net has 16 numbers for each class, and a decoder that draws from them."
        )
        capsule_nets = [model for model in models if model.kind == NetKind.CAPSULE]
        alike = [model for model in capsule_nets if model.names == card.names]
        capsule_net = next(iter(alike or capsule_nets), None)
        self.offer.setVisible(capsule_net is not None)
        if capsule_net is not None:
            self._model = capsule_net.name
            self.offer.setText(unmarked(f"Use {capsule_net.title}"))
