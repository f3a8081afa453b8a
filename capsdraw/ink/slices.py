"""Ink that may be several digits side by side, cut into slices from left to right: each belongs to one digit.

A slice is a stroke, or a piece of a picture's ink; one that is wide for its height is cut at its seams. A digit is one
or several slices in a row: which, only a reading can tell (`nets.side_by_side`). NumPy alone.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from capsdraw.ink.normalize import Digit, digit_from_drawing, digit_from_raster
from capsdraw.ink.raster import Raster, render
from capsdraw.ink.resampled import resampled
from capsdraw.ink.seams import Seam, crossed, seams
from capsdraw.ink.strokes import Drawing, Points, Stroke

# Left, top, right, bottom, in the unit of the ink.
Edges = tuple[float, float, float, float]

# Rows in which it is looked how near to each other slices come.
_ROWS = 16
# A stroke or piece is cut where it is wider than so many heights, and rows it is looked at with, and the pen there.
_WIDE_STROKE, _WIDE_PIECE, _FINE, _FINE_PEN = 0.8, 0.5, 40, 4.0
# Seams of a stroke and of a piece: so many for each height of its width, and this many at most.
_SEAMS_OF_STROKE, _SEAMS_OF_PIECE, _MOST_SEAMS = 2.0, 6.0, 12
# A digit has at most so many slices, is at most so wide and at least so high, in heights of the row, and has no such
# gap within; strokes over more heights than that stand above each other.
_MOST_SLICES, _WIDEST, _LOWEST, _GAP, _STACKED = 6, 1.8, 0.3, 0.5, 1.9
# What is lower than a digit belongs to what it comes so near to, in heights: the stroke before it, else the nearest.
_AFTER, _BESIDE = 0.15, 0.3
# More slices than that are a scribble.
_MOST = 40


@dataclass(frozen=True, eq=False)
class Patch:
    """Part of a picture's ink: (rows, columns) float32 in [0, 1], and where its first pixel lies."""

    ink: Raster
    left: int
    top: int


@dataclass(frozen=True, eq=False)
class Slice:
    """Ink that is not cut any further.

    Attributes:
        ink: strokes, or a patch of a picture.
        edges: of its ink.
        outline: (2, rows) where it begins and ends in each row of the whole; ∞ and −∞ where it is not.
        key: what it is known by as long as the strokes live that it comes from; None of a picture's.
        crossed: ink that the seam on its left crosses, in heights; 0 where there is no seam.
        seam: whether there is one.
    """

    ink: tuple[Stroke, ...] | Patch
    edges: Edges
    outline: NDArray[np.float64]
    key: Hashable = None
    crossed: float = 0.0
    seam: bool = False

    @property
    def middle(self) -> float:
        """Across."""
        return (self.edges[0] + self.edges[2]) / 2


@dataclass(frozen=True, eq=False)
class Figure:
    """Slices in a row that may be one digit.

    Attributes:
        first, last: of the slices, both of them its own.
        edges: of its ink.
        key: what it is known by; None where nothing is to be remembered of it.
    """

    first: int
    last: int
    edges: Edges
    key: Hashable


@dataclass(frozen=True, eq=False)
class Row:
    """Slices from left to right.

    Attributes:
        slices: those; height: of the highest, which is about a digit's.
        unit, origin: what a place in it is elsewhere: so many units, from there on.
        strokes: that it was made of; figures are known by them as long as they live, and so they do as long as it does.
    """

    slices: tuple[Slice, ...]
    height: float
    unit: float = 1.0
    origin: tuple[float, float] = (0.0, 0.0)
    strokes: tuple[Stroke, ...] = ()

    @cached_property
    def gaps(self) -> NDArray[np.float64]:
        """(2, slices + 1) before each slice and after the last, in heights: between outlines, and between edges.

        Negative where what lies left and right of it overlap; at the ends as wide as a gap counts.
        """
        gaps = np.full((2, len(self.slices) + 1), _GAP)
        for place in range(1, len(self.slices)):
            before, after = self.slices[:place], self.slices[place:]
            ends = np.max([each.outline[1] for each in before], 0)
            begins = np.min([each.outline[0] for each in after], 0)
            edges = min(each.edges[0] for each in after) - max(each.edges[2] for each in before)
            shared = np.isfinite(ends) & np.isfinite(begins)
            nearest = float((begins - ends)[shared].min()) if shared.any() else edges
            gaps[:, place] = nearest / self.height, edges / self.height
        clipped: NDArray[np.float64] = gaps.clip(-_GAP, _GAP)
        return clipped

    @property
    def has_slices(self) -> bool:
        """Whether it can be told apart by slices: there are several, and not so many as of a scribble."""
        return 1 < len(self.slices) <= _MOST

    @cached_property
    def ink(self) -> Patch | None:
        """All of it, where it is a picture's."""
        together = _ink([each.ink for each in self.slices])
        return together if isinstance(together, Patch) else None

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """All that may be one digit; what is far too wide for that, is low, or has a wide gap, is not among them."""
        last = len(self.slices)
        return tuple(
            self.figure(first, end)
            for first in range(last)
            for end in range(first, last)
            if self._may_be_one(first, end)
        )

    def figure(self, first: int, last: int) -> Figure:
        """The slices from `first` to `last`."""
        own = self.slices[first : last + 1]
        keys = tuple(each.key for each in own)
        lefts, tops, rights, bottoms = zip(*(each.edges for each in own), strict=True)
        edges = min(lefts), min(tops), max(rights), max(bottoms)
        return Figure(first, last, edges, None if None in keys else keys)

    def placed(self, figure: Figure) -> Edges:
        """Where its ink lies, in units of elsewhere; a stroke's as wide as its pen."""
        own = [each.ink for each in self.slices[figure.first : figure.last + 1]]
        widths = [stroke.width or 0.0 for ink in own if isinstance(ink, tuple) for stroke in ink]
        return self.elsewhere(figure.edges, max(widths, default=0.0) / 2)

    def elsewhere(self, edges: Edges, pen: float = 0.0) -> Edges:
        """Edges in units of elsewhere, with half a pen's width around them."""
        (left, top, right, bottom), (x, y) = edges, self.origin
        return (
            x + self.unit * (left - pen), y + self.unit * (top - pen),
            x + self.unit * (right + pen), y + self.unit * (bottom + pen),
        )  # fmt: skip

    def digit(self, figure: Figure) -> Digit:
        """What a net sees of it: (28, 28) float32 in [0, 1]; raises CapsDrawError where there is no ink."""
        own = [each.ink for each in self.slices[figure.first : figure.last + 1]]
        together = _ink(own)
        return digit_from_raster(together.ink) if isinstance(together, Patch) else digit_from_drawing(Drawing(together))

    def _may_be_one(self, first: int, last: int) -> bool:
        if last - first >= _MOST_SLICES or (self.gaps[0, first + 1 : last + 1] >= _GAP).any():
            return False
        left, top, right, bottom = self.figure(first, last).edges
        return right - left <= _WIDEST * self.height and bottom - top >= _LOWEST * self.height


# Of strokes by their `id`: each stroke, the place of the row that it was cut for, and its slices.
CutStrokes = dict[int, tuple[Stroke, tuple[float, float, float], list[Slice]]]


def of_strokes(drawing: Drawing, known: CutStrokes | None = None) -> Row | None:
    """The slices of a drawing; None where nothing of it lies side by side.

    That is one stroke no wider than a digit, strokes above each other, those of two inks, and a scribble of many.

    Args:
        drawing: of which all strokes but one are often the same as a moment ago.
        known: how strokes were cut the last time, which is not done again; the strokes of now take their place.
    """
    height = max((each.box[3] - each.box[1] for each in drawing.strokes), default=0.0)
    if height <= 0 or any(stroke.ink for stroke in drawing.strokes):
        return None
    _, tops, _, bottoms = zip(*(each.box for each in drawing.strokes), strict=True)
    if max(bottoms) - min(tops) > _STACKED * height or len(drawing.strokes) > _MOST:
        return None
    top, whole = min(tops), max(bottoms) - min(tops)
    place, known = (height, top, whole), {} if known is None else known
    cut: CutStrokes = {}
    for stroke in drawing.strokes:
        before = known.get(id(stroke))
        same = before is not None and before[0] is stroke and before[1] == place
        cut[id(stroke)] = before if before is not None and same else (stroke, place, _slices(stroke, *place))
    known.clear()
    known.update(cut)
    row = row_of([cut[id(stroke)][2] for stroke in drawing.strokes], height)
    return replace(row, strokes=drawing.strokes) if row.has_slices else None


def _slices(stroke: Stroke, height: float, top: float, whole: float) -> list[Slice]:
    # A stroke is cut otherwise in a row of another height.
    return [
        Slice(parts, _edges(parts), _outline(parts, top, whole), (id(stroke), number, height), max(crosses, 0.0),
              crosses >= 0)
        for number, (parts, crosses) in enumerate(_cut_stroke(stroke, height))
    ]  # fmt: skip


def row_of(cut: Sequence[Sequence[Slice]], height: float) -> Row:
    """The row of some slices.

    A bar of a digit may reach further than the next digit's middle: what is too low for a digit is joined before.

    Args:
        cut: those of each stroke or piece, in the order in which these were made.
        height: of the row.
    """
    return Row(tuple(_joined(cut, height)), height)


def _joined(cut: Sequence[Sequence[Slice]], height: float) -> list[Slice]:
    """The slices from left to right; bars and dots, one slice each, together with what they belong to."""
    low = [len(own) == 1 and own[0].edges[3] - own[0].edges[1] < _LOWEST * height for own in cut]
    every = [each for own, bar in zip(cut, low, strict=True) if not bar for each in own]
    joined: dict[int, list[Slice]] = {}
    alone = []
    for number in [place for place, bar in enumerate(low) if bar]:
        bar = cut[number][0]
        away = [_apart(bar, each) / height for each in every]
        before = [place for place, each in enumerate(every) if number and each is cut[number - 1][-1]]
        near = [place for place in before if away[place] <= _AFTER] or [
            place for place in range(len(every)) if away[place] == min(away) <= _BESIDE
        ]
        if near:
            joined.setdefault(near[0], []).append(bar)
        else:
            alone.append(bar)
    placed = [*((each, joined.get(place, [])) for place, each in enumerate(every)), *((bar, []) for bar in alone)]
    # A digit stands where it stands without its bar.
    return [_one([each, *bars]) for each, bars in sorted(placed, key=lambda entry: entry[0].middle)]


def _one(parts: list[Slice]) -> Slice:
    """The first slice with all that belongs to it."""
    if len(parts) == 1:
        return parts[0]
    lefts, tops, rights, bottoms = zip(*(part.edges for part in parts), strict=True)
    outlines = np.stack([part.outline for part in parts])
    keys = tuple(part.key for part in parts)
    return replace(
        parts[0],
        ink=_ink([part.ink for part in parts]),
        edges=(min(lefts), min(tops), max(rights), max(bottoms)),
        outline=np.stack([outlines[:, 0].min(0), outlines[:, 1].max(0)]),
        key=None if None in keys else keys,
    )


def _ink(inks: Sequence[tuple[Stroke, ...] | Patch]) -> tuple[Stroke, ...] | Patch:
    strokes = tuple(stroke for ink in inks if isinstance(ink, tuple) for stroke in ink)
    return strokes or _together([ink for ink in inks if isinstance(ink, Patch)])


def _apart(first: Slice, second: Slice) -> float:
    """How near two slices come: strokes by their points, patches by their boxes."""
    if isinstance(first.ink, Patch) or isinstance(second.ink, Patch):
        across = max(first.edges[0] - second.edges[2], second.edges[0] - first.edges[2], 0)
        return float(np.hypot(across, max(first.edges[1] - second.edges[3], second.edges[1] - first.edges[3], 0)))
    points, others = (np.concatenate([stroke.points for stroke in ink]) for ink in (first.ink, second.ink))
    return float(np.sqrt(((points[:, None] - others[None]) ** 2).sum(2).min()))


def cuts_of_piece(ink: Raster, height: float) -> list[tuple[Seam, float]]:
    """Where a piece of a picture's ink, cropped to its box, may be cut, in its own pixels, and the ink crossed there.

    Args:
        ink: (rows, columns) float32 in [0, 1].
        height: of the row, pixels.
    """
    if ink.shape[1] <= _WIDE_PIECE * height:
        return []
    step = max(ink.shape[0] // _FINE, 1)
    rows, columns = (side // step * step for side in ink.shape)
    small = ink[:rows, :columns].reshape(rows // step, step, columns // step, step).mean((1, 3))
    found = seams(small, min(round(_SEAMS_OF_PIECE * ink.shape[1] / height), _MOST_SEAMS))
    place = np.minimum(np.arange(ink.shape[0]) // step, len(small) - 1)
    return [(seam[place] * step, crossed(small, seam) * step / height) for seam in found]


def outline_of(mask: NDArray[np.bool_], left: int, top: int, row_top: float, whole: float) -> NDArray[np.float64]:
    """The outline of a mask whose first pixel lies there; its rows go from `row_top` over `whole` pixels."""
    rows, columns = np.nonzero(mask)
    return _outline_of_points(np.stack([columns + left + 0.5, rows + top + 0.5], axis=1), row_top, whole)


def _cut_stroke(stroke: Stroke, height: float) -> list[tuple[tuple[Stroke, ...], float]]:
    """The stroke, or its parts between seams, each with the ink that the seam on its left crosses; −1: no seam."""
    left, top, right, bottom = stroke.box
    if right - left <= _WIDE_STROKE * height or bottom - top < _LOWEST * height:
        return [((stroke,), -1.0)]
    scale = _FINE / height
    rows, columns = (int(np.ceil(side * scale + _FINE_PEN)) for side in (bottom - top, right - left))
    points, pressure = resampled(stroke, height / 100)
    small = (points - (left, top)) * scale + _FINE_PEN / 2
    ink = render(Drawing((Stroke(small),)), (rows, columns), _FINE_PEN)
    found = seams(ink, min(round(_SEAMS_OF_STROKE * (right - left) / height), _MOST_SEAMS))
    if not found:
        return [((stroke,), -1.0)]
    row = small[:, 1].astype(np.intp).clip(0, rows - 1)
    between = np.sum([small[:, 0] >= seam[row] for seam in found], 0)
    begins = np.flatnonzero(np.diff(between, prepend=-1))
    parts: dict[int, list[Stroke]] = {}
    for begin, end in zip(begins, [*begins[1:], len(between)], strict=True):
        part = Stroke(points[begin:end], stroke.width, None if pressure is None else pressure[begin:end], stroke.ink)
        parts.setdefault(int(between[begin]), []).append(part)
    crosses = [-1.0, *(crossed(ink, seam) / _FINE for seam in found)]
    return [(tuple(parts[number]), crosses[number]) for number in sorted(parts)]


def _edges(strokes: Sequence[Stroke]) -> Edges:
    lefts, tops, rights, bottoms = zip(*(stroke.box for stroke in strokes), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _outline(strokes: Sequence[Stroke], top: float, whole: float) -> NDArray[np.float64]:
    """(2, _ROWS): where strokes begin and end in each row of the whole."""
    return _outline_of_points(
        np.concatenate([resampled(stroke, whole / (2 * _ROWS))[0] for stroke in strokes]), top, whole
    )


def _outline_of_points(points: Points, top: float, whole: float) -> NDArray[np.float64]:
    rows = ((points[:, 1] - top) / whole * _ROWS).astype(np.intp).clip(0, _ROWS - 1)
    outline = np.stack([np.full(_ROWS, np.inf), np.full(_ROWS, -np.inf)])
    np.minimum.at(outline[0], rows, points[:, 0])
    np.maximum.at(outline[1], rows, points[:, 0])
    return outline


def _together(patches: Sequence[Patch]) -> Patch:
    """The ink of some patches, in the smallest one that holds them."""
    left, top = min(patch.left for patch in patches), min(patch.top for patch in patches)
    right = max(patch.left + patch.ink.shape[1] for patch in patches)
    bottom = max(patch.top + patch.ink.shape[0] for patch in patches)
    together = np.zeros((bottom - top, right - left), np.float32)
    for patch in patches:
        rows, columns = patch.ink.shape
        place = together[patch.top - top :, patch.left - left :][:rows, :columns]
        np.maximum(place, patch.ink, out=place)
    return Patch(together, left, top)
