""" "?" explains every face of the real window, beside it, and its links lead to the glossary."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.teach import glossary
from capsdraw.teach.glimpse import Glimpse
from capsdraw.teach.lessons import lessons
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.teach.faces_in_sight import all_faces, face_in_sight, turn_to
from capsdraw.ui.teach.lesson_picture import PICTURES, LessonPicture
from capsdraw.ui.teach.teacher import Teacher

from ..conftest import Draw, digit, settle
from .conftest import rest

LEFT = Qt.MouseButton.LeftButton
DIGITS = synthetic.digits(10, 4)[0].astype(np.float32) / 255


def place_of(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def test_every_face_of_the_window_is_explained_and_nothing_else(window: MainWindow) -> None:
    for index in range(window.tabs.count()):
        window.tabs.view(index)
    assert sorted(all_faces(window.tabs)) == sorted(lesson.face for lesson in lessons())


def test_no_bar_of_a_capsule_s_numbers_goes_through_the_words_beneath(qtbot: QtBot) -> None:
    view = LessonPicture()
    qtbot.addWidget(view)
    view.resize(view.sizeHint())

    def foot(numbers: float) -> QImage:
        capsules = np.full((10, 16), numbers, np.float32)
        view.show_picture("sliders", Glimpse(DIGITS[0], np.zeros(10, np.float32), 0, capsules, DIGITS[0]), "")
        return view.grab(QRect(0, view.height() - 16, view.width() // 2, 16)).toImage()

    assert foot(-1.0) == foot(1.0)


@pytest.mark.slow
def test_each_face_that_is_turned_to_is_the_one_that_is_explained(
    window: MainWindow, qtbot: QtBot, teacher: Teacher
) -> None:
    for face in all_faces(window.tabs):
        turn_to(window.tabs, face)
        assert face_in_sight(window.tabs) == face
        teacher.explain()
        assert teacher.panel.lesson is not None
        assert teacher.panel.lesson.face == face
        teacher.explain()
        assert not teacher.panel.isVisible()
    rest(qtbot, window)


def test_every_explanation_has_a_picture_that_is_painted_from_the_user_s_digit(qtbot: QtBot) -> None:
    assert {lesson.picture for lesson in lessons()} == set(PICTURES)
    view = LessonPicture()
    qtbot.addWidget(view)
    view.resize(view.sizeHint())
    numbers = np.random.default_rng(1).normal(size=(10, 16)).astype(np.float32) / 5
    scores = np.linalg.norm(numbers, axis=1).astype(np.float32)

    def painted(name: str, glimpse: Glimpse) -> QImage:
        view.show_picture(name, glimpse, "")
        return view.grab().toImage()

    sketches = {"curves", "runs", "result", "confusion", "sets", "several"}
    for name in PICTURES:
        own = [
            painted(name, Glimpse(each, scores, int(scores.argmax()), numbers, each, (), True))
            for each in (DIGITS[2], DIGITS[8])
        ]
        nothing = painted(name, Glimpse())
        assert (own[0] == own[1]) == (name in sketches or name == "calibration"), name
        assert nothing.size() == own[0].size()


@pytest.mark.slow
def test_it_opens_beside_what_it_explains_and_escape_closes_it(
    window: MainWindow, qtbot: QtBot, teacher: Teacher
) -> None:
    window.resize(window.minimumSize())
    window.panel.canvas.setFocus()
    for face in all_faces(window.tabs):
        turn_to(window.tabs, face)
        teacher.explain()
        panel = teacher.panel
        assert panel.lesson is not None
        assert panel.lesson.face == face
        assert not panel.geometry().intersects(place_of(window, window.tabs))
        assert window.rect().contains(panel.geometry())
        assert panel.text.height() >= panel.text.heightForWidth(panel.text.width())
        qtbot.keyClick(panel.text, Qt.Key.Key_Escape)
        assert not panel.isVisible()
    rest(qtbot, window)


def test_an_escape_in_the_window_closes_it_and_the_focus_is_back(
    window: MainWindow, qtbot: QtBot, teacher: Teacher
) -> None:
    window.activateWindow()
    window.panel.canvas.setFocus()
    teacher.explain()
    assert teacher.panel.text.hasFocus()
    qtbot.keyClick(teacher.panel.text, Qt.Key.Key_Escape)
    assert window.panel.canvas.hasFocus()
    teacher.explain()
    window.panel.canvas.setFocus()
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_Escape)
    assert not teacher.panel.isVisible()


def test_it_follows_the_face_and_the_drawing(window: MainWindow, qtbot: QtBot, draw: Draw, teacher: Teacher) -> None:
    teacher.explain()
    assert teacher.panel.title.text() == "Read: answer"
    window.tabs.setCurrentWidget(window.lab)
    assert teacher.panel.title.text() == "Capsule: sliders"
    qtbot.mouseClick(window.lab.faces[2], LEFT)
    assert teacher.panel.title.text() == "Capsule: routing"
    draw(window.panel.canvas, digit(7))
    settle(qtbot, window)
    assert teacher.panel.picture.glimpse.name == "7"
    window.panel.canvas.clear()
    assert "An example" in teacher.panel.caption.text()
    rest(qtbot, window)


def test_it_is_moved_by_its_head_and_by_keys_and_stays_there(
    window: MainWindow, qtbot: QtBot, teacher: Teacher
) -> None:
    teacher.explain()
    panel = teacher.panel
    before = panel.pos()
    qtbot.mousePress(panel, LEFT, pos=QPoint(60, 4))
    qtbot.mouseMove(panel, QPoint(160, -96))
    qtbot.mouseRelease(panel, LEFT, pos=QPoint(60, 4))
    assert panel.pos() == before + QPoint(100, -100)
    qtbot.keyClick(panel, Qt.Key.Key_Right)
    moved = panel.pos()
    assert moved == before + QPoint(116, -100)
    window.tabs.setCurrentWidget(window.inside)
    assert panel.pos() == moved
    window.resize(window.minimumSize())
    assert window.rect().contains(panel.geometry())
    rest(qtbot, window)


@pytest.mark.qt_log_ignore("This plugin does not support")  # of the window that opens
@pytest.mark.parametrize("by_keys", [True, False], ids=["keys", "mouse"])
def test_links_open_the_glossary_at_their_word(
    window: MainWindow, qtbot: QtBot, teacher: Teacher, by_keys: bool
) -> None:
    window.tabs.setCurrentWidget(window.lab)
    qtbot.mouseClick(window.lab.faces[2], LEFT)
    teacher.explain()
    text = teacher.panel.text
    assert text.links[1] == "vote"
    if by_keys:
        qtbot.keyClick(text, Qt.Key.Key_Tab)
        assert "vote, link 2 of" in text.accessibleName()
        qtbot.keyClick(text, Qt.Key.Key_Return)
    else:
        qtbot.mouseClick(text, LEFT, pos=text.place(1).center().toPoint())
    assert teacher.glossary.isVisible()
    assert teacher.glossary.shown is glossary.find("vote")
    teacher.glossary.close()
    rest(qtbot, window)
