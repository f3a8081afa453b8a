"""Ink to the picture of two digits over one another that a net sees, as MultiMNIST has them.

Each of MultiMNIST's digits is 20 pixels large; together they are somewhat larger. Which stroke is whose, the inks say:
that decides how large both are drawn. The net sees grey alone.
"""

import numpy as np
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.ink.found import Found
from capsdraw.ink.normalize import BOX, PEN, ScaledStroke, centred, drawn, is_dot, relative_widths
from capsdraw.ink.raster import Raster
from capsdraw.ink.strokes import INKS, Drawing

# Pixels of the longest side of both together, at the median of MultiMNIST's pairs.
BOTH = 23
# Pixels between ink and edge.
_MARGIN = 1.0


def pair_from_drawing(drawing: Drawing, side: int, pen: float = PEN) -> Raster:
    """What a net sees of a drawing: the larger of its two digits is 20 pixels large, the middle of both in the middle.

    Args:
        drawing: at least one stroke; any unit, anywhere, of any size. Of one ink alone, it is one digit.
        side: pixels of the picture; pen: width of the lines drawn, in pixels.

    Returns:
        (side, side) float32 in [0, 1], ink is 1; where both have ink, it adds up, at most to 1.

    Raises:
        CapsDrawError: the drawing has no strokes.
    """
    return together(parts_from_drawing(drawing, side, pen))


def together(parts: Raster) -> Raster:
    """Ink of two, (2, …), in one picture, or in many: it adds up, at most to full ink."""
    return np.minimum(parts[0] + parts[1], np.float32(1))


def parts_from_drawing(drawing: Drawing, side: int, pen: float = PEN) -> Raster:
    """Each ink of `pair_from_drawing` alone: (2, side, side); one that nobody used is empty."""
    if not drawing:
        raise CapsDrawError("the drawing is empty: draw two digits, one over the other")
    widths = relative_widths(drawing)
    scale, middle = _place(drawing, side, pen)
    scaled = [
        (stroke.ink, ScaledStroke((stroke.points - middle) * scale + side / 2, pen * relative))
        for stroke, relative in zip(drawing.strokes, widths, strict=True)
    ]
    return np.stack([drawn([stroke for ink, stroke in scaled if ink == one], side) for one in INKS])


def pair_from_found(found: Found, side: int) -> Raster:
    """What a net sees of a picture: one of its own size as it is, of another the ink as large as two digits are.

    Returns:
        (side, side) float32 in [0, 1].

    Raises:
        CapsDrawError: there is no ink.
    """
    return pair_from_raster(found.ink if found.ink.shape == (side, side) else found.chosen, side)


def pair_from_raster(ink: Raster, side: int) -> Raster:
    """As `pair_from_found`, of ink (rows, columns) float32 in [0, 1]."""
    if ink.shape == (side, side) and ink.any():
        return ink.copy()
    return centred(ink, min(BOTH, side - 2), side)


def _place(drawing: Drawing, side: int, pen: float) -> tuple[float, NDArray[np.float64]]:
    """How much larger to draw, and the point that comes into the middle."""
    corners = []
    for ink in INKS:
        strokes = drawing.of_ink(ink).strokes
        if strokes:
            points = np.concatenate([stroke.points for stroke in strokes])
            corners.append((points.min(0), points.max(0)))
    lows, highs = (np.stack(ends) for ends in zip(*corners, strict=True))
    extent = float((highs - lows).max())
    middle = (lows + highs).mean(0) / 2
    if is_dot(drawing, extent):
        return 0.0, middle
    # Digits far apart: both are smaller, so that neither leaves the picture.
    reach = float(np.maximum(highs.max(0) - middle, middle - lows.min(0)).max())
    return min((BOX - pen) / extent, (side / 2 - _MARGIN - pen / 2) / reach), middle
