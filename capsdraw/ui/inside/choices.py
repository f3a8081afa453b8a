"""Controls that more than one face has."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QButtonGroup, QComboBox, QToolButton, QWidget

from capsdraw.lab.anatomy import Part
from capsdraw.ui.controls import button


def buttons(parent: QWidget, *named: tuple[str, str]) -> list[QToolButton]:
    """Buttons of which one is pressed, the first to begin with; each with its words and its tip."""
    group = QButtonGroup(parent)
    made = [button(text, tip) for text, tip in named]
    for one in made:
        one.setCheckable(True)
        group.addButton(one)
    made[0].setChecked(True)
    return made


def offer_layers(box: QComboBox, parts: Sequence[Part], chosen: str | None) -> None:
    """Let the user choose among layers, called by their own names: "conv1"; `chosen` is, or the first."""
    with QSignalBlocker(box):
        box.clear()
        for part in parts:
            box.addItem(part.name.rpartition("/")[2], part.name)
        box.setCurrentIndex(max(box.findData(chosen), 0) if parts else -1)
