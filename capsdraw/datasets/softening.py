"""What a camera, a scan or a small picture does to a digit: blurs, coarsens, pales it, lays it on grey. NumPy only.

Images are (B, rows, columns, channels) float32 in [0, 1], ink is 1; so are results. Each function takes one number
for each image, (B,); where it is the still one, the image is given back bit for bit. Nothing is changed in place.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.float32]
Amounts = NDArray[np.float64]

# Images changed at a time: what is reckoned for so few stays in the processor's cache.
_AT_A_TIME = 16
# Of the noise that is the same for each image and call.
_SAME = 0


def blur(images: Images, sigma: Amounts) -> Images:
    """Blurred by a Gaussian of standard deviation `sigma` pixels; 0 is still. An even image stays even to its rim."""

    def few(batch: Images, amounts: Images, _: slice) -> Images:
        return _filtered(batch, _gaussian(batch.shape[1], amounts), _gaussian(batch.shape[2], amounts))

    return _changed(images, sigma, 0.0, few)


def resample(images: Images, times: Amounts) -> Images:
    """Scaled down to `times` fewer pixels a side, and back; 1 is still, and so is what rounds to the same size."""

    def few(batch: Images, amounts: Images, _: slice) -> Images:
        down, across = (
            np.stack([_there_and_back(size, float(amount)) for amount in amounts]) for size in batch.shape[1:3]
        )
        return _filtered(batch, down, across)

    return _changed(images, times, 1.0, few)


def contrast(images: Images, lost: Amounts) -> Images:
    """Ink paler, by the share `lost` of its darkness, the paper as it is; 0 is still."""
    return _changed(images, lost, 0.0, lambda batch, amounts, _: batch * (1 - _each(amounts)))


def gamma(images: Images, exponent: Amounts) -> Images:
    """Each pixel to the power of `exponent`: above 1 faint ink fades, below it grows; 1 is still."""
    return _changed(images, exponent, 1.0, lambda batch, amounts, _: batch ** _each(amounts))


def ground(images: Images, level: Amounts, direction: Amounts | None = None) -> Images:
    """Paper that is grey by `level` where there is no ink; 0 is still.

    Args:
        images: the batch; level: (B,) of full ink.
        direction: (B, 2) of length 1, x first, y down: the grey grows from 0 at the side that it comes from to
            `level` at the side that it leads to. None, or (0, 0) for an image, is even grey.
    """
    ways = None if direction is None else np.broadcast_to(direction, (len(images), 2))

    def few(batch: Images, amounts: Images, where: slice | NDArray[np.integer]) -> Images:
        grey = _each(amounts)
        if ways is not None:
            grey = grey * _ramp(batch.shape[1], batch.shape[2], ways[where].astype(np.float32))
        return batch + grey * (1 - batch)

    return _changed(images, level, 0.0, few)


def noise(images: Images, sigma: Amounts, random: np.random.Generator | None = None) -> Images:
    """Normal noise of standard deviation `sigma` on each pixel; 0 is still.

    Args:
        images: the batch; sigma: (B,).
        random: draws it; where there is none, it is the same noise for each image, and each time.
    """

    def few(batch: Images, amounts: Images, _: slice) -> Images:
        if random is None:
            drawn = np.random.default_rng(_SAME).standard_normal(batch.shape[1:], np.float32)
        else:
            drawn = random.standard_normal(batch.shape, np.float32)
        return batch + drawn * _each(amounts)

    return _changed(images, sigma, 0.0, few)


def _changed(images: Images, amounts: Amounts, still: float, few: Callable[..., Images]) -> Images:
    """What `few` makes of the images whose amount is not the still one, some at a time; the others as they are."""
    chosen = np.flatnonzero(amounts != still)
    result = images.astype(np.float32)
    for first in range(0, len(chosen), _AT_A_TIME):
        here = chosen[first : first + _AT_A_TIME]
        made = few(images[here], amounts[here].astype(np.float32), here)
        np.clip(made, 0, 1, out=made)
        result[here] = made
    return result


def _each(amounts: Images) -> Images:
    return amounts[:, None, None, None]


def _filtered(images: Images, down: Images, across: Images) -> Images:
    """Rows mixed by (B, rows, rows) `down`, columns by (B, columns, columns) `across`."""
    planes = images.transpose(0, 3, 1, 2)  # (B, channels, rows, columns)
    mixed = down[:, None] @ planes @ across.transpose(0, 2, 1)[:, None]
    return np.ascontiguousarray(mixed.transpose(0, 2, 3, 1))


def _gaussian(length: int, sigma: Images) -> Images:
    """(B, length, length): each row a Gaussian about its own place, summing to 1 within the image."""
    away = np.arange(length, dtype=np.float32)
    weights = np.exp((away - away[:, None]) ** 2 * (-0.5 / np.maximum(sigma, np.float32(0.05)) ** 2)[:, None, None])
    return np.asarray(weights / weights.sum(-1, keepdims=True), np.float32)


def _there_and_back(length: int, times: float) -> Images:
    """(length, length): from `length` pixels to `times` fewer and back."""
    return _round_trip(length, max(round(length / times), 1))


@cache
def _round_trip(length: int, fewer: int) -> Images:
    return (_resized(fewer, length) @ _resized(length, fewer)).astype(np.float32)


def _resized(before: int, after: int) -> Amounts:
    """(after, before): bilinear, over all of what a pixel covers where there are fewer, as Pillow's `resize`."""
    scale = before / after
    places = (np.arange(after) + 0.5) * scale - 0.5
    weights = np.maximum(1 - np.abs(np.arange(before) - places[:, None]) / max(scale, 1.0), 0.0)
    return np.asarray(weights / weights.sum(1, keepdims=True))


def _ramp(rows: int, columns: int, ways: Images) -> Images:
    """(B, rows, columns, 1): from 0 to 1 along each way; 1 everywhere where it leads nowhere."""
    x = np.linspace(-1, 1, columns, dtype=np.float32)
    y = np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    reach = np.abs(ways).sum(1)[:, None, None]
    along = ways[:, 0, None, None] * x + ways[:, 1, None, None] * y  # (B, rows, columns), within ± reach
    ramp = np.where(reach > 0, 0.5 + 0.5 * along / np.maximum(reach, np.float32(1e-6)), np.float32(1))
    return np.asarray(ramp[..., None], np.float32)
