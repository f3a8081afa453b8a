"""What is drawn of runs in the real window: by whom, in which colour and scale, and what the cross says of it."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from capsdraw.fit.events import BatchEnded
from capsdraw.fit.series import Series
from capsdraw.ui import theme
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train.plots import Plots
from capsdraw.ui.train.tab import TrainTab

from .conftest import LONG, PLAN, line, listed, shelve

CAPSULE = replace(PLAN, family="efficient-capsnet", name="efficient-capsnet")


def compare(qtbot: QtBot, tab: TrainTab, *titles: str) -> Plots:
    """Tick runs by clicks on their boxes, and turn to the curves."""
    listed(qtbot, tab, *titles)
    table = tab.runs.table
    for title in titles:
        box = table.visualRect(table.indexFromItem(line(tab, title), 0))
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(box.left() + 14, box.center().y()))
    qtbot.waitUntil(lambda: len(tab.curves.runs) == len(titles), timeout=LONG)
    qtbot.mouseClick(tab.faces[1], Qt.MouseButton.LeftButton)
    assert tab.curves.plots is not None
    return tab.curves.plots


def curve(plots: Plots, words: str, run: str = "", of: str = "loss") -> object:
    """The curve of that name."""
    plot = getattr(plots, of)
    return next(item for item in plot.listDataItems() if (item.opts["run"], item.opts["words"]) == (run, words))


def names(plots: Plots, of: str) -> list[str]:
    """What stands in a plot's legend, in its order."""
    return getattr(plots, of).legend.names


def look(item: object) -> tuple[str, tuple[float, ...]]:
    """A curve's colour and dashes."""
    pen = item.opts["pen"]
    return pen.color().name(), tuple(pen.dashPattern()) if pen.style() != Qt.PenStyle.SolidLine else ()


def picture(plots: Plots) -> QImage:
    return plots.loss.grab().toImage()


@pytest.mark.slow
def test_several_nets_are_compared_in_one_plot_each_in_its_colour_and_by_its_name(qtbot: QtBot, tab: TrainTab) -> None:
    """The picture that this is all about: the accuracies of MLP, CNN and CapsNet on held-out images."""
    shelve("MLP", (0.6, 0.8), replace(PLAN, family="mlp"))
    shelve("CNN", (0.7, 0.9), PLAN)
    shelve("CapsNet", (0.8, 0.95), CAPSULE)
    plots = compare(qtbot, tab, "MLP", "CNN", "CapsNet")
    assert sorted(names(plots, "accuracy")) == ["CNN", "CapsNet", "MLP"]
    best = {"MLP": 79, "CNN": 89, "CapsNet": 94}
    colours = set()
    for run, percent in best.items():
        dots, fine = curve(plots, "held-out", run, "accuracy"), curve(plots, "training", run, "accuracy")
        assert dots.getOriginalDataset()[1][-1] == pytest.approx(percent)
        assert look(dots) == look(fine) == look(curve(plots, "training", run))
        assert dots.opts["symbolBrush"].name() == look(dots)[0]
        entry = next(entry for entry in plots.accuracy.legend.entries if entry.name == run)
        assert entry.pen.color().name() == look(fine)[0]
        colours.add(look(fine))
    assert colours == {(colour, ()) for colour in theme.SERIES[:3]}


@pytest.mark.parametrize(("epochs", "marked"), [(1, {0.0, 1.0}), (2, {0.0, 1.0, 2.0}), (3, {0.0, 1.0, 2.0, 3.0})])
def test_epochs_are_counted_in_wholes(qtbot: QtBot, tab: TrainTab, epochs: int, marked: set[float]) -> None:
    shelve("CNN", (0.6, 0.7, 0.8)[:epochs], PLAN)
    plots = compare(qtbot, tab, "CNN")
    for plot in (plots.loss, plots.accuracy):
        axis = plot.getAxis("bottom")
        for width in (200, 400, 900):
            ticks = {value for _, values in axis.tickValues(*axis.range, width) for value in values}
            assert ticks == {value for value in marked if axis.range[0] <= value <= axis.range[1]}, width


def test_within_an_epoch_its_parts_are_marked(qtbot: QtBot, tab: TrainTab) -> None:
    shelve("CNN", (0.6, 0.7), PLAN)
    axis = compare(qtbot, tab, "CNN").loss.getAxis("bottom")
    ticks = [value for _, values in axis.tickValues(1.2, 1.6, 400) for value in values]
    assert len(ticks) > 3


def test_more_runs_than_colours_are_told_apart_by_their_dashes(qtbot: QtBot, tab: TrainTab) -> None:
    """The ninth once had the first one's colour and nothing else."""
    titles = [f"Run {number}" for number in range(10)]
    for title in titles:
        shelve(title)
    plots = compare(qtbot, tab, *titles)
    assert sorted(names(plots, "accuracy")) == titles
    lines = {look(curve(plots, "training", title, "accuracy")) for title in titles}
    dots = {
        (look(item)[0], item.opts["symbol"])
        for item in (curve(plots, "held-out", title, "accuracy") for title in titles)
    }
    assert len(lines) == len(dots) == len(titles)
    assert len({colour for colour, _ in lines}) == len(theme.SERIES)


def test_the_parts_of_the_loss_of_a_capsule_net_are_drawn_beside_other_runs_too(qtbot: QtBot, tab: TrainTab) -> None:
    tab.turn(1)
    own = Series("Capsules")
    tab.shelf.put_out(None, own)
    parts = {"loss": 0.5, "lengths_loss": 0.4, "reconstruction_loss": 0.1, "lengths_accuracy": 0.5}
    for batch in (1, 2, 3):
        tab.curves.add(told(batch, parts))
    plots = tab.curves.plots
    assert plots is not None
    qtbot.waitUntil(lambda: names(plots, "loss") == ["training", "margin loss", "reconstruction loss"])
    shelve("Other", recipe=CAPSULE)
    listed(qtbot, tab, "Other")
    line(tab, "Other").setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: len(tab.curves.runs) == 2)
    tab.turn(1)
    assert names(plots, "loss") == ["margin loss", "reconstruction loss"]
    drawn = [curve(plots, words, "Capsules") for words in ("training", "margin loss", "reconstruction loss")]
    assert [float(item.getOriginalDataset()[1][0]) for item in drawn] == [0.5, 0.4, 0.1]
    assert len({look(item) for item in drawn}) == 3
    assert len({look(item)[0] for item in drawn}) == 1
    other = {item.opts["words"] for item in plots.loss.listDataItems() if item.opts["run"] == "Other"}
    assert other == {"training", "held-out"}


@pytest.mark.slow
def test_log_scale_smoothing_and_fit_view_change_what_is_drawn(qtbot: QtBot, tab: TrainTab) -> None:
    shelve("Rough", (0.3, 0.9, 0.4, 0.95))
    plots = compare(qtbot, tab, "Rough")
    values = curve(plots, "training").getOriginalDataset()[1]
    plain = picture(plots)
    # Log scale: the losses by powers of ten, the accuracies as they were.
    qtbot.mouseClick(tab.curves.logarithmic, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert np.allclose(curve(plots, "training").getData()[1], np.log10(values))
    percent = curve(plots, "training", of="accuracy")
    assert np.array_equal(percent.getData()[1], percent.getOriginalDataset()[1])
    assert picture(plots) != plain
    qtbot.mouseClick(tab.curves.logarithmic, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert np.array_equal(curve(plots, "training").getData()[1], values)
    # Smoothing: the lines, not the dots.
    dots = curve(plots, "held-out").getData()[1]
    tab.curves.smoothing.setFocus()
    QTest.keyClick(tab.curves.smoothing, Qt.Key.Key_End)
    smooth = curve(plots, "training").getData()[1]
    assert smooth[0] == values[0]
    assert np.ptp(smooth) < 0.2 * np.ptp(values)
    assert np.array_equal(curve(plots, "held-out").getData()[1], dots)
    QTest.keyClick(tab.curves.smoothing, Qt.Key.Key_Home)
    assert np.array_equal(curve(plots, "training").getData()[1], values)
    # The wheel zooms, Fit view shows all again.
    view = plots.loss.getPlotItem().vb
    qtbot.waitUntil(lambda: view.viewRange()[0][1] > 4)
    whole = view.viewRange()[0]
    roll(plots.loss.viewport(), QPoint(150, 200))
    near = view.viewRange()[0]
    assert near[1] - near[0] < 0.9 * (whole[1] - whole[0])
    qtbot.mouseClick(tab.curves.fit_view, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: np.allclose(view.viewRange()[0], whole, atol=0.05))


@pytest.mark.slow
def test_the_cross_lies_under_the_pointer_says_what_grows_there_and_goes_with_the_pointer(
    qtbot: QtBot, tab: TrainTab
) -> None:
    tab.turn(1)
    tab.shelf.put_out(None, Series("Growing"))
    for batch in (2, 10):
        tab.curves.add(told(batch, {"loss": 0.5, "accuracy": 0.5}))
    plots, said = tab.curves.plots, tab.curves.status
    assert plots is not None
    qtbot.waitUntil(lambda: len(plots.loss.listDataItems()) == 1)
    upright, level = plots._crosses[0].lines
    assert (upright.isVisible(), level.isVisible()) == (False, False)
    # The plots move up when the words above them go; the pointer would stay where it is on the screen.
    still(qtbot, plots.loss)
    place = QPoint(170, 150)
    QTest.mouseMove(plots.loss.viewport(), place)
    qtbot.waitUntil(lambda: "training 0.5" in said.text())
    assert (upright.isVisible(), level.isVisible()) == (True, True)

    def under() -> bool:
        seen = plots.loss.getPlotItem().vb.mapSceneToView(QPointF(place))
        return bool(np.allclose([upright.value(), level.value()], [seen.x(), seen.y()]))

    qtbot.waitUntil(under)
    # More comes while the pointer rests, where the user has zoomed in and the view stands still.
    roll(plots.loss.viewport(), place + QPoint(60, -40))
    qtbot.waitUntil(under)
    tab.curves.series.within.clear()
    for batch in range(1, 11):
        tab.curves.add(told(batch, {"loss": 0.25, "accuracy": 0.75}))
    qtbot.waitUntil(lambda: "training 0.25" in said.text())
    qtbot.waitUntil(under)
    # Told, not moved: whether Qt sees a pointer leave depends on what else is open on the platform without a screen.
    QApplication.sendEvent(plots.loss, QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: not said.text().strip())
    assert (upright.isVisible(), level.isVisible()) == (False, False)


def told(batch: int, figures: dict[str, float]) -> BatchEnded:
    return BatchEnded(1, 1, batch, 10, 100.0, 1.0, figures, 100 * batch)


def still(qtbot: QtBot, widget: QWidget) -> None:
    """Wait until a widget has not moved for a while."""
    places: list[QPoint] = []
    while len(places) < 5 or len(set(places[-5:])) > 1:
        qtbot.wait(100)
        places.append(widget.mapToGlobal(QPoint(0, 0)))
        assert len(places) < 100


def roll(widget: object, place: QPoint) -> None:
    """Turn the wheel over a widget, away from the user."""
    event = QWheelEvent(
        QPointF(place), QPointF(widget.mapToGlobal(place)), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_the_axis_counts_epochs_from_the_first_batch_on(qtbot: QtBot, tab: TrainTab) -> None:
    """It once said "epoch (×0.001)"."""
    tab.turn(1)
    tab.shelf.put_out(None, Series("Growing"))
    for batch in (20, 40, 60):
        figures = {"loss": 1e-5 * batch, "accuracy": 1e-7 * batch}
        tab.curves.add(BatchEnded(1, 1, batch, 1000, 100.0, 1.0, figures, batch))
    plots = tab.curves.plots
    assert plots is not None
    qtbot.waitUntil(lambda: bool(plots.loss.listDataItems()))
    for plot in (plots.loss, plots.accuracy):
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            qtbot.waitUntil(lambda axis=axis: axis.range[1] < 0.1)
            assert axis.autoSIPrefixScale == 1.0
            assert "×" not in axis.labelString()
    assert "epoch" in plots.loss.getAxis("bottom").labelString()


@pytest.mark.parametrize("size", [(1024, 700), (1440, 900)])
def test_the_legend_lies_beneath_the_plot_and_is_whole(
    qtbot: QtBot, window: MainWindow, tab: TrainTab, size: tuple[int, int]
) -> None:
    """It lay over the curves."""
    window.resize(*size)
    titles = [f"A run with a name of its own, number {number}" for number in range(6)]
    for title in titles:
        shelve(title, recipe=CAPSULE)
    plots = compare(qtbot, tab, *titles)
    legends = [plots.loss.legend, plots.accuracy.legend]
    qtbot.waitUntil(lambda: all(legend.isVisible() and legend.height() > 10 for legend in legends))
    for plot, legend in zip((plots.loss, plots.accuracy), legends, strict=True):
        assert legend.isVisible()
        assert not legend.geometry().intersects(plot.geometry())
        assert all(legend.rect().contains(place) for place in legend._places(legend.width()))
    assert legends[1].names == [one.title for one in tab.curves.runs]
    # Its lines have the colours of the curves.
    seen = legends[1].grab().toImage()
    pixels = {seen.pixelColor(x, y).name() for y in range(seen.height()) for x in range(seen.width())}
    assert set(theme.SERIES[:6]) <= pixels
