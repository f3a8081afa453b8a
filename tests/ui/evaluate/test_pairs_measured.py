"""A net of two digits over one another is measured on such pairs, on every face of the tab."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from capsdraw.ink.pair import together
from capsdraw.ink.raster import from_bytes
from capsdraw.ui import theme
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Measure, choose, ended


def test_every_face_shows_pairs(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, tmp_path: Path
) -> None:
    found = measure("multi-capsnet")
    assert found.images.shape == (600, 36, 36)
    wrong = found.result.errors
    assert 0 < wrong < 600
    assert f"wrong: {wrong:,} of 600 pairs" in tab.result.headline.text()
    assert "two over one another" in tab.result.interval.text()
    assert tab.result.table.rowCount() == 10
    assert tab.result.table.horizontalHeaderItem(1).text() == "Pairs"

    qtbot.mouseClick(tab.faces[1], Qt.MouseButton.LeftButton)
    missed = found.result.confusion.copy()
    np.fill_diagonal(missed, 0)
    assert len(tab.confusion.gallery.items) == missed.max()
    assert "pair" in tab.confusion.head.text()

    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    assert "for both have to be there" in tab.calibration.about.text()

    qtbot.mouseClick(tab.faces[4], Qt.MouseButton.LeftButton)
    assert found.pairs is not None
    # Both capsules' pictures together are nearer to the pair than an empty one is.
    assert found.pairs.error < np.mean(found.pairs.real**2) / 2
    assert np.array_equal(found.pairs.reconstructed, together(found.pairs.parts.swapaxes(0, 1)))
    assert not tab.pairs.sheet.reconstructed[0].isGrayscale()  # each of the two in its ink
    assert tab.pairs.sheet.real[0].isGrayscale()
    framed = int((~found.result.right[:50]).sum())
    assert (f"{framed} misread" if framed else "None are misread") in tab.pairs.head.text()

    for name, save in (("classes.csv", tab.exports.save_classes), ("answers.csv", tab.exports.save_answers),
                       ("confusion.png", tab.exports.save_confusion), ("pairs.png", tab.exports.save_pairs),
                       ("calibration.png", tab.exports.save_calibration)):  # fmt: skip
        with qtbot.waitSignal(tab.saved, timeout=LONG):
            save(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 100
    rows = (tmp_path / "answers.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 601
    true, read = found.result.told(0, found.names)
    assert rows[1].startswith(f"0,{true},{read},{int(found.result.right[0])},")

    # Of a mistake, the pair itself comes to the canvas, and the net that was measured reads it.
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    assert len(tab.mistakes.gallery.items) == wrong
    wall = tab.mistakes.gallery.wall
    assert all("…" not in "".join(wall.fitting(item, QFontMetrics(theme.small(wall)))) for item in wall.items)
    index = wall.items[0].index
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    picture = window.panel.canvas.sketch.picture
    assert picture is not None
    assert np.array_equal(picture, from_bytes(found.images[index]))
    assert window.panel.canvas.sketch.label is None
    assert window.reader.model == "multi-capsnet"
    qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=LONG)
    true, read = found.result.told(index, found.names)
    assert f"{true}; Pair CapsNet read {read}" in window.statusBar().currentMessage()
    assert str(window.readout.bars.winner) in read.split(" + ")


def test_data_that_makes_no_such_pairs_is_refused_in_a_line(qtbot: QtBot, tab: EvaluateTab, tmp_path: Path) -> None:
    path = tmp_path / "small.npz"
    np.savez(path, x_test=np.tile(np.array([0, 255, 40], np.uint8), (40, 21, 7)), y_test=np.arange(40) % 10)
    choose(tab, "multi-capsnet", path)
    with qtbot.waitSignal(tab.failed, timeout=LONG) as failed:
        qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    (words,) = failed.args
    assert "pairs of them are not the 36 × 36 × 1" in words
    assert "\n" not in words
    assert tab.examined is None
