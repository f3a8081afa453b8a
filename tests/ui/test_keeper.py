"""The session lives: what was drawn and chosen is there again, though the app was killed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.raster import from_bytes
from capsdraw.ink.sketch import Sketch
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.paths import home
from capsdraw.ui import last_drawing
from capsdraw.ui.canvas import Canvas
from capsdraw.ui.keeper import DRAWING, Keeper

from .conftest import Draw, digit

SOON = 10_000

# A process with the real window; what it is asked to do comes in a variable.
PROCESS = """
import json, os, sys
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from capsdraw.ui import app
from capsdraw.ui.canvas import Canvas

what = os.environ["WHAT"]
if what == "crash":
    Canvas.show_sketch = lambda *_: os.abort()
application, window = app.opened()
keeper, canvas = window.keeper, window.panel.canvas

def draw():
    canvas.clear()
    canvas.set_pen_width(11)
    window.tabs.setCurrentIndex(2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(40, 50))
    for step in range(40):
        QTest.mouseMove(canvas, QPoint(40 + 5 * step, 50 + 4 * step))
    told()

def told():
    points = [stroke.points.tolist() for stroke in canvas.kept.drawing.strokes]
    said = [points, window.tabs.currentIndex(), canvas.pen_width, keeper.left_out]
    print(json.dumps(said), flush=True)
    if what == "tell":
        window.close()
        QApplication.exit(0)

QTimer.singleShot(1500, draw if what == "draw" else told)
sys.exit(application.exec())
"""


def started(what: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS], stdout=subprocess.PIPE, text=True, env={**os.environ, "WHAT": what}
    )


def told(process: "subprocess.Popen[str]") -> list[Any]:
    assert process.stdout is not None
    answer = json.loads(process.stdout.readline())
    assert isinstance(answer, list)
    return answer


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="no kill -9 there")
def test_what_was_drawn_is_there_again_after_kill_9_in_mid_stroke(own_home: Path) -> None:
    kept, chosen = own_home / "drawing.json", own_home / "settings.json"
    with started("draw") as process:
        points, tab, pen, _ = told(process)
        until = time.monotonic() + 15
        while not (kept.exists() and strokes.load(kept).strokes[0].points.tolist() == points[0] and chosen.exists()):
            assert time.monotonic() < until, "the drawing is not kept"
            time.sleep(0.05)
        process.kill()  # the pen is still down
    with started("tell") as process:
        assert told(process) == [points, tab, pen, []]
    assert (tab, pen, process.returncode) == (2, 11.0, 0)
    # A drawing that brings the start down is tried once.
    with started("crash") as process:
        assert process.wait(60) == -6
    with started("tell") as process:
        shown, tab, _, left_out = told(process)
    assert (shown, tab) == ([], 2)
    assert "so it is not shown again: it is kept in" in left_out[0]
    with started("tell") as process:
        assert told(process)[3] == []
    [aside] = strokes.load(own_home / "drawing-aside.json").strokes
    assert aside.points.tolist() == points[0]


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    made = Canvas()
    made.resize(392, 392)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def keepers() -> Iterator[list[Keeper]]:
    """Those that a test makes; closed after it."""
    made: list[Keeper] = []
    yield made
    for keeper in made:
        keeper.close()


def begun(canvas: Canvas, keepers: list[Keeper]) -> Keeper:
    """A session with that canvas."""
    keeper = Keeper()
    keepers.append(keeper)
    keeper.restore(DRAWING, canvas.show_sketch)
    keeper.restore("pen", canvas.set_pen_width)
    keeper.watch(DRAWING, lambda: canvas.kept)
    keeper.watch("pen", lambda: canvas.pen_width)
    keeper.start()
    return keeper


def test_a_drawing_is_kept_within_seconds_and_a_later_look_costs_the_window_nothing(
    qtbot: QtBot, canvas: Canvas, keepers: list[Keeper], own_home: Path, draw: Draw
) -> None:
    keeper = begun(canvas, keepers)
    draw(canvas, digit(3))
    qtbot.waitUntil((own_home / "drawing.json").exists, timeout=SOON)
    assert strokes.load(own_home / "drawing.json").strokes == canvas.sketch.drawing.strokes
    many = Drawing(tuple(Stroke(np.random.default_rng(n).uniform(0, 392, (200, 2)), 9.0) for n in range(100)))
    canvas.show_sketch(Sketch(many))
    times = []
    for _ in range(20):
        canvas.show_sketch(replace(canvas.sketch))
        begin = time.perf_counter()
        keeper.keep()
        times.append(time.perf_counter() - begin)
    assert sorted(times)[10] < 0.005


def test_what_was_closed_at_once_is_kept_too_and_a_cleared_canvas_stays_clear(
    canvas: Canvas, keepers: list[Keeper], draw: Draw
) -> None:
    first = begun(canvas, keepers)
    draw(canvas, digit(5))
    drawn = canvas.sketch
    first.close()
    canvas.show_sketch(Sketch())
    second = begun(canvas, keepers)
    assert canvas.sketch.drawing == drawn.drawing
    canvas.clear()
    second.close()
    assert begun(canvas, keepers).drawing is None


def test_an_example_is_not_kept(canvas: Canvas, keepers: list[Keeper]) -> None:
    """It would not give way to the first stroke any more."""
    keeper = begun(canvas, keepers)
    canvas.show_sketch(Sketch(digit(3)), example=True)
    keeper.close()
    assert Keeper().drawing is None


def test_what_cannot_be_restored_is_said_and_left_out(keepers: list[Keeper]) -> None:
    keeper = Keeper()
    keepers.append(keeper)
    keeper.watch("tab", lambda: "the moon")
    keeper.close()

    def put(name: str) -> None:
        raise CapsDrawError(f"there is no view '{name}'")

    again = Keeper()
    again.restore("tab", put)
    again.restore("model", put)  # nothing was kept of it
    assert again.left_out == ["there is no view 'the moon'"]


def test_a_part_that_cannot_be_read_keeps_no_other_from_being_kept(keepers: list[Keeper]) -> None:
    keeper = Keeper()
    keepers.append(keeper)
    keeper.watch("tab", lambda: str(1 // 0))
    keeper.watch("pen", lambda: 7.0)
    keeper.close()
    assert Keeper().state.pen == 7


def test_a_session_that_cannot_be_kept_says_so_once(
    qtbot: QtBot, canvas: Canvas, keepers: list[Keeper], own_home: Path, draw: Draw
) -> None:
    keeper = begun(canvas, keepers)
    said: list[str] = []
    keeper.failed.connect(said.append)
    own_home.rmdir()
    own_home.write_text("no folder")
    draw(canvas, digit(1))
    for _ in range(2):
        keeper.keep()
        qtbot.waitUntil(lambda: len(said) >= 2, timeout=SOON)
        qtbot.wait(50)
    assert sorted(line.split(":")[0] for line in said) == [
        "cannot keep the drawing in 'drawing.json'", "cannot keep the settings in 'settings.json'",
    ]  # fmt: skip
    own_home.unlink()
    own_home.mkdir()
    keeper.keep()
    qtbot.waitUntil((own_home / "drawing.json").exists, timeout=SOON)


def test_a_drawing_that_another_window_tries_is_not_taken_from_it(canvas: Canvas, keepers: list[Keeper]) -> None:
    first = begun(canvas, keepers)
    canvas.show_sketch(Sketch(digit(7)))
    first.close()
    kept = begun(canvas, keepers)
    other = Keeper()
    assert other.left_out == []
    assert other.drawing is None
    kept.settled()
    kept.close()
    assert Keeper().drawing is not None


def test_a_damaged_drawing_is_said_once_and_kept_aside(own_home: Path) -> None:
    (own_home / "drawing.json").write_text('{"version": 1, "strokes": [{"points": "no"}]}')
    assert Keeper().left_out == [
        "cannot read the drawing of the last time 'drawing.json': stroke 1 has no list of points"
    ]
    assert Keeper().left_out == []
    assert (own_home / "drawing-aside.json").exists()


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.none() | st.text(max_size=5), st.booleans(), st.binary(max_size=50))
def test_a_picture_comes_back_to_the_bit(
    rows: int, columns: int, label: str | None, boxed: bool, source: bytes
) -> None:
    """What a net says of it is what it said."""
    picture = from_bytes(np.random.default_rng(rows).integers(0, 256, (rows, columns), np.uint8))
    sketch = Sketch(
        Drawing((Stroke(np.array([[1.5, 2.0], [300.0, 390.25]]), 20.0, np.array([0.5, 1.0])),)) if boxed else Drawing(),
        picture, label, (10.0, 20.5, 30.0, 40.0) if boxed else None, ("faint",) if boxed else (), source or None,
    )  # fmt: skip
    back = last_drawing.decoded(last_drawing.encoded(sketch))
    assert back.picture is not None
    assert np.array_equal(back.picture, picture)
    assert (back.drawing, back.label, back.box, back.doubts, back.source) == (
        sketch.drawing, sketch.label, sketch.box, sketch.doubts, sketch.source,
    )  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        [], {"version": 2, "strokes": [{}]}, {"picture": 3}, {"picture": "%"}, {"picture": "AAAA"},
        {"box": [1, 2]}, {"box": [0, 0, 900, 3]}, {"label": 3}, {"doubts": "x"}, {"source": []},
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused_in_one_line(document: Any) -> None:
    with pytest.raises(CapsDrawError, match=r"cannot read the drawing of the last time 'drawing\.json': ") as caught:
        last_drawing.decoded(json.dumps(document).encode())
    assert "\n" not in str(caught.value)


def test_an_example_that_the_user_wanted_is_kept(canvas: Canvas, keepers: list[Keeper]) -> None:
    """Where the user's own drawing was before, the next start began with another example, and with neither of both."""
    keeper = begun(canvas, keepers)
    canvas.show_sketch(Sketch(digit(5)))
    example = Sketch(digit(3))
    canvas.show_sketch(example, example=True)
    keeper.close()
    kept = Keeper().drawing
    assert kept is not None
    assert kept.drawing == example.drawing


def test_of_two_windows_the_one_that_is_closed_last_is_restored(
    qtbot: QtBot, canvas: Canvas, keepers: list[Keeper]
) -> None:
    first = begun(canvas, keepers)
    canvas.show_sketch(Sketch(digit(5)))
    drawn = canvas.sketch
    first.keep()
    qtbot.waitUntil(lambda: last_drawing.is_kept(drawn), timeout=SOON)
    second = Keeper()
    keepers.append(second)
    second.watch(DRAWING, Sketch)
    assert second.drawing is not None
    second.close()  # of a window that was cleared
    assert not (home() / "drawing.json").exists()
    first.close()
    kept = Keeper().drawing
    assert kept is not None
    assert kept.drawing == drawn.drawing
