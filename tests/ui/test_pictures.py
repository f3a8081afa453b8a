"""The ten faces that matter, as they were last looked at: a layout that breaks is seen.

Each is the window at 1280 × 800, made small (160 × 100, grey), so that fonts, times and a net's last digits do not
count. After a change that is meant, `CAPSDRAW_PICTURES=write pytest -m slow tests/ui/test_pictures.py` keeps them anew:
look at them.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.tab_bar import CAPSULE, COMPARE, EVALUATE, INSIDE, READ, TRAIN

FOLDER: Final = Path(__file__).parent / "pictures"
SIZE: Final = (160, 100)
LONG: Final = 120_000
# Of 255: the mean over the window, and over its worst tenth.
MEAN, WORST = 5.0, 32.0

Grey = NDArray[np.float32]
Ready = Callable[[MainWindow], bool]

FACES: Final[dict[str, tuple[int, int | None, Ready]]] = {
    "read": (READ, None, lambda window: window.answers.last is not None),
    "sliders": (CAPSULE, 0, lambda window: any(slider.name for slider in window.lab.face.sliders)),
    "sheet": (CAPSULE, 1, lambda window: not window.lab.busy),
    "routing": (CAPSULE, 2, lambda window: window.lab.routing.example.isVisible() and not window.lab.busy),
    "morph": (CAPSULE, 3, lambda window: window.lab.morph.isVisible() and not window.lab.busy),
    "net": (INSIDE, 0, lambda window: window.inside.net.picture.trace is not None and not window.inside.busy),
    "maps": (INSIDE, 2, lambda window: window.inside.maps.current is not None),
    "compare": (COMPARE, None, lambda window: all(window.compare.curves.get(one.card.name) for one in columns(window))),
    "plan": (TRAIN, 0, lambda window: all("Timing" not in card.time.text() for card in window.train.form.cards)),
    "result": (EVALUATE, 0, lambda window: window.evaluate.model.count() > 0),
}  # fmt: skip


def columns(window: MainWindow) -> list:  # type: ignore[type-arg]
    return window.compare.columns


def small(image: QImage) -> Grey:
    """A picture of the window, small and grey."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.array(grey.constBits()).reshape(grey.height(), grey.bytesPerLine())[:, : grey.width()]
    return np.asarray(Image.fromarray(rows).resize(SIZE, Image.Resampling.BOX), np.float32)


def differ(one: Grey, other: Grey) -> bool:
    difference = np.sort(np.abs(one - other), axis=None)
    return bool(difference.mean() > MEAN or difference[-difference.size // 10 :].mean() > WORST)


@pytest.mark.slow
@pytest.mark.parametrize("name", FACES)
def test_a_face_looks_as_it_did(qtbot: QtBot, window: MainWindow, name: str) -> None:
    index, face, ready = FACES[name]
    window.resize(1280, 800)
    view = window.tabs.view(index)
    window.tabs.setCurrentIndex(index)
    if face is not None:
        qtbot.mouseClick(view.faces[face], Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: ready(window), timeout=LONG)
    qtbot.wait(500)
    window.statusBar().clearMessage()
    seen = small(window.grab().toImage())
    kept = FOLDER / f"{name}.png"
    if os.environ.get("CAPSDRAW_PICTURES") == "write":
        FOLDER.mkdir(exist_ok=True)
        Image.fromarray(np.rint(seen).astype(np.uint8)).save(kept)
    assert not differ(seen, np.asarray(Image.open(kept), np.float32))


def test_another_face_or_a_column_that_is_gone_is_another_picture() -> None:
    kept = {name: np.asarray(Image.open(FOLDER / f"{name}.png"), np.float32) for name in FACES}
    for name, picture in kept.items():
        assert not differ(picture, picture)
        moved = np.roll(picture, 12, axis=1)  # by 96 pixels of the window's
        assert differ(picture, moved), name
        without = picture.copy()
        without[:, :58] = picture[0, 0]
        assert differ(picture, without), name
    assert differ(kept["sliders"], kept["sheet"])
    assert differ(kept["read"], kept["compare"])
