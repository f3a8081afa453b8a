"""A drawing's way through a net: of each layer what answers most, as small pictures and in words. NumPy only."""

from dataclasses import dataclass
from math import log, prod
from typing import Final

import numpy as np

from capsdraw.lab.activity import Activity, Outputs, Primary, pictures, strongest
from capsdraw.lab.anatomy import Anatomy, LayerInfo, of_classes
from capsdraw.nets.reading import Floats

# Maps of a layer that are shown on the way, at most.
MOST: Final = 8


@dataclass(frozen=True)
class LayerTrace:
    """One layer on the way.

    Attributes:
        pictures: float32 in [0, 1], each (rows, columns) in grey; the image, and what a decoder makes of
            one, (rows, columns, 3) where it has colours.
        numbers: which maps, or types of capsules, these are, from 0; () where the picture is all there is.
        share: in [0, 1] how much of the layer answers, or None where that has no meaning: the part
            of its numbers that are not zero after a ReLU; the mean length of capsules.
        answer: what it answers, in a few words.
        winner: the number that stands out among those of the picture, counted row by row, or None.
        in_lines: whether the picture has a line for each class: what stands out is a line of it, not a cell.
    """

    pictures: tuple[Floats, ...]
    numbers: tuple[int, ...]
    share: float | None
    answer: str
    winner: int | None
    in_lines: bool = False


@dataclass(frozen=True)
class Trace:
    """All stops of one drawing.

    Attributes:
        layers: one for each part of the anatomy.
        winner: the class that is read.
        score: that the net gives it: a length or a probability.
    """

    layers: tuple[LayerTrace, ...]
    winner: int
    score: float


def trace(anatomy: Anatomy, activity: Activity, digit: Floats) -> Trace:
    """The way of one image (rows, columns[, 3]) float32 in [0, 1] through the net of `anatomy`."""
    scores = activity.of(anatomy.scores.name).values.ravel()
    winner = int(scores.argmax())
    stops = [LayerTrace((digit,), (), None, "", None)]
    for layer in anatomy.layers[1:]:
        stops.append(_stop(anatomy, layer, activity, winner, digit.shape))
    return Trace(tuple(stops), winner, float(scores[winner]))


def _stop(anatomy: Anatomy, layer: LayerInfo, activity: Activity, winner: int, image: tuple[int, ...]) -> LayerTrace:
    outputs, primary = activity.of(layer.name), activity.primary
    values = outputs.values
    if primary is not None and primary.layer == layer.name:
        return _primary(primary)
    if len(layer.shape) == 2:
        return _capsules(values, winner if layer.name in of_classes(anatomy.layers) else None)
    if outputs.are_maps and min(layer.shape[:2]) > 1:
        if _is_picture(values) and (layer.shape == image if len(image) == 3 else layer.shape[2] == 1):  # a decoder's
            return LayerTrace((values[0] if len(image) == 2 else values.transpose(1, 2, 0),), (), None, "", None)
        best = strongest(outputs, MOST)
        maps = pictures(Outputs(layer.name, values[list(best)]))
        return LayerTrace(tuple(maps), best, _alive(values), _words(values), None)
    return _numbers(anatomy, layer, values.ravel(), winner, image)


def _primary(primary: Primary) -> LayerTrace:
    """Each type's lengths on the grid, the longest first; without a grid, all lengths in a row."""
    rows, columns, types = primary.lengths.shape
    mean = float(primary.lengths.mean())
    answer = f"mean length {mean:.2f}, longest {float(primary.lengths.max()):.2f}"
    if rows * columns == 1:
        return LayerTrace((primary.lengths.reshape(1, types),), (), mean, answer, None)
    maps = Outputs(primary.layer, np.ascontiguousarray(primary.lengths.transpose(2, 0, 1)))
    best = strongest(maps, MOST)
    return LayerTrace(tuple(maps.values[list(best)]), best, mean, answer, None)


def _capsules(values: Floats, winner: int | None) -> LayerTrace:
    lengths = np.linalg.norm(values, axis=-1)
    most = float(lengths.max())
    # Before the squash there is no end to them.
    shades = (lengths / max(most, 1.0)).astype(np.float32)
    answer = f"lengths up to {most:.2f}" if winner is None else f"the longest: {most:.2f}"
    share = float(lengths.mean()) if most < 1 else None
    return LayerTrace((shades.reshape(_grid(len(lengths))),), (), share, answer, winner)


def _numbers(anatomy: Anatomy, layer: LayerInfo, values: Floats, winner: int, image: tuple[int, ...]) -> LayerTrace:
    if len(image) == 3 and len(values) == prod(image) and _is_picture(values):
        return LayerTrace((values.reshape(image),), (), _alive(values), _words(values), None)
    table = _as_before(anatomy, layer)
    shape = table or ((image[0], image[1]) if len(values) == image[0] * image[1] else _grid(len(values)))
    picture = pictures(Outputs(layer.name, values[None].reshape(1, *shape)))[0]
    wins = winner if layer.name in of_classes(anatomy.layers) else None
    if layer is anatomy.scores:
        return LayerTrace((values.reshape(shape),), (), None, f"{values[winner]:.2f}", wins)
    if layer.kind == "mask":
        return LayerTrace((picture,), (), None, "", wins if table is None else winner, table is not None)
    return LayerTrace((picture,), (), _alive(values), _words(values), wins)


def _is_picture(values: Floats) -> bool:
    """Whether all numbers are such as an image has."""
    return bool(values.min() >= 0 and values.max() <= 1)


def _as_before(anatomy: Anatomy, layer: LayerInfo) -> tuple[int, int] | None:
    """A mask keeps the capsules that it reads: a line each."""
    for source in layer.sources:
        shape = anatomy.layers[source].shape
        if layer.kind == "mask" and len(shape) == 2 and prod(shape) == prod(layer.shape):
            return shape[0], shape[1]
    return None


def _alive(values: Floats) -> float | None:
    """The part that is not zero, where zero means no answer."""
    return float((values > 0).mean()) if values.min() == 0 else None


def _words(values: Floats) -> str:
    alive = _alive(values)
    if alive is not None:
        return f"{alive:.0%} active"
    return f"{values.min():.1f} to {values.max():.1f}".replace("-", "−")


def _grid(count: int) -> tuple[int, int]:
    """Rows and columns for so many numbers: a line of a few, else about twice as wide as high."""
    if count <= 16:
        return 1, count
    sides = [(rows, count // rows) for rows in range(1, count + 1) if count % rows == 0]
    return min(sides, key=lambda side: abs(log(side[1] / side[0] / 2)))
