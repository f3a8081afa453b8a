"""Light files are made behind the window, once, and what is said of them is true."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from capsdraw.nets import cards, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.ui import lightening
from capsdraw.ui.lightening import Lightening

from ..made import made_card

SOON = 120_000


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Lightening:
    """One that begins at once."""
    monkeypatch.setattr(lightening, "_LATER", 0)
    return Lightening()


@pytest.fixture
def card(own_home: Path) -> Card:
    """Of a small net among the user's own."""
    digest = zoo.save(zoo.build("mlp", **zoo.TINY["mlp"]), own_home / "models" / "small.keras")
    card = made_card(name="small", title="Small", kind="classifier", input=(28, 28, 1), classes=10, sha256=digest)
    cards.write(card, own_home / "models" / "small.json")
    return cards.find("small")


@pytest.mark.slow
def test_a_net_that_is_wanted_has_a_light_half_soon(qtbot: QtBot, maker: Lightening, card: Card) -> None:
    with qtbot.waitSignal(maker.made, timeout=SOON) as made:
        maker.want(card)
    assert made.args == [card]
    assert Light.open(card).name == "small"
    # Not again: there may be a reason why it is still asked for.
    maker.want(card)
    qtbot.waitUntil(lambda: not maker._later.isActive())
    assert maker._process.state() == maker._process.ProcessState.NotRunning


@pytest.mark.slow
def test_why_there_is_none_is_told_in_one_line(qtbot: QtBot, maker: Lightening, card: Card) -> None:
    card.weights.unlink()
    with qtbot.waitSignal(maker.failed, timeout=SOON) as failed:
        maker.want(card)
    assert failed.args[0].startswith("model 'small': its file 'small.keras' is missing")


def test_a_window_that_is_closed_leaves_no_process(qtbot: QtBot, maker: Lightening, card: Card) -> None:
    maker.want(card)
    qtbot.waitUntil(lambda: maker._process.state() == maker._process.ProcessState.Running, timeout=SOON)
    maker.close()
    assert maker._process.state() == maker._process.ProcessState.NotRunning
    maker.want(card)
    maker.want(None)
    assert not maker._later.isActive()


@pytest.mark.usefixtures("qtbot")
def test_nothing_is_wanted_of_one_that_is_closed() -> None:
    """A late answer names another model while the window closes."""
    lightening = Lightening()
    lightening.want(cards.find("capsnet"))
    assert lightening._later.isActive()
    lightening.close()
    lightening.want(cards.find("capsnet"))
    assert not lightening._later.isActive()
