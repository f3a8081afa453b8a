"""The digit in a photograph: where it is, its ink, and whether that is doubtful."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from capsdraw.errors import CapsDrawError
from capsdraw.ink.contrast import Planes, contrast
from capsdraw.ink.found import BLOT, CUT_OFF, FAINT, SEVERAL, SHADOW, SMALL, UNCLEAR, WIDE, Found, box_of
from capsdraw.ink.lines import without_lines
from capsdraw.ink.parts import (
    Mask,
    Piece,
    Window,
    comparable,
    digits,
    grown,
    pieces,
    promise_of,
    union,
    upright,
    within,
    without_frames,
)
from capsdraw.ink.raster import Raster

# Ink stands out from the paper's noise by so many deviations, and by this share of the paper's lightness at least.
_DEVIATIONS, _LEAST = 5.0, 0.04
# What is fainter than this share of the strongest ink is not looked at where that already gives a digit.
_STRONG = 0.35
# So many pixels are as strong as the strongest ink: fewer are a glint.
_SOME = 60
# A digit is at least this share of the picture.
_SMALL = 0.035
# Ink of a drawing is darker than this.
_DRAWN = 0.2
# What lies beside a drawn digit, as a share of it: more is not left out.
_LEFT_OVER = 0.5
# Less ink of one polarity than this share of the other's is none.
_SOME_INK = 0.1
# Fainter than so many deviations of the paper, wider than so many heights: doubtful. So is a digit in the other
# polarity that promises nearly as much.
_CLEAR, _WIDE, _RIVAL = 8.0, 1.3, 0.7
# What is wide is no bar where it is so many strokes high.
_HIGHER_THAN_BARS = 5.0
# From this share of the digit's own contrast on there is ink, from that one on nothing but ink.
_NONE, _ALL = 0.25, 0.75


@dataclass(frozen=True, eq=False)
class Candidate:
    """A digit that may be meant.

    Attributes:
        strength: (rows, columns) float32, how far each pixel stands out towards this ink.
        group: its pieces; others: those of other digits that are about as large.
        noise: the paper's deviation; lines: how many were left out.
        promise: more for a likelier digit.
    """

    strength: Raster
    group: list[Piece]
    others: list[list[Piece]]
    noise: float
    lines: int
    promise: float

    @property
    def width(self) -> float:
        """Of the strokes, pixels."""
        return float(np.median([piece.width for piece in self.group]))


def in_photograph(pixels: Planes) -> Found:
    """The ink of a photograph, and the likeliest digit in it.

    Args:
        pixels: (rows, columns, 1 or 3) float32 in [0, 1].

    Raises:
        CapsDrawError: nothing stands out from the paper.
    """
    away, lost = contrast(pixels)
    signed = _along_ink(away)
    found = [candidate for sign in _signs(signed) if (candidate := _candidate(sign * signed)) is not None]
    if not found:
        raise CapsDrawError("the picture is blank: no ink stands out from the paper")
    found.sort(key=lambda candidate: -candidate.promise)
    best = found[0]
    window = grown(union(best.group), max(2, round(0.3 * best.width)), signed.shape)
    doubts = _doubts(best, signed.shape)
    if len(found) > 1 and found[1].promise > _RIVAL * best.promise:
        doubts.append(UNCLEAR)
    near = grown(window, round(0.25 * max(side.stop - side.start for side in window)), signed.shape)
    if lost is not None and float(lost[near].max()) > best.group[0].strength:
        doubts.append(SHADOW)
    others = tuple(box_of(union(other), signed.shape) for other in best.others)
    return Found(_ink(best, window), box_of(window, signed.shape), tuple(doubts), others)


def in_drawing(ink: Raster) -> Found:
    """The digit in a picture drawn on clean paper; where there is nothing but one, its ink is as it was.

    Args:
        ink: (rows, columns) float32 in [0, 1].
    """
    ruled, lines = without_lines(ink, _DRAWN)
    all_pieces = pieces(ruled, ruled > _DRAWN)
    candidates, _ = without_frames(all_pieces)
    groups = digits(candidates, ink.shape)
    if not groups:
        return Found(ink)
    group = groups[0]
    others = [other for other in groups[1:] if _is_another(group, other)]
    left = sum(piece.area for piece in candidates if piece not in group and not _is_speck(piece, group))
    alone = left <= _LEFT_OVER * sum(piece.area for piece in group)
    if len(group) == len(all_pieces) and not lines:
        return Found(ink, box_of(union(group), ink.shape))
    if not others and not alone:
        # Strokes that do not hang together are still what was drawn.
        return Found(ruled, box_of(union(candidates), ink.shape), (UNCLEAR,))
    window = union(group)
    ruled = ruled.copy()
    ruled[window] *= _near(group, window, 2)
    boxes = tuple(box_of(union(other), ink.shape) for other in others)
    return Found(ruled, box_of(window, ink.shape), (SEVERAL,) if others else (), boxes)


def _is_speck(piece: Piece, group: list[Piece]) -> bool:
    return piece.size < 2 * group[0].width


def _doubts(best: Candidate, shape: tuple[int, int]) -> list[str]:
    rows, columns = (side.stop - side.start for side in union(best.group))
    reasons = {
        SEVERAL: bool(best.others),
        FAINT: best.group[0].strength < _CLEAR * best.noise,
        CUT_OFF: any(piece.cut for piece in best.group),
        SMALL: max(rows, columns) < _SMALL * max(shape),
        WIDE: columns > _WIDE * rows,
        BLOT: not best.group[0].slender,
    }
    return [reason for reason, so in reasons.items() if so]


def _signs(signed: Raster) -> list[int]:
    """Where ink may be: −1 darker than the paper, 1 lighter; the one without much of it is passed over."""
    strong = signed[np.abs(signed) > max(_DEVIATIONS * _noise(signed), _LEAST)]
    much = {sign: float((np.minimum(sign * strong[sign * strong > 0], 1) ** 2).sum()) for sign in (-1, 1)}
    return [sign for sign in much if much[sign] >= _SOME_INK * max(much.values())]


def _noise(signed: Raster) -> float:
    return 1.4826 * float(np.median(np.abs(signed[::2, ::2])))


def _along_ink(away: Planes) -> Raster:
    """The contrast along the colour in which most stands out; positive is lighter."""
    if away.shape[2] == 1:
        flat = away[..., 0]
    else:
        size = np.sqrt((away**2).sum(2))
        strong = away[size > max(6 * float(np.median(size)), 2 * _LEAST)]
        if not len(strong):
            strong = away.reshape(-1, 3)
        # A single glint must not decide it.
        strong = strong / np.maximum(np.sqrt((strong**2).sum(1, keepdims=True)), 1)
        direction = np.linalg.eigh(strong.T.astype(np.float64) @ strong)[1][:, -1]
        flat = away @ (direction * (1 if direction.sum() >= 0 else -1)).astype(np.float32)
    return ndimage.gaussian_filter(flat, 0.8)


def _candidate(strength: Raster) -> Candidate | None:
    noise = _noise(strength)
    faint = max(_DEVIATIONS * noise, _LEAST)
    strength, lines = without_lines(strength, max(0.6 * faint, _LEAST))
    values = strength[strength > faint]
    if len(values) < _SOME // 6:
        return None
    top = float(np.partition(values, -min(_SOME, len(values)))[-min(_SOME, len(values))])
    for least in dict.fromkeys((max(faint, _STRONG * top), faint)):
        groups = digits(without_frames(pieces(strength, strength > least))[0], strength.shape)
        if groups and groups[0][0].slender and _size(groups[0]) >= _SMALL * max(strength.shape):
            break
    if not groups:
        return None
    group = groups[0]
    others = [other for other in groups[1:] if _is_another(group, other)]
    return Candidate(strength, group, others, noise, lines, sum(map(promise_of, group)))


def _size(group: list[Piece]) -> int:
    return max(side.stop - side.start for side in union(group))


def _is_another(group: list[Piece], other: list[Piece]) -> bool:
    mine, its = union(group), union(other)
    return (
        other[0].slender
        and not other[0].cut
        and comparable(mine, its)
        and _holds_digits(group)
        and _holds_digits(other)
        and other[0].strength >= 0.5 * group[0].strength
        and 0.4 <= other[0].width / group[0].width <= 2.5
    )


def _holds_digits(group: list[Piece]) -> bool:
    """Whether it may be a digit, or several that touch, and not the bar of one."""
    window = union(group)
    return upright(window) or window[0].stop - window[0].start >= _HIGHER_THAN_BARS * group[0].width


def _ink(candidate: Candidate, window: Window) -> Raster:
    """Ink in [0, 1] of the whole picture; within the digit's window there is nothing but the digit."""
    group, strength, width = candidate.group, candidate.strength, candidate.width
    # Grain of paper and chalk is finer than the strokes.
    smooth = ndimage.gaussian_filter(strength, min(0.12 * width, 3.0)) if width > 4 else strength
    values = np.concatenate([smooth[piece.window][piece.mask] for piece in group])
    full = float(np.median(values[values >= np.median(values)]))
    ink = np.clip((smooth / full - _NONE) / (_ALL - _NONE), 0, 1).astype(np.float32)
    ink[window] *= _near(group, window, max(2, round(0.3 * width)))
    return ink


def _near(group: list[Piece], window: Window, margin: int) -> Mask:
    """Within the window, the group's pixels and those around them."""
    own = np.zeros([side.stop - side.start for side in window], bool)
    for piece in group:
        own[within(piece.window, window)] |= piece.mask
    return ndimage.binary_dilation(own, iterations=margin)
