"""Ink to the digit that a net sees: (28, 28), light ink on black, as MNIST was made.

MNIST's own recipe: crop to the ink, scale the longest side to 20 pixels with the aspect
kept, and put the centre of mass at the centre of 28 × 28 (LeCun, Cortes, Burges).
Strokes are moved and scaled first and then drawn with a pen of MNIST's width, so that
neither the size of a drawing nor the width of the user's pen reaches the net.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from capsdraw.errors import CapsDrawError
from capsdraw.ink.raster import Raster, draw_line
from capsdraw.ink.strokes import Drawing

Digit = NDArray[np.float32]

SIDE = 28
BOX = 20
# Pixels. Drawn so, the median line measures 2.5 pixels by `stroke_width`, as MNIST's training digits do.
PEN = 2.4
# A pen pressed harder, or changed between strokes, stays thicker than the rest, within reason.
_RELATIVE_WIDTHS = (0.6, 1.6)
# Images are worked on at 8 times the digit's resolution.
_FINE = 8
# Ink fainter than this is paper.
_FAINT = 0.2
# An image's strokes may be this much thinner or thicker than MNIST's before they are mended.
_THICKNESS = (0.8, 1.35)


def digit_from_drawing(drawing: Drawing, pen: float = PEN) -> Digit:
    """The digit that a net sees of a drawing.

    Args:
        drawing: at least one stroke; any unit, anywhere, of any size.
        pen: width of the lines drawn, in pixels of the 28 × 28 digit.

    Returns:
        (28, 28) float32 in [0, 1], ink is 1.

    Raises:
        CapsDrawError: the drawing has no strokes.
    """
    if not drawing:
        raise CapsDrawError("the drawing is empty: draw a digit")
    scaled = _to_box(drawing, pen)
    shift = SIDE / 2 - _centre_of_mass(drawn(scaled, SIDE))
    # The ink box must stay inside the picture even where its mass lies far to one side.
    shift = np.clip(shift, -(SIDE - BOX) / 2, (SIDE - BOX) / 2)
    return drawn([replace(stroke, points=stroke.points + shift) for stroke in scaled], SIDE)


def digit_from_raster(ink: Raster) -> Digit:
    """The digit that a net sees of a raster of any size.

    A raster that already is such a digit (28 × 28, its ink 20 pixels large and centred,
    as every image of MNIST) is returned as it is.

    Args:
        ink: (rows, columns) float32 in [0, 1], ink is 1.

    Returns:
        (28, 28) float32 in [0, 1].

    Raises:
        CapsDrawError: there is no ink.
    """
    if is_digit(ink):
        return ink.copy()
    return centred(ink, BOX, SIDE)


def centred(ink: Raster, box: int, side: int) -> Raster:
    """The ink of a raster so large, with lines as thick as MNIST's, its centre of mass in the middle.

    Args:
        ink: (rows, columns) float32 in [0, 1]; box: pixels of its longest side then; side: of the square around it.

    Returns:
        (side, side) float32 in [0, 1].

    Raises:
        CapsDrawError: there is no ink.
    """
    fine = _mend_thickness(_fit(_keep_thin(_crop(ink), box), box * _FINE))
    return _centre(_fit(_crop(fine), box * _FINE), side)


@dataclass(frozen=True)
class ScaledStroke:
    """A stroke in pixels of the digit, and the pen's width at each of its points."""

    points: NDArray[np.float64]
    widths: NDArray[np.float64]


def _to_box(drawing: Drawing, pen: float) -> list[ScaledStroke]:
    """The strokes with their ink in a box of 20 pixels at the centre, and the widths to draw them with."""
    points = np.concatenate([stroke.points for stroke in drawing.strokes])
    low, high = points.min(0), points.max(0)
    extent = float((high - low).max())
    widths = relative_widths(drawing)
    scale = 0.0 if is_dot(drawing, extent) else (BOX - pen) / extent
    middle = (low + high) / 2
    return [
        ScaledStroke((stroke.points - middle) * scale + SIDE / 2, pen * relative)
        for stroke, relative in zip(drawing.strokes, widths, strict=True)
    ]


def is_dot(drawing: Drawing, extent: float) -> bool:
    """Whether a drawing of that extent is a point, or a tremble within the pen's own width."""
    widths = [stroke.width for stroke in drawing.strokes if stroke.width is not None]
    return extent <= max(0.25 * max(widths, default=0.0), 1e-9)


def relative_widths(drawing: Drawing) -> list[NDArray[np.float64]]:
    """The pen's width at each point relative to the drawing's median; 1 throughout for a plain pen."""
    widths = [stroke.widths(1.0) for stroke in drawing.strokes]
    if any(stroke.width is None for stroke in drawing.strokes):
        return [np.ones(len(stroke_widths)) for stroke_widths in widths]
    median = float(np.median(np.concatenate(widths)))
    return [np.clip(stroke_widths / median, *_RELATIVE_WIDTHS) for stroke_widths in widths]


def drawn(scaled: list[ScaledStroke], side: int) -> Raster:
    """Strokes in pixels on an empty square: (side, side) float32 in [0, 1]."""
    digit = np.zeros((side, side), np.float32)
    for stroke in scaled:
        draw_line(digit, stroke.points, stroke.widths)
    return digit


def _centre_of_mass(ink: Raster) -> NDArray[np.float64]:
    """(x, y) in pixels, (0.5, 0.5) is the centre of the first pixel."""
    mass = float(ink.sum(dtype=np.float64))
    x = float((ink.sum(0, dtype=np.float64) * (np.arange(ink.shape[1]) + 0.5)).sum()) / mass
    y = float((ink.sum(1, dtype=np.float64) * (np.arange(ink.shape[0]) + 0.5)).sum()) / mass
    return np.array([x, y])


def has_ink(ink: Raster) -> bool:
    """Whether a raster, (rows, columns) in [0, 1], has anything that `digit_from_raster` would read."""
    return bool((ink > _FAINT).any())


def _box(ink: Raster) -> tuple[slice, slice]:
    """Rows and columns of the ink; raises CapsDrawError where there is none."""
    dark = ink > _FAINT
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    if not rows.size:
        raise CapsDrawError("there is no ink in the picture: choose one in which a digit stands out from its paper")
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def is_digit(ink: Raster) -> bool:
    """Whether a raster is what a net sees already: 28 × 28, its ink 20 pixels large and centred."""
    if ink.shape != (SIDE, SIDE) or not (ink > 0).any():
        return False
    rows, columns = np.flatnonzero((ink > 0).any(1)), np.flatnonzero((ink > 0).any(0))
    longest = max(np.ptp(rows), np.ptp(columns)) + 1
    return bool(BOX - 2 <= longest <= BOX + 2 and np.abs(_centre_of_mass(ink) - SIDE / 2).max() <= 1.0)


def _crop(ink: Raster) -> Raster:
    return ink[_box(ink)]


def _keep_thin(ink: Raster, box: int) -> Raster:
    """Grow lines that would fade when a large picture is scaled down: one fine pixel each is needed."""
    scale = max(ink.shape) / (box * _FINE)
    width = stroke_width(ink)
    steps = min(int(np.ceil((1.5 * scale - width) / 2)), 8)
    if scale <= 1 or steps < 1:
        return ink
    ink = np.pad(ink, steps)
    for step in range(steps):
        ink = _spread(ink, diagonal=step % 2 == 1)
    return ink


def _fit(ink: Raster, longest: int) -> Raster:
    """Scale to `longest` on the longest side: by area averaging downwards, bilinear upwards."""
    scale = longest / max(ink.shape)
    size = (max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    return np.clip(np.asarray(Image.fromarray(ink).resize(size, how), np.float32), 0, 1)


def stroke_width(ink: Raster) -> float:
    """Mean width of the lines in a raster, in its pixels: twice the area over the length of the edge."""
    padded = np.pad(ink.astype(np.float64), 1)
    edge = np.hypot(*np.gradient(padded)).sum()
    return float(2 * padded.sum() / max(edge, 1e-9))


def _mend_thickness(fine: Raster) -> Raster:
    """Thicken lines that would vanish in 28 × 28, thin those that would fill it."""
    # Steeper edges, so that noise on paper and ink counts for none.
    now = stroke_width(np.clip(2 * fine - 0.5, 0, 1)) / _FINE
    wanted = min(max(now, PEN * _THICKNESS[0]), PEN * _THICKNESS[1])
    steps = round((wanted - now) / 2 * _FINE)
    if steps == 0:
        return fine
    margin = max(steps, 0) + 1
    fine = np.pad(fine, margin)
    grow = steps > 0
    for step in range(abs(steps)):
        fine = _spread(fine, diagonal=step % 2 == 1) if grow else 1 - _spread(1 - fine, diagonal=step % 2 == 1)
    return fine


def _spread(ink: Raster, diagonal: bool) -> Raster:
    """Grow the ink by one pixel; a cross and a square in turn make an octagon, near enough a disc."""
    out = ink.copy()
    np.maximum(out[1:], ink[:-1], out=out[1:])
    np.maximum(out[:-1], ink[1:], out=out[:-1])
    across = out.copy() if diagonal else ink
    np.maximum(out[:, 1:], across[:, :-1], out=out[:, 1:])
    np.maximum(out[:, :-1], across[:, 1:], out=out[:, :-1])
    return out


def _centre(fine: Raster, pixels: int) -> Raster:
    """Put fine ink with its centre of mass at the centre of so many pixels a side, and average down."""
    side = pixels * _FINE
    rows, columns = fine.shape
    x, y = side / 2 - _centre_of_mass(fine)
    left = min(max(round(x), 0), side - columns)
    top = min(max(round(y), 0), side - rows)
    canvas = np.zeros((side, side), np.float32)
    canvas[top : top + rows, left : left + columns] = fine
    return canvas.reshape(pixels, _FINE, pixels, _FINE).mean((1, 3), dtype=np.float32)
