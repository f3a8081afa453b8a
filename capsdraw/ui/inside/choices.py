"""The choice among layers, as more than one face has it."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from capsdraw.errors import short
from capsdraw.lab.anatomy import LayerInfo


def offer_layers(box: QComboBox, parts: Sequence[LayerInfo], chosen: str | None) -> None:
    """Let the user choose among layers, called by their titles: "conv1"; `chosen` is, or the first."""
    with QSignalBlocker(box):
        box.clear()
        for layer in parts:
            box.addItem(short(layer.title or layer.name), layer.name)
        box.setCurrentIndex(max(box.findData(chosen), 0) if parts else -1)


def choose_layer(box: QComboBox, layer: str) -> None:
    """Choose that layer, or the first, without a word to who listens to the user's choices."""
    with QSignalBlocker(box):
        box.setCurrentIndex(max(box.findData(layer), 0))
