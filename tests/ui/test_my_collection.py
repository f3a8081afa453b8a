"""The user's own drawings are chosen as data as any other, in Evaluate and in Train, by one word."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.collection.as_data import is_held_out
from capsdraw.collection.database import Collection
from capsdraw.collection.item import Item
from capsdraw.datasets import letters, stamp, synthetic
from capsdraw.fit import runs
from capsdraw.fit.recipe import Recipe
from capsdraw.ink.sketch import Sketch, fitted
from capsdraw.ui.data_field import DataField, called
from capsdraw.ui.main_window import MainWindow

from .test_data_field import pick

LEFT = Qt.MouseButton.LeftButton
LONG = 120_000
PLAN = Recipe(
    name="mlp", title="Mine", family="mlp", data="collection", held_out=5, epochs=2, batch=16, learning_rate=1e-3
)


def digits(labels: Sequence[int], count: int) -> list[Item]:
    random = np.random.default_rng(8)
    drawn = [(label, fitted(synthetic.drawing(label, random))) for label in labels for _ in range(count)]
    return [Item(Sketch(drawing), str(label), 1e9 + number) for number, (label, drawing) in enumerate(drawn)]


def keep(items: Sequence[Item]) -> int:
    """Puts them into the collection; how many of them are never trained on."""
    with Collection() as collection:
        collection.add(items)
    return sum(map(is_held_out, items))


def test_evaluate_measures_on_my_collection(window: MainWindow, qtbot: QtBot) -> None:
    window.use_model("mlp")
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.currentData() == "mlp", timeout=LONG)

    def measured() -> None:
        qtbot.mouseClick(tab.start, LEFT)
        qtbot.waitUntil(lambda: not tab.examiner.busy and tab.start.isEnabled(), timeout=LONG)

    pick(tab.data, "My collection")
    measured()
    assert window.message.text == "your collection is empty: draw something, and say what it is"
    held = keep(digits(range(10), 8))
    measured()
    assert tab.examined is not None
    assert tab.examined.result.images == held > 5
    assert tab.examined.result.errors < held / 2  # mlp reads pen digits: their classes are its own
    assert tab.status.text() == "Measured MLP on My collection"
    assert f"{held} of your 80 drawings are never trained on" in tab.result.figures.text()
    random = np.random.default_rng(3)
    known = [Item(Sketch(fitted(letters.drawing("Q", random))), "Q", 2e9) for _ in range(20)]
    strangers = keep(known)
    assert strangers > 0
    measured()  # what is in it by now, but for what an MLP of digits does not know
    assert tab.examined.result.images == held
    assert f"{strangers} of classes that 'mlp' does not know are left out" in tab.result.figures.text()
    with qtbot.waitSignal(tab.wanted, timeout=LONG) as picked:
        tab._pick_found(0)
    assert picked.args[1].startswith("My collection test image 0, labelled ")


def test_a_collection_without_what_a_net_knows_says_so(window: MainWindow, qtbot: QtBot) -> None:
    random = np.random.default_rng(3)
    keep([Item(Sketch(fitted(letters.drawing("Q", random))), "Q", 2e9) for _ in range(20)])
    window.use_model("mlp")
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.currentData() == "mlp", timeout=LONG)
    pick(tab.data, "My collection")
    qtbot.mouseClick(tab.start, LEFT)
    qtbot.waitUntil(lambda: not tab.examiner.busy and tab.start.isEnabled(), timeout=LONG)
    assert window.message.text.startswith("your collection holds too few drawings that 'mlp' knows (0, 1, 2")
    assert tab.examined is None


@pytest.mark.slow
def test_train_learns_from_my_collection_as_it_is_now(window: MainWindow, qtbot: QtBot) -> None:
    tab = window.train
    window.tabs.setCurrentWidget(tab)
    tab.form.put(replace(PLAN, data="synthetic"))
    pick(tab.form.fields["data"], "My collection")  # type: ignore[arg-type]

    def trained() -> str:
        tab.turn(0)
        with qtbot.waitSignal(tab.fitter.ended, timeout=LONG) as end:
            qtbot.mouseClick(tab.start, LEFT)
        return str(end.args[1])

    assert trained() == "failed"
    assert window.message.text == "your collection is empty: draw something, and say what it is"
    keep(digits((3, 7), 12))
    assert trained() == "finished"
    keep(digits((5,), 12))
    assert trained() == "finished"
    newest, _ = runs.list_runs()
    assert newest.recipe.data == "collection"
    qtbot.mouseClick(tab.faces[3], LEFT)
    qtbot.waitUntil(lambda: tab.runs.table.topLevelItemCount() == 2, timeout=LONG)
    item = tab.runs.table.topLevelItem(0)
    assert item is not None
    assert "My collection" in [item.text(column) for column in range(item.columnCount())]
    kept = tab.fitter._data
    assert kept is not None
    assert set(kept[1].train_labels) == {3, 5, 7}, "what was kept since the fit before"


def test_what_a_model_learnt_from_is_called_what_it_is(qtbot: QtBot) -> None:
    field = DataField("data", "Images")
    qtbot.addWidget(field)
    field.put("collection+mnist")
    assert field.box.currentText() == called("collection+mnist") == "MNIST and my collection"
    assert called("/far/away/digits.npz") == "digits.npz"


def test_drawings_that_came_are_another_stamp() -> None:
    assert stamp.of("collection") == frozenset()
    with Collection() as collection:
        collection.add(digits((3,), 2))
        before = stamp.of("collection")
        assert before
        assert stamp.of("collection") == before
        collection.add(digits((4,), 1))
        assert stamp.of("collection") != before
    assert stamp.of("collection+synthetic") == stamp.of("collection") != frozenset()
