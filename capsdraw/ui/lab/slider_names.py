"""What the numbers of a capsule are called: by the user, or by what was measured of them."""

from collections.abc import Sequence

from capsdraw.lab.meaning import Meaning
from capsdraw.lab.names import Names

Key = tuple[str, int]


class SliderNames:
    """Names for the numbers of the capsule of (model, class), which is its key.

    What a number does is measured once for each key, by whoever asks for it.
    """

    def __init__(self) -> None:
        self._own = Names()
        self._measured: dict[Key, Sequence[Meaning]] = {}
        self._asked: Key | None = None

    def of(self, key: Key, count: int) -> list[tuple[str, bool, Meaning | None]]:
        """For each of `count` numbers: its name or "", whether that is the user's own, what was measured if it was."""
        known = self._measured.get(key, ())[:count]
        measured: list[Meaning | None] = [*known, *[None] * (count - len(known))]
        own = [self._own.get(*key, number) for number in range(count)]
        return [
            (mine or (found.name if found else None) or "", mine is not None, found)
            for mine, found in zip(own, measured, strict=True)
        ]

    def put(self, key: Key, number: int, name: str) -> None:
        """Call it so from now on; an empty name takes the user's back.

        Raises:
            CapsDrawError, OSError: the name cannot be kept.
        """
        self._own.put(*key, number, name)

    def learn(self, key: Key, found: Sequence[Meaning]) -> None:
        """Take in what was measured; it holds, whatever is on the canvas by now."""
        self._measured[key] = found

    def ask(self, key: Key) -> bool:
        """Whether the numbers are still to be measured; who asks is taken to do so."""
        if key in self._measured or key == self._asked:
            return False
        self._asked = key
        return True

    def forget(self) -> None:
        """What was asked is not answered any more."""
        self._asked = None
