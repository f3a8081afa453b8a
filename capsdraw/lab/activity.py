"""What a net makes of one image, layer by layer; and its primary capsules as arrows. NumPy only."""

from dataclasses import dataclass

import numpy as np

from capsdraw.lab.filters import grey
from capsdraw.lab.receptive_fields import ReceptiveField
from capsdraw.nets.reading import Floats


@dataclass(frozen=True)
class Outputs:
    """What one layer gives.

    Attributes:
        layer: its name.
        values: float32: feature maps (F, rows, columns), or capsules (I, numbers), or (numbers,).
    """

    layer: str
    values: Floats

    @property
    def are_maps(self) -> bool:
        """Whether these are pictures, one for each filter."""
        return self.values.ndim == 3


@dataclass(frozen=True)
class Primary:
    """The primary capsules where they stand: T types at each place of a grid, D numbers each.

    Attributes:
        layer: the name of the layer that gives them.
        vectors: (rows, columns, T, D) float32, lengths below 1.
        lengths: (rows, columns, T) float32 in [0, 1).
        arrows: (rows, columns, T, 2) float32, x to the right and y up: the two directions of `basis`.
        basis: (T, D, 2) float32: what each of the two numbers of an arrow is made of.
        field: what each place sees, or None where there is one place that sees all.
    """

    layer: str
    vectors: Floats
    lengths: Floats
    arrows: Floats
    basis: Floats
    field: ReceptiveField | None

    @property
    def kept(self) -> float:
        """How much of the capsules' squared lengths the arrows show, from 0 to 1; 1 where all are zero."""
        total = float((self.vectors**2).sum())
        return float((self.arrows**2).sum()) / total if total > 0 else 1.0


@dataclass(frozen=True)
class Activity:
    """All that a net makes of one image.

    Attributes:
        outputs: of each layer, in the order in which they answer, the image's left out.
        primary: capsules of a capsule net, else None.
    """

    outputs: tuple[Outputs, ...]
    primary: Primary | None

    def of(self, layer: str) -> Outputs:
        """What one layer gives; raises KeyError where there is none of that name."""
        return {outputs.layer: outputs for outputs in self.outputs}[layer]


def pictures(outputs: Outputs, common: bool = False) -> Floats:
    """What a layer gives as grey pictures (N, rows, columns), float32 in [0, 1].

    Feature maps are pictures, (F, rows, columns). Of capsules each is a line of its numbers, (I, 1,
    numbers), and plain numbers are a single pixel each, (N, 1, 1): these share one scale, always.

    After a ReLU 0 is black and the largest number white. Where a layer gives numbers of either
    sign, 0 is mid grey, as for kernels.

    Args:
        outputs: of the layer.
        common: one scale for all maps, so that they can be compared; else each has its own.
    """
    values = outputs.values if outputs.are_maps else outputs.values.reshape(len(outputs.values), 1, -1)
    alike = common or not outputs.are_maps
    if values.min() < 0:
        return grey(values, float(np.abs(values).max()) if alike else None)
    most = values.max() if alike else values.max((1, 2), keepdims=True)
    return (values / np.where(most > 0, most, 1)).astype(np.float32)


def strongest(outputs: Outputs, count: int) -> tuple[int, ...]:
    """The feature maps that answer most, the strongest first: by the mean of their amounts, of either sign."""
    answers = np.abs(outputs.values).mean((1, 2))
    # Of equals the first, so that a drawing that changes nothing changes no order.
    return tuple(int(index) for index in np.argsort(-answers, kind="stable")[:count])


def primary(layer: str, vectors: Floats, field: ReceptiveField | None, basis: Floats | None = None) -> Primary:
    """Capsules (rows, columns, T, D) as lengths and arrows.

    Args:
        layer: that gives them; field: what each place sees, or None.
        vectors: the capsules.
        basis: of another image's arrows, to compare with; this image's own `principal` where not given.
    """
    axes = principal(vectors) if basis is None else basis
    arrows = np.einsum("rctd,tdk->rctk", vectors, axes).astype(np.float32)
    return Primary(layer, vectors, np.linalg.norm(vectors, axis=-1), arrows, axes, field)


def principal(vectors: Floats) -> Floats:
    """The two directions in which the capsules (rows, columns, T, D) of a type reach furthest: (T, D, 2).

    They are the first two of the type's second moments over the grid, not centred: a capsule of
    length 0 has an arrow of length 0, and no arrow is longer than its capsule. The numbers of two
    types mean different things, so each type has directions of its own; on a grid of one place they
    share theirs, because a single capsule would always point along its own. Of a direction and its
    opposite, the one whose largest number is positive is taken.
    """
    rows, columns, types, size = vectors.shape
    flat = vectors.reshape(rows * columns, types, size).astype(np.float64)
    if rows * columns == 1:
        flat = flat.transpose(1, 0, 2)
    moments = np.einsum("ptd,pte->tde", flat, flat)
    axes = np.linalg.eigh(moments)[1][..., ::-1][..., :2]  # the largest first
    largest = np.take_along_axis(axes, np.abs(axes).argmax(1, keepdims=True), 1)
    axes = axes * np.where(largest < 0, -1, 1)
    return np.broadcast_to(axes, (types, *axes.shape[1:])).astype(np.float32)
