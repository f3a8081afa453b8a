"""A long session: someone draws, turns through the tabs, and trains all the while; memory, handles, threads as a plot.

    python tests/faults/soak.py [--minutes 60] [--seed 1] [--to soak.png]

Strokes on the canvas of the real window, now and then another tab, a face of it, or the canvas wiped; a small fit that
is begun anew when it ends. Every ten seconds what there is of the process is written into a table beside the plot. It
ends with 1 where something was thrown, said by Qt, or hung (`watched.py`), or where memory rose by more than a tenth
over the last half.
"""

import argparse
import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from unittest import mock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, str(Path(__file__).parent))

from monkey_files import few_digits
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from watched import Left, Watch

from capsdraw.ui import theme, window_parts
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.rooms import TRAIN

LEFT = Qt.MouseButton.LeftButton
EVERY = 10.0
# Of the last half's memory, by which it may rise.
LEVEL = 0.1
SHOWN = (("memory", "Memory, MB"), ("handles", "Open files"), ("threads", "Threads"), ("timers", "Timers at work"))


class Hand:
    """Draws and turns through a window; `move` is one event or two of it."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.random = window, random.Random(seed)
        self.strokes = self.fits = 0
        self._left = 0
        self._place = QPoint(200, 200)

    def move(self) -> None:
        """Go on with the stroke; between two strokes, sometimes do something else."""
        canvas = self.window.panel.canvas
        if self._left == 0:
            self._between()
            self._place = QPoint(self.random.randint(60, 260), self.random.randint(60, 260))
            QTest.mousePress(canvas, LEFT, pos=self._place)
            self._left = self.random.randint(10, 60)
            self.strokes += 1
        self._place += QPoint(self.random.randint(-9, 9), self.random.randint(-9, 9))
        QTest.mouseMove(canvas, self._place)
        self._left -= 1
        if self._left == 0:
            QTest.mouseRelease(canvas, LEFT, pos=self._place)

    def _between(self) -> None:
        if self.random.random() < 0.4:
            self.window.panel.canvas.clear()
        if self.random.random() < 0.1:
            index = self.random.randrange(self.window.tabs.count())
            self.window.tabs.setCurrentIndex(index)
            faces: list[QAbstractButton] = list(getattr(self.window.tabs.view(index), "faces", ()))
            if faces:
                self.random.choice(faces).click()
        if self.random.random() < 0.02:
            picker = self.window.picker
            picker.wanted.emit(self.random.choice(picker.names))
        train = self.window.train
        if not train.fitter.busy and train.form.cards[0].start.isEnabled():
            self.window.tabs.setCurrentIndex(TRAIN)
            train.faces[0].click()
            train.form.cards[0].start.click()
            self.fits += 1


def run(minutes: float, seed: int, table: Path) -> tuple[Watch, list[tuple[float, Left]], Hand]:
    """So long a session; what was seen of it, and what there was at each time, in minutes."""
    watch, seen = Watch(), list[tuple[float, Left]]()
    with watch.watching(), mock.patch.object(window_parts, "read_data", few_digits):
        window = MainWindow()
        window.show()
        hand = Hand(window, seed)
        begun = noted = time.monotonic()
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["minute", *(name for name, _ in SHOWN)])
            while time.monotonic() - begun < 60 * minutes:
                with watch.timing(f"stroke {hand.strokes}"):
                    hand.move()
                _wait(0.008, watch)
                if time.monotonic() - noted > EVERY:
                    noted = time.monotonic()
                    watch.count()
                    seen.append(((noted - begun) / 60, watch.left[-1]))
                    values = asdict(watch.left[-1])
                    writer.writerow([round(seen[-1][0], 2), *(values[name] for name, _ in SHOWN)])
                    file.flush()
        window.end()
        until = time.monotonic() + 60
        while time.monotonic() < until and (watch.look_for_late() or watch.late):
            _wait(0.1, watch)
        watch.count()
    return watch, seen, hand


def _wait(seconds: float, watch: Watch) -> None:
    """As a hand does between two moves; the window answers meanwhile, and other threads run."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    with watch.timing("what comes between"):
        loop.exec()


def plot(seen: Sequence[tuple[float, Left]], path: Path) -> None:
    """A curve for each of what was counted, over the minutes."""
    from matplotlib.figure import Figure

    figure = Figure((9, 8), layout="constrained")
    minutes = [minute for minute, _ in seen]
    for place, (name, words) in zip(figure.subplots(len(SHOWN), sharex=True), SHOWN, strict=True):
        place.plot(minutes, [getattr(left, name) for _, left in seen], linewidth=1)
        place.set_ylabel(words)
        place.set_ylim(bottom=0)
    place.set_xlabel("Minutes")
    figure.savefig(path, dpi=90)


def risen(seen: Sequence[tuple[float, Left]]) -> float:
    """By which part memory rose over the last half: its last quarter beside the one before."""
    memory = [left.memory for _, left in seen][len(seen) // 2 :]
    half = len(memory) // 2
    return 0.0 if half == 0 else (sum(memory[-half:]) / sum(memory[:half])) - 1


def main() -> int:
    """Do it, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=Path, default=Path("soak.png"))
    options = parser.parse_args()
    application = QApplication([])
    theme.apply(application, False)
    with (
        tempfile.TemporaryDirectory() as place,
        mock.patch.object(QMessageBox, "question", return_value=QMessageBox.StandardButton.Yes),
    ):
        os.environ["CAPSDRAW_HOME"] = place
        watch, seen, hand = run(options.minutes, options.seed, options.to.with_suffix(".csv"))
    plot(seen, options.to)
    print(f"{options.minutes:g} minutes, {hand.strokes} strokes, {hand.fits} fits; at the end {watch.left[-1]}")
    print(f"memory rose by {100 * risen(seen):.1f}% over the last half")
    for line in watch.wrong:
        print(line)
    return int(bool(watch.wrong) or risen(seen) > LEVEL)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)
