"""What can be done to a batch of images: moved, made thicker or thinner, covered, softened. NumPy only.

Training moves images at random with it, robustness is measured and the dial turned with it. Images
are (B, rows, columns, channels) float32 in [0, 1]; so are results. Nothing is changed in place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import softening
from capsdraw.datasets.softening import Amounts, Images

# Images moved at a time: what is reckoned for so few stays in the processor's cache, and in memory that is not
# asked for anew each time. Twice as fast as a whole batch at once.
_AT_A_TIME = 8
# Knots of the coarse grid whose smooth interpolation is the elastic displacement.
KNOTS = 5


class Border(StrEnum):
    """What comes in from outside an image: nothing, or its outermost pixels drawn out."""

    BLACK = "black"
    EDGE = "edge"


BORDERS = tuple(Border)


@dataclass(frozen=True)
class MoveKind:
    """One way to change an image by one number, and how far it is led wherever it is measured or shown.

    Attributes:
        name: for people and for `changed`; unit: of an amount.
        low, high: the ends of the range.
        still: the amount that changes nothing.
    """

    name: str
    unit: str
    low: float
    high: float
    still: float = 0.0


KINDS = (
    MoveKind("rotation", "degrees", -45.0, 45.0),
    MoveKind("shift", "pixels", -6.0, 6.0),
    MoveKind("scale", "times", 0.6, 1.4, 1.0),
    MoveKind("shear", "of the height", -0.6, 0.6),
    MoveKind("thickness", "pixels a side", -1.0, 2.0),
    MoveKind("blur", "pixels, standard deviation", 0.0, 3.0),
    MoveKind("resampling", "times coarser", 1.0, 4.0, 1.0),
    MoveKind("contrast", "lost", 0.0, 0.8),
    MoveKind("gamma", "exponent", 0.4, 2.5, 1.0),
    MoveKind("ground", "of full ink", 0.0, 0.5),
    MoveKind("uneven ground", "of full ink", 0.0, 0.8),
    MoveKind("noise", "standard deviation", 0.0, 0.6),
    MoveKind("occlusion", "pixels, side of a square", 0.0, 12.0),
)
# Those that change where ink lies; the border comes in from outside.
GEOMETRIC = ("rotation", "shift", "scale", "shear")


def kind(name: str) -> MoveKind:
    """The one of `KINDS` that is called so; raises KeyError where none is."""
    return {move_kind.name: move_kind for move_kind in KINDS}[name]


def changed(
    images: Images, name: str, amounts: Amounts, direction: Amounts | None = None, border: str = Border.BLACK,
    random: np.random.Generator | None = None,
) -> Images:  # fmt: skip
    """Each image changed in one way, by an amount of its own.

    Args:
        images: the batch.
        name: of one of `KINDS`.
        amounts: (B,) in that kind's unit: rotation counter-clockwise as seen, shear to the right above the centre.
        direction: (B, 2) where a shift of 1 leads, in pixels, x first, y down, and where an uneven ground is
            darkest; to the right where not given.
        border: one of `BORDERS`; of `GEOMETRIC` ones only.
        random: draws noise, and where a square lies; without it, the noise is always the same, the square in the
            middle.

    Raises:
        KeyError: unknown name.
    """
    way = np.array([[1.0, 0.0]]) if direction is None else direction
    if name == "noise":
        return softening.noise(images, amounts, random)
    if name == "uneven ground":
        return softening.ground(images, amounts, way)
    if name in _PLAIN:
        return _PLAIN[name](images, amounts)
    if name == "occlusion":
        place = np.full((len(images), 2), 0.5) if random is None else random.random((len(images), 2))
        sides = np.rint(amounts).astype(np.int64)
        corners = np.floor(place * (np.array(images.shape[1:3]) - sides[:, None] + 1)).astype(np.int64)
        return cover(images, corners[:, 0], corners[:, 1], sides)
    by = {move_name: np.full(len(images), kind(move_name).still) for move_name in GEOMETRIC}
    by[kind(name).name] = amounts
    matrix = linear(by["rotation"], by["scale"], by["scale"], by["shear"])
    return move(images, matrix, -by["shift"][:, None] * way, border=border)


def linear(rotation: Amounts, width: Amounts, height: Amounts, shear: Amounts) -> Amounts:
    """Matrices (B, 2, 2) for `move`: a picture is first turned, then sheared, then scaled.

    They lead from where a pixel lands to where it comes from.

    Args:
        rotation: (B,) degrees, counter-clockwise as seen.
        width, height: (B,) factors; 2 makes an image twice as large.
        shear: (B,) by how much of its height above the centre a row moves to the right.
    """
    turn = np.radians(rotation)
    cos, sin = np.cos(turn), np.sin(turn)
    rotate = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2)
    slant = np.tile(np.eye(2), (len(shear), 1, 1))
    slant[:, 0, 1] = shear
    return (rotate @ slant) * np.stack([1 / width, 1 / height], -1)[:, None, :]


def elastic(knots: Amounts, rows: int, columns: int) -> Amounts:
    """A smooth displacement of each pixel, (B, 2, rows, columns), x first, from knots (B, 2, KNOTS, KNOTS)."""
    return _hat(rows) @ knots @ _hat(columns).T


def move(
    images: Images, matrix: Amounts, offset: Amounts, knots: Amounts | None = None, border: str = Border.BLACK
) -> Images:
    """Each image moved on its own about its centre, sampled bilinearly once.

    Args:
        images: the batch.
        matrix: (B, 2, 2), from `linear`.
        offset: (B, 2) pixels, x first, added to where a pixel comes from: a positive one moves
            the picture to the left and up.
        knots: (B, 2, KNOTS, KNOTS) pixels, whose `elastic` is added likewise, or None.
        border: one of `BORDERS`.
    """
    moved = np.empty(images.shape, np.float32)
    for start in range(0, len(images), _AT_A_TIME):
        few = slice(start, start + _AT_A_TIME)
        moved[few] = _move_few(images[few], matrix[few], offset[few], None if knots is None else knots[few], border)
    return moved


def thicken(images: Images, amount: Amounts) -> Images:
    """Strokes thicker on each side by (B,) pixels, or thinner where the amount is negative."""
    result = images
    for step in range(int(np.ceil(np.abs(amount).max(initial=0)))):
        share = np.clip(np.abs(amount) - step, 0, 1).astype(np.float32)[:, None, None, None]
        grown = np.where(amount[:, None, None, None] > 0, _grow(result), -_grow(-result))
        result = (1 - share) * result + share * grown
    return result


def cover(
    images: Images, top: NDArray[np.integer], left: NDArray[np.integer], side: int | NDArray[np.integer]
) -> Images:
    """A black square of `side` pixels, or (B,) of them, over each image, its corner at (B,) `top` and `left`."""
    _, rows, columns, _ = images.shape
    down, across = (
        (np.arange(size) >= first[:, None]) & (np.arange(size) < (first + side)[:, None])
        for size, first in ((rows, top), (columns, left))
    )
    return np.where((down[:, :, None] & across[:, None, :])[..., None], np.float32(0), images)


# What takes nothing but amounts.
_PLAIN: dict[str, Callable[[Images, Amounts], Images]] = {
    "thickness": thicken, "blur": softening.blur, "resampling": softening.resample, "contrast": softening.contrast,
    "gamma": softening.gamma, "ground": softening.ground,
}  # fmt: skip


def _grow(images: Images) -> Images:
    """Each pixel becomes the largest of itself and its four neighbours."""
    result = images.copy()
    for to, source in ((np.s_[1:], np.s_[:-1]), (np.s_[:-1], np.s_[1:])):
        np.maximum(result[:, to], images[:, source], out=result[:, to])
        np.maximum(result[:, :, to], images[:, :, source], out=result[:, :, to])
    return result


@cache
def _hat(length: int) -> Amounts:
    """Cosine interpolation from `KNOTS` knots to `length` pixels: (length, KNOTS)."""
    distance = np.abs(np.linspace(0, KNOTS - 1, length)[:, None] - np.arange(KNOTS))
    return np.where(distance < 1, 0.5 + 0.5 * np.cos(np.pi * distance), 0.0)


def _move_few(images: Images, matrix: Amounts, offset: Amounts, knots: Amounts | None, border: str) -> Images:
    _, rows, columns, _ = images.shape
    # From here on in single precision: a millionth of a pixel is near enough.
    x = np.arange(columns, dtype=np.float32) - np.float32((columns - 1) / 2)
    y = np.arange(rows, dtype=np.float32)[:, None] - np.float32((rows - 1) / 2)
    to = [_each(matrix[:, axis, 0]) * x + _each(matrix[:, axis, 1]) * y + _each(offset[:, axis]) for axis in (0, 1)]
    if knots is not None:
        bent = elastic(knots, rows, columns).astype(np.float32)
        to = [to[axis] + bent[:, axis] for axis in (0, 1)]
    return _sample(images, to[0] + np.float32((columns - 1) / 2), to[1] + np.float32((rows - 1) / 2), border)


def _each(numbers: Amounts) -> Images:
    """One number for each image, (B, 1, 1)."""
    return numbers.astype(np.float32)[:, None, None]


def _sample(images: Images, x: Images, y: Images, border: str) -> Images:
    """Pixels at the places (B, rows, columns) `x` and `y`, between four pixels bilinearly."""
    count, rows, columns, channels = images.shape
    # A border of one pixel, so that clipped positions read it.
    mode = "constant" if border == Border.BLACK else "edge"
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode=mode)  # type: ignore[call-overload]
    wide = columns + 2
    x, y = np.clip(x + 1, 0, np.float32(columns + 0.999)), np.clip(y + 1, 0, np.float32(rows + 0.999))
    left, top = x.astype(np.int32), y.astype(np.int32)
    fx, fy = (x - left.astype(np.float32))[..., None], (y - top.astype(np.float32))[..., None]
    # Pixels are taken by their number in the whole batch: quicker than by image and place.
    corner = top * wide + left + (np.arange(count, dtype=np.int32) * ((rows + 2) * wide))[:, None, None]
    pixels = padded.reshape(-1, channels)
    upper, lower = (
        _between(pixels.take(corner + down, 0), pixels.take(corner + down + 1, 0), fx) for down in (0, wide)
    )
    return _between(upper, lower, fy)


def _between(first: Images, other: Images, share: Images) -> Images:
    """From one to the other by a share in [0, 1]."""
    return first + (other - first) * share
