"""Several pictures, a folder or a file of data dropped on the window: nothing is passed over in silence."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from capsdraw.datasets import dropped
from capsdraw.errors import CapsDrawError
from capsdraw.ink.sketch import Sketch, dark_on_white
from capsdraw.ui.main_window import MainWindow

from .conftest import SOON, digit, settle


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPSDRAW_HOME", str(tmp_path / "home"))


def pictures(folder: Path, *labels: int) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{label}_{number}.png" for number, label in enumerate(labels)]
    for path, label in zip(paths, labels, strict=True):
        dark_on_white(Sketch(digit(label)).render()).save(path)
    return paths


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window.dropEvent(
        QDropEvent(
            QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
    )


def test_of_several_pictures_each_can_be_chosen(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    """Case 22: the first was opened, and of the others nothing was said."""
    paths = pictures(tmp_path / "scans", 4, 7, 4, 7)
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        drop(window, *paths)
    assert window.dropped.isVisible()
    assert [button.text() for button in window.dropped.pictures] == [path.stem for path in paths]
    qtbot.waitUntil(lambda: not window.dropped.pictures[-1].icon().isNull(), timeout=SOON)
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        qtbot.mouseClick(window.dropped.pictures[1], Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert window.readout.bars.winner == 7


def test_pictures_whose_names_say_their_classes_are_a_set(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        drop(window, *pictures(tmp_path / "scans", 4, 7, 4, 7))
    assert window.dropped.evaluate.isVisible()
    assert not window.dropped.train.isVisible()
    qtbot.mouseClick(window.dropped.evaluate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.tabs.currentWidget() is window.evaluate, timeout=SOON)
    assert len(list(Path(window.evaluate.data.value()).iterdir())) == 4


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_data_is_offered_to_be_trained_on_and_measured_on(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    """Case 22: "Is a directory"."""
    folder = tmp_path / "shapes"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        Image.fromarray(np.zeros((30, 30), np.uint8)).save(folder / name / "0.png")
    path = folder if kind == "folder" else tmp_path / "own.npz"
    np.savez(tmp_path / "own.npz", x=np.zeros((20, 28, 28)), y=np.arange(20) % 2)
    before = window.panel.canvas.sketch
    drop(window, path)
    assert window.dropped.words.text().startswith(f"{path.name}: data")
    assert window.panel.canvas.sketch is before
    qtbot.mouseClick(window.dropped.evaluate, Qt.MouseButton.LeftButton)
    assert window.tabs.currentWidget() is window.evaluate
    assert window.evaluate.data.value() == str(path)
    assert not window.dropped.isVisible()
    drop(window, path)
    qtbot.mouseClick(window.dropped.train, Qt.MouseButton.LeftButton)
    assert window.tabs.currentWidget() is window.train
    assert window.train.form.fields["data"].value() == str(path)


def test_what_is_data_is_told_by_its_name(tmp_path: Path) -> None:
    assert dropped.is_data(tmp_path)
    assert all(dropped.is_data(tmp_path / name) for name in ("a.npz", "A.CSV", "b.pkl.gz", "t10k-images-idx3-ubyte"))
    assert not any(dropped.is_data(tmp_path / name) for name in ("a.png", "b.json", "c.jpg"))
    assert not dropped.are_labelled([tmp_path / "scan.png", tmp_path / "photo.png"])


def test_two_pictures_of_one_name_are_not_laid_over_one_another(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "7_001.png" for folder in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        path.touch()
    with pytest.raises(CapsDrawError, match=r"two of these pictures are called '7_001\.png': rename one"):
        dropped.as_set(paths)
