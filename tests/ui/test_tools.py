"""The row of tools says nothing that is not so for the net that reads."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from capsdraw.ink.intake import of_sketch
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from capsdraw.ui.drawing_panel import DrawingPanel
from tests.ui.conftest import digit


@pytest.mark.parametrize("model", ["efficient-capsnet", "multi-capsnet", "cifar-cnn"])
def test_whether_the_net_sees_the_pen_s_width_is_said_as_it_is(qtbot: QtBot, model: str) -> None:
    panel, card = DrawingPanel(), cards.find(model)
    qtbot.addWidget(panel)
    panel.describe(card)
    drawing = digit(5)
    thin, thick = (
        of_sketch(
            Sketch(replace(drawing, strokes=tuple(replace(stroke, width=width) for stroke in drawing.strokes))),
            card.input, card.intake,
        )
        for width in (8.0, 60.0)
    )  # fmt: skip
    seen = not np.array_equal(thin, thick)
    assert ("This net sees it" in panel.tools.thickness.toolTip()) == seen
    assert ("MNIST's own stroke width" in panel.tools.thickness.toolTip()) == (not seen)
