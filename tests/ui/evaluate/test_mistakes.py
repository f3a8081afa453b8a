"""A mistake that is clicked leads on: to the canvas, to Compare, to Inside."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.npz import load_npz
from capsdraw.ink.raster import from_bytes
from capsdraw.ink.sketch import fitted
from capsdraw.nets import cards
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Measure


def test_a_mistake_that_is_clicked_lies_on_the_canvas_and_is_read_as_it_was(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure
) -> None:
    assert window.reader.model == "efficient-capsnet"
    found = measure("mlp")
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    wall = tab.mistakes.gallery.wall
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(1).center())
    mistake = found.result.mistakes[1]
    picture = window.panel.canvas.sketch.picture
    assert picture is not None
    assert np.array_equal(picture, from_bytes(found.data.test_images[mistake.index]))
    qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=LONG)
    assert window.readout.bars.winner == mistake.read != mistake.true
    assert f"labelled {mistake.true}; MLP read {mistake.read}" in window.statusBar().currentMessage()
    # By the model that was measured, whichever read the drawing before.
    assert window.picker.currentData() == window.reader.model == "mlp"
    assert "does not see exactly" not in window.panel.glance.note.text()


def test_an_image_that_the_canvas_moves_is_said_to_be_seen_as_another(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, digits: Path, tmp_path: Path
) -> None:
    """The mistake was none any more, and nobody was told why."""
    data = load_npz(digits, "pen")
    path = tmp_path / "shifted.npz"
    np.savez(path, x_test=np.roll(data.test_images[:100], (3, 3), (1, 2)), y_test=data.test_labels[:100])
    measure("mlp", path)
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    wall = tab.mistakes.gallery.wall
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    qtbot.waitUntil(lambda: "the net does not see exactly" in window.panel.glance.note.text(), timeout=LONG)
    assert not np.array_equal(window.panel.glance.sees.digit, window.panel.canvas.sketch.picture)
    window.panel.canvas.clear()
    assert window.panel.glance.note.text().startswith("Bars: ")


def test_a_class_is_called_on_the_canvas_as_in_the_gallery(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, digits: Path, tmp_path: Path
) -> None:
    """Where the data names the classes and the model does not, the gallery said "figure 4", the canvas "4"."""
    data, names = load_npz(digits, "pen"), [f"figure {number}" for number in range(10)]
    np.savez(tmp_path / "named.npz", x_test=data.test_images, y_test=data.test_labels, names=np.array(names))
    found = measure("mlp", tmp_path / "named.npz")
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    wall, mistake = tab.mistakes.gallery.wall, found.result.mistakes[0]
    with qtbot.waitSignal(tab.wanted) as wanted:
        qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    words = f"labelled {names[mistake.true]}; MLP read {names[mistake.read]}"
    assert words in window.statusBar().currentMessage()
    assert wanted.args[2] == str(mistake.true)  # as the net calls it


def test_compare_follows_the_true_class_of_a_mistake_until_something_else_is_drawn(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, draw: Callable[..., None]
) -> None:
    """It followed what most models read: of a misread digit the wrong class."""
    found = measure("mlp")
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    wall = tab.mistakes.gallery.wall
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    true, compare = found.result.mistakes[0].true, window.compare
    window.tabs.setCurrentWidget(compare)
    qtbot.waitUntil(lambda: len(compare.curves) == 3, timeout=LONG)
    assert compare.wanted.currentData() == str(true)
    assert {one.label for one in compare.curves.values() if one is not None} == {true}
    assert compare.status.text().startswith(f"The true class is {true}. ")
    drawing = fitted(synthetic.drawing(1, np.random.default_rng((9, 1, 0))))
    draw(window.panel.canvas, drawing)
    assert compare.wanted.currentData() is None
    qtbot.waitUntil(lambda: len(compare.curves) == 3, timeout=LONG)
    assert "true class" not in compare.status.text()
    for _ in drawing.strokes:
        qtbot.mouseClick(window.panel.tools.undo, Qt.MouseButton.LeftButton)
    assert compare.wanted.currentData() == str(true)  # it lies there again


def test_a_net_of_photographs_is_measured_and_a_picture_leads_into_it(
    qtbot: QtBot, colour_model: cards.Card, window: MainWindow, tab: EvaluateTab, measure: Measure, tmp_path: Path
) -> None:
    path = tmp_path / "colour.npz"
    random = np.random.default_rng(1)
    np.savez(path, x_test=random.integers(0, 256, (40, 32, 32, 3), np.uint8), y_test=np.arange(40) % 10)
    found = measure(colour_model.name, path)
    assert found.result.images == 40
    assert tab.mistakes.gallery.items[0].true in colour_model.labels
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    wall = tab.mistakes.gallery.wall
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    inside, index = window.inside, tab.mistakes.gallery.items[0].index
    assert window.tabs.currentWidget() is inside
    assert window.picker.currentData() == colour_model.name

    def is_there() -> bool:
        trace = inside.net.picture.trace
        return trace is not None and np.array_equal(
            np.rint(trace.layers[0].pictures[0] * 255), found.data.test_images[index]
        )

    # It lies on the canvas, in its colours.
    qtbot.waitUntil(is_there, timeout=LONG)
    assert window.panel.canvas.sketch.colours is not None
    assert inside.net.picture.trace is not None
    assert inside.net.picture.trace.winner == found.result.read[index]
    assert f"Test image {index}, labelled {colour_model.labels[index % 10]}" in window.statusBar().currentMessage()
