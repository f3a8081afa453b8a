"""Routing in the real window: by step and by place."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from pytestqt.qtbot import QtBot

from capsdraw.lab.agreement import place_of
from capsdraw.lab.steps import Votes, route, sent
from capsdraw.nets.cards import Card
from capsdraw.ui import theme
from capsdraw.ui.lab.routing_view import DIGIT, RoutingView
from capsdraw.ui.lab.tab import CapsuleLab
from capsdraw.ui.main_window import MainWindow

from ..conftest import SOON
from .conftest import rest

LEFT = Qt.MouseButton.LeftButton


def turned(qtbot: QtBot, lab: CapsuleLab) -> RoutingView:
    """The routing of what is drawn, looked at."""
    lab.faces[2].click()
    qtbot.mouseClick(lab.routing.modes[DIGIT], LEFT)
    qtbot.waitUntil(lambda: lab.routing.lengths.scores is not None, timeout=SOON)
    lab.routing.grab()  # laid out
    return lab.routing


@pytest.fixture
def film(window: MainWindow, qtbot: QtBot, lab: CapsuleLab, paper_net: Card) -> RoutingView:
    """The routing of a small CapsNet."""
    window.models.put(paper_net)
    window.use_model("small")
    rest(qtbot, window)
    return turned(qtbot, lab)


@pytest.mark.slow
@pytest.mark.usefixtures("paper_net")
def test_a_place_chosen_is_forgotten_with_its_net(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    """A place of a table is no place of a grid: painting it would fail."""
    view = turned(qtbot, lab)
    at = view.map.place(5).center().toPoint()
    qtbot.mouseMove(view.map, at)
    qtbot.mouseClick(view.map, LEFT, pos=at)
    assert view.map.marked == ((5,),)
    window.use_model("small")
    rest(qtbot, window)
    qtbot.waitUntil(lambda: all(len(place) == 2 for place in view.map.marked), timeout=SOON)
    view.map.grab()
    view.film.grab()
    assert view.shared.scores is None
    assert len(view.film.scenes[0].votes) == 8


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


def test_routing_is_shown_by_step_and_can_take_more_rounds(
    window: MainWindow, qtbot: QtBot, lab: CapsuleLab, film: RoutingView
) -> None:
    assert (film.step.minimum(), film.step.maximum(), film.count.value()) == (0, 2, 2)
    # Who comes sees the answer, as the net gives it.
    assert film.step.value() == 2
    assert film.after.text().startswith("The answer, after round 2: ")
    assert film.lengths.scores == pytest.approx(window.readout.bars.scores, abs=1e-4)
    held = film.film.scenes[0]
    assert held.label == lab.label
    assert held.lengths[2] == pytest.approx(film.lengths.scores[held.label], abs=1e-6)
    film.step.setValue(0)
    assert film.after.text().startswith("Before routing: ")
    assert held.coupling[0] == pytest.approx(0.1, abs=1e-5)
    film.step.setValue(1)
    assert film.after.text().startswith("After round 1: ")
    film.count.setValue(7)
    qtbot.waitUntil(lambda: film.step.maximum() == 7, timeout=SOON)
    assert film.step.value() == 1
    assert film.example.bar.step.maximum() == 7
    assert len(film.example.steps) == 8
    film.step.setValue(7)
    film.count.setValue(0)
    qtbot.waitUntil(lambda: film.step.maximum() == 0, timeout=SOON)
    assert film.after.text().startswith("The answer: ")
    assert not film.bar.play.isEnabled()
    window.panel.canvas.clear()
    assert film.lengths.scores is None
    assert film.film.scenes == ()
    assert not film.map.isVisible()


@pytest.mark.parametrize("iterations", [1, 2, 3, 6])
def test_the_marks_are_the_net_s_own_answer_however_many_rounds_are_made(qtbot: QtBot, iterations: int) -> None:
    random = np.random.default_rng(2)
    view = RoutingView()
    qtbot.addWidget(view)
    votes = Votes(
        random.random(8, np.float32), random.normal(size=(3, 8, 4)).astype(np.float32), None, (1, 28), None, 3
    )  # fmt: skip
    digit = random.random((28, 28), np.float32)
    view.show_routing(digit, votes, route(votes, iterations), 0)
    assert view.lengths.scores == pytest.approx(route(votes, iterations)[-1].lengths)
    assert view.lengths.reference == pytest.approx(route(votes)[2].lengths)


def test_a_place_is_chosen_by_click_and_by_keys(qtbot: QtBot, film: RoutingView) -> None:
    votes = film._votes
    assert votes is not None
    assert len(film.film.scenes[0].votes) == 8
    qtbot.mouseClick(film.map, LEFT, pos=film.map.place(2, 4).center().toPoint())
    assert film.map.marked == ((2, 4),)
    assert film.chosen.text() == "Row 3, column 5"
    # All of its capsules, of which this net has few.
    types = len(votes.activity) // 36
    drawn = film.film.scenes[0].votes
    whole = votes.votes[film.film.scenes[0].label].reshape(6, 6, types, -1)[2, 4]
    assert len(drawn) == min(types, 6)
    assert np.linalg.norm(drawn, axis=1).max() <= np.linalg.norm(whole, axis=1).max() + 1e-5
    film.step.setValue(2)
    assert film.shared.scores is not None
    assert film.shared.scores.sum() == pytest.approx(1, abs=1e-5)
    film.map.setFocus()
    qtbot.keyClick(film.map, Qt.Key.Key_Right)
    qtbot.keyClick(film.map, Qt.Key.Key_Up)
    assert film.map.marked == ((1, 5),)
    assert "Row 2, column 6 sends " in film.map.accessibleDescription()
    qtbot.mouseClick(film.strongest, LEFT)
    assert len(film.film.scenes[0].votes) == 8
    assert not film.strongest.isEnabled()
    assert {place_of(votes, capsule)[0] for capsule in range(0, len(votes.activity), 6 * types)} == set(range(6))


@pytest.mark.slow
def test_the_film_plays_to_its_end_and_is_stopped_by_the_scrubber(qtbot: QtBot, film: RoutingView) -> None:
    seen: list[float] = []
    film.bar.moved.connect(seen.append)
    film.bar.play.setFocus()
    qtbot.keyClick(film.bar.play, Qt.Key.Key_Space)
    assert film.step.value() == 0
    assert film.bar.play.text() == "Pause"
    qtbot.waitUntil(lambda: not film.bar.play.isChecked(), timeout=SOON)
    assert film.step.value() == 2
    assert film.film.at == 2
    assert film.after.text().startswith("The answer")
    assert seen == sorted(seen)
    assert any(at != int(at) for at in seen)
    qtbot.keyClick(film.bar.play, Qt.Key.Key_Space)
    film.step.setFocus()
    qtbot.keyClick(film.step, Qt.Key.Key_Right)
    assert not film.bar.play.isChecked()
    assert film.film.at == 1
    # A film that nobody sees does not run.
    qtbot.keyClick(film.bar.play, Qt.Key.Key_Space)
    film.turn(0)
    assert not film.bar.play.isChecked()


def test_the_heat_map_s_colours_are_the_coupling(film: RoutingView) -> None:
    """Told by the painted pixels, as by an eye: the brighter, the more a place sends to the held class."""
    votes, steps = film._votes, film._steps
    assert votes is not None
    assert len(steps) == votes.iterations
    # A digit of paper alone: what is painted is the heat.
    film.show_routing(np.zeros((28, 28), np.float32), votes, steps, 3)
    most = max(float(sent(step, votes)[..., 3].max()) for step in steps)
    blue = theme.DARK.says.blue()
    for at, step in enumerate(steps):
        assert step.coupling.sum(1) == pytest.approx(1, abs=1e-5)
        film.step.setValue(at)
        image = film.map.grab().toImage()
        heat = sent(step, votes)[..., 3] / most
        for place in np.ndindex(6, 6):
            painted = image.pixelColor(film.map.place(*place).center().toPoint()).blue()
            assert painted == pytest.approx(0.9 * heat[place] * blue, abs=2)
    # The scale ends with the brightest place's figure.
    assert film.map._most == pytest.approx(most)


def test_what_routing_comes_to_is_read_whole_in_the_least_window(
    window: MainWindow, qtbot: QtBot, film: RoutingView
) -> None:
    window.resize(1024, 700)
    film.count.setValue(9)
    qtbot.waitUntil(lambda: film.step.maximum() == 9, timeout=SOON)
    for at in range(10):
        film.step.setValue(at)
        for words in (film.after, film.plane, film.chosen, film.example.verdict):
            room = QRect(0, 0, words.width(), 1000)
            needed = words.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words.text())
            assert needed.height() <= words.height(), words.text()
            assert needed.width() <= words.width(), words.text()


def test_a_net_of_one_step_says_so_and_offers_another(window: MainWindow, qtbot: QtBot, lab: CapsuleLab) -> None:
    view = turned(qtbot, lab)
    assert view.one_step.isVisible()
    assert view.one_step.why.text().startswith("Efficient-CapsNet gathers its votes in one step")
    assert not view.count.isEnabled()
    assert not view.bar.play.isEnabled()
    assert view.after.text().startswith("The answer: 3 leads")
    for capsule in (3, 5):  # where the pointer is already, no move is seen
        qtbot.mouseMove(view.map, view.map.place(capsule).center().toPoint())
    assert view.shared.scores is not None
    assert view.shared.scores.sum() == pytest.approx(1, abs=1e-5)
    with qtbot.waitSignal(view.wanted) as wanted:
        qtbot.mouseClick(view.one_step.offer, LEFT)
    assert wanted.args == ["capsnet"]
    assert window.reader.model == "capsnet"
