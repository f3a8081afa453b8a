"""Which of many drawings are chosen, by their ids; plain data."""

from collections.abc import Collection as Any
from collections.abc import Iterable


class Picked:
    """A choice that grows and shrinks.

    Attributes:
        ids: of the drawings; anchor: from which a choice reaches to another one, or None.
    """

    def __init__(self) -> None:
        self.ids: set[int] = set()
        self.anchor: int | None = None
        # Those that a reach does not touch.
        self._others: set[int] = set()

    def take(self, ids: Iterable[int]) -> None:
        """These alone; a reach begins at the first."""
        chosen = list(ids)
        self.ids, self._others = set(chosen), set()
        self.anchor = chosen[0] if chosen else None

    def turn(self, drawing: int) -> None:
        """That one more, or less."""
        self.ids ^= {drawing}
        self.anchor, self._others = drawing, set(self.ids)

    def reach(self, ids: Iterable[int]) -> None:
        """These besides those that were chosen before the reach began."""
        self.ids = self._others | set(ids)

    def keep_only(self, there: Any[int]) -> None:
        """Those that are gone are chosen no longer."""
        self.ids = {drawing for drawing in self.ids if drawing in there}
        self._others &= self.ids
        if self.anchor not in there:
            self.anchor = None
