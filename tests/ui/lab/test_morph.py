"""The two drawings of a morph stay when another net answers, which is asked about them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.lab import perturbation
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.ui.lab.kept_drawing import KeptDrawing, MorphEnd, ask_kept
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON, Draw, digit
from .conftest import rest

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def kept(window: MainWindow, qtbot: QtBot, lab: CapsuleLab, draw: Draw) -> CapsuleLab:
    """A moved 3 as A, a 6 as B."""
    lab.turn(3)
    lab.set_offsets((0.2, *[0.0] * 15))
    qtbot.mouseClick(lab.morph.keep[0], LEFT)
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(6))
    rest(qtbot, window)
    qtbot.mouseClick(lab.morph.keep[1], LEFT)
    qtbot.waitUntil(lambda: lab.morph.frames is not None, timeout=SOON)
    return lab


@pytest.mark.slow
def test_the_ends_are_kept_over_a_change_of_model_and_read_by_the_new_one(
    window: MainWindow, qtbot: QtBot, kept: CapsuleLab
) -> None:
    drawings, first = list(kept.morph.drawings), kept.morph.frames
    window.use_model("capsnet")
    assert kept.morph.drawings == drawings
    assert kept.morph.frames is None
    # Until it has answered, what was drawn is seen.
    assert drawings[0] is not None
    assert np.array_equal(kept.morph.sides[0].view.digit, drawings[0].digit)
    assert kept.morph.sides[0].text.text() == "waiting for CapsNet"
    qtbot.waitUntil(lambda: kept.morph.frames is not None, timeout=60_000)
    session = window.models.cache.open(cards.find("capsnet"))
    for place, frame, label in ((0, 0, 3), (1, -1, 6)):
        end, drawing = kept.morph.ends[place], kept.morph.drawings[place]
        assert end is not None
        assert drawing is not None
        capsules = session.read(drawing.digit).capsules
        assert capsules is not None
        assert (end.model, end.label) == ("capsnet", label)
        # What was added to another net's numbers is not added to its.
        assert kept.morph.frames[frame] == pytest.approx(
            perturbation.picture(session.decode, capsules, label), abs=1e-4
        )
        assert np.array_equal(kept.morph.sides[place].view.digit, kept.morph.frames[frame])
    # Back again, all is as it was kept.
    window.use_model("efficient-capsnet")
    qtbot.waitUntil(lambda: kept.morph.frames is not None, timeout=60_000)
    assert kept.morph.frames == pytest.approx(first, abs=1e-4)


@pytest.mark.slow
def test_a_classifier_or_an_empty_canvas_in_between_loses_nothing(
    window: MainWindow, qtbot: QtBot, kept: CapsuleLab
) -> None:
    drawings = list(kept.morph.drawings)
    window.panel.canvas.clear()
    window.use_model("keras-cnn")
    qtbot.waitUntil(kept.none.isVisible, timeout=SOON)
    assert kept.morph.frames is None
    window.use_model("efficient-capsnet")
    qtbot.waitUntil(lambda: kept.morph.frames is not None, timeout=SOON)
    assert kept.morph.drawings == drawings


@pytest.mark.usefixtures("letters")
def test_what_was_kept_before_can_be_given_back(
    letters: Card, window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    seen = lab._digit
    assert seen is not None
    drawing = KeptDrawing(seen, "efficient-capsnet", 8, "8", True, (0.0,) * 16)
    lab.morph.restore([drawing, None])
    lab.ask_kept()
    qtbot.waitUntil(lambda: lab.morph.ends[0] is not None, timeout=SOON)
    assert lab.morph.ends[0].label == 8  # chosen, though the longest is a 3
    # A net of other classes has no such class: its longest is held.
    window.use_model(letters.name)
    qtbot.waitUntil(lambda: lab.morph.ends[0] is not None, timeout=SOON)
    session = window.models.cache.open(letters)
    assert lab.morph.ends[0].label == session.read(seen).label
    assert lab.morph.sides[0].text.text() == f"capsule {letters.labels[lab.morph.ends[0].label]}"


def test_what_was_added_to_numbers_is_added_to_those_of_that_net_alone() -> None:
    """Another net may have taken its name, whose numbers mean something else."""
    half, seen = Light.open(cards.find("efficient-capsnet")), synthetic.digits(4, 1)[0][3] / np.float32(255)
    label = half.read(seen).label

    def kept(net: str) -> MorphEnd:
        drawing = KeptDrawing(seen, half.name, label, str(label), False, (0.25,) * 16, net)
        [(_, end)] = ask_kept(half, [drawing])
        assert end is not None
        return end

    read = half.read(seen).capsules
    assert read is not None
    assert np.array_equal(kept("0" * 64).capsules, read)
    for known in (half.card.sha256, ""):
        assert kept(known).capsules[label] == pytest.approx(read[label] + 0.25)


def test_a_net_of_other_pictures_says_so(window: MainWindow, lab: CapsuleLab) -> None:
    session = window.models.cache.open(cards.find("efficient-capsnet"))
    colour = KeptDrawing(np.zeros((32, 32, 3), np.float32), "other", 0, "0", False, (0.0,) * 16)
    assert ask_kept(session, [colour]) == [(colour, None)]
    lab.morph.restore([None, colour])
    lab.morph.take([(colour, None)], "Efficient-CapsNet reads other pictures")
    assert lab.morph.sides[1].text.text() == "Efficient-CapsNet reads other pictures"
    # An answer about a drawing that is no longer kept changes nothing.
    lab.morph.restore([None, None])
    lab.morph.take([(colour, None)], "")
    assert lab.morph.sides[1].text.text() == ""
