"""Pen digits that are drawn while a fit runs: kept from epoch to epoch, a fifth of them new each time."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.monitor import Cancelled

# Pen digits drawn between two looks at whether to stop: some 40 ms of them.
_PIECE = 50
# One pen digit of so many is a new one in each epoch, the others are seen again, moved otherwise:
# drawing all of them would take longer than the steps of a small net.
RENEWED = 5

# The digits of these numbers in an endless row: images (N, 28, 28) uint8 and labels (N,).
Draw = Callable[[NDArray[np.integer]], tuple[NDArray[np.uint8], NDArray[np.uint8]]]


class Drawn:
    """The pen digits of one epoch, drawn when they are first asked for; which they are depends on the epoch alone.

    Args:
        count: how many an epoch has.
        draw: draws them.
        stopped: asked while digits are drawn; where it says yes, `Cancelled` is raised.

    Attributes:
        broken_off: whether that has happened.
    """

    def __init__(self, count: int, draw: Draw, stopped: Callable[[], bool]) -> None:
        self.count = count
        self.broken_off = False
        self._draw, self._stopped = draw, stopped
        self._images, self._labels = np.empty((count, 28, 28), np.uint8), np.empty(count, np.uint8)
        # Which of the endless row each is.
        self._numbers = np.full(count, -1)

    def take(self, places: NDArray[np.integer], epoch: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Those of an epoch, from 0, that stand at these places."""
        numbers = places + self.count * ((epoch + places % RENEWED) // RENEWED)
        missing = np.flatnonzero(self._numbers[places] != numbers)
        for start in range(0, len(missing), _PIECE):
            if self._stopped():
                self.broken_off = True
                raise Cancelled("stopped while pen digits were drawn")
            few = missing[start : start + _PIECE]
            self._images[places[few]], self._labels[places[few]] = self._draw(numbers[few])
            self._numbers[places[few]] = numbers[few]
        return self._images[places], self._labels[places]
