"""On a large screen pictures grow, in a small window nothing lies over anything else: of parts, without a net."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedWidget, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.fit.events import Snapshot
from capsdraw.lab.anatomy import Anatomy, LayerInfo
from capsdraw.lab.perturbation import Sheet
from capsdraw.nets import cards
from capsdraw.ui.compare.dial_slider import DialSlider
from capsdraw.ui.digit_view import SquareDigit
from capsdraw.ui.drop_bar import DropBar
from capsdraw.ui.evaluate.gallery import Gallery, GalleryItem
from capsdraw.ui.evaluate.heats import HeatPair
from capsdraw.ui.evaluate.matrix import MatrixView
from capsdraw.ui.inside.filters_view import FiltersView
from capsdraw.ui.inside.net_view import NetView
from capsdraw.ui.inside.tiles import fitted
from capsdraw.ui.jobs import Jobs
from capsdraw.ui.lab.routing_film import RoutingFilm
from capsdraw.ui.lab.sheet_view import SheetView
from capsdraw.ui.lab.sliders_face import SlidersFace
from capsdraw.ui.lines_dialog import LinesDialog
from capsdraw.ui.reader import Reader
from capsdraw.ui.readout import Readout
from capsdraw.ui.train.runs_view import RunsView
from capsdraw.ui.train.theatre import Theatre

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # of parts that are windows here

SMALL, LARGE = QSize(580, 420), QSize(1580, 1200)


def sized(qtbot: QtBot, widget: QWidget, size: QSize) -> None:
    qtbot.addWidget(widget)
    widget.show()
    widget.resize(size)
    QApplication.processEvents()


def layer(name: str, source: int) -> LayerInfo:
    return LayerInfo(
        name=name, title=name, kind="convolution", group="", says=f"{name} says", shape=(24, 24, 8), parameters=100,
        fixed=0, sources=(source,) if source >= 0 else (), filters=True, maps=True, field=None, depth=source + 1,
    )  # fmt: skip


def test_a_net_of_few_layers_has_larger_pictures_where_there_is_room(qtbot: QtBot) -> None:
    view = NetView()
    view.show_anatomy(Anatomy("some", tuple(layer(f"layer{number}", number - 1) for number in range(5))))
    heights = []
    for size in (SMALL, LARGE):
        sized(qtbot, view, size)
        heights.append(view.picture.row(1).height())
        assert view.verticalScrollBar().maximum() == 0
    assert heights[1] > 1.9 * heights[0]


def test_maps_cells_and_galleries_grow_with_their_room(qtbot: QtBot) -> None:
    assert fitted(32, 24, 24, 1150, 1050, 4)[1].width() > 1.5 * fitted(32, 24, 24, 420, 420, 4)[1].width()
    matrix, gallery, filters = MatrixView(), Gallery("Mistakes"), FiltersView()
    matrix.show_counts(np.eye(10, dtype=np.int64), [str(number) for number in range(10)])
    items = [GalleryItem(index, "3", "5", False, "0.98") for index in range(31)]
    gallery.show_pictures(np.zeros((31, 28, 28), np.uint8), items, "")
    sides = []
    for size in (SMALL, LARGE):
        for widget in (matrix, gallery, filters):
            sized(qtbot, widget, size)
        sides.append((matrix.cell(0, 0).width(), float(gallery.tile(0).height()), float(filters.detail.width())))
        assert gallery.verticalScrollBar().maximum() == 0
    assert all(large > 1.5 * small for small, large in zip(*sides, strict=True))


def test_a_gallery_too_large_for_its_room_stays_as_it_is_looked_through_best(qtbot: QtBot) -> None:
    gallery = Gallery("Mistakes")
    items = [GalleryItem(index, "3", "5", False) for index in range(2000)]
    gallery.show_pictures(np.zeros((2000, 28, 28), np.uint8), items, "")
    sized(qtbot, gallery, SMALL)
    assert gallery.wall._picture == QSize(56, 56)


def test_beside_the_sheet_the_picture_under_the_pointer_stands_large(qtbot: QtBot) -> None:
    view = SheetView()
    pictures = np.zeros((16, 11, 28, 28), np.float32)
    pictures[4, 7] = 1
    view.show_sheet(Sheet(7, np.linspace(-0.25, 0.25, 11, dtype=np.float32), pictures))
    view.show_rows(["slant"] * 16, [0.0] * 16)
    sized(qtbot, view, LARGE)
    middle = view.large().center().toPoint()
    assert view.large().width() > 5 * view.cell(0, 0).width()
    assert view.large().right() <= view.width()
    assert view.grab().toImage().pixelColor(middle).lightness() == 0
    qtbot.mouseMove(view, view.cell(4, 7).center().toPoint())
    assert view.grab().toImage().pixelColor(middle).lightness() == 255


def test_as_many_classes_are_filmed_as_are_seen_well(qtbot: QtBot) -> None:
    film = RoutingFilm()
    qtbot.addWidget(film)
    film.show()
    film.resize(330, 240)
    assert film.room == 4
    with qtbot.waitSignal(film.resized):
        film.resize(720, 900)
    assert film.room >= 10


def test_the_dial_s_slider_follows_its_plot_into_a_smaller_window(qtbot: QtBot) -> None:
    """It stayed as short as it was between the two widths."""
    dial = DialSlider()
    sized(qtbot, dial, QSize(1400, 24))
    dial.align(48, 1390)
    dial.align(48, 440)  # the plot is told first
    dial.resize(450, 24)
    knob = dial.slider.width() - (440 - 48)
    assert 0 < knob < 30


def test_pictures_of_heat_and_their_words_never_lie_over_one_another(qtbot: QtBot) -> None:
    host = QWidget()
    pair = HeatPair(host)
    sized(qtbot, host, LARGE)
    sides = []
    for height in (100, 180, 600):
        pair.setGeometry(0, 0, 1200, height)
        QApplication.processEvents()
        for picture, words in zip(pair.pictures, pair.status, strict=True):
            assert picture.geometry().bottom() < words.geometry().top()
            assert words.geometry().bottom() <= height
        sides.append(pair.pictures[0].width())
    assert sides == sorted(set(sides))


def test_in_the_theatre_words_stand_beneath_each_digit_in_every_width(qtbot: QtBot) -> None:
    """On a large screen they were cut away."""
    theatre, stack = Theatre(), QStackedWidget()
    stack.addWidget(theatre)
    digits = np.zeros((11, 28, 28, 1), np.float32)
    theatre.add(
        Snapshot(1, 1, 9, digits, True, np.array([*range(10), -1]), np.eye(11, 10, dtype=np.float32), digits,
                 np.zeros((32, 5, 5), np.float32), 0, 16, 0.1)
    )  # fmt: skip
    sides = []
    for size in (SMALL, LARGE, SMALL):
        sized(qtbot, stack, size)
        stage = theatre.stage
        assert stage.height() == stage.heightForWidth(stage.width())
        sides.append(stage._cell(0).width())
    assert sides[1] > 2 * sides[0] == 2 * sides[2]


def test_what_a_picture_is_called_stands_right_beneath_it(qtbot: QtBot) -> None:
    """A classifier's stood at the foot of the window, its picture at the top."""
    readout = Readout(Reader("efficient-capsnet"))
    for name in ("efficient-capsnet", "keras-cnn"):
        readout.describe(cards.find(name))
        sized(qtbot, readout, LARGE)
        for view, words in readout._pictures._pairs:
            if not view.isHidden():
                assert 0 < words.geometry().top() - view.geometry().bottom() < 10
        lowest = max(words.geometry().bottom() for _, words in readout._pictures._pairs)
        assert lowest <= readout._pictures.height()


def test_a_square_digit_takes_its_width(qtbot: QtBot) -> None:
    view = SquareDigit("Some", 4)
    sized(qtbot, view, QSize(230, 400))
    view.resize(230, 400)
    assert view.height() == view.width() == 230


def test_lines_are_not_scrolled_sideways(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    dialog = LinesDialog(
        "Keys",
        [
            ("Ctrl+Shift+Right", f"Key number {number}, that gives up the stroke under way, or closes")
            for number in range(40)
        ],
        host,
    )
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    area = dialog.findChild(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize(("name", "words"), [("mlp", "Draw a digit"), ("cifar-cnn", "Open a picture")])
def test_an_empty_view_says_what_its_net_reads(qtbot: QtBot, name: str, words: str) -> None:
    readout = Readout(Reader("efficient-capsnet"))
    qtbot.addWidget(readout)
    readout.describe(cards.find(name))
    assert readout.headline.text().startswith(words)


def test_no_scroll_bar_lies_over_a_slider_s_picture_when_it_is_first_seen(qtbot: QtBot) -> None:
    """Until a net was loaded, in the least window, the pictures at the right ends were cut."""
    stack, face = QStackedWidget(), SlidersFace()
    stack.addWidget(QWidget())
    stack.addWidget(face)
    for size in (LARGE, SMALL):
        sized(qtbot, stack, size)
    stack.setCurrentWidget(face)
    QApplication.processEvents()
    for slider in face.sliders:
        assert slider.width() <= face.list.viewport().width()


def test_what_was_dropped_is_said_whole_in_the_least_window(qtbot: QtBot) -> None:
    host, jobs = QWidget(), Jobs()
    bar = DropBar(jobs, host)
    sized(qtbot, host, SMALL)
    bar.offer_data(Path("digits of last summer, by hand"))
    bar.setGeometry(0, 0, SMALL.width(), bar.heightForWidth(SMALL.width()))
    QApplication.processEvents()
    needed = bar.words.heightForWidth(bar.words.width())
    assert bar.words.height() >= needed
    jobs.close()


def test_runs_are_not_scrolled_sideways_for_an_empty_note(qtbot: QtBot) -> None:
    runs = RunsView()
    runs.table.addTopLevelItem(
        QTreeWidgetItem(["Efficient-CapsNet", "stopped", "1 of 40", "76.70%", "Synthetic digits", "1:32", "25 MB"])
    )
    for size in (LARGE, SMALL):
        sized(qtbot, runs, size)
        assert runs.table.horizontalScrollBar().maximum() == 0
