"""From votes to the capsules that they make: routing by agreement (Sabour 2017) and by attention (Mazzia 2021).

B is the batch, I the input capsules, J the output capsules, K their size.
"""

from typing import Any

from keras import ops

from capsdraw.nets.vectors import norm, squash, squash_exponential

Tensor = Any


def dynamic_routing(
    votes: Tensor, iterations: int, stop_gradients: bool = False, bias: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Routing by agreement (Sabour 2017, procedure 1), afresh for every sample and call.

    Args:
        votes: (B, J, I, K), what each input capsule predicts for each output capsule.
        iterations: at least 1; with 1 the coupling is uniform.
        stop_gradients: whether training takes the last iteration's coupling as given, as many ports have it;
            the paper's own code does not.
        bias: (J, K), learnt, added to what an output capsule gathers, as in the paper's own code; without one,
            votes and their negatives give capsules of the same lengths (Peer 2021).

    Returns:
        The output capsules (B, J, K), squashed, and the coupling (B, I, J) that made
        them, which sums to 1 over the output capsules J.
    """
    # Matrix products over votes that lie together: a third of the time of "bij,bijk->bjk".
    logits = ops.zeros_like(votes[..., 0])  # (B, J, I)
    early, bias_early = votes, bias
    if stop_gradients:
        early, bias_early = ops.stop_gradient(votes), None if bias is None else ops.stop_gradient(bias)
    for _ in range(iterations - 1):
        logits = logits + _agreement(early, squash(_gathered(ops.softmax(logits, axis=1), early, bias_early)))
    coupling = ops.softmax(logits, axis=1)
    return squash(_gathered(coupling, votes, bias)), ops.transpose(coupling, (0, 2, 1))


def routed(votes: Tensor, iterations: int, bias: Tensor | None = None) -> Tensor:
    """The output capsules of `dynamic_routing`, for training: with a gradient written out, half the time.

    Differentiated step by step, each of the 2n - 1 sums over votes that n iterations make would give a gradient as
    large as the votes, and these would be added up. Each is an outer product, so their sum is one matrix product.

    Args:
        votes: (B, J, I, K); iterations: at least 1; bias: (J, K), all as there.
    """

    def forward(votes: Tensor, bias: Tensor) -> tuple[Tensor, Any]:
        logits = ops.zeros_like(votes[..., 0])
        couplings: list[Tensor] = []
        totals: list[Tensor] = []
        capsules: list[Tensor] = []
        for _ in range(iterations):
            if capsules:
                logits = logits + _agreement(votes, capsules[-1])
            couplings.append(ops.softmax(logits, axis=1))
            totals.append(_gathered(couplings[-1], votes, bias))
            capsules.append(squash(totals[-1]))

        def backward(*args: Tensor, upstream: Tensor | None = None) -> tuple[Tensor, Tensor]:
            change = args[-1] if upstream is None else upstream  # TensorFlow and JAX give it as the one argument
            to_totals = [_squash_gradient(totals[-1], change)]
            to_logits: list[Tensor] = []  # of the last iteration first, each with those of all after it
            for coupling, total in zip(couplings[:0:-1], totals[-2::-1], strict=True):
                to_coupling = _agreement(votes, to_totals[-1])
                own = coupling * (to_coupling - ops.sum(coupling * to_coupling, axis=1, keepdims=True))
                to_logits.append(own if not to_logits else own + to_logits[-1])
                # These logits hold the agreement with the capsules of the iteration before.
                to_totals.append(_squash_gradient(total, _gathered(to_logits[-1], votes, None)))
            left = ops.stack([*couplings[::-1], *to_logits], axis=3)  # (B, J, I, 2n - 1)
            right = ops.stack([*to_totals, *capsules[-2::-1]], axis=2)  # (B, J, 2n - 1, K)
            return ops.matmul(left, right), ops.sum(sum(to_totals[1:], to_totals[0]), axis=0)

        return capsules[-1], backward

    nothing = ops.zeros_like(votes[0, :, 0])
    # A sum is a tensor: of a variable TensorFlow would ask for a gradient of its own.
    return ops.custom_gradient(forward)(votes, nothing if bias is None else nothing + bias)


def _agreement(votes: Tensor, capsules: Tensor) -> Tensor:
    """(B, J, I): the product of each vote (B, J, I, K) with the capsule (B, J, K) that it is for."""
    return ops.squeeze(ops.matmul(votes, capsules[..., None]), 3)


def _gathered(coupling: Tensor, votes: Tensor, bias: Tensor | None) -> Tensor:
    """(B, J, K): the sum of the votes (B, J, I, K), each times its coupling (B, J, I), and the bias (J, K)."""
    total = ops.squeeze(ops.matmul(coupling[:, :, None], votes), 2)
    return total if bias is None else total + bias


def _squash_gradient(s: Tensor, change: Tensor) -> Tensor:
    """What a change of `squash(s)` (…, K) is as one of `s`."""
    x, y = ops.cast(s, "float32"), ops.cast(change, "float32")
    length = norm(x, keepdims=True)
    square = ops.square(length)
    slope = (1.0 - square) / (ops.square(1.0 + square) * length)
    return ops.cast(length / (1.0 + square) * y + slope * ops.sum(x * y, axis=-1, keepdims=True) * x, s.dtype)


def attention_routing(votes: Tensor, prior: Tensor) -> tuple[Tensor, Tensor]:
    """Self-attention routing (Mazzia 2021, eq. 4 to 6): one pass, no iteration.

    Args:
        votes: (B, J, I, K).
        prior: (I, J), learnt, added to the coupling.

    Returns:
        The output capsules (B, J, K), squashed, and the coupling (B, I, J) before the
        prior, which sums to 1 over the output capsules J.
    """
    agreement = ops.einsum("bjik,bjk->bij", votes, ops.sum(votes, axis=2))
    coupling = ops.softmax(agreement / ops.sqrt(ops.cast(ops.shape(votes)[-1], votes.dtype)), axis=-1)
    return squash_exponential(ops.einsum("bij,bjik->bjk", coupling + prior, votes)), coupling
