"""The app as its users meet it: the real window, worker and model, driven by real events."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from capsdraw.cli.inputs import digit_from_file
from capsdraw.datasets import synthetic
from capsdraw.datasets.sources import local_file
from capsdraw.ink import strokes
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards
from capsdraw.ui import files
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.readout import with_article
from capsdraw.ui.worker import Worker

from .conftest import FIRST, SOON, Draw, digit, settle


def test_the_first_screen_is_alive(window: MainWindow, qtbot: QtBot) -> None:
    settle(qtbot, window)
    assert window.panel.canvas.sketch
    assert window.readout.bars.winner == 3
    assert window.readout.picture.digit is not None
    assert "It sees a 3" in window.readout.headline.text()


@pytest.mark.parametrize("model", ["efficient-capsnet", "keras-cnn"])
def test_digits_drawn_by_mouse_are_read(window: MainWindow, qtbot: QtBot, draw: Draw, model: str) -> None:
    window.use_model(model)
    for label in range(10):
        window.panel.canvas.clear()
        draw(window.panel.canvas, digit(label))
        settle(qtbot, window)
        assert window.readout.bars.winner == label
        assert (window.readout.picture.digit is None) == (model == "keras-cnn")


def test_the_bars_move_while_the_pen_is_down(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.panel.canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    for y in range(60, 320, 20):
        qtbot.mouseMove(canvas, QPoint(200, y))
    settle(qtbot, window)
    assert window.readout.bars.winner == 1
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 320))


def test_an_empty_canvas_answers_nothing(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(window.panel.tools.clear, Qt.MouseButton.LeftButton)
    assert window.readout.headline.text() == "Draw a digit"
    qtbot.wait(100)  # a stale answer would arrive now
    assert window.readout.bars.scores is None
    assert window.panel.sees.digit is None


def test_a_stroke_over_the_example_begins_a_new_drawing(window: MainWindow, qtbot: QtBot, draw: Draw) -> None:
    draw(window.panel.canvas, digit(1))
    assert len(window.panel.canvas.sketch.drawing.strokes) == len(digit(1).strokes)
    for _ in digit(1).strokes:
        qtbot.mouseClick(window.panel.tools.undo, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert window.readout.bars.winner == 3  # the example is back


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
    assert window.panel.sees.digit is not None
    assert np.array_equal(window.panel.sees.digit, digit_from_file(tmp_path / "five.json"))


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
    packed = files._png

    def watch(image: QImage) -> bytes:
        threads.append(threading.current_thread() is threading.main_thread())
        return packed(image)

    monkeypatch.setattr(files, "_png", watch)
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


def test_all_that_works_is_told_to_stop_before_anything_is_waited_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fit would else go on for as long as the comparison takes to end."""
    window = MainWindow()
    qtbot.addWidget(window)
    stopped, seen = threading.Event(), []
    monkeypatch.setattr(window.train.fitter, "stop", stopped.set)
    worker: Worker[int] = Worker("compare", lambda _: seen.append(stopped.wait(3)))
    monkeypatch.setattr(window.compare.comparer, "_worker", worker)
    worker.put(1)
    worker.start()
    qtbot.wait(50)  # it is at work
    window.close()
    assert seen == [True]


@pytest.mark.skipif(local_file("mnist") is None, reason="MNIST is not on this machine")
def test_a_test_digit_of_mnist_is_read(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.files.opened, timeout=SOON) as said:
        window.test_digit.trigger()
    settle(qtbot, window)
    assert "MNIST test digit" in said.args[0]
    assert window.panel.canvas.sketch.picture is not None
    assert said.args[0].endswith(f"labelled {window.panel.canvas.sketch.label}")


def test_a_test_digit_is_shown_as_soon_as_mnist_is_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A fit fetches it; the button once stayed grey until the next start."""
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    window = MainWindow()
    qtbot.addWidget(window)
    window.test_digit.trigger()
    qtbot.waitUntil(lambda: "MNIST is not on this machine" in window.message.text, timeout=SOON)
    images, labels = synthetic.digits(30, 1)
    (tmp_path / "datasets").mkdir()
    np.savez(tmp_path / "datasets" / "mnist.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    window.test_digit.trigger()
    qtbot.waitUntil(lambda: window.panel.canvas.sketch.picture is not None, timeout=SOON)
    window.close()


def test_a_model_that_cannot_be_loaded_is_a_message_and_the_app_goes_on(
    window: MainWindow, qtbot: QtBot, own_home: Path
) -> None:
    models = own_home / "models"
    models.mkdir()
    card = json.loads((Path("trained") / "keras-cnn.json").read_text())
    (models / "broken.json").write_text(json.dumps({**card, "name": "broken"}))
    (models / "broken.keras").write_bytes(b"not a model")
    # Not waitSignal: this signal comes twice, from loading and from reading, and PySide 6.11 would
    # deliver a second one that is queued already to the blocker that the first one had ended.
    window.use_model("broken")
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "is not the file of its card" in window.message.text
    window.use_model("keras-cnn")
    settle(qtbot, window)
    assert window.readout.bars.winner == 3
    assert not window.message.isVisible()


def test_the_canvas_takes_the_height_there_is(window: MainWindow) -> None:
    assert (window.width(), window.height()) == (1280, 800)
    assert window.panel.canvas.width() == window.panel.canvas.height() > 450
    digits = [view.mapTo(window, view.rect().topLeft()).y() for view in (window.panel.sees, window.readout.picture)]
    assert digits[0] == digits[1]


def test_nothing_is_clipped_at_the_least_size(window: MainWindow) -> None:
    window.resize(1024, 700)
    assert (window.width(), window.height()) == (1024, 700)
    for widget in (window.panel.sees, window.readout.picture, window.panel.tools, window.readout.bars):
        corner = widget.mapTo(window, widget.rect().bottomRight())
        assert corner.x() < 1024
        assert corner.y() < 700
        assert widget.width() >= widget.minimumSizeHint().width()


def test_a_model_that_cannot_be_loaded_is_told_on_an_empty_canvas_too(window: MainWindow, qtbot: QtBot) -> None:
    window.panel.canvas.clear()
    window.use_model("nobody")
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "unknown model 'nobody'" in window.message.text


def test_a_good_drawing_after_a_bad_one_clears_the_message(window: MainWindow, qtbot: QtBot, draw: Draw) -> None:
    window.panel.canvas.show_sketch(Sketch(picture=np.full((40, 40), 0.05, np.float32)))
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "no ink" in window.message.text
    assert window.panel.sees.digit is None
    window.panel.canvas.clear()
    draw(window.panel.canvas, digit(6))
    settle(qtbot, window)
    assert window.readout.bars.winner == 6
    assert not window.message.isVisible()


def test_damaged_settings_do_not_keep_the_app_from_starting(qtbot: QtBot, own_home: Path) -> None:
    (own_home / "settings.ini").write_text("[General]\ngeometry=nonsense\nmodel=gone\n")
    window = MainWindow()
    qtbot.addWidget(window)
    assert window.reader.model == "efficient-capsnet"
    assert window.close()


def test_a_data_folder_with_a_file_twice_keeps_the_app_from_nothing(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A second download lies beside the first: said where that data is wanted, and only there."""
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    (tmp_path / "fashion-mnist").mkdir()
    for name in ("train-images-idx3-ubyte.gz", "train-images-idx3-ubyte (1).gz", "._train-images-idx3-ubyte.gz"):
        (tmp_path / "fashion-mnist" / name).touch()
    window: MainWindow = request.getfixturevalue("window")  # it opens now
    window.tabs.setCurrentWidget(window.evaluate)
    qtbot.waitUntil(window.evaluate.start.isEnabled, timeout=SOON)
    window.evaluate.data.put("fashion-mnist")
    qtbot.mouseClick(window.evaluate.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.message.isVisible, timeout=FIRST)
    assert "both 'train-images-idx3-ubyte (1).gz' and 'train-images-idx3-ubyte.gz'" in window.message.text


@pytest.mark.usefixtures("colour_model")
def test_only_nets_that_read_digits_are_to_be_picked(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    listed = {window.picker.itemData(row) for row in range(window.picker.count())}
    assert listed == {card.name for card in cards.list_cards() if card.reads_digits}
    assert "photographs" not in listed
    assert window.close()


@pytest.mark.parametrize(
    ("name", "words"), [("7", "a 7"), ("8", "an 8"), ("18", "an 18"), ("ankle boot", "an ankle boot"), ("Q", "a Q")]
)
def test_a_class_is_named_with_its_article(name: str, words: str) -> None:
    assert with_article(name) == words


def test_classes_that_have_names_are_called_by_them(qtbot: QtBot, own_home: Path) -> None:
    """A net trained on letters or clothes would else answer in numbers that say nothing."""
    from capsdraw.nets import zoo

    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"], classes=3)
    digest = zoo.save(model, own_home / "models" / "signs.keras")
    names = ("alpha", "beta", "gamma")
    card = cards.Card("signs", "Signs", "capsule", (28, 28, 1), 3, 1, "", "", 1, 1, None, 0, digest, labels=names)
    cards.write(card, own_home / "models" / "signs.json")
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.use_model("signs")
    qtbot.waitUntil(lambda: window.readout.headline.text().startswith("It sees a"), timeout=FIRST)
    assert window.readout.headline.text().split(",")[0] in ("It sees an alpha", "It sees a beta", "It sees a gamma")
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: window.lab.headline.text().split(",")[0].removeprefix("Capsule ") in names, timeout=SOON)
    window.close()


def test_a_card_with_too_few_names_does_not_keep_the_app_from_starting(qtbot: QtBot, own_home: Path) -> None:
    (own_home / "models").mkdir()
    digest = "0" * 64
    card = cards.Card(
        "short", "Short", "classifier", (28, 28, 1), 3, 1, "", "", 1, 1, None, 0, digest, labels=("alpha",)
    )
    cards.write(card, own_home / "models" / "short.json")
    window = MainWindow()
    qtbot.addWidget(window)
    window.compare.choose("short", True)
    assert window.compare.wanted.findData("alpha") >= 0
    assert [card.label(number) for number in range(3)] == ["alpha", "1", "2"]
    assert window.close()


def test_a_letter_typed_in_a_list_chooses_there_and_is_no_tools_key(qtbot: QtBot, window: MainWindow) -> None:
    """E is the eraser's key, and the first letter of Efficient-CapsNet."""
    window.picker.setFocus()
    qtbot.keyClick(window.picker, "K")
    assert window.picker.currentText().startswith("Keras CNN")
    qtbot.keyClick(window.picker, Qt.Key.Key_Home)
    qtbot.keyClick(window.picker, "E")
    assert not window.panel.canvas.erasing
    window.panel.canvas.setFocus()
    qtbot.keyClick(window.panel.canvas, "E")
    assert window.panel.canvas.erasing


def test_a_word_deleted_in_a_field_leaves_the_drawing(qtbot: QtBot, window: MainWindow) -> None:
    """Ctrl+Backspace is Clear's key, too."""
    drawn = window.panel.canvas.sketch
    control = Qt.KeyboardModifier.ControlModifier
    window.tabs.setCurrentWidget(window.train)
    note = window.train.form.note
    note.setFocus()
    qtbot.keyClicks(note, "first try")
    qtbot.keyClick(note, Qt.Key.Key_Backspace, control)
    assert note.text() == "first "
    qtbot.keyClick(note, Qt.Key.Key_Home)
    qtbot.keyClick(note, Qt.Key.Key_Delete, control)
    assert note.text() == ""
    window.tabs.setCurrentWidget(window.lab)
    window.lab.turn(2)
    count = window.lab.routing.count
    count.setFocus()
    qtbot.keyClick(count, Qt.Key.Key_Backspace, control)
    assert window.panel.canvas.sketch is drawn
    window.panel.canvas.setFocus()
    qtbot.keyClick(window.panel.canvas, Qt.Key.Key_Backspace, control)
    assert not window.panel.canvas.sketch
