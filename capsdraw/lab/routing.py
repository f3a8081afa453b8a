"""Asks a capsule net for the votes of its primary capsules; `lab.steps` routes them."""

from collections.abc import Callable

import keras
import numpy as np

from capsdraw.lab.inside import ground, inside
from capsdraw.lab.steps import Votes
from capsdraw.nets.layers import DigitCapsules
from capsdraw.nets.reading import Floats
from capsdraw.nets.session import Session, compiled


class Router:
    """Asks a capsule net for the votes of its primary capsules.

    Raises:
        ValueError: a net without capsules.
        TypeError: its capsules are gathered in a way of their own.
    """

    def __init__(self, session: Session) -> None:
        if not session.capsule:
            raise ValueError(f"'{session.name}' has no capsules")
        encoder = session.model.get_layer("encoder")
        self._layer = encoder.layers[-1]
        if not isinstance(self._layer, DigitCapsules):
            raise TypeError(f"the capsules of '{session.name}' are gathered by {type(self._layer).__name__}")
        primary = self._layer.input
        self._call: Callable[[Floats], list[Floats]] = compiled(
            keras.Model(encoder.input, _VotesLayer(self._layer)(primary)), encoder.input_shape[1:]
        )
        self._shape = encoder.input_shape[1:]
        origin = ground(inside(session.model))
        assert origin is not None
        self._grid = origin.grid
        self._field = (round(origin.field.stride[0]), round(origin.field.side[0])) if origin.field else (1, 1)

    def votes(self, digit: Floats) -> Votes:
        """Of one digit, (rows, columns) float32 in [0, 1]."""
        primary, votes = (answer[0] for answer in self._call(digit.reshape(1, *self._shape)))
        attention = self._layer.routing == "attention"
        prior = np.asarray(self._layer.prior, np.float32) if attention else None
        return Votes(
            np.linalg.norm(primary, axis=-1), votes, self._grid, self._field, prior,
            1 if attention else self._layer.iterations, _numbers(self._layer.bias),
        )  # fmt: skip


def _numbers(weight: keras.Variable | None) -> Floats | None:
    return None if weight is None else np.asarray(weight, np.float32)


class _VotesLayer(keras.layers.Layer):  # type: ignore[misc]
    """The primary capsules and their votes, by the weights of another layer."""

    def __init__(self, layer: DigitCapsules) -> None:
        super().__init__()
        self._of = layer

    def call(self, inputs: keras.KerasTensor) -> list[keras.KerasTensor]:
        return [inputs, self._of.votes(inputs)]
