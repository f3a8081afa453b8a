"""Images for a net that reads no drawings: one of its test images, or a picture file."""

import random
import threading
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from capsdraw.datasets import known, stamp
from capsdraw.datasets.data import Data
from capsdraw.datasets.folders import read_picture
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.datasets.opening import open_data
from capsdraw.datasets.sources import FILES
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import times
from capsdraw.ink.raster import Raster, from_bytes
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.controls import button, row
from capsdraw.ui.data_field import title
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.live_text import LiveText
from capsdraw.ui.wording import test_image

_FILES = "Images (*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp);;All files (*)"


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
        self._tests = _Tests()  # for the thread of jobs only
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
        self._jobs.run(lambda: self._tests.pick(card), lambda picked: self._put(card, *picked))

    def ask_open(self) -> None:
        """Ask for a picture file and open it."""
        name, _ = QFileDialog.getOpenFileName(self, "Open an image", "", _FILES)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Read a picture, scaled to what the net reads."""
        card = self._card
        assert card is not None
        self._jobs.run(
            lambda: from_bytes(read_picture(path, card.input)), lambda image: self._put(card, image, path.name)
        )

    def stop(self) -> None:
        """Read no further: the window closes."""
        self._tests.cancel.set()

    def _put(self, card: Card, image: Raster, words: str) -> None:
        if card is self._card:  # another one may have been chosen meanwhile
            self.chosen.emit(image, words)


class _Tests:
    """Test images, those of the data that was read last kept; `cancel` ends a long read."""

    def __init__(self) -> None:
        self.cancel = threading.Event()
        self._kept: tuple[tuple[str, tuple[int, ...], stamp.Stamp], Data] | None = None

    def pick(self, card: Card) -> tuple[Raster, str]:
        """A random one that the net of `card` reads, and what it is.

        Raises:
            CapsDrawError: they are not on this machine, or no longer such as the net reads.
        """
        data = self._data(card)
        if data.shape != card.input:
            raise CapsDrawError(
                f"'{card.data_set}' now has images of {times(data.shape)}: '{card.title}' reads {times(card.input)}"
            )
        index = random.randrange(len(data.test_labels))
        return from_bytes(data.test_images[index]), test_image(card, index, int(data.test_labels[index]))

    def _data(self, card: Card) -> Data:
        name = card.data_set
        if name in FILES and not known.at_hand(name):
            raise CapsDrawError(
                f"{title(name)} is not on this machine: start a fit in Train to download it, or set CAPSDRAW_DATA to a "
                f"folder with {FILES[name]}"
            )
        key = name, card.input, stamp.of(name)
        if self._kept is None or self._kept[0] != key:
            self._kept = None  # not both in memory
            data = self._open(card)
            images, labels = data.test_images, data.test_labels
            # Training images, which may be many, are let go of.
            self._kept = key, Data(data.name, images[:0], labels[:0], images, labels)
        return self._kept[1]

    def _open(self, card: Card) -> Data:
        if card.data_set not in FILES:
            return open_data(card.data_set, card.input, test_only=True, watch=ReadMonitor(cancel=self.cancel))
        # Nobody has asked for a download here: one is cancelled before it begins.
        never = threading.Event()
        never.set()
        try:
            return open_data(card.data_set, test_only=True, watch=ReadMonitor(cancel=never))
        except Cancelled:
            raise CapsDrawError(
                f"{title(card.data_set)} is damaged on this machine: start a fit in Train to download it again"
            ) from None
