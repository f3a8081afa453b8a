"""Test images of the data that a net was trained on, where that is on this machine."""

import random
import threading
from dataclasses import replace
from typing import Final

from capsdraw.datasets import known, stamp
from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import Cancelled, ReadMonitor
from capsdraw.datasets.sources import FILES, other_data
from capsdraw.errors import CapsDrawError
from capsdraw.formatting import times
from capsdraw.ink.raster import Raster, from_bytes
from capsdraw.ink.sketch import Sketch
from capsdraw.nets.cards import Card
from capsdraw.ui import own_pictures
from capsdraw.ui.data_field import title
from capsdraw.ui.opening_data import open_data
from capsdraw.ui.wording import test_image

# Seconds that data of many pictures may take to be read.
LONG: Final = 1800.0


class OwnTests:
    """Test images, those of the data that was read last kept; `cancel` ends a long read."""

    def __init__(self) -> None:
        self.cancel = threading.Event()
        self._kept: tuple[tuple[str, tuple[int, ...], stamp.Stamp], Data] | None = None

    def pick(self, card: Card) -> tuple[Raster, str]:
        """A random one that the net of `card` reads, and what it is. Raises as `labelled` does."""
        return self.labelled(card)[:2]

    def labelled(self, card: Card) -> tuple[Raster, str, int]:
        """A random one that the net of `card` reads, what it is, and its class.

        Raises:
            CapsDrawError: they are not on this machine, or no longer such as the net reads.
        """
        data = self._data(card)
        if data.shape != card.input:
            raise CapsDrawError(
                f"'{card.data_set}' now has images of {times(data.shape)}: '{card.title}' reads {times(card.input)}"
            )
        index = random.randrange(len(data.test_labels))
        label = int(data.test_labels[index])
        return from_bytes(data.test_images[index]), test_image(index, card.label(label)), label

    def pair(self, card: Card) -> tuple[Sketch, str]:
        """Two of them over one another, as the net of `card` learnt them, and what they are. Raises as `labelled`."""
        from capsdraw.evaluate.both_right import shift_of

        data = self._data(card)
        return own_pictures.of_two(data, shift_of(card, data), f"{title(data.name)} test images")

    def _data(self, card: Card) -> Data:
        name = other_data(card.data_set)
        if not name:
            raise CapsDrawError(f"nothing says which images '{card.title}' was trained on: open a picture")
        if name in FILES and not known.at_hand(name):
            raise CapsDrawError(
                f"{title(name)} is not on this machine: start a fit in Train to download it, or set CAPSDRAW_DATA to a "
                f"folder with {FILES[name]}"
            )
        key = name, card.input, stamp.of(name)
        if self._kept is None or self._kept[0] != key:
            self._kept = None  # not both in memory
            data = self._open(card)
            data = data.transposed() if card.intake.transposed else data
            images, labels = data.test_images, data.test_labels
            # Training images, which may be many, are let go of.
            self._kept = key, replace(data, train_images=images[:0], train_labels=labels[:0])
        return self._kept[1]

    def _open(self, card: Card) -> Data:
        name = other_data(card.data_set)
        if name not in FILES:
            watch = ReadMonitor(cancel=self.cancel)
            if card.reads_pairs:
                return open_data(name, None, test_only=True, watch=watch)
            return open_data(name, card.input, test_only=True, watch=watch, intake=card.intake)
        # Nobody has asked for a download here: one is cancelled before it begins.
        never = threading.Event()
        never.set()
        try:
            return open_data(name, test_only=True, watch=ReadMonitor(cancel=never))
        except Cancelled:
            raise CapsDrawError(
                f"{title(name)} is damaged on this machine: start a fit in Train to download it again"
            ) from None
