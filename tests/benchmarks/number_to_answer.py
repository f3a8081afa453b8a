"""Pen to answer while a number is drawn: from a mouse move on the canvas until its digits are read.

python tests/benchmarks/number_to_answer.py [MODEL] [DIGITS] [TIMES]

Moves of all digits count, and once more those of the last one alone: by then each move is answered for all of them.
Beside the time that passes stands what the process' threads took of the processor: other processes change that less.
"""

import os
import sys
import time

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from capsdraw.bench import benchmark, machine
from capsdraw.bench.driven import DrivenWindow
from capsdraw.datasets.non_digits import several
from capsdraw.ink.sketch import SIDE, fitted

# Milliseconds that passed, and of the processor.
Times = tuple[float, float]


def main() -> int:
    """Draw, and say how long answers took."""
    model, digits, times = (*sys.argv[1:], *("efficient-capsnet", "6", "5")[len(sys.argv) - 1 :])[:3]
    with benchmark.own_home() as home:
        os.environ["CAPSDRAW_HOME"] = str(home)
        shown = DrivenWindow()
        try:
            shown.use(model)
            every: list[Times] = []
            last: list[Times] = []
            for turn in range(int(times)):
                strokes = drawn(shown, int(digits), turn)
                every += [value for stroke in strokes for value in stroke]
                last += strokes[-1]
        finally:
            shown.close()
    for name, values in (("all digits", every), ("the last stroke", last)):
        passed, took = (machine.spread(list(times)) for times in zip(*values, strict=True))
        print(f"{model}, {digits} digits, {name}: median {passed['median']:.1f} ms, p95 {passed['p95']:.1f} ms, of the "
              f"processor {took['median']:.1f} and {took['p95']:.1f} ms, of {passed['count']} moves")  # fmt: skip
    return 0


def drawn(shown: DrivenWindow, digits: int, seed: int) -> list[list[Times]]:
    """Milliseconds of each move, stroke by stroke."""
    random, canvas = np.random.default_rng((77, seed)), shown.window.panel.canvas
    drawing = fitted(several(random, digits=random.integers(0, 10, digits).tolist()))
    canvas.clear()
    return [_moves(shown, stroke.points * canvas.width() / SIDE) for stroke in drawing.strokes]


def _moves(shown: DrivenWindow, points: np.ndarray) -> list[Times]:
    window, canvas = shown.window, shown.window.panel.canvas
    places = [QPoint(*map(round, point)) for point in points.tolist()]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    times = []
    for place in places[1:]:
        before, begun, work = window.reader.number, time.perf_counter(), time.process_time()
        QTest.mouseMove(canvas, place)
        if window.reader.number != before:
            shown.until(lambda: window.answers.newest is not None, "the answer to a pen's move", 20.0)
            times.append((1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - work)))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[-1])
    return times


if __name__ == "__main__":
    sys.exit(main())
