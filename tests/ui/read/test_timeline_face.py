"""When did it know: curves along the pen's way, and back through the strokes by mouse and keys."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, stroke
from capsdraw.lab.timeline import timeline
from capsdraw.nets import cards
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.ui import theme
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.read import timeline_asker, timeline_menu
from capsdraw.ui.read.tab import ANSWER, TIMELINE
from capsdraw.ui.read.timeline_face import HEADLINE, TimelineFace
from capsdraw.ui.tab_bar import READ

from ..conftest import SOON, Draw, digit, settle, walk
from .conftest import rest

LEFT = Qt.MouseButton.LeftButton


def test_what_is_shown_is_what_the_net_says_of_the_drawing_cut_there(window: MainWindow, face: TimelineFace) -> None:
    line, sketch = face.timeline, window.panel.canvas.sketch
    assert line is not None
    own = timeline(Light.open(cards.find("efficient-capsnet")), sketch)
    assert np.array_equal(line.shares, own.shares)
    assert np.array_equal(line.scores, own.scores)
    assert np.array_equal(line.scores[-1], window.readout.bars.scores)
    assert line.last.reading.label == 7
    settled = f"{line.settled.share:.0%}"
    first = line.settled is line.moments[0]
    assert (
        face.headline.text()
        == f"It knew {'from its first look on' if first else f'from {settled} of the drawing on'}: a 7"
    )
    assert face.plot is not None
    curves = face.plot.plot.listDataItems()
    assert len(curves) == 10
    # The winner's is the last to be drawn, over all others, and stands out.
    x, y = curves[-1].getOriginalDataset()
    assert np.array_equal(x, line.shares)
    assert np.array_equal(y, line.scores[:, 7])
    assert curves[-1].opts["pen"].color() == theme.of(face).says
    assert face.plot.plot.getAxis("left").labelText == "length of the capsule"


def test_keys_lead_back_through_the_drawing(qtbot: QtBot, face: TimelineFace) -> None:
    line, scrubber = face.timeline, face.scrubber
    assert line is not None
    last = len(line.moments) - 1
    assert scrubber.value() == last
    scrubber.setFocus()
    for key, place in (
        (Qt.Key.Key_Left, last - 1), (Qt.Key.Key_PageDown, last - 11), (Qt.Key.Key_Home, 0), (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Right, 1), (Qt.Key.Key_End, last), (Qt.Key.Key_Home, 0),
    ):  # fmt: skip
        qtbot.keyClick(scrubber, key)
        assert scrubber.value() == place
        moment = line.moments[place]
        assert face.pictures.part.part is moment.sketch
        assert face.pictures.seen.digit is moment.seen
        assert face.pictures.redrawn.digit is moment.reading.reconstruction
        assert face.plot is not None
        assert face.plot.line.value() == pytest.approx(moment.share)
        score = moment.reading.scores.max()
        assert face.at.text().startswith(f"At {moment.share:.0%}: a")
        assert f" · {score:.2f}" in face.at.text()
    interface = QAccessible.queryAccessibleInterface(scrubber)
    assert interface.text(QAccessible.Text.Name) == "Moment of the drawing"
    assert interface.text(QAccessible.Text.Description) == face.at.text()
    assert interface.role() == QAccessible.Role.Slider


def test_the_knob_is_dragged_by_the_mouse_and_stands_beneath_the_line(qtbot: QtBot, face: TimelineFace) -> None:
    scrubber, plot = face.scrubber, face.plot
    assert plot is not None

    def apart() -> float:
        line = plot.mapTo(face, QPoint(plot.place(scrubber.share), 0)).x()
        return abs(line - scrubber.mapTo(face, scrubber.place(scrubber.share).toPoint()).x())

    shares = face.timeline.shares  # type: ignore[union-attr]
    qtbot.mousePress(scrubber, LEFT, pos=scrubber.place(1.0).toPoint())
    for share in (0.8, 0.5, 0.3):
        qtbot.mouseMove(scrubber, scrubber.place(share).toPoint())
        assert scrubber.share == shares[np.abs(shares - share).argmin()]
        assert apart() <= 1
    qtbot.mouseRelease(scrubber, LEFT, pos=scrubber.place(0.3).toPoint())
    held = scrubber.value()
    qtbot.mouseMove(scrubber, scrubber.place(0.9).toPoint())
    assert scrubber.value() == held


def test_the_line_in_the_plot_is_dragged_and_a_click_takes_it_there(qtbot: QtBot, face: TimelineFace) -> None:
    assert face.plot is not None
    plot = face.plot.plot

    def at(share: float) -> QPoint:
        return plot.mapFromScene(plot.getPlotItem().vb.mapViewToScene(QPointF(share, 0.5)))

    port = plot.viewport()
    qtbot.wait(50)
    qtbot.mouseMove(port, at(1.0))
    qtbot.mousePress(port, LEFT, pos=at(1.0))
    for share in (0.9, 0.8, 0.6, 0.4):
        qtbot.mouseMove(port, at(share))
        qtbot.wait(30)  # pyqtgraph takes so many moves a second and no more
    qtbot.mouseRelease(port, LEFT, pos=at(0.4))
    assert face.scrubber.share == pytest.approx(0.4, abs=0.05)
    assert face.plot.line.value() == pytest.approx(face.scrubber.share)
    qtbot.wait(50)
    qtbot.mouseClick(port, LEFT, pos=at(0.7))
    assert face.scrubber.share == pytest.approx(0.7, abs=0.05)


def test_it_plays_from_the_beginning_to_the_end(qtbot: QtBot, face: TimelineFace) -> None:
    seen: list[int] = []
    face.scrubber.valueChanged.connect(seen.append)
    face.play.setFocus()
    qtbot.keyClick(face.play, Qt.Key.Key_Space)
    assert face.play.text() == "Pause"
    assert face.scrubber.value() == 0
    face.play._timer.setInterval(1)
    qtbot.waitUntil(lambda: not face.play.isChecked(), timeout=SOON)
    assert seen == list(range(len(face.timeline.moments)))  # type: ignore[union-attr]
    # Out of sight it rests.
    qtbot.keyClick(face.play, Qt.Key.Key_Space)
    face.hide()
    assert not face.play.isChecked()
    face.show()


def test_it_follows_the_pen_once_it_rests_and_only_while_it_is_looked_at(
    qtbot: QtBot, window: MainWindow, face: TimelineFace, draw: Draw
) -> None:
    canvas, asked = window.panel.canvas, window.tabs.read.asker.drawing
    before = face.timeline
    qtbot.mouseClick(window.tabs.read.faces[ANSWER], LEFT)
    times = asked.times_asked
    canvas.clear()
    assert face.timeline is None
    draw(canvas, digit(2))
    settle(qtbot, window)
    assert not window.tabs.read.asker.busy
    assert asked.times_asked == times
    qtbot.mouseClick(window.tabs.read.faces[TIMELINE], LEFT)
    rest(qtbot, window)
    assert face.timeline is not before
    assert face.headline.text().endswith(": a 2")
    # A stroke more: who looked at the middle looks at the middle.
    qtbot.keyClick(face.scrubber, Qt.Key.Key_Home)
    draw(canvas, Drawing((stroke([[20, 20], [60, 20], [100, 20]]),)))
    rest(qtbot, window)
    assert face.scrubber.value() == 0
    assert face.timeline is not None
    assert len(face.timeline.way.ends) == len(digit(2).strokes) + 1


def test_what_takes_long_says_how_far_it_is_and_what_was_shown_stays(
    qtbot: QtBot, window: MainWindow, face: TimelineFace, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timeline_asker, "_SOON", -1.0)
    shares: list[float] = []
    wait = face.wait

    def note(share: float) -> None:
        wait(share)
        assert face.headline.text() == f"Reading the drawing moment by moment: {share:.0%}"
        assert face.timeline is before
        shares.append(share)

    monkeypatch.setattr(face, "wait", note)
    before = face.timeline
    draw(window.panel.canvas, Drawing((stroke([[20, 20], [60, 20], [100, 20]]),)))
    rest(qtbot, window)
    assert shares == sorted(set(shares))
    assert 0 < shares[0] <= shares[-1] < 1
    assert not face.headline.text().startswith("Reading")


def test_a_picture_has_none_and_says_so(qtbot: QtBot, window: MainWindow, face: TimelineFace) -> None:
    window.panel.canvas.show_sketch(Sketch(picture=window.panel.canvas.sketch.digit()))
    settle(qtbot, window)
    assert face.timeline is None
    assert face.none.isVisible()
    assert face.none.text().startswith("Only a drawing has a timeline")
    assert face.headline.text() == HEADLINE
    assert not face.scrubber.isEnabled()
    assert not face.play.isEnabled()
    menu = window.tabs.read.export.menu()
    menu.aboutToShow.emit()
    assert not any(action.isEnabled() for action in menu.actions())
    assert "draw something" in menu.actions()[0].toolTip()
    window.panel.canvas.clear()
    assert face.none.text().startswith("Draw, and see here")


def test_a_film_of_many_moments_has_the_time_that_it_takes(
    window: MainWindow, face: TimelineFace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After a minute it was given up, and its file appeared all the same."""
    assert face.timeline is not None
    limits: list[float] = []
    monkeypatch.setattr(window.jobs, "run", lambda *_, limit, **__: limits.append(limit))
    menu = window.tabs.read.export.menu()
    menu.save_film(tmp_path / "t.gif")
    menu.save_curves(tmp_path / "t.csv")
    monkeypatch.undo()
    assert limits == [600.0, 60.0]


def test_a_scribble_is_never_known(qtbot: QtBot, window: MainWindow, face: TimelineFace) -> None:
    window.panel.canvas.show_sketch(Sketch(Drawing((stroke(np.random.default_rng(5).uniform(40, 350, (25, 2))),))))
    rest(qtbot, window)
    assert face.headline.text() == "It never knew: in the end it sees no digit it knows"
    assert face.why.text().startswith("It changed its mind ")


@pytest.mark.slow
def test_another_net_is_asked_anew_and_a_classifier_has_probabilities_and_no_redrawing(
    qtbot: QtBot, window: MainWindow, face: TimelineFace, colour_model: Card
) -> None:
    assert face.pictures.redrawn.isVisible()
    window.use_model("keras-cnn")
    rest(qtbot, window)
    assert face.plot is not None
    assert face.plot.plot.getAxis("left").labelText == "probability"
    assert not face.pictures.redrawn.isVisible()
    assert face.timeline is not None
    assert face.timeline.scores.sum(1) == pytest.approx(1, abs=1e-4)
    # A net of photographs reads drawings, too: dark on light, as on paper.
    window.models.refresh()
    window.use_model(colour_model.name)
    rest(qtbot, window)
    assert face.pictures.seen.digit is not None
    assert face.pictures.seen.digit.shape == (32, 32, 3)
    assert face.timeline.last.reading.model == colour_model.name


def test_all_of_it_is_saved(
    qtbot: QtBot, window: MainWindow, face: TimelineFace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab, line = window.tabs.read, face.timeline
    assert line is not None
    actions = {action.text(): action for action in tab.export.menu().actions()}
    for title, name in (("Picture …", "t.png"), ("Curves …", "t.csv"), ("Film …", "t.gif")):
        monkeypatch.setattr(timeline_menu, "ask_where", lambda *_, name=name: tmp_path / name)
        with qtbot.waitSignal(tab.saved, timeout=SOON) as said:
            actions[title].trigger()
        assert said.args == [f"Saved {name}"]
    with Image.open(tmp_path / "t.png") as picture:
        assert picture.size == (face.picture.width(), face.picture.height())
    rows = list(csv.DictReader(io.StringIO((tmp_path / "t.csv").read_text(encoding="utf-8"))))
    assert [float(row["score of 7"]) for row in rows] == pytest.approx(line.scores[:, 7], abs=1e-6)
    with Image.open(tmp_path / "t.gif") as film:
        assert film.n_frames == len(line.moments)  # type: ignore[attr-defined]
    # What cannot be written is said.
    with qtbot.waitSignal(window.jobs.failed, timeout=SOON):
        tab.export.menu().save_curves(tmp_path / "t.csv" / "no.csv")  # type: ignore[attr-defined]
    assert "cannot save 'no.csv'" in window.message.text


def test_tab_reaches_all_of_it_and_the_least_window_has_room(
    qtbot: QtBot, window: MainWindow, face: TimelineFace
) -> None:
    walked = walk(qtbot, window.panel.canvas)
    for widget in (window.tabs.read.export, face.scrubber, face.play):
        assert widget in walked
    assert set(window.tabs.read.faces) & set(walked)
    window.resize(1024, 700)
    QApplication.processEvents()
    assert window.height() == 700
    pictures = face.pictures
    for view in (pictures.part, pictures.seen, pictures.redrawn):
        assert view.width() == view.height() >= 100
    assert pictures.mapTo(face, QPoint(pictures.width(), 0)).x() <= face.width()
    lowest = pictures.redrawn.mapTo(face, QPoint(0, pictures.redrawn.height())).y()
    assert lowest < face.play.y()


@pytest.mark.slow
@pytest.mark.usefixtures("face")
def test_the_face_is_there_again_at_the_next_start(qtbot: QtBot, window: MainWindow) -> None:
    window.close()
    again = MainWindow()
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: again.whole and again.tabs.has(READ), timeout=SOON)
    assert again.tabs.read.faces[TIMELINE].isChecked()
    face = again.tabs.read.timeline

    def there() -> None:
        assert face.timeline is not None, (face.isVisible(), face.none.text())

    qtbot.waitUntil(there, timeout=60_000)
    again.close()
