"""The row of digits in a picture's ink: pieces beside each other, cut where they are wide; for `ink.slices`."""

import numpy as np
from scipy import ndimage

from capsdraw.ink.parts import Mask, Piece, as_one, digits, grown, pieces, union, within
from capsdraw.ink.raster import Raster
from capsdraw.ink.slices import Patch, Row, Slice, cuts_of_piece, outline_of, row_of

# Ink of a piece is darker; what is lower than this share of the row is a speck, than that one no digit of its own.
_DARK, _SPECK, _DIGIT = 0.35, 0.12, 0.5
# A piece of the row lies within its height by this share of its own, no further away than so many heights, and is as
# wide as its strokes within these factors.
_LEVEL, _NEAR, _ALIKE = 0.5, 1.2, (0.4, 2.5)
# What is no larger than so many heights is a dot, and a digit's own or a point where it lies so near to the digits.
_DOT, _BESIDE = 0.25, 0.3
# One piece without a seam may be several digits where it is wider than so many heights.
_WIDE = 0.8
# Pixels around a piece in which its soft edge lies.
_EDGE = 2
# Chalk and pencil leave grains: so where less of the ink than this share is in pieces as high as a digit. Gaps of so
# many heights are closed then.
_WHOLE, _GAP = 0.9, 0.035

Window = tuple[slice, slice]


def row_in(ink: Raster, window: Window | None = None, beyond: bool = False) -> Row | None:
    """The row that a picture's ink makes; None where that is no wider than a digit, and in one piece.

    Args:
        ink: (rows, columns) float32 in [0, 1].
        window: rows and columns in which it lies; None: all of them.
        beyond: in the window lies but one of the row's digits, or some; others are its neighbours.
    """
    dark = ink > _DARK
    if not dark.any():
        return None
    candidates = _pieces(ink, dark, window)
    if window is not None:
        chosen = [piece for piece in candidates if _lies_in(piece, window)]
        candidates = _neighbours(candidates, chosen) if beyond and chosen else chosen
    chosen = candidates
    if not chosen:
        return None
    height = float(max(piece.height for piece in chosen))
    chosen = [piece for piece in chosen if piece.height >= _SPECK * height or piece.size >= 2 * _SPECK * height]
    chosen = _without_smudges(chosen, height, (ink.shape[0], ink.shape[1]))
    rows = union(chosen)[0]
    row = row_of([_slices(ink, piece, rows, height) for piece in chosen], height)
    left, _, right, _ = row.figure(0, len(row.slices) - 1).edges
    return row if len(row.slices) > 1 or right - left > _WIDE * height else None


def _without_smudges(chosen: list[Piece], height: float, shape: tuple[int, int]) -> list[Piece]:
    """All but dots so far from the digits' boxes that they are no part of any: the row would be as high as they are."""
    high = [piece for piece in chosen if piece.height >= _DIGIT * height]
    near = grown(union(high), round(_BESIDE * height), shape)
    return [piece for piece in chosen if piece.size > _DOT * height or _lies_in(piece, near)]


def _pieces(ink: Raster, dark: Mask, window: Window | None) -> list[Piece]:
    """The pieces of the ink; of what chalk and pencil leave, the grains that make one digit."""
    place = window or ndimage.find_objects(dark.astype(np.int8))[0]
    # Of the ink, not of the window: a canvas is higher than what is written on it.
    lines = np.flatnonzero(dark[place].any(1))
    if not len(lines):
        return []
    height = float(lines[-1] - lines[0] + 1)
    if _share_in_high(dark, place, height) >= _WHOLE:
        return pieces(ink, dark)
    # What stands above each other is higher than each: digits are as high as what closed gaps make of them.
    high = float(max(piece.height for piece in pieces(ink, _closed(dark, _GAP * height))))
    if _share_in_high(dark, place, high) >= _WHOLE:
        return pieces(ink, dark)
    whole = pieces(ink, _closed(dark, _GAP * high))
    return [as_one(group) for group in digits(whole, (ink.shape[0], ink.shape[1]), in_row=high)]


def _closed(dark: Mask, gap: float) -> Mask:
    """With gaps of so many pixels filled."""
    if gap < 1:
        return dark
    # By distances: what is nearer than half of the gap to ink, and then as far from what is not.
    near = ndimage.distance_transform_edt(~dark) <= gap / 2
    closed: Mask = ndimage.distance_transform_edt(near) > gap / 2
    return closed | dark


def _share_in_high(dark: Mask, place: Window, height: float) -> float:
    """How much of the ink there is in pieces that are about as high as a digit."""
    labels, _ = ndimage.label(dark[place], np.ones((3, 3), bool))
    high = [number for number, (rows, _) in enumerate(ndimage.find_objects(labels), 1)
            if rows.stop - rows.start >= _DIGIT * height]  # fmt: skip
    return float(np.isin(labels, high).sum() / max((labels > 0).sum(), 1))


def _neighbours(all_pieces: list[Piece], inside: list[Piece]) -> list[Piece]:
    """Those inside, and the pieces that go on from there in the same row, without a wide gap."""
    first = max(inside, key=lambda piece: piece.area)
    chosen = [piece for piece in inside if _is_alike(piece, first)]
    # What the border cuts may be a shadow's edge; lines of a pen are digits there, too: many crop a picture tightly.
    left = [piece for piece in all_pieces
            if piece not in inside and (piece.slender or not piece.cut) and _is_alike(piece, first)]  # fmt: skip
    while chosen:
        row = union(chosen)
        height = max(piece.height for piece in chosen)
        near = [piece for piece in left if _continues(piece, row, height)]
        if not near:
            break
        chosen += near
        left = [piece for piece in left if piece not in near]
    return chosen


def _is_alike(piece: Piece, first: Piece) -> bool:
    return _ALIKE[0] <= piece.width / first.width <= _ALIKE[1]


def _lies_in(piece: Piece, window: Window) -> bool:
    middles = [(side.start + side.stop) / 2 for side in piece.window]
    return all(side.start <= middle < side.stop for side, middle in zip(window, middles, strict=True))


def _continues(piece: Piece, row: Window, height: int) -> bool:
    lines, columns = piece.window
    level = min(lines.stop, row[0].stop) - max(lines.start, row[0].start)
    away = max(columns.start - row[1].stop, row[1].start - columns.stop)
    high = piece.height >= _DIGIT * height or (away <= 0 and piece.height >= _SPECK * height)
    return high and piece.height <= height / _DIGIT and level >= _LEVEL * piece.height and away <= _NEAR * height


def _slices(ink: Raster, piece: Piece, rows: slice, height: float) -> list[Slice]:
    """The piece, or what lies between its seams."""
    place = grown(piece.window, _EDGE, (ink.shape[0], ink.shape[1]))
    own = np.zeros([side.stop - side.start for side in place], bool)
    own[within(piece.window, place)] = piece.mask
    soft = ink[place] * ndimage.binary_dilation(own, iterations=_EDGE)
    inner = within(piece.window, place)
    cuts = cuts_of_piece(soft[inner], height)
    between = np.zeros(own.shape, np.intp)
    for path, _ in cuts:
        columns = np.pad(path, (inner[0].start, own.shape[0] - inner[0].stop), mode="edge") + inner[1].start
        between += np.arange(own.shape[1]) >= columns[:, None]
    crosses = [-1.0, *(crossed for _, crossed in cuts)]
    parts = [_slice(soft, own, between == number, crosses[number], place, rows) for number in range(len(crosses))]
    return [part for part in parts if part is not None]


def _slice(soft: Raster, own: Mask, part: Mask, crosses: float, place: Window, rows: slice) -> Slice | None:
    """What lies in that part of a piece; None where there is nothing."""
    mask = own & part
    if not mask.any():
        return None
    top, left = place[0].start, place[1].start
    down, across = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    edges = float(left + across[0]), float(top + down[0]), float(left + across[-1] + 1), float(top + down[-1] + 1)
    outline = outline_of(mask, left, top, float(rows.start), float(rows.stop - rows.start))
    return Slice(
        Patch((soft * part).astype(np.float32), left, top), edges, outline, None, max(crosses, 0.0), crosses >= 0
    )
