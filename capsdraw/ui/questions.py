"""What a view has asked the model: which answers are still to come, and which come too late."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from capsdraw.nets.session import Session

Work = Callable[["Session"], Any]
Explore = Callable[[str, Work], int]
# As `Explore`, and may name another model than the one that answers now.
ExploreOf = Callable[[str, Work, str | None], int]


class Questions:
    """Keeps count of a view's questions, by kind.

    Args:
        explore: puts a question to the model that answers now and returns its number, as `Reader.explore` does.

    Attributes:
        asked: number of the newest question, 0 before the first.
    """

    def __init__(self, explore: Explore) -> None:
        self.asked = 0
        self._explore = explore
        self._open: dict[str, int] = {}
        self._fresh = 0

    @property
    def busy(self) -> bool:
        """Whether the newest question of some kind is not answered yet."""
        return bool(self._open)

    def ask(self, kind: str, work: Work) -> int:
        """Put a question; returns its number."""
        self.asked = self._open[kind] = self._explore(kind, work)
        return self.asked

    def awaits(self, kind: str) -> bool:
        """Whether the newest question of a kind is not answered yet."""
        return kind in self._open

    def forget(self) -> None:
        """What was asked so far is about something else than what is looked at now."""
        self._fresh = self.asked + 1
        self._open.clear()

    def answered(self, kind: str, number: int) -> bool:
        """Take note of an answer, or of a failure; whether it is still about what is looked at."""
        if self._open.get(kind) == number:
            del self._open[kind]
        return number >= self._fresh
