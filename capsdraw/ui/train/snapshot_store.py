"""The looks at a net in training that are kept: enough to go back to its beginning, never more than a fixed amount."""

from dataclasses import replace
from typing import Final

import numpy as np

from capsdraw.fit.events import Floats, Snapshot

# A fit may run for days. Of CapsNet a look takes some 150 kB.
MOST: Final = 600
MOST_BYTES: Final = 32 << 20


class SnapshotStore:
    """Looks of one fit, in their order; thinned where they become too many.

    The first and the newest are always kept. Those within old epochs go first, then whichever
    stands closest between its neighbours: what is left is spread over the whole fit.

    Args:
        most: looks that are kept; most_bytes: that their arrays take together.
    """

    def __init__(self, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._kept: list[Snapshot] = []

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, index: int) -> Snapshot:
        return self._kept[index]

    @property
    def size(self) -> int:
        """Bytes of all arrays; one that several looks share counts once."""
        arrays = {id(array): array.nbytes for look in self._kept for array in _arrays(look)}
        return sum(arrays.values())

    def add(self, look: Snapshot) -> None:
        """Take in a look; digits that are those of the look before are kept once.

        A run that is gone on with may do again what it once did: what was seen of that goes.
        """
        while self._kept and (self._kept[-1].epoch, self._kept[-1].batch) >= (look.epoch, look.batch):
            self._kept.pop()
        if self._kept and np.array_equal(self._kept[-1].digits, look.digits):
            look = replace(look, digits=self._kept[-1].digits)
        self._kept.append(look)
        while len(self._kept) > 3 and (len(self._kept) > self._most or self.size > self._most_bytes):
            self._thin()

    def clear(self) -> None:
        """Forget all."""
        self._kept = []

    def nearest(self, look: Snapshot) -> int:
        """The place of a look, or of the last before it where it is not kept any more."""
        when = look.epoch, look.batch
        return max((place for place, kept in enumerate(self._kept) if (kept.epoch, kept.batch) <= when), default=0)

    def _thin(self) -> None:
        """Let the one go that leaves the smallest gap: of those within old epochs, where there are any."""
        middle = range(1, len(self._kept) - 1)
        newest = self._kept[-1].epoch
        old = [place for place in middle if self._kept[place].epoch < newest and not _is_end(self._kept[place])]
        gone = min(old or middle, key=lambda place: _when(self._kept[place + 1]) - _when(self._kept[place - 1]))
        del self._kept[gone]


def _when(look: Snapshot) -> float:
    """Epochs done, with their fraction."""
    return look.epoch - 1 + look.batch / max(look.batches, 1)


def _is_end(look: Snapshot) -> bool:
    return look.batch in (0, look.batches)


def _arrays(look: Snapshot) -> list[Floats]:
    return [array for array in (look.digits, look.scores, look.pictures, look.filters) if array is not None]
