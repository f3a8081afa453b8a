"""The tour through the real window, with the real nets: each card waits for the user, or does it, and sees it done."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from pytestqt.qtbot import QtBot

from capsdraw.ink import strokes
from capsdraw.ink.sketch import SIDE, Sketch
from capsdraw.nets.catalog import NetKind
from capsdraw.nets.reading import Reading
from capsdraw.ui.lab.number_slider import NumberSlider
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import READ
from capsdraw.ui.teach.capsule_arrows import directions
from capsdraw.ui.teach.teacher import Teacher
from capsdraw.ui.teach.tour import Tour
from capsdraw.ui.teach.tour_steps import STEPS, TourNotes, scribble

from ..conftest import FIRST, Draw, digit, settle
from .conftest import rest

LEFT = Qt.MouseButton.LeftButton
EXAMPLES = Path(__file__).parents[3] / "assets" / "examples"


@pytest.fixture
def tour(teacher: Teacher) -> Tour:
    teacher.tour.pause = 50
    teacher.start_tour()
    return teacher.tour


def slant(window: MainWindow, qtbot: QtBot) -> NumberSlider:
    qtbot.waitUntil(lambda: any("slant" in each.accessibleName() for each in window.lab.face.sliders), timeout=FIRST)
    return max(
        (each for each in window.lab.face.sliders if "slant" in each.accessibleName()),
        key=lambda each: each.meaning.strength if each.meaning else 0,
    )


def test_a_user_does_all_five_things_and_each_card_sees_it(
    window: MainWindow, qtbot: QtBot, draw: Draw, tour: Tour
) -> None:
    canvas = window.panel.canvas
    assert tour.card.title.text() == "1 of 5 · Draw a digit"
    draw(canvas, digit(7))
    qtbot.waitUntil(lambda: tour.at == 1, timeout=FIRST)
    assert tour.card.arrows.isVisible()
    canvas.clear()
    draw(canvas, digit(2))
    qtbot.waitUntil(lambda: tour.at == 2, timeout=FIRST)
    assert window.tabs.currentWidget() is window.lab
    slider = slant(window, qtbot)
    qtbot.waitUntil(lambda: tour._slider is slider, timeout=FIRST)
    knob = slider.knob().toPoint()
    qtbot.mousePress(slider, LEFT, pos=knob)
    qtbot.mouseMove(slider, knob + QPoint(20, 0))
    qtbot.mouseRelease(slider, LEFT, pos=knob + QPoint(20, 0))
    qtbot.waitUntil(lambda: tour.at == 3, timeout=FIRST)
    assert window.tabs.currentIndex() == READ
    canvas.clear()
    draw(canvas, scribble())
    qtbot.waitUntil(lambda: tour.at == 4, timeout=FIRST)
    seen = tour._seen
    assert seen.digit is not None
    assert seen.scribble is not None
    # Which of its moments was answered when the card saw it, the machine decides; of all of it they fall far.
    qtbot.waitUntil(lambda: window.answers.newest is not None, timeout=FIRST)
    whole = window.answers.last
    assert whole is not None
    assert whole.reading.scores.max() < seen.digit.scores.max() - 0.2
    assert seen.scribble.scores.max() < seen.digit.scores.max() - 0.1
    assert seen.digit.error is not None
    assert seen.scribble.error is not None
    assert seen.scribble.error > 2 * seen.digit.error
    window.use_model("keras-cnn")
    qtbot.waitUntil(lambda: "The CNN: " in tour.card.live.text(), timeout=FIRST)
    assert f"{seen.scribble.scores.max():.2f} at most" in tour.card.live.text()
    qtbot.wait(100)
    assert tour.at == 4  # the last one stays
    qtbot.mouseClick(tour.card.next, LEFT)
    assert not tour.running
    assert window.reader.model == "efficient-capsnet"
    rest(qtbot, window)


@pytest.mark.slow
def test_it_does_all_five_things_for_the_user(window: MainWindow, qtbot: QtBot, tour: Tour) -> None:
    for number in range(len(STEPS)):
        qtbot.waitUntil(lambda number=number: tour.at == number, timeout=FIRST)
        if number == 2:
            slant(window, qtbot)
            qtbot.waitUntil(lambda: tour._slider is not None, timeout=FIRST)
        before = window.panel.canvas.sketch
        qtbot.mouseClick(tour.card.show_me, LEFT)
        if number in (0, 1, 3):
            qtbot.waitUntil(lambda: not tour.hand.busy, timeout=FIRST)
            assert window.panel.canvas.sketch is not before
    qtbot.waitUntil(
        lambda: tour._seen.reading is not None and tour._seen.reading.kind != NetKind.CAPSULE, timeout=FIRST
    )
    assert window.reader.model == "keras-cnn"
    qtbot.mouseClick(tour.card.next, LEFT)
    assert window.reader.model == "efficient-capsnet"
    settle(qtbot, window)
    # All that was drawn can be taken back.
    while window.panel.canvas.can_undo:
        window.panel.canvas.undo()
    settle(qtbot, window)
    assert window.readout.bars.winner == 3
    rest(qtbot, window)


def test_next_back_and_skip_by_mouse_and_escape_by_key(
    window: MainWindow, qtbot: QtBot, teacher: Teacher, tour: Tour
) -> None:
    card = tour.card
    assert not card.back.isEnabled()
    qtbot.mouseClick(card.next, LEFT)
    qtbot.mouseClick(card.next, LEFT)
    assert card.title.text().startswith("3 of 5")
    qtbot.mouseClick(card.back, LEFT)
    assert card.title.text().startswith("2 of 5")
    qtbot.mouseClick(card.skip, LEFT)
    assert not tour.running
    assert not card.isVisible()
    assert not tour.spotlight.isVisible()
    teacher.start_tour()
    assert card.title.text().startswith("1 of 5")
    assert card.next.hasFocus() or not window.isActiveWindow()
    qtbot.keyClick(card.next, Qt.Key.Key_Escape)
    assert not tour.running
    teacher.start_tour()
    window.panel.canvas.setFocus()
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_Escape)
    assert not tour.running
    rest(qtbot, window)


def test_frames_stand_where_things_are_and_let_the_pen_through(window: MainWindow, qtbot: QtBot, tour: Tour) -> None:
    canvas = window.panel.canvas
    framed = tour.spotlight.frames[0]
    assert framed.contains(canvas.mapTo(window, canvas.rect().center()))
    inner = canvas.mapTo(window, QPoint(40, 40))
    beneath = window.childAt(inner)
    assert beneath is canvas
    assert window.childAt(canvas.mapTo(window, QPoint(1, canvas.height() // 2))) is canvas  # at the frame itself, too
    window.resize(1400, 900)
    qtbot.waitUntil(lambda: tour.spotlight.frames[0] != framed, timeout=FIRST)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1440, 900)])
def test_no_card_lies_on_what_it_points_at_nor_beyond_the_window(
    window: MainWindow, qtbot: QtBot, tour: Tour, size: tuple[int, int]
) -> None:
    window.resize(*size)
    for number, step in enumerate(STEPS):
        tour.go(number)
        qtbot.wait(50)
        card = tour.card.geometry()
        assert window.rect().contains(card), step.title
        covered = [frame.intersected(card) for frame in tour.spotlight.frames]
        assert all(
            part.width() * part.height() < 0.4 * frame.width() * frame.height()
            for part, frame in zip(covered, tour.spotlight.frames, strict=True)
            if part.isValid()
        ), step.title
        assert tour.card.text.height() >= tour.card.text.heightForWidth(tour.card.text.width())
        assert tour.card.title.fontMetrics().horizontalAdvance(tour.card.title.text()) <= tour.card.title.width()
    rest(qtbot, window)


def test_with_a_classifier_the_tour_chooses_a_capsule_net_and_gives_the_other_back(
    window: MainWindow, qtbot: QtBot, teacher: Teacher
) -> None:
    window.use_model("keras-cnn")
    settle(qtbot, window)
    qtbot.waitUntil(lambda: teacher.tour._seen.reading is not None, timeout=FIRST)
    teacher.start_tour()
    assert window.reader.model == "efficient-capsnet"
    teacher.tour.end()
    assert window.reader.model == "keras-cnn"


def test_an_eraser_in_hand_does_not_erase_what_is_shown(window: MainWindow, qtbot: QtBot, tour: Tour) -> None:
    window.panel.canvas.erasing = True
    qtbot.mouseClick(tour.card.show_me, LEFT)
    assert len(window.panel.canvas.sketch.drawing.strokes) > 0
    settle(qtbot, window)
    assert window.readout.bars.winner == 5


def test_a_tour_waits_for_no_button_of_the_mouse_once_the_window_is_closed(
    window: MainWindow, qtbot: QtBot, tour: Tour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capsdraw.ui.teach.tour.QGuiApplication.mouseButtons", lambda: LEFT)
    settle(qtbot, window)
    window.panel.canvas.clear()
    window.panel.canvas.show_sketch(Sketch(digit(7)))
    qtbot.waitUntil(lambda: tour._done.isActive(), timeout=FIRST)
    qtbot.wait(4 * tour.pause)
    assert tour.at == 0
    assert tour._done.isActive()  # again and again, as long as the button is down
    window.close()
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in tour.findChildren(QTimer)), timeout=FIRST)


def test_classes_and_capsules_are_those_of_the_net_that_answers(tour: Tour) -> None:
    """Of a net of two digits, class 0 was called 0."""
    capsules = np.eye(2, 8, dtype=np.float32) * 0.9
    reading = Reading("two", NetKind.CAPSULE, 1, np.float32([0.1, 0.9]), capsules, None, None, 0.0)
    tour._answer(0, reading, np.zeros((28, 28), np.float32), ("3", "7"))
    assert tour.card.live.text() == "The longest bar: 7, 0.90."
    tour.go(1)
    assert tour.card.arrows.glimpse.name == "7"
    assert "an arrow in 8 dimensions" in tour.card.text.accessibleDescription()
    assert tour.card.live.text().startswith("8 numbers, ")
    tour._seen.reading = Reading("two", NetKind.CLASSIFIER, 0, np.float32([0.8, 0.2]), None, None, None, 0.0)
    assert STEPS[4].says(tour._seen).endswith("The CNN: 3, with 0.80.")
    none = STEPS[1].said(TourNotes())
    assert "an arrow in many dimensions" in none[0]


def test_arrows_are_as_long_as_their_capsules() -> None:
    capsules = np.random.default_rng(0).normal(size=(10, 16)).astype(np.float32) / 4
    capsules[3] = 0
    for point, capsule in zip(directions(capsules, 5), capsules, strict=True):
        assert np.hypot(*point) == pytest.approx(float(np.linalg.norm(capsule)), abs=1e-5)


@pytest.mark.slow
def test_a_slider_that_was_scrolled_away_is_not_framed_where_something_else_stands(
    window: MainWindow, qtbot: QtBot, tour: Tour
) -> None:
    """After the window was made smaller, the frame stood around what lies beneath the sliders."""
    tour.go(2)
    slider = slant(window, qtbot)
    qtbot.waitUntil(lambda: tour._slider is slider, timeout=FIRST)
    window.resize(1024, 700)
    sliders = window.lab.face.list
    sliders.verticalScrollBar().setValue(sliders.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: window.width() == 1024, timeout=FIRST)
    tour._point()
    viewport = QRect(sliders.viewport().mapTo(window, QPoint(0, 0)), sliders.viewport().size())
    redrawn = window.lab.face.redrawn.view
    assert all(
        viewport.adjusted(-8, -8, 8, 8).contains(frame)
        for frame in tour.spotlight.frames
        if not frame.contains(redrawn.mapTo(window, redrawn.rect().center()))
    )
    tour._point()  # it was brought into sight
    assert any(viewport.contains(frame.center()) for frame in tour.spotlight.frames)


def test_a_mouse_over_the_canvas_takes_nothing_from_what_the_hand_draws(
    window: MainWindow, qtbot: QtBot, tour: Tour
) -> None:
    canvas = window.panel.canvas
    qtbot.mouseClick(tour.card.show_me, LEFT)
    qtbot.waitUntil(lambda: len(canvas.sketch.drawing.strokes) == 1, timeout=FIRST)
    while tour.hand.busy:
        qtbot.mouseMove(canvas, QPoint(40, 40))
        qtbot.wait(30)
    assert STEPS[0].drawing is not None
    drawn = STEPS[0].drawing()
    assert [len(stroke.points) for stroke in canvas.sketch.drawing.strokes] == pytest.approx(
        [len(stroke.points) for stroke in drawn.strokes], abs=2
    )
    settle(qtbot, window)
    assert window.readout.bars.winner == 5


def test_a_press_takes_the_pen_from_the_hand(window: MainWindow, qtbot: QtBot, tour: Tour) -> None:
    canvas = window.panel.canvas
    qtbot.mouseClick(tour.card.show_me, LEFT)
    qtbot.waitUntil(lambda: len(canvas.sketch.drawing.strokes) == 1, timeout=FIRST)
    qtbot.mousePress(canvas, LEFT, pos=QPoint(40, 300))
    assert not tour.hand.busy
    qtbot.mouseMove(canvas, QPoint(200, 300))
    qtbot.mouseRelease(canvas, LEFT, pos=QPoint(200, 300))
    scale = SIDE / canvas.height()
    assert canvas.sketch.drawing.strokes[-1].points[0] == pytest.approx([40 * scale, 300 * scale], abs=2)
    settle(qtbot, window)


def test_a_net_of_pairs_is_not_what_the_tour_is_about(window: MainWindow, qtbot: QtBot, teacher: Teacher) -> None:
    window.use_model("multi-capsnet")
    qtbot.waitUntil(lambda: window.answers.newest is not None, timeout=FIRST)
    teacher.start_tour()
    assert window.reader.model == "efficient-capsnet"
    teacher.tour.end()
    assert window.reader.model == "multi-capsnet"


def test_of_a_number_the_tour_points_at_the_bars_that_are_in_sight(
    window: MainWindow, qtbot: QtBot, tour: Tour, draw: Draw
) -> None:
    window.panel.canvas.clear()
    draw(window.panel.canvas, strokes.load(EXAMPLES / "forty-two.json"))
    settle(qtbot, window)
    assert window.panel.glance.digits.isVisible()
    tour.go(0)
    place = tour._stage.place_of("bars")
    assert place is window.readout.bars
    assert tour._stage.place_of("reconstruction") is None


def test_the_offer_of_the_tour_goes_when_it_is_begun_some_other_way(window: MainWindow, teacher: Teacher) -> None:
    window.welcome()
    assert window.teaching.invitation.isVisible()
    teacher.start_tour()
    assert not window.teaching.invitation.isVisible()
    teacher.tour.end()
    assert not window.teaching.invitation.isVisible()


def test_of_an_empty_canvas_the_card_says_nothing_that_was_read(
    window: MainWindow, qtbot: QtBot, draw: Draw, tour: Tour
) -> None:
    canvas = window.panel.canvas
    tour.pause = 600_000
    draw(canvas, digit(7))
    qtbot.waitUntil(lambda: "The longest bar: 7" in tour.card.live.text(), timeout=FIRST)
    canvas.clear()
    qtbot.waitUntil(lambda: "empty until you draw" in tour.card.live.text(), timeout=FIRST)
    tour.go(1)
    assert tour.card.live.text() == "Draw, and watch arrows and bars grow together."
    draw(canvas, digit(2))
    qtbot.waitUntil(lambda: "numbers, squared" in tour.card.live.text(), timeout=FIRST)
    # The model that reads was not taken for another one meanwhile.
    assert window.reader.model == "efficient-capsnet"
