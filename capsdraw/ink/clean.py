"""Ink on paper of one grey: drawings of programs, scans of digits, images of data sets."""

import numpy as np
from numpy.typing import NDArray

from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import is_digit
from capsdraw.ink.raster import Raster

# Grey steps (0 to 1) between ink and paper below which a picture counts as blank.
_CONTRAST = 0.1
# Shadows and JPEG noise up to this part of the darkest ink are paper.
_NOISE = 0.15
# What JPEG leaves on white: fainter than this, and further than some pixels from ink that is stronger than that one.
_HAZE, _STROKE, _FAR = 0.15, 0.3, 2
# So few such pixels are a stroke's faint end.
_FEW = 16


def ink_of(grey: NDArray[np.float32]) -> Raster:
    """Ink of a grey picture, dark on light or light on dark, told apart by its border.

    Args:
        grey: (rows, columns) float32 in [0, 1], white is 1.

    Raises:
        CapsDrawError: the picture is blank.
    """
    away = grey - paper_grey(grey)
    # The ink is on the side of the paper's grey on which more is going on.
    if float((np.minimum(away, 0) ** 2).sum()) > float((np.maximum(away, 0) ** 2).sum()):
        away = -away
    away = np.maximum(away, 0)
    darkest = float(away.max())
    if darkest < _CONTRAST:
        raise CapsDrawError("the picture is blank: no ink stands out from the paper")
    # Ink at half of its greatest contrast or more is all ink, whatever a single dark pixel says.
    full = float(np.quantile(away[away >= darkest / 2], 0.5))
    if _is_clean(away):
        return _without_haze((away / darkest).astype(np.float32))
    return np.clip((away / full - _NOISE) / (1 - _NOISE), 0, 1).astype(np.float32)


def paper_grey(grey: NDArray[np.float32]) -> float:
    """The grey of the picture's border."""
    return float(np.median(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])))


def is_drawn(grey: NDArray[np.float32]) -> bool:
    """Whether a picture's paper is of one grey, and its ink stands out from it by lightness."""
    away = np.abs(grey - paper_grey(grey))
    return _is_clean(away) and float(away.max()) >= 2 * _CONTRAST


def _is_clean(away: NDArray[np.float32]) -> bool:
    """Whether the paper has one single grey, as in a drawn picture: then nothing in it is noise."""
    return bool((away == 0).mean() > 0.3)


def _without_haze(ink: Raster) -> Raster:
    """The ink without the ripples that JPEG leaves around strokes on clean paper; edges of strokes stay as they are."""
    if is_digit(ink):
        return ink  # as data sets hold it
    near = ink > _STROKE
    for _ in range(_FAR):
        near = _spread(near)
    haze = ~near & (ink > 0) & (ink <= _HAZE)
    return ink if np.count_nonzero(haze) <= _FEW else np.where(haze, 0, ink).astype(np.float32)


def _spread(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask and all pixels beside it."""
    rows = mask.copy()
    rows[1:] |= mask[:-1]
    rows[:-1] |= mask[1:]
    columns = rows.copy()
    columns[:, 1:] |= rows[:, :-1]
    columns[:, :-1] |= rows[:, 1:]
    return columns
