"""Looking into nets that read no drawings: their pictures lie where drawings do, in the real window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from capsdraw.datasets.folders import read_picture
from capsdraw.datasets.sources import CIFAR10_CLASSES
from capsdraw.lab.gradcam import GradCam
from capsdraw.lab.layer_probe import LayerProbe
from capsdraw.nets import cards, zoo
from capsdraw.nets.reading import Floats
from capsdraw.nets.session import Session
from capsdraw.ui import theme
from capsdraw.ui.inside.tab import FILTERS, HEAT, MAPS, NET, InsideTab
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Look, require_room_for_all_faces, rest
from .test_tab import choose

COLOUR = (32, 32, 3)

Into = Callable[[str, int], InsideTab]


@pytest.fixture
def into(qtbot: QtBot, window: MainWindow) -> Into:
    """Opens a face with a net that reads no drawings, chosen where every net is."""

    def open_face(model: str, face: int) -> InsideTab:
        tab = window.inside
        window.tabs.setCurrentWidget(tab)
        window.use_model(model)
        qtbot.waitUntil(lambda: tab.anatomy is not None and tab.anatomy.model == model, timeout=LONG)
        qtbot.mouseClick(tab.faces[face], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: not tab.busy, timeout=LONG)
        return tab

    return open_face


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture in colour, larger than any net reads."""
    path = tmp_path / "photo.png"
    blocks = np.random.default_rng(4).integers(0, 256, (6, 8, 3), np.uint8)
    Image.fromarray(blocks.repeat(20, 0).repeat(20, 1)).save(path)
    return path


def open_image(qtbot: QtBot, tab: InsideTab, path: Path, monkeypatch: pytest.MonkeyPatch) -> Floats:
    """As a user opens a file; what the net is to see of it."""
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    seen = read_picture(path, COLOUR).astype(np.float32) / 255
    qtbot.mouseClick(tab.images.open, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab._digit is not None and tab._digit.shape == COLOUR, timeout=LONG)
    qtbot.waitUntil(lambda: bool(np.abs(tab._digit - seen).max() < 0.004), timeout=LONG)  # type: ignore[operator]
    qtbot.waitUntil(lambda: not tab.busy, timeout=LONG)
    return seen


def test_a_net_of_photographs_is_laid_open_before_any_image_is(
    qtbot: QtBot, window: MainWindow, into: Into, monkeypatch: pytest.MonkeyPatch, photo: Path
) -> None:
    tab = into("cifar-cnn", NET)
    assert "Inside CIFAR CNN: 13 layers, 927,338 parameters" in tab.headline.text()
    window.panel.canvas.clear()
    qtbot.waitUntil(lambda: tab.net.picture.trace is None, timeout=LONG)
    assert window.reader.model == "cifar-cnn"
    assert "CIFAR CNN" in window._model_status.text()
    qtbot.mouseClick(tab.faces[FILTERS], Qt.MouseButton.LeftButton)
    choose(tab.filters.layer, "conv2")
    qtbot.waitUntil(lambda: tab.filters.current is not None and tab.filters.current.layer == "conv2", timeout=LONG)
    shown = tab.filters.current
    assert shown is not None
    kernel = np.asarray(Session.open(cards.find("cifar-cnn")).model.get_layer("conv2").kernel)
    assert shown.after == pytest.approx(kernel.mean(2).transpose(2, 0, 1), abs=1e-6)
    assert shown.before is not None
    assert np.abs(shown.after - shown.before).max() > 0.01
    for face, view in ((MAPS, tab.maps), (HEAT, tab.heat)):
        qtbot.mouseClick(tab.faces[face], Qt.MouseButton.LeftButton)
        assert view.status.text().startswith("Take a test image, or open an image, to see what")
    seen = open_image(qtbot, tab, photo, monkeypatch)
    qtbot.mouseClick(tab.faces[NET], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.net.picture.trace is not None, timeout=LONG)
    trace = tab.net.picture.trace
    assert trace is not None
    assert trace.layers[0].pictures[0] == pytest.approx(seen, abs=1e-6)
    reading = Session.open(cards.find("cifar-cnn")).read(seen)
    assert trace.winner == reading.label
    # The photograph lies on the canvas, in its colours, and beneath it stands what the net says.
    assert window.panel.canvas.sketch.colours is not None
    assert CIFAR10_CLASSES[reading.label] in window.panel.glance.headline.text()
    window.panel.canvas.grab()


@pytest.mark.slow
def test_heat_and_maps_of_an_opened_image_are_the_net_s_own(
    qtbot: QtBot, window: MainWindow, into: Into, monkeypatch: pytest.MonkeyPatch, photo: Path
) -> None:
    tab = into("cifar-cnn", HEAT)
    seen = open_image(qtbot, tab, photo, monkeypatch)
    session = Session.open(cards.find("cifar-cnn"))
    cam, heat = GradCam(session), tab.heat
    assert heat.picture.heat is not None
    assert heat.picture.heat.label == session.read(seen).label
    # By their names, any class; towards any convolution.
    assert [heat.label.itemText(1 + number) for number in range(10)] == list(CIFAR10_CLASSES)
    choose(heat.label, 8)
    choose(heat.layer, "conv3")
    rest(qtbot, window)
    assert (heat.picture.heat.label, heat.picture.heat.layer) == (8, "conv3")
    assert heat.picture.heat.map == pytest.approx(cam.map(seen, 8, "conv3").map, abs=1e-3)
    assert "for ship" in heat.status.text()
    # The opacity is a slider's, and beneath lies the image in its colours.
    row, column = np.unravel_index(heat.picture.heat.map.argmax(), (32, 32))
    side = heat.picture.frame().width() / 32
    at = QPoint(round((column + 0.5) * side), round((row + 0.5) * side))
    heat.opacity.setFocus()
    colours = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(heat.opacity, key)
        colours.append(heat.picture.grab().toImage().pixelColor(at).getRgb()[:3])
    assert colours[0] == pytest.approx(np.rint(0.55 * seen[row, column] * 255), abs=2)
    assert colours[1] == pytest.approx(theme.DARK.says.getRgb()[:3], abs=15)
    qtbot.mouseClick(tab.faces[MAPS], Qt.MouseButton.LeftButton)
    choose(tab.maps.layer, "conv4")
    rest(qtbot, window)
    assert tab.maps.current is not None
    assert tab.maps.current.outputs.values == pytest.approx(LayerProbe(session).look(seen).of("conv4").values, abs=1e-4)
    tab.maps.detail.grab()
    assert tab.maps.detail.pictures[1].pixels.shape == COLOUR


def test_a_net_of_digits_reads_the_drawing_again(
    qtbot: QtBot, window: MainWindow, into: Into, monkeypatch: pytest.MonkeyPatch, photo: Path
) -> None:
    tab = into("cifar-cnn", HEAT)
    open_image(qtbot, tab, photo, monkeypatch)
    assert tab.images.isVisible()
    window.use_model("keras-cnn")
    assert not tab.images.isVisible()
    canvas = window.panel.canvas
    canvas.clear()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    for y in range(60, 320, 20):
        qtbot.mouseMove(canvas, QPoint(200, y))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 320))
    qtbot.waitUntil(lambda: window.readout.bars.winner == 1, timeout=LONG)
    qtbot.waitUntil(lambda: tab.anatomy is not None and tab.anatomy.model == "keras-cnn", timeout=LONG)
    rest(qtbot, window)
    assert tab.heat.picture.heat is not None
    assert tab.heat.picture.digit is not None
    assert tab.heat.picture.digit.shape == (28, 28)
    assert tab.heat.picture.heat.label == 1


@pytest.mark.slow
def test_a_capsule_net_of_photographs_has_arrows_and_routing(
    qtbot: QtBot, window: MainWindow, into: Into, monkeypatch: pytest.MonkeyPatch, photo: Path
) -> None:
    net = zoo.build("capsnet", **zoo.TINY["capsnet"], shape=COLOUR)
    folder = cards.folders()[1]
    card = replace(
        cards.find("cifar-cnn"), name="tiny", title="Tiny", kind="capsule", recipe="", family="capsnet", options={}
    )
    cards.write(replace(card, sha256=zoo.save(net, folder / "tiny.keras")), folder / "tiny.json")
    window._take_model(cards.find("tiny"))  # as after a fit
    assert window.reader.model == "tiny"  # any net may be picked
    tab = into("tiny", NET)
    seen = open_image(qtbot, tab, photo, monkeypatch)
    session = Session.open(cards.find("tiny"))
    trace = tab.net.picture.trace
    assert trace is not None
    # What the decoder makes of it is a picture in colour.
    assert trace.layers[-1].pictures[0] == pytest.approx(session.read(seen).reconstruction, abs=1e-3)
    tab.net.picture.grab()
    qtbot.mouseClick(tab.faces[MAPS], Qt.MouseButton.LeftButton)
    choose(tab.maps.layer, "encoder/squash")
    rest(qtbot, window)
    primary = tab.maps.arrows.primary
    assert primary is not None
    assert primary.lengths.shape == (8, 8, 2)
    # Over the image, dimmed but not grey.
    picture = tab.maps.arrows.grab().toImage()
    step = picture.width() // 50
    ground = [picture.pixelColor(x, y) for x in range(step, 400, step) for y in range(step, 400, step)]
    assert any(one.red() > one.blue() + 20 for one in ground)
    qtbot.mouseClick(tab.faces[HEAT], Qt.MouseButton.LeftButton)
    rest(qtbot, window)
    assert tab.heat.routing.isVisible()
    assert tab.heat.routing._heat is not None
    assert tab.heat.routing._heat.shape == (8, 8)
    tab.heat.routing.grab()


def test_a_file_that_is_no_picture_is_told_and_nothing_changes(
    qtbot: QtBot, window: MainWindow, into: Into, monkeypatch: pytest.MonkeyPatch, photo: Path, tmp_path: Path
) -> None:
    tab = into("cifar-cnn", HEAT)
    open_image(qtbot, tab, photo, monkeypatch)
    before = tab.heat.picture.heat
    (tmp_path / "bad.png").write_bytes(b"no picture")
    tab.images.open_file(tmp_path / "bad.png")
    qtbot.waitUntil(window.message.isVisible, timeout=LONG)
    assert "cannot read 'bad.png'" in window.message.text
    assert tab.heat.picture.heat is before
    tab.images.open_file(photo)
    qtbot.waitUntil(lambda: not window.message.isVisible(), timeout=LONG)


def test_a_test_image_is_one_of_the_net_s_data_where_that_is_here(
    qtbot: QtBot, window: MainWindow, into: Into, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CAPSDRAW_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    tab = into("cifar-cnn", NET)
    qtbot.mouseClick(tab.images.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.message.isVisible, timeout=LONG)
    assert window.message.text.startswith("CIFAR-10 is not on this machine: start a fit in Train to download it")
    images = np.random.default_rng(1).integers(0, 256, (20, 32, 32, 3), np.uint8)
    labels = np.full(20, 6)
    np.savez(tmp_path / "cifar10-small.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    qtbot.mouseClick(tab.images.test, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "labelled frog" in window.statusBar().currentMessage(), timeout=LONG)
    assert not window.message.isVisible()

    def shown() -> bool:
        return any(np.array_equal(np.rint(tab._digit * 255), one) for one in images)  # type: ignore[operator]

    qtbot.waitUntil(shown, timeout=LONG)


@pytest.mark.slow
def test_kernels_over_an_image_in_colour_are_told_by_their_colours(qtbot: QtBot, into: Into) -> None:
    tab = into("cifar-cnn", FILTERS)
    filters = tab.filters
    assert [filters.channel.itemText(row) for row in range(4)] == ["mean of 3", "red", "green", "blue"]
    choose(filters.channel, 1)
    qtbot.waitUntil(lambda: not tab.busy, timeout=LONG)
    assert "kernels towards green, each" in filters.status.text()
    choose(filters.layer, "conv2")
    qtbot.waitUntil(lambda: not tab.busy, timeout=LONG)
    assert filters.channel.itemText(1) == "input 1"


def test_of_a_net_whose_classes_share_nothing_no_softmax_is_told(look: Look) -> None:
    tab = look("multi-cnn", HEAT)
    assert "its score before the sigmoid is" in tab.heat.status.text()


def test_a_net_that_cannot_be_loaded_is_told_and_the_others_go_on(
    qtbot: QtBot, window: MainWindow, colour_model: cards.Card, look: Look
) -> None:
    colour_model.weights.write_bytes(b"not a model")
    tab = look("efficient-capsnet", HEAT)
    window._take_model(colour_model)
    qtbot.waitUntil(window.message.isVisible, timeout=LONG)
    assert "does not match its card" in window.message.text
    window.use_model("efficient-capsnet")
    qtbot.waitUntil(lambda: tab.anatomy is not None and not tab.busy, timeout=LONG)
    qtbot.waitUntil(lambda: tab.heat.picture.heat is not None, timeout=LONG)
    assert "Grad-CAM" in tab._about.text()


def test_a_net_that_is_being_loaded_is_said_to_be(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    tab = look("efficient-capsnet", NET)
    window.use_model("cifar-cnn")
    assert tab._about.text() == "Loading CIFAR CNN …"
    qtbot.waitUntil(lambda: tab.anatomy is not None and not tab.busy, timeout=LONG)
    assert "What each layer makes of the image" in tab._about.text()


def test_nothing_is_clipped_at_the_least_size_with_a_net_of_photographs(
    qtbot: QtBot, window: MainWindow, into: Into, monkeypatch: pytest.MonkeyPatch, photo: Path
) -> None:
    window.resize(window.minimumSize())
    tab = into("cifar-cnn", NET)
    open_image(qtbot, tab, photo, monkeypatch)
    require_room_for_all_faces(qtbot, window)


def test_a_model_that_reads_no_drawings_is_on_the_list_as_soon_as_it_is_kept(
    colour_model: cards.Card, window: MainWindow
) -> None:
    card = replace(colour_model, name="later", title="Later")
    cards.write(card, colour_model.folder / "later.json")
    window._take_model(cards.find("later"))
    assert "later" in window.picker.names
    assert window.picker.currentData() == "later"
