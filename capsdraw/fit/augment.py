"""Each training image changed at random each time it is seen, in NumPy: the same on every backend."""

import numpy as np

from capsdraw.datasets import moves, softening
from capsdraw.datasets.softening import Amounts, Images
from capsdraw.fit.recipe import Augmentation


def augment(images: Images, how: Augmentation, random: np.random.Generator) -> Images:
    """Each image changed on its own: `moved`, then `softened`; arguments and result as theirs."""
    # Last, as a camera or a scan has it, and drawn after all else: what older recipes draw stays as it is.
    return softened(moved(images, how, random), how, random)


def moved(images: Images, how: Augmentation, random: np.random.Generator) -> Images:
    """Each image's ink somewhere else, thicker, lighter or under a square.

    Args:
        images: (B, rows, columns, channels) float32 in [0, 1].
        how: the ranges of the changes.
        random: decides them.

    Returns:
        The same shape, dtype and range.
    """
    count, rows, columns, channels = images.shape
    if how.rotation or how.shift or how.zoom or how.shear or how.elastic:
        images = _move(images, how, random)
    if how.flip:
        images = np.where(random.random((count, 1, 1, 1)) < 0.5, images[:, :, ::-1], images)
    if how.thickness:
        images = moves.thicken(images, np.asarray(random.uniform(-how.thickness, how.thickness, count)))
    if how.channel_shift:
        images = np.clip(images + random.uniform(-1, 1, (count, 1, 1, channels)) * how.channel_shift, 0, 1)
    if how.erase:
        top, left = (random.integers(0, size - how.erase + 1, count) for size in (rows, columns))
        images = moves.cover(images, top, left, how.erase)
    return images.astype(np.float32, copy=False)


def softened(images: Images, how: Augmentation, random: np.random.Generator) -> Images:
    """Each of the six in turn, on some images, as a camera or a scan has it; arguments and result as of `moved`."""
    count = len(images)

    def per_image(still: float, drawn: Amounts) -> Amounts:
        return np.where(random.random(count) < how.softened, drawn, still)

    if how.contrast:
        images = softening.contrast(images, per_image(0.0, random.uniform(0, how.contrast, count)))
    if how.gamma:
        most = np.log1p(how.gamma)
        images = softening.gamma(images, per_image(1.0, np.exp(random.uniform(-most, most, count))))
    if how.ground:
        angle, uneven = random.uniform(0, 2 * np.pi, count), random.random(count) < 0.5
        way = np.stack([np.cos(angle), np.sin(angle)], -1) * uneven[:, None]
        images = softening.ground(images, per_image(0.0, random.uniform(0, how.ground, count)), way)
    if how.blur:
        images = softening.blur(images, per_image(0.0, random.uniform(0, how.blur, count)))
    if how.resampling > 1:
        images = softening.resample(images, per_image(1.0, random.uniform(1, how.resampling, count)))
    if how.noise:
        images = softening.noise(images, per_image(0.0, random.uniform(0, how.noise, count)), random)
    return images


def _move(images: Images, how: Augmentation, random: np.random.Generator) -> Images:
    count = len(images)
    rotation = np.asarray(random.uniform(-how.rotation, how.rotation, count))
    scale = random.uniform(1 - how.zoom, 1 + how.zoom, (count, 2))
    shear = np.asarray(random.uniform(-how.shear, how.shear, count))
    offset = random.uniform(-how.shift, how.shift, (count, 2))
    knots = None
    if how.elastic:
        knots = random.normal(0, how.elastic, (count, 2, moves.KNOTS, moves.KNOTS))
    matrix = moves.linear(rotation, scale[:, 0], scale[:, 1], shear)
    return moves.move(images, matrix, offset, knots, how.border)
