"""One number's arithmetic can be opened, by mouse and by keys: the figures are the net's own, of the user's digit."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.formatting import signed
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.lab.arithmetic import ValueSum
from capsdraw.nets.reading import Floats
from capsdraw.ui.inside.maps_view import MapsView
from capsdraw.ui.inside.sum_view import SumView
from capsdraw.ui.inside.tab import FILTERS, MAPS
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Look, rest

LEFT = Qt.MouseButton.LeftButton


def cell(view: MapsView, row: int, column: int) -> QPoint:
    """Where a value stands in the picture of the map that is looked at."""
    place: QRectF = view.detail.places()[0]
    rows, columns = view.detail.pictures[0].pixels.shape[:2]
    x, y = place.left() + (column + 0.5) * place.width() / columns, place.top() + (row + 0.5) * place.height() / rows
    return QPoint(int(x), int(y))


def require_the_map_s_own(view: MapsView) -> None:
    shown, current = view.sum.shown, view.current
    assert shown is not None
    assert current is not None
    assert view.sum.isVisible()
    assert shown.value == pytest.approx(current.outputs.values[shown.index, shown.row, shown.column], abs=1e-6)
    assert shown.computed == pytest.approx(shown.value, abs=1e-4)
    assert f" {signed(shown.value, 3)}, the map's own value" in view.sum.line.text()


def test_a_value_that_is_clicked_shows_patch_kernel_and_sum(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    view = look("keras-cnn", MAPS).maps
    window.panel.canvas.show_sketch(Sketch(fitted(synthetic.drawing(5, np.random.default_rng((9, 5, 0))))))
    rest(qtbot, window)
    qtbot.mouseClick(view.detail, LEFT, pos=cell(view, 9, 14))
    rest(qtbot, window)
    require_the_map_s_own(view)
    shown, digit = view.sum.shown, window.panel.glance.sees.digit
    assert shown is not None
    assert digit is not None
    assert (shown.row, shown.column) == (9, 14)
    assert shown.patch[0] == pytest.approx(digit[9:12, 14:17], abs=1e-6)  # the user's own digit
    assert f"products add up to {'+' if shown.shares[0] >= 0 else ''}{signed(float(shown.shares[0]), 3)}" in (
        view.sum.line.text()
    )
    # Another drawing, the same place.
    window.panel.canvas.show_sketch(Sketch(fitted(synthetic.drawing(8, np.random.default_rng((9, 8, 0))))))
    rest(qtbot, window)
    require_the_map_s_own(view)
    assert view.sum.shown is not shown
    assert (view.sum.shown.row, view.sum.shown.column) == (9, 14)
    qtbot.mouseClick(view.sum.back, LEFT)
    assert not view.sum.isVisible()
    assert view.tiles.isVisible()


def test_a_value_is_opened_and_left_by_keys(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    view = look("efficient-capsnet", MAPS).maps
    view.detail.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(view.detail, key)
    at = view.detail.at
    assert at == (2, 1)
    qtbot.keyClick(view.detail, Qt.Key.Key_Return)
    rest(qtbot, window)
    require_the_map_s_own(view)
    grids = view.sum.grids
    assert grids.hasFocus()
    before = view.sum.cell.text()
    qtbot.keyClick(grids, Qt.Key.Key_Home)
    qtbot.keyClick(grids, Qt.Key.Key_Right)
    assert view.sum.shown is not None
    product = view.sum.shown.products[0].reshape(-1)[1]
    assert view.sum.cell.text().endswith(f"{signed(float(product), 3)}")
    assert view.sum.cell.text() != before or grids.at == 1
    qtbot.keyClick(grids, Qt.Key.Key_Escape)
    assert not view.sum.isVisible()
    assert view.detail.hasFocus()


def test_of_many_maps_that_are_read_the_weightiest_comes_first(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    tab = look("keras-cnn", MAPS)
    tab.open_maps("conv2")
    rest(qtbot, window)
    qtbot.mouseClick(tab.maps.detail, LEFT, pos=cell(tab.maps, 10, 10))
    rest(qtbot, window)
    require_the_map_s_own(tab.maps)
    shown, box = tab.maps.sum.shown, tab.maps.sum.channel
    assert shown is not None
    assert len(shown.inputs) == box.count() == 32
    assert box.itemData(0) == shown.strongest == tab.maps.sum.grids.channel
    box.setCurrentIndex(3)
    box.activated.emit(3)
    assert tab.maps.sum.grids.channel == box.itemData(3)
    assert "those of all 32 maps" in tab.maps.sum.line.text()


def a_sum(patch: Floats, index: int = 0) -> ValueSum:
    """Of a map of a made layer, its kernel all ones."""
    inputs = tuple(range(len(patch)))
    return ValueSum("made", index, 1, 1, patch, np.ones_like(patch), inputs, (0, 0), False, 0.0, "linear", 0.0)


def test_of_an_image_in_colour_its_colours_are_named(qtbot: QtBot) -> None:
    """They were maps 1 to 3, of an image that has none."""
    view = SumView()
    qtbot.addWidget(view)
    patch = np.ones((3, 2, 2), np.float32) * np.array([1, 3, 2], np.float32)[:, None, None]
    view.show_sum(replace(a_sum(patch), of_image=True))
    rows = [view.channel.itemText(row) for row in range(3)]
    assert rows == ["green: +12.000", "blue: +8.000", "red: +4.000"]
    assert view.line.text().startswith(
        "The 4 products of this colour add up to +12.000, those of all 3 colours that it reads to +24.000."
    )
    # Three maps of a layer are no colours.
    view.show_sum(a_sum(patch))
    assert view.channel.itemText(0) == "map 2: +12.000"
    assert "of this map add up" in view.line.text()


def test_the_map_and_the_cell_that_are_looked_at_stay_while_the_drawing_grows(qtbot: QtBot) -> None:
    """Each stroke led back to the weightiest."""
    view, random = SumView(), np.random.default_rng(3)
    qtbot.addWidget(view)
    patch = random.random((40, 3, 3), np.float32)
    view.show_sum(a_sum(patch))
    assert view.channel.currentData() == patch.sum((1, 2)).argmax()
    view.channel.setCurrentIndex(7)
    view.channel.activated.emit(7)
    channel = view.channel.currentData()
    assert view.grids.at == patch[channel].argmax()
    view.grids.go(5)
    other = random.random((40, 3, 3), np.float32)
    other[channel] *= 0.01  # now among the lightest, which are not offered otherwise
    view.show_sum(a_sum(other))
    assert view.channel.currentData() == view.grids.channel == channel
    assert view.grids.at == 5
    assert view.line.text().startswith("The 9 products of this map add up to +0.")
    # Of another map's kernel nothing was chosen yet.
    view.show_sum(a_sum(other, index=1))
    assert view.channel.currentData() == other.sum((1, 2)).argmax()
    assert view.grids.at == other[view.grids.channel].argmax()


def test_a_kernel_that_is_clicked_is_used_where_it_answers_most(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    tab = look("keras-cnn", FILTERS)
    tab.filters.tiles.choose(5)
    place = tab.filters.detail.places()[0].center().toPoint()
    qtbot.mouseClick(tab.filters.detail, LEFT, pos=place)
    qtbot.waitUntil(lambda: tab.maps.sum.isVisible(), timeout=LONG)
    rest(qtbot, window)
    require_the_map_s_own(tab.maps)
    shown = tab.maps.sum.shown
    assert shown is not None
    assert shown.index == tab.maps.tiles.chosen == 5
    assert tab.maps.current is not None
    assert shown.value == tab.maps.current.outputs.values[5].max()


def test_a_layer_without_kernels_opens_nothing(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    tab = look("keras-cnn", MAPS)
    tab.open_maps("pool")
    rest(qtbot, window)
    qtbot.mouseClick(tab.maps.detail, LEFT, pos=cell(tab.maps, 3, 3))
    assert tab.maps.opened_value is None
    assert tab.maps.detail.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_nothing_of_a_value_is_left_when_the_canvas_is_cleared(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    view = look("keras-cnn", MAPS).maps
    qtbot.mouseClick(view.detail, LEFT, pos=cell(view, 9, 14))
    rest(qtbot, window)
    assert view.sum.isVisible()
    window.panel.canvas.clear()
    assert not view.sum.isVisible()
    assert "Draw a digit" in view.status.text()
