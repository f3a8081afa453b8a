"""The routing that is shown is the routing that the layer did."""

from pathlib import Path

import keras
import numpy as np
import pytest

from capsdraw.datasets import synthetic
from capsdraw.lab import steps as routing
from capsdraw.lab.routing import Router
from capsdraw.nets import zoo
from capsdraw.nets.session import Session

from ..made import made_card

DIGITS = synthetic.digits(8, 3)[0].astype(np.float32) / 255


def opened(family: str, **options: object) -> Session:
    """With random weights, votes large enough for routing to matter."""
    model = zoo.build(family, **{**zoo.TINY[family], **options})
    layer = model.get_layer("encoder").get_layer("digit_capsules")
    layer.kernel.assign(np.asarray(layer.kernel) * 60)
    if family == "efficient-capsnet":
        layer.prior.assign(np.random.default_rng(0).normal(0, 0.2, layer.prior.shape))
    card = made_card(
        name=family, title="", kind="capsule", input=model.input_shape[1:], classes=10, sha256="", folder=Path()
    )
    return Session(model, card)


@pytest.mark.parametrize("family", ["capsnet", "efficient-capsnet"])
def test_the_coupling_and_the_lengths_are_the_layer_s_own(family: str) -> None:
    session = opened(family)
    router = Router(session)
    encoder = session.model.get_layer("encoder")
    layer = encoder.get_layer("digit_capsules")
    for digit in DIGITS:
        votes = router.votes(digit)
        last = routing.route(votes)[-1]
        primary = encoder.layers[-2].output
        capsules, coupling = layer.route(keras.Model(encoder.input, primary)(digit[None, ..., None]))
        assert last.coupling == pytest.approx(np.asarray(coupling)[0], abs=1e-5)
        assert last.lengths == pytest.approx(np.linalg.norm(np.asarray(capsules)[0], axis=-1), abs=1e-4)
        assert last.lengths == pytest.approx(session.read(digit).scores, abs=1e-4)


@pytest.mark.parametrize("family", ["capsnet", "efficient-capsnet"])
def test_every_primary_capsule_gives_all_of_itself(family: str) -> None:
    votes = Router(opened(family)).votes(DIGITS[0])
    for step in routing.route(votes, 5):
        assert step.coupling.sum(1) == pytest.approx(1, abs=1e-5)
        assert 0 <= step.entropy <= np.log2(10) + 1e-5


def test_the_first_step_shares_alike_and_the_next_ones_less_and_less() -> None:
    steps = routing.route(Router(opened("capsnet")).votes(DIGITS[1]), 10)
    assert len(steps) == 10
    assert steps[0].coupling == pytest.approx(0.1, abs=1e-6)
    assert steps[0].entropy == pytest.approx(np.log2(10), abs=1e-4)
    entropies = [step.entropy for step in steps]
    assert entropies == sorted(entropies, reverse=True)
    assert entropies[-1] < entropies[0] - 0.05


def test_one_step_more_begins_with_what_the_last_update_led_to() -> None:
    """By hand, as the paper's procedure says: all that was agreed on, summed, and softmax over the classes."""
    votes = Router(opened("capsnet")).votes(DIGITS[1])
    steps = routing.route(votes, votes.iterations + 1)
    agreed = np.zeros(votes.votes.shape[:2])
    for step in steps[:-1]:
        total = np.einsum("ij,jik->jk", step.coupling, votes.votes)
        square = (total**2).sum(1, keepdims=True)
        capsules = total * np.sqrt(square) / (1 + square)
        assert np.linalg.norm(capsules, axis=1) == pytest.approx(step.lengths, abs=1e-4)
        agreed += np.einsum("jik,jk->ji", votes.votes, capsules)
    known = np.exp(agreed) / np.exp(agreed).sum(0)
    assert steps[-1].coupling == pytest.approx(known.T, abs=1e-4)
    assert steps[-2].coupling == pytest.approx(routing.route(votes)[-1].coupling, abs=0)


def test_as_many_steps_as_the_net_makes() -> None:
    for count in (1, 4):
        session = opened("capsnet", iterations=count)
        steps = routing.route(Router(session).votes(DIGITS[2]))
        assert len(steps) == count
        assert steps[-1].lengths == pytest.approx(session.read(DIGITS[2]).scores, abs=1e-4)


def test_places_send_all_there_is_and_share_it_out() -> None:
    votes = Router(opened("capsnet")).votes(DIGITS[3])
    assert votes.grid == (6, 6)
    assert votes.field == (2, 17)
    step = routing.route(votes)[-1]
    sent = routing.sent(step, votes)
    assert sent.shape == (6, 6, 10)
    assert sent.sum() == pytest.approx(1, abs=1e-5)
    # By hand, for one place: its capsules lie together, place after place.
    types = len(votes.activity) // 36
    here = slice(types * (6 * 2 + 4), types * (6 * 2 + 5))
    given = (votes.activity[here, None] * step.coupling[here]).sum(0)
    assert sent[2, 4] == pytest.approx(given / votes.activity.sum(), abs=1e-6)
    assert routing.share(step, votes, 2, 4) == pytest.approx(given / given.sum(), abs=1e-5)


def test_a_place_sees_its_field_and_nothing_else() -> None:
    """A pixel changed outside of the field of a place leaves its capsules as they were."""
    session = opened("capsnet")
    router, digit = Router(session), DIGITS[4]
    votes = router.votes(digit)
    stride, side = votes.field
    for row, column in ((0, 0), (3, 5)):
        changed = np.random.default_rng(1).random(digit.shape, np.float32)
        field = np.s_[stride * row : stride * row + side, stride * column : stride * column + side]
        changed[field] = digit[field]
        types = len(votes.activity) // 36
        here = slice(types * (6 * row + column), types * (6 * row + column + 1))
        assert router.votes(changed).activity[here] == pytest.approx(votes.activity[here], abs=1e-5)
        inside = digit.copy()
        inside[stride * row + side - 1, stride * column + side - 1] += 0.5
        assert np.abs(router.votes(inside).activity[here] - votes.activity[here]).max() > 1e-6


def test_self_attention_has_one_step_and_no_places() -> None:
    votes = Router(opened("efficient-capsnet")).votes(DIGITS[5])
    assert votes.grid is None
    assert votes.prior is not None
    steps = routing.route(votes, 7)
    assert len(steps) == 1
    with pytest.raises(ValueError, match="no places"):
        routing.sent(steps[0], votes)


def test_a_classifier_has_no_routing() -> None:
    model = zoo.build("mlp")
    card = made_card(name="mlp", title="", kind="classifier", input=(28, 28, 1), classes=10, sha256="", folder=Path())
    with pytest.raises(ValueError, match="'mlp' has no capsules"):
        Router(Session(model, card))


def test_a_bias_is_shown_as_the_layer_has_it() -> None:
    session = opened("capsnet", bias=True)
    layer = session.model.get_layer("encoder").get_layer("digit_capsules")
    layer.bias.assign(np.random.default_rng(1).normal(0, 0.4, layer.bias.shape))
    router = Router(session)
    for digit in DIGITS:
        lengths = routing.route(router.votes(digit))[-1].lengths
        assert lengths == pytest.approx(np.asarray(session.read(digit).scores), abs=1e-4)
