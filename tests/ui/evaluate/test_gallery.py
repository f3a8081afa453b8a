"""A gallery finds what is clicked, at any width, and paints thousands as quickly as a few."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from capsdraw.ui import theme
from capsdraw.ui.evaluate.gallery import Gallery, GalleryItem

IMAGES = np.random.default_rng(1).integers(0, 256, (300, 28, 28), np.uint8)


def shown(count: int) -> list[GalleryItem]:
    return [GalleryItem(one % 300, "4", "9", False, "0.98") for one in range(count)]


def a_gallery_of(count: int, qtbot: QtBot, width: int = 400, height: int = 300) -> Gallery:
    gallery = Gallery("digits")
    qtbot.addWidget(gallery)
    gallery.resize(width, height)
    gallery.show_pictures(IMAGES, shown(count), "")
    gallery.show()
    return gallery


@pytest.mark.usefixtures("qapp")
@settings(deadline=None, max_examples=40)
@given(width=st.integers(70, 900), count=st.integers(1, 200))
def test_every_tile_is_found_under_its_own_middle(width: int, count: int) -> None:
    gallery = Gallery("digits")
    wall = gallery.wall
    wall.show_pictures(IMAGES, shown(count), "")
    wall.resize(width, wall.heightForWidth(width))
    for place in range(count):
        tile = wall.tile(place)
        assert wall.under(QPointF(tile.center())) == place
        assert tile.right() <= max(width, tile.width())
        assert tile.bottom() <= wall.height()
    gallery.deleteLater()


def test_a_picture_is_painted_pixel_for_pixel_where_its_tile_is(qtbot: QtBot) -> None:
    gallery = a_gallery_of(7, qtbot)
    picture = gallery.wall.grab().toImage()
    tile, scale = gallery.tile(5), gallery.wall._picture.width() // 28
    assert scale >= 2
    for row, column in ((3, 3), (10, 20), (26, 14)):
        pixel = picture.pixelColor(tile.left() + scale * column, tile.top() + scale * row)
        assert pixel.red() == IMAGES[5, row, column]


def test_long_names_are_cut_to_a_tile_that_can_be_seen_and_told_whole_under_the_pointer(qtbot: QtBot) -> None:
    """Tiles were as wide as the names of the user's folders, and what was beyond the edge could not be scrolled to."""
    gallery = Gallery("digits")
    qtbot.addWidget(gallery)
    gallery.resize(400, 300)
    gallery.show()
    long = "plates seen by the camera at the northern gate in the rain"
    one, right = GalleryItem(0, long, "7", False), GalleryItem(1, long, long, True)
    gallery.show_pictures(IMAGES, [one, right], "")
    assert gallery.tile(0).width() <= 176
    assert gallery.tile(1).right() < 400
    metrics = QFontMetrics(theme.small(gallery))
    true, read = gallery.wall.fitting(one, metrics)
    assert read == "7"  # the long one alone is cut
    assert true.endswith("…")
    assert metrics.horizontalAdvance(f"{true} → {read}") <= gallery.tile(0).width()
    assert metrics.horizontalAdvance(gallery.wall.fitting(right, metrics)[0]) <= gallery.tile(0).width()
    assert f"{long}, read as 7" in gallery.wall.described(one)


def test_what_fits_is_not_scrolled_and_what_does_not_can_be(qtbot: QtBot) -> None:
    gallery = Gallery("digits")
    qtbot.addWidget(gallery)
    gallery.resize(700, 500)
    gallery.show()
    gallery.show_pictures(IMAGES, shown(34), "")
    qtbot.waitUntil(lambda: gallery.verticalScrollBar().maximum() == 0)
    gallery.show_pictures(IMAGES, shown(300), "")
    last = gallery.tile(299).bottom()
    qtbot.waitUntil(lambda: gallery.verticalScrollBar().maximum() > 0)
    assert abs(gallery.verticalScrollBar().maximum() + gallery.viewport().height() - 1 - last) <= 1


def test_keys_walk_and_pick(qtbot: QtBot) -> None:
    gallery = a_gallery_of(20, qtbot)
    picked: list[int] = []
    gallery.picked.connect(picked.append)
    columns = gallery.wall.cells.columns
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(gallery.wall, key)
    assert picked == [1 + columns]


def test_thousands_cost_no_more_than_a_screenful(qtbot: QtBot) -> None:
    """Nine thousand mistakes of a net that learnt nothing must not hold the window."""

    def seconds(count: int) -> float:
        gallery = a_gallery_of(count, qtbot, 600, 500)
        best = float("inf")
        for _ in range(5):
            begun = time.perf_counter()
            gallery.grab()
            best = min(best, time.perf_counter() - begun)
        return best

    few, many = seconds(200), seconds(9000)
    assert many < 5 * few + 0.02
