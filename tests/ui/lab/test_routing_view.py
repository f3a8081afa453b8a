"""Routing in the real window: by step and by place."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from capsdraw.lab.steps import sent
from capsdraw.ui import theme
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON
from .conftest import rest


@pytest.mark.slow
@pytest.mark.usefixtures("paper_net")
def test_a_place_pointed_at_is_forgotten_with_its_net(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    """A place of a table is no place of a grid: painting it would fail."""
    lab.faces[2].click()
    qtbot.waitUntil(lambda: lab.routing.lengths.scores is not None, timeout=SOON)
    qtbot.mouseMove(lab.routing.map, lab.routing.map.place(5).center().toPoint())
    window.use_model("small")
    rest(qtbot, window)
    qtbot.waitUntil(lambda: lab.routing.count.isEnabled(), timeout=SOON)
    lab.routing.map.grab()
    assert lab.routing.shared.scores is None


def test_a_question_that_fails_leaves_the_reading_alone(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lab.questions.routing, "ask", lambda *_: 1 / 0)
    headline = window.readout.headline.text()
    lab.faces[2].click()
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "ZeroDivisionError" in window.message.text
    assert window.readout.headline.text() == headline
    assert lab.label == 3
    assert not lab.busy


@pytest.mark.usefixtures("paper_net")
def test_routing_is_shown_by_step_and_place_and_can_take_more_steps(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    window.use_model("small")
    rest(qtbot, window)
    lab.faces[2].click()
    view = lab.routing
    qtbot.waitUntil(lambda: view.lengths.scores is not None, timeout=SOON)
    assert (view.step.minimum(), view.step.maximum(), view.count.value()) == (0, 3, 3)
    # The last iteration's capsules are made with what two updates led to.
    assert view.step.value() == 2
    assert "After update 2 of 3, the answer: " in view.after.text()
    assert view.lengths.scores == pytest.approx(window.readout.bars.scores, abs=1e-4)
    qtbot.mouseMove(view.map, view.map.place(2, 4).center().toPoint())
    assert view.shared.scores is not None
    assert view.shared.scores.sum() == pytest.approx(1, abs=1e-5)
    view.step.setValue(0)
    assert view.shared.scores == pytest.approx(0.1, abs=1e-5)
    assert "Before any update: " in view.after.text()
    assert view.entropy.text() == "Entropy of the coupling 3.32 of 3.32 bits"
    view.step.setValue(3)
    assert "After update 3 of 3, not used: " in view.after.text()
    view.step.setValue(1)
    view.count.setValue(7)
    qtbot.waitUntil(lambda: view.step.maximum() == 7, timeout=SOON)
    assert view.step.value() == 1
    view.step.setValue(6)
    view.count.setValue(2)
    qtbot.waitUntil(lambda: view.step.maximum() == 2, timeout=SOON)
    assert view.step.value() == 1
    window.panel.canvas.clear()
    assert view.lengths.scores is None


@pytest.mark.usefixtures("paper_net")
def test_the_heat_map_s_colours_are_the_coupling(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    """Told by the painted pixels, as by an eye: the brighter, the more a place sends to the held class."""
    window.use_model("small")
    rest(qtbot, window)
    lab.faces[2].click()
    view = lab.routing
    qtbot.waitUntil(lambda: view.lengths.scores is not None, timeout=SOON)
    votes, steps = view._votes, view._steps
    assert votes is not None
    assert len(steps) == votes.iterations + 1
    # A digit of paper alone: what is painted is the heat.
    view.show_routing(np.zeros((28, 28), np.float32), votes, steps, 3)
    most = max(float(sent(step, votes)[..., 3].max()) for step in steps)
    blue = theme.DARK.says.blue()
    for at, step in enumerate(steps):
        assert step.coupling.sum(1) == pytest.approx(1, abs=1e-5)
        view.step.setValue(at)
        image = view.map.grab().toImage()
        heat = sent(step, votes)[..., 3] / most
        for place in np.ndindex(6, 6):
            painted = image.pixelColor(view.map.place(*place).center().toPoint()).blue()
            assert painted == pytest.approx(0.9 * heat[place] * blue, abs=2)


@pytest.mark.usefixtures("paper_net")
def test_what_routing_comes_to_is_read_whole_in_the_least_window(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab
) -> None:
    window.resize(1024, 700)
    window.use_model("small")
    rest(qtbot, window)
    lab.faces[2].click()
    view = lab.routing
    qtbot.waitUntil(lambda: view.lengths.scores is not None, timeout=SOON)
    view.count.setValue(10)
    qtbot.waitUntil(lambda: view.step.maximum() == 10, timeout=SOON)
    for at in range(11):
        view.step.setValue(at)
        for words in (view.after, view.entropy):
            assert words.width() >= words.fontMetrics().horizontalAdvance(words.text()), words.text()
    qtbot.mouseMove(view.map, QPoint(1, 1))
    assert view._under.width() >= view._under.fontMetrics().horizontalAdvance(view._under.text())


def test_self_attention_is_shown_as_a_table(qtbot: QtBot, lab: CapsuleLab) -> None:
    lab.faces[2].click()
    qtbot.waitUntil(lambda: lab.routing.lengths.scores is not None, timeout=SOON)
    assert not lab.routing.count.isEnabled()
    assert lab.routing.count.value() == 1
    assert lab.routing.after.text() == "The net's answer: 3"
    qtbot.mouseMove(lab.routing.map, lab.routing.map.place(5).center().toPoint())
    assert lab.routing.shared.scores is not None
    assert lab.routing.shared.scores.sum() == pytest.approx(1, abs=1e-5)
