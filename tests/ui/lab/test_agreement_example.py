"""The example by hand: two votes that agree win, dragged or moved by keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from capsdraw.nets.layers import dynamic_routing
from capsdraw.ui import theme
from capsdraw.ui.lab.agreement_example import AgreementExample
from capsdraw.ui.lab.agreement_picture import REACH, in_words

HOUSE, BOAT = 0, 1


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """A window of no size of its own: others are warned of, offscreen. It lives as long as the test."""
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def example(qtbot: QtBot, host: QWidget) -> AgreementExample:
    view = AgreementExample(host)
    view.resize(640, 400)
    with qtbot.waitExposed(host):
        host.show()
    return view


def drag(qtbot: QtBot, example: AgreementExample, whole: int, part: int, vote: tuple[float, float]) -> None:
    """By mouse, from the vote's end to where `vote` ends."""
    handle = example.picture.handles[whole, part]
    end = example.picture.panel(whole).circle.at(vote[0] / REACH, vote[1] / REACH).toPoint()
    middle = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    for part_of_way in (0.5, 1.0):
        to = QPointF(handle.pos()) + (QPointF(end - handle.pos() - middle) * part_of_way)
        qtbot.mouseMove(handle, middle + to.toPoint() - handle.pos())
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle)


def test_the_whole_whose_votes_agree_wins(qtbot: QtBot, example: AgreementExample) -> None:
    assert "Boat leads" in example.verdict.text()
    # The house's votes are brought together, the boat's apart.
    for part in (0, 1):
        drag(qtbot, example, HOUSE, part, (0.0, 1.6))
    drag(qtbot, example, BOAT, 0, (-1.5, -0.4))
    assert example.votes[HOUSE] == pytest.approx(np.array([[0, 1.6], [0, 1.6]]), abs=0.08)
    lengths = example.steps[-1].lengths
    assert lengths[HOUSE] > 0.8
    assert lengths[HOUSE] > 2 * lengths[BOAT]
    assert "House leads" in example.verdict.text()
    example.bar.step.setValue(0)
    assert example.verdict.text().startswith("Before routing: House leads")
    assert example.steps[0].coupling == pytest.approx(0.5)
    qtbot.mouseClick(example.reset, Qt.MouseButton.LeftButton)
    assert "Boat leads" in example.verdict.text()
    assert not example.reset.isEnabled()


def test_its_arithmetic_is_the_layer_s(qtbot: QtBot, example: AgreementExample) -> None:
    drag(qtbot, example, HOUSE, 1, (0.7, -1.1))
    for at, step in enumerate(example.steps):
        capsules, coupling = dynamic_routing(example.votes[None], at + 1)
        assert step.capsules == pytest.approx(np.asarray(capsules)[0], abs=1e-5)
        assert step.coupling == pytest.approx(np.asarray(coupling)[0], abs=1e-5)


def test_votes_are_moved_by_keys_alone(qtbot: QtBot, example: AgreementExample) -> None:
    handle = example.picture.handles[HOUSE, 0]
    handle.setFocus()
    before = example.votes.copy()
    qtbot.keyClick(handle, Qt.Key.Key_Right)
    qtbot.keyClick(handle, Qt.Key.Key_Up)
    assert example.votes[HOUSE, 0] == pytest.approx(before[HOUSE, 0] + 0.1, abs=1e-5)
    assert handle.accessibleDescription() == in_words(tuple(example.votes[HOUSE, 0].tolist()))
    for _ in range(60):
        qtbot.keyClick(handle, Qt.Key.Key_Up)
    assert float(np.hypot(*example.votes[HOUSE, 0])) <= REACH + 1e-5
    # The four votes follow one another, by Tab.
    assert handle.nextInFocusChain() is example.picture.handles[HOUSE, 1]
    names = {handle.accessibleName() for handle in example.picture.handles.values()}
    assert names >= {"Vote of the triangle for House", "Vote of the rectangle for Boat"}
    assert len(names) == 4


def test_what_the_user_moved_is_orange(qtbot: QtBot, example: AgreementExample) -> None:
    handle = example.picture.handles[BOAT, 1]
    drag(qtbot, example, BOAT, 1, (1.8, 0.6))
    example.reset.setFocus()
    middle = handle.grab().toImage().pixelColor(handle.rect().center())
    assert middle == theme.of(handle).changed
    other = example.picture.handles[BOAT, 0]
    assert other.grab().toImage().pixelColor(other.rect().center()) == theme.of(other).text


def test_the_bar_is_as_high_as_the_disc(example: AgreementExample) -> None:
    """Told by the painted pixels: a capsule's length is seen twice, and alike."""
    image = example.picture.grab().toImage()
    panel = example.picture.panel(BOAT)
    length = float(example.steps[-1].lengths[BOAT])
    blue = theme.of(example.picture).says
    x = round(panel.bar.center().x())
    column = [image.pixelColor(x, y) == blue for y in range(round(panel.bar.top()), round(panel.bar.bottom()))]
    assert sum(column) == pytest.approx(length * panel.bar.height(), abs=2)
    # The arrow of two numbers is seen whole: its tip is where the disc ends.
    tip = panel.circle.at(*example.steps[-1].capsules[BOAT].tolist())
    assert panel.circle.centre.y() - tip.y() == pytest.approx(length * panel.circle.radius, abs=2)
    below = tip.toPoint() + QPoint(0, 4)
    assert image.pixelColor(below) == blue
