"""Asks how a model of others sees pictures, where its file does not say it and nothing can be measured."""

from typing import Final

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from capsdraw.errors import short
from capsdraw.ui import theme
from capsdraw.ui.captioned_digit import caption
from capsdraw.ui.models_process import UnknownSight
from capsdraw.ui.plain_text import Label

# What `capsdraw models` calls them, and in words; the first is what is likeliest.
_PIXELS: Final = (
    ("0..1", "From 0 to 1"), ("0..255", "From 0 to 255"), ("-1..1", "From -1 to 1"), ("0..255/256", "Divided by 256"),
)  # fmt: skip
_INK: Final = (
    ("light", "Drawings, light on dark"), ("dark", "Drawings, dark on light"), ("none", "Pictures as they are"),
)  # fmt: skip


class SightDialog(QDialog):
    """One list for each thing that nobody knows.

    Args:
        name: of the file; unmeasured: what is unknown of it.

    Attributes:
        pixels, ink: the lists; one is hidden where that is known.
    """

    def __init__(self, name: str, unmeasured: UnknownSight, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("How does it see pictures?")
        self.pixels, self.ink = _choice("Its pixels were", _PIXELS), _choice("It was trained on", _INK)
        if unmeasured.colour:
            self.ink.setCurrentIndex(self.ink.findData("none"))
        self._asked = {"pixels": self.pixels, "ink": self.ink}
        fields = QFormLayout()
        fields.setSpacing(theme.GRID)
        for entry, box in self._asked.items():
            if entry in unmeasured.unknown:
                label = Label(box.accessibleName())
                label.setBuddy(box)
                fields.addRow(label, box)
            box.setVisible(entry in unmeasured.unknown)
        self._unknown = unmeasured.unknown
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * theme.GRID)
        layout.setContentsMargins(*[2 * theme.GRID] * 4)
        layout.addWidget(caption(
            f"'{short(name)}' does not say how it was trained, and it cannot be measured: {unmeasured.found}. "
            "Choose what you know of it. If it then reads badly, open the file again and choose otherwise."
        ))  # fmt: skip
        layout.addLayout(fields)
        layout.addWidget(buttons)
        self.setMinimumWidth(52 * theme.GRID)

    @property
    def words(self) -> tuple[str, ...]:
        """The choice, for `capsdraw models --open`."""
        chosen = [(f"--{entry}", str(self._asked[entry].currentData())) for entry in self._unknown]
        return tuple(f"{option}={value}" for option, value in chosen)


def _choice(name: str, entries: tuple[tuple[str, str], ...]) -> QComboBox:
    box = QComboBox()
    for value, words in entries:
        box.addItem(words, value)
    box.setAccessibleName(name)
    return box
