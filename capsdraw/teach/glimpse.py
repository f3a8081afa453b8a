"""What explanations are drawn from: the user's own digit and what a net says of it, as far as that is known."""

from dataclasses import dataclass
from typing import Self

from capsdraw.formatting import class_name
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Floats, Reading


@dataclass(frozen=True, eq=False)
class Glimpse:
    """A digit, and what was read in it; any of it may be missing.

    Attributes:
        digit: (rows, columns) float32 in [0, 1], or (rows, columns, 3) in colour.
        scores: (C,) float32 in [0, 1].
        label: the class with the largest.
        capsules: (C, K) float32, of a capsule net.
        reconstruction: of the digit's shape, of a capsule net.
        names: of the classes; () for their numbers.
        capsule_net: whether the scores are lengths; None where nothing was read.
    """

    digit: Floats | None = None
    scores: Floats | None = None
    label: int | None = None
    capsules: Floats | None = None
    reconstruction: Floats | None = None
    names: tuple[str, ...] = ()
    capsule_net: bool | None = None

    @classmethod
    def of(cls, reading: Reading, digit: Floats, names: tuple[str, ...] = ()) -> Self:
        """What a net read in a digit."""
        return cls(
            digit, reading.scores, reading.label, reading.capsules, reading.reconstruction, names,
            reading.kind == NetKind.CAPSULE,
        )  # fmt: skip

    @property
    def numbers(self) -> Floats | None:
        """(K,) of the capsule of the class that was read, or None."""
        return None if self.capsules is None or self.label is None else self.capsules[self.label]

    @property
    def name(self) -> str:
        """Of the class that was read, or ""."""
        return "" if self.label is None else class_name(self.names, self.label)
