"""In which order, and under which names, the numbers of a capsule are shown. No NumPy, no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

# So many of a group are always shown; the weaker ones are folded away where they are at least two.
SHOWN = 2


@dataclass(frozen=True)
class NumberGroup:
    """Numbers that go by one name.

    Attributes:
        name: theirs, "" of those without one.
        shown, folded: which numbers, from 0, the strongest first; the weaker ones are folded away.
    """

    name: str
    shown: tuple[int, ...]
    folded: tuple[int, ...] = ()

    @property
    def members(self) -> tuple[int, ...]:
        """All of them, the strongest first."""
        return self.shown + self.folded


def grouped(names: Sequence[str], effects: Sequence[float]) -> list[NumberGroup]:
    """The numbers by their names, "" being none; groups and numbers with the strongest effect first.

    Of equally strong ones, the first comes first. Names that differ in capitals alone are one.
    """
    members: dict[str, list[int]] = {}
    for dimension in sorted(range(len(names)), key=lambda dimension: -effects[dimension]):
        members.setdefault(names[dimension].casefold(), []).append(dimension)
    return [_folded(names[group[0]], group) for group in members.values()]


def unsorted(count: int) -> list[NumberGroup]:
    """So many numbers of which nothing is known yet: in their own order, all of them shown."""
    return [NumberGroup("", tuple(range(count)))]


def _folded(name: str, members: Sequence[int]) -> NumberGroup:
    shown = SHOWN if len(members) > SHOWN + 1 else len(members)
    return NumberGroup(name, tuple(members[:shown]), tuple(members[shown:]))
