"""The theatre shows what the net in training makes of digits, from what its run began with."""

import re
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from capsdraw.datasets.sources import FASHION_CLASSES, Data
from capsdraw.fit import checkpoint
from capsdraw.fit.origin import first_filters
from capsdraw.fit.plan import Plan
from capsdraw.fit.recipe import Recipe
from capsdraw.nets import zoo
from capsdraw.ui import theme
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train.stage import Stage
from capsdraw.ui.train.tab import TrainTab

from .conftest import PLAN, begin, ended, killed, line, listed

CAPSULE = replace(
    PLAN, family="efficient-capsnet", name="efficient-capsnet", title="Efficient-CapsNet",
    options=zoo.TINY["efficient-capsnet"],
)  # fmt: skip


def began_with(recipe: Recipe, digits: Data) -> np.ndarray | None:
    return first_filters(Plan.of(recipe, digits.train_images, digits.train_labels))


@pytest.mark.slow
def test_a_run_that_was_killed_is_shown_as_interrupted_and_goes_on_with_the_filters_that_it_began_with_before_it(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, digits: Data
) -> None:
    """'Before' once meant: before it was gone on with."""
    folder = killed(PLAN)
    listed(qtbot, tab, PLAN.title)
    item = line(tab, PLAN.title)
    assert (item.text(1), item.text(2)) == ("crashed", "1 of 3")
    makers: list[str] = []
    begun = checkpoint.begun

    def make(*given: object) -> object:
        makers.append(threading.current_thread().name)
        return begun(*given)

    monkeypatch.setattr(checkpoint, "begun", make)
    qtbot.mouseClick(tab.runs.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.fitter.busy)
    run = ended(qtbot, tab)
    assert (run.folder, run.state, run.epochs_done) == (folder, "finished", 3)
    assert set(makers) == {"capsdraw-fit"}
    looks, origin = tab.theatre.looks, began_with(PLAN, digits)
    assert origin is not None
    assert looks[0].filters is not None
    assert (looks[0].epoch, tab.theatre.since.text()) == (2, "Epoch 2")
    assert np.array_equal(tab.theatre.before.kernels, origin)
    assert not np.array_equal(origin, looks[0].filters)


@pytest.mark.slow
def test_what_was_seen_of_a_run_in_this_session_stays_where_it_goes_on_and_goes_where_another_begins(
    qtbot: QtBot, tab: TrainTab
) -> None:
    tab.form.put(replace(PLAN, epochs=2))
    begin(qtbot, tab)
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    first = tab.theatre.looks[0]
    listed(qtbot, tab, PLAN.title)
    qtbot.waitUntil(tab.runs.resume.isEnabled)
    qtbot.mouseClick(tab.runs.resume, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.fitter.busy)
    ended(qtbot, tab)
    looks, theatre = tab.theatre.looks, tab.theatre
    times = [(looks[place].epoch, looks[place].batch) for place in range(len(looks))]
    assert looks[0] is first
    assert times == sorted(set(times))
    assert times[-1][0] == 2
    assert theatre.since.text() == "Start"
    assert np.array_equal(theatre.before.kernels, first.filters)
    begin(qtbot, tab)
    ended(qtbot, tab)
    assert theatre.looks[0] is not first
    assert (theatre.looks[0].epoch, theatre.looks[0].batch) == (1, 0)


@pytest.mark.slow
def test_redrawn_digits_and_dead_capsules_of_a_capsule_net_are_on_screen(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    tab.form.put(replace(CAPSULE, epochs=2, limit=1500))
    begin(qtbot, tab)
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    theatre = tab.theatre
    look = theatre.look
    assert look is not None
    assert look.pictures is not None
    assert re.search(
        rf"After epoch 2 .* dead primary capsules {look.dead:,} of {look.primary:,}$", theatre.status.text()
    )
    assert look.primary == 4
    seen = shades(theatre.stage)
    assert np.allclose(seen[0], look.digits.mean((1, 2, 3)), atol=0.03)
    assert np.allclose(seen[1], look.pictures.mean((1, 2, 3)), atol=0.03)
    # Back to the beginning, by a key: the net had redrawn nothing yet.
    theatre.scrubber.setFocus()
    QTest.keyClick(theatre.scrubber, Qt.Key.Key_Home)
    first = theatre.look
    assert first is theatre.looks[0]
    assert first.pictures is not None
    early = shades(theatre.stage)
    assert np.allclose(early[1], first.pictures.mean((1, 2, 3)), atol=0.03)
    assert np.abs(early[1] - seen[1]).max() > 0.1
    assert theatre.status.text().startswith("Before epoch 1 ")
    # In the least window nothing is cut, and nothing stands far apart.
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: theatre.stage.height() == theatre.stage.heightForWidth(theatre.stage.width()))
    assert np.allclose(shades(theatre.stage)[1], first.pictures.mean((1, 2, 3)), atol=0.04)


@pytest.mark.slow
def test_classes_that_have_names_are_called_by_them(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, digits: Data
) -> None:
    """Clothes once were read as 7 and 9."""
    monkeypatch.setattr(tab.fitter, "_open", lambda *_: replace(digits, labels=FASHION_CLASSES))
    tab.form.put(replace(PLAN, epochs=1))
    begin(qtbot, tab)
    ended(qtbot, tab)
    stage = tab.theatre.stage
    look = stage.look
    assert look is not None
    for index, (name, score, *yours) in enumerate(stage.words()):
        read = int(look.scores[index].argmax())
        right = look.labels[index] in (read, -1)
        assert (name, score) == (FASHION_CLASSES[read], f"{'' if right else '✗ '}{look.scores[index].max():.2f}")
        assert yours == (["yours"] if look.labels[index] < 0 else [])
    assert stage.words()[-1][-1] == "yours"
    assert stage.tip(QPoint(5, 5)).startswith("T-shirt/top, read as ")
    # Digits are what they are.
    monkeypatch.setattr(tab.fitter, "_open", lambda *_: digits)
    tab.form.put(replace(PLAN, epochs=1, data="mnist" if tab.form.recipe().data == "synthetic" else "synthetic"))
    begin(qtbot, tab)
    ended(qtbot, tab)
    assert all(re.fullmatch(r"\d[ ✗] \d\.\d\d", words[0]) for words in stage.words())


def shades(stage: Stage) -> list[np.ndarray]:
    """Of each row of pictures, how light each picture is, in [0, 1]."""
    image = stage.grab().toImage()
    side = stage._side(stage.width())
    corners = [stage._cell(index).left() for index in range(len(stage.look.digits))]
    rows = []
    for row in range(2):
        top = row * (side + theme.GRID)
        grey = [
            [image.pixelColor(left + x, top + y).lightnessF() for x in range(0, side, 2) for y in range(0, side, 2)]
            for left in corners
        ]
        rows.append(np.mean(grey, axis=1))
    return rows


@pytest.mark.slow
def test_a_net_without_convolution_or_without_the_model_it_started_from_has_no_first_filters(digits: Data) -> None:
    assert began_with(replace(PLAN, family="mlp"), digits) is None
    assert began_with(replace(PLAN, start="thrown-away"), digits) is None
    capsule = began_with(replace(PLAN, family="efficient-capsnet"), digits)
    assert capsule is not None
    assert capsule.ndim == 3
