"""The steps of routing for one digit, from the votes of its primary capsules. NumPy only.

The number of steps can be another than the net was trained with: then one sees what routing does.
"""

from dataclasses import dataclass

import numpy as np

from capsdraw.nets.reading import Floats

# As in `nets.layers`, inside the root.
_EPSILON = np.float32(1e-9)


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
        bias: (J, K) that dynamic routing adds to what a capsule gathers, or None.
    """

    activity: Floats
    votes: Floats
    grid: tuple[int, int] | None
    field: tuple[int, int]
    prior: Floats | None
    iterations: int
    bias: Floats | None = None


@dataclass(frozen=True)
class RoutingIteration:
    """One iteration of routing.

    Attributes:
        coupling: (I, J), each row sums to 1: how a primary capsule shares itself out.
        capsules: (J, K) the class' capsules that come out; lengths: (J,) theirs.
        entropy: bits, mean over the primary capsules by their activity: log2 J is sharing
            alike, 0 is giving all to one.
    """

    coupling: Floats
    capsules: Floats
    lengths: Floats
    entropy: float


def route(votes: Votes, iterations: int | None = None) -> list[RoutingIteration]:
    """Every step of routing, as many as the net makes or as `iterations` says; self-attention has one."""
    if votes.prior is not None:
        return [_attention(votes, votes.prior)]
    logits = np.zeros(votes.votes.shape[:2], np.float32)  # (J, I)
    steps = []
    for _ in range(iterations or votes.iterations):
        coupling = _softmax(logits)
        total = np.einsum("ji,jik->jk", coupling, votes.votes)
        total = total if votes.bias is None else total + votes.bias
        length = np.sqrt((total**2).sum(-1, keepdims=True) + _EPSILON)
        capsules = total * (length / (1 + length**2))
        logits = logits + np.einsum("jik,jk->ji", votes.votes, capsules)
        steps.append(_step(coupling.T, capsules, votes))
    return steps


def sent(step: RoutingIteration, votes: Votes) -> Floats:
    """(rows, columns, J): the part of all activity that each place gives to each class; sums to 1.

    Raises:
        ValueError: the primary capsules have no places.
    """
    if votes.grid is None:
        raise ValueError("these primary capsules see the whole image each: they have no places")
    shares = step.coupling * (votes.activity / max(float(votes.activity.sum()), 1e-9))[:, None]
    return shares.reshape(*votes.grid, -1, shares.shape[-1]).sum(2)


def share(step: RoutingIteration, votes: Votes, row: int, column: int) -> Floats:
    """(J,) how one place shares itself out over the classes, its capsules weighed by their activity; sums to 1."""
    at = sent(step, votes)[row, column]
    return at / max(float(at.sum()), 1e-9)


def _attention(votes: Votes, prior: Floats) -> RoutingIteration:
    together = votes.votes.sum(1)  # (J, K)
    agreement = np.einsum("jik,jk->ji", votes.votes, together) / np.sqrt(np.float32(votes.votes.shape[-1]))
    coupling = _softmax(agreement).T
    total = np.einsum("ij,jik->jk", coupling + prior, votes.votes)
    length = np.sqrt((total**2).sum(-1, keepdims=True) + _EPSILON)
    return _step(coupling, total * (-np.expm1(-length) / length), votes)


def _step(coupling: Floats, capsules: Floats, votes: Votes) -> RoutingIteration:
    entropy = -(coupling * np.log2(np.maximum(coupling, 1e-12))).sum(1)
    weight = votes.activity / max(float(votes.activity.sum()), 1e-9)
    return RoutingIteration(coupling, capsules, np.linalg.norm(capsules, axis=-1), float(entropy @ weight))


def _softmax(logits: Floats) -> Floats:
    """Over the classes, the first axis."""
    raised = np.exp(logits - logits.max(0))
    return raised / raised.sum(0)
