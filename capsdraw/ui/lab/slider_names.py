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
        self._nets: dict[str, str] = {}  # of the models by name, the hash of the file that was measured
        self._requested: Key | None = None

    def know(self, model: str, digest: str) -> None:
        """The model of that name is the file of that hash from now on: what was measured of another is forgotten."""
        if self._nets.get(model) != digest:
            self._nets[model] = digest
            self._measured = {key: meanings for key, meanings in self._measured.items() if key[0] != model}

    def of(self, key: Key, count: int) -> list[tuple[str, bool, Meaning | None]]:
        """For each of `count` numbers: its name or "", whether that is the user's own, what was measured if it was."""
        meanings = self._measured.get(key, ())[:count]
        measured: list[Meaning | None] = [*meanings, *[None] * (count - len(meanings))]
        own = [self._own.get(*key, dimension) for dimension in range(count)]
        return [
            (own_name or (meaning.name if meaning else None) or "", own_name is not None, meaning)
            for own_name, meaning in zip(own, measured, strict=True)
        ]

    def put(self, key: Key, dimension: int, name: str) -> None:
        """Call it so from now on; an empty name takes the user's back.

        Raises:
            CapsDrawError, OSError: the name cannot be kept.
        """
        self._own.put(*key, dimension, name)

    def learn(self, key: Key, meanings: Sequence[Meaning]) -> None:
        """Take in what was measured; it holds, whatever is on the canvas by now."""
        self._measured[key] = meanings

    def ask(self, key: Key) -> bool:
        """Whether the numbers are still to be measured; who asks is taken to do so."""
        if key in self._measured or key == self._requested:
            return False
        self._requested = key
        return True

    def forget(self) -> None:
        """What was asked is not answered any more."""
        self._requested = None
