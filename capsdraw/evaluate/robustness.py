"""How much of a digit can be disturbed before a model misreads it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capsdraw.datasets import moves
from capsdraw.datasets.softening import Images
from capsdraw.evaluate.error import Model, evaluate
from capsdraw.ink.raster import from_bytes

Each = NDArray[np.float64]
# Images disturbed at once.
_BATCH = 1000


@dataclass(frozen=True)
class Disturbance:
    """One way to disturb a digit, and how far.

    Attributes:
        name: for people; unit: of an amount.
        amounts: the steps, in order.
        still: the amount that changes nothing.
    """

    name: str
    unit: str
    amounts: tuple[float, ...]
    still: float = 0.0


def _of_kind(name: str, *amounts: float) -> Disturbance:
    """A kind of move, at amounts within its range."""
    kind = moves.kind(name)
    return Disturbance(kind.name, kind.unit, amounts, kind.still)


DISTURBANCES = (
    _of_kind("rotation", *range(0, 50, 5)),
    _of_kind("shift", *range(7)),
    _of_kind("scale", 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4),
    _of_kind("shear", 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
    _of_kind("thickness", -1.0, -0.75, -0.5, -0.25, 0.0, 0.5, 1.0, 1.5, 2.0),
    _of_kind("noise", 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
    _of_kind("occlusion", 0, 4, 6, 8, 10, 12),
    _of_kind("blur", 0.0, 0.6, 0.9, 1.2, 1.5, 2.0, 3.0),
    # To 20, 14, 10 and 7 of 28 pixels, and back.
    _of_kind("resampling", 1.0, 1.4, 2.0, 2.8, 4.0),
    _of_kind("contrast", 0.0, 0.25, 0.5, 0.65, 0.8),
    _of_kind("gamma", 0.4, 0.7, 1.0, 1.5, 2.5),
    _of_kind("ground", 0.0, 20 / 255, 40 / 255, 80 / 255, 0.5),
    _of_kind("uneven ground", 0.0, 0.2, 0.4, 0.6, 0.8),
)


@dataclass(frozen=True)
class _Chance:
    """What is drawn for each image, the same for each amount.

    Attributes:
        side: (N,) −1 or 1; angle: (N,) radians.
        place: (N, 2) in [0, 1).
        random: for more, image after image.
    """

    side: Each
    angle: Each
    place: Each
    random: np.random.Generator

    @classmethod
    def draw(cls, count: int, random: np.random.Generator) -> "_Chance":
        side = np.where(random.random(count) < 0.5, -1.0, 1.0)
        return cls(side, np.asarray(random.uniform(0, 2 * np.pi, count)), random.random((count, 2)), random)

    def of(self, batch: slice) -> "_Chance":
        return _Chance(self.side[batch], self.angle[batch], self.place[batch], self.random)


@dataclass(frozen=True)
class Point:
    """One measurement: `model` misread `error_percent` of the images disturbed by `amount`."""

    model: str
    disturbance: str
    amount: float
    error_percent: float


def disturb(images: NDArray[np.uint8], name: str, amount: float, seed: int) -> Images:
    """Images disturbed in one way, each in a direction or place of its own.

    Rotation and shear go either way, a shift goes anywhere on a circle, an uneven ground darkens
    anywhere, an occluding square lies anywhere within the image, over paper as well as over ink.

    Args:
        images: (N, rows, columns) uint8, ink is 255.
        name: of one of `DISTURBANCES`; amount: how far.
        seed: decides the directions, the same ones for each amount and model.

    Returns:
        (N, rows, columns) float32 in [0, 1].

    Raises:
        KeyError: unknown name.
    """
    chances = _Chance.draw(len(images), np.random.default_rng(seed))
    parts = [
        _WAYS[name](from_bytes(images[batch])[..., None], amount, chances.of(batch))[..., 0]
        for batch in _batches(len(images))
    ]
    return np.concatenate(parts)


def affine(
    images: NDArray[np.uint8], shift: float, seed: int, rotation: float = 20.0, shear: float = 0.2, scale: float = 0.2
) -> Images:
    """Images moved in all ways at once; affNIST's distortions where nothing else is asked.

    That is the test of the CapsNet paper's section 5. All is uniformly drawn for each image.

    Args:
        images: (N, rows, columns) uint8, ink is 255, with room for what is asked.
        shift: pixels each way, up to.
        seed: decides.
        rotation: degrees either way, up to; shear: either way, up to.
        scale: 0.2 makes each direction on its own 0.8 to 1.2 times as large.

    Returns:
        (N, rows, columns) float32 in [0, 1].
    """
    random = np.random.default_rng(seed)
    count = len(images)
    turn, slant = (np.asarray(random.uniform(-most, most, count)) for most in (rotation, shear))
    size, way = random.uniform(1 - scale, 1 + scale, (count, 2)), random.uniform(-shift, shift, (count, 2))
    matrix = moves.linear(turn, size[:, 0], size[:, 1], slant)
    # An offset is counted where pixels come from: this one moves the picture by `way` after all else.
    offset = (matrix @ way[..., None])[..., 0]
    parts = [
        moves.move(from_bytes(images[batch])[..., None], matrix[batch], offset[batch]) for batch in _batches(count)
    ]
    return np.concatenate(parts)[..., 0]


def measure(
    models: Sequence[Model], images: NDArray[np.uint8], labels: NDArray[np.integer], seed: int = 1,
    publish: Callable[[Point], None] = lambda _: None, known: Collection[tuple[str, str, float]] = (),
    disturbances: Sequence[Disturbance] = DISTURBANCES,
) -> list[Point]:  # fmt: skip
    """Error of each model under each of `DISTURBANCES`, all on the same disturbed images.

    Args:
        models: that read these images.
        images: (N, rows, columns) uint8; labels: (N,).
        seed: of the disturbances.
        publish: hears of each measurement as it is made.
        known: model, disturbance and amount of measurements that are not made again.
        disturbances: which.
    """
    points = []
    for disturbance in disturbances:
        for amount in disturbance.amounts:
            wanted = [model for model in models if (model.name, disturbance.name, amount) not in known]
            disturbed = disturb(images, disturbance.name, amount, seed) if wanted else images
            for model in wanted:
                result = evaluate(model, disturbed, labels, disturbance.name)
                points.append(Point(model.name, disturbance.name, amount, result.error_percent))
                publish(points[-1])
    return points


def _batches(count: int) -> Iterator[slice]:
    return (slice(first, first + _BATCH) for first in range(0, count, _BATCH))


def _either_way(name: str) -> Callable[[Images, float, _Chance], Images]:
    return lambda images, amount, chance: moves.changed(images, name, chance.side * amount)


def _alike(name: str) -> Callable[[Images, float, _Chance], Images]:
    return lambda images, amount, _: moves.changed(images, name, np.full(len(images), float(amount)))


def _shift(images: Images, amount: float, chance: _Chance) -> Images:
    direction = np.stack([np.cos(chance.angle), np.sin(chance.angle)], -1)
    return moves.changed(images, "shift", np.full(len(images), float(amount)), -direction)


def _noise(images: Images, amount: float, chance: _Chance) -> Images:
    return moves.changed(images, "noise", np.full(len(images), float(amount)), random=chance.random)


def _uneven(images: Images, amount: float, chance: _Chance) -> Images:
    direction = np.stack([np.cos(chance.angle), np.sin(chance.angle)], -1)
    return moves.changed(images, "uneven ground", np.full(len(images), float(amount)), direction)


def _occlusion(images: Images, amount: float, chance: _Chance) -> Images:
    size = np.array(images.shape[1:3]) - int(amount) + 1
    top, left = np.floor(chance.place * size).astype(np.int64).T
    return moves.cover(images, top, left, int(amount))


_WAYS: dict[str, Callable[[Images, float, _Chance], Images]] = {
    "rotation": _either_way("rotation"), "shift": _shift, "scale": _alike("scale"), "shear": _either_way("shear"),
    "noise": _noise, "occlusion": _occlusion, "uneven ground": _uneven,
    **{name: _alike(name) for name in ("thickness", "blur", "resampling", "contrast", "gamma", "ground")},
}  # fmt: skip
