"""The collection in the real window: what is kept is seen, relabelled, deleted, brought back, put on the canvas."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeyEvent
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from capsdraw.collection import export
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item
from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.sketch import SIDE, Sketch
from capsdraw.ui.collection.listing import Sorting
from capsdraw.ui.collection.tab import CollectionTab
from capsdraw.ui.collection.wall import _means
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import COLLECTION
from capsdraw.ui.train.learning import HandFit
from tests.ui.conftest import SOON, digit, settle

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LONG = 60_000


def item(label: str, drawn: int, seed: int, writer: str = "") -> Item:
    drawing = replace(digit(drawn, seed), canvas=float(SIDE))
    return Item(Sketch(drawing), label, 1.7e9 + 100 * seed + drawn, writer)


# Of six, the last is called what it is not.
ITEMS = [
    item("1", 1, 0), item("4", 4, 1), item("7", 7, 2, "Nora"), item("4", 4, 3, "Nora"), item("3", 3, 4),
    item("9", 1, 5),
]  # fmt: skip


def keep(items: Sequence[Item]) -> list[int]:
    with Collection() as collection:
        return list(collection.add(items).ids)


def labels() -> list[str]:
    with Collection() as collection:
        return [kept.label for kept in collection.items()]


@pytest.fixture
def tab(qtbot: QtBot, window: MainWindow) -> CollectionTab:
    """The tab in sight, six drawings read by the model."""
    keep(ITEMS)
    window.tabs.setCurrentIndex(COLLECTION)
    tab = window.collection
    qtbot.waitUntil(lambda: tab.listing.tally.read == 6 and "reads 1 of 6" in tab.kept.asking.text(), timeout=LONG)
    qtbot.waitUntil(lambda: [tab.listing.entry(0).label, len(tab.listing.shown)] == ["9", 6], timeout=SOON)
    return tab


def place(tab: CollectionTab, index: int) -> QPoint:
    box = tab.kept.wall.cells.box(index)
    return QPoint(round(box.left) + 20, round(box.top) + 20)


def ids(tab: CollectionTab, label: str) -> list[int]:
    return [entry.id for entry in tab.listing.entries if entry.label == label]


def shown(tab: CollectionTab) -> list[str]:
    return [tab.listing.entry(at).label for at in range(len(tab.listing.shown))]


def test_wrong_ones_come_first_and_what_is_shown_is_chosen(qtbot: QtBot, tab: CollectionTab) -> None:
    entry = tab.listing.entry(0)
    assert entry.said is not None
    assert (entry.label, entry.said.label) == ("9", "1")
    assert "reads 1" in tab.kept.wall.words(0)
    kept = tab.kept
    kept.order.setCurrentIndex(kept.order.findData(Sorting.CLASS.value))
    kept.order.activated.emit(1)
    qtbot.waitUntil(lambda: shown(tab) == ["1", "3", "4", "4", "7", "9"], timeout=SOON)
    kept.writer.setCurrentIndex(kept.writer.findText("Nora"))
    kept.writer.activated.emit(1)
    qtbot.waitUntil(lambda: shown(tab) == ["4", "7"], timeout=SOON)
    assert kept.strip.counts == {"1": 1, "3": 1, "4": 2, "7": 1, "9": 1}
    # A click in the strip, and a click more.
    qtbot.mouseClick(kept.strip, LEFT, pos=QPointF(*kept.strip.cells.box(7)[:2]).toPoint() + QPoint(9, 9))
    qtbot.waitUntil(lambda: shown(tab) == ["7"], timeout=SOON)
    qtbot.mouseClick(kept.strip, LEFT, pos=QPointF(*kept.strip.cells.box(7)[:2]).toPoint() + QPoint(9, 9))
    qtbot.waitUntil(lambda: shown(tab) == ["4", "7"], timeout=SOON)
    assert "fewer than 5" in kept._needs.text()


def test_thumbnails_are_fetched_when_they_are_seen(qtbot: QtBot, tab: CollectionTab) -> None:
    wall = tab.kept.wall
    qtbot.waitUntil(lambda: all(wall.has_picture(entry.id) for entry in tab.listing.entries), timeout=SOON)
    with Collection() as collection:
        (pixels,) = collection.thumbnails([tab.listing.entry(0).id]).values()
    box = wall.cells.box(0)
    seen = wall.grab().toImage()
    corner = QPoint(round(box.left), round(box.top) + 2)
    bright = np.argwhere(pixels[4:-4, 4:-4] > 250)[0] + 4
    assert seen.pixelColor(corner + QPoint(int(2 * bright[1]), int(2 * bright[0]))).lightness() > 200


def test_several_are_chosen_relabelled_by_a_key_and_that_is_undone(qtbot: QtBot, tab: CollectionTab) -> None:
    wall = tab.kept.wall
    qtbot.mouseClick(wall, LEFT, pos=place(tab, 1))
    qtbot.mouseClick(wall, LEFT, SHIFT, pos=place(tab, 3))
    qtbot.mouseClick(wall, LEFT, CTRL, pos=place(tab, 2))
    assert sorted(wall.chosen_ids) == sorted([tab.listing.entry(1).id, tab.listing.entry(3).id])
    before = labels()
    wall.setFocus()
    qtbot.keyClick(wall, Qt.Key.Key_8)
    qtbot.waitUntil(lambda: labels().count("8") == 2, timeout=SOON)
    qtbot.waitUntil(lambda: "relabelled as 8" in tab.kept.status.text(), timeout=SOON)
    qtbot.keyClick(wall, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: labels() == before, timeout=SOON)
    # The canvas' own undo was not meant.
    assert not tab.kept.undo.isEnabled()


def test_what_is_deleted_comes_back(qtbot: QtBot, tab: CollectionTab) -> None:
    wall, before = tab.kept.wall, labels()
    wall.setFocus()
    qtbot.keyClick(wall, Qt.Key.Key_A, CTRL)
    assert len(wall.chosen_ids) == 6
    qtbot.keyClick(wall, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not labels(), timeout=SOON)
    qtbot.waitUntil(tab.kept.draw.isVisible, timeout=SOON)
    qtbot.mouseClick(tab.kept.undo, LEFT)
    qtbot.waitUntil(lambda: labels() == before, timeout=SOON)
    qtbot.waitUntil(lambda: len(shown(tab)) == 6, timeout=SOON)
    qtbot.mouseClick(wall, LEFT, pos=place(tab, 0))
    qtbot.mouseClick(tab.kept.delete, LEFT)
    qtbot.waitUntil(lambda: len(labels()) == 5, timeout=SOON)
    qtbot.waitUntil(tab.kept.undo.isEnabled, timeout=SOON)
    qtbot.mouseClick(tab.kept.undo, LEFT)
    qtbot.waitUntil(lambda: labels() == before, timeout=SOON)


def test_the_last_drawing_that_was_deleted_comes_back_by_button_and_key(
    qtbot: QtBot, window: MainWindow, tab: CollectionTab
) -> None:
    kept, wall, canvas = tab.kept, tab.kept.wall, window.panel.canvas
    canvas.show_sketch(Sketch(digit(5)))
    drawn, before = canvas.sketch, labels()
    for key in (Qt.Key.Key_Z, Qt.Key.Key_Space):
        wall.setFocus()
        qtbot.keyClick(wall, Qt.Key.Key_A, CTRL)
        qtbot.keyClick(wall, Qt.Key.Key_Delete)
        qtbot.waitUntil(kept.draw.isVisible, timeout=SOON)
        assert kept.undo.isVisible()
        assert "6 drawings deleted" in kept.status.text()
        assert not kept.learn.isVisible()
        assert kept.undo.hasFocus()
        qtbot.keyClick(kept.undo, key, CTRL if key == Qt.Key.Key_Z else Qt.KeyboardModifier.NoModifier)
        qtbot.waitUntil(lambda: labels() == before and len(shown(tab)) == 6, timeout=SOON)
        assert wall.hasFocus()
    # Nothing is left to take back: the key is the canvas' again, whose drawing was never touched.
    assert canvas.sketch is drawn
    assert not kept.undo.isEnabled()
    kept.order.setFocus()
    qtbot.keyClick(kept.order, Qt.Key.Key_Z, CTRL)
    assert canvas.sketch is not drawn


def test_a_double_click_and_enter_put_one_on_the_canvas(qtbot: QtBot, window: MainWindow, tab: CollectionTab) -> None:
    wall, canvas = tab.kept.wall, window.panel.canvas
    (seven,) = ids(tab, "7")
    at = next(at for at in range(6) if tab.listing.entry(at).id == seven)
    qtbot.mouseDClick(wall, LEFT, pos=place(tab, at))
    drawn = ITEMS[2].sketch.drawing.strokes[0].points
    qtbot.waitUntil(lambda: np.array_equal(canvas.sketch.drawing.strokes[0].points, drawn), timeout=SOON)
    settle(qtbot, window)
    assert window.panel.glance.bars.winner == 7
    # It is known there.
    qtbot.waitUntil(lambda: window.panel.its_a.buttons[7].isChecked(), timeout=SOON)
    wall.setFocus()
    qtbot.keyClick(wall, Qt.Key.Key_Home)
    qtbot.keyClick(wall, Qt.Key.Key_Return)
    nine = ITEMS[5].sketch.drawing.strokes[0].points
    qtbot.waitUntil(lambda: np.array_equal(canvas.sketch.drawing.strokes[0].points, nine), timeout=SOON)


def test_what_another_window_keeps_is_seen(qtbot: QtBot, tab: CollectionTab) -> None:
    (there,) = keep([item("5", 5, 9)])
    qtbot.waitUntil(lambda: there in tab.listing.places, timeout=SOON)
    qtbot.waitUntil(lambda: tab.listing.tally.read == 7, timeout=LONG)


def test_another_model_reads_them_anew(qtbot: QtBot, window: MainWindow, tab: CollectionTab) -> None:
    window.use_model("mlp")
    qtbot.waitUntil(lambda: tab.listing.choice.sha256 == window.models.readers["mlp"].sha256, timeout=SOON)
    qtbot.waitUntil(lambda: tab.listing.tally.read == 6, timeout=LONG)
    with Collection() as collection:
        assert all("mlp" in {said.model for said in kept.answers} for kept in collection.items())


def test_a_dropped_folder_is_imported_and_that_is_undone(
    qtbot: QtBot, tab: CollectionTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, label in enumerate((2, 2, 6)):
        (tmp_path / "drawn" / str(label)).mkdir(parents=True, exist_ok=True)
        strokes.save(
            replace(digit(label, 20 + number), canvas=float(SIDE)), tmp_path / "drawn" / str(label) / f"{number}.json"
        )
    (tmp_path / "drawn" / "6" / "torn.json").write_text("{")
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_, **__: ("as files and folders say", True))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "drawn"))])
    with qtbot.waitSignal(tab.failed, timeout=SOON) as failed:
        tab.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier))
    assert "torn.json" in failed.args[0]
    assert sorted(labels()) == sorted(["1", "4", "7", "4", "3", "9", "2", "2", "6"])
    qtbot.waitUntil(lambda: "3 drawings imported" in tab.kept.status.text(), timeout=SOON)
    qtbot.mouseClick(tab.kept.undo, LEFT)
    qtbot.waitUntil(lambda: len(labels()) == 6, timeout=SOON)


def test_export_writes_what_others_read(
    qtbot: QtBot, tab: CollectionTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QFileDialog

    from capsdraw.ui.collection import traffic

    monkeypatch.setattr(traffic, "ask_where", lambda *_, **__: tmp_path / "all.npz")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path))
    arrays, pictures, drawn = tab.traffic.exports.actions()
    for action in (arrays, pictures, drawn):
        with qtbot.waitSignal(tab.said, timeout=SOON):
            action.trigger()
    with np.load(tmp_path / "all.npz") as file:
        assert file["x"].shape == (6, 28, 28)
    assert len(list((tmp_path / "capsdraw-drawings").rglob("*.png"))) == 6
    assert len(list((tmp_path / "capsdraw-drawings-2").rglob("*.json"))) == 6


def test_a_window_that_closes_waits_for_what_is_exported(
    window: MainWindow, tab: CollectionTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtWidgets import QFileDialog

    real = export._save_strokes

    def slowly(item: Item, path: Path) -> None:
        time.sleep(0.4)
        real(item, path)

    monkeypatch.setattr(export, "_save_strokes", slowly)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path))
    _, pictures, drawn = tab.traffic.exports.actions()
    # Two at once, of which the second finds the name of the first taken.
    drawn.trigger()
    pictures.trigger()
    window.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["capsdraw-drawings", "capsdraw-drawings-2"]
    assert len(list((tmp_path / "capsdraw-drawings").rglob("*.json"))) == 6
    assert len(list((tmp_path / "capsdraw-drawings-2").rglob("*.png"))) == 6


def test_while_nothing_is_kept_two_ways_are_offered(qtbot: QtBot, window: MainWindow, own_home: Path) -> None:
    window.tabs.setCurrentIndex(COLLECTION)
    kept = window.collection.kept
    assert kept.draw.isVisible()
    assert not kept.learn.isVisible()
    qtbot.mouseClick(kept.pupils, LEFT)
    assert window.collection.pupils.begin.isVisible()
    # To look is not to make a file.
    assert not (own_home / "collection.sqlite").exists()


def test_learning_is_asked_of_the_train_tab_and_what_came_of_it_is_shown(
    qtbot: QtBot, window: MainWindow, tab: CollectionTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    monkeypatch.setattr(HandFit, "begin", lambda _, card, taken: begun.append(card.name) if taken else None)
    qtbot.mouseClick(tab.kept.learn, LEFT)
    assert begun == [window.reader.model]
    window.train.learning.told.emit("Your drawings: 20.0 → 5.0% wrong")
    assert tab.kept.figures.isVisible()
    assert "5.0%" in tab.kept.figures.text()


def test_two_windows_on_one_home_do_not_trouble_each_other(qtbot: QtBot, window: MainWindow) -> None:
    other = MainWindow()
    qtbot.addWidget(other)
    with qtbot.waitSignal(other.reader.answered, timeout=LONG):
        other.show()
    for both in (window, other):
        both.tabs.setCurrentIndex(COLLECTION)
    for seed in range(3):
        for both, label in ((window, 2), (other, 6)):
            both.panel.canvas.show_sketch(Sketch(digit(label, seed)))
            both.panel.its_a.buttons[label].click()
    for both in (window, other):
        qtbot.waitUntil(lambda both=both: sorted(shown(both.collection)) == ["2"] * 3 + ["6"] * 3, timeout=LONG)  # type: ignore[misc]
        assert not both.message.isVisible()
    (first, *_) = ids(window.collection, "6")
    window.collection.edits.remove([first])
    qtbot.waitUntil(lambda: first not in other.collection.listing.places, timeout=SOON)
    other.close()


def test_what_could_not_be_taken_back_can_be_later(
    qtbot: QtBot, tab: CollectionTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = labels()
    tab.edits.remove(ids(tab, "4"))
    qtbot.waitUntil(lambda: len(labels()) == 4 and tab.kept.undo.isEnabled(), timeout=SOON)
    real = Collection.put_back

    def full(*_: object) -> None:
        raise CapsDrawError("the disk is full")

    monkeypatch.setattr(Collection, "put_back", full)
    qtbot.mouseClick(tab.kept.undo, LEFT)
    qtbot.waitUntil(lambda: bool(tab.edits.last) and tab.kept.undo.isEnabled(), timeout=SOON)
    assert len(labels()) == 4
    monkeypatch.setattr(Collection, "put_back", real)
    qtbot.mouseClick(tab.kept.undo, LEFT)
    qtbot.waitUntil(lambda: labels() == before, timeout=SOON)


def test_a_key_that_leads_to_another_tab_relabels_nothing(qtbot: QtBot, window: MainWindow, tab: CollectionTab) -> None:
    before = labels()
    tab.kept.wall.setFocus()
    qtbot.keyClick(tab.kept.wall, Qt.Key.Key_A, CTRL)
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, CTRL, "1")  # as X tells of it, with the text
    assert _means(held) == ""
    assert _means(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1")) == "1"
    alt_gr = CTRL | Qt.KeyboardModifier.AltModifier
    assert _means(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_E, alt_gr, "€")) == "€"
    qtbot.keyClick(tab.kept.wall, Qt.Key.Key_1, CTRL)
    qtbot.waitUntil(lambda: window.tabs.currentIndex() == 0, timeout=SOON)
    assert labels() == before


def test_what_is_imported_once_more_is_said_to_be_there(
    qtbot: QtBot, tab: CollectionTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strokes.save(replace(digit(2, 20), canvas=float(SIDE)), tmp_path / "two.json")
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_, **__: ("2", True))
    tab.traffic.bring([tmp_path / "two.json"])
    qtbot.waitUntil(lambda: "1 drawing imported" in tab.kept.status.text(), timeout=SOON)
    tab.traffic.bring([tmp_path / "two.json"])
    qtbot.waitUntil(lambda: tab.kept.status.text().endswith("; 1 was there already"), timeout=SOON)
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_, **__: ("3", True))
    tab.traffic.bring([tmp_path / "two.json"])
    qtbot.waitUntil(
        lambda: tab.kept.status.text().endswith("; 1 was there already, as another class, which it keeps"), timeout=SOON
    )
    tab.edits.undo()
    qtbot.waitUntil(lambda: len(labels()) == 6, timeout=SOON)
    assert not tab.edits.last


def test_an_import_that_breaks_off_keeps_what_it_had_and_that_can_be_undone(
    qtbot: QtBot, tab: CollectionTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        strokes.save(replace(digit(2, 20 + number), canvas=float(SIDE)), tmp_path / f"{number:02}.json")
    monkeypatch.setattr(QInputDialog, "getItem", lambda *_, **__: ("2", True))
    added = Collection.add
    calls: list[int] = []

    def fails_the_second_time(collection: Collection, items: Sequence[Item]) -> object:
        calls.append(1)
        if len(calls) > 1:
            raise CapsDrawError("the disk is full")
        return added(collection, items)

    monkeypatch.setattr(Collection, "add", fails_the_second_time)
    with qtbot.waitSignal(tab.failed, timeout=SOON) as failed:
        tab.traffic.bring([tmp_path])
    assert failed.args == ["the disk is full"]
    qtbot.waitUntil(lambda: "25 drawings imported" in tab.kept.status.text(), timeout=SOON)
    assert len(labels()) == 31
    tab.edits.undo()
    qtbot.waitUntil(lambda: len(labels()) == 6, timeout=SOON)
