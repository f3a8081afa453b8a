"""A large collection in the window: how long it takes to open, and whether it scrolls at 60 pictures a second.

    python tests/benchmarks/collection.py [DRAWINGS] [MODEL]

keeps so many drawings (100,000), synthetic pen digits whose content is made different each, in a home of its own, all
of them read by the model; opens the tab, until the first thumbnails are painted; and scrolls through all of them by
the wheel's steps. A frame is all that the window's thread does for one step: the move, the painting, and what comes
from other threads meanwhile. On a busy machine the clock says little: the processor time of all threads (opening) and
of the window's own (frames) stands beside.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from window import rest, until

from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item, Said
from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import SIDE, Sketch, fitted
from capsdraw.ink.strokes import Drawing
from capsdraw.nets import cards
from capsdraw.ui import theme
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import COLLECTION

# Drawings that are made by the pen; the others are theirs, row by row.
_MADE = 500


def fill(drawings: int, model: str) -> float:
    """Keep so many; seconds that one took by the app's own way."""
    card = cards.find(model)
    items = []
    for number in range(min(_MADE, drawings)):
        rng = np.random.default_rng(number)
        label = int(rng.integers(10))
        drawing = fitted(synthetic.drawing(label, rng))
        said = Said(model, card.sha256, str(label if rng.random() < 0.9 else (label + 1) % 10), float(rng.random()))
        items.append(Item(Sketch(Drawing(drawing.strokes, float(SIDE))), str(label), 1.6e9 + number, answers=(said,)))
    with Collection() as collection:
        begun = time.perf_counter()
        collection.add(items)
        each = (time.perf_counter() - begun) / len(items)
        # The rest would take the pen an hour: the same rows, under other hashes and at other times.
        connection = collection._connection
        connection.execute("BEGIN")
        for copy in range(1, -(-drawings // len(items))):
            connection.execute(
                "INSERT INTO drawing (content, sketch, thumbnail, label, writer, made) "
                "SELECT content || ?1, sketch, thumbnail, label, 'writer ' || (?1 % 30), made + 1000 * ?1 "
                "FROM drawing WHERE id <= ?2 LIMIT ?3",
                (copy, len(items), min(len(items), drawings - copy * len(items))),
            )
        connection.execute(
            "INSERT INTO answer SELECT d.id, a.sha256, a.model, a.label, a.score FROM drawing AS d "
            "JOIN answer AS a ON a.drawing = 1 + (d.id - 1) % ?1 WHERE d.id > ?1",
            (len(items),),
        )
        connection.execute("COMMIT")
    return each


def opened(window: MainWindow) -> tuple[float, float, float]:
    """Seconds from the click on the tab to its drawings' first painting, to that of all thumbnails in sight, and of
    the processor.
    """
    tab = window.collection
    wall = tab.kept.wall
    begun, computed = time.perf_counter(), time.process_time()
    window.tabs.setCurrentIndex(COLLECTION)
    until(lambda: len(tab.listing.shown) > 0, 1)
    window.repaint()
    listed = time.perf_counter() - begun

    def all_there() -> bool:
        area = wall.visibleRegion().boundingRect()
        return all(wall.has_picture(tab.listing.entry(place).id) for place in wall.in_sight(area))

    until(all_there, 1)
    window.repaint()
    return listed, time.perf_counter() - begun, time.process_time() - computed


def scrolled(window: MainWindow, steps: int) -> tuple[list[tuple[float, float]], float]:
    """Of each frame of a way through all: seconds, and of the thread; the share of thumbnails there a frame later."""
    kept = window.collection.kept
    bar, wall = kept.wall_scroll.verticalScrollBar(), kept.wall
    frames, there, seen = [], 0, 0
    for value in np.linspace(0, bar.maximum(), steps).astype(int).tolist():
        begun, computed = time.perf_counter(), time.thread_time()
        bar.setValue(value)
        kept.wall_scroll.viewport().repaint()
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        frames.append((time.perf_counter() - begun, time.thread_time() - computed))
        # The rest of a sixtieth of a second, in which the next event would come.
        rest(max(1, round(16.7 - 1000 * frames[-1][0])))
        ids = [kept.wall.listing.entry(place).id for place in wall.in_sight(wall.visibleRegion().boundingRect())]
        there, seen = there + sum(wall.has_picture(drawing) for drawing in ids), seen + len(ids)
    return frames, there / max(seen, 1)


def main(drawings: int = 100_000, model: str = cards.DEFAULT_MODEL) -> None:
    """Measure, and print a line of JSON."""
    application = QApplication(sys.argv[:1])
    theme.apply(application, False)
    with tempfile.TemporaryDirectory() as home:
        os.environ["CAPSDRAW_HOME"] = home
        each = fill(drawings, model)
        window = MainWindow()
        window.show()
        until(lambda: window.answers.last is not None)
        until(lambda: window.tabs.has(COLLECTION))
        rest(500)
        listed, pictured, computed = opened(window)
        frames, there = scrolled(window, 1500)
        figures = {
            "drawings": drawings, "keeping one, ms": round(each * 1000, 1),
            "opened, s": round(listed, 3), "with thumbnails, s": round(pictured, 3), "processor, s": round(computed, 3),
            "frames": len(frames), "thumbnails there a frame later": round(there, 3),
        }  # fmt: skip
        for kind, values in zip(("frame", "its thread"), np.array(frames).T * 1000, strict=True):
            middle, late, last = np.percentile(values, [50, 99, 100])
            figures[f"{kind}, median, 99th percentile and longest, ms"] = [
                round(float(v), 2) for v in (middle, late, last)
            ]
        print(json.dumps(figures))
        window.close()


if __name__ == "__main__":
    main(*(int(value) if value.isdigit() else value for value in sys.argv[1:]))  # type: ignore[arg-type]
