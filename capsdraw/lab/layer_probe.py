"""Asks a net for the outputs of all its layers, in one call."""

from collections.abc import Callable

import keras
import numpy as np

from capsdraw.errors import CapsDrawError
from capsdraw.lab.activity import Activity, Outputs, Primary, primary
from capsdraw.lab.inside import ground, inside
from capsdraw.nets.reading import Floats
from capsdraw.nets.session import Session, compiled


class LayerProbe:
    """Watches one net at work. Compiled when it is made.

    Attributes:
        layers: names of all layers, in the order in which they answer.
    """

    def __init__(self, session: Session) -> None:
        opened = inside(session.model)
        self._name, self._shape = session.name, session.card.input
        self._places = opened.places[1:]
        self.layers = tuple(place.name for place in self._places)
        self._call: Callable[[Floats], list[Floats]] = compiled(
            keras.Model(opened.image, [place.output for place in self._places]), self._shape
        )
        self._ground = ground(opened)

    def look(self, digit: Floats, basis: Floats | None = None) -> Activity:
        """What every layer makes of one image.

        Args:
            digit: (rows, columns) float32 in [0, 1], or (rows, columns, 3) in colour.
            basis: of the arrows of another image (`Primary.basis`), to compare with; else they have their own.

        Raises:
            CapsDrawError: an image of another size.
        """
        if digit.size != np.prod(self._shape):
            raise CapsDrawError(f"'{self._name}' sees images of {self._shape}, received {digit.shape}")
        values = [np.asarray(answer[0], np.float32) for answer in self._call(digit.reshape(1, *self._shape))]
        outputs = tuple(
            Outputs(place.name, _maps_first(layer_values))
            for place, layer_values in zip(self._places, values, strict=True)
        )
        return Activity(outputs, self._primary(values, basis))

    def _primary(self, values: list[Floats], basis: Floats | None) -> Primary | None:
        if self._ground is None:
            return None
        capsules = values[self._ground.index - 1]  # the image is not among them
        grid = self._ground.grid
        # The capsules of a place lie together, place after place.
        vectors = capsules.reshape(*(grid or (1, 1)), -1, capsules.shape[-1])
        return primary(
            self.layers[self._ground.index - 1], vectors, self._ground.field if grid else None, basis
        )  # fmt: skip


def _maps_first(values: Floats) -> Floats:
    """(rows, columns, F) as (F, rows, columns); all else as it is."""
    return np.ascontiguousarray(values.transpose(2, 0, 1)) if values.ndim == 3 else values
