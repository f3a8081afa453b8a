"""The digit's parts among all that stands out from a paper: strokes of one pen that lie together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from capsdraw.ink.normalize import stroke_width
from capsdraw.ink.raster import Raster

Mask = NDArray[np.bool_]
Window = tuple[slice, slice]

# Of all that stands out, the largest so many pieces are looked at.
_MOST_PIECES = 80
# Who looks for one digit need not know of more others.
_MOST_DIGITS = 6
# A piece is made of strokes where they are so much narrower than it is large, and as large as so many of the widest
# discs that fit into them: blots at the corners of shadows are not.
_SLENDER, _DISCS = 0.4, 4.5
# Pens' strokes are as large as so many: what is less, as the rounded corner of a sheet on a desk, promises less.
_PEN_DISCS = 12.0
# Pieces of one digit: no further apart than this share of its size; so alike in strength and in width.
_TOGETHER, _AS_STRONG, _STRONGER, _AS_WIDE = 0.22, 0.45, 3.0, 0.33
# Another digit is at least so high, compared to the one beside it.
_AS_HIGH = 0.55
# Within a frame lies something at least so large, compared to it.
_FRAMED = 0.25


@dataclass(frozen=True, eq=False)
class Piece:
    """Ink that hangs together.

    Attributes:
        window: the rows and columns that it lies in; mask: its pixels within them.
        area: in pixels; width: of its strokes, pixels; thickest: the widest disc that fits into it, pixels across.
        strength: the contrast of its darker half.
        cut: whether it touches the picture's border.
    """

    window: Window
    mask: Mask
    area: int
    width: float
    thickest: float
    strength: float
    cut: bool

    @property
    def height(self) -> int:
        """Rows."""
        return self.mask.shape[0]

    @property
    def size(self) -> int:
        """Rows or columns, whichever are more."""
        return max(self.mask.shape)

    @property
    def slender(self) -> bool:
        """Whether it is made of strokes: narrow for its size, and much more than its widest disc."""
        return self.thickest < _SLENDER * self.size and self.discs > _DISCS

    @property
    def discs(self) -> float:
        """The widest discs that fit into it that are as large as it is."""
        return self.area / (np.pi / 4 * self.thickest**2)


def pieces(ink: Raster, dark: Mask) -> list[Piece]:
    """The pieces of `dark`, the largest first; `ink` says how strong they are."""
    labels, count = ndimage.label(dark, np.ones((3, 3), bool))
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    windows = ndimage.find_objects(labels)
    largest = 1 + np.argsort(areas[1:], kind="stable")[::-1][:_MOST_PIECES]
    return [_piece(ink, labels, windows[label - 1], label) for label in largest if areas[label] >= 4]


def _piece(ink: Raster, labels: NDArray[np.int32], window: Window, label: int) -> Piece:
    mask = labels[window] == label
    values = ink[window][mask]
    strength = float(np.quantile(values, 0.7))
    rows, columns = labels.shape
    cut = window[0].start == 0 or window[1].start == 0 or window[0].stop == rows or window[1].stop == columns
    padded = np.pad(mask, 1)
    thickest = 2.0 * float(ndimage.distance_transform_cdt(padded).max()) - 1
    return Piece(window, mask, len(values), stroke_width(padded.astype(np.float32)), thickest, strength, cut)


def without_frames(candidates: list[Piece]) -> tuple[list[Piece], int]:
    """The pieces without those that are drawn around others, and how many those were."""
    frames = [outer for outer in candidates if any(_frames(outer, inner) for inner in candidates if inner is not outer)]
    return [piece for piece in candidates if piece not in frames], len(frames)


def _frames(outer: Piece, inner: Piece) -> bool:
    around = all(
        out.start + outer.width / 2 < within.start and within.stop < out.stop - outer.width / 2
        for out, within in zip(outer.window, inner.window, strict=True)
    )
    if not around or not inner.slender or inner.height < _FRAMED * outer.height:
        return False
    if inner.strength < _AS_STRONG * outer.strength and not outer.cut:
        return False
    return not outer.mask[within(inner.window, outer.window)].any()


def digits(candidates: list[Piece], shape: tuple[int, int], in_row: float | None = None) -> list[list[Piece]]:
    """Pieces that belong together, the likeliest digit first; the others after it are as likely digits, or none.

    Args:
        candidates: without frames.
        shape: (rows, columns) of the picture.
        in_row: how high digits of a row are, of which none may be left out: all pieces are brought together then,
            blots too, and none because others already hang together over more than that.
    """
    left = sorted(candidates, key=promise_of, reverse=True)
    groups: list[list[Piece]] = []
    while left and (in_row or (left[0].slender | (not groups) and len(groups) < _MOST_DIGITS)):
        group = _gathered(left[0], left[1:], shape, in_row or np.inf)
        groups.append(group)
        left = [piece for piece in left if piece not in group]
    return groups


def promise_of(piece: Piece) -> float:
    """How likely a piece is a digit: more for long strokes of strong ink, less for blots and for what the border cuts.

    Ink that is lighter than its paper can have any contrast: more than 1 counts for nothing, else the corner of a
    sheet on a dark desk would promise more than what is written on the sheet.
    """
    length = piece.area / max(piece.width, 1)
    drawn = min(piece.discs / _PEN_DISCS, 1) if piece.slender else 0.05
    return length * min(piece.strength, 1) * drawn * (0.25 if piece.cut else 1)


def as_one(group: list[Piece]) -> Piece:
    """Pieces that belong together, as one piece."""
    if len(group) == 1:
        return group[0]
    window = union(group)
    mask = np.zeros([side.stop - side.start for side in window], bool)
    for piece in group:
        mask[within(piece.window, window)] |= piece.mask
    largest = max(group, key=lambda piece: piece.area)
    return Piece(
        window, mask, int(mask.sum()), largest.width, max(piece.thickest for piece in group), largest.strength,
        any(piece.cut for piece in group),
    )  # fmt: skip


def _gathered(first: Piece, others: list[Piece], shape: tuple[int, int], largest: float) -> list[Piece]:
    """`first`, and the pieces near it that the same pen drew."""
    group = [first]
    while True:
        window = union(group)
        size = min(max(side.stop - side.start for side in window), largest)
        reach = max(_TOGETHER * size, 1.5 * first.width, 4.0)
        place = grown(window, int(reach) + 1, shape)
        away = _distance(group, place)
        near = [
            piece
            for piece in others
            if piece not in group and _alike(first, piece) and _apart(away, place, piece) <= reach
            and not _another(group, window, piece, _apart(away, place, piece))
        ]  # fmt: skip
        if not near:
            return group
        group.append(max(near, key=lambda piece: piece.area))


def _alike(first: Piece, piece: Piece) -> bool:
    if not _AS_STRONG * first.strength <= piece.strength <= _STRONGER * first.strength:
        return False
    if piece.area < 0.6 * first.width**2:
        return False
    return _AS_WIDE * first.width <= piece.width <= first.width / _AS_WIDE


def _another(group: list[Piece], window: Window, piece: Piece, gap: float) -> bool:
    """Whether a piece near by is a digit of its own: as high as this one, and beside it or below it.

    The bow of a 3 in chalk that is broken is wider than high: no digit, and what lies below it is none beside one.
    """
    sizes = [side.stop - side.start for side in window]
    if max(sizes) < 4 * group[0].width or not comparable(window, piece.window) or gap < 1.2 * group[0].width:
        return False
    if not (upright(window) and upright(piece.window)):
        return False
    return any(
        _shared(mine, its) <= 0.15 * min(mine.stop - mine.start, its.stop - its.start)
        for mine, its in zip(window, piece.window, strict=True)
    )


def comparable(window: Window, other: Window) -> bool:
    """Whether two things are about as high."""
    heights = [place[0].stop - place[0].start for place in (window, other)]
    return min(heights) >= _AS_HIGH * max(heights)


def upright(window: Window) -> bool:
    """Whether it may be a digit, and not the bar of one."""
    rows, columns = (side.stop - side.start for side in window)
    return 2 * rows > columns


def _shared(one: slice, other: slice) -> int:
    return max(0, min(one.stop, other.stop) - max(one.start, other.start))


def union(group: list[Piece]) -> Window:
    """The rows and columns that the pieces lie in."""
    rows, columns = zip(*(piece.window for piece in group), strict=True)
    return (
        slice(min(side.start for side in rows), max(side.stop for side in rows)),
        slice(min(side.start for side in columns), max(side.stop for side in columns)),
    )


def grown(window: Window, by: int, shape: tuple[int, int]) -> Window:
    """The window and a margin around it, within the picture."""
    rows, columns = (
        slice(max(side.start - by, 0), min(side.stop + by, limit)) for side, limit in zip(window, shape, strict=True)
    )
    return rows, columns


def within(inner: Window, outer: Window) -> Window:
    """Where a window lies in another one that holds it."""
    rows, columns = (
        slice(side.start - around.start, side.stop - around.start) for side, around in zip(inner, outer, strict=True)
    )
    return rows, columns


def _distance(group: list[Piece], place: Window) -> Raster:
    free = np.ones([side.stop - side.start for side in place], bool)
    for piece in group:
        free[within(piece.window, place)] &= ~piece.mask
    return ndimage.distance_transform_edt(free).astype(np.float32)


def _apart(away: Raster, place: Window, piece: Piece) -> float:
    """The least distance between a group and a piece; infinite where it lies out of its reach."""
    rows, columns = (
        slice(max(its.start, side.start), min(its.stop, side.stop))
        for its, side in zip(piece.window, place, strict=True)
    )
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return float("inf")
    here = (rows, columns)
    values = away[within(here, place)][piece.mask[within(here, piece.window)]]
    return float(values.min()) if len(values) else float("inf")
