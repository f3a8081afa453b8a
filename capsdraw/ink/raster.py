"""Strokes to a grey raster: exact anti-aliased coverage, at sub-pixel positions."""

import itertools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from capsdraw.ink.strokes import Drawing

Raster = NDArray[np.float32]

# Pixels. Pen samples nearer than this add nothing that a pixel could show ...
_THIN = 0.15
# ... and longer pieces are cut, so that each touches few pixels.
_PIECE = 0.75
# Pieces drawn at once: bounds the memory that an endless scribble takes.
_CHUNK = 4096
# Of rasters of at most so many pixels a side, cells of a pixel in which pieces are told apart by what they can add.
_SMALL, _CELLS = 64, 4


def from_bytes(pixels: ArrayLike) -> Raster:
    """Bytes, 0 to 255, as float32 in [0, 1]; the same shape."""
    return np.divide(pixels, 255, dtype=np.float32)


def render(drawing: Drawing, shape: tuple[int, int], default_width: float) -> Raster:
    """Grey raster of a drawing whose points are in pixels, as wide as the pen drew it.

    Args:
        drawing: points in pixels; (0, 0) is the upper left corner of the first pixel.
        shape: (rows, columns).
        default_width: pixels, for strokes that know no width.

    Returns:
        `shape` float32 in [0, 1], 1 where the ink covers the pixel.
    """
    raster = np.zeros(shape, np.float32)
    for stroke in drawing.strokes:
        draw_line(raster, stroke.points, stroke.widths(default_width))
    return raster


def draw_line(raster: Raster, points: NDArray[np.float64], widths: NDArray[np.float64]) -> None:
    """Draw one polyline with round ends and joints into `raster`, in place.

    A pixel's ink is `clip(w/2 - d + 1/2, 0, 1)`, d the distance from its centre to the line:
    area coverage by a straight edge, to within a few per cent, at any sub-pixel position.

    Args:
        raster: (rows, columns) float32 in [0, 1].
        points: (N, 2), pixels, N ≥ 1.
        widths: (N,), pixels.
    """
    start, end, radius = _pieces(points, widths / 2)
    # An endless scribble lies over itself: what an even sample of it has inked takes nothing from most other pieces.
    sample = max(1, -(-len(start) // _CHUNK))
    pieces, left = np.arange(0, len(start), sample), np.flatnonzero(np.arange(len(start)) % sample)
    while len(pieces):
        _draw_pieces(raster, start[pieces], end[pieces], radius[pieces])
        left = left[_may_add(raster, (start[left] + end[left]) / 2, float(radius.max()))] if len(left) else left
        pieces, left = left[:_CHUNK], left[_CHUNK:]


def adds_up(points: NDArray[np.float64]) -> bool:
    """Whether a line through these points, pixels, is what its parts make when each is drawn by itself."""
    # Nearer ones are passed over, and which these are depends on the line's beginning.
    return bool((np.hypot(*np.diff(points, axis=0).T) >= 2 * _THIN).all())


def _draw_pieces(
    raster: Raster, start: NDArray[np.float64], end: NDArray[np.float64], radius: NDArray[np.float64]
) -> None:
    # The outermost pixel whose centre has ink: half a pixel beyond the radius, from a middle that is half a pixel away.
    reach = int(np.ceil(radius.max() + _PIECE / 2))
    # A little square of pixels around the middle of each piece: (pieces, side, side).
    offsets = np.arange(-reach, reach + 1)
    middle = np.floor((start + end) / 2).astype(np.int64)
    columns = middle[:, 0, None] + offsets
    rows = middle[:, 1, None] + offsets
    distance = _distance(start, end, np.add(columns, 0.5), np.add(rows, 0.5))
    ink = np.clip(radius[:, None, None] - distance + 0.5, 0, 1).astype(np.float32)
    height, width = raster.shape
    inside = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    inside &= ink > 0
    where = (rows[:, :, None] * width + columns[:, None, :])[inside]
    np.maximum.at(raster.reshape(-1), where, ink[inside])


def _may_add(raster: Raster, middle: NDArray[np.float64], radius: float) -> NDArray[np.bool_]:
    """Of pieces with these middles (P, 2) and at most that radius, those that may bring ink where there is less."""
    height, width = raster.shape
    fine = _CELLS if max(raster.shape) <= _SMALL else 1
    table = _wanting(raster, radius, fine) if fine > 1 else _unfinished(raster, radius)
    column, row = np.floor(middle * fine).astype(np.int64).T
    inside = (row >= 0) & (row < height * fine) & (column >= 0) & (column < width * fine)
    may: NDArray[np.bool_] = ~inside | table[np.where(inside, row, 0), np.where(inside, column, 0)]
    return may


def _unfinished(raster: Raster, radius: float) -> NDArray[np.bool_]:
    """Whether a piece in that pixel reaches one that is not all ink: (rows, columns)."""
    reach = int(np.ceil(radius + _PIECE / 2)) + 1
    missing = np.pad(np.pad(raster < 1, reach).astype(np.int32).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    side = 2 * reach + 1
    counts = missing[side:, side:] - missing[:-side, side:] - missing[side:, :-side] + missing[:-side, :-side]
    return counts > 0


def _wanting(raster: Raster, radius: float, fine: int) -> NDArray[np.bool_]:
    """As `_unfinished`, for each of fine × fine cells of a pixel, and by how much ink a piece there can bring."""
    height, width = raster.shape
    slack = np.hypot(0.5, 0.5) / fine + _PIECE / 2 + 1e-6
    reach = int(np.ceil(radius + 0.5 + slack))
    padded = np.pad(raster, reach, constant_values=1)
    table = np.zeros((height, fine, width, fine), bool)
    places = [(cell + 0.5) / fine for cell in range(fine)]
    for down, across in itertools.product(range(-reach, reach + 1), repeat=2):
        seen = padded[reach + down : reach + down + height, reach + across : reach + across + width]
        for (i, y), (j, x) in itertools.product(enumerate(places), repeat=2):
            most = min(radius + 0.5 - max(np.hypot(across + 0.5 - x, down + 0.5 - y) - slack, 0.0), 1.0)
            if most > 0:
                table[:, i, :, j] |= seen < most
    return table.reshape(height * fine, width * fine)


def _distance(
    start: NDArray[np.float64], end: NDArray[np.float64], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Distance from (x_c, y_r) to each piece: (pieces, rows, columns)."""
    along = end - start
    squared = np.maximum((along**2).sum(1), 1e-12)
    dx = x - start[:, 0, None]  # (pieces, columns)
    dy = y - start[:, 1, None]  # (pieces, rows)
    toward = along / squared[:, None]
    share = np.clip(dx[:, None, :] * toward[:, 0, None, None] + dy[:, :, None] * toward[:, 1, None, None], 0, 1)
    return np.hypot(
        dx[:, None, :] - share * along[:, 0, None, None],
        dy[:, :, None] - share * along[:, 1, None, None],
    )


def _pieces(
    points: NDArray[np.float64], radii: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The polyline as short pieces: start (P, 2), end (P, 2), radius (P,)."""
    line = np.column_stack([points, radii])
    steps = np.hypot(*np.diff(points, axis=0).T)
    # One sample for each `_THIN` of the way, the last one always.
    bins = np.floor(np.concatenate([[0.0], np.cumsum(steps)]) / _THIN)
    keep = np.ones(len(line), bool)
    keep[1:-1] = np.diff(bins)[:-1] > 0
    line = line[keep]
    if len(line) == 1:
        line = np.repeat(line, 2, axis=0)
    lengths = np.hypot(*np.diff(line[:, :2], axis=0).T)
    counts = np.maximum(np.ceil(lengths / _PIECE).astype(np.int64), 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    index = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    step = np.diff(line, axis=0)[owner] / counts[owner, None]
    start = line[owner] + step * index[:, None]
    end = start + step
    return start[:, :2], end[:, :2], (start[:, 2] + end[:, 2]) / 2
