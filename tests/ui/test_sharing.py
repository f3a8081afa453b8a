"""A `.capsdraw` file in the window: what was there is here."""

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from capsdraw.collection import shared_file
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item
from capsdraw.collection.shared_file import Capsule, View
from capsdraw.ink.sketch import Sketch
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.sharing import ShareDialog
from capsdraw.ui.tab_bar import CAPSULE

from .conftest import FIRST, SOON, digit, settle


@pytest.mark.slow
def test_drawing_sliders_view_and_collection_are_there_on_another_machine(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Collection() as collection:
        collection.add(Item(Sketch(digit(label)), str(label), 1e9) for label in (2, 5))
    window.panel.canvas.show_sketch(Sketch(digit(4)))
    window.tabs.setCurrentIndex(CAPSULE)
    settle(qtbot, window)
    window.lab.hold(7)
    window.lab.set_offsets((0.125, *[0.0] * 15))
    path = tmp_path / "mine.capsdraw"
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        window.commands.sharing.save(path, [], True)
    drawn = window.panel.canvas.sketch.drawing
    window.close()
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "another"))
    other = MainWindow()
    qtbot.addWidget(other)
    with qtbot.waitSignal(other.reader.answered, timeout=FIRST):
        other.show()
    said = []
    other.files.opened.connect(said.append)
    other.files.open(path)
    qtbot.waitUntil(lambda: other.panel.canvas.sketch.drawing == drawn, timeout=SOON)
    qtbot.waitUntil(lambda: other.tabs.currentIndex() == CAPSULE, timeout=SOON)
    settle(qtbot, other)
    qtbot.waitUntil(lambda: other.lab.face.offsets() == (0.125, *[0.0] * 15), timeout=SOON)
    assert other.lab.held().label == 7
    assert "2 new drawings in your collection" in said[-1]
    with Collection() as collection:
        assert collection.counts() == {"2": 1, "5": 1}
    other.close()


def test_a_model_that_is_not_here_is_told_and_its_sliders_are_left_alone(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    """What another net read and drew was shown as if it had been the same."""
    settle(qtbot, window)
    reads, sharing = window.models.readers[window.reader.model], window.commands.sharing
    sliders = Capsule(label=7, offsets=(0.125, *[0.0] * 15))
    said: list[tuple[str, bool]] = []
    window.files.opened.connect(lambda words: said.append((words, sharing._sliders is None)))
    missing = f"which is not in this file: {reads.title} reads"
    for name, sha256, told in (
        ("own", "0" * 64, f": it was read by 'own', {missing}"),
        (reads.name, "0" * 64, f": it was read by another '{reads.name}', {missing}"),
        ("own", reads.sha256, ""),  # called otherwise here
        (reads.name, "", ""),
    ):  # fmt: skip
        shared_file.write(tmp_path / "x.capsdraw", View(model=name, sha256=sha256, capsule=sliders), Sketch())
        sharing._sliders = None
        with qtbot.waitSignal(window.files.opened, timeout=SOON):
            window.files.open(tmp_path / "x.capsdraw")
        assert said[-1] == (f"Opened x.capsdraw{told}", bool(told))
        assert window.reader.model == reads.name


def test_a_file_that_is_none_is_said_and_changes_nothing(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    settle(qtbot, window)
    before = window.panel.canvas.sketch
    path = tmp_path / "bad.capsdraw"
    path.write_bytes(b"no archive")
    window.files.open(path)
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "bad.capsdraw" in window.message.text
    assert window.panel.canvas.sketch is before


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_what_goes_with_it_is_asked(window: MainWindow, tmp_path: Path) -> None:
    saved = []
    window.commands.sharing.save = lambda *what: saved.append(what)  # type: ignore[method-assign]
    path = tmp_path / "x.capsdraw"

    def choose() -> None:
        dialog = next(found for found in window.findChildren(ShareDialog) if found.isVisible())
        dialog.collection.setChecked(True)
        dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save).click()

    QTimer.singleShot(0, choose)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("capsdraw.ui.sharing.ask_where", lambda *_: path)
        window.commands.sharing.ask()
    assert saved == [(path, [], True)]
