"""A model whose file and card are replaced while the window is open: by a fit, or by another program."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.ink.sketch import Sketch
from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.session import Session
from capsdraw.ui.inside.tab import FILTERS
from capsdraw.ui.main_window import MainWindow

from .conftest import FIRST, Draw, Own, digit, settle

LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")


@pytest.fixture
def shown(own: Own, request: pytest.FixtureRequest, qtbot: QtBot) -> MainWindow:
    """The window, in which the user's own model reads the drawing: a copy of `mlp`."""
    own("mlp")
    window: MainWindow = request.getfixturevalue("window")
    window.use_model("own")
    settle(qtbot, window)
    return window


def says(card: Card, window: MainWindow) -> np.ndarray:
    """What that model says of the digit in sight."""
    assert window.panel.glance.sees.digit is not None
    return Session.open(card).read(window.panel.glance.sees.digit).scores


def other() -> Any:
    """A net that has learnt nothing: no score of it is one of a trained net's."""
    return zoo.build("keras-cnn", **zoo.TINY["keras-cnn"])


def test_the_next_stroke_is_read_by_the_new_one(shown: MainWindow, qtbot: QtBot, own: Own, draw: Draw) -> None:
    assert shown.readout.bars.scores == pytest.approx(says(cards.find("mlp"), shown), abs=1e-4)
    after = own("keras-cnn", other(), title="Own, trained anew")
    shown.panel.canvas.clear()
    draw(shown.panel.canvas, digit(5))
    qtbot.waitUntil(lambda: "trained anew" in shown._model_status.text(), timeout=FIRST)
    settle(qtbot, shown)
    assert shown.readout.bars.scores == pytest.approx(says(after, shown), abs=1e-4)
    assert shown.picker.currentData() == "own"
    assert "trained anew" in shown.picker.currentText()


def test_names_ranges_and_numbers_are_the_new_card_s(shown: MainWindow, qtbot: QtBot, own: Own, draw: Draw) -> None:
    """A capsule net of letters in the place of a classifier of digits: nothing of the old one is left."""
    shown.tabs.setCurrentWidget(shown.lab)
    assert shown.lab.none.isVisible()
    net = zoo.build("efficient-capsnet", classes=26, size=8, channels=8)
    ranges = tuple(tuple((-0.1, 0.0, 0.1) for _ in range(8)) for _ in range(26))
    own("efficient-capsnet", net, classes=26, labels=LETTERS, ranges=ranges, title="Letters")
    shown.panel.canvas.clear()
    draw(shown.panel.canvas, digit(5))
    qtbot.waitUntil(lambda: shown.lab.label is not None and not shown.lab.busy, timeout=FIRST)
    settle(qtbot, shown)
    assert len(shown.readout.bars.scores) == 26
    # With random weights it may as well see nothing that it knows; of digits it does not speak any more.
    assert shown.readout.headline.text().split(",")[0].rpartition(" ")[2] in (*LETTERS, "knows")
    assert "digit" not in shown.readout.headline.text()
    assert len(shown.lab.face.sliders) == 8
    assert shown.lab.strip.pictures is not None
    assert len(shown.lab.strip.pictures) == 26
    assert shown.lab._ranges is not None
    assert shown.lab._ranges.high == pytest.approx(np.full((26, 8), 0.1))
    shown.tabs.setCurrentWidget(shown.inside)
    qtbot.waitUntil(lambda: shown.inside.anatomy is not None and not shown.inside.busy, timeout=FIRST)
    assert "Inside Letters" in shown.inside.headline.text()
    assert shown.inside.net.picture.trace is not None


def test_turning_to_a_list_of_models_is_enough_to_have_the_new_one_read(
    shown: MainWindow, qtbot: QtBot, own: Own
) -> None:
    after = own("keras-cnn", other(), title="Own, trained anew")
    shown.tabs.setCurrentWidget(shown.compare)
    qtbot.waitUntil(lambda: "trained anew" in shown._model_status.text(), timeout=FIRST)
    settle(qtbot, shown)
    assert shown.readout.bars.scores == pytest.approx(says(after, shown), abs=1e-4)


def test_a_model_that_is_compared_answers_as_the_new_one_while_it_is_looked_at(
    shown: MainWindow, qtbot: QtBot, own: Own, draw: Draw
) -> None:
    tab = shown.compare
    shown.tabs.setCurrentWidget(tab)
    tab.choose("own", True)

    def column() -> Any:
        return next(one for one in tab.columns if one.card.name == "own")

    qtbot.waitUntil(lambda: column().bars.scores is not None and len(tab.curves) == 3, timeout=FIRST)
    after = own("keras-cnn", other(), title="Own, trained anew")
    shown.panel.canvas.clear()
    draw(shown.panel.canvas, digit(5))
    qtbot.waitUntil(lambda: column().card == after and column().bars.scores is not None, timeout=FIRST)
    settle(qtbot, shown)
    qtbot.waitUntil(lambda: len(tab.curves) == 3, timeout=FIRST)
    qtbot.waitUntil(lambda: bool(np.allclose(column().bars.scores, says(after, shown), atol=1e-4)), timeout=FIRST)


def test_what_is_measured_is_the_new_one(shown: MainWindow, qtbot: QtBot, own: Own, tmp_path: Path) -> None:
    images, labels = synthetic.digits(300, 3)
    np.savez(tmp_path / "pen.npz", x_test=images, y_test=labels)
    tab = shown.evaluate
    shown.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("own") >= 0 and tab.start.isEnabled(), timeout=FIRST)
    tab.model.setCurrentIndex(tab.model.findData("own"))
    tab.model.activated.emit(tab.model.currentIndex())
    tab.data.put(str(tmp_path / "pen.npz"))
    tab.data.changed.emit()
    after = own("keras-cnn", other(), title="Own, trained anew")
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.examiner.busy and tab.start.isEnabled(), timeout=FIRST)
    assert tab.examined is not None, shown.message.text
    assert tab.examined.card == after
    read = Session.open(after).scores(images).argmax(1)
    assert tab.examined.result.errors == int((read != labels).sum())
    qtbot.waitUntil(lambda: "trained anew" in tab.model.currentText(), timeout=FIRST)


@pytest.mark.slow
def test_a_net_that_is_looked_into_is_laid_open_anew(window: MainWindow, qtbot: QtBot, own: Own) -> None:
    """One of photographs, which reads what lies on the canvas as any other."""
    window._take_model(own("cifar-cnn"))
    tab = window.inside
    window.tabs.setCurrentWidget(tab)
    window.use_model("own")
    qtbot.waitUntil(lambda: tab.anatomy is not None and tab.anatomy.model == "own" and not tab.busy, timeout=FIRST)
    own("cifar-cnn-5x5", title="Own, trained anew")
    # It is noticed with the next answer, as any model's that reads.
    window.panel.canvas.show_sketch(Sketch(digit(4)))
    tab.turn(FILTERS)
    qtbot.waitUntil(lambda: "trained anew" in tab.headline.text() and not tab.busy, timeout=FIRST)
    kernel = np.asarray(Session.open(cards.find("cifar-cnn-5x5")).model.layers[1].kernel)

    def shown() -> bool:
        return tab.filters.current is not None and tab.filters.current.after.shape[1:] == kernel.shape[:2]

    qtbot.waitUntil(shown, timeout=10_000)


def test_a_model_whose_files_are_gone_goes_on_reading_and_stays_on_the_list(
    shown: MainWindow, qtbot: QtBot, own_home: Path, draw: Draw
) -> None:
    for path in (own_home / "models").iterdir():
        path.unlink()
    shown.tabs.setCurrentWidget(shown.compare)
    shown.jobs.close()
    shown.panel.canvas.clear()
    draw(shown.panel.canvas, digit(5))
    settle(qtbot, shown)
    assert shown.readout.bars.scores == pytest.approx(says(cards.find("mlp"), shown), abs=1e-4)
    assert shown.picker.currentData() == "own"
    assert not shown.message.isVisible()
