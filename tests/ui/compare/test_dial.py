"""Compare's dial and curves: they go together, whoever comes and goes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from capsdraw.datasets.moves import KINDS
from capsdraw.lab.dial import positions, sweep
from capsdraw.ui.compare.column import Column, colour
from capsdraw.ui.compare.plots import DialPlot
from capsdraw.ui.compare.tab import CompareTab
from capsdraw.ui.main_window import MainWindow

from ...made import made_card
from ..conftest import walk
from .conftest import LONG


@pytest.mark.parametrize("width", [560, 900])
def test_the_knob_of_the_dial_stands_above_what_it_means(
    qtbot: QtBot, window: MainWindow, tab: CompareTab, width: int
) -> None:
    """It stood up to a hand's breadth beside the line that it moves."""
    window.resize(width + 480, 800)
    assert tab.plot is not None
    plot = tab.plot
    for dial in (0, 2):
        tab.turn(dial)
        amounts, _ = positions(KINDS[dial])
        for place in (0, 20, len(amounts) - 1):
            tab.slider.setValue(place)

            def away() -> int:
                option = QStyleOptionSlider()
                tab.slider.initStyleOption(option)
                knob = tab.slider.style().subControlRect(
                    QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, tab.slider
                )
                middle = tab.slider.mapTo(tab, knob.center()).x()
                return abs(middle - plot.mapTo(tab, QPoint(plot.place(tab.amount), 0)).x())

            qtbot.waitUntil(lambda: away() <= 3, timeout=LONG)


def test_a_model_keeps_its_colour_while_others_come_and_go(tab: CompareTab) -> None:
    """A model took the colour of the one before it when that one went."""

    def colours() -> dict[str, str]:
        return {column.card.name: colour(column.number).name() for column in tab.columns}

    tab.choose("mlp", True)
    before = colours()
    assert len(set(before.values())) == 3
    tab.choose("keras-cnn", False)
    assert colours() == {name: before[name] for name in ("efficient-capsnet", "mlp")}
    tab.choose("keras-cnn", True)
    assert colours() == before
    tab.choose("keras-cnn", False)
    tab.choose("capsnet", True)  # takes what is free
    tab.choose("keras-cnn", True)
    assert len(set(colours().values())) == 4
    assert {name: colours()[name] for name in ("efficient-capsnet", "mlp")} == {
        name: before[name] for name in ("efficient-capsnet", "mlp")
    }


@pytest.mark.parametrize("name", ["8", "ankle boot", "an uncommonly long name of a class"])
def test_the_axis_names_the_class_that_is_followed(qtbot: QtBot, name: str) -> None:
    """It stood where the words before it had had their middle, and of a long name half was cut off."""
    plot = DialPlot()
    qtbot.addWidget(plot)
    plot.resize(400, 190)
    plot.grab()  # laid out
    along = sweep(np.zeros((28, 28), np.float32), KINDS[0])
    plot.draw(along, (), "3")
    plot.draw(along, (), name)
    axis = plot.plot.getAxis("left")
    label, beside = axis.label.sceneBoundingRect(), axis.sceneBoundingRect()
    assert beside.top() <= label.top() < label.bottom() <= beside.bottom()
    assert label.center().y() == pytest.approx(beside.center().y(), abs=2)
    assert axis.labelText.startswith("score of ")
    assert axis.labelText.endswith(name[-1])


def test_a_title_that_has_no_room_ends_in_an_ellipsis(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []
    monkeypatch.setattr(QPainter, "drawText", lambda *arguments: words.append(arguments[-1]))
    column = Column(made_card(name="a", title="A net that somebody called by a whole sentence"), 0)
    qtbot.addWidget(column)
    column.resize(180, 200)
    column.grab()
    assert any(word.startswith("A net") and word.endswith("…") for word in words)


def test_tab_goes_through_all_of_it_and_leaves(qtbot: QtBot, window: MainWindow, tab: CompareTab) -> None:
    walked = walk(qtbot, window.panel.canvas)
    for widget in (tab.models, tab.export, tab.dials[0], tab.wanted, tab.slider):
        assert widget in walked
    assert set(walk(qtbot, window.panel.canvas, back=True)) == set(walked)
