"""What can be done with the model of a fit that has ended."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from capsdraw.ui import plain_text
from capsdraw.ui.controls import row


class Afterwards(QWidget):
    """Three buttons; hidden until there is a model.

    Attributes:
        draw, evaluate, compare: the buttons.

    Signals:
        chosen(str): "draw", "evaluate" or "compare".
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draw, self.evaluate, self.compare = (
            QPushButton(words) for words in ("Draw with it", "Evaluate", "Compare")
        )
        for button, what, tip in (
            (self.draw, "draw", "Keep the model under its title, and let it read your drawing"),
            (self.evaluate, "evaluate", "Keep the model, and measure it on test images"),
            (self.compare, "compare", "Keep the model, and see it beside others"),
        ):
            button.setToolTip(plain_text.tip(tip))
            button.clicked.connect(lambda _, what=what: self.chosen.emit(what))
        layout = row(self.draw, self.evaluate, self.compare)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)
        self.hide()
