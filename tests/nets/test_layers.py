"""The layers, against plain NumPy and against the errors that ports of CapsNet are known for."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from keras import ops

from capsdraw.nets.layers import (
    DigitCapsules,
    Length,
    Longest,
    Mask,
    Squash,
    attention_routing,
    dynamic_routing,
    norm,
    squash,
    squash_exponential,
)

RANDOM = np.random.default_rng(0)
VOTES = RANDOM.normal(0, 0.5, (3, 4, 6, 5)).astype(np.float32)  # (B, J, I, K)

vectors = arrays(np.float32, (4, 8), elements=st.floats(-30, 30, width=32))


def plain_squash(s: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(s, axis=-1, keepdims=True)
    return length / (1 + length**2) * s


def plain_routing(votes: np.ndarray, iterations: int) -> np.ndarray:
    """Procedure 1 of the paper for one sample, (I, J, K), written out."""
    logits = np.zeros(votes.shape[:2])
    for _ in range(iterations):
        coupling = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
        capsules = plain_squash(np.einsum("ij,ijk->jk", coupling, votes))
        logits += np.einsum("ijk,jk->ij", votes, capsules)
    return capsules


@pytest.mark.parametrize("form", [squash, squash_exponential])
@given(s=vectors)
@settings(deadline=None, max_examples=50)
def test_squash_keeps_the_direction_and_stays_below_one(form: Callable[[Any], Any], s: np.ndarray) -> None:
    v = np.asarray(form(s))
    assert np.linalg.norm(v, axis=-1).max() < 1 + 1e-5
    cross = v * np.linalg.norm(s, axis=-1, keepdims=True) - s * np.linalg.norm(v, axis=-1, keepdims=True)
    assert np.abs(cross).max() < 1e-2
    assert ((v * s).sum(-1) >= 0).all()


def test_both_squashes_are_those_of_their_papers() -> None:
    s = RANDOM.normal(0, 1, (20, 8))
    length = np.linalg.norm(s, axis=-1, keepdims=True)
    assert np.asarray(squash(s.astype(np.float32))) == pytest.approx(plain_squash(s), abs=1e-5)
    wanted = (1 - np.exp(-length)) * s / length
    assert np.asarray(squash_exponential(s.astype(np.float32))) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        Squash, partial(Squash, exponential=True), Length, partial(DigitCapsules, 4, 5),
        partial(DigitCapsules, 4, 5, "attention"), partial(DigitCapsules, 4, 5, bias=True),
    ],
    ids=["squash", "exponential", "length", "dynamic", "attention", "bias"],
)  # fmt: skip
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize("how", ["eager", "graph", "xla"])
def test_nothing_is_nan_at_a_zero_vector(make: Callable[..., keras.layers.Layer], dtype: str, how: str) -> None:
    """One dead capsule would turn all weights into NaN."""
    layer = make(dtype=dtype)
    layer.build((None, 3, 8))

    def found(x: tf.Tensor) -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
            total = tf.reduce_sum(y)
        return [y, *tape.gradient(total, [x, *layer.trainable_weights])]

    call = found if how == "eager" else tf.function(found, jit_compile=how == "xla")
    for one in call(tf.zeros((2, 3, 8), dtype)):
        assert np.isfinite(tf.cast(one, "float32").numpy()).all()


@pytest.mark.parametrize("form", [squash, squash_exponential])
@pytest.mark.parametrize(("dtype", "precise"), [("bfloat16", 2**-8), ("float16", 2**-11)])
def test_a_squash_of_half_the_bits_is_that_of_all_of_them_rounded(
    form: Callable[[Any], Any], dtype: str, precise: float
) -> None:
    """Also where the squares of the numbers would be 0 in float16."""
    s = tf.cast(RANDOM.normal(0, 1, (50, 8)) * np.logspace(-4, 1, 50)[:, None], dtype)
    found, wanted = form(s), form(tf.cast(s, "float32"))
    assert found.dtype == s.dtype
    # float16's smallest steps are of 6e-8.
    assert tf.cast(found, "float32").numpy() == pytest.approx(wanted.numpy(), rel=precise, abs=6e-8)


@pytest.mark.parametrize("iterations", [1, 2, 3, 5])
def test_dynamic_routing_is_the_paper_s(iterations: int) -> None:
    capsules, _ = dynamic_routing(VOTES, iterations)
    for one, votes in zip(np.asarray(capsules), VOTES, strict=True):
        assert one == pytest.approx(plain_routing(votes.swapaxes(0, 1), iterations), abs=1e-5)


def test_gradients_stop_at_the_coupling_where_that_is_asked_for() -> None:
    """As many ports have it; the paper's own code lets them through, and so does this one by default."""
    weights = RANDOM.normal(0, 1, (3, 4, 5)).astype(np.float32)

    def gradient(routed: Callable[[Any], Any]) -> np.ndarray:
        votes = tf.constant(VOTES)
        with tf.GradientTape() as tape:
            tape.watch(votes)
            loss = tf.reduce_sum(routed(votes) * weights)
        return np.asarray(tape.gradient(loss, votes))

    _, coupling = dynamic_routing(VOTES, 3)
    given = gradient(lambda votes: squash(tf.einsum("bij,bjik->bjk", tf.constant(np.asarray(coupling)), votes)))
    stopped = gradient(lambda votes: dynamic_routing(votes, 3, stop_gradients=True)[0])
    through = gradient(lambda votes: dynamic_routing(votes, 3)[0])
    assert stopped == pytest.approx(given, abs=1e-5)
    assert np.abs(through - given).max() > 1e-2
    layer = DigitCapsules(4, 5, stop_gradients=True)
    assert layer.get_config()["stop_gradients"]
    assert np.array_equal(dynamic_routing(VOTES, 3, stop_gradients=True)[0], dynamic_routing(VOTES, 3)[0])


def test_gradients_of_a_bias_stop_at_the_coupling_too() -> None:
    """It took part in the iterations before the last one, and learnt through the coupling all the same."""
    random = np.random.default_rng(2)
    weights = random.normal(0, 1, (3, 4, 5)).astype(np.float32)
    bias = tf.Variable(random.normal(0, 0.3, (4, 5)).astype(np.float32))

    def gradient(routed: Callable[[], Any]) -> np.ndarray:
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(routed() * weights)
        return np.asarray(tape.gradient(loss, bias))

    capsules, coupling = dynamic_routing(VOTES, 3, bias=bias)
    fixed = tf.constant(np.asarray(coupling))
    given = gradient(lambda: squash(tf.einsum("bij,bjik->bjk", fixed, VOTES) + bias))
    stopped = gradient(lambda: dynamic_routing(VOTES, 3, stop_gradients=True, bias=bias)[0])
    assert stopped == pytest.approx(given, abs=1e-5)
    assert np.abs(gradient(lambda: dynamic_routing(VOTES, 3, bias=bias)[0]) - given).max() > 1e-2
    assert np.array_equal(dynamic_routing(VOTES, 3, stop_gradients=True, bias=bias)[0], capsules)


@pytest.mark.parametrize("routing", ["dynamic", "attention"])
def test_coupling_sums_to_one_over_the_output_capsules(routing: str) -> None:
    """Several well-known ports take the softmax over the input capsules."""
    if routing == "dynamic":
        _, coupling = dynamic_routing(VOTES, 3)
    else:
        _, coupling = attention_routing(VOTES, np.zeros((6, 4), np.float32))
    coupling = np.asarray(coupling)
    assert coupling.sum(2) == pytest.approx(np.ones((3, 6)), abs=1e-5)
    assert np.abs(coupling.sum(1) - 1).max() > 0.05


def test_one_iteration_couples_uniformly() -> None:
    _, coupling = dynamic_routing(VOTES, 1)
    assert np.asarray(coupling) == pytest.approx(np.full((3, 6, 4), 0.25))


def test_attention_routing_is_its_paper_s() -> None:
    prior = RANDOM.normal(0, 0.1, (6, 4)).astype(np.float32)
    agreement = np.einsum("bjik,bjk->bij", VOTES, VOTES.sum(2)) / np.sqrt(5)
    coupling = np.exp(agreement) / np.exp(agreement).sum(2, keepdims=True)
    s = np.einsum("bij,bjik->bjk", coupling + prior, VOTES)
    length = np.linalg.norm(s, axis=-1, keepdims=True)
    wanted = (1 - np.exp(-length)) * s / length
    assert np.asarray(attention_routing(VOTES, prior)[0]) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize("routing", ["dynamic", "attention"])
def test_a_sample_is_routed_alone_as_in_a_batch_and_twice_the_same(routing: str) -> None:
    """Logits that live on between samples or calls would make the answer depend on what was drawn before."""
    layer = DigitCapsules(4, 5, routing)
    inputs = RANDOM.normal(0, 1, (5, 6, 8)).astype(np.float32)
    together = np.asarray(layer(inputs))
    assert np.asarray(layer(inputs)) == pytest.approx(together, abs=1e-6)
    for index in range(5):
        assert np.asarray(layer(inputs[index : index + 1]))[0] == pytest.approx(together[index], abs=1e-5)


def test_the_kernel_starts_wide_enough_to_learn() -> None:
    layer = DigitCapsules(10, 16)
    layer.build((None, 1152, 8))
    assert 0.05 <= float(np.std(layer.kernel)) <= 0.11


def test_the_mask_keeps_all_places_and_zeroes_the_rest() -> None:
    capsules = RANDOM.normal(0, 1, (2, 4, 5)).astype(np.float32)
    masked = np.asarray(Mask()([capsules, np.eye(4, dtype=np.float32)[[2, 0]]])).reshape(2, 4, 5)
    assert np.array_equal(masked[0, 2], capsules[0, 2])
    assert np.array_equal(masked[1, 0], capsules[1, 0])
    assert np.count_nonzero(masked) == 10


def test_the_longest_wins() -> None:
    assert np.asarray(Longest()(np.array([[0.1, 0.9, 0.3]], np.float32))).tolist() == [[0, 1, 0]]


@pytest.mark.parametrize(
    ("layer", "shapes"),
    [
        (Squash(exponential=True), [(6, 8)]),
        (DigitCapsules(4, 5, "attention"), [(6, 8)]),
        (DigitCapsules(3, 7, iterations=2), [(6, 8)]),
        (DigitCapsules(3, 7, bias=True), [(6, 8)]),
        (Length(), [(4, 5)]),
        (Longest(), [(4,)]),
        (Mask(), [(4, 5), (4,)]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, keras.layers.Layer) else None,
)
def test_every_layer_keeps_its_contract(layer: keras.layers.Layer, shapes: list[tuple[int, ...]]) -> None:
    """Configuration round trips, and the shape it promises is the shape it gives."""
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    inputs = [ops.ones((2, *shape)) for shape in shapes]
    promised = again.compute_output_shape([(None, *s) for s in shapes] if len(shapes) > 1 else (None, *shapes[0]))
    assert again(inputs if len(inputs) > 1 else inputs[0]).shape[1:] == promised[1:]


@pytest.mark.parametrize("wrong", [{"routing": "none"}, {"iterations": 0}, {"size": 0}, {"capsules": 0}])
def test_wrong_arguments_are_named(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Received"):
        DigitCapsules(**{"capsules": 4, **wrong})


def test_a_bias_tells_votes_from_their_negatives() -> None:
    """Peer 2021: without one, a capsule is as long for the one as for the other."""
    inputs = np.random.default_rng(0).normal(0, 1, (5, 6, 8)).astype(np.float32)
    plain, biased = DigitCapsules(4, 5), DigitCapsules(4, 5, bias=True)
    for layer, differs in ((plain, False), (biased, True)):
        one, other = (np.asarray(norm(layer(sign * inputs))) for sign in (1, -1))
        assert (np.abs(one - other).max() > 1e-2) == differs
    assert plain.bias is None
    assert np.array_equal(biased.bias, np.full((4, 5), 0.1, np.float32))
    assert not any("bias" in weight.name for weight in DigitCapsules(4, 5, "attention", bias=True).weights)


def test_a_bias_is_added_before_each_squash() -> None:
    bias = np.random.default_rng(1).normal(0, 0.3, VOTES.shape[1::2]).astype(np.float32)
    logits = np.zeros(VOTES.shape[:3], np.float32)
    for _ in range(3):
        raised = np.exp(logits)
        coupling = raised / raised.sum(1, keepdims=True)
        total = np.einsum("bji,bjik->bjk", coupling, VOTES) + bias
        capsules = np.asarray(squash(total))
        logits = logits + np.einsum("bjik,bjk->bji", VOTES, capsules)
    assert np.asarray(dynamic_routing(VOTES, 3, bias=bias)[0]) == pytest.approx(capsules, abs=1e-5)
