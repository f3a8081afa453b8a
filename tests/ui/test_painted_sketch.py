"""The pen stays quick however long one draws, and what is seen then is what is seen when all is painted anew."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from capsdraw.ink.sketch import SIDE, Sketch
from capsdraw.ink.strokes import Drawing, Points, Stroke
from capsdraw.ui import painted_sketch as paper_module
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.growing import GrowingStroke
from capsdraw.ui.paint import paint_stroke
from capsdraw.ui.painted_sketch import PaintedSketch

INK = QColor("#1c2430")
Count = Callable[[], int]


def scribble(count: int, seed: int = 0) -> Points:
    rng = np.random.default_rng(seed)
    turn = rng.normal(0, 0.5, count).cumsum()
    return np.clip(
        196 + np.cumsum(rng.uniform(0.5, 5, (count, 1)) * np.stack([np.cos(turn), np.sin(turn)], 1), 0), 0, 392
    )


def pixels(image: QImage) -> np.ndarray:
    grey = image.convertToFormat(QImage.Format.Format_Alpha8)
    return (
        np.frombuffer(grey.constBits(), np.uint8)
        .reshape(grey.height(), grey.bytesPerLine())[:, : grey.width()]
        .astype(int)
    )


def finish(paper: PaintedSketch, sketch: Sketch, side: int = SIDE, ratio: float = 1.0) -> None:
    paper.show(sketch, side, ratio, (INK, INK))
    while not paper.complete:
        paper.show(sketch, side, ratio, (INK, INK))


def look(canvas: Canvas) -> None:
    """Until all is painted: a busy machine takes more frames for it."""
    canvas.grab()
    while not canvas.painted:
        canvas.grab()


def anew(sketch: Sketch, side: int = SIDE) -> np.ndarray:
    paper = PaintedSketch()
    finish(paper, sketch, side)
    return pixels(paper.image)


def alike(image: np.ndarray, other: np.ndarray) -> bool:
    """The same, but for the edges where runs of a stroke meet: a stroke that was cut has others."""
    away = np.abs(image - other)
    return bool(away.max() < 96 and (away > 2).mean() < 0.01)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Count:
    """How many points were painted since it was asked last."""
    points: list[int] = []
    paint = paper_module.paint_stroke

    def count(painter: QPainter, stroke: Stroke, ink: QColor) -> None:
        points.append(len(stroke.points))
        paint(painter, stroke, ink)

    def so_far() -> int:
        total = sum(points)
        points.clear()
        return total

    monkeypatch.setattr(paper_module, "paint_stroke", count)
    return so_far


@pytest.mark.parametrize("pressed", [False, True])
def test_a_stroke_that_grows_is_painted_as_if_it_had_been_there(painted: Count, pressed: bool) -> None:
    paper, points, growing = PaintedSketch(), scribble(400), GrowingStroke()
    before = Sketch(Drawing((Stroke(scribble(50, 1), 9.0),)), np.eye(28, dtype=np.float32))
    most = 0
    for place, point in enumerate(points.tolist()):
        growing.add((point[0], point[1]), 0.3 + 0.001 * place if pressed else 1.0)
        sketch = before.with_stroke(growing.stroke(24.0))
        paper.show(sketch, 560, 1.0, (INK, INK), growing=True)
        most = max(most, painted() if place else 0)
        painted()
    assert most <= 33  # a run, however long the stroke is
    finish(paper, sketch, 560)
    assert painted() <= 33
    assert (pixels(paper.image) == anew(sketch, 560)).all()


def test_a_point_and_the_end_of_a_stroke_are_painted_while_it_grows() -> None:
    for count in (1, 2, 5, 60):
        paper, sketch = PaintedSketch(), Sketch(Drawing((Stroke(scribble(count, 3), 20.0),)))
        paper.show(sketch, SIDE, 1.0, (INK, INK), growing=True)
        rest = QPainter(paper.image)
        rest.setRenderHint(QPainter.RenderHint.Antialiasing)
        paper.paint_rest(rest)
        rest.end()
        assert (pixels(paper.image) == anew(sketch)).all() if count < 60 else alike(pixels(paper.image), anew(sketch))


@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_the_edge_of_a_stroke_that_is_done_is_that_of_one_line(ratio: float) -> None:
    """It was painted in runs, and darker where they met: a line had nicks."""
    around, growing, paper = np.linspace(0, 5, 120), GrowingStroke(), PaintedSketch()
    points = 196 + 150 * np.stack([np.cos(around), np.sin(around)], 1)
    before = Sketch(Drawing((Stroke(scribble(50, 1), 9.0),)))
    for x, y in points.tolist():
        growing.add((x, y), 1.0)
        sketch = before.with_stroke(growing.stroke(24.0))
        paper.show(sketch, 560, ratio, (INK, INK), growing=True)
    runs = pixels(paper.image)
    finish(paper, sketch, 560, ratio)
    wanted = QImage(560, 560, QImage.Format.Format_ARGB32_Premultiplied)
    wanted.fill(0)
    painter = QPainter(wanted)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(560 / SIDE, 560 / SIDE)
    for stroke in sketch.drawing.strokes:
        paint_stroke(painter, stroke, INK)
    painter.end()
    assert np.abs(pixels(paper.image) - pixels(wanted)).max() <= 2
    assert (runs - pixels(wanted)).max() > 32  # there were such places


def test_twenty_thousand_points_take_many_frames_and_none_of_them_long(
    painted: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_module, "_FRAME", -1.0)
    strokes = tuple(Stroke(scribble(500, seed), 12.0) for seed in range(3))
    sketch, paper, frames = Sketch(Drawing(strokes)), PaintedSketch(), 0
    while frames == 0 or not paper.complete:
        paper.show(sketch, SIDE, 1.0, (INK, INK))
        assert painted() <= 2 * 33
        frames += 1
    assert frames > 40
    assert (pixels(paper.image) == anew(sketch)).all()


@pytest.mark.parametrize("count", [150, 290])
def test_a_stroke_that_crosses_itself_over_and_over_is_painted_in_runs(painted: Count, count: int) -> None:
    """In one go, of no more points than others, it took up to a second."""
    away = np.random.default_rng(1).uniform(0, SIDE, (count, 2))
    paper = PaintedSketch()
    finish(paper, Sketch(Drawing((Stroke(away, 24.0),))))
    assert painted() > count + 20  # runs begin with the last point of the one before
    finish(paper, Sketch(Drawing((Stroke(away / 40 + 100, 24.0),))))
    assert painted() == count


def test_what_is_erased_before_a_stroke_s_end_is_painted_leaves_the_rest_whole() -> None:
    paper, stroke = PaintedSketch(), Stroke(scribble(400), 20.0)
    sketch = Sketch(Drawing((stroke,)))
    paper.show(sketch, SIDE, 1.0, (INK, INK), growing=True)
    while not paper.complete:
        paper.show(sketch, SIDE, 1.0, (INK, INK), growing=True)
    first = stroke.points[0]
    erased = sketch.erased(np.array([first, first + 4]), 12.0)
    paper.rub(erased, QRectF(*(first - 40).tolist(), 84, 84))
    finish(paper, erased)
    assert alike(pixels(paper.image), anew(erased))


def test_what_is_undone_is_gone_and_what_is_done_again_is_there() -> None:
    paper, stroke = PaintedSketch(), Stroke(scribble(80), 24.0)
    sketches = [Sketch(), Sketch(Drawing((stroke,))), Sketch(Drawing((stroke, Stroke(scribble(9, 4), 24.0))))]
    for place in (0, 1, 2, 1, 0, 2):
        finish(paper, sketches[place])
        assert (pixels(paper.image) == anew(sketches[place])).all()


@pytest.mark.parametrize("picture", [False, True])
def test_the_eraser_paints_no_more_than_it_touches(qtbot: QtBot, painted: Count, picture: bool) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(SIDE, SIDE)
    canvas.show()
    strokes = tuple(Stroke(np.array([[x, 20.0], [x, 370.0]]), 12.0) for x in range(20, 390, 40))
    under = np.full((SIDE, SIDE), 0.5, np.float32) if picture else None
    canvas.show_sketch(Sketch(Drawing(strokes), under))
    look(canvas)
    canvas.erasing = True
    painted()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 60))
    for x in range(22, 150, 3):
        qtbot.mouseMove(canvas, QPoint(x, 60))
        look(canvas)
        assert painted() <= 100  # of two thousand
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(150, 60))
    look(canvas)
    assert alike(pixels(canvas._paper.image), anew(canvas.sketch))


def test_an_area_under_way_grows_with_the_next_and_a_picture_beneath_it_is_whole() -> None:
    paper = PaintedSketch()
    strokes = tuple(Stroke(np.array([[x, 10.0], [x + 5, 380.0]]), 20.0) for x in range(10, 390, 30))
    sketch = Sketch(Drawing(strokes), np.random.default_rng(0).uniform(0, 1, (SIDE, SIDE)).astype(np.float32))
    paper.rub(sketch, QRectF(0, 0, 9, 9))  # nothing was painted yet
    finish(paper, sketch, 500)
    for place in (50.0, 90.0, 300.0):
        path = np.array([[place, place], [place + 9, place]])
        sketch = sketch.erased(path, 10.0)
        paper.rub(sketch, QRectF(QPointF(place - 32, place - 32), QPointF(place + 41, place + 32)))
    finish(paper, sketch, 500)
    assert alike(pixels(paper.image), anew(sketch, 500))


def test_what_is_erased_of_one_long_stroke_is_painted_anew_over_many_frames(
    painted: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scribble is one stroke: however much of it lay beneath the eraser was painted in one go, for a second."""
    paper, at_once = PaintedSketch(), PaintedSketch()
    along = np.linspace(0, 2 * np.pi, 6000)
    tangle = 196 + 180 * np.stack([np.sin(13 * along), np.sin(17 * along + 0.5)], 1)
    whole = Sketch(Drawing((Stroke(tangle, 3.0),)))
    sketch, frames = whole.erased(np.array([[20.0, 196.0], [372.0, 196.0]]), 30.0), 0
    box = QRectF(QPointF(0, 160), QPointF(392, 232))
    monkeypatch.setattr(paper_module, "_FRAME", 1e9)
    for each in (paper, at_once):
        finish(each, whole)
        each.rub(sketch, box)
    at_once.show(sketch, SIDE, 1.0, (INK, INK))
    assert at_once.complete
    monkeypatch.setattr(paper_module, "_FRAME", -1.0)
    painted()
    while frames == 0 or not paper.complete:
        paper.show(sketch, SIDE, 1.0, (INK, INK))
        assert painted() <= 2 * 33
        frames += 1
    assert frames > 20
    assert (pixels(paper.image) == pixels(at_once.image)).all()
