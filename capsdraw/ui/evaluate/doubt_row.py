"""A question under the choice of data: are rows and columns of these images exchanged?"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption


class DoubtRow(QWidget):
    """Hidden until there is a doubt; whoever hears the answer hides it again.

    Attributes:
        words: why; exchange, leave: the two answers.

    Signals:
        answered(bool): whether rows and columns are to be exchanged.
    """

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = caption()
        self.exchange = QPushButton("Exchange rows and columns")
        self.leave = QPushButton("They are right")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.GRID)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.exchange)
        layout.addWidget(self.leave)
        for answer, transposed in ((self.exchange, True), (self.leave, False)):
            answer.clicked.connect(lambda _, transposed=transposed: self.answered.emit(transposed))
        self.hide()

    def ask(self, why: str) -> None:
        """Show the question."""
        self.words.setText(f"{why[:1].upper()}{why[1:]}.")
        self.show()
