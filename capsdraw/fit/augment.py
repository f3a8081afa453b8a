"""Random affine and elastic moves of whole batches, in NumPy: the same on every backend."""

import numpy as np
from numpy.typing import NDArray

from capsdraw.fit.recipe import Augmentation

Images = NDArray[np.float32]

# Knots of the coarse grid whose smooth interpolation is the elastic displacement.
_KNOTS = 5


def augment(images: Images, how: Augmentation, random: np.random.Generator) -> Images:
    """Each image moved on its own, sampled bilinearly; what comes in from outside is black.

    Args:
        images: (B, rows, columns, channels) float32.
        how: the ranges of the moves.
        random: decides them.

    Returns:
        The same shape and dtype.
    """
    if how == Augmentation():
        return images
    count, rows, columns = images.shape[:3]
    matrix, shift = _moves(count, how, random)
    y, x = np.meshgrid(np.arange(rows), np.arange(columns), indexing="ij")
    grid = np.stack([x - (columns - 1) / 2, y - (rows - 1) / 2]).reshape(2, -1)  # (2, P)
    source = matrix @ grid + shift[:, :, None]  # (B, 2, P)
    if how.elastic:
        source += _elastic(count, rows, columns, how.elastic, random)
    return _sample(images, source[:, 0] + (columns - 1) / 2, source[:, 1] + (rows - 1) / 2)


def _moves(
    count: int, how: Augmentation, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """From each output pixel to its source: matrices (B, 2, 2) and shifts (B, 2)."""
    turn = np.radians(random.uniform(-how.rotation, how.rotation, count))
    scale = 1 / random.uniform(1 - how.zoom, 1 + how.zoom, (count, 2))
    shear = random.uniform(-how.shear, how.shear, count)
    cos, sin = np.cos(turn), np.sin(turn)
    rotate = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
    slant = np.tile(np.eye(2), (count, 1, 1))
    slant[:, 0, 1] = shear
    return (rotate @ slant) * scale[:, None, :], random.uniform(-how.shift, how.shift, (count, 2))


def _elastic(count: int, rows: int, columns: int, sigma: float, random: np.random.Generator) -> NDArray[np.float64]:
    """A smooth displacement of each pixel: (B, 2, P)."""
    knots = random.normal(0, sigma, (count, 2, _KNOTS, _KNOTS))
    down, across = _hat(rows), _hat(columns)
    return (down @ knots @ across.T).reshape(count, 2, -1)


def _hat(length: int) -> NDArray[np.float64]:
    """Cosine interpolation from `_KNOTS` knots to `length` pixels: (length, _KNOTS)."""
    distance = np.abs(np.linspace(0, _KNOTS - 1, length)[:, None] - np.arange(_KNOTS))
    return np.where(distance < 1, 0.5 + 0.5 * np.cos(np.pi * distance), 0.0)


def _sample(images: Images, x: NDArray[np.float64], y: NDArray[np.float64]) -> Images:
    count, rows, columns, channels = images.shape
    # A border of zeros, so that clipped positions read black.
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0))).reshape(count, -1, channels)
    x, y = np.clip(x + 1, 0, columns + 0.999), np.clip(y + 1, 0, rows + 0.999)
    left, top = x.astype(np.int64), y.astype(np.int64)
    fx, fy = (x - left).astype(np.float32)[..., None], (y - top).astype(np.float32)[..., None]
    corner = top * (columns + 2) + left
    batch = np.arange(count)[:, None]
    upper = padded[batch, corner] * (1 - fx) + padded[batch, corner + 1] * fx
    lower = padded[batch, corner + columns + 2] * (1 - fx) + padded[batch, corner + columns + 3] * fx
    return (upper * (1 - fy) + lower * fy).reshape(images.shape)
