"""Paint and look at long drawings: a 20-second scribble, files of 20,000 points, an eraser over a picture.

python tests/benchmarks/long_drawings.py

Of each move (in an opened file: of each frame until all of it is painted), milliseconds on the window's thread for
the event and its paint, and on the thread that looks for the digit.
"""

import os
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from capsdraw.ink.looks import Looks
from capsdraw.ink.sketch import PEN_WIDTH, Sketch
from capsdraw.ink.strokes import Drawing, Points, Stroke
from capsdraw.ui.canvas import Canvas

SIDE = 560


def scribble(count: int, seconds: float = 20.0) -> Points:
    """A hand that goes to and fro all over the canvas three times a second, in canvas units."""
    time_of = np.linspace(0, seconds, count)
    turn = 6 * np.pi * time_of
    across, down = np.sin(turn) * np.cos(0.21 * time_of), np.cos(1.31 * turn) * np.sin(0.17 * time_of + 1)
    return 196 + 150 * np.stack([across, down], 1)


Times = tuple[float, float]


def timed(work: Callable[[], object]) -> Times:
    """Milliseconds by the clock, and of this thread's own processor time, which a busy machine does not stretch."""
    begun, own = time.perf_counter(), time.thread_time()
    work()
    return 1000 * (time.perf_counter() - begun), 1000 * (time.thread_time() - own)


def report(what: str, paints: list[Times], looks: list[Times]) -> None:
    figures = []
    for times in (paints, looks):
        clock, usual = np.percentile(times, 99, axis=0)
        figures.append(
            f"99th percentile {clock:.1f} ms, {usual:.1f} of processor time (most {max(own for _, own in times):.1f})"
        )
    print(f"{what}: {len(paints)} paints, {figures[0]}; {len(looks)} looks, {figures[1]}", flush=True)


def by_mouse(canvas: Canvas, points: Points, what: str) -> None:
    """Go along the points with the mouse; each move is painted, every fourth looked at."""
    looks, places = Looks(), [QPoint(*place) for place in np.rint(points * SIDE / 392).astype(int).tolist()]
    paints: list[Times] = []
    digits: list[Times] = []
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for number, place in enumerate(places[1:]):
        paints.append(timed(lambda place=place: (QTest.mouseMove(canvas, place), canvas.repaint())))  # type: ignore[misc]
        if number % 4 == 0 and canvas.sketch:
            digits.append(timed(lambda: looks.digit(canvas.sketch)))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])
    paints.append(timed(canvas.repaint))
    report(what, paints, digits)


def opened(canvas: Canvas, points: Points, what: str) -> None:
    canvas.clear()
    canvas.repaint()
    canvas.show_sketch(Sketch(Drawing((Stroke(points, PEN_WIDTH),))))
    paints = [timed(canvas.repaint)]
    while not canvas.painted:
        paints.append(timed(canvas.repaint))
    looks = Looks()
    report(what, paints, [timed(lambda: looks.digit(canvas.sketch)) for _ in range(10)])


def main() -> None:
    """All of them."""
    application = QApplication([])
    canvas = Canvas()
    canvas.setFixedSize(SIDE, SIDE)
    canvas.show()
    application.processEvents()
    rng = np.random.default_rng(0)
    picture = rng.uniform(0, 1, (28, 28)).astype(np.float32)
    by_mouse(canvas, scribble(2500), "a scribble of 20 seconds, 125 moves a second")
    canvas.show_sketch(Sketch(picture=picture))
    by_mouse(canvas, scribble(2500), "the same over a picture")
    canvas.show_sketch(Sketch(picture=picture))
    canvas.erasing = True
    by_mouse(canvas, scribble(1000, 8.0) * 0.5 + 60, "the eraser over a picture")
    canvas.show_sketch(Sketch(Drawing((Stroke(scribble(20_000), PEN_WIDTH),))))
    by_mouse(canvas, scribble(400, 4.0) * 0.5 + 60, "the eraser over a drawing of 20,000 points")
    canvas.erasing = False
    opened(canvas, scribble(20_000), "a file of 20,000 points")
    opened(canvas, rng.uniform(60, 330, (20_000, 2)), "a file of 20,000 scattered points")


main()
