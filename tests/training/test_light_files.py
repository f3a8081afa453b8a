"""Light files in `trained/`: of small nets only, and of no other net than the `.keras` file beside them."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from capsdraw.nets import cards, families, light_file, lighten, zoo
from capsdraw.nets.cards import Card
from capsdraw.nets.light import Light
from capsdraw.nets.session import Session
from capsdraw.paths import resource
from training import light_files as command

from ..made import made_card


def bundled(folder: Path, family: str) -> Card:
    """The card of a small net that lies as bundled ones do."""
    model = zoo.build(family, **zoo.TINY[family])
    digest = zoo.save(model, folder / f"{family}.keras")
    kind = "capsule" if families.is_capsule(model) else "classifier"
    card = made_card(name=family, title="", kind=kind, input=model.input_shape[1:], classes=10, sha256=digest)
    return replace(card, folder=folder, bundled=True)


def test_a_small_light_file_travels_beside_its_net(tmp_path: Path) -> None:
    card = bundled(tmp_path, "mlp")
    assert command.bundle(Session.open(card)).startswith("light file of ")
    assert light_file.places(card) == [tmp_path / "mlp.light"]
    assert Light.open(card).classes == 10


@pytest.mark.slow
def test_a_large_one_does_not_and_an_old_one_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = bundled(tmp_path, "mlp")
    command.bundle(Session.open(card))
    monkeypatch.setattr(command, "SMALL", 1000)
    assert "too many to travel" in command.bundle(Session.open(card))
    assert light_file.places(card) == []
    monkeypatch.setattr(lighten, "TOLERANCE", -1.0)
    light_file.beside(card).write_bytes(b"old")
    assert "not used for this net" in command.bundle(Session.open(card))
    assert light_file.places(card) == []


@pytest.mark.slow
def test_a_net_trained_anew_is_not_answered_for_by_its_forerunner_s_file(tmp_path: Path) -> None:
    old = bundled(tmp_path, "mlp")
    command.bundle(Session.open(old))
    new = bundled(tmp_path, "mlp")
    with pytest.raises(light_file.NoLightHalf, match=r"'mlp\.light' was made for another 'mlp'"):
        Light.open(new)
    assert lighten.ensure(new).card.sha256 == new.sha256 != old.sha256  # from the cache


@pytest.mark.slow
def test_the_command_makes_all_or_those_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at_hand = [bundled(tmp_path, family) for family in ("mlp", "tutorial-cnn")]
    monkeypatch.setattr(cards, "list_cards", lambda: at_hand)
    monkeypatch.setattr(sys, "argv", ["training.light_files"])
    assert command.main() == 0
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["mlp", "tutorial-cnn"]
    monkeypatch.setattr(sys, "argv", ["training.light_files", "nobody"])
    assert command.main() == 1
    assert "unknown model 'nobody'" in capsys.readouterr().err


def test_each_light_file_that_travels_is_its_net_s() -> None:
    """Made anew with its net: `python -m training.light_files`."""
    known = {card.name: card.sha256 for card in cards.list_cards() if card.bundled}
    files = sorted(resource("trained").glob(f"*{light_file.ENDING}"))
    assert {path.stem: light_file.read(path)[0].model for path in files} == {
        path.stem: known[path.stem] for path in files
    }
    assert all(path.stat().st_size <= command.SMALL for path in files)
    assert not any(light_file.read(path)[0].refused for path in files)
