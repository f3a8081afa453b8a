"""The theatre shows what the net in training makes of digits, from what its run began with."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets.sources import Data
from capsdraw.fit import checkpoint
from capsdraw.ui.train.origin import first_filters
from capsdraw.ui.train.tab import TrainTab

from .conftest import PLAN, begin, ended, killed, line, listed


def test_a_run_that_was_killed_is_shown_as_interrupted_and_goes_on_with_the_filters_that_it_began_with_before_it(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch, digits: Data
) -> None:
    """'Before' once meant: before it was gone on with."""
    folder = killed(PLAN)
    listed(qtbot, tab, PLAN.title)
    item = line(tab, PLAN.title)
    assert (item.text(2), item.text(3)) == ("interrupted", "1 of 3")
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
    looks, origin = tab.theatre.looks, first_filters(PLAN, digits)
    assert origin is not None
    assert looks[0].filters is not None
    assert (looks[0].epoch, tab.theatre.since.text()) == (2, "Epoch 2")
    assert np.array_equal(tab.theatre.before.kernels, origin)
    assert not np.array_equal(origin, looks[0].filters)


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


def test_a_net_without_convolution_or_without_the_model_it_started_from_has_no_first_filters(digits: Data) -> None:
    assert first_filters(replace(PLAN, family="mlp"), digits) is None
    assert first_filters(replace(PLAN, start="thrown-away"), digits) is None
    capsule = first_filters(replace(PLAN, family="efficient-capsnet"), digits)
    assert capsule is not None
    assert capsule.ndim == 3
