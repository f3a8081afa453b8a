"""Thirty pictures of one's own classes, the first plan, one click: a new picture is read right."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.fit import runs
from capsdraw.ui.main_window import MainWindow
from tests.cli.test_own_data import SHAPES, shape

from .test_drop_bar import drop

LEFT = Qt.MouseButton.LeftButton
LONG = 600_000
TRAINED, NEW = 10, 5


def picture(name: str, side: int, wider: int, colour: bool, random: np.random.Generator) -> Image.Image:
    """A shape in the middle of paper that is so many pixels wider than high."""
    drawn = shape(name, side, random, colour)
    paper = Image.new(drawn.mode, (side + wider, side), drawn.getpixel((0, 0)))
    paper.paste(drawn, (wider // 2, 0))
    return paper


def pictures(folder: Path, side: int, wider: int, colour: bool) -> Path:
    """A folder of three classes of ten pictures, and beside it five new ones of each."""
    random = np.random.default_rng(17)
    for name in SHAPES:
        for part, count in (("own", TRAINED), ("new", NEW)):
            (folder / part / name).mkdir(parents=True)
            for number in range(count):
                picture(name, side, wider, colour, random).save(folder / part / name / f"{number}.png")
    return folder / "own"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "wider", "colour", "timed"),
    [(28, 0, False, False), (90, 40, True, False), pytest.param(40, 0, False, True, marks=pytest.mark.long)],
)
def test_the_first_plan_learns_thirty_pictures(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, side: int, wider: int, colour: bool, timed: bool
) -> None:
    """Three epochs of them, a step each, where the plan was not timed yet: half of what it read was wrong."""
    drop(window, pictures(tmp_path, side, wider, colour))
    qtbot.mouseClick(window.dropped.train, LEFT)
    tab = window.train
    card = tab.form.cards[0]
    if timed:
        qtbot.waitUntil(lambda: card.time.text().endswith(" here"), timeout=LONG)
    qtbot.waitUntil(card.start.isEnabled, timeout=LONG)
    with qtbot.waitSignal(tab.fitter.ended, timeout=LONG) as end:
        qtbot.mouseClick(card.start, LEFT)
    assert end.args[1] == "finished", end.args[2]
    run = runs.read(end.args[0])
    assert run.recipe.epochs * -(-25 // run.recipe.batch) >= 150
    with qtbot.waitSignal(tab.adopted, timeout=LONG):
        qtbot.mouseClick(tab.afterwards.draw, LEFT)
    right = 0
    for place, name in enumerate(SHAPES):
        for number in range(NEW):
            with qtbot.waitSignal(window.files.opened, timeout=LONG):
                drop(window, tmp_path / "new" / name / f"{number}.png")
            qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=LONG)
            right += window.readout.bars.winner == place
    print(f"{right} of {NEW * len(SHAPES)} new pictures right, {run.recipe.epochs} epochs, {run.seconds:.0f} s")
    assert right >= 14
