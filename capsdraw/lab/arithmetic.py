"""How one value of a map comes about: a patch times a kernel, added up. NumPy only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from capsdraw.nets.reading import Floats

# What the three maps of an image in colour are.
COLOURS: Final = ("red", "green", "blue")
# What a layer does with the sum, as far as it is computed here, too.
_ACTIVATIONS: Final[dict[str, Callable[[float], float]]] = {
    "linear": lambda total: total,
    "relu": lambda total: max(total, 0.0),
    "sigmoid": lambda total: float(1 / (1 + np.exp(-total))),
    "tanh": lambda total: float(np.tanh(total)),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class ValueSum:
    """One value of a convolution's map, and all that it is computed from.

    Attributes:
        layer: its name; index: of the map, from 0; row, column: of the value in it.
        patch: (C, rows, columns) float32: what lies under the kernel, of each map that the layer reads; zeros beyond.
        kernel: (C, rows, columns) float32.
        inputs: numbers of these C maps among those that the layer reads.
        corner: row and column of the patch's first value in what the layer reads; negative where it is padded.
        of_image: whether it reads the image itself.
        bias: that is added, 0 without; activation: what is done with the sum, "relu" say.
        value: what the net itself gave there.
    """

    layer: str
    index: int
    row: int
    column: int
    patch: Floats
    kernel: Floats
    inputs: tuple[int, ...]
    corner: tuple[int, int]
    of_image: bool
    bias: float
    activation: str
    value: float

    def called(self, channel: int) -> str:
        """Which of the C maps that is, for people: "map 3", or of an image in colour "green"."""
        return COLOURS[channel] if self.in_colour else f"map {self.inputs[channel] + 1}"

    @property
    def in_colour(self) -> bool:
        """Whether the maps are an image's red, green and blue."""
        return self.of_image and len(self.inputs) == len(COLOURS)

    @property
    def products(self) -> NDArray[np.float64]:
        """(C, rows, columns) patch times kernel."""
        return self.patch.astype(np.float64) * self.kernel

    @property
    def shares(self) -> NDArray[np.float64]:
        """(C,) the sum of the products of each map that the layer reads."""
        return self.products.sum((1, 2))

    @property
    def strongest(self) -> int:
        """Which of the C maps adds or takes away most."""
        return int(np.abs(self.shares).argmax())

    @property
    def total(self) -> float:
        """All products and the bias added up: what the activation is given."""
        return float(self.shares.sum()) + self.bias

    @property
    def computed(self) -> float | None:
        """The value as computed here from patch and kernel; None where the activation is not known here."""
        activation = _ACTIVATIONS.get(self.activation)
        return None if activation is None else activation(self.total)


def cut_patch(source: Floats, corner: tuple[int, int], size: tuple[int, int], apart: tuple[int, int]) -> Floats:
    """What lies under a kernel: (C, rows, columns) of maps (C, all rows, all columns), zeros beyond their edges.

    Args:
        source: the maps.
        corner: row and column of the patch's first value, which may lie outside.
        size: rows and columns of the patch.
        apart: from a value to the next one down and across, 1 unless the kernel is dilated.
    """
    rows, columns = (first + step * np.arange(many) for first, many, step in zip(corner, size, apart, strict=True))
    inside = ((rows >= 0) & (rows < source.shape[1]))[:, None] & ((columns >= 0) & (columns < source.shape[2]))
    reached = source[:, np.clip(rows, 0, source.shape[1] - 1)][:, :, np.clip(columns, 0, source.shape[2] - 1)]
    return np.where(inside, reached, np.float32(0)).astype(np.float32)


def strongest_place(values: Floats) -> tuple[int, int]:
    """Row and column of the largest value, of a map (rows, columns)."""
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    return int(row), int(column)
