"""The bar above the window: what is done to the drawing, and the model that reads it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QToolBar, QWidget

from capsdraw.nets.cards import Card
from capsdraw.ui.files import Files


class MainToolbar(QToolBar):
    """Buttons, and the choice of a model.

    Attributes:
        test_digit: the action that shows one of MNIST's test digits.
        picker: the models.
    """

    def __init__(self, files: Files, parent: QWidget | None = None) -> None:
        super().__init__("Main", parent)
        self.setObjectName("main")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for text, key, tip, slot in (
            ("Open …", QKeySequence.StandardKey.Open, "Open an image or a strokes file", files.ask_open),
            ("Paste", QKeySequence.StandardKey.Paste, "Paste an image", files.paste),
            ("Save …", QKeySequence.StandardKey.Save, "Save as strokes or as a picture", files.ask_save),
            ("Example", "Ctrl+E", "Show an example drawing", files.open_example),
            ("Test digit", "Ctrl+T", "Show a random digit of MNIST's test set", files.open_test_digit),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.setToolTip(f"{tip} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
            action.triggered.connect(slot)
            self.addAction(action)
        self.test_digit = action  # at hand as soon as a fit has fetched MNIST; until then it says what is missing
        self.picker = QComboBox()
        self.picker.setToolTip("The net that reads your digit, and its error on MNIST's 10,000 test digits")
        self.picker.setAccessibleName("Model")
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        self.addWidget(QLabel("Model "))
        self.addWidget(self.picker)

    def offer_models(self, models: list[Card], chosen: str) -> None:
        """These can be picked; the one of that name is."""
        self.picker.clear()
        for card in models:
            error = "" if card.test_error_percent is None else f" · {card.test_error_percent:.2f}% error"
            self.picker.addItem(f"{card.title}{error}", card.name)
        self.pick(chosen)

    def pick(self, name: str) -> None:
        """Show that one as the one that was picked."""
        self.picker.setCurrentIndex(self.picker.findData(name))
