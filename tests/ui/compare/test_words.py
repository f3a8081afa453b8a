"""Where a model breaks is said as it is: the last positions at which it still read the digit."""

import numpy as np
import pytest

from capsdraw.datasets.moves import KINDS, kind
from capsdraw.lab.dial import Curve, Sweep, curve, positions, sweep
from capsdraw.ui.compare import words

from ...made import made_card

NAMES = tuple(str(number) for number in range(10))


def swept(name: str, held: tuple[float, float], read: int = 3) -> tuple[Curve, Sweep]:
    """A model that reads `read` while the dial stands within `held`, and a 5 beyond."""
    along = sweep(np.zeros((28, 28), np.float32), kind(name))
    inside = (along.positions >= held[0]) & (along.positions <= held[1])
    said = np.zeros((len(inside), 10), np.float32)
    said[np.arange(len(inside)), np.where(inside, read, 5)] = 1
    return curve("model", lambda _: said, along, 3), along


@pytest.mark.parametrize(
    ("name", "held", "expected"),
    [
        ("rotation", (-37.6, 40.6), "CapsNet is right from −38° to 40°"),
        ("rotation", (-99, 40.6), "CapsNet is right from −45° to 40°"),
        ("rotation", (-99, 99), "CapsNet is right all the way"),
        ("scale", (0.79, 9), "CapsNet is right from 0.80 to 1.40 times"),
        ("shift", (-2.0, 3.0), "CapsNet is right from −2.0 to 3.0 pixels"),
    ],
)
def test_the_sentence_names_the_last_positions_that_are_still_read(
    name: str, held: tuple[float, float], expected: str
) -> None:
    assert words.holds("CapsNet", *swept(name, held), NAMES) == expected


def test_a_model_that_misreads_the_drawing_itself_is_said_to() -> None:
    assert words.holds("CapsNet", *swept("shift", (-9, 9), 8), NAMES) == (
        "CapsNet does not read a 3 to begin with, but an 8"
    )


def test_models_that_differ_are_named_with_what_they_read() -> None:
    assert words.agreement([("A", "3"), ("B", "3")]) == "Both read a 3"
    assert words.agreement([("A", "3"), ("A", "3"), ("A", "3")]) == "All 3 read a 3"
    assert words.agreement([("A", "3"), ("B", "8"), ("C", "3")]) == "They disagree: A and C read a 3, B reads an 8"
    assert words.agreement([("A", "3")]) == "It reads a 3"


def test_who_reads_photographs_is_not_asked_for_a_digit() -> None:
    """A digit lay on the canvas, and "Draw a digit" stood there."""
    digits, photographs = made_card(name="a", title="A"), made_card(name="b", title="B", input=(32, 32, 3))
    assert words.invite(digits) == ("Draw a digit: several models read it side by side", "Draw a digit")
    assert words.invite(None) == words.invite(digits)
    assert words.invite(photographs) == (
        "B reads pictures, and digits are compared: choose a model that reads digits", ""
    )  # fmt: skip


def test_titles_are_listed() -> None:
    assert [words.listed("ABC"[:count]) for count in (1, 2, 3)] == ["A", "A and B", "A, B and C"]


def test_who_knows_other_classes_does_not_disagree() -> None:
    read, letters = [("A", "3"), ("B", "R")], tuple("QRS")
    assert words.agreement(read, [NAMES, letters]) == "They know different classes: A reads a 3, B reads an R"
    both = (*NAMES, *letters)
    assert words.agreement(read, [NAMES, both]).startswith("They disagree")
    three = [*read, ("C", "8")]
    assert words.agreement(three, [NAMES, letters, NAMES]).startswith("They disagree")


def test_every_dial_has_a_button_and_its_still_amount_reads_as_nothing_done() -> None:
    said = {one.name: words.amount(one, float(positions(one)[0][positions(one)[1]])) for one in KINDS}
    assert set(words.DIALS) == set(said)
    assert said["rotation"] == "0°"
    assert said["scale"] == "1.00 times"
    assert said["thickness"] == "0.0 pixels a side"
