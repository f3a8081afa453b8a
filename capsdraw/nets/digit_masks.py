"""Which ink of a row belongs to which digit, where digits touch in a picture: masks by a small net of its own.

A seam cuts ink in two. Where a 1 stands on an 8's edge, that line is both digits', and what is left of the 8 is a 3.
This net looks at windows along the row, and says of each whether a digit is in its middle, and which ink is that
digit's: what two digits share, both masks have. It knows digits, not which they are: the net that was chosen reads
them. Made by `python -m training.mask_net`. No Keras here.
"""

import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from capsdraw.ink.normalize import has_ink
from capsdraw.ink.raster import Raster
from capsdraw.ink.slices import Patch
from capsdraw.nets.litert import LiteRT
from capsdraw.paths import resource

FILE: Final = "digit-masks.tflite"
# Rows and columns of a window, and rows of it that the ink takes.
WINDOW: Final = (28, 40)
HEIGHT: Final = 20
# Columns from one window to the next; a row with more of them than that is not looked through.
_STEP, _MOST_COLUMNS = 2, 400
# Two masks are of one digit where they share so much of what both have. One that adds less ink than that share of its
# own to what more certain ones have is none; nor is one of less ink than so many full pixels.
_SAME, _NEW = 0.45, 0.35
_LEAST_INK = 2.0
_DARK = 0.35

Masks = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class MaskedDigit:
    """One digit's ink.

    Attributes:
        ink: its own, in pixels of what was looked through.
        centred: how certain it is that a digit is in that window's middle, in logarithms of odds.
        shared: the largest share of its ink that is another's, too.
    """

    ink: Patch
    centred: float
    shared: float


class FoundDigits(NamedTuple):
    """A row's digits from left to right, and the share of its ink that is theirs."""

    digits: list[MaskedDigit]
    covered: float


class DigitMasks:
    """The net, for any thread."""

    def __init__(self, content: bytes) -> None:
        """Load it; raises as `LiteRT` does, and ValueError where it is another net."""
        self._net = LiteRT(content)
        self._lock = threading.Lock()
        if self._net.takes != (*WINDOW, 1) or self._net.gives != [(1,), (*WINDOW, 1)]:
            raise ValueError(f"this net takes {self._net.takes} and gives {self._net.gives}")

    def can_look_through(self, ink: Raster) -> bool:
        """Whether a row is no longer than `found` bears: some twenty times as wide as high."""
        return ink.shape[1] * HEIGHT <= _MOST_COLUMNS * ink.shape[0]

    def found(self, ink: Raster) -> FoundDigits:
        """The digits of a row; none of one that is very long.

        Args:
            ink: (rows, columns) float32 in [0, 1], cropped to its box.
        """
        if not self.can_look_through(ink) or not ink.any():
            return FoundDigits([], 0.0)
        small = _shrunk(ink)
        rows, columns = small.shape
        top, margin = (WINDOW[0] - rows) // 2, WINDOW[1]
        plane = np.zeros((WINDOW[0], columns + 2 * margin), np.float32)
        plane[top : top + rows, margin : margin + columns] = small
        lefts = np.arange(1, columns, _STEP) + margin - WINDOW[1] // 2
        centred, masks = self._looked_at(plane, lefts)
        patches = {
            place: _patch(ink, masks[place][top : top + rows, margin : margin + columns])
            for place in _apart(plane, centred, masks)
        }
        # A mask that is pale everywhere, as on smudges, leaves nothing that could be read.
        chosen = [place for place, patch in patches.items() if has_ink(patch.ink)]
        soft = masks[chosen] * plane
        order = np.argsort([(own.sum(0) * np.arange(own.shape[1])).sum() / own.sum() for own in soft])
        shared = _shared(soft)
        own = [MaskedDigit(patches[chosen[k]], float(centred[chosen[k]]), float(shared[k])) for k in order]
        covered = np.minimum(soft.sum(0), plane).sum() / plane.sum() if len(soft) else 0.0
        return FoundDigits(own, float(covered))

    def look(self, window: Raster) -> tuple[float, Raster]:
        """How certain it is that a digit is in the middle of a window (1, 28, 40, 1), and its mask (28, 40), 0 to 1."""
        with self._lock:
            certain, mask = self._net.run(window)
        return float(certain[0, 0]), mask[0, :, :, 0]

    def _looked_at(self, plane: Raster, lefts: NDArray[np.intp]) -> tuple[NDArray[np.float64], Masks]:
        """Of each window, by its first column: how certain its digit is, and the mask, on all of the plane."""
        centred = np.full(len(lefts), -np.inf)
        masks = np.zeros((len(lefts), *plane.shape), np.float32)
        for place, left in enumerate(lefts.tolist()):
            window = np.ascontiguousarray(plane[None, :, left : left + WINDOW[1], None])
            if not window.any():
                continue
            centred[place], masks[place, :, left : left + WINDOW[1]] = self.look(window)
        return centred, masks


@lru_cache(maxsize=1)
def bundled() -> DigitMasks | None:
    """The net that comes with the app; None where it or LiteRT cannot be used here."""
    with suppress(ImportError, OSError, ValueError, RuntimeError, KeyError):
        return DigitMasks((resource("trained") / FILE).read_bytes())
    return None


def _shrunk(ink: Raster) -> Raster:
    """As many rows as the net knows."""
    scale = HEIGHT / len(ink)
    size = max(1, round(ink.shape[1] * scale)), HEIGHT
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(ink).resize(size, how))


def _apart(plane: Raster, centred: NDArray[np.float64], masks: Masks) -> list[int]:
    """The most certain windows, no two of them of one digit."""
    chosen: list[int] = []
    softs: list[Raster] = []
    taken = np.zeros_like(plane)
    for place in np.argsort(-centred).tolist():
        if centred[place] < 0:
            break
        soft = masks[place] * plane
        ink = float(soft.sum())
        added = float((soft - taken).clip(0).sum())
        if ink >= _LEAST_INK and added >= _NEW * ink and not any(_is_same(soft, other) for other in softs):
            chosen.append(place)
            softs.append(soft)
            taken = np.maximum(taken, soft)
    return chosen


def _is_same(first: Raster, second: Raster) -> bool:
    both = float(np.minimum(first, second).sum())
    return both > _SAME * (float(first.sum() + second.sum()) - both)


def _shared(softs: Masks) -> list[float]:
    """The largest share of each one's ink that is another's, too."""
    return [
        max(
            (float(np.minimum(own, other).sum() / own.sum()) for at, other in enumerate(softs) if at != place),
            default=0.0,
        )
        for place, own in enumerate(softs)
    ]


def _patch(ink: Raster, mask: Raster) -> Patch:
    """What a mask leaves of ink that is larger, cropped to its box."""
    fine = np.asarray(Image.fromarray(mask).resize(ink.shape[::-1], Image.Resampling.BILINEAR))
    own = ink * fine
    dark = own > _DARK * own.max(initial=0.0)
    down, across = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    rows, columns = (slice(each[0], each[-1] + 1) if len(each) else slice(0, 1) for each in (down, across))
    return Patch(own[rows, columns], columns.start, rows.start)
