"""Undo and redo over states that never change."""

from typing import Generic, TypeVar

State = TypeVar("State")

# Steps back that are kept.
DEPTH = 200


class History(Generic[State]):
    """The states so far, and the one that is shown."""

    def __init__(self, first: State) -> None:
        self._past: list[State] = []
        self._future: list[State] = []
        self.now = first

    def push(self, state: State) -> None:
        """Show `state` from now on; what had been undone is gone."""
        self._past = [*self._past[1 - DEPTH :], self.now]
        self._future.clear()
        self.now = state

    @property
    def can_undo(self) -> bool:
        """Whether there is a step back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step forward again."""
        return bool(self._future)

    def undo(self) -> None:
        """One step back, where there is one."""
        if self._past:
            self._future.append(self.now)
            self.now = self._past.pop()

    def redo(self) -> None:
        """One step forward again, where one was undone."""
        if self._future:
            self._past.append(self.now)
            self.now = self._future.pop()
