"""Votes as arrows: what is drawn is what the net does."""

import numpy as np
import pytest

from capsdraw.lab import agreement
from capsdraw.lab.routing import Router
from capsdraw.lab.steps import Votes, route
from capsdraw.nets import cards
from capsdraw.nets.layers import dynamic_routing
from capsdraw.nets.session import Session

from .test_routing import DIGITS


def some_votes(seed: int = 0, classes: int = 4, capsules: int = 24, size: int = 6) -> Votes:
    """24 capsules on a grid of 2 × 3 places, 4 at each."""
    generator = np.random.default_rng(seed)
    votes = generator.normal(0, 1, (classes, capsules, size)).astype(np.float32)
    votes[1, :8] += 2  # these agree on class 1
    return Votes(generator.random(capsules, np.float32), votes, (2, 3), (2, 9), None, 3)


def test_a_scene_s_arrows_are_the_votes_seen_from_the_plane() -> None:
    votes = some_votes()
    steps = route(votes)
    chosen = (3, 17, 8)
    for scene in agreement.scenes(votes, steps, (1, 0), chosen):
        assert scene.votes.shape == (3, 2)
        whole = np.linalg.norm(votes.votes[scene.label, list(chosen)], axis=1)
        assert (np.linalg.norm(scene.votes, axis=1) <= whole + 1e-5).all()
        for at, step in enumerate(steps):
            assert scene.coupling[at] == pytest.approx(step.coupling[list(chosen), scene.label])
            assert scene.lengths[at] == pytest.approx(step.lengths[scene.label])
            # An arrow in the plane is never longer than its capsule.
            assert np.linalg.norm(scene.capsules[at]) <= scene.lengths[at] + 1e-5
        # In the end the capsule points up.
        assert scene.capsules[-1][0] == pytest.approx(0, abs=1e-5)
        assert scene.capsules[-1][1] > 0


def test_the_plane_is_the_best_of_all_and_says_how_good() -> None:
    votes = some_votes().votes[1]
    seen = agreement.plane(votes, votes.sum(0))
    assert seen.axes.T @ seen.axes == pytest.approx(np.eye(2), abs=1e-5)
    kept = float(((votes @ seen.axes) ** 2).sum() / (votes**2).sum())
    assert seen.share == pytest.approx(kept, abs=1e-5)
    generator = np.random.default_rng(5)
    for _ in range(200):
        other = np.linalg.qr(generator.normal(size=(6, 2)))[0]
        assert ((votes @ other) ** 2).sum() / (votes**2).sum() <= kept + 1e-6
    # Of votes that have two numbers, all is seen.
    assert agreement.plane(votes[:, :2], votes[0, :2]).share == pytest.approx(1)
    assert agreement.plane(np.zeros((4, 6), np.float32), np.zeros(6, np.float32)).share == 1


def test_the_loudest_are_found_in_all_and_at_a_place() -> None:
    votes = some_votes(2)
    loudness = np.square(votes.votes).sum((0, 2))
    assert agreement.loudest(votes, 5) == tuple(np.argsort(-loudness)[:5])
    here = agreement.loudest(votes, 9, (1, 2))
    assert sorted(here) == [20, 21, 22, 23]
    assert loudness[here[0]] == loudness[20:].max()
    assert {agreement.place_of(votes, capsule) for capsule in here} == {(1, 2)}


def test_rivals_are_the_longest_others() -> None:
    lengths = np.array([0.1, 0.9, 0.3, 0.2], np.float32)
    assert agreement.rivals(lengths, 0, 3) == (0, 1, 2)
    assert agreement.rivals(lengths, 1, 9) == (1, 2, 3, 0)


def test_votes_are_drawn_at_a_scale_that_can_be_said() -> None:
    assert [agreement.scale_of(longest) for longest in (0.0, 0.35, 1.0, 1.2, 2.1, 3.97, 8.4, 31.0)] == pytest.approx(
        [1, 0.4, 1, 1.5, 3, 4, 10, 40]
    )


def test_half_way_lies_between_two_steps() -> None:
    values = np.array([[0, 0], [2, 4], [4, 0]], np.float32)
    assert agreement.between(values, 0.5) == pytest.approx([1, 2])
    assert agreement.between(values, 2) == pytest.approx([4, 0])
    assert agreement.between(values, 9) == pytest.approx([4, 0])


def test_two_votes_that_agree_win_by_the_net_s_own_arithmetic() -> None:
    """The example's steps are those that the layer makes; the whole whose votes agree gains, the other one loses."""
    apart = np.array([[[0, 2], [1.732, -1]], [[0.2, 2], [-0.2, 2]]], np.float32)  # (J, I, 2)
    for rounds in range(4):
        capsules, coupling = dynamic_routing(apart[None], rounds + 1)
        last = agreement.two_by_two(apart, rounds)[-1]
        assert last.capsules == pytest.approx(np.asarray(capsules)[0], abs=1e-5)
        assert last.coupling == pytest.approx(np.asarray(coupling)[0], abs=1e-5)
    steps = agreement.two_by_two(apart, 2)
    disagreeing, agreeing = np.stack([step.lengths for step in steps]).T
    assert agreeing[0] < agreeing[1] < agreeing[2]
    assert disagreeing[0] > disagreeing[1] > disagreeing[2]
    assert steps[-1].coupling[:, 1].min() > 0.8
    assert agreement.apart(apart[0, 0], apart[0, 1]) == pytest.approx(120, abs=0.1)
    # With the wholes exchanged, the other one wins.
    assert agreement.two_by_two(apart[::-1], 2)[-1].lengths == pytest.approx(steps[-1].lengths[::-1], abs=1e-6)


@pytest.mark.slow
def test_the_film_of_the_bundled_capsnet_ends_with_what_it_reads() -> None:
    card = next(card for card in cards.survey()[0] if card.name == "capsnet")
    session = Session.open(card)
    for digit in DIGITS[:3]:
        reading = session.read(digit)
        votes = session.once(Router).votes(digit)
        steps = route(votes)
        classes = agreement.rivals(reading.scores, reading.label, 4)
        shown = agreement.scenes(votes, steps, classes, agreement.loudest(votes, 8))
        for scene in shown:
            assert scene.lengths[-1] == pytest.approx(reading.scores[scene.label], abs=1e-4)
        # The class that wins gains with each round, and its plane shows most of what its votes say.
        assert shown[0].lengths[0] < shown[0].lengths[1] < shown[0].lengths[2]
        assert shown[0].share > 0.35
        # Votes that agree thicken: the more the vote points along the capsule, the more it gains.
        gained = shown[0].coupling[-1] - shown[0].coupling[0]
        agreed = votes.votes[reading.label, list(agreement.loudest(votes, 8))] @ steps[-1].capsules[reading.label]
        assert np.corrcoef(gained, agreed)[0, 1] > 0.8
