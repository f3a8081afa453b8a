"""The first ten minutes, minute by minute, by mouse on the real window: the steps of `docs/first-ten-minutes.md`.

`python tests/first_minutes.py` makes that page's pictures anew; `tests/ui/test_first_minutes.py` walks the same steps.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import SIDE, fitted
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import CAPSULE, COMPARE, INSIDE, READ, TRAIN

FOLDER: Final = Path(__file__).parents[1] / "docs" / "pictures"
LEFT: Final = Qt.MouseButton.LeftButton
# Seconds that a step may take: a net may have to be loaded first.
LONG: Final = 180

Step = Callable[["Newcomer"], None]


def rest(milliseconds: int) -> None:
    """Let the window live; `QTest.qWait` would keep Python from all other threads meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Newcomer:
    """Somebody at the window for the first time.

    Args:
        window: shown.
    """

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def until(self, there: Callable[[], object], what: str) -> None:
        """Wait until something is so; raises AssertionError where it does not come."""
        end = time.monotonic() + LONG
        while not there():
            assert time.monotonic() < end, f"{what} did not come"
            rest(50)
        rest(300)

    def click(self, widget: QWidget) -> None:
        """Click the middle of a widget."""
        QTest.mouseClick(widget, LEFT, pos=widget.rect().center())

    def press(self, words: str) -> None:
        """Click the toolbar's button that says so."""
        buttons = self.window.commands.toolbar.findChildren(QToolButton)
        self.click(next(button for button in buttons if button.text() == words))

    def turn(self, index: int) -> None:
        """Click a tab."""
        bar = self.window.tabs.tabBar()
        QTest.mouseClick(bar, LEFT, pos=bar.tabRect(index).center())

    def draw(self, label: int) -> None:
        """Draw a digit over what lies there, after Clear."""
        canvas = self.window.panel.canvas
        if self.window.panel.tools.clear.isEnabled():
            self.click(self.window.panel.tools.clear)
        for stroke in fitted(synthetic.drawing(label, np.random.default_rng((9, label, 0)))).strokes:
            places = [QPoint(*place) for place in np.rint(stroke.points * canvas.height() / SIDE).astype(int).tolist()]
            QTest.mousePress(canvas, LEFT, pos=places[0])
            for place in places[1:]:
                QTest.mouseMove(canvas, place)
            QTest.mouseRelease(canvas, LEFT, pos=places[-1])

    def says(self, words: str) -> bool:
        """Whether the sentence beneath the canvas has these words, as the answer to what is drawn."""
        glance, answers = self.window.panel.glance, self.window.answers
        return words in glance.headline.text() and answers.last is not None


def opened(newcomer: Newcomer) -> None:
    """Minute 0: an example is read, and a tour offered."""
    newcomer.until(lambda: newcomer.says("sees a 3"), "the first answer")
    newcomer.window.welcome()
    assert newcomer.window.teaching.invitation.isVisible()


def drawn(newcomer: Newcomer) -> None:
    """Minute 1: a digit of one's own, and its bar."""
    newcomer.click(newcomer.window.teaching.invitation.later)
    newcomer.draw(7)
    newcomer.until(lambda: newcomer.says("sees a 7"), "the answer to a 7")
    assert not newcomer.window.teaching.invitation.isVisible()


def explained(newcomer: Newcomer) -> None:
    """Minute 2: what is seen here is explained, with one's own digit; words lead on."""
    window = newcomer.window
    newcomer.click(window.teaching.question_mark)
    panel = window.teaching.teacher.panel
    newcomer.until(panel.isVisible, "the explanation")


def doubted(newcomer: Newcomer) -> None:
    """Minute 3: a letter is no digit, 42 is two, and the window says which."""
    window = newcomer.window
    QTest.keyClick(window.teaching.teacher.panel, Qt.Key.Key_Escape)
    newcomer.press("42")
    newcomer.until(lambda: newcomer.says("sees 4 2"), "42, digit by digit")
    newcomer.press("A letter")
    newcomer.until(lambda: newcomer.says("no digit it knows"), "the doubt about a letter")


def moved(newcomer: Newcomer) -> None:
    """Minute 4: a number of the capsule is moved, and the digit leans."""
    window = newcomer.window
    newcomer.draw(7)
    newcomer.turn(CAPSULE)
    face = window.lab.face
    newcomer.until(lambda: window.lab.label == 7 and not window.lab.busy, "the capsule")
    newcomer.until(lambda: any("slant" in slider.name for slider in face.list.shown()), "the sliders' names")
    slider = next(slider for slider in face.list.shown() if "slant" in slider.name)
    before = face.redrawn.view.digit.copy()
    knob = slider.knob().toPoint()
    QTest.mousePress(slider, LEFT, pos=knob)
    QTest.mouseMove(slider, knob + QPoint(40, 0))
    QTest.mouseRelease(slider, LEFT, pos=knob + QPoint(40, 0))
    newcomer.until(lambda: np.abs(face.redrawn.view.digit - before).max() > 0.1, "the leaning digit")


def agreed(newcomer: Newcomer) -> None:
    """Minute 5: routing by agreement, first in small."""
    window = newcomer.window
    newcomer.click(window.lab.faces[2])
    newcomer.until(window.lab.routing.example.isVisible, "the example")
    rest(500)


def routed(newcomer: Newcomer) -> None:
    """Minute 6: the same in CapsNet, with one's own digit, as a film."""
    window = newcomer.window
    window.use_model("capsnet")
    newcomer.until(lambda: newcomer.says("CapsNet sees a 7"), "CapsNet's answer")
    routing = window.lab.routing
    newcomer.click(routing.modes[1])
    newcomer.until(lambda: routing.lengths.scores is not None, "the routing")


def compared(newcomer: Newcomer) -> None:
    """Minute 7: a classifier is sure of a scribble, too."""
    window = newcomer.window
    newcomer.press("A scribble")
    newcomer.turn(COMPARE)
    newcomer.until(lambda: all(column.bars.scores is not None for column in window.compare.columns), "all models' bars")
    newcomer.until(
        lambda: all(window.compare.curves.get(one.card.name) for one in window.compare.columns), "the curves"
    )


def looked_into(newcomer: Newcomer) -> None:
    """Minute 8: the net itself, layer by layer."""
    window = newcomer.window
    window.use_model("efficient-capsnet")
    newcomer.draw(7)
    newcomer.turn(INSIDE)
    newcomer.until(lambda: window.inside.net.picture.trace is not None and not window.inside.busy, "the layers")


def planned(newcomer: Newcomer) -> None:
    """Minute 9: a net of one's own is a button away."""
    window = newcomer.window
    newcomer.turn(TRAIN)
    newcomer.until(lambda: all(card.start.isEnabled() for card in window.train.form.cards), "the plans")
    newcomer.until(lambda: "Timing" not in window.train.form.cards[0].time.text(), "the first plan's time")


def read_again(newcomer: Newcomer) -> None:
    """Minute 10: back to the drawing, where it all began."""
    newcomer.turn(READ)
    newcomer.until(lambda: newcomer.says("sees a 7"), "the answer")


STEPS: Final[tuple[Step, ...]] = (
    opened, drawn, explained, doubted, moved, agreed, routed, compared, looked_into, planned, read_again,
)  # fmt: skip


def walked(window: MainWindow) -> Iterator[tuple[int, Step]]:
    """Do one step after the other; what was done last."""
    newcomer = Newcomer(window)
    for number, step in enumerate(STEPS):
        step(newcomer)
        yield number, step


def main() -> None:
    """Make the pictures."""
    from capsdraw.ui.app import opened as app_opened

    _, window = app_opened()
    window.resize(1280, 800)
    FOLDER.mkdir(exist_ok=True)
    for number, step in walked(window):
        window.statusBar().clearMessage()
        rest(700)
        window.grab().save(str(FOLDER / f"minute-{number}.png"))
        print(number, step.__doc__, flush=True)
    window.end()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CAPSDRAW_HOME"] = folder
        main()
        sys.stdout.flush()
        os._exit(0)
