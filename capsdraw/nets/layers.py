"""Capsule layers in `keras.ops`: the same code on TensorFlow, JAX and PyTorch.

A capsule is a vector; its length, from 0 to 1, says that a thing is there, its direction
how it looks. B is the batch, I the input capsules, J the output capsules, D and K their sizes.
"""

from typing import Any

import keras
from keras import ops

# Inside the root: outside of it, the gradient at a zero vector is NaN. In float16 it would be 0: lengths are float32's.
EPSILON = 1e-9

Tensor = Any


def norm(s: Tensor, keepdims: bool = False) -> Tensor:
    """Length of the vectors on the last axis in float32, with a finite gradient at zero."""
    return ops.sqrt(ops.sum(ops.square(ops.cast(s, "float32")), axis=-1, keepdims=keepdims) + EPSILON)


def squash(s: Tensor) -> Tensor:
    """`‖s‖²/(1+‖s‖²) · s/‖s‖` on the last axis: direction kept, length in [0, 1) (Sabour 2017, eq. 1)."""
    x = ops.cast(s, "float32")
    length = norm(x, keepdims=True)
    return ops.cast(x * (length / (1.0 + ops.square(length))), s.dtype)


def squash_exponential(s: Tensor) -> Tensor:
    """`(1 − e^(−‖s‖)) · s/‖s‖` on the last axis: steeper near zero (Mazzia 2021, eq. 2)."""
    x = ops.cast(s, "float32")
    length = norm(x, keepdims=True)
    return ops.cast(x * (-ops.expm1(-length) / length), s.dtype)


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
    early, early_bias = votes, bias
    if stop_gradients:
        early, early_bias = ops.stop_gradient(votes), None if bias is None else ops.stop_gradient(bias)
    for _ in range(iterations - 1):
        logits = logits + ops.squeeze(ops.matmul(early, _gathered(early, logits, early_bias)[0][..., None]), 3)
    capsules, coupling = _gathered(votes, logits, bias)
    return capsules, ops.transpose(coupling, (0, 2, 1))


def _gathered(votes: Tensor, logits: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor]:
    """The output capsules (B, J, K) of votes (B, J, I, K), and the coupling (B, J, I) that logits give."""
    coupling = ops.softmax(logits, axis=1)
    total = ops.squeeze(ops.matmul(coupling[:, :, None], votes), 2)
    return squash(total if bias is None else total + bias), coupling


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


@keras.saving.register_keras_serializable("capsdraw")
class Squash(keras.layers.Layer):  # type: ignore[misc]
    """Squash the vectors on the last axis.

    Args:
        exponential: the form of Efficient-CapsNet instead of the paper's.

    Input shape: (B, …, D). Output shape: the same.
    """

    def __init__(self, exponential: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.exponential = exponential

    def call(self, inputs: Tensor) -> Tensor:
        return squash_exponential(inputs) if self.exponential else squash(inputs)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "exponential": self.exponential}


@keras.saving.register_keras_serializable("capsdraw")
class DigitCapsules(keras.layers.Layer):  # type: ignore[misc]
    """Capsules that gather the votes of the layer below.

    Args:
        capsules: J, one for each class.
        size: K, numbers in each.
        routing: "dynamic" (Sabour 2017) or "attention" (Mazzia 2021).
        iterations: of dynamic routing, at least 1; not used by attention.
        stop_gradients: of dynamic routing, see `dynamic_routing`; not used by attention.
        bias: whether dynamic routing has a `bias`, 0.1 at first; not used by attention.

    Input shape: (B, I, D). Output shape: (B, J, K), lengths in [0, 1).

    Raises:
        ValueError: an unknown routing, or fewer than one capsule, number or iteration.
    """

    def __init__(
        self,
        capsules: int,
        size: int = 16,
        routing: str = "dynamic",
        iterations: int = 3,
        stop_gradients: bool = False,
        bias: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if routing not in ("dynamic", "attention"):
            raise ValueError(f"routing must be 'dynamic' or 'attention'. Received: {routing!r}")
        if min(capsules, size, iterations) < 1:
            raise ValueError(
                f"capsules, size and iterations must be at least 1. Received: {capsules}, {size}, {iterations}"
            )
        self.capsules = capsules
        self.size = size
        self.routing = routing
        self.iterations = iterations
        self.stop_gradients = stop_gradients
        self.has_bias = bias

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        _, below, depth = input_shape
        # Glorot on a 4-D kernel takes the wrong fans and starts on a plateau.
        self.kernel = self.add_weight(
            shape=(below, self.capsules, depth, self.size),
            initializer=keras.initializers.RandomNormal(stddev=0.1),
            name="kernel",
        )
        if self.routing == "attention":
            self.prior = self.add_weight(shape=(below, self.capsules), initializer="zeros", name="prior")
        self.bias = None
        if self.has_bias and self.routing == "dynamic":
            self.bias = self.add_weight(
                shape=(self.capsules, self.size), initializer=keras.initializers.Constant(0.1), name="bias"
            )

    def votes(self, inputs: Tensor) -> Tensor:
        """What each input capsule predicts for each output capsule: (B, J, I, K)."""
        below, capsules, depth, size = self.kernel.shape
        # One matrix product for each input capsule: "bid,ijdk->bjik", in two thirds of its time.
        kernel = ops.reshape(ops.transpose(self.kernel, (0, 2, 1, 3)), (below, depth, capsules * size))
        votes = ops.matmul(ops.transpose(inputs, (1, 0, 2)), kernel)  # (I, B, J·K)
        return ops.transpose(ops.reshape(votes, (below, -1, capsules, size)), (1, 2, 0, 3))

    def route(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """The output capsules (B, J, K) and their coupling (B, I, J), summing to 1 over J."""
        if self.routing == "attention":
            return attention_routing(self.votes(inputs), self.prior)
        return dynamic_routing(self.votes(inputs), self.iterations, self.stop_gradients, self.bias)

    def call(self, inputs: Tensor) -> Tensor:
        return self.route(inputs)[0]

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], self.capsules, self.size)

    def get_config(self) -> dict[str, Any]:
        names = ("capsules", "size", "routing", "iterations", "stop_gradients")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}, "bias": self.has_bias}


@keras.saving.register_keras_serializable("capsdraw")
class Length(keras.layers.Layer):  # type: ignore[misc]
    """Length of each capsule. Input shape: (B, J, K). Output shape: (B, J), float32."""

    def call(self, inputs: Tensor) -> Tensor:
        return norm(inputs)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape[:-1]


@keras.saving.register_keras_serializable("capsdraw")
class Longest(keras.layers.Layer):  # type: ignore[misc]
    """One-hot mask of the largest number. Input shape: (B, J). Output shape: the same, 0 or 1."""

    def call(self, inputs: Tensor) -> Tensor:
        return ops.one_hot(ops.argmax(inputs, axis=-1), inputs.shape[-1], dtype=inputs.dtype)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return input_shape


@keras.saving.register_keras_serializable("capsdraw")
class Mask(keras.layers.Layer):  # type: ignore[misc]
    """Zero all capsules but the chosen, and lay all out flat for the decoder.

    The mask is the label in training, the longest capsule at inference, and the user's
    choice when perturbing.

    Input shape: [(B, J, K) capsules, (B, J) mask]. Output shape: (B, J·K), none left out.
    """

    def call(self, inputs: list[Tensor]) -> Tensor:
        capsules, mask = inputs
        masked = capsules * ops.cast(mask, capsules.dtype)[..., None]
        return ops.reshape(masked, (-1, capsules.shape[1] * capsules.shape[2]))

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, int]:
        batch, capsules, size = input_shape[0]
        assert capsules is not None
        assert size is not None
        return (batch, capsules * size)
