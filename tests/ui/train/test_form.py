"""The plan of a fit in the real window: refused where it cannot be, with the reason, and its data brought."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from capsdraw.datasets.monitor import ReadMonitor
from capsdraw.datasets.sources import Data
from capsdraw.fit import presets, room, runs
from capsdraw.ui import data_field
from capsdraw.ui.form_fields import NumberField
from capsdraw.ui.main_window import MainWindow
from capsdraw.ui.train import form
from capsdraw.ui.train import tab as tab_module
from capsdraw.ui.train.tab import TrainTab

from .conftest import LONG, PLAN, begin, ended, listed


@pytest.mark.slow
def test_impossible_values_are_refused_at_their_field(qtbot: QtBot, tab: TrainTab) -> None:
    qtbot.mouseClick(tab.form.details, Qt.MouseButton.LeftButton)
    edit = tab.form.fields["batch"].editor
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "0")
    assert tab.form.fields["batch"].reason == "0 is not between 1 and 8,192"
    edit.selectAll()
    QTest.keyClicks(edit, "ten")
    assert tab.form.fields["batch"].reason == "'ten' is not a whole number"
    assert not tab.start.isEnabled()
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert not tab.fitter.busy
    edit.selectAll()
    QTest.keyClicks(edit, "64")
    assert tab.form.fields["batch"].reason == ""
    assert tab.start.isEnabled()
    recipe = tab.form.recipe()
    assert recipe is not None
    assert recipe.batch == 64


@pytest.mark.slow
def test_the_plan_says_how_long_it_will_take_and_how_much_memory(qtbot: QtBot, tab: TrainTab) -> None:
    """Of memory it knows weights, optimizer and a batch: that is the least that the fit takes."""
    said = tab.form.status
    qtbot.waitUntil(lambda: re.search(r"^About .+ on this machine, .+; at least \d+ MB of", said.text()), timeout=LONG)


def test_more_held_out_images_than_there_are_is_refused_at_the_field(qtbot: QtBot, tab: TrainTab) -> None:
    tab.form.put(replace(PLAN, held_out=3000))
    reason = tab.form.fields["held_out"]
    qtbot.waitUntil(lambda: reason.reason == "all 3,000 images are held out: none are left to train on", timeout=LONG)


@pytest.mark.slow
def test_a_batch_without_room_in_memory_is_refused_at_the_field_before_anything_runs(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system would else end the program without a word, and with it all that was drawn."""
    monkeypatch.setattr(room, "free", lambda: 150 << 20)
    tab.form.put(replace(PLAN, batch=2000))
    batch = tab.form.fields["batch"]
    qtbot.waitUntil(lambda: "of memory, 150 MB are free; at most " in batch.reason, timeout=LONG)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert not tab.fitter.busy
    assert runs.list_runs() == []
    monkeypatch.undo()
    assert not tab.start.isEnabled()
    # Something else was closed: the words that lead to the field ask anew.
    qtbot.mouseClick(tab.form.wrong, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: batch.reason == "" and "on this machine" in tab.form.status.text(), timeout=LONG)


def test_reasons_at_every_field_leave_each_field_readable_in_the_least_window(
    qtbot: QtBot, window: MainWindow, tab: TrainTab
) -> None:
    """They once pressed the fields of a window of 1024 × 700 flat."""
    window.resize(1024, 700)
    qtbot.mouseClick(tab.form.details, Qt.MouseButton.LeftButton)
    qtbot.wait(50)
    high = {name: field.editor.height() for name, field in tab.form.fields.items()}
    numbers = {name: field for name, field in tab.form.fields.items() if isinstance(field, NumberField)}
    for field in numbers.values():
        field.editor.selectAll()
        QTest.keyClicks(field.editor, "1,5x")
    assert all(field.reason for field in numbers.values() if field.isVisibleTo(tab.form))
    qtbot.wait(50)
    for name, field in numbers.items():
        if field.isVisibleTo(tab.form):
            assert field.editor.height() >= high[name] - 4, name
            assert field.reason_label.height() >= field.reason_label.heightForWidth(field.reason_label.width()), name
    said = tab.form.wrong
    assert said.isVisible()
    assert said.mapTo(window, said.rect().bottomLeft()).y() < window.height()


@pytest.mark.slow
def test_only_models_that_the_plan_can_start_from_are_offered(qtbot: QtBot, tab: TrainTab) -> None:
    start, box = tab.form.fields["start"], tab.form.fields["start"].box

    def offered() -> list[str]:
        return [box.itemText(row) for row in range(box.count())]

    assert offered() == ["Random weights", "Tutorial CNN"]
    tab.form.put(replace(PLAN, family="mlp", name="mlp", title="MLP"))
    assert offered() == ["Random weights", "MLP"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    recipe = tab.form.recipe()
    assert recipe is not None
    assert recipe.start == "mlp"
    # The net is made another: what was chosen stays, and the field says why it does not fit.
    hidden = tab.form.fields["hidden"].editor
    hidden.selectAll()
    QTest.keyClicks(hidden, "20")
    assert start.reason == "its hidden units are 50, the plan has 20"
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    assert not tab.fitter.busy
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert (start.reason, offered()) == ("", ["Random weights"])


def test_data_that_is_being_fetched_is_told_of_and_can_be_stopped(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_: str, watch: ReadMonitor, __: object) -> Data:
        for part in range(10_000):
            watch.tell(part, 10_000)
            time.sleep(0.01)
        raise AssertionError("was not stopped")

    monkeypatch.setattr(tab.fitter, "_open", slow)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.status.text() == "Loading the data: 1%", timeout=LONG)
    assert tab.bar.isVisible()
    qtbot.waitUntil(lambda: 0.01 <= tab.bar.value() / tab.bar.maximum() < 0.1, timeout=LONG)
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.fitter.busy and "Stopped" in tab.status.text(), timeout=LONG)


def test_a_set_that_is_fetched_is_called_by_its_name(
    qtbot: QtBot, tab: TrainTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetched(_: str, watch: ReadMonitor, __: object) -> Data:
        for done in range(0, 10_000, 10):
            watch.tell(done, 0)  # the server has not said how much it is
            time.sleep(0.01)
        raise AssertionError("was not stopped")

    monkeypatch.setattr(tab_module, "at_hand", lambda _: False)
    monkeypatch.setattr(tab.fitter, "_open", fetched)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.status.text().startswith("Downloading MNIST: "), timeout=LONG)
    qtbot.waitUntil(lambda: tab.bar.maximum() == 0)  # moves, and claims nothing
    qtbot.mouseClick(tab.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.fitter.busy, timeout=LONG)
    assert runs.list_runs() == []


def test_a_machine_without_mnist_is_offered_pen_digits(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_field.known, "at_hand", lambda _: False)
    made = form.Form()
    qtbot.addWidget(made)
    recipe = made.recipe()
    assert recipe is not None
    assert recipe.data == "synthetic"


def test_data_that_the_user_chose_stays_with_every_net(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of one's own gave way to CIFAR-10 with the net of photographs, and CIFAR-10 to MNIST with the others."""
    monkeypatch.setattr(data_field.known, "at_hand", lambda _: True)
    made, later = form.Form(), form.Form()
    for one in (made, later):
        qtbot.addWidget(one)

    def data_after(entry: str, value: str) -> str:
        made.fields[entry].put(value)
        made.fields[entry].changed.emit()
        recipe = made.recipe()
        assert recipe is not None
        assert made.fields["data"].value() == recipe.data == made.plan(2).data
        return recipe.data

    # What nobody has touched goes with the net.
    assert [data_after("family", net) for net in ("cifar-cnn", "mlp")] == ["cifar10", "mnist"]
    for data in ("cifar10", str(tmp_path), "collection", "fashion-mnist", "mnist"):
        assert data_after("data", data) == data
        assert {data_after("family", net) for net in ("cifar-cnn", "keras-cnn", "cifar-cnn")} == {data}
        recipe = made.recipe()
        assert recipe is not None
        later.put(recipe)  # the app was started anew
        later.use_preset(1)
        assert later.fields["data"].value() == data


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_preset_fills_the_plan_and_leaves_data_and_seed(qtbot: QtBot, tab: TrainTab, number: int) -> None:
    tab.form.put(replace(PLAN, family="efficient-capsnet", data="synthetic", seed=7, options={"channels": 8}))
    qtbot.mouseClick(tab.form.presets[number], Qt.MouseButton.LeftButton)
    preset = presets.of("efficient-capsnet")[number].recipe
    wanted = {
        "family": preset.family, "data": "synthetic", "seed": 7, "limit": preset.limit, "held_out": preset.held_out,
        "synthetic": preset.synthetic, "epochs": preset.epochs, "batch": preset.batch, "schedule": preset.schedule,
        "rotation": preset.augmentation.rotation, "shift": preset.augmentation.shift,
        "channels": preset.options.get("channels", 32),
    }  # fmt: skip
    assert {name: tab.form.fields[name].value() for name in wanted} == wanted
    assert float(tab.form.fields["learning_rate"].value()) == pytest.approx(preset.learning_rate, rel=1e-4)
    assert [card.title.isChecked() for card in tab.form.cards] == [number == index for index in range(3)]
    assert tab.form.chosen == number


@pytest.mark.slow
def test_a_note_that_is_given_with_the_plan_stands_in_the_list_for_this_run_alone(qtbot: QtBot, tab: TrainTab) -> None:
    tab.form.put(replace(PLAN, epochs=1, limit=500))
    tab.form.note.setFocus()
    QTest.keyClicks(tab.form.note, "first try, few images ")
    begin(qtbot, tab, 1)
    run = ended(qtbot, tab)
    assert run.note == "first try, few images"
    assert tab.form.note.text() == ""
    listed(qtbot, tab, PLAN.title)
    assert tab.runs.table.topLevelItem(0).text(9) == "first try, few images"


@pytest.mark.parametrize("family", [None, "mlp"])
def test_data_and_seed_stay_though_another_field_is_wrong(tab: TrainTab, tmp_path: Path, family: str | None) -> None:
    """A preset, or another net, then brought the data of before back."""
    digits = tmp_path / "own.npz"
    digits.write_bytes(b"")
    fields = tab.form.fields
    fields["batch"].editor.selectAll()
    QTest.keyClicks(fields["batch"].editor, "0")
    fields["data"].put(str(digits))
    fields["data"].changed.emit()
    fields["seed"].editor.selectAll()
    QTest.keyClicks(fields["seed"].editor, "42")
    if family is None:
        tab.form.use_preset(1)
    else:
        fields["family"].put(family)
        fields["family"].changed.emit()
    assert (fields["data"].value(), fields["seed"].value()) == (str(digits), 42)
    recipe = tab.form.recipe()
    assert recipe is not None
    assert (recipe.data, recipe.seed) == (str(digits), 42)
    # What can be no seed is not kept.
    fields["seed"].editor.selectAll()
    QTest.keyClicks(fields["seed"].editor, "x")
    tab.form.use_preset(1)
    assert fields["seed"].value() == 42


def test_tab_goes_down_the_columns_whichever_net_is_chosen(qtbot: QtBot, window: MainWindow, tab: TrainTab) -> None:
    """A net's own numbers once came behind everything else in the window."""
    qtbot.mouseClick(tab.form.details, Qt.MouseButton.LeftButton)
    for family, own in (("efficient-capsnet", "channels"), ("mlp", "hidden")):
        tab.form.put(replace(PLAN, family=family, name=family, options={}))
        qtbot.waitUntil(tab.form.fields[own].isVisible)
        entries = {field.editor: name for name, field in tab.form.fields.items()} | {tab.form.note: "note"}
        for index, card in enumerate(tab.form.cards):
            entries |= {card.title: f"card {index}", card.start: f"start {index}"}
        entries |= {tab.form.details: "details", tab.start: "start of the plan"}
        tab.form.fields["family"].editor.setFocus()
        passed = []
        while (focus := window.focusWidget()) in entries and entries[focus] not in passed:
            passed.append(entries[focus])
            qtbot.keyClick(focus, Qt.Key.Key_Tab)
        cards = ["card 0", "start 0", "card 1", "start 1", "card 2", "start 2"]
        assert passed[:10] == ["family", "data", *cards, "details", "start"]
        assert passed[-3:] == ["softened", "flip", "start of the plan"]
        assert passed.index("precision") < passed.index(own) < passed.index("note") < passed.index("rotation")
        assert len(passed) == sum(one.isVisible() for one in entries)
