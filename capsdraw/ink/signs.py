"""What can be measured of a digit's ink without any net: its parts, where its ink lies, how often a line crosses it.

On 28 × 28 pixels, with NumPy alone: it is asked with each move of the pen. Photographs have `ink.parts`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsdraw.ink.raster import Raster

# Pixels with at least so much ink belong to a stroke; between two figures there is less.
_INK, _BETWEEN = 0.3, 0.5
# A part is a figure of its own where it is so high compared to the ink's box, and has so much of all ink.
_HIGH, _MUCH = 0.55, 0.12
# Two figures beside each other share at most this part of the narrower one's columns.
_SHARED = 0.15
# Figures that touch: wider than high by this, and a column with this share of the ink of those on both sides of it.
_WIDE, _VALLEY = 1.1, 0.65
# Columns or rows that a mirrored digit is moved by at most, to lie on itself as well as it can.
_MOVED = 2


@dataclass(frozen=True)
class Part:
    """Ink that hangs together: its rows and columns, the last ones not included, and its pixels."""

    top: int
    bottom: int
    left: int
    right: int
    area: int


@dataclass(frozen=True)
class Signs:
    """Of one digit.

    Attributes:
        rows, columns: of the box around its ink, pixels.
        parts: pieces of ink, specks among them, from left to right.
        figures: how many stand beside each other, each as high as a digit of its own; 1 for one digit.
        valleys: how many gaps there may be between figures that touch.
        holes: pieces of paper that ink encloses.
        shape: numbers that letters and scribbles often have otherwise than digits, by name.
    """

    rows: int
    columns: int
    parts: tuple[Part, ...]
    figures: int
    valleys: int
    holes: int
    shape: dict[str, float]

    @property
    def dot(self) -> bool:
        """Whether it is too small for a line of a digit, which fills 20 pixels."""
        return max(self.rows, self.columns) < 8


def signs_of(digit: Raster) -> Signs:
    """The signs of a digit, (28, 28) float32 in [0, 1], ink is 1."""
    dark = digit >= _INK
    parts = tuple(_parts(dark, diagonal=True))
    if not parts:
        return Signs(0, 0, (), 0, 0, 0, _shape(digit, dark, 0, 0, 0))
    rows = max(part.bottom for part in parts) - min(part.top for part in parts)
    columns = max(part.right for part in parts) - min(part.left for part in parts)
    # One of the pieces of paper is that around the digit.
    holes = len(_parts(np.pad(~dark, 1, constant_values=True), diagonal=False)) - 1
    shape = _shape(digit, dark, len(parts), rows, columns)
    return Signs(rows, columns, parts, _figures(digit >= _BETWEEN), _valleys(digit, rows, columns), holes, shape)


def _shape(digit: Raster, dark: NDArray[np.bool_], parts: int, rows: int, columns: int) -> dict[str, float]:
    """Box, ink, crossings, symmetry, and where the ink lies; shares of all ink where not said otherwise."""
    ink = float(digit.sum())
    all_ink = max(ink, 1e-6)
    aspect = columns / max(rows, 1)
    across, down = (_crossings(dark, axis) for axis in (1, 0))
    third = digit.shape[0] // 3 + 1
    centred = np.arange(digit.shape[0]) - (digit.shape[0] - 1) / 2
    by_row, by_column = digit.sum(1), digit.sum(0)
    return {
        "parts": float(parts), "size": max(rows, columns) / 20,
        "aspect": aspect, "wide": max(aspect - 1, 0.0),
        "ink": ink / 100, "dense": max(ink / 100 - 1.4, 0.0),  # in hundreds of pixels: digits have about one
        "crossings_across": float(across.max(initial=0)), "mean_across": _mean_of_some(across),
        "crossings_down": float(down.max(initial=0)), "mean_down": _mean_of_some(down),
        "mirror": _likeness(digit, digit[:, ::-1], 1), "upside_down": _likeness(digit, digit[::-1], 0),
        "half_turn": _likeness(digit, digit[::-1, ::-1], 0),
        "top": float(by_row[:third].sum()) / all_ink, "bottom": float(by_row[-third:].sum()) / all_ink,
        "left": float(by_column[:third].sum()) / all_ink, "right": float(by_column[-third:].sum()) / all_ink,
        "middle": float(digit[11:17, 11:17].sum()) / all_ink,
        # Mean squared distances from the middle, in pixels, and how ink leans.
        "spread_across": float(by_column @ centred**2) / all_ink, "spread_down": float(by_row @ centred**2) / all_ink,
        "lean": float(centred @ digit @ centred) / all_ink,
    }  # fmt: skip


def _crossings(dark: NDArray[np.bool_], axis: int) -> NDArray[np.intp]:
    """How many strokes a straight line through each row (axis 1) or column (axis 0) crosses."""
    begins = dark & ~np.roll(np.pad(dark, 1), 1, axis)[1:-1, 1:-1]
    return begins.sum(axis)


def _mean_of_some(counts: NDArray[np.intp]) -> float:
    """The mean of those that are not 0."""
    some = counts[counts > 0]
    return float(some.mean()) if len(some) else 0.0


def _likeness(digit: Raster, other: Raster, axis: int) -> float:
    """The correlation of two pictures of the same ink, one moved a little along an axis to where it is largest."""
    away, mirrored = digit - digit.mean(), other - other.mean()
    most = max(float((away * np.roll(mirrored, by, axis)).sum()) for by in range(-_MOVED, _MOVED + 1))
    return most / max(float((away**2).sum()), 1e-6)


def _figures(dark: NDArray[np.bool_]) -> int:
    """Parts that stand beside each other and are about as high as all of the ink."""
    parts = _parts(dark, diagonal=True)
    if not parts:
        return 1
    rows = max(part.bottom for part in parts) - min(part.top for part in parts)
    ink = sum(part.area for part in parts)
    count, right = 0, -1.0
    for part in parts:
        if part.bottom - part.top < _HIGH * rows or part.area < _MUCH * ink:
            continue
        if part.left >= right - _SHARED * (part.right - part.left):
            count += 1
        right = max(right, part.right)
    return max(count, 1)


def _valleys(digit: Raster, rows: int, columns: int) -> int:
    """Columns with little ink between such with much of it; 0 where the ink is no wider than one digit."""
    ink = digit.sum(0)
    ink = np.trim_zeros(np.where(ink > _INK, ink, 0))
    if columns <= _WIDE * rows:
        return 0
    return sum(
        ink[place] == ink[place - 2 : place + 3].min()
        and ink[place] < _VALLEY * min(ink[:place].max(), ink[place + 1 :].max())
        for place in range(3, len(ink) - 3)
    )


def _parts(mask: NDArray[np.bool_], diagonal: bool) -> list[Part]:
    """The connected pieces of a small mask, from left to right."""
    padded = np.pad(mask, 1)
    width = padded.shape[1]
    steps = [1, -1, width, -width, *([width + 1, width - 1, -width + 1, -width - 1] if diagonal else [])]
    left = set(np.flatnonzero(padded).tolist())
    found = []
    while left:
        reached = [left.pop()]
        piece = list(reached)
        while reached:
            place = reached.pop()
            near = [place + step for step in steps if place + step in left]
            left.difference_update(near)
            reached += near
            piece += near
        rows = [place // width - 1 for place in piece]
        columns = [place % width - 1 for place in piece]
        found.append(Part(min(rows), max(rows) + 1, min(columns), max(columns) + 1, len(piece)))
    return sorted(found, key=lambda part: (part.left, part.top))
