"""A model is measured in the real window: by clicks, with the pen at hand, and no fault costs what was there."""

import errno
import json
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.npz import load_npz
from capsdraw.datasets.sources import KNOWN
from capsdraw.ink.raster import from_bytes
from capsdraw.ink.sketch import fitted
from capsdraw.nets import cards
from capsdraw.nets.session import Session
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Measure, choose, ended


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory, digits: Path) -> Path:
    """So many digits that a large net needs a while."""
    data = load_npz(digits, "pen")
    path = tmp_path_factory.mktemp("many") / "many.npz"
    np.savez(path, x_test=np.repeat(data.test_images, 17, 0), y_test=np.repeat(data.test_labels, 17, 0))
    return path


def begin(qtbot: QtBot, tab: EvaluateTab, many: Path) -> None:
    """Start what takes a while, and wait for its first images."""
    choose(tab, "efficient-capsnet", many)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.bar.maximum() == 10_200 and tab.bar.value() > 0, timeout=LONG)


def test_a_measurement_is_what_a_plain_count_says(tab: EvaluateTab, measure: Measure, digits: Path) -> None:
    found = measure("mlp")
    data = load_npz(digits, "pen")
    scores = Session.open(cards.find("mlp")).scores(data.test_images)
    read = scores.argmax(1)
    wrong = int((read != data.test_labels).sum())
    assert wrong > 5
    assert tab.result.headline.text() == f"{100 * wrong / 600:.2f}% wrong: {wrong} of 600 images"
    low, high = found.result.interval_percent
    assert f"between {low:.2f}% and {high:.2f}%" in tab.result.interval.text()
    fours = data.test_labels == 4
    item = tab.result.table.item(4, 2)
    assert item is not None
    assert item.text() == str(int((read[fours] != 4).sum()))
    assert len(tab.mistakes.gallery.shown) == wrong
    surest = scores.max(1)[read != data.test_labels].max()
    assert tab.mistakes.gallery.shown[0].note == f"{surest:.2f}"


def test_a_cell_is_told_in_words_and_shows_its_digits(qtbot: QtBot, tab: EvaluateTab, measure: Measure) -> None:
    found = measure("mlp")
    qtbot.mouseClick(tab.faces[1], Qt.MouseButton.LeftButton)
    counts = found.result.confusion
    true, read = max(((a, b) for a in range(10) for b in range(10) if a != b), key=lambda cell: counts[cell])
    matrix = tab.confusion.matrix
    place = matrix.cell(true, read).center().toPoint()
    qtbot.mouseMove(matrix, place)
    words = f"Of {counts[true].sum()} images of {true}, {counts[true, read]} read as {read}"
    assert tab.confusion.said.text().startswith(words)
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.cell(2, 2).center().toPoint())
    assert len(tab.confusion.gallery.shown) == counts[2, 2]
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=place)
    assert [one.index for one in tab.confusion.gallery.shown] == found.result.cell(true, read).tolist()


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
    qtbot.waitUntil(lambda: window.readout.bars.number == window.reader.number, timeout=LONG)
    assert window.readout.bars.winner == mistake.read != mistake.true
    assert f"labelled {mistake.true}; MLP read {mistake.read}" in window.statusBar().currentMessage()
    # By the model that was measured, whichever read the drawing before.
    assert window.picker.currentData() == window.reader.model == "mlp"
    assert "another picture" not in window.panel.about.text()


def test_an_image_that_the_canvas_moves_is_said_to_be_seen_as_another(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, digits: Path, tmp_path: Path
) -> None:
    """The mistake was none any more, and nobody was told why."""
    data = load_npz(digits, "pen")
    path = tmp_path / "shifted.npz"
    np.savez(path, x_test=np.roll(data.test_images[:100], (3, 3), (1, 2)), y_test=data.test_labels[:100])
    measure("mlp", path)
    before = window.panel.about.text()
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    wall = tab.mistakes.gallery.wall
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    qtbot.waitUntil(lambda: "the net sees another picture" in window.panel.about.text(), timeout=LONG)
    assert not np.array_equal(window.panel.sees.digit, window.panel.canvas.sketch.picture)
    window.panel.canvas.clear()
    assert window.panel.about.text() == before


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
    qtbot.waitUntil(lambda: len(compare.curves) == 2, timeout=LONG)
    assert compare.wanted.currentData() == str(true)
    assert {one.label for one in compare.curves.values() if one is not None} == {true}
    assert compare.said.text().startswith(f"The true class is {true}. ")
    drawing = fitted(synthetic.drawing(1, np.random.default_rng((9, 1, 0))))
    draw(window.panel.canvas, drawing)
    assert compare.wanted.currentData() is None
    qtbot.waitUntil(lambda: len(compare.curves) == 2, timeout=LONG)
    assert "true class" not in compare.said.text()
    for _ in drawing.strokes:
        qtbot.mouseClick(window.panel.tools.undo, Qt.MouseButton.LeftButton)
    assert compare.wanted.currentData() == str(true)  # it lies there again


def test_what_a_capsule_net_is_sure_of_is_drawn_and_told(qtbot: QtBot, tab: EvaluateTab, measure: Measure) -> None:
    found = measure("efficient-capsnet")
    qtbot.mouseClick(tab.faces[3], Qt.MouseButton.LeftButton)
    assert "length of the longest capsule" in tab.calibration.about.text()
    assert tab.calibration.plot is not None
    assert tab.calibration.plot.dots is not None
    _, heights = tab.calibration.plot.dots.getOriginalDataset()
    assert heights.tolist() == [one.right for one in found.result.calibration.bins if one.count]


def test_pairs_are_shown_for_a_capsule_net_and_offered_by_a_classifier(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, tmp_path: Path
) -> None:
    measure("mlp")
    qtbot.mouseClick(tab.faces[4], Qt.MouseButton.LeftButton)
    assert tab.pairs.none.isVisible()
    assert not tab.exports.pairs.isEnabled()
    qtbot.mouseClick(tab.pairs.none.offer, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.found is not None
    assert tab.found.card.kind == "capsule"
    sheet = tab.pairs.sheet
    assert sheet.isVisible()
    assert len(sheet.real) == len(sheet.made) == 50
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.cell(1, 12).center().toPoint())
    assert np.array_equal(window.panel.canvas.sketch.picture, from_bytes(tab.found.data.test_images[12]))
    # By keyboard, from the one that was clicked.
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(sheet, key)
    assert sheet.accessibleDescription().startswith("Image 23: ")
    assert np.array_equal(window.panel.canvas.sketch.picture, from_bytes(tab.found.data.test_images[23]))
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
    assert window.message.text == "cannot save 'confusion.png': No space left on device"
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["confusion.png"]


def test_cancel_ends_it_and_what_was_measured_stands(
    qtbot: QtBot, tab: EvaluateTab, measure: Measure, many: Path
) -> None:
    before = measure("mlp")
    begin(qtbot, tab, many)
    qtbot.mouseClick(tab.cancel, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert tab.said.text() == "Stopped; what was measured before still stands"
    assert tab.found is before
    assert "of 600 images" in tab.result.headline.text()
    assert not tab.bar.isVisible()
    assert measure("mlp").result.errors == before.result.errors  # it goes on


def test_start_measures_the_time_anew(tab: EvaluateTab, measure: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measured beside a fit, a model stayed slow until the next start of the app, whoever asked again."""
    plain = Session.scores

    def beside_a_fit(session: Session, images: np.ndarray) -> np.ndarray:
        time.sleep(0.5)
        return plain(session, images)

    with monkeypatch.context() as busy:
        busy.setattr(Session, "scores", beside_a_fit)
        slow = measure("mlp").result.seconds_per_image
    quick = measure("mlp").result.seconds_per_image
    assert quick < slow / 2
    assert f"{1000 * quick:.2f} ms an image" in tab.result.figures.text()


def test_a_digit_drawn_meanwhile_is_read(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, many: Path, draw: Callable[..., None]
) -> None:
    begin(qtbot, tab, many)
    window.panel.canvas.clear()
    draw(window.panel.canvas, fitted(synthetic.drawing(5, np.random.default_rng((9, 5, 0)))))
    qtbot.waitUntil(lambda: window.readout.bars.number == window.reader.number, timeout=LONG)
    assert tab.examiner.busy
    assert window.readout.bars.winner == 5
    qtbot.mouseClick(tab.cancel, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)


def test_closing_the_window_ends_it(qtbot: QtBot, window: MainWindow, tab: EvaluateTab, many: Path) -> None:
    begin(qtbot, tab, many)
    assert window.close()
    assert not tab.examiner._worker.alive


@pytest.mark.parametrize(
    ("content", "said"), [(None, "there is no such file or folder"), (b"PK broken", "cannot read data")]
)
def test_data_that_cannot_be_read_is_one_line_and_nothing_is_lost(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, tmp_path: Path, content: bytes | None,
    said: str,
) -> None:  # fmt: skip
    before = measure("mlp")
    path = tmp_path / "gone.npz"
    if content is not None:
        path.write_bytes(content)
    choose(tab, "mlp", path)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert said in window.message.text
    assert "\n" not in window.message.text
    assert window.message.isVisible()
    assert tab.found is before
    assert measure("mlp").result.errors == before.result.errors  # it goes on


def test_a_damaged_model_is_one_line(qtbot: QtBot, window: MainWindow, own_home: Path, digits: Path) -> None:
    models = own_home / "models"
    models.mkdir()
    card = json.loads((Path("trained") / "mlp.json").read_text())
    (models / "broken.json").write_text(json.dumps({**card, "name": "broken"}))
    (models / "broken.keras").write_bytes(b"not a model")
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("broken") >= 0, timeout=LONG)
    choose(tab, "broken", digits)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert "is not the file of its card" in window.message.text
    assert tab.found is None


def test_data_that_does_not_fit_says_so(qtbot: QtBot, window: MainWindow, tab: EvaluateTab, tmp_path: Path) -> None:
    path = tmp_path / "colour.npz"
    np.savez(path, x_test=np.zeros((20, 32, 32, 3), np.uint8), y_test=np.arange(20) % 10)
    choose(tab, "mlp", path)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert window.message.text == "data 'colour' has images of (32, 32, 3): model 'mlp' reads (28, 28, 1)"


def test_classes_are_told_apart_by_their_names(
    qtbot: QtBot, window: MainWindow, own_home: Path, digits: Path, tmp_path: Path
) -> None:
    """A net that knows only cats and dogs is not measured on zebras, and not wrong because dogs come first."""
    called = [f"the {number}" for number in range(10)]
    card = replace(cards.find("mlp"), name="named", title="Named", labels=tuple(called))
    (own_home / "models").mkdir()
    shutil.copy("trained/mlp.keras", own_home / "models" / "named.keras")
    cards.write(card, own_home / "models" / "named.json")
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("named") >= 0, timeout=LONG)
    with np.load(digits) as pool:
        images, labels = pool["x_test"], pool["y_test"]
    wrong = int((Session.open(cards.find("named")).scores(images).argmax(1) != labels).sum())

    def measured(model: str, names: list[str]) -> str:
        """On the same images, their classes counted from the other end; what is said of it."""
        np.savez(tmp_path / "turned.npz", x_test=images, y_test=9 - labels, names=names[::-1])
        choose(tab, model, tmp_path / "turned.npz")
        qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
        ended(qtbot, tab)
        return tab.result.figures.text()

    said = measured("named", called)
    assert tab.found is not None
    assert tab.found.result.errors == wrong
    assert "names" not in said
    assert [tab.result.table.item(row, 0).text() for row in (0, 9)] == ["the 0", "the 9"]
    before = tab.found
    measured("named", [*called[:9], "zebra"])
    assert window.message.text.startswith("data 'turned' has images of 'zebra': 'named' knows the 0, the 1, ")
    assert tab.found is before
    said = measured("mlp", called)
    assert "The model has no names for its classes: those of the data are shown, the 9 for its 0, and so on." in said
    assert [tab.result.table.item(row, 0).text() for row in (0, 9)] == ["the 9", "the 0"]


def test_a_file_that_changed_is_measured_anew(tab: EvaluateTab, measure: Measure, digits: Path, tmp_path: Path) -> None:
    path = tmp_path / "pen.npz"
    shutil.copy(digits, path)
    first = measure("mlp", path)
    data = load_npz(digits, "pen")
    np.savez(path, x_test=data.test_images[:100], y_test=data.test_labels[:100])
    assert measure("mlp", path).result.images == 100
    assert first.result.images == 600
    assert "of 100 images" in tab.result.headline.text()


def test_a_net_of_photographs_is_measured_and_a_picture_leads_into_it(
    qtbot: QtBot, colour_model: cards.Card, window: MainWindow, tab: EvaluateTab, measure: Measure, tmp_path: Path
) -> None:
    path = tmp_path / "colour.npz"
    random = np.random.default_rng(1)
    np.savez(path, x_test=random.integers(0, 256, (40, 32, 32, 3), np.uint8), y_test=np.arange(40) % 10)
    found = measure(colour_model.name, path)
    assert found.result.images == 40
    assert tab.mistakes.gallery.shown[0].true in colour_model.labels
    before = window.panel.canvas.sketch
    qtbot.mouseClick(tab.faces[2], Qt.MouseButton.LeftButton)
    wall = tab.mistakes.gallery.wall
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile(0).center())
    # The canvas takes no such picture.
    assert window.panel.canvas.sketch is before
    inside, index = window.inside, tab.mistakes.gallery.shown[0].index
    assert window.tabs.currentWidget() is inside
    assert inside.nets.currentData() == colour_model.name
    qtbot.waitUntil(lambda: inside.net.picture.trace is not None, timeout=LONG)
    trace = inside.net.picture.trace
    assert trace is not None
    assert np.array_equal(np.rint(trace.stops[0].pictures[0] * 255), found.data.test_images[index])
    assert trace.winner == found.result.read[index]
    assert f"Test image {index}, labelled {colour_model.labels[index % 10]}; read as" in inside.images.said.text()


def test_known_data_follows_the_model_until_the_user_has_chosen(tab: EvaluateTab) -> None:
    def pick(name: str) -> None:
        tab.model.setCurrentIndex(tab.model.findData(name))
        tab.model.activated.emit(tab.model.currentIndex())

    pick("cifar-cnn")
    assert tab.data.value() == "cifar10"
    pick("mlp")
    assert tab.data.value() in ("mnist", "synthetic")
    tab.data.put("fashion-mnist")
    tab.data.changed.emit()
    pick("keras-cnn")
    assert tab.data.value() == "fashion-mnist"
    assert {tab.data.box.itemData(row) for row in range(len(KNOWN))} == set(KNOWN)


def test_a_model_of_ones_own_is_measured_on_what_it_was_made_for_and_on_nothing_else(
    qtbot: QtBot, own_home: Path, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters were measured on pen digits, with one click."""
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))  # nothing is fetched yet
    models = own_home / "models"
    models.mkdir()
    card = json.loads((Path("trained") / "mlp.json").read_text())
    for name, data in (("letters", digits), ("lost", tmp_path / "gone.npz"), ("shoes", "fashion-mnist")):
        (models / f"{name}.json").write_text(
            json.dumps({**card, "name": name, "title": name.title(), "data_set": str(data)})
        )
        shutil.copy(Path("trained") / "mlp.keras", models / f"{name}.keras")
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("lost") >= 0, timeout=LONG)

    def pick(name: str) -> tuple[str, bool]:
        tab.model.setCurrentIndex(tab.model.findData(name))
        tab.model.activated.emit(tab.model.currentIndex())
        return tab.data.value(), tab.start.isEnabled()

    assert pick("mlp") == ("synthetic", True)
    assert pick("shoes") == ("fashion-mnist", True)
    assert pick("letters") == (str(digits), True)
    assert pick("mlp") == ("synthetic", True)
    assert pick("lost") == ("", False)
    assert tab.data.told.isVisible()
    assert tab.data.reason.startswith("Choose data: what Lost was made for, ")
    assert "gone.npz" in tab.data.reason
    tab.pairs.none.wanted.emit("lost")  # an offer from before
    assert not tab.examiner.busy
    tab.data.put(str(digits))
    tab.data.changed.emit()
    assert (tab.start.isEnabled(), tab.data.reason) == (True, "")
    assert pick("shoes") == (str(digits), True)  # the user's own choice stays
    window.close()


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
