"""Where a net's pictures are no squares, what is laid over them lies where it belongs: both fill a square frame."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from capsdraw.lab.activity import primary
from capsdraw.lab.receptive_fields import ReceptiveField
from capsdraw.lab.steps import Votes
from capsdraw.ui.coupling_map import CouplingMap
from capsdraw.ui.inside.arrows import Arrows

SIDE = 300
# Of 13 × 17 pixels, places with a window of 9 each second pixel.
GRID, DIGIT = (3, 5), np.zeros((13, 17), np.float32)


def test_what_places_send_lies_over_what_they_see(qtbot: QtBot) -> None:
    view = CouplingMap()
    qtbot.addWidget(view)
    view.resize(SIDE, SIDE)
    votes = Votes(np.ones(15, np.float32), np.ones((2, 15, 4), np.float32), GRID, (2, 9), None, 1)
    view.show_step(DIGIT, votes, np.ones(GRID, np.float32), 0)
    for row, column in np.ndindex(GRID):
        middle = view.place(row, column).center()
        assert middle.x() == pytest.approx((2 * column + 4.5) / 17 * SIDE)
        assert middle.y() == pytest.approx((2 * row + 4.5) / 13 * SIDE)


def test_arrows_stand_where_their_capsules_look(qtbot: QtBot) -> None:
    view = Arrows()
    qtbot.addWidget(view)
    view.resize(SIDE, SIDE)
    field = ReceptiveField((4, 4), (2, 2), (9, 9))
    view.show_capsules(primary("primary", np.full((*GRID, 2, 4), 0.1, np.float32), field), DIGIT, None)
    first, last = view.cell(0, 0).center(), view.cell(2, 4).center()
    # The grid lies in the middle of its image, and as much is seen of that on either side.
    assert first + last == QPointF(SIDE, SIDE)
    # In a frame of 5 × 7 strides, from the middle of the second one on.
    assert (first.x(), first.y()) == pytest.approx((1.5 / 7 * SIDE, 1.5 / 5 * SIDE))
