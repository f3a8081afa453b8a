"""The stroke under the pen: a point more costs the same however many there are."""

from enum import Enum

import numpy as np

from capsdraw.ink.strokes import Points, Stroke

# Points that there is room for in the beginning.
_ROOM = 1024
# Points after a press in which the pressure settles.
_SETTLES = 4


class Source(Enum):
    """What draws; the greater, the surer that it is meant."""

    KEYS = 0  # they move the box alone
    FINGER = 1
    MOUSE = 2
    PEN = 3


class GrowingStroke:
    """Points and pressures that are added, and never changed."""

    def __init__(self) -> None:
        self._count = 0
        # A row a point: x, y, pressure. Strokes that were given away look at its first rows.
        self._rows = np.empty((_ROOM, 3), np.float64)
        self._pressed = False

    def __len__(self) -> int:
        return self._count

    def stroke(self, width: float, ink: int = 0) -> Stroke:
        """The stroke as it is now, by a pen of that width and ink; stays so."""
        rows = self._rows[: self._count]
        return Stroke(rows[:, :2], width, rows[:, 2] if self._pressed else None, ink)

    def add(self, point: tuple[float, float], pressure: float) -> None:
        """One point more; a pressure that is not full at any of them makes it a stroke with pressure."""
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._count] = *point, min(max(pressure, 0.0), 1.0)
        if 0 < self._count <= _SETTLES and pressure < self._rows[: self._count, 2].max():
            # A tablet's press often begins with a spike, which would be a blot. Strokes given away keep theirs.
            self._rows = self._rows.copy()
            self._rows[: self._count, 2] = np.minimum(self._rows[: self._count, 2], max(pressure, 0.0))
        self._count += 1
        self._pressed = self._pressed or pressure < 1

    @property
    def extent(self) -> float:
        """The larger side of the box around its points."""
        points = self._rows[: self._count, :2]
        return float(np.ptp(points, 0).max()) if self._count else 0.0

    def last(self, count: int) -> Points:
        """The last points: (count, 2), or fewer where there are not so many."""
        return self._rows[max(0, self._count - count) : self._count, :2]
