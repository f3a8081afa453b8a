"""Bars of many classes: all are named where there is room, and each says its name under the pointer."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from capsdraw.ui.bars import Bars
from capsdraw.ui.glance import SmallBars

CAPITALS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
SOUNDS = tuple(f"{consonant}{vowel}" for consonant in " kstnhmyrw" for vowel in "aiueo")[:46]


@pytest.mark.parametrize(
    ("names", "size", "columns"),
    [
        (tuple("0123456789"), (560, 350), 1),
        (CAPITALS, (450, 530), 1),
        (CAPITALS, (450, 250), 2),
        (SOUNDS, (560, 440), 2),
    ],
)
def test_as_many_columns_as_it_takes_to_name_all(
    qtbot: QtBot, names: tuple[str, ...], size: tuple[int, int], columns: int
) -> None:
    bars = Bars()
    qtbot.addWidget(bars)
    bars.resize(*size)
    bars.set_names(names)
    scores = np.linspace(0, 1, len(names), dtype=np.float32)
    bars.show_scores(scores, len(names) - 1, 1)
    bars.show()
    rows = bars._rows()
    assert len({row.left() for row in rows}) == columns
    assert min(row.height() for row in rows) >= bars.fontMetrics().height() - 4
    for one, other in pairwise(rows):
        assert not one.adjusted(0, 0.1, 0, -0.1).intersects(other)
    assert max(row.right() for row in rows) <= size[0]
    told = [bars.tip(row.center().toPoint()) for row in rows]
    assert told == [f"{name}: {score:.2f}" for name, score in zip(names, scores, strict=True)]
    assert bars.tip(QPoint(2, bars.height() - 1)) == ""


def test_where_not_all_have_room_the_winner_is_named(qtbot: QtBot) -> None:
    bars = Bars()
    qtbot.addWidget(bars)
    bars.set_names(SOUNDS)
    bars.show_scores(np.zeros(46, np.float32), 30, 1)
    bars.setMinimumSize(88, 96)
    bars.resize(88, 96)
    bare = bars.grab().toImage()
    bars.show_scores(np.zeros(46, np.float32), None, 1)
    assert bars.grab().toImage() != bare


@pytest.mark.parametrize("winner", [0, 1, 98, 99])
def test_of_a_hundred_classes_the_winner_s_words_stand_within(
    qtbot: QtBot, winner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one of the first, the upper half of the name was cut off."""
    bars = Bars(100)
    qtbot.addWidget(bars)
    bars.resize(560, 150)
    bars.set_names(tuple(f"class number {index}" for index in range(100)))
    bars.show_scores(np.eye(100, dtype=np.float32)[winner], winner, 0)
    places = {}
    monkeypatch.setattr(QPainter, "drawText", lambda _, place, __, text: places.update({text: place}))
    bars.grab()
    assert {f"class number {winner}", "1.00"} <= set(places)
    for place in places.values():
        assert 0 <= place.top() < place.bottom() <= bars.height()


def test_a_bar_at_a_glance_says_its_name_under_the_pointer(qtbot: QtBot) -> None:
    bars = SmallBars()
    qtbot.addWidget(bars)
    bars.resize(208, 90)
    bars.describe(26, CAPITALS)
    assert bars.tip(QPoint(4, 10)) == "A"
    bars.show_scores(np.linspace(0, 1, 26, dtype=np.float32), 25)
    assert bars.tip(QPoint(207, 10)) == "Z: 1.00"
    named = bars.grab().toImage()
    bars.describe(26, ())
    assert bars.grab().toImage() != named  # a letter beneath the winner, and now a number
