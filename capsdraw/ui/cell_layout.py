"""Where cells stand, which of them lies at a point, and where keys lead from one: plain numbers, no Qt.

All lengths are pixels of a widget, as Qt counts them: on a screen with a device pixel ratio of 2
a pixel of the screen is half of one of these.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil, floor
from typing import Final, NamedTuple, Protocol, Self


class Box(NamedTuple):
    """A rectangle; what lies on its left and top edges belongs to it, on its right and bottom ones not."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The first place to the right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The first place beneath it."""
        return self.top + self.height

    def grown(self, by: float) -> "Box":
        """The rectangle with so much more on every side."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: "Box") -> bool:
        """Whether the two share a place."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Move(Enum):
    """What a key asks for."""

    LEFT = auto()
    RIGHT = auto()
    UP = auto()
    DOWN = auto()
    HOME = auto()
    END = auto()
    PAGE_UP = auto()
    PAGE_DOWN = auto()


ARROWS: Final = (Move.LEFT, Move.RIGHT, Move.UP, Move.DOWN)


class Layout(Protocol):
    """Cells 0 to `count` - 1, each of which stands somewhere."""

    @property
    def count(self) -> int:
        """How many there are."""

    def boxes(self, index: int) -> tuple[Box, ...]:
        """Where a cell stands: in most layouts at one place only."""

    def at(self, x: float, y: float) -> int | None:
        """The cell that answers a pointer there, or None."""

    def within(self, area: Box) -> Iterator[int]:
        """All cells that have a part in the area, in their order."""

    def after(self, index: int, move: Move, page: float) -> int | None:
        """The cell that a key leads to from another one; None where that key means nothing here.

        Args:
            page: the height that is in sight.
        """


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Equal cells in rows, numbered from the top left, row after row. Keys lead nowhere.

    Attributes:
        count: of the cells; columns: of them in a row, 1 at least.
        across, down: from a cell to the next one in its row, and in its column; above 0.
        width, height: of a cell; below `across` and `down` where there are gaps that answer no pointer.
        left, top: of the first cell.
    """

    count: int
    columns: int
    across: float
    down: float
    width: float
    height: float
    left: float = 0.0
    top: float = 0.0

    @classmethod
    def empty(cls) -> Self:
        """Without a cell."""
        return cls(count=0, columns=1, across=1.0, down=1.0, width=1.0, height=1.0)

    @classmethod
    def without_gaps(
        cls, count: int, columns: int, across: float, down: float, left: float = 0.0, top: float = 0.0
    ) -> Self:
        """Cells that touch one another."""
        return cls(
            count=count, columns=columns, across=across, down=down, width=across, height=down, left=left, top=top
        )  # fmt: skip

    @property
    def rows(self) -> int:
        """How many there are, the last one perhaps not full."""
        return -(-self.count // self.columns)

    def box(self, index: int) -> Box:
        """Where a cell stands."""
        row, column = divmod(index, self.columns)
        return Box(self.left + column * self.across, self.top + row * self.down, self.width, self.height)

    def boxes(self, index: int) -> tuple[Box, ...]:
        """As `Layout` has it."""
        return (self.box(index),)

    def at(self, x: float, y: float) -> int | None:
        """As `Layout` has it."""
        column, beyond_left = divmod(x - self.left, self.across)
        row, beyond_top = divmod(y - self.top, self.down)
        inside = 0 <= column < self.columns and row >= 0
        if not inside or beyond_left >= self.width or beyond_top >= self.height:
            return None
        index = int(row) * self.columns + int(column)
        return index if index < self.count else None

    def within(self, area: Box) -> Iterator[int]:
        """As `Layout` has it; row after row."""
        rows = _meeting(area.top - self.top, area.bottom - self.top, self.down, self.height, self.rows)
        columns = _meeting(area.left - self.left, area.right - self.left, self.across, self.width, self.columns)
        for row in rows:
            for column in columns:
                if row * self.columns + column < self.count:
                    yield row * self.columns + column

    def after(self, index: int, move: Move, page: float) -> int | None:  # noqa: ARG002
        """As `Layout` has it."""
        return None

    def _rows_of(self, page: float) -> int:
        return max(int(page // self.down), 1)


class Flow(Grid):
    """Items in their order, as many in a row as there is room for: after the last of a row comes the next row's first.

    Keys stop at the first and the last item.
    """

    def after(self, index: int, move: Move, page: float) -> int | None:
        """As `Layout` has it."""
        many = self._rows_of(page) * self.columns
        step = {
            Move.LEFT: -1, Move.RIGHT: 1, Move.UP: -self.columns, Move.DOWN: self.columns,
            Move.HOME: -self.count, Move.END: self.count, Move.PAGE_UP: -many, Move.PAGE_DOWN: many,
        }[move]  # fmt: skip
        return min(max(index + step, 0), self.count - 1)


class Table(Grid):
    """Full rows that mean something, as columns do: keys stay in the row or in the column, and stop at its ends."""

    def after(self, index: int, move: Move, page: float) -> int | None:
        """As `Layout` has it."""
        row, column = divmod(index, self.columns)
        many = self._rows_of(page)
        row += {Move.UP: -1, Move.DOWN: 1, Move.PAGE_UP: -many, Move.PAGE_DOWN: many}.get(move, 0)
        column += {
            Move.LEFT: -1, Move.RIGHT: 1, Move.HOME: -self.columns, Move.END: self.columns,
        }.get(move, 0)  # fmt: skip
        row, column = min(max(row, 0), self.rows - 1), min(max(column, 0), self.columns - 1)
        return row * self.columns + column


class Ring(Grid):
    """One row in which the first follows the last; where there are several, up and down lead from one to the next."""

    def after(self, index: int, move: Move, page: float) -> int | None:  # noqa: ARG002
        """As `Layout` has it."""
        up, down = index - self.columns, index + self.columns
        upright = {Move.UP: up if up >= 0 else index, Move.DOWN: down if down < self.count else index}
        return {
            Move.LEFT: (index - 1) % self.count, Move.RIGHT: (index + 1) % self.count,
            Move.HOME: 0, Move.END: self.count - 1, **(upright if self.rows > 1 else {}),
        }.get(move)  # fmt: skip


@dataclass(frozen=True)
class Lines:
    """Rows of unequal heights, one beneath the other, each a single cell.

    Attributes:
        spans: top and height of each, from the uppermost on; they do not overlap.
        left, width: of all.
        first: the first that answers pointer and keys; those above are only looked at.
    """

    spans: tuple[tuple[float, float], ...]
    left: float
    width: float
    first: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.spans)

    def box(self, index: int) -> Box:
        """Where a row stands."""
        top, height = self.spans[index]
        return Box(self.left, top, self.width, height)

    def boxes(self, index: int) -> tuple[Box, ...]:
        """As `Layout` has it."""
        return (self.box(index),)

    def at(self, x: float, y: float) -> int | None:
        """As `Layout` has it."""
        index = self._begun(y)
        if index < self.first or not self.left <= x < self.left + self.width:
            return None
        return index if y < self.box(index).bottom else None

    def within(self, area: Box) -> Iterator[int]:
        """As `Layout` has it."""
        return (index for index in range(self.count) if self.box(index).meets(area))

    def after(self, index: int, move: Move, page: float) -> int | None:
        """As `Layout` has it."""
        top = self.spans[index][0]
        to = {
            Move.UP: index - 1, Move.DOWN: index + 1, Move.HOME: self.first, Move.END: self.count - 1,
            Move.PAGE_UP: min(self._begun(top - page), index - 1),
            Move.PAGE_DOWN: max(self._begun(top + page), index + 1),
        }.get(move)  # fmt: skip
        return None if to is None else min(max(to, self.first), self.count - 1)

    def _begun(self, y: float) -> int:
        """The last row that begins at that height or above it; -1 where none does."""
        return bisect_right(self.spans, y, key=lambda span: span[0]) - 1


@dataclass(frozen=True)
class Blocks:
    """Cells that stand once in each of several grids, which do not overlap: a picture here, its likeness there.

    Attributes:
        grids: as many cells in each; keys go as in the first.
    """

    grids: tuple[Grid, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return self.grids[0].count

    def boxes(self, index: int) -> tuple[Box, ...]:
        """As `Layout` has it; a place for each grid."""
        return tuple(grid.box(index) for grid in self.grids)

    def at(self, x: float, y: float) -> int | None:
        """As `Layout` has it."""
        answers = (grid.at(x, y) for grid in self.grids)
        return next((index for index in answers if index is not None), None)

    def within(self, area: Box) -> Iterator[int]:
        """As `Layout` has it."""
        return iter(sorted({index for grid in self.grids for index in grid.within(area)}))

    def after(self, index: int, move: Move, page: float) -> int | None:
        """As `Layout` has it."""
        return self.grids[0].after(index, move, page)


def _meeting(begin: float, end: float, step: float, size: float, count: int) -> range:
    """Which of `count` intervals of `size`, one every `step` from 0 on, share a place with `begin` to `end`."""
    return range(max(floor((begin - size) / step) + 1, 0), min(ceil(end / step), count))
