"""Where a layer's places lie on the image, and small maps laid over it. NumPy only."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsdraw.nets.reading import Floats


@dataclass(frozen=True)
class ReceptiveField:
    """What the places of a layer see; each pair is down and across, in pixels of the image.

    Attributes:
        start: the centre of what the first place sees; 0 is the middle of the first pixel.
        stride: from one place's centre to the next one's.
        side: of the rectangle that a place sees, paper beyond the image included.
    """

    start: tuple[float, float] = (0.0, 0.0)
    stride: tuple[float, float] = (1.0, 1.0)
    side: tuple[float, float] = (1.0, 1.0)

    def box(self, row: int, column: int) -> tuple[float, float, float, float]:
        """Top, left, bottom and right edge of what one place sees; a pixel's own edges are half a pixel off."""
        down, across = (
            first + at * step for first, at, step in zip(self.start, (row, column), self.stride, strict=True)
        )
        return (
            down - self.side[0] / 2, across - self.side[1] / 2, down + self.side[0] / 2, across + self.side[1] / 2
        )  # fmt: skip


def joined(fields: Sequence[ReceptiveField | None]) -> ReceptiveField | None:
    """What places see that read the same place of several maps: all that these see.

    None where that of one is not known, or where they do not go on by the same steps.
    """
    known = [field for field in fields if field is not None]
    if not known or len(known) < len(fields) or len({field.stride for field in known}) > 1:
        return None
    top, left, bottom, right = zip(*(field.box(0, 0) for field in known), strict=True)
    first, last = (min(top), min(left)), (max(bottom), max(right))
    return ReceptiveField(
        ((first[0] + last[0]) / 2, (first[1] + last[1]) / 2),
        known[0].stride,
        (last[0] - first[0], last[1] - first[1]),
    )


def spread(small: tuple[int, int], image: tuple[int, int]) -> ReceptiveField:
    """The places of a small map spread evenly over the image, where what they see is not known."""
    down, across = (large / few for large, few in zip(image, small, strict=True))
    return ReceptiveField(((down - 1) / 2, (across - 1) / 2), (down, across), (down, across))


def enlarged(small: Floats, field: ReceptiveField, rows: int, columns: int) -> Floats:
    """A small map over the whole image, (rows, columns) float32: bilinear between the centres of its places.

    Outermost values go on for half a stride beyond their centres and are gone a stride later; a
    single place, which sees all, counts everywhere. For layers that pad this is the usual
    enlarging. CapsNet's primary capsules do not pad: their 6 × 6 centres lie on pixels 8 to 18 of
    28, and a map stretched over the whole image would be up to 6 pixels off.
    """
    down = _between(rows, small.shape[0], field.start[0], field.stride[0])
    across = _between(columns, small.shape[1], field.start[1], field.stride[1])
    return (down @ small @ across.T).astype(np.float32)


def _between(pixels: int, places: int, start: float, stride: float) -> NDArray[np.float64]:
    """(pixels, places): how each pixel is mixed of the two places nearest to it; rows sum to 1 or, outside, less."""
    if places == 1:
        return np.ones((pixels, 1))
    at = (np.arange(pixels) - start) / stride
    beyond = np.maximum(np.maximum(-0.5 - at, at - (places - 0.5)), 0)
    mixed = np.maximum(1 - np.abs(np.clip(at, 0, places - 1)[:, None] - np.arange(places)), 0)
    return mixed * np.maximum(1 - beyond, 0)[:, None]
