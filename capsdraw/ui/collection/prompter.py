"""What is to be written next: each class as often as the others, in an order that nobody can foresee. No Qt here."""

import random
from collections.abc import Sequence


class Prompter:
    """Prompts one writer.

    Args:
        first: what is to be written first, where that is shown already; "" for any.

    Attributes:
        names: of the classes; counts: how many of each the writer has written; now: what is to be written.
    """

    def __init__(
        self, names: Sequence[str], counts: dict[str, int], chance: random.Random | None = None, first: str = ""
    ) -> None:
        self.names = tuple(names)
        self.counts = {name: counts.get(name, 0) for name in self.names}
        self._chance = chance or random.Random()
        # Skipped since something was written: they come again when all others were skipped, too.
        self._skipped: set[str] = set()
        self.now = first if first in self.names else ""
        if not self.now:
            self._next()

    def written(self) -> None:
        """It was written, and kept."""
        self.counts[self.now] += 1
        self._skipped.clear()
        self._next()

    def skip(self) -> None:
        """Something else, please."""
        self._skipped.add(self.now)
        self._next()

    def take_back(self, name: str) -> None:
        """The last one written, of that class, is kept no longer: it is to be written again."""
        self.counts[name] = max(self.counts[name] - 1, 0)
        self.now = name

    def _next(self) -> None:
        """One of those written least often, and never the same twice in a row where there are others."""
        others = [name for name in self.names if name != self.now] or list(self.names)
        if not set(others) - self._skipped:
            self._skipped.clear()
        left = [name for name in others if name not in self._skipped]
        least = min(self.counts[name] for name in left)
        self.now = self._chance.choice([name for name in left if self.counts[name] == least])
