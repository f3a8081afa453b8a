"""The timeline of a drawing of 300 points: all of it, and the longest that a pen which moves meanwhile waits for.

python tests/benchmarks/timeline.py [MODEL …]
"""

import sys
import time

import numpy as np
from machine import report

from capsdraw.ink.sketch import PEN_WIDTH, Sketch
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.lab.timeline import PenWay, timeline
from capsdraw.nets import cards
from capsdraw.nets.light import Light
from capsdraw.ui.read.asking import ask_moments

_TIMES = 10


def eight() -> Sketch:
    """An 8 in one stroke of 300 points."""
    along = np.linspace(0, 1, 300)
    points = np.stack([196 + 80 * np.sin(4 * np.pi * along), 196 - 140 * np.cos(2 * np.pi * along)], -1)
    return Sketch(Drawing((Stroke(points, PEN_WIDTH),)))


def main() -> None:
    """Ask each model in turn."""
    sketch = eight()
    way = PenWay(sketch.drawing)
    for name in sys.argv[1:] or ("efficient-capsnet", "capsnet"):
        session = Light.open(cards.find(name))
        session.read(sketch.digit())
        wholes, slices, own = [], [], []
        for _ in range(_TIMES):
            begun, processor = time.perf_counter(), time.process_time()
            line = timeline(session, sketch)
            wholes.append(1000 * (time.perf_counter() - begun))
            own.append(1000 * (time.process_time() - processor))
            left = way.moments()
            while len(left):
                begun = time.perf_counter()
                left = left[len(ask_moments(session, sketch, way, left)) :]
                slices.append(1000 * (time.perf_counter() - begun))
        report(f"{name}, all {len(line.moments)} moments", wholes)
        print(f"    of the processor's time {np.median(own):.0f} ms in the median, in all threads")
        report(f"{name}, one answer of as many moments as half a frame allows", slices)


if __name__ == "__main__":
    main()
