"""The paper of a photograph, estimated where it is: what stands out from it, whatever falls on it.

Light falls unevenly and shadows have edges, so one grey cannot be all of a photograph's paper. Where a smooth surface
explains most of the picture (even light, a gradient, dark corners), that is the paper. Elsewhere (a shadow's edge, a
sheet on a desk) it is the local median, which keeps edges where they are.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from capsdraw.ink.raster import Raster

# (rows, columns, channels) float32: grey, or red, green and blue.
Planes = NDArray[np.float32]

# The paper is estimated on a copy of so many pixels a side: strokes are details there, shadows are not.
_COARSE = 128
# The local median's window, of the copy's longest side. Strokes must be narrower than half of it.
_WINDOW = 0.2
# Steps of grey in which the median is counted.
_LEVELS = 40
# A smooth surface is the paper if it explains this much of the picture and of its border ...
_EXPLAINED, _EXPLAINED_BORDER = 0.6, 0.85
# ... and nothing that comes in from the border is so wide, pixels of the copy: that is a shadow, not a stroke ...
_SHADOW = 9
# ... to within this much of full white, noise and texture allowed for.
_CLOSE = 0.03
# Added to the paper's lightness before it divides: in black there is only noise.
_DARK = 0.06


def contrast(pixels: Planes) -> tuple[Planes, Raster | None]:
    """How far each pixel is from the paper there, as a share of the paper's lightness.

    Light cancels out: a stroke has one contrast in the sun and in the shadow. It is linear in how much of a pixel the
    ink covers, in each channel, so a red pen on green paper has a contrast that its lightness has not.

    Args:
        pixels: (rows, columns, 1 or 3) float32 in [0, 1].

    Returns:
        The same shape; 0 is paper, negative is darker. And where shadows have edges, (rows, columns): so much of
        contrast is lost there; None where the light has none.
    """
    rows, columns, _ = pixels.shape
    scale = _COARSE / max(rows, columns, _COARSE)
    coarse = resized(pixels, (max(1, round(rows * scale)), max(1, round(columns * scale))))
    paper = _smooth_paper(coarse)
    paper_is_smooth = paper is not None
    low = high = paper
    if paper is None:
        paper = _local_paper(coarse)
        # A coarse edge lies somewhere within a coarse pixel: any paper near by will do.
        low = ndimage.minimum_filter(paper, (3, 3, 1))
        high = ndimage.maximum_filter(paper, (3, 3, 1))
    assert low is not None
    assert high is not None
    low, high = resized(low, (rows, columns)), resized(high, (rows, columns))
    nearest = np.clip(pixels, low, high)
    light = nearest.mean(2, keepdims=True) + np.float32(_DARK)
    lost = None if paper_is_smooth else ((high - low).mean(2) / light[..., 0])
    return (pixels - nearest) / light, lost


def resized(planes: Planes, size: tuple[int, int]) -> Planes:
    """Scaled to (rows, columns): by area averaging downwards, bilinear upwards."""
    if planes.shape[:2] == size:
        return planes
    how = Image.Resampling.BOX if size[0] < planes.shape[0] else Image.Resampling.BILINEAR
    channels = np.moveaxis(planes, 2, 0)
    return np.stack(
        [np.asarray(Image.fromarray(channel).resize(size[::-1], how), np.float32) for channel in channels], axis=2
    )


def _smooth_paper(coarse: Planes) -> Planes | None:
    """A quadratic surface through most of the picture; None where that is not its paper."""
    rows, columns, channels = coarse.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    basis = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=2).reshape(-1, 6)
    values = coarse.reshape(-1, channels).astype(np.float64)
    close = np.ones(len(values), bool)
    for _ in range(8):
        surface = basis @ np.linalg.lstsq(basis[close], values[close], rcond=None)[0]
        away = np.abs(values - surface).max(1)
        reach = max(2.5 * float(np.median(away[close])), _CLOSE)
        close = away < reach
        if close.mean() < _EXPLAINED or reach > 3 * _CLOSE:
            return None
    explained = close.reshape(rows, columns)
    border = np.concatenate([explained[0], explained[-1], explained[:, 0], explained[:, -1]])
    if border.mean() < _EXPLAINED_BORDER or _comes_in(~explained):
        return None
    return np.clip(surface, 0, 1).reshape(coarse.shape).astype(np.float32)


def _comes_in(left: NDArray[np.bool_]) -> bool:
    """Whether something wide in what is left over reaches the border, as the shadow of a phone or a hand does."""
    wide = ndimage.binary_opening(left, np.ones((_SHADOW, _SHADOW), bool))
    return bool(wide[0].any() or wide[-1].any() or wide[:, 0].any() or wide[:, -1].any())


def _local_paper(coarse: Planes) -> Planes:
    """The local median, and what it misses at the picture's borders and in gradients."""
    window = 2 * round(max(coarse.shape[:2]) * _WINDOW / 2) + 1
    paper = _median(coarse, window)
    missed = coarse - paper
    away = np.abs(missed).max(2, keepdims=True)
    # Strokes have no say in it.
    says = (away < max(2.5 * float(np.median(away)), _CLOSE)).astype(np.float32)
    reach = (window / 4, window / 4, 0)
    near = ndimage.gaussian_filter(says, reach)
    return paper + ndimage.gaussian_filter(missed * says, reach) / np.maximum(near, 0.05)


def _median(coarse: Planes, window: int) -> Planes:
    """The median of each place's surroundings, by counting: (rows, columns, channels), nearly exact."""
    levels = np.linspace(0, 1, _LEVELS + 1, dtype=np.float32)
    below = ndimage.uniform_filter(
        (coarse[..., None] < levels).astype(np.float32), (window, window, 1, 1), mode="nearest"
    )
    above = np.clip((below < 0.5).sum(3), 1, _LEVELS)[..., None]  # the first level that half lies below
    low, high = (np.take_along_axis(below, index, 3)[..., 0] for index in (above - 1, above))
    part = np.clip((0.5 - low) / np.maximum(high - low, 1e-6), 0, 1)
    return ((above[..., 0] - 1 + part) / _LEVELS).astype(np.float32)
