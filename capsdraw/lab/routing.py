"""What routing does with one digit: how much each primary capsule gives to each digit, step by step.

A `Router` asks the net for its votes once; the steps after them are NumPy, so that their number can be changed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np

from capsdraw.nets.layers import EPSILON, DigitCapsules
from capsdraw.nets.reading import Floats
from capsdraw.nets.session import Session, compiled


@dataclass(frozen=True)
class Votes:
    """What the primary capsules say, before any routing. I primary capsules, J classes, K numbers.

    Attributes:
        activity: (I,) their lengths.
        votes: (J, I, K) what each predicts for each class' capsule.
        grid: (rows, columns) of places with I / (rows · columns) capsules each, or None where
            every capsule sees the whole image.
        field: (stride, side) pixels: the place (r, c) sees the square of `side` from (stride · r, stride · c) on.
        prior: (I, J) that self-attention adds to its coupling, or None for dynamic routing.
        iterations: that the net itself makes.
    """

    activity: Floats
    votes: Floats
    grid: tuple[int, int] | None
    field: tuple[int, int]
    prior: Floats | None
    iterations: int


@dataclass(frozen=True)
class Step:
    """One iteration of routing.

    Attributes:
        coupling: (I, J), each row sums to 1: how a primary capsule shares itself out.
        lengths: (J,) of the class' capsules that come out.
        entropy: bits, mean over the primary capsules by their activity: log2 J is sharing
            alike, 0 is giving all to one.
    """

    coupling: Floats
    lengths: Floats
    entropy: float


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
            keras.Model(encoder.input, _Votes(self._layer)(primary)), encoder.input_shape[1:]
        )
        self._shape = encoder.input_shape[1:]
        self._grid, self._field = _grid(encoder, primary.shape[1])

    def votes(self, digit: Floats) -> Votes:
        """Of one digit, (rows, columns) float32 in [0, 1]."""
        primary, votes = (one[0] for one in self._call(digit.reshape(1, *self._shape)))
        attention = self._layer.routing == "attention"
        prior = np.asarray(self._layer.prior, np.float32) if attention else None
        return Votes(
            np.linalg.norm(primary, axis=-1), votes, self._grid, self._field, prior,
            1 if attention else self._layer.iterations,
        )  # fmt: skip


def route(votes: Votes, iterations: int | None = None) -> list[Step]:
    """Every step of routing, as many as the net makes or as `iterations` says; self-attention has one."""
    if votes.prior is not None:
        return [_attention(votes, votes.prior)]
    logits = np.zeros(votes.votes.shape[:2], np.float32)  # (J, I)
    steps = []
    for _ in range(iterations or votes.iterations):
        coupling = _softmax(logits)
        total = np.einsum("ji,jik->jk", coupling, votes.votes)
        length = np.sqrt((total**2).sum(-1, keepdims=True) + EPSILON)
        capsules = total * (length / (1 + length**2))
        logits = logits + np.einsum("jik,jk->ji", votes.votes, capsules)
        steps.append(_step(coupling.T, capsules, votes))
    return steps


def sent(step: Step, votes: Votes) -> Floats:
    """(rows, columns, J): the part of all activity that each place gives to each class; sums to 1.

    Raises:
        ValueError: the primary capsules have no places.
    """
    if votes.grid is None:
        raise ValueError("these primary capsules see the whole image each: they have no places")
    given = step.coupling * (votes.activity / max(float(votes.activity.sum()), 1e-9))[:, None]
    return given.reshape(*votes.grid, -1, given.shape[-1]).sum(2)


def share(step: Step, votes: Votes, row: int, column: int) -> Floats:
    """(J,) how one place shares itself out over the classes, its capsules weighed by their activity; sums to 1."""
    at = sent(step, votes)[row, column]
    return at / max(float(at.sum()), 1e-9)


def _attention(votes: Votes, prior: Floats) -> Step:
    together = votes.votes.sum(1)  # (J, K)
    agreement = np.einsum("jik,jk->ji", votes.votes, together) / np.sqrt(np.float32(votes.votes.shape[-1]))
    coupling = _softmax(agreement).T
    total = np.einsum("ij,jik->jk", coupling + prior, votes.votes)
    length = np.sqrt((total**2).sum(-1, keepdims=True) + EPSILON)
    return _step(coupling, total * (-np.expm1(-length) / length), votes)


def _step(coupling: Floats, capsules: Floats, votes: Votes) -> Step:
    entropy = -(coupling * np.log2(np.maximum(coupling, 1e-12))).sum(1)
    weight = votes.activity / max(float(votes.activity.sum()), 1e-9)
    return Step(coupling, np.linalg.norm(capsules, axis=-1), float(entropy @ weight))


def _softmax(logits: Floats) -> Floats:
    """Over the classes, the first axis."""
    raised = np.exp(logits - logits.max(0))
    return raised / raised.sum(0)


def _grid(encoder: keras.Model, capsules: int) -> tuple[tuple[int, int] | None, tuple[int, int]]:
    """Places of the primary capsules, and what one sees: stride and side of its field in pixels."""
    stride, side = 1, 1
    for layer in encoder.layers:
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)):
            side += (layer.kernel_size[0] - 1) * stride
            stride *= layer.strides[0]
    _, rows, columns, _ = encoder.get_layer("primary").output.shape
    places = (rows, columns) if rows * columns > 1 and capsules % (rows * columns) == 0 else None
    return places, (stride, side)


class _Votes(keras.layers.Layer):  # type: ignore[misc]
    """The primary capsules and their votes, by the weights of another layer."""

    def __init__(self, layer: DigitCapsules) -> None:
        super().__init__()
        self._of = layer

    def call(self, inputs: keras.KerasTensor) -> list[keras.KerasTensor]:
        return [inputs, self._of.votes(inputs)]
