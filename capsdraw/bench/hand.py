"""Pen to answer, slider to picture, and how late the event loop is, in one window that a hand uses.

python -m capsdraw.bench.hand MODEL MOVES SECONDS alone|busy|fit [pen] [slider] [loop]

"busy": beside a process of ordinary priority for each core; "fit": beside a CapsNet fit in the same window. For
SECONDS the event loop is watched. A move that asks for nothing is no figure; where an answer does not come, there are
no figures at all, and one line that says so.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from capsdraw.bench import machine
from capsdraw.bench.children import answer, busy
from capsdraw.bench.driven import DrivenWindow
from capsdraw.errors import CapsDrawError
from capsdraw.fit import recipes
from capsdraw.fit.events import BatchEnded
from capsdraw.ui.tab_bar import READ

# Moves that warm up; seconds that one may take; milliseconds between two looks at the event loop.
_FIRST: Final = 20
_LONGEST: Final = 20.0
_EVERY: Final = 5


def main() -> int:
    """Open the window, measure what the command line says, print it."""
    model, moves, seconds, beside, *parts = sys.argv[1:]
    return answer(lambda: measured(model, int(moves), float(seconds), beside, parts or ["pen", "slider", "loop"]))


def measured(model: str, moves: int, seconds: float, beside: str, parts: list[str]) -> dict[str, Any]:
    """What of `parts` was asked for, as `machine.spread`s in milliseconds, and the machine's measure."""
    shown = DrivenWindow()
    try:
        shown.use(model)
        figures: dict[str, Any] = {"model": model, "beside": beside, "product_ms": round(machine.product(), 3)}
        with _beside(shown, beside):
            if "pen" in parts:
                figures["pen"] = machine.spread(pen(shown, moves))
            if "slider" in parts:
                figures["slider"] = machine.spread(slider(shown, moves))
            if "loop" in parts:
                figures["loop"] = machine.spread(loop(shown, seconds))
            figures["memory"] = machine.memory()
    finally:
        shown.close()
    return figures


def pen(shown: DrivenWindow, moves: int) -> list[float]:
    """Milliseconds from a mouse move on the canvas until the bars are repainted, each move after the last's answer."""
    window, canvas = shown.window, shown.window.panel.canvas
    window.tabs.setCurrentIndex(READ)
    canvas.clear()
    times = []
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    for turn in np.linspace(0.1, 6 * np.pi, moves + _FIRST):
        place = QPoint(round(200 + (60 + 3 * turn) * np.sin(turn)), round(200 - 110 * np.cos(turn)))
        before, begun = window.reader.number, time.perf_counter()
        QTest.mouseMove(canvas, place)
        if window.reader.number == before:
            continue
        shown.until(lambda: shown.answered, "the answer to a pen's move", _LONGEST)
        times.append(1000 * (time.perf_counter() - begun))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=place)
    return _enough(times, moves, "the pen")


def slider(shown: DrivenWindow, moves: int) -> list[float]:
    """Milliseconds from a mouse move on a slider of Capsule until the redrawn digit is painted."""
    lab, picture = shown.window.lab, shown.window.lab.questions.picture
    shown.window.tabs.setCurrentWidget(lab)
    shown.until(lambda: lab.face.redrawn.view.digit is not None and not lab.busy, "the capsule's picture")
    painted = [0]

    def paint() -> None:
        painted[0] += not picture.awaited

    lab.face.redrawn.view.painted.connect(paint)
    times, sliders = [], lab.face.list.shown()
    for move in range(moves + _FIRST):
        knob = sliders[move // 20 % len(sliders)]
        place = QPoint(round(knob._at(round(200 * np.sin(move)))), knob.height() // 2)
        if move % 20 == 0:
            QTest.mousePress(knob, Qt.MouseButton.LeftButton, pos=knob.knob().toPoint())
        painted[0], begun = 0, time.perf_counter()
        QTest.mouseMove(knob, place)
        if picture.awaited:
            shown.until(lambda: painted[0] > 0, "a slider's picture", _LONGEST)
            times.append(1000 * (time.perf_counter() - begun))
        if move % 20 == 19:
            QTest.mouseRelease(knob, Qt.MouseButton.LeftButton, pos=place)
    return _enough(times, moves, "the slider")


def loop(shown: DrivenWindow, seconds: float) -> list[float]:
    """By how many milliseconds the event loop was late, each time that it was looked at."""
    late: list[float] = []
    clock = QTimer()
    clock.setTimerType(Qt.TimerType.PreciseTimer)
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(1000 * (now - last) - _EVERY, 0.0))
        last = now

    clock.timeout.connect(tick)
    clock.start(_EVERY)
    shown.rest(seconds)
    clock.stop()
    return late


def _enough(times: list[float], moves: int, what: str) -> list[float]:
    """The figures without those that warmed up; raises CapsDrawError where many moves have asked for nothing."""
    if len(times) < _FIRST + 0.9 * moves:
        raise CapsDrawError(f"{what} asked for an answer in {len(times)} of {moves + _FIRST} moves: no figure")
    return times[_FIRST:]


def _beside(shown: DrivenWindow, what: str) -> Any:
    match what:
        case "alone":
            return nullcontext()
        case "busy":
            return busy(os.cpu_count() or 2)
        case "fit":
            return _fit(shown)
    raise CapsDrawError(f"'{what}': it is alone, busy or fit")


@contextmanager
def _fit(shown: DrivenWindow) -> Iterator[None]:
    """A CapsNet fit in the same window, on synthetic digits, so that no data set need be there."""
    fitter = shown.window.train.fitter
    plain = replace(recipes.load("capsnet"), data="synthetic", held_out=100, limit=2000, synthetic=0, strokes=0)
    batches, faults = [0], [""]

    def count(event: object) -> None:
        batches[0] += isinstance(event, BatchEnded)

    fitter.reported.connect(count)
    fitter.ended.connect(lambda _, how, why: faults.__setitem__(0, why or how))
    fitter.train(replace(plain, restarts=(), average=False, epochs=1000))
    try:
        shown.until(lambda: batches[0] > 1 or bool(faults[0]), "the fit's first batches", 120)
        if faults[0]:
            raise CapsDrawError(f"the fit beside could not be trained: {faults[0]}")
        yield
    finally:
        fitter.stop()
        shown.until(lambda: not fitter.busy, "the fit's end")


if __name__ == "__main__":
    sys.exit(main())
