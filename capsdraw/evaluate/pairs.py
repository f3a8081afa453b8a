"""Real over reconstructed: test images and what a capsule net makes of them."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.ink import pair
from capsdraw.ink.raster import from_bytes
from capsdraw.nets.cards import Card
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Floats, each_masked, longest

# As many as the sources show.
COUNT = 50


class Coder(Protocol):
    """What reconstructs: a capsule net's `Session`."""

    card: Card

    def encode(self, digits: NDArray[Any]) -> Floats:
        """Capsules (N, C, K) of N images."""

    def decode(self, capsules: Floats) -> Floats:
        """Pictures of capsules (N, C·K), all but one of them zero."""


@dataclass(frozen=True)
class Pairs:
    """Images and their reconstructions.

    Attributes:
        real, reconstructed: (N, rows, columns[, 3]) float32 in [0, 1].
        read: (N,) the class that each was read and decoded as; (N, 2) of two digits over one another.
        parts: (N, 2, rows, columns[, 3]) of which `reconstructed` is made, where that is of two digits, as in `read`.
    """

    real: Floats
    reconstructed: Floats
    read: NDArray[np.int64]
    parts: Floats | None = None

    @property
    def error(self) -> float:
        """Mean squared error of the reconstructions over all pixels."""
        return float(np.mean((self.real - self.reconstructed) ** 2))


def require_capsules(card: Card) -> None:
    """The card's model can reconstruct; else CapsDrawError, which says so of that model."""
    if card.kind != NetKind.CAPSULE:
        raise CapsDrawError(f"model '{card.name}' has no capsules: it cannot reconstruct images")


def reconstruct(session: Coder, images: NDArray[np.uint8]) -> Pairs:
    """Each image decoded from its longest capsule, as at inference: no label is told.

    Of a net that reads two digits over one another, each of the two longest is decoded alone, and both are laid over
    one another.

    Args:
        session: a capsule net's.
        images: (N, rows, columns[, 3]) uint8, ink is 255.

    Raises:
        CapsDrawError: the model is a classifier.
    """
    require_capsules(session.card)
    capsules = session.encode(images)
    read = longest(np.linalg.norm(capsules, axis=2), 2 if session.card.reads_pairs else 1)
    real = from_bytes(images)
    parts = session.decode(each_masked(capsules, read)).reshape(*read.shape, *real.shape[1:])
    if read.shape[1] == 1:
        return Pairs(real, parts[:, 0], read[:, 0])
    return Pairs(real, pair.together(parts.swapaxes(0, 1)), read, parts)
