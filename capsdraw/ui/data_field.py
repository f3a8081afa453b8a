"""The choice of data, as every view has it: a set known by name, a file, or a folder."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog

from capsdraw.datasets import known, pen_strokes
from capsdraw.datasets.sources import (
    COLLECTION,
    KNOWN,
    MADE,
    PEN_STROKES,
    SHAPES,
    SYNTHETIC,
    has_collection,
    other_data,
)
from capsdraw.errors import short
from capsdraw.nets.cards import Card
from capsdraw.paths import expanded
from capsdraw.ui.form_fields import ChoiceField
from capsdraw.ui.plain_text import tip

_FILES: Final = (
    "Data (*.npz *.npy *.csv *.tsv *.gz *.zip *.tar *.tgz *.mat *.h5 *.hdf5 *.parquet *.pkl *ubyte*);;All (*)"
)
# In the list: asks for a file or a folder.
_FILE, _FOLDER = "\0file", "\0folder"
_TITLES: Final = {
    "mnist": "MNIST",
    "cifar10": "CIFAR-10",
    "fashion-mnist": "Fashion-MNIST",
    "synthetic": "Synthetic digits",
    "synthetic-letters": "Synthetic letters",
    "pen-strokes": "Pen strokes",
    COLLECTION: "My collection",
}


class DataField(ChoiceField):
    """A name that `ui.opening_data` knows, or a path; asks for that itself.

    Args:
        entry: as `Field` has it.
        asked: the title of the dialog that asks for a file.
    """

    def __init__(self, entry: str, dialog_title: str) -> None:
        self._dialog_title = dialog_title
        self._kept = ""
        names = [(name, _words(name)) for name in KNOWN]
        if pen_strokes.path() is not None:
            names.append((PEN_STROKES, title(PEN_STROKES)))
        names.append((COLLECTION, title(COLLECTION)))
        super().__init__(entry, "Data", [*names, (_FILE, "A file …"), (_FOLDER, "A folder …")])
        self._kept = self.value()
        self.box.setPlaceholderText("Choose data …")

    def showEvent(self, event: QShowEvent) -> None:
        """A set may have been fetched since."""
        super().showEvent(event)
        for name in KNOWN:
            self.box.setItemText(self.box.findData(name), _words(name))

    def put(self, value: Any) -> None:
        """Choose a name, or a path, which is shown by its last part; or nothing, by ""."""
        if value and self.box.findData(value) < 0:
            self.box.addItem(called(value), value)
            self.box.setItemData(self.box.count() - 1, tip(value), Qt.ItemDataRole.ToolTipRole)
        self.box.setCurrentIndex(self.box.findData(value) if value else -1)
        self._kept = value

    def _chosen(self) -> None:
        path = self.value()
        asked = path in (_FILE, _FOLDER)
        if path == _FILE:
            path, _ = QFileDialog.getOpenFileName(self, self._dialog_title, "", _FILES)
        elif path == _FOLDER:
            path = QFileDialog.getExistingDirectory(self, "A folder with a subfolder for each class")
        # A dialog that is closed leaves all as it was: nobody is told of a change. Of the same file chosen in it they
        # are: it may hold other images now.
        chosen = path or self._kept
        changed = chosen != self._kept or (asked and bool(path))
        self.put(chosen)
        if changed:
            super()._chosen()


def _words(name: str) -> str:
    return title(name) + ("" if at_hand(name) else " (download)")


def title(name: str) -> str:
    """Data of that name, for people."""
    if name != COLLECTION and has_collection(name):
        return f"{title(other_data(name))} and my collection"
    return _TITLES.get(name, name)


def called(source: str) -> str:
    """Data of that name or path, for people: of a path its last part."""
    known = source in _TITLES or has_collection(source)
    return title(source) if known else short(Path(source).name)


def at_hand(name: str) -> bool:
    """Whether the known set `name` need not be fetched."""
    return name in MADE or known.at_hand(name)


def goes_with(card: Card, name: str) -> bool:
    """Whether the known set `name` has as many classes as the model, in grey or in colour as it reads them."""
    shape, classes = SHAPES[name]
    return (shape[2], classes) == (card.input[2], card.classes)


def suiting(card: Card) -> str:
    """The data that a model was made for, be it to be fetched; "" where that was a file or a folder that is gone."""
    name = other_data(card.data_set)
    if name == "mnist" and not at_hand(name):
        return SYNTHETIC  # a machine without a network has pen digits all the same
    return name if name in (*KNOWN, COLLECTION) or expanded(name).exists() else ""
