"""The dial turns the digit as it says, and tells where a model stops reading it right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsdraw.datasets import moves, synthetic
from capsdraw.lab import dial
from capsdraw.nets import cards
from capsdraw.nets.session import Session

DIGITS, LABELS = synthetic.digits(20, 4)
PLAIN = DIGITS.astype(np.float32) / 255


def mass(images: np.ndarray) -> np.ndarray:
    """(N,) column and (N,) row of the centre of mass, stacked (N, 2)."""
    grid = np.arange(images.shape[1])
    return np.stack([images.sum(1) @ grid, images.sum(2) @ grid], -1) / images.sum((1, 2))[:, None]


@pytest.mark.parametrize("kind", moves.KINDS, ids=lambda kind: kind.name)
def test_the_dial_goes_from_end_to_end_through_the_drawing_itself(kind: moves.MoveKind) -> None:
    found = dial.sweep(PLAIN[3], kind)
    assert found.positions[[0, found.start, -1]] == pytest.approx([kind.low, kind.still, kind.high])
    assert (np.diff(found.positions) > 0).all()
    assert np.array_equal(found.digits[found.start], PLAIN[3])
    assert found.digits.dtype == np.float32
    assert found.digits.min() >= 0
    assert found.digits.max() <= 1
    # The further from the start, the less it is like what was drawn.
    far = np.abs(found.digits - PLAIN[3]).sum((1, 2))
    if found.start:
        assert far[0] > far[found.start - 3] > 0
    assert far[-1] > far[found.start + 3] > 0


@given(st.integers(3, 200), st.sampled_from(moves.KINDS))
def test_as_many_positions_as_were_asked_for_and_the_still_one_among_them(count: int, kind: moves.MoveKind) -> None:
    amounts, start = dial.positions(kind, count)
    assert len(amounts) == count
    assert amounts[start] == np.float32(kind.still)
    steps = np.diff(amounts)
    assert steps.min() > 0


@pytest.mark.parametrize(("angle", "way"), [(0, (1, 0)), (90, (0, -1)), (180, (-1, 0)), (225, (-0.7071, 0.7071))])
def test_a_shift_goes_where_its_angle_points(angle: float, way: tuple[float, float]) -> None:
    room = np.zeros((28, 28), np.float32)
    room[11:17, 11:17] = 1
    found = dial.sweep(room, moves.kind("shift"), angle)
    moved = mass(found.digits) - mass(room[None])
    assert moved == pytest.approx(found.positions[:, None] * np.array(way), abs=0.02)


def test_photographs_are_turned_with_their_edges_drawn_out() -> None:
    white = np.ones((32, 32, 3), np.float32)
    for kind in map(moves.kind, moves.GEOMETRIC):
        found = dial.sweep(white, kind)
        assert found.digits.shape == (dial.POSITIONS, 32, 32, 3)
        assert found.digits.min() > 0.999


def lean(images: np.ndarray) -> np.ndarray:
    """Two classes: 1 while the ink's centre is less than 3.1 pixels to the right and 1.7 to the left of the middle."""
    across = mass(images)[:, 0] - 13.5
    right = (across < 3.1) & (across > -1.7)
    return np.stack([~right, right], 1).astype(np.float32)


def test_where_a_model_breaks_is_found_on_either_side() -> None:
    bar = np.zeros((28, 28), np.float32)
    bar[8:20, 13:15] = 1
    found = dial.sweep(bar, moves.kind("shift"))  # every 0.2 pixels: the model breaks between two of them
    told = dial.curve("lean", lean, found, 1)
    assert (told.below, told.above) == pytest.approx((-1.8, 3.2), abs=0.11)
    assert not told.holds
    assert told.answers[found.start] == 1
    assert told.scores[found.start] == 1
    assert told.scores[[0, -1]] == pytest.approx([0, 0])
    assert dial.curve("lean", lean, found, 0).below == dial.curve("lean", lean, found, 0).above == 0


def test_what_comes_right_again_broke_all_the_same() -> None:
    found = dial.sweep(PLAIN[0], moves.kind("rotation"), count=11)

    def blinks(images: np.ndarray) -> np.ndarray:
        wrong = np.isin(np.arange(len(images)), [2, 7])
        return np.stack([wrong, ~wrong], 1).astype(np.float32)

    told = dial.curve("blinks", blinks, found, 1)
    assert (told.below, told.above) == (float(found.positions[2]), float(found.positions[7]))


def test_a_model_that_never_errs_holds() -> None:
    found = dial.sweep(PLAIN[0], moves.kind("scale"))
    told = dial.curve("yes", lambda images: np.eye(3, dtype=np.float32)[np.full(len(images), 2)], found, 2)
    assert told.holds
    assert (told.below, told.above) == (None, None)


def test_scores_of_another_form_and_unknown_classes_are_refused() -> None:
    found = dial.sweep(PLAIN[0], moves.kind("scale"), count=5)
    with pytest.raises(ValueError, match=r"received \(1, 3\) of 'short'"):
        dial.curve("short", lambda _: np.ones((1, 3), np.float32), found, 0)
    with pytest.raises(ValueError, match="with a class 3"):
        dial.curve("few", lambda images: np.ones((len(images), 3), np.float32), found, 3)


def test_bundled_models_are_followed_to_where_they_break() -> None:
    sessions = [Session.open(cards.find(name)) for name in ("efficient-capsnet", "mlp")]
    for kind in moves.KINDS:
        found = dial.sweep(PLAIN[7], kind, count=21)
        for session in sessions:
            told = dial.curve(session.name, session.scores, found, 7)
            assert told.scores[found.start] == pytest.approx(session.read(PLAIN[7]).scores[7], abs=1e-5)
            assert np.array_equal(told.answers, session.scores(found.digits).argmax(1))
    # An MLP knows no neighbours: few digits are still read six pixels aside. Convolutions share what they learnt.
    aside = [dial.sweep(digit, moves.kind("shift"), count=13) for digit in PLAIN]
    capsules, mlp = (
        [dial.curve(one.name, one.scores, found, int(label)).holds for found, label in zip(aside, LABELS, strict=True)]
        for one in sessions
    )
    assert sum(mlp) < 0.5 * sum(capsules)
