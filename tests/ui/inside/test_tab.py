"""Looking into the net, in the real window: clicks lead where they say, and what is shown is the net's own."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.lab.anatomy import LayerInfo
from capsdraw.lab.gradcam import GradCam
from capsdraw.lab.layer_probe import LayerProbe
from capsdraw.lab.trace import LayerTrace
from capsdraw.nets import cards, zoo
from capsdraw.nets.session import Session
from capsdraw.ui import theme
from capsdraw.ui.inside.net_paint import LayerRow, paint_line
from capsdraw.ui.inside.tab import FILTERS, HEAT, MAPS, NET, InsideTab
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.questions import Question

from .conftest import LONG, Look, require_room_for_all_faces, rest


def drawing(label: int) -> Sketch:
    return Sketch(fitted(synthetic.drawing(label, np.random.default_rng((9, label, 0)))))


def choose(box: QComboBox, data: object) -> None:
    """As a user chooses in a list."""
    row = box.findData(data)
    assert row >= 0, data
    box.setCurrentIndex(row)
    box.activated.emit(row)


def click_layer(qtbot: QtBot, tab: InsideTab, name: str) -> None:
    assert tab.anatomy is not None
    number = [part.name for part in tab.anatomy.layers].index(name)
    picture = tab.net.picture
    place = picture.row(number).center().toPoint()
    tab.net.ensureVisible(place.x(), place.y())
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=place)


def test_the_net_is_drawn_whole_and_the_drawing_s_way_through_it_is_shown(look: Look) -> None:
    tab = look("efficient-capsnet", NET)
    picture = tab.net.picture
    assert picture.anatomy is not None
    assert "19 layers, 1,573,168 parameters" in tab.headline.text()
    assert picture.trace is not None
    assert picture.trace.winner == 3
    # One beneath the other, none on another.
    rows = [picture.row(number) for number in range(len(picture.anatomy.layers))]
    assert all(one.bottom() <= other.top() for one, other in pairwise(rows))
    assert rows[-1].bottom() <= picture.height()


@pytest.mark.parametrize(
    ("shape", "in_lines", "framed"), [((1, 10), False, (0, 7, 1, 8)), ((2, 13), False, (0, 7, 1, 8)),
                                      ((5, 8), False, (0, 7, 1, 8)), ((26, 4), True, (7, 0, 8, 4))],
)  # fmt: skip
def test_what_is_read_is_framed_where_it_stands_in_a_picture(
    qtbot: QtBot, shape: tuple[int, int], in_lines: bool, framed: tuple[int, int, int, int]
) -> None:
    """Of two rows of scores, one was framed from end to end."""
    widget, image = QWidget(), QImage(1600, 200, QImage.Format.Format_RGB32)
    qtbot.addWidget(widget)
    image.fill(0xFFFFFFFF)
    layer = LayerInfo("", "", "softmax", (26,), 0, 0, "", False, False, None, (), 1)
    stop = LayerTrace((np.zeros(shape, np.float32),), (), None, "", 7, in_lines)
    line = LayerRow(layer, QRectF(image.rect()), stop, False, ())
    painter = QPainter(image)
    paint_line(painter, line, widget)
    painter.end()
    rows, columns = shape
    place, blue = line.thumbs, theme.of(widget).says
    wide = min(line.thumb * columns / rows, place.width())
    high = line.thumb if rows > 1 else min(line.thumb, wide / columns)
    top, left = place.center().y() - high / 2, place.left()
    seen = np.array(
        [(y, x) for y in range(200) for x in range(int(left), int(left + wide) + 2) if image.pixelColor(x, y) == blue]
    )
    cell = np.array([high / rows, wide / columns])
    expected = np.array(framed).reshape(2, 2) * cell + (top, left)
    assert np.abs([seen.min(0), seen.max(0)] - expected).max() <= 2


@pytest.mark.parametrize(
    ("model", "layer", "face"),
    [
        ("keras-cnn", "conv2", FILTERS), ("keras-cnn", "pool", MAPS), ("mlp", "hidden", FILTERS),
        ("efficient-capsnet", "encoder/squash", MAPS), ("efficient-capsnet", "decoder/hidden1", MAPS),
    ],
)  # fmt: skip
def test_a_layer_that_is_clicked_opens_its_filters_or_its_maps(
    qtbot: QtBot, window: MainWindow, look: Look, model: str, layer: str, face: int
) -> None:
    tab = look(model, NET)
    click_layer(qtbot, tab, layer)
    rest(qtbot, window)
    assert tab.faces[face].isChecked()
    if face == FILTERS:
        assert tab.filters.isVisible()
        assert tab.filters.current is not None
        assert tab.filters.current.layer == layer
    else:
        assert tab.maps.isVisible()
        assert tab.maps.current is not None
        assert tab.maps.current.outputs.layer == layer


def test_a_layer_is_opened_by_keys(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    tab = look("keras-cnn", NET)
    tab.net.picture.setFocus()
    for _ in range(3):
        qtbot.keyClick(tab.net.picture, Qt.Key.Key_Down)
    assert "the largest of each 2 × 2" in tab.net.picture.accessibleDescription()
    qtbot.keyClick(tab.net.picture, Qt.Key.Key_Return)
    rest(qtbot, window)
    assert tab.maps.current is not None
    assert tab.maps.current.outputs.layer == "pool"


def test_filters_before_after_and_their_difference(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    tab = look("keras-cnn", FILTERS)
    choose(tab.filters.layer, "conv2")
    rest(qtbot, window)
    view = tab.filters
    seen = []
    for kind in view.kinds:
        qtbot.mouseClick(kind, Qt.MouseButton.LeftButton)
        weights, pictures = view.kernels(), view.tiles.pictures
        assert weights is not None
        assert pictures is not None
        assert pictures.shape == (32, 3, 3)
        # Each on its own scale: its largest amount is all white or all black.
        assert np.abs(2 * pictures - 1).max((1, 2)) == pytest.approx(np.ones(32), abs=1e-5)
        seen.append(weights)
    after, before, change = seen
    assert np.abs(after - before).max() > 0.01
    assert change == pytest.approx(after - before, abs=1e-6)
    kernel = np.asarray(Session.open(cards.find("keras-cnn")).model.get_layer("conv2").kernel)
    assert after == pytest.approx(kernel.mean(2).transpose(2, 0, 1), abs=1e-6)
    choose(view.channel, 7)
    rest(qtbot, window)
    assert view.current is not None
    assert view.current.after == pytest.approx(kernel[:, :, 7].transpose(2, 0, 1), abs=1e-6)
    assert "towards input 8" in view.status.text()


def test_the_units_of_an_mlp_are_filters_and_it_has_no_heat_but_an_offer(
    qtbot: QtBot, window: MainWindow, look: Look
) -> None:
    tab = look("mlp", FILTERS)
    assert tab.filters.tiles.pictures is not None
    assert tab.filters.tiles.pictures.shape == (50, 28, 28)
    qtbot.mouseClick(tab.faces[HEAT], Qt.MouseButton.LeftButton)
    assert tab.heat.none.isVisible()
    assert "no convolutions" in tab.heat.none.why.text()
    qtbot.mouseClick(tab.heat.none.offer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.heat.picture.heat is not None, timeout=LONG)
    assert cards.find(window.reader.model).kind == "capsule"
    assert tab.heat.picture.isVisible()


def test_a_net_whose_recipe_is_gone_shows_what_it_learnt_and_says_why_no_more(
    window: MainWindow, look: Look, own_home: Path
) -> None:
    plain = replace(cards.find("mlp"), name="orphan", title="Orphan", recipe="run-that-is-gone")
    folder = own_home / "models"
    folder.mkdir()
    (folder / "orphan.keras").write_bytes(cards.find("mlp").weights.read_bytes())
    cards.write(plain, folder / "orphan.json")
    window._take_model(cards.find("orphan"))
    tab = look("orphan", FILTERS)
    assert tab.filters.kernels() is not None
    assert not tab.filters.kinds[1].isEnabled()
    assert "The filters before training are not known: no run in 'run-that-is-gone'" in tab.filters.status.text()
    assert json.loads((folder / "orphan.json").read_text())["recipe"] == "run-that-is-gone"


def test_maps_are_what_the_layer_answers_and_follow_the_pen(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    tab = look("keras-cnn", MAPS)
    first = tab.maps.current
    assert first is not None
    assert first.outputs.layer == "conv1"
    watcher = LayerProbe(Session.open(cards.find("keras-cnn")))
    assert first.outputs.values == pytest.approx(watcher.look(first.digit).of("conv1").values, abs=1e-5)
    own = first.pictures
    qtbot.mouseClick(tab.maps.scales[1], Qt.MouseButton.LeftButton)
    rest(qtbot, window)
    assert tab.maps.current is not None
    common = tab.maps.current.pictures
    assert common.max() == pytest.approx(1)
    assert (common.max((1, 2)) < 0.999).sum() > 20
    assert (own.max((1, 2)) > 0.999).sum() > 20
    canvas = window.panel.canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    for y in range(60, 320, 20):
        qtbot.mouseMove(canvas, QPoint(200, y))
    # The pen is still down.
    qtbot.waitUntil(lambda: tab.maps.current is not None and tab.maps.current.digit[:, :8].max() == 0, timeout=LONG)
    assert not np.array_equal(tab.maps.current.pictures, common)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 320))


def test_primary_capsules_without_a_grid_are_cells_and_say_so(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    tab = look("efficient-capsnet", MAPS)
    choose(tab.maps.layer, "encoder/squash")
    rest(qtbot, window)
    arrows = tab.maps.arrows
    assert arrows.isVisible()
    assert arrows.primary is not None
    assert "they have no grid" in tab.maps.status.text()
    cells = [arrows.cell(0, number) for number in range(16)]
    assert len({(cell.left(), cell.top()) for cell in cells}) == 16
    length = float(arrows.primary.lengths[0, 0, 4])
    assert arrows.tip(cells[4].center()) == f"Capsule 5: length {length:.2f}"
    qtbot.mouseClick(tab.maps.forms[1], Qt.MouseButton.LeftButton)
    assert tab.maps.tiles.isVisible()
    assert tab.maps.tiles.pictures is not None
    assert tab.maps.tiles.pictures.ravel() == pytest.approx(
        arrows.primary.lengths.ravel() / arrows.primary.lengths.max(), abs=1e-6
    )


def test_primary_capsules_on_a_grid_lie_where_they_look(qtbot: QtBot, window: MainWindow, look: Look) -> None:
    net = zoo.build("capsnet", **zoo.TINY["capsnet"])
    folder = cards.folders()[1]
    card = replace(cards.find("efficient-capsnet"), name="tiny", title="Tiny", recipe="", ranges=())
    cards.write(replace(card, sha256=zoo.save(net, folder / "tiny.keras")), folder / "tiny.json")
    window._take_model(cards.find("tiny"))
    tab = look("tiny", MAPS)
    choose(tab.maps.layer, "encoder/squash")
    rest(qtbot, window)
    arrows = tab.maps.arrows
    assert arrows.primary is not None
    assert arrows.primary.lengths.shape == (6, 6, 2)
    # From centre to centre as from pixel 8 to pixel 18.
    first, last = arrows.cell(0, 0).center(), arrows.cell(5, 5).center()
    assert last.x() - first.x() == pytest.approx(5 * arrows.cell(0, 0).width())
    assert tab.maps.kind.count() == 3
    choose(tab.maps.kind, 1)
    assert arrows.kind == 1
    qtbot.mouseClick(tab.faces[HEAT], Qt.MouseButton.LeftButton)
    rest(qtbot, window)
    assert tab.heat.routing.isVisible()
    qtbot.mouseClick(tab.faces[FILTERS], Qt.MouseButton.LeftButton)
    rest(qtbot, window)
    assert "names no recipe" in tab.filters.status.text()


def test_heat_is_grad_cam_of_the_class_that_is_read_until_another_is_chosen(
    qtbot: QtBot, window: MainWindow, look: Look
) -> None:
    tab = look("keras-cnn", HEAT)
    heat = tab.heat
    assert heat.picture.heat is not None
    assert heat.picture.heat.label == 3
    assert heat.picture.heat.layer == "conv2"
    assert not heat.routing.isVisible()
    cam = GradCam(Session.open(cards.find("keras-cnn")))
    assert heat.picture.digit is not None
    assert heat.picture.heat.map == pytest.approx(cam.map(heat.picture.digit, 3, "conv2").map, abs=1e-3)
    window.panel.canvas.show_sketch(drawing(7))
    rest(qtbot, window)
    assert heat.picture.heat.label == 7
    choose(heat.label, 2)
    rest(qtbot, window)
    assert heat.picture.heat.label == 2
    assert "for 2 (read: 7)" in heat.status.text()
    choose(heat.layer, "conv1")
    rest(qtbot, window)
    assert heat.picture.heat.layer == "conv1"
    assert heat.picture.heat.map == pytest.approx(cam.map(heat.picture.digit, 2, "conv1").map, abs=1e-3)


def test_the_slider_lays_more_or_less_of_the_heat_over_the_digit(qtbot: QtBot, look: Look) -> None:
    tab = look("keras-cnn", HEAT)
    picture = tab.heat.picture
    heat = picture.heat
    assert heat is not None
    row, column = np.unravel_index(heat.map.argmax(), heat.map.shape)
    side = picture.frame().width() / 28
    at = QPoint(round((column + 0.5) * side), round((row + 0.5) * side))
    blues = []
    tab.heat.opacity.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_PageUp, Qt.Key.Key_End):
        qtbot.keyClick(tab.heat.opacity, key)
        colour = picture.grab().toImage().pixelColor(at)
        blues.append(colour.blue() - colour.red())
    assert abs(blues[0]) <= 1
    assert blues[0] < blues[1] < blues[2]


def test_beside_a_capsule_net_s_heat_stands_what_its_routing_sends(look: Look) -> None:
    tab = look("efficient-capsnet", HEAT)
    assert tab.heat.routing.isVisible()
    assert tab.heat.picture.heat is not None
    convolutions = [
        layer.name for layer in tab.anatomy.layers if "conv2d" in layer.name and "depthwise" not in layer.name
    ]
    assert tab.heat.picture.heat.layer == convolutions[-1]
    assert "the length of its capsule" in tab.heat.status.text()


def test_a_map_that_is_zero_is_told_in_words(look: Look) -> None:
    tab = look("keras-cnn", HEAT)
    heat, digit = tab.heat.picture.heat, tab.heat.picture.digit
    assert heat is not None
    assert digit is not None
    nothing = replace(heat, map=np.zeros_like(heat.map), small=np.zeros_like(heat.small), peak=0.0)
    tab.heat.show_heat(digit, nothing, 3)
    assert tab.heat.picture.words == "Nowhere in conv2 did anything speak for 3"
    assert "zero everywhere" in tab.heat.status.text()


def test_an_empty_canvas_has_no_way_no_maps_and_no_heat_but_filters(
    qtbot: QtBot, window: MainWindow, look: Look
) -> None:
    tab = look("keras-cnn", HEAT)
    qtbot.mouseClick(window.panel.tools.clear, Qt.MouseButton.LeftButton)
    assert tab.heat.picture.digit is None
    assert "Draw a digit" in tab.heat.status.text()
    for face in (NET, MAPS, FILTERS):
        qtbot.mouseClick(tab.faces[face], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.busy, timeout=LONG)
    assert tab.net.picture.trace is None
    assert tab.net.picture.anatomy is not None
    assert tab.maps.current is None
    assert "Draw a digit" in tab.maps.status.text()
    assert tab.filters.current is not None
    choose(tab.maps.layer, "pool")
    tab.maps.scales[1].click()
    assert "Draw a digit" in tab.maps.status.text()
    tab.open_layer("pool")
    assert "Draw a digit" in tab.maps.status.text()


@pytest.mark.slow
def test_another_model_in_mid_question_leaves_nothing_of_the_first(
    qtbot: QtBot, window: MainWindow, look: Look
) -> None:
    tab = look("efficient-capsnet", HEAT)
    for model in ("keras-cnn", "efficient-capsnet", "tutorial-cnn"):
        window.panel.canvas.show_sketch(drawing(4))
        window.use_model(model)
    qtbot.waitUntil(lambda: tab.anatomy is not None, timeout=LONG)
    rest(qtbot, window)
    assert tab.anatomy is not None
    assert tab.anatomy.model == "tutorial-cnn"
    assert len(tab.anatomy.layers) - 1 == 8
    assert tab.heat.picture.heat is not None
    assert tab.heat.picture.heat.layer == "conv2"
    offered = [str(tab.heat.layer.itemData(index)) for index in range(tab.heat.layer.count())]
    assert not [name for name in offered if name.startswith("encoder/")]
    assert not tab.heat.routing.isVisible()


def test_nothing_is_asked_while_nobody_looks(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    names = {
        question: name for name, question in vars(window.inside.questions).items() if isinstance(question, Question)
    }
    put = window.reader.put
    monkeypatch.setattr(window.reader, "put", lambda item: (asked.append(names.get(item.question, "?")), put(item))[1])
    window.panel.canvas.show_sketch(drawing(5))
    qtbot.waitUntil(lambda: window.readout.bars.winner == 5, timeout=LONG)
    assert asked == []
    window.tabs.setCurrentWidget(window.inside)
    qtbot.waitUntil(lambda: window.inside.net.picture.trace is not None, timeout=LONG)
    assert asked == ["anatomy", "trace"]


def test_the_lab_does_not_report_what_fails_in_here(
    qtbot: QtBot, window: MainWindow, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = look("keras-cnn", MAPS)
    said: list[str] = []
    window.lab.failed.connect(said.append)
    monkeypatch.setattr(tab.questions.maps, "ask", lambda *_: 1 // 0)
    tab.questions.maps.put(tab._digit, "conv1", False)
    qtbot.waitUntil(lambda: "ZeroDivisionError" in tab.maps.status.text(), timeout=LONG)
    assert not said
    assert not tab.busy


@pytest.mark.parametrize("model", ["efficient-capsnet", "deep-convnet"])
def test_nothing_is_clipped_at_the_least_size(qtbot: QtBot, window: MainWindow, look: Look, model: str) -> None:
    window.resize(window.minimumSize())
    look(model, NET)
    require_room_for_all_faces(qtbot, window)
