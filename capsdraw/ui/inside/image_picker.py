"""Images for a net that reads no drawings: one of its test images, or a picture file."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from capsdraw.errors import short
from capsdraw.ink.endings import FILTER
from capsdraw.ink.intake import of_file
from capsdraw.ink.raster import Raster
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.controls import button, row
from capsdraw.ui.data_field import title
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.own_tests import LONG, OwnTests

# Of jobs that bring an image.
_LANE: Final = "image"
_FILES = f"Images ({FILTER});;All files (*)"


class ImagePicker(QWidget):
    """Two buttons, and what is looked at in words. What cannot be read `jobs` says.

    Attributes:
        test, open: the buttons; status: the words.

    Signals:
        chosen(object, str): an image (rows, columns[, 3]) float32 in [0, 1] of the net's size; what it is, in words.
    """

    chosen = Signal(object, str)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._card: Card | None = None
        self._tests = OwnTests()  # for the thread of jobs only
        self.test = button("Test image", "A random image of the test part of the data that this net was trained on")
        self.open = button("Open image …", "Any picture: its middle is cropped and scaled to the net's input size")
        self.status = LiveText(theme.small(self))
        layout = row(self.test, self.open, self.status)
        layout.setContentsMargins(0, 0, 0, 0)
        self.setLayout(layout)
        self.test.clicked.connect(self.take_test)
        self.open.clicked.connect(self.ask_open)

    def describe(self, card: Card | None) -> None:
        """Find images for that net from now on; for none, what is still being read is not wanted."""
        self._card = card
        self.status.setText("")

    def take_test(self) -> None:
        """Find a random test image."""
        card = self._card
        assert card is not None
        self._jobs.run(
            lambda: self._tests.pick(card), lambda picked: self._put(card, *picked),
            lane=_LANE, words=f"Reading {title(card.data_set)}", newest=True, limit=LONG,
        )  # fmt: skip

    def ask_open(self) -> None:
        """Ask for a picture file and open it."""
        name, _ = QFileDialog.getOpenFileName(self, "Open an image", "", _FILES)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Read a picture, scaled to what the net reads."""
        card = self._card
        assert card is not None
        name = short(path.name)
        self._jobs.run(
            lambda: of_file(path, card.input, card.intake), lambda image: self._put(card, image, name),
            lane=_LANE, words=f"Reading {name}", newest=True,
        )  # fmt: skip

    def stop(self) -> None:
        """Read no further: the window closes."""
        self._tests.cancel.set()

    def _put(self, card: Card, image: Raster, words: str) -> None:
        if card is self._card:  # another one may have been chosen meanwhile
            self.chosen.emit(image, words)
