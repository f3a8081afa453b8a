"""The models at hand, as the real window offers them and loads them."""

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from capsdraw.nets import cards
from capsdraw.ui.main_window import MainWindow

from ..made import made_card
from .conftest import FIRST, SOON, settle


def test_a_model_that_cannot_be_loaded_is_a_message_and_the_app_goes_on(
    window: MainWindow, qtbot: QtBot, own_home: Path
) -> None:
    models = own_home / "models"
    models.mkdir()
    card = json.loads((Path("trained") / "keras-cnn.json").read_text())
    (models / "broken.json").write_text(json.dumps({**card, "name": "broken"}))
    (models / "broken.keras").write_bytes(b"not a model")
    # Not waitSignal: this signal comes twice, from loading and from reading, and PySide 6.11 would
    # deliver a second one that is queued already to the blocker that the first one had ended.
    window.use_model("broken")
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "does not match its card" in window.message.text
    window.use_model("keras-cnn")
    settle(qtbot, window)
    assert window.readout.bars.winner == 3
    assert not window.message.isVisible()


def test_a_model_that_cannot_be_loaded_is_told_on_an_empty_canvas_too(window: MainWindow, qtbot: QtBot) -> None:
    window.panel.canvas.clear()
    window.use_model("nobody")
    qtbot.waitUntil(window.message.isVisible, timeout=SOON)
    assert "unknown model 'nobody'" in window.message.text


@pytest.mark.usefixtures("colour_model")
def test_all_nets_are_to_be_picked_and_those_of_digits_compared(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    listed = set(window.picker.names)
    assert listed == {card.name for card in cards.list_cards()}
    assert "photographs" in listed
    assert "photographs" not in window.models.of_digits
    assert window.close()


def test_classes_that_have_names_are_called_by_them(qtbot: QtBot, own_home: Path) -> None:
    """A net trained on letters or clothes would else answer in numbers that say nothing."""
    from capsdraw.nets import zoo

    model = zoo.build("efficient-capsnet", **zoo.TINY["efficient-capsnet"], classes=3)
    digest = zoo.save(model, own_home / "models" / "signs.keras")
    names = ("alpha", "beta", "gamma")
    card = made_card(
        name="signs", title="Signs", kind="capsule", input=(28, 28, 1), classes=3, sha256=digest, labels=names
    )
    cards.write(card, own_home / "models" / "signs.json")
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.use_model("signs")
    qtbot.waitUntil(
        lambda: window.answers.last is not None and window.answers.last.reading.model == "signs", timeout=FIRST
    )
    # With random weights it may as well see nothing that it knows.
    words = {"It", "sees", "a", "an", "or", "nothing", "it", "knows", *names}
    assert set(window.readout.headline.text().split(",")[0].split()) <= words
    assert [window.readout.bars.name(label) for label in range(3)] == list(names)
    window.tabs.setCurrentWidget(window.lab)
    qtbot.waitUntil(lambda: window.lab.headline.text().split(",")[0].removeprefix("Capsule ") in names, timeout=SOON)
    window.close()


def test_a_card_with_too_few_names_does_not_keep_the_app_from_starting(qtbot: QtBot, own_home: Path) -> None:
    (own_home / "models").mkdir()
    digest = "0" * 64
    card = made_card(
        name="short", title="Short", kind="classifier", input=(28, 28, 1), classes=3, sha256=digest, labels=("alpha",)
    )
    cards.write(card, own_home / "models" / "short.json")
    window = MainWindow()
    qtbot.addWidget(window)
    window.compare.choose("short", True)
    assert window.compare.wanted.findData("alpha") >= 0
    assert [card.label(number) for number in range(3)] == ["alpha", "1", "2"]
    assert window.close()


def test_models_are_listed_on_another_thread_than_the_window_s(
    window: MainWindow, qtbot: QtBot, colour_model: cards.Card, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each card is a file to be read: on a slow disk, the window stood still."""
    by_window: list[bool] = []
    plain = cards.list_cards

    def watched() -> list[cards.Card]:
        by_window.append(threading.current_thread() is threading.main_thread())
        return plain()

    monkeypatch.setattr(cards, "list_cards", watched)
    later = replace(colour_model, name="later", title="Later")
    cards.write(later, colour_model.folder / "later.json")
    window._take_model(cards.find("later"))
    for tab in (window.compare, window.evaluate):
        window.tabs.setCurrentWidget(tab)
        window.jobs.close()
    qtbot.waitUntil(lambda: window.evaluate.model.findData("later") >= 0, timeout=SOON)
    assert "later" in window.picker.names
    assert by_window
    assert not any(by_window)
