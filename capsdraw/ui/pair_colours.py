"""Two digits over one another in the colours of their inks."""

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from capsdraw.nets.reading import Floats, Reading
from capsdraw.ui import theme

# On black, whatever the theme: red, green, blue from 0 to 1.
FIRST, SECOND = (
    np.array([ink.redF(), ink.greenF(), ink.blueF()], np.float32) for ink in (theme.DARK.first, theme.DARK.second)
)


def coloured(parts: Floats) -> Floats:
    """Both parts, (2, rows, columns) in [0, 1], in one picture on black: (rows, columns, 3) in [0, 1]."""
    return np.minimum(parts[0][..., None] * FIRST + parts[1][..., None] * SECOND, np.float32(1))


def in_inks(reading: Reading) -> Floats | None:
    """What a net of pairs redraws, each part in the ink that it fits; None without a decoder."""
    if reading.parts is None:
        return None
    straight = reading.by_ink()[0] == reading.label
    return coloured(reading.parts if straight else reading.parts[::-1])


def bar_colour(widget: QWidget, index: int, winner: int | None, second: int | None) -> QColor:
    """Of the bar of class `index`: the winner stands out; of two digits, each has its ink's."""
    colours = theme.of(widget)
    if second is not None and index in (winner, second):
        return colours.first if index == winner else colours.second
    return colours.says if index == winner else colours.quiet
