"""What a model is measured on: data that fit, that changed, that belong to another model, or cannot be read."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capsdraw.datasets.npz import load_npz
from capsdraw.datasets.sources import KNOWN
from capsdraw.nets import cards
from capsdraw.nets.session import Session
from capsdraw.ui.evaluate.tab import EvaluateTab
from capsdraw.ui.main_window import MainWindow

from .conftest import LONG, Measure, choose, ended


@pytest.mark.parametrize(("content", "said"), [(None, "no such file or folder"), (b"PK broken", "cannot read data")])
def test_data_that_cannot_be_read_is_one_line_and_nothing_is_lost(
    qtbot: QtBot, window: MainWindow, tab: EvaluateTab, measure: Measure, tmp_path: Path, content: bytes | None,
    said: str,
) -> None:  # fmt: skip
    before = measure("mlp")
    path = tmp_path / "gone.npz"
    if content is not None:
        path.write_bytes(content)
    choose(tab, "mlp", path)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert said in window.message.text
    assert "\n" not in window.message.text
    assert window.message.isVisible()
    assert tab.examined is before
    assert measure("mlp").result.errors == before.result.errors  # it goes on


def test_a_damaged_model_is_one_line(qtbot: QtBot, window: MainWindow, own_home: Path, digits: Path) -> None:
    models = own_home / "models"
    models.mkdir()
    card = json.loads((Path("trained") / "mlp.json").read_text())
    (models / "broken.json").write_text(json.dumps({**card, "name": "broken"}))
    (models / "broken.keras").write_bytes(b"not a model")
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("broken") >= 0, timeout=LONG)
    choose(tab, "broken", digits)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    assert "does not match its card" in window.message.text
    assert tab.examined is None


def test_data_that_does_not_fit_says_so(qtbot: QtBot, window: MainWindow, tab: EvaluateTab, tmp_path: Path) -> None:
    path = tmp_path / "colour.npz"
    np.savez(path, x_test=np.zeros((20, 32, 32, 3), np.uint8), y_test=np.arange(20) % 10)
    choose(tab, "mlp", path)
    qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
    ended(qtbot, tab)
    says = "data 'colour' has images of 32 × 32 × 3: model 'mlp' reads 28 × 28 × 1; choose other data"
    assert window.message.text.startswith(says)


def test_classes_are_told_apart_by_their_names(
    qtbot: QtBot, window: MainWindow, own_home: Path, digits: Path, tmp_path: Path
) -> None:
    """A net that knows only cats and dogs is not measured on zebras, and not wrong because dogs come first."""
    called = [f"the {number}" for number in range(10)]
    card = replace(cards.find("mlp"), name="named", title="Named", labels=tuple(called))
    (own_home / "models").mkdir()
    shutil.copy("trained/mlp.keras", own_home / "models" / "named.keras")
    cards.write(card, own_home / "models" / "named.json")
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("named") >= 0, timeout=LONG)
    with np.load(digits) as pool:
        images, labels = pool["x_test"], pool["y_test"]
    wrong = int((Session.open(cards.find("named")).scores(images).argmax(1) != labels).sum())

    def measured(model: str, names: list[str]) -> str:
        """On the same images, their classes counted from the other end; what is said of it."""
        np.savez(tmp_path / "turned.npz", x_test=images, y_test=9 - labels, names=names[::-1])
        choose(tab, model, tmp_path / "turned.npz")
        qtbot.mouseClick(tab.start, Qt.MouseButton.LeftButton)
        ended(qtbot, tab)
        return tab.result.figures.text()

    said = measured("named", called)
    assert tab.examined is not None
    assert tab.examined.result.errors == wrong
    assert "names" not in said
    assert [tab.result.table.item(row, 0).text() for row in (0, 9)] == ["the 0", "the 9"]
    before = tab.examined
    measured("named", [*called[:9], "zebra"])
    assert window.message.text.startswith("data 'turned' has images of 'zebra': 'named' knows the 0, the 1, ")
    assert tab.examined is before
    said = measured("mlp", called)
    assert "The model does not name its classes: the data's names are shown, the 9 for its 0, and so on." in said
    assert [tab.result.table.item(row, 0).text() for row in (0, 9)] == ["the 9", "the 0"]


def test_a_file_that_changed_is_measured_anew(tab: EvaluateTab, measure: Measure, digits: Path, tmp_path: Path) -> None:
    path = tmp_path / "pen.npz"
    shutil.copy(digits, path)
    first = measure("mlp", path)
    data = load_npz(digits, "pen")
    np.savez(path, x_test=data.test_images[:100], y_test=data.test_labels[:100])
    assert measure("mlp", path).result.images == 100
    assert first.result.images == 600
    assert "of 100 images" in tab.result.headline.text()


def test_known_data_follows_the_model_until_the_user_has_chosen(tab: EvaluateTab) -> None:
    def pick(name: str) -> None:
        tab.model.setCurrentIndex(tab.model.findData(name))
        tab.model.activated.emit(tab.model.currentIndex())

    pick("cifar-cnn")
    assert tab.data.value() == "cifar10"
    pick("mlp")
    assert tab.data.value() in ("mnist", "synthetic")
    tab.data.put("fashion-mnist")
    tab.data.changed.emit()
    pick("keras-cnn")
    assert tab.data.value() == "fashion-mnist"
    assert {tab.data.box.itemData(row) for row in range(len(KNOWN))} == set(KNOWN)


def test_a_model_of_ones_own_is_measured_on_what_it_was_made_for_and_on_nothing_else(
    qtbot: QtBot, own_home: Path, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Letters were measured on pen digits, with one click."""
    monkeypatch.delenv("CAPSDRAW_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))  # nothing is fetched yet
    models = own_home / "models"
    models.mkdir()
    card = json.loads((Path("trained") / "mlp.json").read_text())
    for name, data in (("letters", digits), ("lost", tmp_path / "gone.npz"), ("shoes", "fashion-mnist")):
        (models / f"{name}.json").write_text(
            json.dumps({**card, "name": name, "title": name.title(), "data_set": str(data)})
        )
        shutil.copy(Path("trained") / "mlp.keras", models / f"{name}.keras")
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    tab = window.evaluate
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.model.findData("lost") >= 0, timeout=LONG)

    def pick(name: str) -> tuple[str, bool]:
        tab.model.setCurrentIndex(tab.model.findData(name))
        tab.model.activated.emit(tab.model.currentIndex())
        return tab.data.value(), tab.start.isEnabled()

    assert pick("mlp") == ("synthetic", True)
    assert pick("shoes") == ("fashion-mnist", True)
    assert pick("letters") == (str(digits), True)
    assert pick("mlp") == ("synthetic", True)
    assert pick("lost") == ("", False)
    assert tab.data.reason_label.isVisible()
    assert tab.data.reason.startswith("Choose data: ")
    assert "gone.npz" in tab.data.reason
    tab.pairs.none.wanted.emit("lost")  # an offer from before
    assert not tab.examiner.busy
    tab.data.put(str(digits))
    tab.data.changed.emit()
    assert (tab.start.isEnabled(), tab.data.reason) == (True, "")
    assert pick("shoes") == (str(digits), True)  # the user's own choice stays
    window.close()
