"""Where in a picture a digit was found, as plain data."""

from dataclasses import dataclass
from typing import Final

from capsdraw.ink.raster import Raster

# Left, top, width and height, as shares of the picture.
Box = tuple[float, float, float, float]

WHOLE: Final[Box] = (0.0, 0.0, 1.0, 1.0)

# Why what was found may not be what is meant.
SEVERAL: Final = "several digits"
FAINT: Final = "faint"
SHADOW: Final = "at a shadow's edge, and fainter than it"
CUT_OFF: Final = "cut off by the picture's edge"
SMALL: Final = "very small"
WIDE: Final = "wider than a digit"
BLOT: Final = "no strokes of a pen"
UNCLEAR: Final = "other strokes as strong"


@dataclass(frozen=True, eq=False)
class Found:
    """A picture's ink, and the digit in it.

    Attributes:
        ink: (rows, columns) float32 in [0, 1], ink is 1: the whole picture, without what is the paper's.
        box: where the digit lies.
        doubts: why that may not be what is meant; () where nothing speaks against it.
        others: where there are other digits.
    """

    ink: Raster
    box: Box = WHOLE
    doubts: tuple[str, ...] = ()
    others: tuple[Box, ...] = ()

    @property
    def chosen(self) -> Raster:
        """The ink in the box."""
        return cut_out(self.ink, self.box)


def cut_out(ink: Raster, box: Box) -> Raster:
    """The part of a raster that lies in a box, at least a pixel of it."""
    left, top, width, height = box
    return ink[span(top, height, ink.shape[0]), span(left, width, ink.shape[1])]


def span(first: float, length: float, pixels: int) -> slice:
    """The pixels, of so many, that lie in a share of them; at least one."""
    start = min(max(round(first * pixels), 0), pixels - 1)
    return slice(start, max(round((first + length) * pixels), start + 1))


def box_of(window: tuple[slice, slice], shape: tuple[int, int]) -> Box:
    """Rows and columns of a picture of that shape, as a box."""
    rows, columns = window
    return (
        columns.start / shape[1], rows.start / shape[0],
        (columns.stop - columns.start) / shape[1], (rows.stop - rows.start) / shape[0],
    )  # fmt: skip
