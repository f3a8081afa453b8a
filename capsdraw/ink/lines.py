"""Ruling, squares and margins: thin straight lines that cross a picture are no ink."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from capsdraw.ink.raster import Raster

Mask = NDArray[np.bool_]

# Shares of the picture's longest side: the thickest line, and the shortest piece that counts as straight.
_THICK, _PIECE = 0.009, 0.09
# So much of such a piece is dark.
_DENSE = 0.75
# Ink so much stronger than a line is a stroke.
_STRONGER = 2.0
# Lines are looked for on a copy of about so many pixels a side.
_LOOKED_AT = 512
# Slopes that are tried, and the step between them: pages lie askew.
_STEEPEST, _STEP = 0.14, 0.02
# A line crosses so much of the picture; fewer than `_FEW` must cross nearly all of it.
_CROSSES, _ALL, _FEW = 0.45, 0.8, 3


@dataclass(frozen=True)
class _Line:
    """y = polynomial of x, from x `first` to `last`, the end excluded; as thick as `thick`."""

    curve: NDArray[np.float64]
    first: int
    last: int
    thick: float


def without_lines(ink: Raster, faint: float) -> tuple[Raster, int]:
    """The ink without lines that cross the picture, nearly level or upright; strokes that they cross stay whole.

    Args:
        ink: (rows, columns) float32, paper is 0.
        faint: what is fainter is paper.

    Returns:
        The ink, and how many lines were left out of it.
    """
    count = 0
    for upright in (False, True):
        turned = ink.T if upright else ink
        lines = _lines(turned, faint)
        if not _are_ruling(turned, lines, faint):
            continue
        count += len(lines)
        turned = turned.copy()
        for line in lines:
            _erase(turned, line)
        ink = np.ascontiguousarray(turned.T) if upright else turned
    return ink, count


def _lines(ink: Raster, faint: float) -> list[_Line]:
    """All nearly level lines that are thin and straight enough."""
    pool = max(1, round(max(ink.shape) / _LOOKED_AT))
    if min(ink.shape) < 2 * pool:
        return []  # of so thin a strip nothing would be left
    small = _pooled(ink, pool)
    thickest = max(2, round(_THICK * max(small.shape)))
    # A line of one pixel has faded.
    dark = small > faint * (0.7 if pool > 1 else 1)
    # Only what is thin from above to below.
    bytes_ = dark.view(np.uint8)
    opened = ndimage.maximum_filter1d(ndimage.minimum_filter1d(bytes_, thickest + 1, axis=0), thickest + 1, axis=0)
    thin = dark & (ndimage.maximum_filter1d(opened, 3, axis=0) == 0)
    if thin.mean() < 1e-3:
        return []
    labels, _ = ndimage.label(ndimage.binary_dilation(_straight(thin), np.ones((1, 9), bool)), np.ones((3, 3)))
    lines = []
    for index, place in enumerate(ndimage.find_objects(labels), 1):
        if place[1].stop - place[1].start >= _CROSSES * small.shape[1]:
            y, x = np.nonzero((labels[place] == index) & thin[place])
            line = _line(x + place[1].start, y + place[0].start, thickest, pool)
            lines += [line] if line is not None else []
    return lines


def _line(x: NDArray[np.int64], y: NDArray[np.int64], thickest: int, pool: int) -> _Line | None:
    """The line through these pixels of a picture that was made `pool` times smaller; None where they lie on none."""
    if len(x) < 10:
        return None
    curve = np.polyfit((x + 0.5) * pool, (y + 0.5) * pool, 2)
    away = np.abs((y + 0.5) * pool - np.polyval(curve, (x + 0.5) * pool)) / pool
    if np.quantile(away, 0.9) > thickest:
        return None
    thick = pool * np.count_nonzero(away <= thickest) / len(np.unique(x))
    return _Line(curve, int(x.min()) * pool, int(x.max() + 1) * pool, float(thick))


def _pooled(ink: Raster, pool: int, how: Callable[..., Raster] = np.mean) -> Raster:
    """Blocks of `pool` × `pool` pixels as one; what is left over at the end is left out."""
    rows, columns = (side // pool for side in ink.shape)
    return how(ink[: rows * pool, : columns * pool].reshape(rows, pool, columns, pool), axis=(1, 3))


def _straight(thin: Mask) -> Mask:
    """Where a straight piece runs, at any of the slopes."""
    coarse = _pooled(thin.astype(np.float32), 2, np.max)
    rows, columns = coarse.shape
    piece = max(9, round(_PIECE * max(rows, columns)))
    margin = int(np.ceil(_STEEPEST * columns / 2)) + 1
    padded = np.pad(coarse, ((margin, margin), (0, 0)))
    dense = np.zeros(padded.shape, bool)
    places, row = np.arange(columns), np.arange(rows + 2 * margin)[:, None]
    for slope in np.arange(-_STEEPEST, _STEEPEST + _STEP / 2, _STEP):
        shift = np.rint(slope * (places - columns / 2)).astype(np.int64)
        sheared = padded[(row + shift) % len(padded), places]
        # A slope between two that are tried strays by a pixel.
        sheared = ndimage.maximum_filter1d(sheared, 3, axis=0)
        along = ndimage.uniform_filter1d(sheared, piece, axis=1, mode="nearest") > _DENSE
        if along.any():
            dense |= along[(row - shift) % len(padded), places]
    fine = dense[margin:-margin].repeat(2, 0).repeat(2, 1)
    straight = np.zeros_like(thin)
    straight[: fine.shape[0], : fine.shape[1]] = fine
    return straight & (ndimage.maximum_filter1d(thin.view(np.uint8), 3, axis=0) > 0)


def _are_ruling(ink: Raster, lines: list[_Line], faint: float) -> bool:
    """Whether lines are the paper's; one or two might be a digit's own."""
    if len(lines) >= _FEW:
        return True
    if not lines or any(line.last - line.first < _ALL * ink.shape[1] for line in lines):
        return False
    # Strokes much thicker than the lines are left.
    thick = round(1.5 * max(line.thick for line in lines)) + 1
    return bool(ndimage.binary_erosion(ink > faint, np.ones((thick, thick), bool)).sum() > thick**2)


def _erase(ink: Raster, line: _Line) -> None:
    """Within the line's band keep only what is thicker than it: the strokes across it."""
    rows, columns = ink.shape
    whole = line.last - line.first >= _ALL * columns
    first, last = (0, columns) if whole else (line.first, min(line.last, columns))
    x = np.arange(first, last) + 0.5
    middle = np.polyval(line.curve, x)
    reach = int(np.ceil(line.thick / 2 + 2))
    size = 2 * reach + 1
    top = max(int(middle.min()) - 3 * size, 0)
    bottom = min(int(middle.max()) + 3 * size, rows)
    if top >= bottom:
        return
    strip = ink[top:bottom, first:last]
    away = np.abs(np.arange(top, bottom)[:, None] + 0.5 - middle)
    strength = float(np.median(strip[away < max(line.thick / 2, 1)]))
    kept = ndimage.grey_opening(strip, (size, 1))
    band = (away <= reach) & (strip < _STRONGER * strength)
    strip[band] = kept[band]
