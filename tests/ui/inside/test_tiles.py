"""All pictures are in sight, however many there are, and keys go where the eye does."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from capsdraw.ui.inside.tiles import Tiles, fitted


@settings(max_examples=200)
@example(865, 13, 1, 240, 200)  # more than there is room for
@given(
    st.integers(1, 1300), st.integers(1, 28), st.integers(1, 28), st.integers(240, 1400), st.integers(200, 900)
)  # fmt: skip
def test_all_fit_where_there_is_room_for_a_pixel_each(
    count: int, rows: int, columns: int, width: int, height: int
) -> None:
    columns_of, size = fitted(count, rows, columns, width, height, 1)
    lines = -(-count // columns_of)
    assert columns_of * (size.width() + 1) - 1 <= width
    if size.height() > 1 and size.width() > 1:
        assert lines * (size.height() + 1) - 1 <= height


def test_a_tile_is_chosen_by_mouse_and_keys_and_stays_chosen(qtbot: QtBot) -> None:
    tiles = Tiles("Kernels", "Kernel")
    qtbot.addWidget(tiles)
    tiles.resize(400, 300)
    tiles.show()
    tiles.show_pictures(np.random.default_rng(0).random((20, 3, 3), np.float32))
    qtbot.mouseClick(tiles, Qt.MouseButton.LeftButton, pos=tiles.tile(7).center())
    assert tiles.chosen == 7
    columns = sum(tiles.tile(number).top() == tiles.tile(0).top() for number in range(20))
    for key, to in ((Qt.Key.Key_Right, 8), (Qt.Key.Key_Down, 8 + columns), (Qt.Key.Key_Up, 8), (Qt.Key.Key_End, 19)):
        qtbot.keyClick(tiles, key)
        assert tiles.chosen == to
    assert tiles.accessibleDescription() == "Kernel 20"
    qtbot.mouseMove(tiles, tiles.tile(3).center())
    assert tiles.at == 3
    qtbot.mouseMove(tiles, QPoint(399, 299))
    tiles.show_pictures(np.zeros((20, 3, 3), np.float32))
    assert tiles.chosen == 19
    tiles.show_pictures(np.zeros((5, 3, 3), np.float32))
    assert tiles.chosen == 4


def test_thousands_stand_where_they_are_pointed_at(qtbot: QtBot) -> None:
    tiles = Tiles("Maps", "Map")
    qtbot.addWidget(tiles)
    tiles.resize(700, 500)
    tiles.show()
    values = np.random.default_rng(0).random((4608, 1, 1), np.float32)
    tiles.show_pictures(values)
    tiles.choose(4607)
    shown = tiles.grab().toImage()
    for number in range(0, 4600, 7):
        middle = tiles.tile(number).center()
        assert shown.pixelColor(middle).value() == round(float(values[number, 0, 0]) * 255)
        assert tiles.under(middle.toPointF()) == number
