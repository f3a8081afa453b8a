"""What was measured, face by face: matrix, calibration, pairs, and the files that are saved of them."""

import errno
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets.npz import load_npz
from capsdraw.ink.raster import from_bytes
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Measure, ended


def test_a_cell_is_told_in_words_and_shows_its_digits(qtbot: QtBot, tab: EvaluateTab, measure: Measure) -> None:
    found = measure("mlp")
    qtbot.mouseClick(tab.faces[1], Qt.MouseButton.LeftButton)
    counts = found.result.confusion
    true, read = max(((a, b) for a in range(10) for b in range(10) if a != b), key=lambda cell: counts[cell])
    matrix = tab.confusion.matrix
    place = matrix.cell(true, read).center().toPoint()
    qtbot.mouseMove(matrix, place)
    words = f"Of {counts[true].sum()} images of {true}, {counts[true, read]} read as {read}"
    assert tab.confusion.status.text().startswith(words)
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.cell(2, 2).center().toPoint())
    assert len(tab.confusion.gallery.items) == counts[2, 2]
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=place)
    assert [one.index for one in tab.confusion.gallery.items] == found.result.cell(true, read).tolist()


def test_where_nothing_was_misread_the_matrix_shows_a_class_that_there_is(
    tab: EvaluateTab, measure: Measure, digits: Path, tmp_path: Path
) -> None:
    """It showed the images of the first class, "0 images of 0 read right"."""
    found, data = measure("mlp"), load_npz(digits, "pen")
    threes = np.flatnonzero(found.result.right & (data.test_labels == 3))
    np.savez(tmp_path / "threes.npz", x_test=data.test_images[threes], y_test=data.test_labels[threes])
    assert measure("mlp", tmp_path / "threes.npz").result.errors == 0
    assert tab.confusion.head.text() == f"{len(threes)} images of 3 read right"
    assert tab.confusion.matrix.chosen == (3, 3)


def test_long_names_of_classes_have_room_or_are_told(
    window: MainWindow, tab: EvaluateTab, measure: Measure, digits: Path, tmp_path: Path
) -> None:
    """All ten were "a very long…", and nothing said which was which."""
    window.resize(1024, 700)
    table = tab.result.table
    measure("mlp")
    tab.turn(0)
    assert len({table.columnWidth(column) // 8 for column in range(6)}) == 1
    data, names = load_npz(digits, "pen"), [f"handwritten figure number {number}" for number in range(10)]
    np.savez(tmp_path / "named.npz", x_test=data.test_images, y_test=data.test_labels, names=np.array(names))
    measure("mlp", tmp_path / "named.npz")
    item = table.item(4, 0)
    assert item is not None
    assert item.toolTip() == names[4]
    assert table.columnWidth(0) >= table.fontMetrics().horizontalAdvance(names[4])
    assert min(table.columnWidth(column) for column in range(1, 6)) > 60
    assert table.item(4, 1).toolTip() == ""  # type: ignore[union-attr]
    assert tab.confusion.head.toolTip() == tab.confusion.head.text()


def test_what_a_capsule_net_is_sure_of_is_drawn_and_told(qtbot: QtBot, tab: EvaluateTab, measure: Measure) -> None:
    found = measure("efficient-capsnet")
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    assert "length of the longest capsule" in tab.calibration.about.text()
    assert tab.calibration.plot is not None
    assert tab.calibration.plot.dots is not None
    _, heights = tab.calibration.plot.dots.getOriginalDataset()
    assert heights.tolist() == [one.right for one in found.result.calibration.bins if one.count]


@pytest.mark.slow
def test_pairs_are_shown_for_a_capsule_net_and_offered_by_a_classifier(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, tmp_path: Path
) -> None:
    measure("mlp")
    qtbot.mouseClick(tab.faces[4], Qt.MouseButton.LeftButton)
    assert tab.pairs.none.isVisible()
    assert not tab.exports.pairs.isEnabled()
    qtbot.mouseClick(tab.pairs.none.offer, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.examined is not None
    assert tab.examined.card.kind == "capsule"
    sheet = tab.pairs.sheet
    assert sheet.isVisible()
    assert len(sheet.real) == len(sheet.reconstructed) == 50
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.cell(1, 12).center().toPoint())
    assert np.array_equal(window.panel.canvas.sketch.picture, from_bytes(tab.examined.data.test_images[12]))
    # By keyboard, from the one that was clicked.
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(sheet, key)
    assert sheet.accessibleDescription().startswith("Image 23: ")
    assert np.array_equal(window.panel.canvas.sketch.picture, from_bytes(tab.examined.data.test_images[23]))
    tab.exports.save_pairs(tmp_path / "pairs.png")
    qtbot.waitUntil((tmp_path / "pairs.png").exists, timeout=LONG)
    with Image.open(tmp_path / "pairs.png") as picture:
        assert picture.width > 10 * 28 * 2


def test_another_model_is_not_offered_while_one_is_measured(qtbot: QtBot, tab: EvaluateTab, measure: Measure) -> None:
    """The result that came next would have stood under the name of the model that was not measured."""
    measure("mlp")
    qtbot.mouseClick(tab.faces[4], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert tab.examiner.busy
    assert not tab.pairs.none.offer.isEnabled()
    tab.pairs.none.wanted.emit("efficient-capsnet")
    assert tab.model.currentData() == "mlp"
    ended(qtbot, tab)
    assert tab.pairs.none.offer.isEnabled()


def test_tables_and_the_matrix_are_saved(qtbot: QtBot, tab: EvaluateTab, measure: Measure, tmp_path: Path) -> None:
    found = measure("mlp")
    said: list[str] = []
    tab.saved.connect(said.append)
    tab.exports.save_classes(tmp_path / "classes.csv")
    tab.exports.save_answers(tmp_path / "answers.csv")
    tab.exports.save_confusion(tmp_path / "confusion.png")
    tab.exports.save_calibration(tmp_path / "calibration.png")
    qtbot.waitUntil(lambda: len(said) == 4, timeout=LONG)
    answers = (tmp_path / "answers.csv").read_text().splitlines()[1:]
    assert sum(line.split(",")[3] == "0" for line in answers) == found.result.errors
    assert (tmp_path / "classes.csv").read_text().startswith("class,images,precision")
    for name in ("confusion.png", "calibration.png"):
        with Image.open(tmp_path / name) as picture:
            assert picture.format == "PNG"


def test_what_is_saved_is_what_was_asked_for_whatever_is_measured_meanwhile(
    qtbot: QtBot, tab: EvaluateTab, measure: Measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file had the name of one model and the figures of another."""
    found = measure("mlp")

    def ask(_: object, __: str, name: str, *___: object) -> Path:
        measure("keras-cnn")  # while the dialog is open
        return tmp_path / f"{name}.csv"

    monkeypatch.setattr("capsdraw.ui.evaluate.exports.ask_where", ask)
    with qtbot.waitSignal(tab.saved, timeout=LONG):
        tab.exports.answers.trigger()
    answers = (tmp_path / "mlp-each-images-answer.csv").read_text().splitlines()[1:]
    assert tab.examined is not None
    assert sum(line.split(",")[3] == "0" for line in answers) == found.result.errors != tab.examined.result.errors


def test_a_full_disk_is_one_line_and_the_old_file_stays(
    qtbot: QtBot,
    window: MainWindow,
    tab: EvaluateTab,
    measure: Measure,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    measure("mlp")
    path = tmp_path / "confusion.png"
    path.write_bytes(b"old")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    tab.exports.save_confusion(path)
    qtbot.waitUntil(window.message.isVisible, timeout=LONG)
    says = "cannot save 'confusion.png': No space left on device: free some space, or choose another disk"
    assert window.message.text == says
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["confusion.png"]


def test_nothing_is_clipped_at_the_least_size(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure
) -> None:
    measure("efficient-capsnet")
    window.resize(1024, 700)
    views = (
        tab.result.table, tab.confusion.matrix, tab.mistakes.gallery, tab.calibration.about, tab.pairs.sheet,
        tab.sets.models,
    )  # fmt: skip
    for face, view in zip(tab.faces, views, strict=True):
        qtbot.mouseClick(face, Qt.MouseButton.LeftButton)
        qtbot.wait(20)
        assert (window.width(), window.height()) == (1024, 700)
        for widget in (view, tab.start, tab.cancel):
            corner = widget.mapTo(window, widget.rect().bottomRight())
            assert (corner.x() < 1024, corner.y() < 700) == (True, True), face.text()
    cell = tab.pairs.sheet.cell(1, 49)
    assert cell.bottom() <= tab.pairs.sheet.height()
    assert tab.pairs.sheet.mapTo(window, QPoint(0, 0)).y() > 0
