"""Several models read the drawing in the real window, and a dial turns it until they break."""

import errno
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from capsdraw.datasets import synthetic
from capsdraw.datasets.moves import KINDS
from capsdraw.ink.intake import DIGITS, of_sketch
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.lab.dial import sweep
from capsdraw.nets import cards, zoo
from capsdraw.ui.compare.comparer import class_of
from capsdraw.ui.compare.tab import CompareTab
from capsdraw.ui.main_window import MainWindow

from ...made import made_card
from .conftest import FIRST, LONG, drawn


def shown(tab: CompareTab) -> dict[str, int | None]:
    return {column.card.name: column.bars.winner for column in tab.columns}


def test_capsnet_and_cnn_read_the_drawing_side_by_side_with_their_times(tab: CompareTab) -> None:
    assert shown(tab) == {"efficient-capsnet": 3, "keras-cnn": 3}
    assert tab.headline.text() == "Both read a 3"
    for column in tab.columns:
        assert column.status.text().startswith("a 3 · ")
        assert column.status.text().endswith(" ms")


def test_the_bars_are_what_each_model_says_of_the_turned_digit(
    qtbot: QtBot, window: MainWindow, tab: CompareTab
) -> None:
    from capsdraw.nets.session import Session

    tab.slider.setFocus()
    for _ in range(6):
        qtbot.keyClick(tab.slider, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: all(column.bars.request == tab.comparer.newest for column in tab.columns), timeout=LONG)
    assert tab.amount == 45.0
    assert window.panel.glance.sees.digit is not None
    turned = sweep(window.panel.glance.sees.digit, tab._kind).digits[-1]
    assert np.array_equal(tab.view.digit, turned)
    for column in tab.columns:
        assert column.bars.scores == pytest.approx(Session.open(column.card).read(turned).scores, abs=1e-4)
    qtbot.mouseClick(tab.reset, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: np.array_equal(tab.view.digit, window.panel.glance.sees.digit), timeout=LONG)


def test_curves_pass_through_what_the_bars_show_and_stand_still_while_the_dial_turns(
    qtbot: QtBot, tab: CompareTab
) -> None:
    assert tab.sweep is not None
    for column in tab.columns:
        found = tab.curves[column.card.name]
        assert found is not None
        assert found.label == 3
        assert found.scores[tab.sweep.start] == pytest.approx(float(column.bars.scores[3]), abs=1e-3)
    assert tab.plot is not None
    assert len(tab.plot.plot.listDataItems()) == 2
    held = dict(tab.curves)
    tab.slider.setValue(10)
    qtbot.waitUntil(lambda: tab.plot.line.value() == pytest.approx(tab.amount), timeout=LONG)
    assert all(tab.curves[name] is held[name] for name in held)


@pytest.mark.slow
def test_each_dial_begins_with_the_drawing_itself_and_turns_it_in_its_own_way(
    qtbot: QtBot, window: MainWindow, tab: CompareTab
) -> None:
    # One window for all: each of its own would load the models anew.
    for dial in (1, 2, 3, 4, 0):
        kind, drawing = KINDS[dial], window.panel.glance.sees.digit
        tab.slider.setValue(0)
        qtbot.mouseClick(tab.dials[dial], Qt.MouseButton.LeftButton)
        assert tab.amount == kind.still
        assert not tab.reset.isEnabled()
        drawn(qtbot, tab, FIRST)
        assert tab.sweep is not None
        assert tab.sweep.kind == kind
        assert np.array_equal(tab.view.digit, drawing)
        unit = "°" if kind.unit == "degrees" else kind.unit
        assert unit in tab.status.text() or tab.status.text().count("all the way") == len(FIRST)
        tab.slider.setValue(tab.slider.maximum())
        qtbot.waitUntil(lambda: all(column.bars.request == tab.comparer.newest for column in tab.columns), timeout=LONG)
        assert tab.amount == pytest.approx(kind.high)
        assert np.array_equal(tab.view.digit, sweep(drawing, kind).digits[-1])
        assert not np.array_equal(tab.view.digit, drawing)
        for column in tab.columns:
            found = tab.curves[column.card.name]
            assert found is not None
            assert found.scores[-1] == pytest.approx(float(column.bars.scores[found.label]), abs=1e-3)


def test_a_third_model_joins_and_one_goes(qtbot: QtBot, tab: CompareTab) -> None:
    actions = {action.text(): action for action in tab.models.menu().actions()}
    actions["MLP"].trigger()
    drawn(qtbot, tab, [*FIRST, "mlp"])
    assert tab.headline.text() == "All 3 read a 3"
    for title in ("Keras CNN", "MLP"):
        actions[title].trigger()
    drawn(qtbot, tab, ["efficient-capsnet"])
    assert not actions["Efficient-CapsNet"].isEnabled()  # it reads on all tabs, and is always among them
    assert actions["MLP"].isEnabled()


def test_the_model_that_reads_on_all_tabs_is_always_among_them(
    qtbot: QtBot, window: MainWindow, tab: CompareTab
) -> None:
    window.use_model("mlp")
    drawn(qtbot, tab, [*FIRST, "mlp"])
    window.use_model("keras-cnn")
    drawn(qtbot, tab, FIRST)
    assert tab.chosen == FIRST


def test_the_user_says_what_was_drawn(qtbot: QtBot, tab: CompareTab) -> None:
    tab.wanted.setCurrentIndex(tab.wanted.findData("8"))
    drawn(qtbot, tab, FIRST)
    found = tab.curves["keras-cnn"]
    assert found is not None
    assert found.label == 8
    assert "Keras CNN does not read an 8 to begin with, but a 3" in tab.status.text()


def test_the_class_that_the_user_follows_comes_back_after_a_digit_of_known_class(
    qtbot: QtBot, window: MainWindow, tab: CompareTab
) -> None:
    tab.wanted.setCurrentIndex(tab.wanted.findData("8"))
    canvas, drawn_before = window.panel.canvas, window.panel.canvas.sketch
    canvas.show_sketch(replace(drawn_before, label="5"))
    assert tab.wanted.currentData() == "5"
    drawn(qtbot, tab, FIRST)
    assert tab.status.text().startswith("The true class is 5. ")
    # No model here knows that one.
    canvas.show_sketch(replace(drawn_before, label="shoe"))
    assert tab.wanted.currentData() is None
    drawn(qtbot, tab, FIRST)
    assert tab.status.text().startswith("The true class is shoe; the curves follow 3. ")
    canvas.show_sketch(drawn_before)
    assert tab.wanted.currentData() == "8"


def test_the_pen_is_followed_and_an_empty_canvas_has_no_answers(
    qtbot: QtBot, window: MainWindow, tab: CompareTab, draw: Callable[..., None]
) -> None:
    window.panel.canvas.clear()
    assert all(column.bars.scores is None for column in tab.columns)
    assert not tab.curves
    assert tab.headline.text().startswith("Draw a digit")
    draw(window.panel.canvas, fitted(synthetic.drawing(7, np.random.default_rng((9, 7, 0)))))
    qtbot.waitUntil(lambda: tab.headline.text() == "Both read a 7" and len(tab.curves) == 2, timeout=LONG)


def test_the_line_in_the_plot_is_dragged_by_the_mouse(qtbot: QtBot, tab: CompareTab) -> None:
    assert tab.plot is not None
    plot = tab.plot.plot

    def at(amount: float) -> QPoint:
        return plot.mapFromScene(plot.getPlotItem().vb.mapViewToScene(QPointF(amount, 0.5)))

    qtbot.waitUntil(lambda: plot.getPlotItem().vb.viewRect().width() > 80, timeout=LONG)
    port = plot.viewport()
    qtbot.wait(50)
    qtbot.mouseMove(port, at(0))
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at(0))
    for amount in (5, 12, 20, 30):
        qtbot.mouseMove(port, at(amount))
        qtbot.wait(30)  # pyqtgraph takes so many moves a second and no more
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at(30))
    assert tab.amount == pytest.approx(30, abs=1.5)


def test_a_model_with_classes_of_its_own_has_no_curve_for_a_digit_and_says_so(qtbot: QtBot, own_home: Path) -> None:
    model = zoo.build("mlp", hidden=8, classes=3)
    digest = zoo.save(model, own_home / "models" / "signs.keras")
    card = made_card(
        name="signs",
        title="Signs",
        kind="classifier",
        input=(28, 28, 1),
        classes=3,
        sha256=digest,
        labels=("x", "y", "z"),
    )
    cards.write(card, own_home / "models" / "signs.json")
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.tabs.setCurrentWidget(window.compare)
    window.compare.choose("signs", True)
    drawn(qtbot, window.compare, [*FIRST, "signs"])
    assert window.compare.curves["signs"] is None
    assert "Signs has no class 3" in window.compare.status.text()
    assert class_of(card, "z") == 2
    window.close()


def test_a_model_that_cannot_be_loaded_is_told_and_the_others_answer(
    qtbot: QtBot, window: MainWindow, tab: CompareTab
) -> None:
    broken = made_card(name="broken", title="Broken", kind="classifier", input=(28, 28, 1), classes=10, sha256="0" * 64)
    tab.offer_models([*tab._cards, broken])
    tab.choose("broken", True)
    qtbot.waitUntil(lambda: "'broken'" in window.message.text and len(tab.curves) == 2, timeout=LONG)
    assert shown(tab)["keras-cnn"] == 3
    assert tab.columns[-1].status.text() == "cannot be loaded"
    assert tab.headline.text() == "Both read a 3"
    # Columns made anew know it still; whoever chooses the model again has it tried, and is told, again.
    tab.choose("mlp", True)
    drawn_by(qtbot, tab, 3)
    (column,) = [one for one in tab.columns if one.card is broken]
    assert column.status.text() == "cannot be loaded"
    assert "'broken'" in column.status.toolTip()
    assert tab.headline.text() == "All 3 read a 3"
    tab.choose("broken", False)
    window.message.hide()
    tab.choose("broken", True)
    qtbot.waitUntil(window.message.isVisible, timeout=LONG)
    assert "'broken'" in window.message.text


def own_model(folder: Path, like: str, name: str) -> None:
    """A copy of a model of ours among the user's, as `capsdraw train --keep-as` leaves its own."""
    known = cards.find(like)
    folder.mkdir(exist_ok=True)
    shutil.copy(known.weights, folder / f"{name}.keras")
    cards.write(replace(known, name=name, title=name.title()), folder / f"{name}.json")


@pytest.mark.parametrize("reads", ["efficient-capsnet", "large"])
def test_each_model_sees_the_drawing_as_large_as_it_learnt_it(
    qtbot: QtBot, window: MainWindow, tab: CompareTab, own_home: Path, reads: str
) -> None:
    """All got what the net sees that reads on all tabs."""
    own_model(own_home / "models", "mlp", "large")
    large = replace(cards.find("large"), pictures=replace(DIGITS, fill=24 / 28))
    cards.write(large, own_home / "models" / "large.json")
    window.models.put(cards.find("large"))
    window.use_model(reads)
    window.panel.canvas.show_sketch(Sketch(fitted(synthetic.drawing(5, np.random.default_rng((9, 5, 0))))))
    tab.choose("large", True)
    tab.choose("keras-cnn", True)
    drawn(qtbot, tab, [column.card.name for column in tab.columns])
    assert {"large", "keras-cnn"} <= {column.card.name for column in tab.columns}
    for column in tab.columns:
        seen = of_sketch(window.panel.canvas.sketch, column.card.input, column.card.intake)
        scores = window.models.cache.answering(column.card, lambda: None).read(seen).scores
        assert column.bars.scores == pytest.approx(scores, abs=1e-4)
        curve = tab.curves[column.card.name]
        assert curve is not None
        start = tab.sweep.start  # type: ignore[union-attr]
        assert curve.scores[start] == pytest.approx(float(scores[curve.label]), abs=1e-4)


def test_a_model_that_was_mended_answers_when_it_is_chosen_again(
    qtbot: QtBot, window: MainWindow, tab: CompareTab, own_home: Path
) -> None:
    own_model(own_home / "models", "mlp", "mended")
    whole = (own_home / "models" / "mended.keras").read_bytes()
    (own_home / "models" / "mended.keras").write_bytes(b"half a model")
    tab.offer_models([*tab._cards, cards.find("mended")])
    tab.choose("mended", True)
    qtbot.waitUntil(lambda: "'mended" in window.message.text, timeout=LONG)
    (own_home / "models" / "mended.keras").write_bytes(whole)
    tab.choose("mended", False)
    tab.choose("mended", True)
    drawn_by(qtbot, tab, 3)
    assert shown(tab)["mended"] == 3


def test_models_that_another_program_made_or_replaced_are_there_when_the_view_is_opened(
    qtbot: QtBot, window: MainWindow, tab: CompareTab, own_home: Path
) -> None:
    """Only the next start of the app knew them; of one that was replaced, the old one went on answering."""
    own_model(own_home / "models", "mlp", "made")

    def titles() -> list[str]:
        return [action.text() for action in tab.models.menu().actions()]

    window.tabs.setCurrentIndex(0)
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: "Made" in titles(), timeout=LONG)
    assert window.picker.findData("made") >= 0
    assert window.picker.currentData() == "efficient-capsnet"
    tab.choose("made", True)
    drawn(qtbot, tab, [*FIRST, "made"])
    scores = tab.columns[-1].bars.scores
    own_model(own_home / "models", "tutorial-cnn", "made")
    window.tabs.setCurrentIndex(0)
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.columns[-1].card.sha256 == cards.find("tutorial-cnn").sha256, timeout=LONG)
    drawn(qtbot, tab, [*FIRST, "made"])
    (known,) = [column for column in tab.columns if column.card.name == "made"]
    assert not np.array_equal(known.bars.scores, scores)


def drawn_by(qtbot: QtBot, tab: CompareTab, count: int) -> None:
    """Wait until so many models have read the drawing."""
    qtbot.waitUntil(lambda: sum(column.name is not None for column in tab.columns) == count, timeout=LONG)


def test_a_net_of_photographs_is_said_to_read_no_digits(qtbot: QtBot, window: MainWindow, tab: CompareTab) -> None:
    window.use_model("cifar-cnn")
    qtbot.waitUntil(lambda: tab.headline.text().startswith("CIFAR CNN reads pictures"), timeout=LONG)
    assert tab.view.digit is None
    assert tab.plot is not None
    assert tab.plot.plot.getAxis("left").labelText == "score"  # nobody's any more
    window.use_model("keras-cnn")
    drawn(qtbot, tab, FIRST)
    assert tab.headline.text() == "Both read a 3"


def test_two_models_of_one_title_agree_as_others_do(qtbot: QtBot, tab: CompareTab, own_home: Path) -> None:
    known, models = cards.find("keras-cnn"), own_home / "models"
    models.mkdir()
    shutil.copy(known.weights, models / "again.keras")
    cards.write(replace(known, name="again"), models / "again.json")
    tab.offer_models([*tab._cards, cards.find("again")])
    tab.choose("again", True)
    drawn_by(qtbot, tab, 3)
    assert tab.headline.text() == "All 3 read a 3"


def test_a_model_that_is_loaded_for_an_empty_canvas_leaves_the_invitation(window: MainWindow, tab: CompareTab) -> None:
    window.panel.canvas.clear()
    tab.comparer.loading.emit("MLP")
    assert tab.headline.text().startswith("Draw a digit")


def test_the_view_is_saved_as_a_picture(tab: CompareTab, tmp_path: Path) -> None:
    said: list[str] = []
    tab.saved.connect(said.append)
    tab.failed.connect(said.append)
    tab.save(tmp_path / "compare.png")
    tab.save(tmp_path / "compare.gif")
    assert said == ["Saved compare.png", "cannot save 'compare.gif': its name must end in .png"]
    assert QImage(str(tmp_path / "compare.png")).width() == tab._picture.width()


def test_a_full_disk_is_the_reason_why_a_picture_is_not_saved(
    tab: CompareTab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It was said to be one that could not be written, and not why."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    said: list[str] = []
    tab.failed.connect(said.append)
    monkeypatch.setattr(Path, "write_bytes", full)
    tab.save(tmp_path / "compare.png")
    assert said == ["cannot save 'compare.png': No space left on device: free some space, or choose another disk"]
    assert list(tmp_path.iterdir()) == []


def test_five_models_fit_into_the_least_window(qtbot: QtBot, window: MainWindow, tab: CompareTab) -> None:
    for name in ("mlp", "tutorial-cnn", "deep-convnet"):
        tab.choose(name, True)
    window.resize(1024, 700)
    qtbot.waitUntil(lambda: tab.columns[-1].width() > 0 and window.width() == 1024, timeout=LONG)
    qtbot.wait(50)
    for widget in (*[column.bars for column in tab.columns], *tab.dials, tab.slider, tab.wanted, tab.models):
        assert widget.mapTo(window, widget.rect().bottomRight()).x() < 1024
        assert widget.width() >= widget.minimumSizeHint().width()


def test_an_unlooked_at_tab_asks_nothing(window: MainWindow) -> None:
    assert window.compare.comparer.newest == 0


def test_what_is_drawn_on_a_picture_is_the_digit_the_models_read(
    qtbot: QtBot, window: MainWindow, tab: CompareTab
) -> None:
    picture = np.zeros((28, 28), np.float32)
    picture[5:23, 13:15] = 1
    window.panel.canvas.show_sketch(Sketch(picture=picture))
    qtbot.waitUntil(lambda: tab.headline.text() == "Both read a 1", timeout=LONG)
    assert np.array_equal(tab.view.digit, window.panel.glance.sees.digit)
