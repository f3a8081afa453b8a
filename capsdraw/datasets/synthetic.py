"""Synthetic pen digits: stroke templates, warped at random, drawn through the app's own ink.

Endless and seeded; they need no network and no licence, and show a net the forms that
MNIST lacks.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets.data import Data
from capsdraw.datasets.monitor import NO_MONITOR, ReadMonitor
from capsdraw.datasets.templates import TEMPLATES
from capsdraw.errors import CapsDrawError
from capsdraw.ink.normalize import PEN, digit_from_drawing
from capsdraw.ink.strokes import Drawing, Stroke

Points = NDArray[np.float64]
# The images of these numbers in a seed's endless row: (N, 28, 28) uint8 and labels (N,).
DrawAt = Callable[[Sequence[int], int], tuple[NDArray[np.uint8], NDArray[np.uint8]]]

# Points on the curve between two of a template's.
_BETWEEN = 8
# Added to a seed for its test digits: far from any seed that a recipe is given.
_TESTING = 0x7E57_0000
# Digits between two tellings.
_OFTEN = 100


def data(train: int = 10_000, test: int = 2_000, seed: int = 0, watch: ReadMonitor = NO_MONITOR) -> Data:
    """Synthetic digits as a data set; the same for a seed, on every machine. Raises as `as_data` does.

    Args:
        train, test: how many; train may be 0.
        seed: from 0 to 100,000.
        watch: is told of digits.
    """
    return as_data("synthetic", digits_at, train, test, seed, watch)


def as_data(
    name: str, draw_at: DrawAt, train: int, test: int, seed: int, watch: ReadMonitor, labels: tuple[str, ...] = ()
) -> Data:
    """What the app draws itself, as a data set.

    The test images come from a row of their own: no number of training images, of this seed or
    of another below 2³¹, ever reaches them.

    Args:
        name: of the set; draw_at: draws its images.
        train, test, seed, watch: as for `data`.
        labels: the names of its classes; () where they are the digits.

    Raises:
        CapsDrawError: impossible numbers; Cancelled: stopped.
    """
    if train < 0 or test < 1 or not 0 <= seed <= 100_000:
        raise CapsDrawError(
            f"cannot make {train:,} training and {test:,} test images of seed {seed}: "
            "expected 0 or more, 1 or more, and a seed from 0 to 100,000"
        )
    images, classes = np.empty((train + test, 28, 28), np.uint8), np.empty(train + test, np.uint8)
    for offset, count, row in ((0, train, seed), (train, test, _TESTING + seed)):
        for first in range(0, count, _OFTEN):
            few = min(_OFTEN, count - first)
            rows = slice(offset + first, offset + first + few)
            images[rows], classes[rows] = draw_at(range(first, first + few), row)
            watch.tell(rows.stop, train + test)
    return Data(name, images[:train], classes[:train], images[train:], classes[train:], labels)


def digits(count: int, seed: int, first: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """`count` digits, the classes in turn, digit `first` onwards of the seed's endless row.

    Returns:
        Images (count, 28, 28) uint8, ink is 255, and labels (count,) uint8: MNIST's form.
    """
    return digits_at(range(first, first + count), seed)


def digits_at(numbers: Sequence[int] | NDArray[np.integer], seed: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The digits of these numbers, from 0, in the seed's endless row; in the form of `digits`."""
    images = np.empty((len(numbers), 28, 28), np.uint8)
    labels = np.empty(len(numbers), np.uint8)
    for index, digit_number in enumerate(map(int, numbers)):
        random = np.random.default_rng((seed, digit_number))
        labels[index] = digit_number % 10
        pen = PEN * random.uniform(0.7, 1.6)
        images[index] = np.rint(digit_from_drawing(drawing(int(labels[index]), random), pen) * 255)
    return images, labels


def drawing(label: int, random: np.random.Generator) -> Drawing:
    """One digit of class `label`, 100 units high, as a person might draw it."""
    templates = TEMPLATES[label]
    shares = np.array([share for share, _ in templates])
    _, strokes = templates[random.choice(len(templates), p=shares / shares.sum())]
    return varied(strokes, random)


def varied(strokes: Sequence[Sequence[tuple[float, float]]], random: np.random.Generator) -> Drawing:
    """What a template shows, 100 units high, as a person might draw it.

    Args:
        strokes: of the template, points on a unit square as in `templates`.
        random: decides jitter, slant, rotation, aspect and a slow wave over all of it.
    """
    jitter = random.uniform(0.01, 0.045)
    moved = [np.asarray(points) + _same_noise(points, jitter, random) for points in strokes]
    curves = [_curve(points) + random.normal(0, 0.02, 2) * (len(strokes) > 1) for points in moved]
    warped = _warp(curves, random)
    return Drawing(tuple(Stroke(points * 100) for points in warped))


def _same_noise(points: Sequence[tuple[float, float]], sigma: float, random: np.random.Generator) -> Points:
    """Noise for each point of a template; a point that stands twice (a corner) moves as one."""
    noise = random.normal(0, sigma, (len(points), 2))
    for index in range(1, len(points)):
        if points[index] == points[index - 1]:
            noise[index] = noise[index - 1]
    return noise


def _curve(points: Points) -> Points:
    """A Catmull-Rom curve through the points, broken at each corner: (N, 2)."""
    corners = np.flatnonzero((np.diff(points, axis=0) == 0).all(1))
    parts = np.split(points, corners + 1)
    return np.concatenate([_smooth(piece) for piece in parts if len(piece)])


def _smooth(points: Points) -> Points:
    if len(points) < 3:
        return points
    padded = np.concatenate([[2 * points[0] - points[1]], points, [2 * points[-1] - points[-2]]])
    t = np.arange(_BETWEEN)[None, :, None] / _BETWEEN
    p0, p1, p2, p3 = (padded[k : len(padded) - 3 + k, None, :] for k in range(4))
    curve = p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)))
    return np.concatenate([curve.reshape(-1, 2), points[-1:]])


def _warp(curves: list[Points], random: np.random.Generator) -> list[Points]:
    """Slant, rotation, aspect, and a slow wave over the whole digit."""
    slant, turn = random.normal(0, 0.22), random.normal(0, 0.13)
    aspect = np.exp(random.normal(0, 0.18))
    shear = np.array([[aspect, 0.0], [-slant, 1.0]])
    rotate = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    size, phase = random.normal(0, 0.035, (2, 2)), random.uniform(0, 2 * np.pi, (2, 2))
    waves = random.uniform(1.0, 3.0, (2, 2))

    def bend(points: Points) -> Points:
        x, y = points[:, :1], points[:, 1:]
        wave = size[0] * np.sin(2 * waves[0] * x + phase[0]) + size[1] * np.sin(2 * waves[1] * y + phase[1])
        return (points + wave - 0.5) @ shear @ rotate + 0.5

    return [bend(points) for points in curves]
