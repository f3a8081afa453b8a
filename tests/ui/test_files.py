"""Drawings from files, pastes and drops, in the real window, and back into files."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import local_file
from capsdraw.errors import CapsDrawError
from capsdraw.ink import strokes
from capsdraw.ink.intake import DIGITS, of_file
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.ink.strokes import Drawing, Stroke
from capsdraw.ui import files
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.sketch_of_file import save, sketch_from

from .conftest import SOON, Draw, digit, settle


def test_canvas_file_and_command_line_give_the_same_scores(
    window: MainWindow, qtbot: QtBot, draw: Draw, tmp_path: Path
) -> None:
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(7))
    settle(qtbot, window)
    shown = window.readout.bars.scores
    path = tmp_path / "seven.json"
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        window.files.save(path)
    command = [sys.executable, "-m", "capsdraw", "classify", str(path), "--json"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)[0]
    assert answer["label"] == 7
    assert np.allclose(answer["scores"], shown, atol=1e-6)
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        window.files.open(path)
    settle(qtbot, window)
    assert np.allclose(window.readout.bars.scores, shown, atol=1e-3)


def test_a_tiny_drawing_that_is_saved_and_opened_has_its_size_and_pen_again(tmp_path: Path) -> None:
    """It came back filling three quarters of the canvas, its pen as thick as a thumb."""
    tiny = Drawing((Stroke(np.array([[20.0, 30.0], [24.5, 41.0]]), 4.0), Stroke(np.array([[40.0, 30.0]]), 72.0)))
    save(Sketch(tiny), tmp_path / "tiny.json")
    assert sketch_from(tmp_path / "tiny.json").drawing == tiny
    # Files of before, and of other programs, say no canvas, and fill it as they did.
    document = json.loads((tmp_path / "tiny.json").read_text())
    assert set(document) == {"version", "strokes", "canvas"}
    del document["canvas"]
    (tmp_path / "older.json").write_text(json.dumps(document))
    assert sketch_from(tmp_path / "older.json").drawing == fitted(tiny)


@pytest.mark.parametrize("label", range(10))
def test_the_canvas_saved_as_a_picture_keeps_its_label(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, label: int
) -> None:
    window.panel.canvas.show_sketch(Sketch(digit(label, 1)))
    path = tmp_path / "digit.png"
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        window.files.save(path)
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        window.files.open(path)
    settle(qtbot, window)
    assert window.readout.bars.winner == label


def test_what_the_net_gets_is_what_the_preview_shows(
    window: MainWindow, qtbot: QtBot, draw: Draw, tmp_path: Path
) -> None:
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(5))
    settle(qtbot, window)
    strokes.save(window.panel.canvas.sketch.drawing, tmp_path / "five.json")
    assert window.panel.glance.sees.digit is not None
    assert np.array_equal(window.panel.glance.sees.digit, of_file(tmp_path / "five.json", (28, 28, 1), DIGITS))


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"0" * 40])
def test_a_bad_file_says_so_and_nothing_is_lost(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, content: bytes
) -> None:
    before = window.panel.canvas.sketch
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with qtbot.waitSignal(window.files.failed, timeout=SOON):
        window.files.open(path)
    assert "cannot read 'bad.png'" in window.message.text
    assert window.message.isVisible()
    assert window.panel.canvas.sketch is before


def test_a_failed_save_says_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with qtbot.waitSignal(window.files.failed, timeout=SOON):
        window.files.save(tmp_path / "file" / "digit.json")
    assert "cannot save 'digit.json'" in window.message.text


def test_a_dropped_picture_is_read(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "drop.png"
    Image.fromarray(np.rint((1 - Sketch(digit(4)).render()) * 255).astype(np.uint8)).save(path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        window.dropEvent(event)
    settle(qtbot, window)
    assert window.readout.bars.winner == 4


def test_a_pasted_picture_is_read(window: MainWindow, qtbot: QtBot) -> None:
    grey = np.ascontiguousarray(np.rint(Sketch(digit(2)).render() * 255).astype(np.uint8))
    image = QImage(grey.data, grey.shape[1], grey.shape[0], grey.shape[1], QImage.Format.Format_Grayscale8).copy()
    QGuiApplication.clipboard().setImage(image)
    with qtbot.waitSignal(window.files.opened, timeout=SOON):
        window.files.paste()
    settle(qtbot, window)
    assert window.readout.bars.winner == 2


def test_pasting_words_says_what_to_do(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("seven")
    with qtbot.waitSignal(window.files.failed, timeout=SOON):
        window.files.paste()
    assert "copy an image" in window.message.text


def test_a_pasted_picture_keeps_nobody_waiting(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large one takes seconds to be packed."""
    threads: list[bool] = []
    packed = files.png

    def watch(image: QImage) -> bytes:
        threads.append(threading.current_thread() is threading.main_thread())
        return packed(image)

    monkeypatch.setattr(files, "png", watch)
    window = MainWindow()
    qtbot.addWidget(window)
    grey = np.ascontiguousarray(np.rint(Sketch(digit(2)).render() * 255).astype(np.uint8))
    image = QImage(grey.data, grey.shape[1], grey.shape[0], grey.shape[1], QImage.Format.Format_Grayscale8).copy()
    QGuiApplication.clipboard().setImage(image)
    window.files.paste()
    qtbot.waitUntil(lambda: window.panel.canvas.sketch.picture is not None, timeout=SOON)
    assert threads == [False]
    window.close()


def test_an_address_that_is_dropped_is_said_to_be_one(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/seven.png")])
    window.files.take(data)
    assert window.message.text.startswith("'https://example.org/seven.png' is an address, not a file: save")
    window.close()


@pytest.mark.skipif(local_file("mnist") is None, reason="MNIST is not on this machine")
def test_a_test_digit_of_mnist_is_read(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.files.opened, timeout=SOON) as said:
        window.test_digit.trigger()
    settle(qtbot, window)
    assert "MNIST test digit" in said.args[0]
    assert window.panel.canvas.sketch.picture is not None
    assert said.args[0].endswith(f"labelled {window.panel.canvas.sketch.label}")


def test_without_mnist_a_test_digit_is_drawn_by_the_app_and_mnist_follows_as_soon_as_it_is_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A fit or the offered download fetches it; the button once did nothing until then."""
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    window = MainWindow()
    qtbot.addWidget(window)
    said: list[str] = []
    window.files.opened.connect(said.append)
    with qtbot.waitSignal(window.files.mnist_missed, timeout=SOON):
        window.test_digit.trigger()
    sketch = window.panel.canvas.sketch
    assert said == [f"CapsDraw's own pen drew this {sketch.label}: MNIST is not on this machine"]
    assert sketch.drawing
    assert window.message.text == ""
    images, labels = synthetic.digits(30, 1)
    (tmp_path / "datasets").mkdir()
    np.savez(tmp_path / "datasets" / "mnist.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    window.test_digit.trigger()
    qtbot.waitUntil(lambda: window.panel.canvas.sketch.picture is not None, timeout=SOON)
    window.close()


def test_a_photograph_without_ink_is_opened_for_nets_that_read_all_pixels(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (40, 60, 3), np.uint8)
    path = tmp_path / "grass.png"
    Image.fromarray(noise).save(path)
    with pytest.raises(CapsDrawError, match="no ink"):
        sketch_from(path)
    sketch = sketch_from(path, without_ink=True)
    assert sketch.source == path.read_bytes()
    assert sketch.picture is not None
    assert sketch.picture.shape == (392, 392)
    (tmp_path / "none.png").write_text("no picture")
    with pytest.raises(CapsDrawError, match=r"cannot read 'none\.png'"):
        sketch_from(tmp_path / "none.png", without_ink=True)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_an_opened_picture_is_saved_and_copied_in_its_colours(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    """It was grey in the file and on the clipboard."""
    leaf = np.zeros((40, 40, 3), np.uint8)
    leaf[:] = (20, 160, 40)
    Image.fromarray(leaf).save(tmp_path / "leaf.png")
    sketch = sketch_from(tmp_path / "leaf.png", without_ink=True)
    window.files.without_ink = True
    window.panel.canvas.show_sketch(sketch)
    window.files.save(tmp_path / "saved.png")
    qtbot.waitUntil((tmp_path / "saved.png").exists, timeout=SOON)
    with Image.open(tmp_path / "saved.png") as picture:
        assert picture.getpixel((200, 200)) == (20, 160, 40)
    QGuiApplication.clipboard().clear()
    window.files.copy()
    qtbot.waitUntil(lambda: not QGuiApplication.clipboard().image().isNull(), timeout=SOON)
    assert QGuiApplication.clipboard().image().pixelColor(200, 200).getRgb()[:3] == (20, 160, 40)
    # Drawn over, it is ink.
    save(sketch.with_stroke(Stroke(np.array([[30.0, 20.0], [340.0, 60.0]]))), tmp_path / "ink.png")
    with Image.open(tmp_path / "ink.png") as picture:
        assert picture.mode == "L"


def test_mnist_takes_the_place_of_what_stood_for_it_and_of_nothing_else(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It came over what was drawn while it was fetched, and cut the stroke under the pen."""
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    window = MainWindow()
    qtbot.addWidget(window)
    canvas = window.panel.canvas
    window.test_digit.trigger()
    images, labels = synthetic.digits(30, 1)
    (tmp_path / "datasets").mkdir()
    np.savez(tmp_path / "datasets" / "mnist.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    stood = canvas.sketch
    own = Sketch(digit(4))
    canvas.show_sketch(own)
    with qtbot.waitSignal(window.files.opened, timeout=SOON) as said:
        window.mnist.fetched.emit()
    assert "MNIST is here" in said.args[0]
    assert canvas.sketch is own
    canvas.undo()
    assert canvas.sketch is stood
    window.mnist.fetched.emit()
    qtbot.waitUntil(lambda: canvas.sketch.picture is not None, timeout=SOON)
    window.close()


def test_an_opened_picture_has_the_form_that_the_net_reads_and_that_is_no_step(qtbot: QtBot, tmp_path: Path) -> None:
    """By the choice of a model redo was gone, the box was back at its first place, and undo led to the other form."""
    window = MainWindow()
    qtbot.addWidget(window)
    files, canvas = window.files, window.panel.canvas
    picture = np.full((300, 400, 3), 250, np.uint8)
    picture[60:200, 50:62] = picture[60:240, 300:312] = (30, 40, 90)
    Image.fromarray(picture).save(tmp_path / "two.png")
    files.open(tmp_path / "two.png")
    qtbot.waitUntil(lambda: canvas.sketch.box is not None, timeout=SOON)
    canvas.show_sketch(canvas.sketch.with_box((10.0, 80.0, 90.0, 200.0)))  # as it is dragged
    chosen = canvas.sketch
    canvas.show_sketch(chosen.with_stroke(Stroke(np.array([[300.0, 20.0], [340.0, 60.0]]))))
    canvas.undo()
    assert canvas.sketch is chosen
    files.without_ink = True
    files.fit_picture()
    qtbot.waitUntil(lambda: canvas.sketch.colours is not None, timeout=SOON)
    assert canvas.can_redo
    files.without_ink = False
    files.fit_picture()
    assert canvas.sketch is chosen
    canvas.redo()
    assert len(canvas.sketch.drawing.strokes) == 1
    canvas.undo()
    files.without_ink = True
    # Whatever brings it back, it comes as the net reads it: from the last session, say.
    canvas.show_sketch(Sketch(picture=chosen.picture, source=chosen.source))
    qtbot.waitUntil(lambda: canvas.sketch.colours is not None, timeout=SOON)
    canvas.undo()
    qtbot.waitUntil(lambda: canvas.sketch.colours is not None, timeout=SOON)
    window.close()
