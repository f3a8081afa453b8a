"""Own classes through the window: a folder is dropped, a net trained, and a picture of it dropped and read."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.fit import runs
from capsdraw.ui.main_window import MainWindow
from tests.cli.test_own_data import SHAPES, shapes

from .test_drop_bar import drop

LONG = 240_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "colour", "wide"), [(28, False, 0), (40, False, 0), (32, True, 0), (90, False, 40), (90, True, 40)]
)
def test_a_dropped_folder_becomes_a_net_that_reads_a_dropped_picture(
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    side: int,
    colour: bool,
    wide: int,
) -> None:
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "home"))
    shapes(tmp_path / "shapes", side, colour, wide)
    drop(window, tmp_path / "shapes")
    qtbot.mouseClick(window.dropped.train, Qt.MouseButton.LeftButton)
    tab = window.train
    recipe = tab.form.recipe()
    assert recipe is not None
    tab.form.put(replace(recipe, family="keras-cnn", options={}, epochs=24, batch=8, learning_rate=2e-3))
    qtbot.waitUntil(lambda: tab.start.isEnabled(), timeout=LONG)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(tab.fitter.ended, timeout=LONG) as end:
        pass
    assert end.args[1] == "finished", end.args[2]
    with qtbot.waitSignal(tab.adopted, timeout=LONG):
        tab.fitter.adopt(runs.read(end.args[0]).folder, "Shapes")
    assert window.reader.model == "shapes"
    right = 0
    for place, name in enumerate(SHAPES):
        for number in range(3):
            with qtbot.waitSignal(window.files.opened, timeout=LONG):
                drop(window, tmp_path / "shapes" / name / f"{number:02}.png")
            qtbot.waitUntil(lambda: window.readout.bars.request == window.reader.number, timeout=LONG)
            right += window.readout.bars.winner == place
    assert window.test_digit.text() == "&Test image"
    with qtbot.waitSignal(window.files.opened, timeout=LONG) as opened:
        window.test_digit.trigger()
    assert opened.args[0].startswith("Test image ")
    assert opened.args[0].rpartition(" ")[2] in SHAPES
    # So short a fit of 75 pictures misreads one of them on some processors; read in another way than it was trained, it
    # misread ten of fifteen.
    assert right >= 8
